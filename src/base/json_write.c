/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include <math.h>

#include "base/hex.h"
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
    char text[6] = {'\\', 'u', '0', '0'};
    uint8_t low = (uint8_t)c; /* of a control, C1 at most */

    if (c == '"' || c == '\\')
        text[1] = (char)c;
    else if (c >= 8 && c <= 13 && c != 11)
        text[1] = letters[c - 8];
    else
        hex_put(text + 4, &low, 1);
    buf_put(out, text, text[1] == 'u' ? 6 : 2);
}

/* ASCII that stands in a string as it is. */
static const bool plain[256] = {
    [0x20 ... 0x21] = true,
    [0x23 ... 0x5B] = true,
    [0x5D ... 0x7E] = true,
};

/* The inside of a string, without the quotes. */
static void put_escaped(struct buf *out, struct slice s)
{
    size_t from = 0, i = 0;

    while (i < s.n) {
        unsigned n = 1;
        uint32_t c;

        if (plain[s.p[i]]) {
            i++;
            continue;
        }
        c = s.p[i] < 0x80 ? s.p[i] : utf8_decode(s.p + i, s.n - i, &n);
        if (c >= 0xA0 && c < UTF_INVALID) {
            i += n;
            continue;
        }
        buf_put(out, s.p + from, i - from);
        if (c >= UTF_INVALID)
            buf_puts(out, "\xEF\xBF\xBD");
        else
            put_escape(out, c);
        from = i += n;
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
    before_value(w);
    buf_putc(w->out, '"');
    buf_puts(w->out, name);
    buf_puts(w->out, "\":");
    w->comma = false;
}

void json_text(struct json_write *w, struct slice s)
{
    before_value(w);
    buf_putc(w->out, '"');
    put_escaped(w->out, s);
    buf_putc(w->out, '"');
}

void json_optional(struct json_write *w, const char *name, struct slice s)
{
    if (s.n == 0)
        return;
    json_key(w, name);
    json_text(w, s);
}

void json_members(struct json_write *w, struct slice written)
{
    before_value(w);
    buf_put_slice(w->out, written);
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
