/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

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

/* Escapes one byte below 0x20, a quote or a backslash. */
static void put_escape(struct buf *out, uint8_t c)
{
    static const char letters[] = "btn?fr"; /* 8..13; 11 has none */

    if (c == '"' || c == '\\')
        buf_printf(out, "\\%c", c);
    else if (c >= 8 && c <= 13 && c != 11)
        buf_printf(out, "\\%c", letters[c - 8]);
    else
        buf_printf(out, "\\u%04x", c);
}

void json_put_escaped(struct buf *out, struct slice s)
{
    size_t from = 0;
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        bool invalid;

        n = 1;
        if (s.p[i] >= 0x20 && s.p[i] < 0x80 && s.p[i] != '"' && s.p[i] != '\\')
            continue;
        invalid = s.p[i] >= 0x80 && utf8_decode(s.p + i, s.n - i, &n) >= UTF_INVALID;
        if (s.p[i] >= 0x80 && !invalid)
            continue;
        buf_put(out, s.p + from, i - from);
        from = i + n;
        if (invalid)
            buf_puts(out, "\xEF\xBF\xBD");
        else
            put_escape(out, s.p[i]);
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
    json_put_escaped(w->out, s);
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
