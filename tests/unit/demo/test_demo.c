/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The invented province: whole, signed in to, and in no state that is real. */
#include "demo/demo.h"

#include "account/sign_in.h"
#include "register/unit.h"
#include "state/plans.h"

#include "../state/world.h"

static struct err err;

static int count_unit(void *u, const struct state_unit *x)
{
    int *n = u;

    *n += x->invented;
    return 0;
}

static int count_plan(void *u, const struct state_plan *x)
{
    int *n = u;

    *n += x->state == STATE_PLAN_ACTIVE;
    return 0;
}

static void whole(void)
{
    char dir[] = "/tmp/canh-demo-test-XXXXXX";
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct state_options o = {.dir = mkdtemp(dir), .mode = STATE_CREATE, .demo = true};
    struct state_actor local = state_actor_local();
    struct state_query all = {.limit = 0};
    struct act_ctx ctx = {.arena = &arena};
    struct state_unit unit;
    int units = 0, plans = 0;

    must(state_open(&ctx.s, &o, &err), &err, "a state of its own");
    is_int(demo_make(&ctx, &local, SLICE("bala-cado-dina-fola"), &err), 0, "made");
    must(state_unit_each(ctx.s, &local, &all, count_unit, &units, &err), &err, "units");
    is_int(units, 4, "every unit is marked as invented");
    is_int(unit_own_find(ctx.s, &local, &unit.id, &err), 1, "one of them keeps the node");
    must(state_unit_get(ctx.s, &local, unit.id, &arena, &unit, &err), &err, "that unit");
    is_slice(unit.code, SLICE("XA-A"), "where verbs name none");
    must(state_plan_each(ctx.s, &local, &all, count_plan, &plans, &err), &err, "plans");
    is_int(plans, 1, "a plan is in force");
    for (int i = 0; i < DEMO_PEOPLE; i++) {
        struct sign_in q = {.login = slice_str(demo_login((enum demo_who)i)),
                            .password = SLICE("bala-cado-dina-fola"),
                            .from = SLICE("127.0.0.1")};
        struct session_secret secret;
        int64_t wait = 0;

        is_int(sign_in(ctx.s, &q, &secret, &wait, &err), 0, "%s signs in",
               demo_login((enum demo_who)i));
    }
    ctx.s = state_free(ctx.s);
    arena_done(&arena);
    rm_tree(dir);
}

static void never_real(void)
{
    struct world w;
    struct act_ctx ctx;

    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena};
    is_int(demo_make(&ctx, &w.local, SLICE("bala-cado-dina-fola"), NULL), -CE_DENIED,
           "nothing is invented in a state that is real");
    world_close(&w);
}

int main(void)
{
    whole();
    never_real();
    return tap_done();
}
