/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/error.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lang/err_system.h"

enum { DEPTH_MAX = 4 };

static const struct {
    int sys;
    unsigned id;
} systems[] = {
    {ENOENT, ERR_SYSTEM_ENOENT},
    {EACCES, ERR_SYSTEM_EACCES},
    {EPERM, ERR_SYSTEM_EPERM},
    {EISDIR, ERR_SYSTEM_EISDIR},
    {ENOTDIR, ERR_SYSTEM_ENOTDIR},
    {ENOSPC, ERR_SYSTEM_ENOSPC},
    {EDQUOT, ERR_SYSTEM_EDQUOT},
    {EROFS, ERR_SYSTEM_EROFS},
    {ELOOP, ERR_SYSTEM_ELOOP},
    {EIO, ERR_SYSTEM_EIO},
    {EFBIG, ERR_SYSTEM_EFBIG},
    {EMFILE, ERR_SYSTEM_EMFILE},
    {ENFILE, ERR_SYSTEM_ENFILE},
    {ENOMEM, ERR_SYSTEM_ENOMEM},
    {EEXIST, ERR_SYSTEM_EEXIST},
    {EBUSY, ERR_SYSTEM_EBUSY},
    {ENOTEMPTY, ERR_SYSTEM_ENOTEMPTY},
    {EXDEV, ERR_SYSTEM_EXDEV},
    {ENAMETOOLONG, ERR_SYSTEM_ENAMETOOLONG},
    {EPIPE, ERR_SYSTEM_EPIPE},
    {ECONNREFUSED, ERR_SYSTEM_ECONNREFUSED},
    {ECONNRESET, ERR_SYSTEM_ECONNRESET},
    {ETIMEDOUT, ERR_SYSTEM_ETIMEDOUT},
    {EADDRINUSE, ERR_SYSTEM_EADDRINUSE},
    {ENETUNREACH, ERR_SYSTEM_ENETUNREACH},
    {EHOSTUNREACH, ERR_SYSTEM_EHOSTUNREACH},
    {EINVAL, ERR_SYSTEM_EINVAL},
    {ENOSYS, ERR_SYSTEM_ENOSYS},
    {ENODEV, ERR_SYSTEM_ENODEV},
};

const char *error_system(enum lang lang, int sys)
{
    for (size_t i = 0; i < CANH_LEN(systems); i++) {
        if (systems[i].sys == sys)
            return lang_text(lang, systems[i].id);
    }
    return strerror(sys);
}

const char *error_kind(enum lang lang, int code)
{
    code = code < 0 ? -code : code;
    return lang_text(lang, (unsigned)(code < CE_MAX ? code : CE_BUG));
}

/* The arguments of one text: a run in err->arg, in which those of inner texts stand too. */
struct run {
    const struct err *err;
    unsigned first, end;
};

static void error_words(struct buf *out, enum lang lang, unsigned id, struct run run,
                        unsigned depth);

/* An argument and what belongs to it. */
static unsigned arg_size(struct run run, unsigned at)
{
    const struct err_arg *a = &run.err->arg[at];

    return a->kind == ERR_ARG_ID || a->kind == ERR_ARG_EACH ? 1u + a->n : 1u;
}

/* The place of a run's argument (from 1), past what belongs to inner texts; run.end: it has none.
 */
static unsigned arg_at(struct run run, unsigned number)
{
    unsigned at = run.first;

    while (--number > 0 && at < run.end)
        at += arg_size(run, at);
    return CANH_MIN(at, run.end);
}

/* Day and time as people of the language write them. */
static void time_write(struct buf *out, enum lang lang, const struct err_arg *a)
{
    struct civil c;

    time_to_civil(a->i * INT64_C(1000000000), (a->at - 1440) * 60, &c);
    if (lang == LANG_VI)
        buf_printf(out, "%02u:%02u %02u/%02u/%d", c.hour, c.minute, c.day, c.month, c.year);
    else
        buf_printf(out, "%d-%02u-%02u %02u:%02u", c.year, c.month, c.day, c.hour, c.minute);
}

static void text_write(struct buf *out, const struct err *err, unsigned at)
{
    const struct err_arg *a = &err->arg[at];

    canh_assert((size_t)a->at + a->n <= sizeof(err->pool));
    buf_append(out, err->pool + a->at, a->n);
}

/* The text of the language, of the last where there are fewer; another where that is empty. */
static void each_write(struct buf *out, enum lang lang, struct run run, unsigned at)
{
    unsigned n = CANH_MIN(run.err->arg[at].n, run.end - at - 1);
    unsigned own = CANH_MIN((unsigned)lang, n - 1);

    for (unsigned i = 0; i < n; i++) {
        unsigned one = at + 1 + (own + i) % n;

        if (run.err->arg[one].kind == ERR_ARG_TEXT && run.err->arg[one].n > 0) {
            text_write(out, run.err, one);
            return;
        }
    }
}

static void arg_write(struct buf *out, enum lang lang, struct run run, unsigned at, bool hex,
                      unsigned depth)
{
    const struct err_arg *a = &run.err->arg[at];

    switch ((enum err_kind)a->kind) {
    case ERR_ARG_TEXT:
        text_write(out, run.err, at);
        break;
    case ERR_ARG_EACH:
        each_write(out, lang, run, at);
        break;
    case ERR_ARG_INT:
        buf_printf(out, "%" PRId64, a->i);
        break;
    case ERR_ARG_UINT:
        buf_printf(out, hex ? "%02" PRIx64 : "%" PRIu64, a->u);
        break;
    case ERR_ARG_REAL:
        buf_printf(out, "%g", a->d);
        break;
    case ERR_ARG_TIME:
        time_write(out, lang, a);
        break;
    case ERR_ARG_ID:
        if (depth < DEPTH_MAX)
            error_words(out, lang, (unsigned)a->u, (struct run){run.err, at + 1, at + 1 + a->n},
                        depth + 1);
        break;
    case ERR_ARG_SYS:
        buf_puts(out, error_system(lang, (int)a->i));
        break;
    case ERR_ARG_NONE:
    case ERR_ARG_ERR:
        break;
    }
}

static void error_words(struct buf *out, enum lang lang, unsigned id, struct run run,
                        unsigned depth)
{
    struct slice s = slice_str(lang_text(lang, id));

    while (s.n > 0) {
        size_t n = slice_find(s, SLICE("{"));
        unsigned at;
        bool hex;

        n = CANH_MIN(n, s.n);
        buf_append_slice(out, slice_head(s, n));
        s = slice_from(s, n);
        if (s.n < 3)
            continue;
        hex = s.p[2] == 'x';
        at = arg_at(run, s.p[1] - (unsigned)'0');
        s = slice_from(s, hex ? 4 : 3);
        if (at < run.end)
            arg_write(out, lang, run, at, hex, depth);
    }
    /* what the system said to an inner text stands behind the arguments that the text names */
    for (unsigned at = run.first; at < run.end; at += arg_size(run, at)) {
        if (run.err->arg[at].kind == ERR_ARG_SYS) {
            buf_puts(out, ": ");
            arg_write(out, lang, run, at, false, depth);
        }
    }
}

void error_write(struct buf *out, enum lang lang, const struct err *err)
{
    if (err->id != 0)
        error_words(out, lang, err->id, (struct run){err, 0, err->count}, 0);
    else if (err->sys == 0)
        buf_puts(out, error_kind(lang, err->code));
    if (err->id != 0 && err->sys != 0)
        buf_puts(out, ": ");
    if (err->sys != 0)
        buf_puts(out, error_system(lang, err->sys));
}
