/* SPDX-License-Identifier: Apache-2.0 */
/* An event as fields, for people. */
#include "base/time.h"
#include "base/width.h"
#include "cli/decode/decode.h"

enum { VALUE_BYTES = 64 * 1024 * 1024, NAME_COLUMN = 32 };

static void put_line(struct buf *out, struct slice name, struct slice value)
{
    size_t n = name.n;

    buf_puts(out, "  ");
    text_put_safe(out, name);
    for (; n < NAME_COLUMN; n++)
        buf_putc(out, ' ');
    buf_putc(out, ' ');
    text_put_safe(out, value);
    buf_putc(out, '\n');
}

void decode_put_text(struct buf *out, const struct view_event *x)
{
    struct buf text = BUF_INIT(VALUE_BYTES);
    bool zoned;
    int64_t t = view_event_time(x, &zoned);

    buf_printf(out, "%lu · %s", (unsigned long)x->event->sequence, x->format);
    if (t != TIME_NONE) {
        buf_puts(out, " · ");
        time_format(&text, t, 3);
        if (!zoned && text.len > 0)
            text.len--;
        buf_put_slice(out, buf_slice(&text));
    }
    buf_putc(out, '\n');
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < x->event->count; i++) {
            struct slice name = view_event_name(x, i);

            if (name.n == 0 || view_event_is_own(x, i) != (pass == 1) ||
                slice_is(name, "@timestamp") || x->event->fields[i].type == VALUE_GROUP)
                continue;
            buf_clear(&text);
            field_text(&x->event->fields[i], &text);
            put_line(out, name, buf_slice(&text));
        }
    }
    if (x->record.n > 0)
        put_line(out, SLICE("record"), x->record);
    buf_putc(out, '\n');
    buf_done(&text);
}
