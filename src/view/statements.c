/* SPDX-License-Identifier: Apache-2.0 */
/* Plans that heads accepted, obligations that units are exempt from: who, when, on what, until. */
#include "view/plans.h"

#include "lang/msg_list.h"
#include "lang/msg_plan.h"
#include "state/plans.h"

static const struct table_column columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT},
    {.key = "state", .title = MSG_PLAN_COL_SAID, .kind = TABLE_WORD},
    {.key = "plan", .title = MSG_PLAN_COL_PLAN, .rank = 2},
    {.key = "obligation", .title = MSG_PLAN_COL_OBLIGATION},
    {.key = "from", .title = MSG_PLAN_COL_START, .kind = TABLE_TIME, .rank = 3},
    {.key = "until", .title = MSG_PLAN_COL_END, .kind = TABLE_TIME, .rank = 1},
    {.key = "person", .title = MSG_PLAN_COL_BY, .width = 10, .wrap = true},
    {.key = "at", .title = MSG_PLAN_COL_AT, .kind = TABLE_TIME},
    {.key = "paper", .title = MSG_PLAN_COL_PAPER, .width = 16, .wrap = true},
};

struct statements_ctx {
    const struct view_ctx *c;
    struct table *t;
};

static struct slice plan_code(const struct view_ctx *c, struct state_id id)
{
    struct state_plan p;

    return state_plan_get(c->state, c->actor, id, c->arena, &p, &ERR_INIT) < 0 ? SLICE("") : p.code;
}

static int write_accepted(void *u, const struct state_assignment *x)
{
    const struct statements_ctx *s = u;
    struct table *t = s->t;

    if (x->accepted_at == 0)
        return 0;
    table_text(t, view_unit_code(s->c, x->unit));
    table_word(t, "accepted", MSG_PLAN_SAID_ACCEPTED);
    table_mark(t, TABLE_GOOD);
    table_text(t, plan_code(s->c, x->plan));
    table_absent(t);
    table_absent(t);
    table_absent(t);
    table_text(t, view_person_name(s->c, x->accepted_by));
    view_write_recorded(s->c, t, x->accepted_at, false);
    table_text(t, x->note);
    table_row_end(t);
    return 0;
}

static int write_exempt(void *u, const struct state_exemption *x)
{
    const struct statements_ctx *s = u;
    struct state_obligation o;
    struct table *t = s->t;

    if (state_obligation_get(s->c->state, s->c->actor, x->obligation, s->c->arena, &o, &ERR_INIT) <
        0)
        o = (struct state_obligation){.code = SLICE("?")};
    table_text(t, view_unit_code(s->c, x->unit));
    if (x->approved_at == 0)
        table_word(t, "asked", MSG_PLAN_SAID_ASKED);
    else if (x->stop <= s->c->at)
        table_word(t, "was-exempt", MSG_PLAN_SAID_WAS_EXEMPT);
    else
        table_word(t, "exempt", MSG_PLAN_STATE_EXEMPT);
    table_text(t, plan_code(s->c, o.plan));
    table_text(t, o.code);
    table_time(t, x->start);
    view_write_end(s->c, t, x->stop);
    table_text(t, view_person_name(s->c, x->approved_by));
    view_write_recorded(s->c, t, x->approved_at, false);
    table_text(t, x->reason);
    table_row_end(t);
    return 0;
}

int view_statements(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                    struct err *err)
{
    struct state_query asked = view_state_query(q);
    struct statements_ctx x = {c, ret};
    int r;

    VIEW_BEGIN(c, ret, "statements", columns);
    r = state_assignment_each(c->state, c->actor, &asked, write_accepted, &x, err);
    if (r >= 0)
        r = state_exemption_each(c->state, c->actor, &asked, write_exempt, &x, err);
    return view_end(ret, r, err);
}
