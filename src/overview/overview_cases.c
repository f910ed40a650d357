/* SPDX-License-Identifier: Apache-2.0 */
/* Open incidents by severity, and the clock of one that ends first. */
#include "case/case.h"
#include "overview/overview_build.h"

struct count_ctx {
    struct overview_work *p;
    int64_t due; /* of the first clock; 0: none */
};

static int count_one(void *u, const struct case_file *f)
{
    static const enum overview_severity severity[] = {OVERVIEW_GREEN,  OVERVIEW_GREEN,
                                                      OVERVIEW_GREEN,  OVERVIEW_YELLOW,
                                                      OVERVIEW_ORANGE, OVERVIEW_RED};
    struct count_ctx *c = u;
    struct overview *pic = c->p->pic;
    int32_t level = f->head.level > 0 && f->head.level < 6 ? f->head.level : 3;

    pic->incidents[severity[level]]++;
    for (size_t i = 0; i < f->clock_count; i++) {
        const struct case_clock *k = &f->clocks[i];
        struct buf what = BUF_INIT(2000);

        if (k->met != 0 || (c->due != 0 && k->due >= c->due))
            continue;
        buf_printf(&what, SLICE_FMT ": " SLICE_FMT, SLICE_ARG(f->head.number),
                   SLICE_ARG(clock_title(k->rule, c->p->c->lang != LANG_VI)));
        c->due = k->due;
        pic->next_clock = arena_dup(c->p->c->arena, buf_slice(&what));
        pic->next_clock_case = f->head.id;
        pic->next_clock_at = overview_minutes(c->p, k->due);
        buf_done(&what);
    }
    return 0;
}

int overview_cases(struct overview_work *p)
{
    struct act_ctx ctx = {.s = p->c->state, .arena = p->c->arena};
    struct case_queue q = {.open = true};
    struct count_ctx c = {.p = p};
    struct clock_rules rules;
    int r = clock_rules_shipped(p->c->arena, &rules, p->err);

    return r < 0 ? r : case_list(&ctx, p->c->actor, &rules, &q, count_one, &c, p->err);
}
