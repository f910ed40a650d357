/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
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
    json_close(&w, '}');
    buf_putc(out, '\n');
}

/* Who was at the machine; of entries of version 1 nobody knows. */
static void put_identity(struct json_write *w, const struct state_audit_entry *x)
{
    json_key(w, "uid");
    if (x->uid >= 0)
        json_i64(w, x->uid);
    else
        json_null(w);
    if (x->uid < 0)
        return;
    json_key(w, "login");
    json_text(w, x->login);
    json_key(w, "sudo");
    json_text(w, x->sudo);
    json_key(w, "host");
    json_text(w, x->host);
    json_key(w, "account");
    json_text(w, x->account);
}

void view_json_audit_entry(struct buf *out, const struct state_audit_entry *x, struct slice who,
                           struct slice unit)
{
    struct json_write w = JSON_WRITE_INIT(out);
    struct buf hash = BUF_INIT(200);

    buf_put_hex(&hash, x->hash, STATE_HASH);
    json_open(&w, '{');
    json_key(&w, "seq");
    json_i64(&w, x->seq);
    json_key(&w, "at");
    json_time(&w, x->at);
    json_key(&w, "clock_back");
    json_bool(&w, x->clock_back);
    json_key(&w, "who");
    json_text(&w, who);
    json_key(&w, "unit");
    json_text(&w, unit);
    json_key(&w, "action");
    json_text(&w, x->action);
    json_key(&w, "thing");
    json_text(&w, x->thing);
    json_key(&w, "version");
    json_i64(&w, x->version);
    json_key(&w, "purpose");
    json_text(&w, x->purpose);
    json_key(&w, "hash");
    json_text(&w, buf_slice(&hash));
    put_identity(&w, x);
    json_close(&w, '}');
    buf_putc(out, '\n');
    buf_done(&hash);
}

void view_json_account(struct buf *out, const struct state_account *x, struct slice name)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "login");
    json_text(&w, x->login);
    json_key(&w, "name");
    json_text(&w, name);
    json_key(&w, "locked");
    json_bool(&w, x->state == STATE_ACCOUNT_LOCKED);
    json_key(&w, "password_set");
    json_bool(&w, x->password_at != 0);
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
    json_close(&w, '}');
    buf_putc(out, '\n');
}
