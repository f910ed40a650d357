/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned run, failed;

__attribute__((format(printf, 2, 0))) static void result(bool passed, const char *name, va_list ap)
{
    char text[1024];

    (void)vsnprintf(text, sizeof(text), name, ap);
    for (char *c = text; *c != 0; c++)
        *c = *c == '\n' || *c == '\r' ? ' ' : *c; /* a test is one line */
    printf("%sok %u - %s\n", passed ? "" : "not ", ++run, text);
    failed += !passed;
    if (!passed && getenv("TAP_STOP") != NULL) { /* whoever runs it wants no more than that */
        (void)fflush(stdout);
        _exit(EXIT_FAILURE);
    }
}

bool tap_ok(bool cond, const char *file, int line, const char *expr, const char *name, ...)
{
    va_list ap;

    va_start(ap, name);
    result(cond, name, ap);
    va_end(ap);
    if (!cond)
        printf("# %s:%d: %s\n", file, line, expr);
    (void)fflush(stdout);
    return cond;
}

bool tap_is_int(int64_t got, int64_t want, const char *file, int line, const char *name, ...)
{
    va_list ap;

    va_start(ap, name);
    result(got == want, name, ap);
    va_end(ap);
    if (got != want)
        printf("# %s:%d: got %" PRId64 ", want %" PRId64 "\n", file, line, got, want);
    (void)fflush(stdout);
    return got == want;
}

bool tap_is_slice(struct slice got, struct slice want, const char *file, int line, const char *name,
                  ...)
{
    bool same = slice_eq(got, want);
    va_list ap;

    va_start(ap, name);
    result(same, name, ap);
    va_end(ap);
    if (!same)
        printf("# %s:%d: got \"" SLICE_FMT "\", want \"" SLICE_FMT "\"\n", file, line,
               SLICE_ARG(got), SLICE_ARG(want));
    (void)fflush(stdout);
    return same;
}

void tap_skip(const char *why, ...)
{
    va_list ap;

    printf("ok %u # SKIP ", ++run);
    va_start(ap, why);
    vprintf(why, ap);
    va_end(ap);
    putchar('\n');
}

void tap_note(const char *fmt, ...)
{
    va_list ap;

    printf("# ");
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

int tap_done(void)
{
    printf("1..%u\n", run);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

const char *tap_source_dir(void)
{
    const char *dir = getenv("CANH_SOURCE_DIR");

    return dir ? dir : ".";
}

const char *tap_data_dir(void)
{
    static char path[4096];
    const char *dir = getenv("CANH_TEST_DATA");

    if (dir == NULL) {
        (void)snprintf(path, sizeof(path), "%s/../shared/data", tap_source_dir());
        dir = path;
    }
    return access(dir, R_OK) == 0 ? dir : NULL;
}
