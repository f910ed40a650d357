/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_PLAN_GOLDEN_H
#define CANH_TESTS_PLAN_GOLDEN_H
/*
 * What comes of the shipped plans and of the letters, whole: tests/golden/plan/NAME. With
 * CANH_BLESS=1 the file is written anew: read the difference before it is committed.
 */
#include <stdlib.h>

#include "planload.h"

static inline void golden_is(struct planload *load, const char *name, const struct buf *got)
{
    struct slice want, rest = buf_slice(got), line, wanted;
    const char *bless = getenv("CANH_BLESS");
    char path[4096];
    unsigned number = 0;

    (void)snprintf(path, sizeof(path), "%s/tests/golden/plan/%s", tap_source_dir(), name);
    if (bless != NULL && bless[0] == '1') {
        FILE *f = fopen(path, "w");

        ok(f != NULL && fwrite(got->p, 1, got->len, f) == got->len && fclose(f) == 0, "%s written",
           path);
        return;
    }
    (void)snprintf(path, sizeof(path), "tests/golden/plan/%s", name);
    want = planload_file(load, path);
    if (ok(slice_eq(rest, want), "%s is as it was", name))
        return;
    while (slice_cut(&rest, '\n', &line) && slice_cut(&want, '\n', &wanted)) {
        number++;
        if (!slice_eq(line, wanted)) {
            tap_note("line %u: " SLICE_FMT, number, SLICE_ARG(line));
            tap_note("not: " SLICE_FMT, SLICE_ARG(wanted));
            return;
        }
    }
}

/* Lines of words, each with what is read in it: “words => what(words)”. */
static inline void golden_lines(struct planload *load, const char *name,
                                void (*what)(struct slice words, struct buf *out))
{
    struct buf got = BUF_INIT(1 << 22);
    char path[4096];
    struct slice rest, line;

    (void)snprintf(path, sizeof(path), "tests/golden/plan/%s", name);
    rest = planload_file(load, path);
    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        size_t n = slice_find(line, SLICE(" => "));

        buf_append_slice(&got, slice_head(line, n));
        if (line.n > 0 && line.p[0] != '#') {
            buf_puts(&got, " => ");
            what(slice_head(line, n), &got);
        }
        buf_putc(&got, '\n');
    }
    golden_is(load, name, &got);
    buf_done(&got);
}

#endif
