/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include <math.h>

#include "base/time.h"
#include "base/utf.h"

static void before_value(struct json_write *w)
{
    if (w->comma)
        buf_putc(w->out, ',');
    w->comma = true;
}

void json_open(struct json_write *w, char bracket)
{
    before_value(w);
    buf_putc(w->out, (uint8_t)bracket);
    w->comma = false;
}

void json_close(struct json_write *w, char bracket)
{
    buf_putc(w->out, (uint8_t)bracket);
    w->comma = true;
}

/* What a string may not hold as it is, or what a terminal would act on. */
static void put_escape(struct buf *out, uint32_t c)
{
    static const char letters[] = "btn?fr"; /* 8..13; 11 has none */

    if (c == '"' || c == '\\')
        buf_printf(out, "\\%c", (int)c);
    else if (c >= 8 && c <= 13 && c != 11)
        buf_printf(out, "\\%c", letters[c - 8]);
    else
        buf_printf(out, "\\u%04x", (unsigned)c);
}

/* The inside of a string, without the quotes. */
static void put_escaped(struct buf *out, struct slice s)
{
    size_t from = 0;
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = s.p[i];

        n = 1;
        if (c >= 0x80)
            c = utf8_decode(s.p + i, s.n - i, &n);
        if (c >= 0x20 && c != '"' && c != '\\' && (c < 0x7F || (c >= 0xA0 && c < UTF_INVALID)))
            continue;
        buf_put(out, s.p + from, i - from);
        from = i + n;
        if (c >= UTF_INVALID)
            buf_puts(out, "\xEF\xBF\xBD");
        else
            put_escape(out, c);
    }
    if (s.n > from)
        buf_put(out, s.p + from, s.n - from);
}

void json_key_slice(struct json_write *w, struct slice name)
{
    json_text(w, name);
    buf_putc(w->out, ':');
    w->comma = false;
}

void json_key(struct json_write *w, const char *name)
{
    json_key_slice(w, slice_str(name));
}

void json_text(struct json_write *w, struct slice s)
{
    before_value(w);
    buf_putc(w->out, '"');
    put_escaped(w->out, s);
    buf_putc(w->out, '"');
}

void json_u64(struct json_write *w, uint64_t v)
{
    before_value(w);
    buf_put_u64(w->out, v);
}

void json_i64(struct json_write *w, int64_t v)
{
    before_value(w);
    buf_put_i64(w->out, v);
}

void json_decimal(struct json_write *w, double v, unsigned digits)
{
    if (!isfinite(v)) {
        json_null(w);
        return;
    }
    before_value(w);
    buf_printf(w->out, "%.*f", (int)CANH_MIN(digits, 17u), v);
}

void json_bool(struct json_write *w, bool v)
{
    before_value(w);
    buf_puts(w->out, v ? "true" : "false");
}

void json_null(struct json_write *w)
{
    before_value(w);
    buf_puts(w->out, "null");
}

void json_time(struct json_write *w, int64_t t)
{
    if (t == TIME_NONE) {
        json_null(w);
        return;
    }
    before_value(w);
    buf_putc(w->out, '"');
    time_format(w->out, t, 9);
    buf_putc(w->out, '"');
}
