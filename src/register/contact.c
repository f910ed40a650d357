/* SPDX-License-Identifier: Apache-2.0 */
#include "register/contact.h"

#include "lang/err_register.h"

static bool is_meant(const struct contact_of *of, const struct state_contact *x)
{
    if (of->kind != 0 && x->kind != of->kind)
        return false;
    if (!id_is_none(of->person))
        return id_eq(x->person, of->person);
    return of->role.n == 0 || (id_is_none(x->person) && slice_eq(x->label, of->role));
}

int contact_find(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct contact_of *of, struct state_contact *ret, struct err *err)
{
    struct state_query q = {.unit = of->unit};
    struct state_contact *all = NULL;
    bool found = false;
    size_t n = 0;
    int r = state_contact_list(ctx->s, actor, &q, ctx->arena, &all, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (!is_meant(of, &all[i]) || (found && all[i].position >= ret->position))
            continue;
        *ret = all[i];
        found = true;
    }
    return found ? 0 : err_fail(err, CE_NOT_FOUND, ERR_REGISTER_NO_SUCH_CONTACT);
}

static int set_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct contact_change *change, struct state_contact *ret,
                      struct err *err)
{
    struct state_contact x;
    int r = contact_find(ctx, actor, &change->of, &x, err);

    if (r == -CE_NOT_FOUND)
        x = (struct state_contact){.unit = change->of.unit,
                                   .person = change->of.person,
                                   .label = change->of.role,
                                   .kind = change->of.kind,
                                   .position = 1};
    else if (r < 0)
        return r;
    if (change->position)
        x.position = change->position;
    x.value = change->value;
    r = state_contact_put(ctx->s, actor, &x, err);
    if (r == 0)
        *ret = x;
    return r;
}

int contact_set(const struct act_ctx *ctx, const struct state_actor *actor,
                const struct contact_change *change, struct state_contact *ret, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, set_inside(ctx, actor, change, ret, err), err);
}
