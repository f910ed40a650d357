/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of an archive between two processes: as they were put in, or refused. */
#include "office/bundle_wire.h"

#include <string.h>

#include "tap.h"

static struct arena arena;

static int decode_named(const char *name)
{
    const struct bundle_counts counts = {.rules = 1, .loaded = 1, .newest_day = 20000};
    struct buf out = BUF_INIT(1 << 16);
    struct bundle b;
    int r;

    bundle_begin(&out);
    bundle_put(&out, slice_str(name), SLICE("title: a\n"));
    bundle_end(&out, &counts, SLICE("LICENSE"));
    r = bundle_decode(buf_slice(&out), &arena, &b);
    if (r == 0)
        ok(b.count == 1 && slice_is(b.files[0].name, name) && b.counts.newest_day == 20000 &&
               slice_is(b.licences, "LICENSE"),
           "%s comes as it was put in", name);
    buf_done(&out);
    return r;
}

static void test_names(void)
{
    static const char *const bad[] = {"/a.yml",       "../a.yml", "a/../b.yml",
                                      "a/./b.yml",    "a//b",     "a/",
                                      ".a.yml",       "a\\b.yml", "a\n.yml",
                                      "\xff\xfe.yml", ""};

    is_int(decode_named("rules/windows/a b.yml"), 0, "a name in folders");
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        ok(decode_named(bad[i]) < 0, "not %s", bad[i]);
}

static void test_lengths(void)
{
    char name[300];
    struct slice s;

    memset(name, 'a', sizeof(name));
    name[255] = 0;
    is_int(decode_named(name), 0, "a file's name of 255 bytes");
    name[255] = 'a';
    name[256] = 0;
    ok(decode_named(name) < 0, "none of 256");
    s = slice_of(name, 100);
    ok(bundle_name_is_good(s), "a collection's name of 100 letters");
    s.n++;
    ok(!bundle_name_is_good(s), "none of 101");
}

/* Every cut of what is whole is refused, and what has more. */
static void test_cuts(void)
{
    const struct bundle_counts counts = {.rules = 2, .loaded = 1, .refused = 1};
    struct buf out = BUF_INIT(1 << 16);
    struct bundle b;
    size_t taken = 0;

    bundle_begin(&out);
    bundle_put(&out, SLICE("a.yml"), SLICE("title: a\n"));
    bundle_put(&out, SLICE("b.yml"), SLICE(""));
    bundle_end(&out, &counts, SLICE(""));
    for (size_t n = 0; n < out.len; n++)
        taken += bundle_decode(slice_head(buf_slice(&out), n), &arena, &b) == 0;
    is_int((long long)taken, 0, "no part of it is taken");
    is_int(bundle_decode(buf_slice(&out), &arena, &b), 0, "the whole is");
    buf_putc(&out, 0);
    ok(bundle_decode(buf_slice(&out), &arena, &b) < 0, "with more behind it it is not");
    buf_done(&out);
}

static void test_collection_names(void)
{
    static const char *const bad[] = {"", ".a", "a/b", "a b", "ă", ".."};

    ok(bundle_name_is_good(SLICE("sigma_core-2.1")), "a name of a collection");
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        ok(!bundle_name_is_good(slice_str(bad[i])), "not \"%s\"", bad[i]);
}

int main(void)
{
    arena = ARENA_INIT(1 << 22);
    test_names();
    test_lengths();
    test_cuts();
    test_collection_names();
    arena_done(&arena);
    return tap_done();
}
