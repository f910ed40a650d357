/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_SCAN_H
#define CANH_DECODE_JSON_SCAN_H
/*
 * The scan: quotes and backslashes as bitmaps, control characters, escapes and UTF-8 looked at.
 * Included by base.c and its like, once each.
 */
#include "decode/json/bits.h"
#include "decode/json/internal.h"
#include "decode/json/simd.h"
#include "decode/json/utf8.h"

enum {
    AHEAD = 2048, /* bytes fetched before they are scanned: across pages processors do not do it by
                     themselves */
    APART = 512,  /* bytes of ASCII that are not validated as UTF-8 with what stands around them */
};

struct scan_state {
    uint64_t quotes;  /* of all blocks before, xored: odd when the block begins in a string */
    uint64_t escaped; /* 1 when its first byte is behind an odd run of backslashes */
    unsigned flags;
    struct slice wide; /* the last bytes that are not ASCII, with ASCII around and between */
};

/* \u escapes of characters that fold to ASCII (017F and 212A do), control characters apart. */
static bool hides_ascii(const uint8_t *digits)
{
    static const char *const folding[] = {"017", "212"};

    if (memcmp(digits, "00", 2) == 0)
        return digits[2] >= '2' && digits[2] <= '7';
    return memcmp(digits, folding[0], 3) == 0 || memcmp(digits, folding[1], 3) == 0;
}

/* Checks the escapes other than \\ and \" in the 64 bytes at p. */
CANH_COLD static unsigned other_escapes(const uint8_t *p, uint64_t escapes, const uint8_t *end)
{
    static const char simple[] = "bfnrt";
    unsigned flags = 0;

    for (; escapes != 0; escapes &= escapes - 1) {
        const uint8_t *at = p + __builtin_ctzll(escapes);

        if (*at == '/') {
            flags |= SCAN_HIDES;
        } else if (*at == 'u') {
            if (end - at < 5)
                return SCAN_BAD;
            for (int i = 1; i <= 4; i++) {
                if ((uint8_t)(at[i] - '0') > 9 && (uint8_t)((at[i] | 0x20) - 'a') > 5)
                    return SCAN_BAD;
            }
            flags |= hides_ascii(at + 1) ? SCAN_HIDES : 0;
        } else if (memchr(simple, *at, sizeof(simple) - 1) == NULL) {
            return SCAN_BAD;
        }
    }
    return flags;
}

/* All ones when the block begins inside a string. */
CANH_INLINE uint64_t in_string(const struct scan_state *s)
{
    return 0 - (uint64_t)(__builtin_popcountll(s->quotes) & 1);
}

static void check_wide(struct scan_state *s)
{
    if (s->wide.n > 0 && !json_utf8_valid(s->wide.p, s->wide.n))
        s->flags |= SCAN_BAD;
}

/* n bytes at p are not all ASCII, and those between them and the ones noted before are. */
static void note_wide(struct scan_state *s, const uint8_t *p, size_t n)
{
    if (s->wide.n > 0 && (size_t)(p - s->wide.p) < s->wide.n + APART) {
        s->wide.n = (size_t)(p - s->wide.p) + n;
        return;
    }
    check_wide(s);
    s->wide = slice_of(p, n);
}

/* A second look at 64 bytes that have something special. quote: the quotes that count; n bytes at
 * `from` are they. */
CANH_INLINE void look_again(struct scan_state *s, const uint8_t *p, uint64_t quote,
                            const uint8_t *from, size_t n)
{
    uint64_t control, high, inside = json_between_quotes(quote) ^ in_string(s);

    special_of(p, &control, &high);
    if ((control & inside) != 0)
        s->flags |= SCAN_BAD;
    if (high != 0)
        note_wide(s, from, n);
}

/* p: the 64 bytes; text, at and end: where they stand, for escapes that reach beyond them. */
CANH_INLINE void scan_block(struct scan_state *s, const uint8_t *p, const uint8_t *text, size_t at,
                            const uint8_t *end, uint8_t *quotes, uint8_t *slashes)
{
    struct masks m = masks_of(p);
    /* always, for a branch would go wrong as often as it goes right */
    uint64_t behind = json_behind_odd_runs(m.slash, &s->escaped), quote = m.quote & ~behind;

    if (CANH_UNLIKELY((behind & ~m.quote) != 0))
        s->flags |= other_escapes(text + at, behind & ~m.quote, end);
    memcpy(quotes + at / 8, &quote, 8);
    memcpy(slashes + at / 8, &m.slash, 8);
    if (CANH_UNLIKELY(m.special != 0))
        look_again(s, p, quote, text + at, CANH_MIN((size_t)(end - text) - at, (size_t)64));
    s->quotes ^= quote;
}

static unsigned hot_scan(const uint8_t *p, size_t n, uint8_t *quotes, uint8_t *slashes)
{
    struct scan_state s = {0};
    const uint8_t *end = p + n;
    uint64_t tail;
    size_t at = 0;

    for (; n - at >= 64; at += 64) {
        __builtin_prefetch(p + at + AHEAD);
        scan_block(&s, p + at, p, at, end, quotes, slashes);
    }
    if (at < n) {
        uint8_t last[64];

        memset(last, ' ', sizeof(last));
        memcpy(last, p + at, n - at);
        scan_block(&s, last, p, at, end, quotes, slashes);
    }
    check_wide(&s);
    if (in_string(&s) || s.escaped)
        s.flags |= SCAN_BAD;
    /* quotes from the limit on, so that no search runs away */
    tail = n % 64 ? UINT64_MAX << n % 64 : 0;
    if (tail) {
        uint64_t word;

        memcpy(&word, quotes + n / 64 * 8, 8);
        word |= tail;
        memcpy(quotes + n / 64 * 8, &word, 8);
    }
    memset(quotes + (n + 63) / 64 * 8, 0xFF, 48);
    memset(slashes + (n + 63) / 64 * 8, 0, 48);
    return s.flags;
}

#endif
