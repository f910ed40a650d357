/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[CE_MAX] = {
    [CE_OK] = "success",
    [CE_NOMEM] = "out of memory",
    [CE_TRUNCATED] = "ends too early",
    [CE_TOO_BIG] = "too big",
    [CE_DEPTH] = "nested too deep",
    [CE_SYNTAX] = "syntax error",
    [CE_ENCODING] = "invalid character encoding",
    [CE_UNKNOWN] = "unknown",
    [CE_MISSING] = "missing",
    [CE_CONFLICT] = "conflict",
    [CE_RANGE] = "out of range",
    [CE_DENIED] = "not permitted",
    [CE_NOT_FOUND] = "not found",
    [CE_EXISTS] = "exists already",
    [CE_CORRUPT] = "corrupt",
    [CE_BUSY] = "busy",
    [CE_PEER] = "peer misbehaved",
    [CE_IO] = "input/output error",
    [CE_BUG] = "internal error",
};

const char *ce_to_str(int code)
{
    if (code < 0)
        code = -code;
    return code < CE_MAX ? texts[code] : "unknown error";
}

/* A message that was cut must not end inside a character. */
static void end_whole(char *msg)
{
    size_t n = strlen(msg), from = n;

    while (from > 0 && n - from < 3 && ((uint8_t)msg[from - 1] & 0xC0) == 0x80)
        from--;
    if (from == 0 || (uint8_t)msg[from - 1] < 0xC0)
        return;
    from--;
    if (n - from < (size_t)((uint8_t)msg[from] >= 0xF0 ? 4 : (uint8_t)msg[from] >= 0xE0 ? 3 : 2))
        msg[from] = 0;
}

/* At most n bytes of s, cut at a character. */
static struct slice cut(struct slice s, size_t n)
{
    if (s.n <= n)
        return s;
    while (n > 0 && (s.p[n] & 0xC0) == 0x80)
        n--;
    return slice_head(s, n);
}

static struct err_arg *arg_add(struct err *err, enum err_kind kind)
{
    struct err_arg *a = err->count < ERR_ARGS_MAX ? &err->arg[err->count++] : NULL;

    if (a != NULL)
        *a = (struct err_arg){.kind = (uint8_t)kind};
    return a;
}

static void text_add(struct err *err, struct slice s)
{
    struct err_arg *a = arg_add(err, ERR_ARG_TEXT);

    s = cut(s, sizeof(err->pool) - err->used);
    if (a == NULL)
        return;
    a->at = err->used;
    a->n = (uint16_t)s.n;
    if (s.n > 0)
        memcpy(err->pool + err->used, s.p, s.n);
    err->used = (uint16_t)(err->used + s.n);
}

/* What `inner` says becomes one argument: its text's id and, behind it, its own arguments. */
static void err_add(struct err *err, const struct err *inner)
{
    struct err_arg *a;
    uint16_t first;

    if (inner->id == 0 && inner->msg[0] != 0) {
        text_add(err, slice_str(inner->msg));
        return;
    }
    a = arg_add(err, ERR_ARG_ID);
    if (a == NULL)
        return;
    a->u = inner->id ? inner->id : (unsigned)inner->code;
    first = err->count;
    for (unsigned i = 0; i < inner->count; i++) {
        const struct err_arg *from = &inner->arg[i];

        if (from->kind == ERR_ARG_TEXT) {
            text_add(err, (struct slice){(const uint8_t *)inner->pool + from->at, from->n});
        } else {
            struct err_arg *to = arg_add(err, from->kind);

            if (to != NULL)
                *to = *from;
        }
    }
    if (inner->sys != 0) {
        struct err_arg *sys = arg_add(err, ERR_ARG_SYS);

        if (sys != NULL)
            sys->i = inner->sys;
    }
    a->n = (uint16_t)(err->count - first);
}

static void in_add(struct err *err, const struct err_in *in)
{
    struct err_arg *a;

    if (in->kind == ERR_ARG_TEXT) {
        text_add(err, in->s);
    } else if (in->kind == ERR_ARG_ERR) {
        err_add(err, in->err);
    } else if ((a = arg_add(err, in->kind)) != NULL) {
        a->u = in->u; /* all of the union's numbers are 64 bits */
        a->at = (uint16_t)(in->offset_s / 60 + 1440);
    }
}

void err_fill(struct err *err, enum ce code, int sys, unsigned line, unsigned col, unsigned id,
              unsigned count, const struct err_in *in)
{
    struct err made = {.code = (int)code, .sys = sys, .line = line, .col = col, .id = id};

    if (err == NULL)
        return;
    /* in may stand in err itself, as when a caller says more about what it was told */
    for (unsigned i = 0; i < count; i++)
        in_add(&made, &in[i]);
    *err = made;
}

CANH_PRINTF(6, 0)
static void fill(struct err *err, enum ce code, int sys, unsigned line, unsigned col,
                 const char *fmt, va_list ap)
{
    if (err == NULL)
        return;
    *err = (struct err){.code = (int)code, .sys = sys, .line = line, .col = col};
    (void)vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    end_whole(err->msg);
}

void err_put(struct err *err, enum ce code, unsigned line, unsigned col, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, code, 0, line, col, fmt, ap);
    va_end(ap);
}

void err_put_sys(struct err *err, int sys, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fill(err, CE_IO, sys, 0, 0, fmt, ap);
    va_end(ap);
    if (err != NULL) {
        size_t n = strlen(err->msg);

        (void)snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", strerror(sys));
        end_whole(err->msg);
    }
}
