/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "view/journal.h"

static void write_record(struct json_write *w, const struct view_record *x)
{
    json_key(w, "received");
    json_time(w, x->received);
    json_key(w, "source");
    json_text(w, x->source);
    json_key(w, "unit");
    json_text(w, x->unit);
    json_key(w, "offset");
    json_u64(w, x->offset);
}

void view_json_record(struct buf *out, const struct view_record *x)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    write_record(&w, x);
    json_key(&w, "raw");
    json_text(&w, x->raw);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void view_json_alert(struct buf *out, const struct view_record *x)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    write_record(&w, x);
    json_key(&w, "alert");
    json_members(&w, x->raw);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
