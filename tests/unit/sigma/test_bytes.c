/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every level of bytes.h against plain loops, on texts of all lengths around the widths of vectors.
 */
#include "sigma/bytes.h"

#include <stdlib.h>

#include "base/cpu.h"
#include "base/fold.h"
#include "sigma/value.h"
#include "tap.h"

enum { TEXT_MAX = 200, ROUNDS = 20000 };

static uint32_t state = 1;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

/* Memory of exactly n bytes and a slack behind it, so that sanitizers see what reads too far. */
static uint8_t *room_for(size_t n)
{
    uint8_t *p = malloc(n + VALUE_SLACK);

    if (p == NULL)
        abort();
    memset(p, 'x', n + VALUE_SLACK);
    return p;
}

static uint8_t random_char(void)
{
    static const uint8_t chars[] = "abzABZ@[`{09 \\\\\"/nrtu";

    return below(300) == 0 ? (uint8_t)(0x80 + below(0x80)) : chars[below(sizeof(chars) - 1)];
}

static bool plain_fold(struct slice s, uint8_t *to)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80)
            return false;
        to[i] = fold_ascii(s.p[i]);
    }
    return true;
}

static bool plain_fold_json(struct slice s, uint8_t *to, size_t *ret_n)
{
    static const char letters[] = "\\\"/nrt", meant[] = "\\\"/\n\r\t";
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *letter;

        if (s.p[i] >= 0x80)
            return false;
        if (s.p[i] != '\\') {
            to[n++] = fold_ascii(s.p[i]);
            continue;
        }
        letter = ++i < s.n && s.p[i] ? strchr(letters, s.p[i]) : NULL;
        if (letter == NULL)
            return false;
        to[n++] = (uint8_t)meant[letter - letters];
    }
    *ret_n = n;
    return true;
}

static bool agrees_on_folds(const struct bytes *b)
{
    size_t n = below(TEXT_MAX), json_n = 0, want_n = 0;
    uint8_t *text = room_for(n), *to = room_for(n), *want = room_for(n);
    uint8_t *wide = malloc(2 * n + 1);
    struct slice s = slice_of(text, n);
    bool same, ok, want_ok;

    if (wide == NULL)
        abort();
    for (size_t i = 0; i < n; i++) {
        text[i] = random_char();
        wide[2 * i] = text[i];
        wide[2 * i + 1] = 0;
    }
    want_ok = plain_fold(s, want);
    ok = b->fold_plain(s, to);
    same = ok == want_ok && (!ok || memcmp(to, want, n) == 0);
    ok = b->fold_utf16(slice_of(wide, 2 * n), to);
    same = same && ok == want_ok && (!ok || memcmp(to, want, n) == 0);
    want_ok = plain_fold_json(s, want, &want_n);
    ok = b->fold_json(s, to, &json_n);
    same = same && ok == want_ok && (!ok || (json_n == want_n && memcmp(to, want, want_n) == 0));
    free(text);
    free(to);
    free(want);
    free(wide);
    return same;
}

static bool agrees_on_finds(const struct bytes *b)
{
    size_t n = below(TEXT_MAX), m = 1 + below(6);
    uint8_t *text = room_for(n), *copy = room_for(n), needle[6];
    struct slice s = slice_of(text, n);
    bool same;

    for (size_t i = 0; i < n; i++)
        copy[i] = text[i] = (uint8_t)('a' + below(3));
    for (size_t i = 0; i < m; i++)
        needle[i] = (uint8_t)('a' + below(3));
    same = b->find(s, slice_of(needle, m)) == (slice_find(s, slice_of(needle, m)) != SIZE_MAX);
    same = same && b->find(s, SLICE("")) && b->same(text, copy, n);
    if (n > 0) {
        copy[below((uint32_t)n)] ^= 0x20;
        same = same && !b->same(text, copy, n);
    }
    free(text);
    free(copy);
    return same;
}

struct passed {
    const uint8_t *text;
    uint8_t buckets[TEXT_MAX];
};

static bool note(void *ctx, const uint8_t *at, unsigned buckets)
{
    struct passed *p = ctx;

    p->buckets[at - p->text] = (uint8_t)buckets;
    return false;
}

/* Halves that let much pass, and pairs of the characters that texts are made of. */
static void make_paired(struct prefilter *f)
{
    f->paired = true;
    f->width = 2;
    memset(f->low, 0xFF, sizeof(f->low));
    memset(f->first, 0, sizeof(f->first));
    for (unsigned i = 0; i < 6; i++) {
        uint8_t first = (uint8_t)(random_char() & 0x7F) | 0x20;

        f->first[first & 15] = first;
        f->second[first & 15] = random_char() | 0x20;
    }
}

static bool is_pair(const struct prefilter *f, const uint8_t *p)
{
    unsigned at = p[0] & 15;

    return f->first[at] == (p[0] | 0x20) && f->second[at] == (p[1] | 0x20);
}

static bool agrees_on_prefilters(const struct bytes *b)
{
    size_t n = below(TEXT_MAX);
    uint8_t *text = room_for(n);
    struct passed passed = {.text = text};
    struct prefilter prefilter;
    bool leads, want_leads = false, same = true;

    for (unsigned i = 0; i < PREFILTER_WIDTH; i++) {
        for (unsigned c = 0; c < 16; c++) {
            prefilter.low[i][c] = (uint8_t)(below(256) & below(256));
            prefilter.high[i][c] = (uint8_t)(below(256) & below(256));
        }
    }
    prefilter.width = below(2) ? 2 : PREFILTER_WIDTH;
    prefilter.paired = false;
    if (below(3) == 0)
        make_paired(&prefilter);
    for (size_t i = 0; i < n + PREFILTER_WIDTH - 1; i++) {
        text[i] = below(100) ? random_char() : 0xC5;
        want_leads = want_leads || text[i] == 0xC5 || text[i] == 0xE2;
    }
    (void)b->scan(&prefilter, slice_of(text, n), note, &passed, &leads);
    for (size_t i = 0; i < n; i++) {
        unsigned pass = 0xFF;

        for (size_t k = 0; k < prefilter.width; k++)
            pass &= prefilter.low[k][text[i + k] & 15] & prefilter.high[k][text[i + k] >> 4];
        if (prefilter.paired && !is_pair(&prefilter, text + i))
            pass = 0;
        same = same && passed.buckets[i] == pass;
    }
    free(text);
    return same && (leads || !want_leads);
}

static bool stop(void *ctx, const uint8_t *at, unsigned buckets)
{
    (void)at;
    (void)buckets;
    return ++*(int *)ctx == 2;
}

static void test_stop(const struct bytes *b, unsigned level)
{
    uint8_t text[TEXT_MAX + VALUE_SLACK] = {0};
    struct prefilter all;
    bool leads;
    int calls = 0;

    memset(&all, 0xFF, sizeof(all));
    all.paired = false;
    ok(b->scan(&all, slice_of(text, TEXT_MAX), stop, &calls, &leads) && calls == 2,
       "level %u: the search ends where it is told to", level);
}

static void test_levels(void)
{
    unsigned want = cpu_level() >= CPU_AVX2 ? 2 : 1;

#ifndef __x86_64__
    want = 1;
#endif
    is_int(bytes_levels(), cpu_level() >= CPU_AVX512_VBMI2 ? 3 : want, "one for each processor");
}

int main(void)
{
    test_levels();
    for (unsigned level = 0; level < bytes_levels(); level++) {
        const struct bytes *b = bytes_level(level);
        unsigned folds = 0, finds = 0, prefilters = 0;

        for (unsigned i = 0; i < ROUNDS; i++) {
            folds += agrees_on_folds(b);
            finds += agrees_on_finds(b);
            prefilters += agrees_on_prefilters(b);
        }
        is_int(folds, ROUNDS, "level %u folds like a plain loop", level);
        is_int(finds, ROUNDS, "level %u finds like a plain loop", level);
        is_int(prefilters, ROUNDS, "level %u prefilters like a plain loop", level);
        test_stop(b, level);
    }
    return tap_done();
}
