/* SPDX-License-Identifier: Apache-2.0 */
#include "view/incidents.h"

#include "alert/alert.h"
#include "case/case.h"
#include "lang/level.h"
#include "lang/msg_console.h"

static const struct table_column alert_columns[] = {
    {.key = "last", .title = MSG_CONSOLE_COL_LAST, .kind = TABLE_TIME},
    {.key = "level", .title = MSG_CONSOLE_COL_LEVEL, .kind = TABLE_WORD},
    {.key = "state", .title = MSG_CONSOLE_COL_STATE, .kind = TABLE_WORD},
    {.key = "unit", .title = MSG_CONSOLE_COL_UNIT},
    {.key = "title", .title = MSG_CONSOLE_COL_TITLE},
    {.key = "about", .title = MSG_CONSOLE_COL_ABOUT},
    {.key = "count", .title = MSG_CONSOLE_COL_COUNT, .kind = TABLE_NUMBER},
    {.key = "first", .title = MSG_CONSOLE_COL_FIRST, .kind = TABLE_TIME},
    {.key = "rule", .title = MSG_CONSOLE_COL_RULE},
};

static const struct table_column case_columns[] = {
    {.key = "number", .title = MSG_CONSOLE_COL_NUMBER},
    {.key = "level", .title = MSG_CONSOLE_COL_LEVEL, .kind = TABLE_WORD},
    {.key = "state", .title = MSG_CONSOLE_COL_STATE, .kind = TABLE_WORD},
    {.key = "unit", .title = MSG_CONSOLE_COL_UNIT},
    {.key = "title", .title = MSG_CONSOLE_COL_TITLE},
    {.key = "class", .title = MSG_CONSOLE_COL_CLASS, .kind = TABLE_WORD},
    {.key = "t0", .title = MSG_CONSOLE_COL_T0, .kind = TABLE_TIME},
    {.key = "opened", .title = MSG_CONSOLE_COL_OPENED, .kind = TABLE_TIME},
    {.key = "closed", .title = MSG_CONSOLE_COL_CLOSED, .kind = TABLE_TIME},
};

struct incidents_ctx {
    const struct view_ctx *view;
    struct table *t;
    struct arena row; /* of one: a list of many stays small */
};

static struct slice unit_code(struct incidents_ctx *e, struct state_id unit)
{
    struct view_ctx view = *e->view;

    arena_clear(&e->row);
    view.arena = &e->row;
    return view_unit_code(&view, unit);
}

/* From the cell just put to the page of its row. */
static void write_link(struct incidents_ctx *e, const char *path, struct state_id id)
{
    struct buf href = BUF_INIT(100);

    buf_puts(&href, path);
    id_write(&href, id);
    table_link(e->t, buf_slice(&href));
    buf_done(&href);
}

/* The row after those that fit ends the walk: that it is there tells of more. */
static int end_row(struct incidents_ctx *e)
{
    table_row_end(e->t);
    return table_error(e->t) < 0 ? table_error(e->t) : e->t->rows > VIEW_INCIDENTS_MAX;
}

static int write_alert(void *u, const struct state_alert *x)
{
    struct incidents_ctx *e = u;

    table_time(e->t, x->last_seen);
    table_word_text(e->t, slice_str(level_name(x->level)),
                    slice_str(level_text(e->view->lang, x->level)));
    table_word_text(e->t, slice_str(alert_state_word(x->state)),
                    slice_str(alert_state_text(e->view->lang, x->state)));
    table_text(e->t, unit_code(e, x->unit));
    table_text(e->t, e->view->lang == LANG_VI && x->title_vi.n ? x->title_vi : x->title);
    write_link(e, "/alerts/", x->id);
    table_text(e->t, alert_about(e->view->state, e->view->actor, x, &e->row));
    table_number(e->t, x->count);
    table_time(e->t, x->first_seen);
    table_text(e->t, x->rule);
    return end_row(e);
}

int view_alerts(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err)
{
    const struct alert_list_request request = {.unit = q->unit,
                                               .closed = true,
                                               .limit = VIEW_INCIDENTS_MAX + 1};
    struct incidents_ctx e = {.view = c, .t = ret, .row = ARENA_INIT(1 << 20)};
    int r;

    VIEW_BEGIN(c, ret, "alerts", alert_columns);
    r = alert_list(c->state, c->actor, &request, write_alert, &e, err);
    arena_done(&e.row);
    return r;
}

static int write_case(void *u, const struct state_case *x)
{
    struct incidents_ctx *e = u;

    table_text(e->t, x->number);
    table_word_text(e->t, slice_str(level_name(x->level)),
                    slice_str(level_text(e->view->lang, x->level)));
    table_word_text(e->t, slice_str(case_state_word(x->state)),
                    slice_str(case_state_text(e->view->lang, x->state)));
    table_text(e->t, unit_code(e, x->unit));
    table_text(e->t, x->title);
    write_link(e, "/cases/", x->id);
    table_word_text(e->t, x->class, slice_str(case_class_text(e->view->lang, x->class)));
    table_time(e->t, x->t0);
    table_time(e->t, x->opened);
    table_time(e->t, x->closed_at);
    return end_row(e);
}

int view_cases(const struct view_ctx *c, const struct view_query *q, struct table *ret,
               struct err *err)
{
    const struct state_case_walk w = {.open = false};
    struct incidents_ctx e = {.view = c, .t = ret, .row = ARENA_INIT(1 << 20)};
    int r;

    (void)q;
    VIEW_BEGIN(c, ret, "cases", case_columns);
    r = state_case_newest(c->state, c->actor, &w, write_case, &e, err);
    arena_done(&e.row);
    return CANH_MIN(r, 0);
}
