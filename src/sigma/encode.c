/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/encode.h"

#include <stdbool.h>

#include "base/utf.h"
#include "sigma/modifier.h"

static void put_unit(struct buf *out, uint32_t unit, bool big)
{
    buf_putc(out, (uint8_t)(big ? unit >> 8 : unit));
    buf_putc(out, (uint8_t)(big ? unit : unit >> 8));
}

void encode_utf16(struct slice text, uint32_t mods, struct buf *out)
{
    bool big = (mods & MOD_UTF16BE) != 0;
    unsigned n;

    if (mods & MOD_UTF16)
        put_unit(out, 0xFEFF, false);
    for (size_t i = 0; i < text.n; i += n) {
        uint32_t c = utf8_decode(text.p + i, text.n - i, &n);

        if (c >= UTF_INVALID)
            c = UTF_REPLACEMENT;
        if (c >= 0x10000) {
            put_unit(out, 0xD800 + ((c - 0x10000) >> 10), big);
            put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), big);
        } else {
            put_unit(out, c, big);
        }
    }
}

void encode_base64(struct slice bytes, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t v = (uint32_t)bytes.p[i] << 16 | (left > 1 ? (uint32_t)bytes.p[i + 1] << 8 : 0) |
                     (left > 2 ? (uint32_t)bytes.p[i + 2] : 0);

        buf_putc(out, (uint8_t)digits[v >> 18]);
        buf_putc(out, (uint8_t)digits[v >> 12 & 63]);
        buf_putc(out, left > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
        buf_putc(out, left > 2 ? (uint8_t)digits[v & 63] : '=');
    }
}

void encode_base64_offset(struct slice bytes, unsigned shift, struct buf *out)
{
    static const uint8_t spaces[] = {' ', ' ', ' '};
    static const unsigned from_start[] = {0, 2, 3}, from_end[] = {0, 3, 2};
    struct buf shifted = BUF_INIT(out->max), whole = BUF_INIT(out->max);
    size_t cut;

    buf_put(&shifted, spaces, shift);
    buf_put_slice(&shifted, bytes);
    encode_base64(buf_slice(&shifted), &whole);
    cut = from_start[shift] + from_end[(bytes.n + shift) % 3];
    if (whole.err || shifted.err)
        out->err = whole.err ? whole.err : shifted.err;
    else if (whole.len > cut)
        buf_put(out, whole.p + from_start[shift], whole.len - cut);
    buf_done(&shifted);
    buf_done(&whole);
}

static const struct slice dashes[DASH_KINDS] = {
    {(const uint8_t *)"-", 1},
    {(const uint8_t *)"/", 1},
    {(const uint8_t *)"\xE2\x80\x93", 3},
    {(const uint8_t *)"\xE2\x80\x94", 3},
    {(const uint8_t *)"\xE2\x80\x95", 3},
};

struct slice windash_text(unsigned kind)
{
    return dashes[kind];
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

/* Letters, digits, underscore; beyond ASCII all but blanks, punctuation and symbols of Latin-1
 * and the general punctuation block. */
static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    return c < UTF_INVALID && (c < 0x2000 || c > 0x206F) && c != 0xD7 && c != 0xF7;
}

static uint32_t find_in_text(struct slice s, uint32_t part, struct dash *ret, uint32_t found)
{
    uint32_t before = ' ';
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &n);
        unsigned next_n;

        if (is_dash(c) && !is_word(before) && i + n < s.n &&
            is_word(utf8_decode(s.p + i + n, s.n - i - n, &next_n))) {
            if (found < DASHES_MAX)
                ret[found] = (struct dash){.part = part, .at = (uint32_t)i, .n = n};
            found++;
        }
        before = c;
    }
    return found;
}

uint32_t windash_find(const struct pattern *p, struct dash ret[DASHES_MAX])
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->parts[i].kind == PART_TEXT)
            found = find_in_text(p->parts[i].text, i, ret, found);
    }
    return found;
}
