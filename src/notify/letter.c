/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/letter.h"

#include <sodium.h>

#include "base/ascii.h"
#include "base/json_write.h"
#include "base/time.h"

enum { LINE = 57, WORD = 42 }; /* bytes of a line of base64, of an encoded word */

bool letter_address_ok(struct slice s)
{
    size_t at = slice_find_byte(s, '@');

    if (at == SIZE_MAX || at == 0 || at + 1 == s.n || s.n > 254)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];

        if (c <= ' ' || c >= 0x7f || strchr("<>()[]\\,;:\"", c) || (c == '@' && i != at))
            return false;
    }
    return true;
}

bool letter_number_ok(struct slice s)
{
    size_t digits = s.n > 0 && s.p[0] == '+' ? 1 : 0;

    if (s.n - digits < 2 || s.n > 20)
        return false;
    for (size_t i = digits; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]))
            return false;
    return true;
}

static void write_base64(struct buf *out, struct slice s)
{
    char text[4 * ((LINE + 2) / 3) + 1];

    (void)sodium_bin2base64(text, sizeof(text), s.p, s.n, sodium_base64_VARIANT_ORIGINAL);
    buf_puts(out, text);
}

/* RFC 2047: words of at most 75 characters. */
static void write_subject(struct buf *out, struct slice s)
{
    buf_puts(out, "Subject:");
    while (s.n > 0) {
        size_t n = CANH_MAX(slice_head_utf8(s, WORD).n, (size_t)1);

        buf_puts(out, " =?UTF-8?B?");
        write_base64(out, slice_head(s, n));
        buf_puts(out, "?=\r\n");
        s = slice_from(s, n);
    }
}

static void write_date(struct buf *out, int64_t at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c;

    time_to_civil(at * TIME_SECOND, 0, &c);
    buf_printf(out, "Date: %s, %02u %s %04d %02u:%02u:%02u +0000\r\n",
               days[weekday_of_days(at / 86400) - 1], c.day, months[c.month - 1], c.year, c.hour,
               c.minute, c.second);
}

void letter_write_mail(struct buf *out, const struct letter *l, struct slice from, int64_t at)
{
    struct slice rest = l->text;
    struct slice domain = slice_from(from, CANH_MIN(slice_find_byte(from, '@') + 1, from.n));

    write_date(out, at);
    buf_printf(out, "From: " SLICE_FMT "\r\nTo: " SLICE_FMT "\r\n", SLICE_ARG(from),
               SLICE_ARG(l->to));
    write_subject(out, l->subject);
    buf_printf(out, "Message-ID: <canh-" SLICE_FMT "@" SLICE_FMT ">\r\n", SLICE_ARG(l->code),
               SLICE_ARG(domain));
    buf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\n");
    while (rest.n > 0) {
        size_t n = CANH_MIN(rest.n, (size_t)LINE);

        write_base64(out, slice_head(rest, n));
        buf_puts(out, "\r\n");
        rest = slice_from(rest, n);
    }
}

static void letter_pair(struct json_write *w, const char *key, struct slice value)
{
    json_key(w, key);
    json_text(w, value);
}

void letter_write_sms(struct buf *out, const struct letter *l)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    letter_pair(&w, "id", l->code);
    letter_pair(&w, "to", l->to);
    letter_pair(&w, "text", l->text);
    json_close(&w, '}');
}

void letter_write_hook(struct buf *out, const struct letter *l)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    letter_pair(&w, "id", l->code);
    json_key(&w, "level");
    json_i64(&w, l->level);
    letter_pair(&w, "subject", l->subject);
    letter_pair(&w, "text", l->text);
    json_close(&w, '}');
}
