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

/* The clocks of a case that nobody met and that end soon. */
static size_t clock_ending(const struct clock_list *g, const struct state_case *x,
                           const struct state_case_line *lines, size_t line_count,
                           struct case_clock ret[CLOCKS_MAX])
{
    const int64_t now = state_now(g->s);
    size_t n = 0, kept = 0;

    case_clocks(g->rules, x, lines, line_count, now, ret, &n);
    for (size_t i = 0; i < n; i++)
        if (ret[i].met == 0 && ret[i].due - g->before <= now)
            ret[kept++] = ret[i];
    return kept;
}

/* Its timeline is read only where something would end if no paper had been sent. */
static int look_at_case(void *u, const struct state_case *x)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query q = {.ref = x->id};
    struct clock_list *g = u;
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct case_clock clocks[CLOCKS_MAX];
    struct state_case_line *lines = NULL;
    size_t line_count = 0, n;

    if (x->drill || clock_ending(g, x, NULL, 0, clocks) == 0)
        return 0;
    if (state_case_line_list(g->s, &sys, &q, &arena, &lines, &line_count, NULL) == 0) {
        n = clock_ending(g, x, lines, line_count, clocks);
        for (size_t i = 0; i < n; i++)
            add_clock(g, x, &clocks[i]);
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
