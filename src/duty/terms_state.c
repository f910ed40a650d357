/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/terms_state.h"

#include "base/assert.h"
#include "lang/err_duty.h"
#include "state/settings.h"
#include "state/units.h"

enum { ABOVE_MAX = 32 };

/* The files that units keep, and canh's own. */
struct files {
    struct state *s;
    struct state_actor all;
    struct arena *arena;
    struct slice shipped;
    struct state_setting *rows;     /* those named duty */
    struct duty_terms_found **read; /* by row, once it was asked for; the last one is canh's own */
    size_t count;
    struct err *err;
};

static int open_files(struct files *f)
{
    struct state_query q = {.limit = 0};
    size_t n = 0;
    int r = state_setting_list(f->s, &f->all, &q, f->arena, &f->rows, &n, f->err);

    if (r < 0)
        return r;
    canh_assert(f->rows != NULL || n == 0);
    for (size_t i = 0; i < n; i++) {
        if (slice_is(f->rows[i].name, DUTY_TERMS_NAME))
            f->rows[f->count++] = f->rows[i];
    }
    f->read = arena_new_array(f->arena, f->count + 1, struct duty_terms_found *);
    return f->read ? 0 : err_nomem(f->err);
}

/* Names the unit whose file is wrong, with the place in it. r: what reading it gave. */
static int terms_state_report(struct files *f, const struct state_setting *row, int r,
                              const struct err *why)
{
    struct state_unit u;

    if (state_unit_get(f->s, &f->all, row->unit, f->arena, &u, NULL) < 0)
        u.code = SLICE("?");
    return err_fail(f->err, (enum ce) - r, ERR_DUTY_DUTY_TERMS_LINE_COLUMN, u.code, why->line,
                    why->col, why);
}

static int read_file(struct files *f, size_t i, const struct duty_terms_found **ret)
{
    const struct state_setting *row = i < f->count ? &f->rows[i] : NULL;
    struct duty_terms_found *x = f->read[i];
    struct err why = ERR_INIT;
    int r;

    if (x == NULL) {
        x = arena_new(f->arena, struct duty_terms_found);
        if (x == NULL)
            return err_nomem(f->err);
        x->yaml = row ? row->yaml : f->shipped;
        x->source = row ? row->source : SLICE_NULL;
        x->unit = row ? row->unit : STATE_ID_NONE;
        r = duty_terms_parse(x->yaml, &x->terms, &why);
        if (r < 0 && row)
            return terms_state_report(f, row, r, &why);
        if (r < 0 && f->err)
            *f->err = why;
        if (r < 0)
            return r;
        f->read[i] = x;
    }
    *ret = x;
    return 0;
}

static size_t row_of(const struct files *f, struct state_id unit)
{
    size_t i = 0;

    while (i < f->count && !id_eq(f->rows[i].unit, unit))
        i++;
    return i;
}

/* The unit's own, else that of the nearest one above. */
static int terms_state_find(struct files *f, struct state_id unit,
                            const struct duty_terms_found **ret)
{
    size_t row = f->count;

    for (int i = 0; f->count > 0 && i < ABOVE_MAX && !id_is_none(unit); i++) {
        struct state_unit u;
        int r;

        row = row_of(f, unit);
        if (row < f->count)
            break;
        r = state_unit_get(f->s, &f->all, unit, f->arena, &u, f->err);
        if (r < 0)
            return r;
        unit = u.parent;
    }
    return read_file(f, row, ret);
}

int duty_terms_of(struct state *s, struct state_id unit, struct slice shipped, struct arena *arena,
                  struct duty_terms_found *ret, struct err *err)
{
    struct files f = {
        .s = s, .all = state_actor_system(), .arena = arena, .shipped = shipped, .err = err};
    const struct duty_terms_found *x;
    int r = open_files(&f);

    if (r == 0)
        r = terms_state_find(&f, unit, &x);
    if (r == 0)
        *ret = *x;
    return r;
}

int duty_terms_load(struct state *s, struct duty_load *l, struct slice shipped, struct arena *arena,
                    struct err *err)
{
    struct files f = {
        .s = s, .all = state_actor_system(), .arena = arena, .shipped = shipped, .err = err};
    const struct duty_terms **terms =
        arena_new_array(arena, l->plan.post_count + 1, const struct duty_terms *);
    int r = terms ? open_files(&f) : err_nomem(err);

    for (size_t i = 0; r == 0 && i < l->plan.post_count; i++) {
        const struct duty_terms_found *x;

        r = terms_state_find(&f, l->posts[i].unit, &x);
        if (r == 0)
            terms[i] = &x->terms;
    }
    if (r == 0)
        l->terms = terms;
    return r;
}

static int find_own(const struct act_ctx *ctx, const struct state_actor *actor,
                    struct state_id unit, struct state_setting *ret, struct err *err)
{
    struct err why = ERR_INIT;
    int r = state_setting_find(ctx->s, actor, unit, SLICE(DUTY_TERMS_NAME), ctx->arena, ret, &why);

    if (r < 0 && err)
        *err = why;
    return r;
}

int terms_keep(const struct act_ctx *ctx, const struct state_actor *actor,
               const struct terms_request *request, struct duty_terms_found *ret, struct err *err)
{
    struct state_setting x;
    int r;

    *ret = (struct duty_terms_found){.unit = request->unit,
                                     .yaml = request->yaml,
                                     .source = request->source};
    r = duty_terms_parse(request->yaml, &ret->terms, err);
    if (r == 0)
        r = state_act_begin(ctx->s, err);
    if (r < 0)
        return r;
    r = find_own(ctx, actor, request->unit, &x, NULL);
    if (r == -CE_NOT_FOUND) {
        x = (struct state_setting){.unit = request->unit, .name = SLICE(DUTY_TERMS_NAME)};
        r = 0;
    } else if (r < 0) {
        (void)err_code(err, r);
    }
    x.yaml = request->yaml;
    x.source = request->source;
    if (r == 0)
        r = state_setting_put(ctx->s, actor, &x, err);
    return state_act_end(ctx->s, r, err);
}

int terms_drop(const struct act_ctx *ctx, const struct state_actor *actor, struct state_id unit,
               struct err *err)
{
    struct state_setting x;
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = find_own(ctx, actor, unit, &x, err);
    if (r == 0)
        r = state_setting_drop(ctx->s, actor, x.id, x.version, err);
    return state_act_end(ctx->s, r, err);
}
