/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <string.h>

#include "base/assert.h"

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

    canh_assert(err->used <= sizeof(err->pool));
    s = slice_head_utf8(s, sizeof(err->pool) - err->used);
    if (a == NULL)
        return;
    a->at = err->used;
    a->n = (uint16_t)s.n;
    if (s.n > 0)
        memcpy(err->pool + err->used, s.p, s.n);
    err->used = (uint16_t)(err->used + s.n);
}

static void each_add(struct err *err, const struct slice texts[2])
{
    struct err_arg *a = arg_add(err, ERR_ARG_EACH);
    uint16_t first = err->count;

    if (a == NULL)
        return;
    text_add(err, texts[0]);
    text_add(err, texts[1]);
    a->n = (uint16_t)(err->count - first);
}

/* What `inner` says becomes one argument: its text's id and, behind it, its own arguments. */
static void err_add(struct err *err, const struct err *inner)
{
    struct err_arg *a;
    uint16_t first;

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
    } else if (in->kind == ERR_ARG_EACH) {
        each_add(err, in->each);
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

struct slice err_text(const struct err *err, unsigned i)
{
    const struct err_arg *a = i < err->count ? &err->arg[i] : NULL;

    return a && a->kind == ERR_ARG_TEXT ? slice_of(err->pool + a->at, a->n) : SLICE_NULL;
}
