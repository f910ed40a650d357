/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks of open cases that end soon, as matters that people are called for. */
#include <stdlib.h>

#include "alert/matter.h"
#include "base/array.h"
#include "case/case.h"
#include "lang/said.h"

enum { CASES_AT_ONCE = 200 };

struct case_clock_walk {
    struct state *s;
    const struct ladder *l;
    struct arena arena; /* of rules and titles */
    struct clock_rules rules;
    struct call_matter *items; /* on the heap */
    size_t count, cap;
    struct state_case_walk walk; /* behind which case it goes on */
    unsigned seen;               /* of this part */
};

static int add_clock(struct case_clock_walk *g, const struct state_case *x,
                     const struct case_clock *clock)
{
    struct buf name = BUF_INIT(1000), title = BUF_INIT(2000);

    if (!array_room(g->items, g->count, g->cap, SIZE_MAX))
        return -CE_NOMEM;
    id_write(&name, x->id);
    buf_append_slice(&name, clock->rule->id);
    buf_printf(&title, SLICE_FMT ", ", SLICE_ARG(x->number));
    said_title(&title, &(struct title){clock->rule->title, clock->rule->title_en}, SAID_SHORT);
    g->items[g->count++] =
        (struct call_matter){.thing = matter_id(STATE_MATTER_CLOCK, buf_slice(&name)),
                             .unit = x->unit,
                             .title = arena_dup(&g->arena, buf_slice(&title)),
                             .since = state_now(g->s)};
    buf_done(&name);
    buf_done(&title);
    return 0;
}

/* The clocks of a case that nobody met and that end soon. */
static size_t clock_ending(const struct case_clock_walk *g, const struct state_case *x,
                           const struct state_case_line *lines, size_t line_count,
                           struct case_clock ret[CLOCKS_MAX])
{
    const int64_t now = state_now(g->s);
    size_t n = 0, kept = 0;

    case_clocks(&g->rules, x, lines, line_count, now, ret, &n);
    for (size_t i = 0; i < n; i++)
        if (ret[i].met == 0 && ret[i].due - g->l->matters[STATE_MATTER_CLOCK].wait <= now)
            ret[kept++] = ret[i];
    return kept;
}

/* Its timeline is read only where something would end if no paper had been sent; one that cannot be
 * read tells of none that was. */
static int on_case(struct case_clock_walk *g, const struct state_case *x)
{
    const struct state_actor sys = state_actor_system();
    const struct state_query q = {.ref = x->id};
    struct arena arena = ARENA_INIT((size_t)16 << 20);
    struct case_clock clocks[CLOCKS_MAX];
    struct state_case_line *lines = NULL;
    size_t line_count = 0, n = x->drill ? 0 : clock_ending(g, x, NULL, 0, clocks);
    int r = 0;

    if (n == 0)
        return 0;
    if (state_case_line_list(g->s, &sys, &q, &arena, &lines, &line_count, NULL) == 0)
        n = clock_ending(g, x, lines, line_count, clocks);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = add_clock(g, x, &clocks[i]);
    arena_done(&arena);
    return r;
}

static int read_case(void *u, const struct state_case *x)
{
    struct case_clock_walk *g = u;
    int r = on_case(g, x);

    g->walk.opened = x->opened;
    g->walk.id = x->id;
    return r < 0 ? r : ++g->seen == CASES_AT_ONCE;
}

int case_clocks_begin(struct case_clock_walk **ret, struct state *s, const struct ladder *l,
                      struct err *err)
{
    struct case_clock_walk *g = calloc(1, sizeof(*g));
    int r;

    if (g == NULL)
        return err_nomem(err);
    *g = (struct case_clock_walk){.s = s,
                                  .l = l,
                                  .arena = ARENA_INIT((size_t)128 << 20),
                                  .walk.open = true};
    r = clock_rules_shipped(&g->arena, &g->rules, err);
    *ret = r < 0 ? case_clocks_end(g) : g;
    return r;
}

int case_clocks_go_on(struct case_clock_walk *g, size_t *ret_changed, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    int r;

    *ret_changed = 0;
    g->seen = 0;
    r = state_case_newest(g->s, &sys, &g->walk, read_case, g, err);
    if (r == -CE_NOMEM)
        return err_nomem(err);
    return r != 0
               ? r
               : call_matters(g->s, g->l, STATE_MATTER_CLOCK, g->items, g->count, ret_changed, err);
}

struct case_clock_walk *case_clocks_end(struct case_clock_walk *g)
{
    if (g) {
        free(g->items);
        arena_done(&g->arena);
    }
    free(g);
    return NULL;
}
