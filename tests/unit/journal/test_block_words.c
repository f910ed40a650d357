/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a block, found many bytes at a time, are those that filter.h finds one by one. */
#include "journal/block_words.h"

#include <stdlib.h>

#include "journal/filter.h"
#include "tap.h"

enum { RECORDS = 40, RECORD_MAX = 400, HASHES_MAX = 65536, ROUNDS = 60 };

static uint32_t next_random(uint32_t below)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)((x >> 32) % below);
}

/* Pieces whose ends meet in all ways, at all places of the steps they are looked at in. */
static void write_text(struct buf *to)
{
    static const char *const pieces[] = {"a",
                                         "ab",
                                         "Password",
                                         "for_root",
                                         " ",
                                         "  ",
                                         "\t",
                                         "\n",
                                         "\xC3\xA9",
                                         "\x80",
                                         "\xFF",
                                         ".",
                                         ":",
                                         "::",
                                         "-",
                                         "0",
                                         "10.",
                                         "192.0.2.7",
                                         "192.0.2.7:443",
                                         "2001:db8::7",
                                         "13:06:41",
                                         "::ffff:192.0.2.9",
                                         "@",
                                         "[",
                                         "`",
                                         "{",
                                         "/",
                                         "Z",
                                         "z",
                                         "abcdefgh",
                                         "abcdefghi",
                                         "ABCDEFGHIJKLMNOP",
                                         "abcdefghijklmnopq"};
    size_t end = next_random(RECORD_MAX - 100);

    buf_clear(to);
    while (to->len < end)
        buf_puts(to, pieces[next_random(CANH_LEN(pieces))]);
    if (next_random(8) == 0)
        for (size_t n = FILTER_WORD_MAX - 2 + next_random(5); n > 0; n--)
            buf_putc(to, 'w');
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static size_t sort_unique(uint64_t *hashes, size_t n)
{
    size_t kept = 0;

    if (n)
        qsort(hashes, n, sizeof(*hashes), by_hash);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || hashes[kept - 1] != hashes[i])
            hashes[kept++] = hashes[i];
    return kept;
}

static size_t add_naively(struct slice text, const struct journal_cipher *c, uint64_t *to, size_t n)
{
    struct slice word;
    struct ip ip;
    size_t at = 0;

    while (filter_next_word(text, &at, &word))
        to[n++] = filter_word(c, word);
    at = 0;
    while (filter_next_ip(text, &at, &ip))
        to[n++] = filter_ip(c, &ip);
    return n;
}

static size_t table_of(const struct block_words *w, uint64_t *to)
{
    size_t n = 0;

    for (size_t i = 0; i < w->size; i++)
        if (w->table[i])
            to[n++] = w->table[i];
    return sort_unique(to, n);
}

static bool same_words(struct block_words *w, const struct block *b, const struct journal_cipher *c)
{
    static uint64_t naive[HASHES_MAX], found[HASHES_MAX];
    size_t n = 0, m;

    for (uint32_t i = 0; i < b->count; i++)
        n = add_naively(slice_of(b->raw.p + b->metas[i].start, b->metas[i].length), c, naive, n);
    n = sort_unique(naive, n);
    block_words_of(w, b, c);
    m = table_of(w, found);
    return !w->failed && w->count == m && m == n && memcmp(naive, found, n * sizeof(*naive)) == 0;
}

static void test_same(void)
{
    struct block_words w = {.count = 0}; /* one block's after the other */
    struct journal_cipher keys[2];
    unsigned same = 0;

    cipher_plain(&keys[0]);
    cipher_plain(&keys[1]);
    keys[1].filter_key[0] ^= 1;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct buf text = BUF_INIT(2 * RECORD_MAX);
        struct block b;
        int r = 0;

        block_init(&b, 0);
        for (unsigned i = 0; i < 1 + next_random(RECORDS) && r == 0; i++) {
            write_text(&text);
            r = block_add(&b, &(struct journal_record){.raw = buf_slice(&text)});
        }
        same += r == 0 && same_words(&w, &b, &keys[round % 2]);
        block_done(&b);
        buf_done(&text);
    }
    block_words_done(&w);
    is_int(same, ROUNDS, "as many words, and the same");
}

static bool holds(const struct block_words *w, uint64_t hash)
{
    for (size_t i = 0; i < w->size; i++)
        if (w->table[i] == hash)
            return true;
    return false;
}

static void test_escapes(void)
{
    static const char *const records[] = {"no escape", "{\"a\":\"one\\ntwo\"}", "plain",
                                          "{\"a\":\"\\\\u0041bc\\\\tdeep\"}", "\\"};
    struct block_words w = {.count = 0};
    struct journal_cipher plain;
    struct block b;
    int r = 0;

    cipher_plain(&plain);
    block_init(&b, 0);
    for (size_t i = 0; i < CANH_LEN(records) && r == 0; i++)
        r = block_add(&b, &(struct journal_record){.raw = slice_str(records[i])});
    block_words_of(&w, &b, &plain);
    is_int(r, 0, "records");
    ok(holds(&w, filter_word(&plain, SLICE("two"))), "a word behind an escape");
    ok(holds(&w, filter_word(&plain, SLICE("ntwo"))), "and as it stands there");
    ok(holds(&w, filter_word(&plain, SLICE("abc"))), "one behind an escape of an escape");
    ok(holds(&w, filter_word(&plain, SLICE("deep"))), "and the next one");
    ok(!holds(&w, filter_word(&plain, SLICE("gone"))), "not one that is nowhere");
    block_words_done(&w);
    block_done(&b);
}

int main(void)
{
    test_same();
    test_escapes();
    return tap_done();
}
