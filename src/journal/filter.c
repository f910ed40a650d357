/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/filter.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/crc32.h"
#include "base/near.h"
#include "journal/block_words.h"

enum {
    LINE_BITS = (FILTER_LINE - 2) * 8,
    BITS_PER_WORD = 11, /* 8 of 1,000 blocks are opened in vain; with 9 it would be 16 */
    PROBES = 5,
    IP_TEXT_MAX = 46,
};

/* What a byte is to words and addresses. */
enum byte_kind { BYTE_WORD = 1, BYTE_HIGH = 2, BYTE_ADDRESS = 4 };

static const uint8_t kinds[256] = {
    ['0' ... '9'] = BYTE_WORD | BYTE_ADDRESS,
    ['a' ... 'f'] = BYTE_WORD | BYTE_ADDRESS,
    ['A' ... 'F'] = BYTE_WORD | BYTE_ADDRESS,
    ['g' ... 'z'] = BYTE_WORD,
    ['G' ... 'Z'] = BYTE_WORD,
    ['_'] = BYTE_WORD,
    ['.'] = BYTE_ADDRESS,
    [':'] = BYTE_ADDRESS,
    [0x80 ... 0xFF] = BYTE_HIGH,
};

bool filter_next_word(struct slice text, size_t *at, struct slice *ret)
{
    size_t i = *at;

    while (i < text.n) {
        size_t from;
        unsigned all = 0;

        while (i < text.n && (kinds[text.p[i]] & (BYTE_WORD | BYTE_HIGH)) == 0)
            i++;
        for (from = i; i < text.n && (kinds[text.p[i]] & (BYTE_WORD | BYTE_HIGH)); i++)
            all |= kinds[text.p[i]];
        *at = i;
        *ret = slice_of(text.p + from, i - from);
        if (!(all & BYTE_HIGH) && ret->n >= FILTER_WORD_MIN && ret->n <= FILTER_WORD_MAX)
            return true;
    }
    *at = i;
    return false;
}

static uint64_t hash_with(const struct journal_cipher *c, const uint8_t *p, size_t n)
{
    uint8_t h[crypto_shorthash_BYTES];
    uint64_t v;

    (void)crypto_shorthash(h, p, n, c->filter_key);
    memcpy(&v, h, sizeof(v));
    return v ? v : 1;
}

uint64_t filter_word(const struct journal_cipher *c, struct slice word)
{
    uint8_t low[FILTER_WORD_MAX];
    size_t n = CANH_MIN(word.n, sizeof(low));

    for (size_t i = 0; i < n; i++)
        low[i] = ascii_to_lower(word.p[i]);
    return hash_with(c, low, n);
}

/* An IPv4 address that is written as an IPv6 one is the same address. */
uint64_t filter_ip(const struct journal_cipher *c, const struct ip *ip)
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    uint8_t key[1 + 16] = {0xFF}; /* no word begins with this byte */

    if (!ip->v6) {
        memcpy(key + 1, mapped, sizeof(mapped));
        memcpy(key + 1 + sizeof(mapped), ip->bytes, 4);
    } else {
        memcpy(key + 1, ip->bytes, 16);
    }
    return hash_with(c, key, sizeof(key));
}

size_t filter_line(size_t filter_size, uint64_t hash)
{
    uint64_t lines = filter_size / FILTER_LINE;

    return (size_t)((hash >> 32) * lines >> 32) * FILTER_LINE;
}

/* Bit i of a hash within its line. */
static unsigned filter_probe(uint64_t hash, unsigned i)
{
    uint32_t low = (uint32_t)hash * 0x9E3779B1u + i * ((uint32_t)(hash >> 16) | 1);

    return (unsigned)((uint64_t)low * LINE_BITS >> 32);
}

static uint16_t line_check(const uint8_t line[FILTER_LINE])
{
    return (uint16_t)crc32_update(0, slice_of(line, FILTER_LINE - 2));
}

bool filter_may_hold(const uint8_t line[FILTER_LINE], uint64_t hash)
{
    uint16_t check = line_check(line);

    if (line[FILTER_LINE - 2] != (uint8_t)check || line[FILTER_LINE - 1] != (uint8_t)(check >> 8))
        return true;
    for (unsigned i = 0; i < PROBES; i++) {
        unsigned bit = filter_probe(hash, i);

        if (!(line[bit / 8] >> bit % 8 & 1))
            return false;
    }
    return true;
}

/* The run of address bytes as an address, without colons or full stops that stand around it. */
static bool run_is_ip(struct slice run, struct ip *ret)
{
    if (ip_parse(run, ret) == 0)
        return true;
    while (run.n && (run.p[run.n - 1] == '.' || run.p[run.n - 1] == ':')) {
        run.n--;
        if (ip_parse(run, ret) == 0)
            return true;
    }
    while (run.n && (run.p[0] == '.' || run.p[0] == ':')) {
        run = slice_from(run, 1);
        if (ip_parse(run, ret) == 0)
            return true;
    }
    return false;
}

/* 192.0.2.7:443: the address ends where the port begins. */
static bool run_without_port(struct slice run, struct ip *ret)
{
    size_t colon = slice_find_byte(run, ':');

    return colon != SIZE_MAX && ip_parse(slice_head(run, colon), ret) == 0;
}

/* Whether the run, of which so many are full stops and colons, may be an address. */
static bool may_be_ip(struct slice run, size_t dots, size_t colons)
{
    return run.n <= IP_TEXT_MAX + 8 &&
           (dots >= 3 || colons >= 7 || (colons >= 2 && slice_find(run, SLICE("::")) != SIZE_MAX));
}

bool filter_next_ip(struct slice text, size_t *at, struct ip *ret)
{
    size_t mark; /* no address is without one */

    while ((mark = near_either(slice_from(text, *at), '.', ':')) != SIZE_MAX) {
        size_t from = *at + mark, to = from, dots = 0, colons = 0;
        struct slice run;

        while (from > 0 && (kinds[text.p[from - 1]] & BYTE_ADDRESS))
            from--;
        for (; to < text.n && (kinds[text.p[to]] & BYTE_ADDRESS); to++) {
            dots += text.p[to] == '.';
            colons += text.p[to] == ':';
        }
        run = slice_of(text.p + from, to - from);
        *at = to;
        if (may_be_ip(run, dots, colons) && (run_is_ip(run, ret) || run_without_port(run, ret)))
            return true;
    }
    *at = text.n;
    return false;
}

/* Whether one of two texts stands behind some byte `first`. */
static bool has_pair(struct slice s, uint8_t first, struct slice a, struct slice b)
{
    size_t at;

    while ((at = slice_find_byte(s, first)) != SIZE_MAX) {
        s = slice_from(s, at + 1);
        if (slice_starts(s, a) || slice_starts(s, b))
            return true;
    }
    return false;
}

/* Which of the bytes that may make a text opaque it has at all; one pass, which compilers do
 * sixteen bytes at a time. */
struct byte_marks {
    uint8_t zero, high, slash;
};

static struct byte_marks marks_of(struct slice s)
{
    struct byte_marks m = {0};

    for (size_t i = 0; i < s.n; i++) {
        m.zero |= (uint8_t)(s.p[i] == 0);
        m.high |= s.p[i];
        m.slash |= (uint8_t)(s.p[i] == '\\');
    }
    m.high &= 0x80;
    return m;
}

/* Kelvin sign and long s fold to k and s; text of 16-bit units has NUL bytes. */
static bool is_opaque(struct slice s)
{
    struct byte_marks m = marks_of(s);

    return m.zero ||
           (m.high && (has_pair(s, 0xE2, SLICE("\x84\xAA"), SLICE("\x84\xAA")) ||
                       has_pair(s, 0xC5, SLICE("\xBF"), SLICE("\xBF")))) ||
           (m.slash && has_pair(s, '\\', SLICE("u212"), SLICE("u017")));
}

static void set_bits(const struct block_words *w, uint8_t *filter, size_t size)
{
    for (size_t i = 0; i < w->size; i++) {
        uint8_t *line = filter + filter_line(size, w->table[i]);

        if (w->table[i] == 0)
            continue;
        for (unsigned k = 0; k < PROBES; k++) {
            unsigned bit = filter_probe(w->table[i], k);

            line[bit / 8] |= (uint8_t)(1 << bit % 8);
        }
    }
    for (size_t at = 0; at < size; at += FILTER_LINE) {
        uint16_t check = line_check(filter + at);

        filter[at + FILTER_LINE - 2] = (uint8_t)check;
        filter[at + FILTER_LINE - 1] = (uint8_t)(check >> 8);
    }
}

void filter_write(struct block_words *w, const struct block *b, const struct journal_cipher *c,
                  struct buf *out)
{
    size_t size;
    uint8_t *to;

    if (is_opaque(buf_slice(&b->raw)))
        return;
    block_words_of(w, b, c);
    size = (w->count * BITS_PER_WORD / LINE_BITS + 1) * FILTER_LINE;
    to = w->failed ? NULL : buf_reserve(out, size);
    if (to == NULL)
        return;
    memset(to, 0, size);
    set_bits(w, to, size);
    out->len += size;
}
