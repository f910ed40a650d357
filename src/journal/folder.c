/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/num.h"
#include "journal/internal.h"

enum { NUMBER_DIGITS = 16 };

const char *journal_path(const struct journal *j, struct path *ret, const char *fmt, ...)
{
    size_t n = (size_t)snprintf(ret->text, sizeof(ret->text), "%s/", j->folder);
    va_list ap;

    va_start(ap, fmt);
    if (n < sizeof(ret->text) &&
        (size_t)vsnprintf(ret->text + n, sizeof(ret->text) - n, fmt, ap) >= sizeof(ret->text) - n)
        n = sizeof(ret->text);
    va_end(ap);
    if (n >= sizeof(ret->text))
        ret->text[0] = 0;
    return ret->text;
}

const char *segment_path(const struct journal *j, const struct stream *s, uint64_t first,
                         struct path *ret)
{
    return journal_path(j, ret, "streams/%s/%016" PRIx64 ".seg", s->name, first);
}

uint64_t segment_size(const struct journal *j, const struct stream *s, uint32_t i)
{
    struct path path;
    struct stat st;

    return stat(segment_path(j, s, s->segments[i], &path), &st) == 0 ? (uint64_t)st.st_size : 0;
}

const char *tail_path(const struct journal *j, uint64_t number, struct path *ret)
{
    return journal_path(j, ret, "tail/%016" PRIx64, number);
}

int folder_numbers(const char *folder, const char *suffix, int (*fn)(void *ctx, uint64_t number),
                   void *ctx, struct err *err)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    int r = 0;

    if (d == NULL)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, folder);
    while (r == 0 && (e = readdir(d)) != NULL) {
        struct slice name = slice_str(e->d_name);
        uint64_t number;

        if (name.n == NUMBER_DIGITS + strlen(suffix) && slice_ends(name, slice_str(suffix)) &&
            num_hex(slice_head(name, NUMBER_DIGITS), &number) == 0)
            r = fn(ctx, number);
    }
    (void)closedir(d);
    return r;
}
