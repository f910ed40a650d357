/* SPDX-License-Identifier: Apache-2.0 */
#include "view/plans.h"

#include "lang/msg_plan.h"
#include "state/plans.h"

static const struct table_column columns[] = {
    {.key = "plan", .title = MSG_PLAN_COL_PLAN},
    {.key = "state", .title = MSG_PLAN_COL_STATE, .kind = TABLE_WORD},
    {.key = "start", .title = MSG_PLAN_COL_START, .kind = TABLE_TIME, .rank = 1},
    {.key = "end", .title = MSG_PLAN_COL_END, .kind = TABLE_TIME, .rank = 2},
    {.key = "title", .title = MSG_PLAN_COL_TITLE, .width = 20, .wrap = true},
};

struct plans_ctx {
    const struct view_ctx *c;
    struct table *t;
};

static int put_plan(void *u, const struct state_plan *p)
{
    static const struct view_word states[] = {
        [STATE_PLAN_DRAFT] = {"draft", MSG_PLAN_IS_DRAFT},
        [STATE_PLAN_APPROVED] = {"approved", MSG_PLAN_IS_APPROVED},
        [STATE_PLAN_ACTIVE] = {"active", MSG_PLAN_IS_ACTIVE},
        [STATE_PLAN_CLOSED] = {"closed", MSG_PLAN_IS_CLOSED},
    };
    const struct plans_ctx *x = u;
    struct table *t = x->t;
    bool known = p->state > 0 && (size_t)p->state < CANH_LEN(states);

    table_text(t, p->code);
    view_put_word(t, &states[known ? (size_t)p->state : STATE_PLAN_DRAFT]);
    table_time(t, p->start);
    view_put_end(x->c, t, p->stop == STATE_FOREVER ? 0 : p->stop);
    table_text(t, p->title);
    table_row_end(t);
    return 0;
}

int view_plans(const struct view_ctx *c, struct table *ret, struct err *err)
{
    struct state_query all = {.limit = 0};
    struct plans_ctx x = {c, ret};

    VIEW_BEGIN(c, ret, "plans", columns);
    return view_end(ret, state_plan_each(c->state, c->actor, &all, put_plan, &x, err), err);
}
