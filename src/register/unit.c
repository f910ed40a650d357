/* SPDX-License-Identifier: Apache-2.0 */
#include "register/unit.h"

#include "state/settings.h"

struct own_unit {
    struct state_id id;
    unsigned count;
};

static int own_setting(void *u, const struct state_setting *x)
{
    struct own_unit *own = u;

    if (setting_is_own(x)) {
        own->id = x->unit;
        own->count++;
    }
    return 0;
}

static int any_unit(void *u, const struct state_unit *x)
{
    struct own_unit *only = u;

    only->id = x->id;
    return ++only->count > 1;
}

int unit_own_find(struct state *s, const struct state_actor *actor, struct state_id *ret,
                  struct err *err)
{
    struct state_query q = {.limit = 0};
    struct own_unit own = {.count = 0};
    int r = state_setting_each(s, actor, &q, own_setting, &own, err);

    if (r >= 0 && own.count == 0)
        r = state_unit_each(s, actor, &q, any_unit, &own, err);
    if (r < 0)
        return r;
    *ret = own.id;
    return own.count == 1;
}

static int unit_mark(const struct act_ctx *ctx, const struct state_actor *actor,
                     struct state_id unit, struct err *err)
{
    struct state_setting s = {.unit = unit,
                              .name = SLICE(SETTING_OWN),
                              .yaml = SLICE("own: true\n"),
                              .source = SLICE("canh init")};

    return state_setting_put(ctx->s, actor, &s, err);
}

static int unit_make(const struct act_ctx *ctx, const struct state_actor *actor, struct slice code,
                     struct unit_own_result *ret, struct err *err)
{
    struct state_unit unit = {.code = code, .name = code, .kind = SLICE("agency")};
    int r = state_unit_put(ctx->s, actor, &unit, err);

    if (r == 0)
        r = unit_mark(ctx, actor, unit.id, err);
    if (r == 0)
        *ret = (struct unit_own_result){.made = true, .code = code};
    return r;
}

static int own_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct unit_own_request *request, struct unit_own_result *ret,
                      struct err *err)
{
    struct state_query q = {.limit = 0};
    struct state_unit *units = NULL;
    struct own_unit marked = {.count = 0};
    bool named = request->code.n > 0;
    size_t n = 0;
    int r = state_setting_each(ctx->s, actor, &q, own_setting, &marked, err);

    if (r < 0 || marked.count > 0)
        return r;
    r = state_unit_list(ctx->s, actor, &q, ctx->arena, &units, &n, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++)
        if (named ? slice_eq(units[i].code, request->code) : n == 1)
            return unit_mark(ctx, actor, units[i].id, err);
    if (n > 0 && !named)
        return 0;
    return unit_make(ctx, actor, named ? request->code : request->fallback, ret, err);
}

int unit_own(const struct act_ctx *ctx, const struct state_actor *actor,
             const struct unit_own_request *request, struct unit_own_result *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    *ret = (struct unit_own_result){.made = false};
    return r < 0 ? r : state_act_end(ctx->s, own_inside(ctx, actor, request, ret, err), err);
}
