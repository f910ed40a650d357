/* SPDX-License-Identifier: Apache-2.0 */
/* wide, utf16le, utf16be, utf16, base64, base64offset: text as it stands inside encoded text. */
#include "sigma/modifier/encode.h"

#include <stdbool.h>

#include "base/utf.h"
#include "lang/err_sigma.h"
#include "sigma/item_internal.h"

static void write_unit(struct buf *out, uint32_t unit, bool big)
{
    buf_putc(out, (uint8_t)(big ? unit >> 8 : unit));
    buf_putc(out, (uint8_t)(big ? unit : unit >> 8));
}

void encode_utf16(struct slice text, uint32_t mods, struct buf *out)
{
    bool big = (mods & MOD_UTF16BE) != 0;
    unsigned n;

    if (mods & MOD_UTF16)
        write_unit(out, 0xFEFF, false);
    for (size_t i = 0; i < text.n; i += n) {
        uint32_t c = utf8_decode(text.p + i, text.n - i, &n);

        if (c >= UTF_INVALID)
            c = UTF_REPLACEMENT;
        if (c >= 0x10000) {
            write_unit(out, 0xD800 + ((c - 0x10000) >> 10), big);
            write_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), big);
        } else {
            write_unit(out, c, big);
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

    buf_append(&shifted, spaces, shift);
    buf_append_slice(&shifted, bytes);
    encode_base64(buf_slice(&shifted), &whole);
    cut = from_start[shift] + from_end[(bytes.n + shift) % 3];
    if (whole.err || shifted.err)
        out->err = whole.err ? whole.err : shifted.err;
    else if (whole.len > cut)
        buf_append(out, whole.p + from_start[shift], whole.len - cut);
    buf_done(&shifted);
    buf_done(&whole);
}

/* The text of a value that is to be encoded; wildcards and nothing cannot be. */
static int read_text(struct item *item, const struct pattern *p, struct slice *ret)
{
    if (p->count == 0)
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_EMPTY_VALUE_CANNOT_ENCODED);
    if (p->count > 1 || p->parts[0].kind != PART_TEXT)
        return build_fail(item->b, item->at, CE_CONFLICT,
                          ERR_SIGMA_WILDCARDS_CANNOT_ENCODED_WRITE_OR,
                          modifier_name(item->mods & MODS_BASE64));
    *ret = p->parts[0].text;
    return 0;
}

static int rewrite_utf16(struct item *item, const struct pattern *p)
{
    struct buf wide = BUF_INIT(4 * VALUE_TEXT_MAX);
    struct part part = {.kind = PART_TEXT};
    int r = read_text(item, p, &part.text);

    if (r < 0)
        return r;
    encode_utf16(part.text, item->mods, &wide);
    part.text = buf_slice(&wide);
    r = wide.err ? build_no_memory(item->b)
                 : item_rewrite(item, item->mods & MODS_UTF16, &(struct pattern){&part, 1});
    buf_done(&wide);
    return r;
}

static int push_base64(struct item *item, struct slice bytes)
{
    struct buf out = BUF_INIT(16 * VALUE_TEXT_MAX);
    bool offsets = item->mods & MOD_BASE64OFFSET;
    int r = 0;

    for (unsigned shift = 0; shift < (offsets ? 3 : 1) && r == 0; shift++) {
        buf_clear(&out);
        if (offsets)
            encode_base64_offset(bytes, shift, &out);
        else
            encode_base64(bytes, &out);
        if (out.err)
            r = build_no_memory(item->b);
        else if (out.len == 0)
            r = build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_VALUE_TOO_SHORT_FOR_NOTHING,
                           modifier_name(item->mods & MODS_BASE64));
        else
            r = item_push_literal(item, buf_slice(&out));
    }
    buf_done(&out);
    return r;
}

static int rewrite_base64(struct item *item, const struct pattern *p)
{
    struct slice text;
    int r = read_text(item, p, &text);

    return r < 0 ? r : push_base64(item, text);
}

#define ENCODING(NAME, row, first, second)                                                         \
    const struct modifier modifier_##row = {                                                       \
        .names = {SLICE_INIT(first), SLICE_INIT(second)},                                          \
        .bit = MOD_##NAME,                                                                         \
        .keyword = true,                                                                           \
        .group = {MODS_UTF16, ERR_SIGMA_WHY_ONE_ENCODING},                                         \
        .before = {{MODS_BASE64, ERR_SIGMA_WHY_BEHIND_BASE64},                                     \
                   {MODS_POSITION, ERR_SIGMA_WHY_WILDCARDS}},                                      \
        .needs = {MODS_BASE64, ERR_SIGMA_MODIFIER_NEEDS_BASE64_OR_BASE64OFFSET},                   \
        .rewrite = rewrite_utf16,                                                                  \
    }
ENCODING(UTF16LE, utf16le, "wide", "utf16le");
ENCODING(UTF16BE, utf16be, "utf16be", "");
ENCODING(UTF16, utf16, "utf16", "");

const struct modifier modifier_base64 = {
    .names = {SLICE_INIT("base64")},
    .bit = MOD_BASE64,
    .keyword = true,
    .group = {MODS_BASE64, ERR_SIGMA_WHY_BASE64OFFSET},
    .before = {{MODS_POSITION, ERR_SIGMA_WHY_WILDCARDS}},
    .rewrite = rewrite_base64,
};

const struct modifier modifier_base64offset = {
    .names = {SLICE_INIT("base64offset")},
    .bit = MOD_BASE64OFFSET,
    .keyword = true,
    .group = {MODS_BASE64, ERR_SIGMA_WHY_BASE64OFFSET},
    .before = {{MODS_POSITION, ERR_SIGMA_WHY_WILDCARDS}},
    .rewrite = rewrite_base64,
};
