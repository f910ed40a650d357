/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/filter.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/crc32.h"
#include "base/hex.h"

enum {
    LINE_BITS = (FILTER_LINE - 2) * 8,
    BITS_PER_WORD = 9,
    PROBES = 5,
    UNESCAPE_TIMES = 3,
    IP_TEXT_MAX = 46,
};

/* What a byte is to words and addresses. */
enum byte_kind { BYTE_WORD = 1, BYTE_HIGH = 2, BYTE_ADDRESS = 4, BYTE_MARK = 8 };

static const uint8_t kinds[256] = {
    ['0' ... '9'] = BYTE_WORD | BYTE_ADDRESS,
    ['a' ... 'f'] = BYTE_WORD | BYTE_ADDRESS,
    ['A' ... 'F'] = BYTE_WORD | BYTE_ADDRESS,
    ['g' ... 'z'] = BYTE_WORD,
    ['G' ... 'Z'] = BYTE_WORD,
    ['_'] = BYTE_WORD,
    ['.'] = BYTE_ADDRESS | BYTE_MARK,
    [':'] = BYTE_ADDRESS | BYTE_MARK,
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

enum { SEEN_BITS = 12, SEEN_MAX = 16 };

/* A word of at most SEEN_MAX bytes: its first and its last eight, which may be partly the same. */
struct seen {
    uint64_t first, last;
    size_t n;
};

/* Different hashes, open addressing; 0 is an empty place. */
struct words {
    uint64_t *table;
    size_t size, count;
    struct seen *seen; /* short words that are in the table, the last of each place; or NULL */
    bool failed;
};

static void words_add(struct words *w, uint64_t hash);

static void words_grow(struct words *w)
{
    struct words wider = {.size = w->size ? w->size * 2 : 4096};

    wider.table = calloc(wider.size, sizeof(*wider.table));
    if (wider.table == NULL) {
        w->failed = true;
        return;
    }
    for (size_t i = 0; i < w->size; i++)
        if (w->table[i])
            words_add(&wider, w->table[i]);
    free(w->table);
    wider.seen = w->seen;
    *w = wider;
}

static void words_add(struct words *w, uint64_t hash)
{
    size_t at;

    if (w->count >= w->size / 4 * 3)
        words_grow(w);
    if (w->failed)
        return;
    for (at = (size_t)hash & (w->size - 1); w->table[at]; at = (at + 1) & (w->size - 1))
        if (w->table[at] == hash)
            return;
    w->table[at] = hash;
    w->count++;
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

/* The next full stop or colon from `at` on; text.n: none. No address is without one. */
static size_t find_mark(struct slice text, size_t at)
{
    while (at < text.n && (kinds[text.p[at]] & BYTE_MARK) == 0)
        at++;
    return at;
}

bool filter_next_ip(struct slice text, size_t *at, struct ip *ret)
{
    while ((*at = find_mark(text, *at)) < text.n) {
        size_t from = *at, to = *at, dots = 0, colons = 0;
        struct slice run;

        while (from > 0 && (kinds[text.p[from - 1]] & BYTE_ADDRESS))
            from--;
        for (; to < text.n && (kinds[text.p[to]] & BYTE_ADDRESS); to++) {
            dots += text.p[to] == '.';
            colons += text.p[to] == ':';
        }
        run = slice_of(text.p + from, to - from);
        *at = to;
        if ((dots >= 3 || colons >= 2) && run.n <= IP_TEXT_MAX + 8 &&
            (run_is_ip(run, ret) || run_without_port(run, ret)))
            return true;
    }
    return false;
}

static void add_addresses(struct words *w, const struct journal_cipher *c, struct slice text)
{
    size_t at = 0;
    struct ip ip;

    while (filter_next_ip(text, &at, &ip))
        words_add(w, filter_ip(c, &ip));
}

static uint64_t filter_load(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    uint32_t head, tail;

    if (n >= sizeof(v)) {
        memcpy(&v, p, sizeof(v));
    } else if (n >= sizeof(head)) {
        memcpy(&head, p, sizeof(head));
        memcpy(&tail, p + n - sizeof(tail), sizeof(tail));
        v = (uint64_t)tail << 32 | head;
    } else { /* of two or three bytes */
        v = p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[n - 1] << 16;
    }
    return v;
}

/* Whether the word stands in the log before, as most do: such a one needs no hash. */
static bool was_seen(struct words *w, struct slice word)
{
    struct seen x = {.first = filter_load(word.p, word.n), .n = word.n}, *at;

    if (w->seen == NULL || word.n > SEEN_MAX)
        return false;
    if (word.n > sizeof(x.last))
        x.last = filter_load(word.p + word.n - sizeof(x.last), sizeof(x.last));
    at = &w->seen[((x.first ^ x.last << 1 ^ x.n) * UINT64_C(0x9E3779B97F4A7C15)) >>
                  (64 - SEEN_BITS)];
    if (at->first == x.first && at->last == x.last && at->n == x.n)
        return true;
    *at = x;
    return false;
}

static void add_text(struct words *w, const struct journal_cipher *c, struct slice text)
{
    struct slice word;
    size_t at = 0;

    while (filter_next_word(text, &at, &word))
        if (!was_seen(w, word))
            words_add(w, filter_word(c, word));
    add_addresses(w, c, text);
}

/* The character of \uXXXX at p; negative when it is none. */
static int unicode_escape(const uint8_t *p, const uint8_t *end)
{
    uint32_t v;

    return end - p >= 6 && hex_head(slice_of(p + 2, 4), 4, &v) ? (int)v : -1;
}

/* Resolves one level of JSON escapes in place; what is not ASCII becomes some byte above 0x7F. */
static size_t filter_unescape(uint8_t *text, size_t n)
{
    const uint8_t *p = text, *end = text + n;
    uint8_t *to = text;

    while (p < end) {
        if (*p != '\\' || p + 1 == end) {
            *to++ = *p++;
        } else if (p[1] == 'u' && unicode_escape(p, end) >= 0) {
            int v = unicode_escape(p, end);

            *to++ = v < 0x80 ? (uint8_t)v : 0xFF;
            p += 6;
        } else {
            *to++ = strchr("bfnrt", p[1]) && p[1] ? ' ' : p[1];
            p += 2;
        }
    }
    return (size_t)(to - text);
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

/* Kelvin sign and long s fold to k and s; text of 16-bit units has NUL bytes. */
static bool is_opaque(struct slice s)
{
    return slice_find_byte(s, 0) != SIZE_MAX ||
           has_pair(s, 0xE2, SLICE("\x84\xAA"), SLICE("\x84\xAA")) ||
           has_pair(s, 0xC5, SLICE("\xBF"), SLICE("\xBF")) ||
           has_pair(s, '\\', SLICE("u212"), SLICE("u017"));
}

static void add_record(struct words *w, const struct journal_cipher *c, struct slice raw,
                       struct buf *scratch)
{
    add_text(w, c, raw);
    if (slice_find_byte(raw, '\\') == SIZE_MAX)
        return;
    buf_clear(scratch);
    buf_append_slice(scratch, raw);
    w->failed |= scratch->err != 0;
    for (unsigned i = 0; i < UNESCAPE_TIMES && !w->failed; i++) {
        size_t n = filter_unescape(scratch->p, scratch->len);

        if (n == scratch->len)
            break;
        scratch->len = n;
        add_text(w, c, buf_slice(scratch));
    }
}

static void set_bits(const struct words *w, uint8_t *filter, size_t size)
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

void filter_write(const struct block *b, const struct journal_cipher *c, struct buf *out)
{
    CANH_CLEANUP(buf_done) struct buf scratch = BUF_INIT(JOURNAL_RAW_MAX);
    struct words w = {.table = NULL};
    size_t size;
    uint8_t *to;

    if (is_opaque(buf_slice(&b->raw)))
        return;
    w.seen = calloc((size_t)1 << SEEN_BITS, sizeof(*w.seen));
    for (uint32_t i = 0; i < b->count && !w.failed; i++)
        add_record(&w, c, slice_of(b->raw.p + b->metas[i].start, b->metas[i].length), &scratch);
    size = (w.count * BITS_PER_WORD / LINE_BITS + 1) * FILTER_LINE;
    to = w.failed ? NULL : buf_reserve(out, size);
    if (to) {
        memset(to, 0, size);
        set_bits(&w, to, size);
        out->len += size;
    }
    free(w.table);
    free(w.seen);
}
