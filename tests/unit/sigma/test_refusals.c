/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/golden/rules: every file is read, and what came of it is compared with expected.txt, line
 * by line. One bad rule hides nothing of the rest.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "err_words.h"
#include "sigma_case.h"
#include "tap.h"

static void describe(const char *name, const struct rule_file *f, struct buf *out)
{
    buf_printf(out, "%s: %u rules, %u filters, %u correlations\n", name, f->rule_count,
               f->filter_count, f->correlation_count);
    for (uint32_t i = 0; i < f->problem_count; i++) {
        const struct rule_problem *p = &f->problems[i];

        buf_printf(out, "%s:%u:%u: %s\n", name, p->err.line, p->err.col, err_words(&p->err));
    }
}

static void read_one(const char *folder, const char *name, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct buf text = BUF_INIT(1 << 20);
    struct rule_file f;
    char path[4400];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (file_read(path, &text, NULL) < 0 ||
        rule_read(&arena, slice_str(name), buf_slice(&text), NULL, &f) < 0)
        abort();
    describe(name, &f, out);
    buf_done(&text);
    arena_done(&arena);
}

static void compare(struct slice got, struct slice want)
{
    struct slice got_line, want_line;
    bool more;

    do {
        got_line = want_line = SLICE_NULL;
        more = slice_cut(&got, '\n', &got_line);
        more = slice_cut(&want, '\n', &want_line) || more;
        if (more)
            is_slice(got_line, want_line, SLICE_FMT, SLICE_ARG(want_line));
    } while (more);
}

int main(void)
{
    struct buf got = BUF_INIT(1 << 20), want = BUF_INIT(1 << 20);
    char folder[4096], path[4200];
    struct dirent **names;
    int n;

    (void)snprintf(folder, sizeof(folder), "%s/tests/golden/rules", tap_source_dir());
    n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (slice_ends(slice_str(names[i]->d_name), SLICE(".yml")))
            read_one(folder, names[i]->d_name, &got);
        free(names[i]);
    }
    free(names);
    (void)snprintf(path, sizeof(path), "%s/expected.txt", folder);
    ok(file_read(path, &want, NULL) >= 0, "what is expected is there");
    compare(buf_slice(&got), buf_slice(&want));
    buf_done(&got);
    buf_done(&want);
    return tap_done();
}
