/* SPDX-License-Identifier: Apache-2.0 */
#include "view/duty.h"

#include "base/time.h"
#include "lang/msg_duty.h"
#include "lang/msg_list.h"
#include "roster/clash.h"
#include "roster/gaps.h"

static const struct table_column gap_columns[] = {
    {.key = "unit", .title = MSG_LIST_UNIT, .rank = 2},
    {.key = "post", .title = MSG_DUTY_COL_POST},
    {.key = "name", .title = MSG_DUTY_COL_POST_NAME, .reader = TABLE_PROGRAMS},
    {.key = "from", .title = MSG_DUTY_COL_FROM, .kind = TABLE_TIME},
    {.key = "until", .title = MSG_DUTY_COL_UNTIL, .kind = TABLE_TIME},
    {.key = "problem",
     .title = MSG_DUTY_COL_PROBLEM,
     .kind = TABLE_WORD,
     .width = 20,
     .wrap = true},
    {.key = "need", .title = MSG_DUTY_COL_NEED, .kind = TABLE_NUMBER, .reader = TABLE_PROGRAMS},
    {.key = "have", .title = MSG_DUTY_COL_HAVE, .kind = TABLE_NUMBER, .reader = TABLE_PROGRAMS},
    {.key = "person", .title = MSG_LIST_PERSON, .reader = TABLE_PROGRAMS},
};

static void write_figures(struct table *t, const struct duty_load *l, const struct duty_problem *p)
{
    if (p->fault == DUTY_GAP) {
        table_number(t, p->need);
        table_number(t, p->have);
        table_absent(t);
    } else {
        table_absent(t);
        table_absent(t);
        table_text(t, l->names[p->person]);
    }
}

static void write_gap(const struct view_ctx *c, const struct duty_load *l, uint32_t post,
                      const struct duty_problem *p, struct table *t)
{
    static const char *const faults[] = {"gap", "away", "recalled"};
    const struct state_post *row = &l->posts[post];
    struct buf text = BUF_INIT(64 * 1024);

    duty_problem_describe(&text, c->lang, p,
                          p->person == DUTY_NOBODY ? SLICE_NULL : l->names[p->person]);
    table_text(t, view_unit_code(c, row->unit));
    table_text(t, row->code);
    table_text(t, row->name);
    table_time(t, p->from);
    view_write_end(c, t, p->until);
    table_word_text(t, slice_str(faults[p->fault]), buf_slice(&text));
    table_mark(t, p->fault == DUTY_GAP ? TABLE_BAD : TABLE_WARN);
    write_figures(t, l, p);
    table_row_end(t);
    buf_done(&text);
}

/* Who of this post is planned at another one at the same time. */
static void write_clash(const struct view_ctx *c, const struct duty_load *l, uint32_t post,
                        const struct duty_clash *x, struct table *t)
{
    const struct state_post *row = &l->posts[post],
                            *other = &l->posts[x->post == post ? x->other : x->post];
    struct buf text = BUF_INIT(64 * 1024);

    duty_clash_describe(&text, c->lang, l->names[x->person], other->name);
    table_text(t, view_unit_code(c, row->unit));
    table_text(t, row->code);
    table_text(t, row->name);
    table_time(t, x->from);
    view_write_end(c, t, x->until);
    table_word_text(t, SLICE("twice"), buf_slice(&text));
    table_mark(t, TABLE_WARN);
    table_absent(t);
    table_absent(t);
    table_text(t, l->names[x->person]);
    table_row_end(t);
    buf_done(&text);
}

int view_gaps(const struct view_ctx *c, const struct duty_load *l, const struct view_query *q,
              struct table *ret, struct err *err)
{
    struct duty_clash *clashes = NULL;
    size_t clash_count = 0;
    int r = duty_clashes(&l->plan, q->from, q->to, c->arena, &clashes, &clash_count, err);

    VIEW_BEGIN(c, ret, "gaps", gap_columns);
    for (uint32_t post = 0; r == 0 && post < l->asked; post++) {
        struct duty_problem *list;
        size_t n = 0;

        if (q->code.n && !slice_eq(l->posts[post].code, q->code))
            continue;
        r = duty_problems(&l->plan, post, q->from, q->to, c->arena, &list, &n, err);
        for (size_t i = 0; r == 0 && i < n; i++)
            write_gap(c, l, post, &list[i], ret);
        for (size_t i = 0; r == 0 && i < clash_count; i++)
            if (clashes[i].post == post || (q->code.n && clashes[i].other == post))
                write_clash(c, l, post, &clashes[i], ret);
    }
    return view_end(ret, r, err);
}

static const struct table_column turn_columns[] = {
    {.key = "name", .title = MSG_LIST_PERSON},
    {.key = "shifts", .title = MSG_DUTY_COL_SHIFTS, .kind = TABLE_NUMBER},
    {.key = "nights", .title = MSG_DUTY_COL_NIGHTS, .kind = TABLE_NUMBER},
    {.key = "rest_days", .title = MSG_DUTY_COL_REST_DAYS, .kind = TABLE_NUMBER},
    {.key = "holidays", .title = MSG_DUTY_COL_HOLIDAYS, .kind = TABLE_NUMBER},
    {.key = "tet", .title = MSG_DUTY_COL_TET, .kind = TABLE_NUMBER},
    {.key = "hours", .title = MSG_DUTY_COL_HOURS, .kind = TABLE_NUMBER},
};

int view_turns(const struct view_ctx *c, const struct duty_load *l, const struct duty_turns *turns,
               size_t n, struct table *ret, struct err *err)
{
    VIEW_BEGIN(c, ret, "turns", turn_columns);
    for (size_t i = 0; i < n; i++) {
        const struct duty_turns *x = &turns[i];

        table_text(ret, l->names[x->person]);
        table_number(ret, x->shifts);
        table_number(ret, x->nights);
        table_number(ret, x->rest_days);
        table_number(ret, x->holidays);
        table_number(ret, x->tet);
        table_number(ret, x->time / TIME_HOUR);
        table_row_end(ret);
    }
    return view_end(ret, 0, err);
}
