/* SPDX-License-Identifier: Apache-2.0 */
#include "os/err_frame.h"

#include <string.h>

#include "base/time.h"
#include "base/utf.h"

void frame_put_err(struct buf *out, const struct err *err)
{
    frame_put_u32(out, (uint32_t)err->code);
    frame_put_u32(out, (uint32_t)err->sys);
    frame_put_u32(out, err->line);
    frame_put_u32(out, err->col);
    frame_put_u64(out, err->offset);
    frame_put_u32(out, err->id);
    frame_put_u8(out, (uint8_t)err->count);
    for (unsigned i = 0; i < err->count; i++) {
        const struct err_arg *a = &err->arg[i];

        frame_put_u8(out, a->kind);
        frame_put_u32(out, a->at);
        frame_put_u32(out, a->n);
        frame_put_u64(out, a->u);
    }
    frame_put_text(out, slice_of(err->pool, err->used));
}

/* A text lies in the pool, at characters; what has arguments of its own has them behind it. */
static bool err_frame_is_sound(const struct err *e, unsigned i)
{
    const struct err_arg *a = &e->arg[i];

    switch ((enum err_kind)a->kind) {
    case ERR_ARG_TEXT:
        return (unsigned)a->at + a->n <= e->used && utf8_valid(slice_of(e->pool + a->at, a->n));
    case ERR_ARG_ID:
    case ERR_ARG_EACH:
        return i + 1u + a->n <= e->count;
    case ERR_ARG_TIME:
        return a->at <= 2 * 1440 && a->i >= INT64_MIN / TIME_SECOND &&
               a->i <= INT64_MAX / TIME_SECOND;
    default:
        return a->kind < ERR_ARG_ERR;
    }
}

static void args_get(struct frame_reader *f, struct err *ret)
{
    uint8_t count = frame_get_u8(f);

    ret->count = f->bad || count > ERR_ARGS_MAX ? 0 : count;
    f->bad = f->bad || count > ERR_ARGS_MAX;
    for (unsigned i = 0; i < ret->count; i++) {
        uint32_t at, n;

        ret->arg[i].kind = frame_get_u8(f);
        at = frame_get_u32(f);
        n = frame_get_u32(f);
        ret->arg[i].u = frame_get_u64(f);
        f->bad = f->bad || at > UINT16_MAX || n > ERR_POOL;
        ret->arg[i].at = (uint16_t)at;
        ret->arg[i].n = (uint16_t)n;
    }
}

void frame_get_err(struct frame_reader *f, struct err *ret)
{
    struct slice pool;

    *ret = ERR_INIT;
    ret->code = (int)frame_get_u32(f);
    ret->sys = (int)frame_get_u32(f);
    ret->line = frame_get_u32(f);
    ret->col = frame_get_u32(f);
    ret->offset = frame_get_u64(f);
    ret->id = frame_get_u32(f);
    args_get(f, ret);
    pool = frame_get_text(f, ERR_POOL);
    ret->used = (uint16_t)pool.n;
    if (pool.n > 0)
        memcpy(ret->pool, pool.p, pool.n);
    f->bad = f->bad || ret->code <= 0 || ret->code >= CE_MAX;
    for (unsigned i = 0; i < ret->count && !f->bad; i++)
        f->bad = !err_frame_is_sound(ret, i);
    if (f->bad)
        (void)err_code(ret, CE_PEER);
}
