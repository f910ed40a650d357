/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/ical_write.h"

#include "base/time.h"

enum { FOLD = 75 };

void ical_write_line(struct buf *out, struct slice line)
{
    size_t room = FOLD;

    while (line.n > room) {
        size_t n = room;

        while (n > 1 && (line.p[n] & 0xc0) == 0x80)
            n--;
        buf_append_slice(out, slice_head(line, n));
        buf_puts(out, "\r\n ");
        line = slice_from(line, n);
        room = FOLD - 1;
    }
    buf_append_slice(out, line);
    buf_puts(out, "\r\n");
}

void ical_write_text(struct buf *out, const char *name, struct slice text)
{
    struct buf line = BUF_INIT(1u << 20);

    buf_puts(&line, name);
    buf_putc(&line, ':');
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        if (c == '\\' || c == ';' || c == ',')
            buf_putc(&line, '\\');
        if (c == '\n')
            buf_puts(&line, "\\n");
        else if (c >= 0x20 && c != 0x7f)
            buf_putc(&line, c);
    }
    if (line.err && !out->err)
        out->err = line.err;
    ical_write_line(out, buf_slice(&line));
    buf_done(&line);
}

void ical_write_time(struct buf *out, int64_t t)
{
    struct civil c;

    time_to_civil(t, 0, &c);
    buf_printf(out, "%04d%02u%02uT%02u%02u%02uZ", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

void ical_write_stamp(struct buf *out, const char *name, int64_t t)
{
    buf_puts(out, name);
    ical_write_time(out, t);
    buf_puts(out, "\r\n");
}
