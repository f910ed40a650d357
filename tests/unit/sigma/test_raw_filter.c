/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The look at a whole record: it may say yes where no value has a text, never no where one has.
 * Values of all kinds as a record writes them, and records of which only a no is right.
 */
#include "sigma/raw_filter.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/json_write.h"
#include "tap.h"

enum { TEXTS_MAX = 300, LONGEST = 12, ROUNDS = 3000, RAW_ROOM = 1 << 12 };

static struct background *background;
static uint32_t state = 3;

static uint32_t below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

/* The record in memory of its own, with what may be read behind it. */
static bool hits(const struct raw_filter *f, struct slice record)
{
    size_t slack = BYTES_SLACK + PREFILTER_WIDTH;
    uint8_t *p = malloc(record.n + slack);
    bool all = true, any = false;

    if (p == NULL)
        abort();
    memcpy(p, record.p, record.n);
    memset(p + record.n, 'e', slack);
    for (unsigned level = 0; level < bytes_levels(); level++) {
        bool hit = raw_filter_hits(f, bytes_level(level), slice_of(p, record.n));

        all = all && hit;
        any = any || hit;
    }
    free(p);
    if (all != any)
        ok(false, "levels differ on " SLICE_FMT, SLICE_ARG(record));
    return any;
}

/* One text against one record: 1, 0, or -1 where there is no such look. */
static int look(const char *text, enum raw_kind kind, struct slice record)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct slice one = slice_str(text);
    struct raw_filter *f;
    int r;

    if (raw_filter_new(&arena, &one, 1, kind, background, &f) < 0)
        abort();
    r = f == NULL ? -1 : hits(f, record);
    arena_done(&arena);
    return r;
}

static void test_looks(void)
{
    static const struct {
        const char *text, *record;
        int json, plain;
    } rows[] = {
        {"needle", "a needle b", 1, 1},
        {"needle", "a NEEdLE b", 1, 1},
        {"needle", "needle", 1, 1},
        {"needle", "a needl e", 0, 0},
        {"needle", "eedle", 0, 0},
        {"needle", "needl", 0, 0}, /* and an e behind the record */
        {"needle", "nneedle", 1, 1},
        {"needle", "edle edle need nee dle neexle", 0, 0},
        {"needle", "", 0, 0},
        {"ab", "xaby", 1, 1},
        {"ab", "xacy b a", 0, 0},
        {"ab", "a", 0, 0},
        {"b{c", "B[C", 0, 0}, /* not the other case of each other */
        {"b@c", "b`c", 0, 0},
        {"a", "a", -1, -1},
        {"", "a", -1, -1},
        {"a\"b\"c", "a\\\"b\\\"c", -1, 0},
        {"a\"b\"c", "xa\"b\"cx", -1, 1},
        {"ab\"cde\"f", "ab\\\"cde\\\"f", 1, 0},
        {"ab\"cde\"f", "ab\\\"cdx\\\"f", 0, 0},
        {"abc\"d\"e", "abc\\\"d\\\"e", 1, 0},
        {"c:\\windows\\x", "C:\\\\Windows\\\\x", 1, 0},
        {"c:\\windows\\x", "C:\\Windows\\x", 1, 1},
        {"a/bc", "A\\/BC", 1, 0},
        {"a/bc", "A/BC", 1, 1},
        {"x\001yz", "x\\u0001yz", 1, 0},
        {"x\001yz", "x\001yz", 1, 1},
        {"\001xyz", "\\u0001xyz", 1, 0},
        {"x\x7Fyz", "x\\u007fyz", 1, 0},
        {"x~yz", "x~yz", 1, 1},
        {"x yz", "x yz", 1, 1},
        {"x yz", "x  yz", 0, 0},
        {"x\xC3\xA9yz", "x\xC3\xA9yz", 1, 1},
        {"x\xC3\xA9yz", "nothing", 0, 0},
        {"\xC3\xA9\xC3\xA8", "\xC3\xA9\xC3\xA8", -1, -1},
        {"task", "ta\xC5\xBFk", 1, 1}, /* they fold to s and k */
        {"task", "tas\xE2\x84\xAA", 1, 1},
        {"task", "tas\xE2\x84\xAB", 0, 0},
        {"task", "ta\xC5\xBE\x6B", 0, 0},
        {"other", "ta\xC5\xBFk", 1, 1}, /* looked at all the same */
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct slice record = slice_str(rows[i].record);

        is_int(look(rows[i].text, RAW_JSON, record), rows[i].json, "JSON, row %zu: %s", i,
               rows[i].text);
        is_int(look(rows[i].text, RAW_PLAIN, record), rows[i].plain, "plain, row %zu: %s", i,
               rows[i].text);
    }
}

/* Of any number of texts none that is there is missed. */
static void test_many(uint32_t count)
{
    static uint8_t room[TEXTS_MAX][LONGEST + 1];
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf raw = BUF_INIT(RAW_ROOM);
    struct slice texts[TEXTS_MAX];
    struct raw_filter *f[RAW_KINDS];
    unsigned missed = 0, no = 0;

    for (uint32_t i = 0; i < count; i++) {
        texts[i] = slice_of(room[i], 4 + below(LONGEST - 3));
        for (size_t k = 0; k < texts[i].n; k++)
            room[i][k] = (uint8_t) "abcdefghijklmnop \\\"/"[below(k < 2 ? 16 : 20)];
    }
    for (enum raw_kind kind = 0; kind < RAW_KINDS; kind++) {
        if (raw_filter_new(&arena, texts, count, kind, background, &f[kind]) < 0)
            abort();
        ok(f[kind] != NULL, "%u texts, kind %d", count, (int)kind);
    }
    for (unsigned round = 0; round < ROUNDS && f[0] && f[1]; round++) {
        struct slice text = texts[below(count)];
        uint8_t value[100];
        size_t n = below(40);
        struct json_write w = JSON_WRITE_INIT(&raw);

        for (size_t i = 0; i < n; i++)
            value[i] = (uint8_t) "QRSTUVWXYZ0123456789 "[below(21)];
        no += !hits(f[RAW_PLAIN], slice_of(value, n));
        for (size_t i = 0; i < text.n; i++)
            value[n++] = below(2) && text.p[i] >= 'a' ? text.p[i] & 0xDF : text.p[i];
        value[n++] = 'Z';
        missed += !hits(f[RAW_PLAIN], slice_of(value, n));
        buf_clear(&raw);
        json_open(&w, '{');
        json_key(&w, "Q");
        json_text(&w, slice_of(value, n));
        json_close(&w, '}');
        missed += !hits(f[RAW_JSON], buf_slice(&raw));
    }
    is_int(missed, 0, "of %u texts none is missed", count);
    is_int(no, ROUNDS, "and no record without any is looked at");
    buf_done(&raw);
    arena_done(&arena);
}

int main(void)
{
    static const uint32_t counts[] = {1, 2, 8, 9, 64, 65, 256, 257, TEXTS_MAX};

    background = background_new();
    if (background == NULL)
        abort();
    test_looks();
    for (size_t i = 0; i < CANH_LEN(counts); i++)
        test_many(counts[i]);
    background = background_free(background);
    return tap_done();
}
