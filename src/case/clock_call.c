/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks of open cases that end soon, as matters that people are called for. */
#include <stdlib.h>

#include "alert/matter.h"
#include "base/array.h"
#include "case/case.h"

struct clock_list {
    struct state *s;
    const struct clock_rules *rules;
    struct arena *arena;
    int64_t before;
    struct call_matter *items;
    size_t count, cap;
    bool broken; /* no memory */
};

static void add_clock(struct clock_list *g, const struct state_case *x,
                      const struct case_clock *clock)
{
    struct buf name = BUF_INIT(1000), title = BUF_INIT(2000);

    if (!array_room(g->items, g->count, g->cap, SIZE_MAX)) {
        g->broken = true;
        return;
    }
    id_write(&name, x->id);
    buf_append_slice(&name, clock->rule->id);
    buf_printf(&title, SLICE_FMT ", " SLICE_FMT, SLICE_ARG(x->number),
               SLICE_ARG(clock->rule->title));
    g->items[g->count++] =
        (struct call_matter){.thing = matter_id(STATE_MATTER_CLOCK, buf_slice(&name)),
                             .unit = x->unit,
                             .title = arena_dup(g->arena, buf_slice(&title)),
                             .since = state_now(g->s)};
    buf_done(&name);
    buf_done(&title);
}

static int look_at_case(void *u, const struct state_case *x)
{
    const struct state_actor sys = state_actor_system();
    struct clock_list *g = u;
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct act_ctx ctx = {.s = g->s, .arena = &arena};
    struct case_file f = {.line_count = 0};

    if (x->drill)
        return 0;
    if (case_read(&ctx, &sys, g->rules, x->id, &f, NULL) == 0) {
        for (size_t i = 0; i < f.clock_count; i++)
            if (f.clocks[i].met == 0 && f.clocks[i].due - g->before <= state_now(g->s))
                add_clock(g, &f.head, &f.clocks[i]);
    }
    arena_done(&arena);
    return 0;
}

int case_clocks_look(struct state *s, const struct ladder *l, size_t *ret_changed, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT((size_t)128 << 20);
    struct clock_list *g = calloc(1, sizeof(*g));
    const struct state_case_walk open = {.open = true};
    struct clock_rules rules;
    int r = g ? clock_rules_shipped(&arena, &rules, err) : err_nomem(err);

    *ret_changed = 0;
    if (r == 0) {
        *g = (struct clock_list){.s = s,
                                 .rules = &rules,
                                 .arena = &arena,
                                 .before = l->matters[STATE_MATTER_CLOCK].wait};
        r = CANH_MIN(state_case_newest(s, &sys, &open, look_at_case, g, err), 0);
    }
    if (r == 0 && g->broken)
        r = err_nomem(err);
    if (r == 0)
        r = call_matters(s, l, STATE_MATTER_CLOCK, g->items, g->count, ret_changed, err);
    if (g)
        free(g->items);
    free(g);
    arena_done(&arena);
    return r;
}
