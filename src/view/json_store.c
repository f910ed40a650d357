/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "view/json.h"

void view_json_audit_report(struct buf *out, const struct state_audit_report *rep, bool good,
                            struct slice head)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "good");
    json_bool(&w, good);
    json_key(&w, "entries");
    json_i64(&w, rep->entries);
    json_key(&w, "erased");
    json_i64(&w, rep->erased);
    json_key(&w, "broken_at");
    json_i64(&w, rep->broken_at);
    json_key(&w, "rows");
    json_i64(&w, rep->rows);
    json_key(&w, "changed");
    json_i64(&w, rep->changed);
    json_key(&w, "head");
    json_text(&w, head);
    json_key(&w, "nameless");
    json_i64(&w, rep->nameless);
    json_key(&w, "results");
    json_i64(&w, rep->results);
    json_key(&w, "unsealed");
    json_i64(&w, rep->unsealed);
    json_key(&w, "untold");
    json_bool(&w, rep->untold);
    json_key(&w, "not_compared");
    json_open(&w, '[');
    for (size_t i = 0; i < state_audit_gap_count; i++)
        json_text(&w, slice_str(state_audit_gaps[i].table));
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void view_json_backup(struct buf *out, struct slice path, const struct state_backup_report *rep,
                      bool verified)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "path");
    json_text(&w, path);
    json_key(&w, "verified");
    json_bool(&w, verified);
    json_key(&w, "made");
    json_time(&w, rep->made_at);
    json_key(&w, "tables");
    json_u64(&w, rep->tables);
    json_key(&w, "rows");
    json_u64(&w, rep->rows);
    json_key(&w, "files");
    json_u64(&w, rep->files);
    json_key(&w, "absent");
    json_u64(&w, rep->absent);
    json_key(&w, "bytes");
    json_u64(&w, rep->bytes);
    json_key(&w, "audit_entries");
    json_i64(&w, rep->audit_entries);
    json_key(&w, "with_key");
    json_bool(&w, rep->with_key);
    json_key(&w, "swept");
    json_u64(&w, rep->swept);
    json_key(&w, "extra");
    json_u64(&w, rep->extra);
    json_key(&w, "plugins_off");
    json_u64(&w, rep->plugins_off);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
