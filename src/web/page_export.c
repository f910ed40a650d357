/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists as workbooks for Excel. The rows are read here; the workbook is drawn by canh-convert, as
 * everything that libraries for documents do.
 */
#include <string.h>

#include "alert/alert.h"
#include "base/time.h"
#include "case/case.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "lang/msg_case_paper.h"
#include "lang/msg_console.h"
#include "office/grid_wire.h"
#include "state/audit.h"
#include "table/to_grid.h"
#include "view/contacts.h"
#include "view/forms.h"
#include "view/plans.h"
#include "view/probes.h"
#include "view/registers.h"
#include "view/units.h"
#include "web/page_cases.h"
#include "web/page_lists.h"

enum { EXPORT_ROWS = 20000 }; /* of alerts and cases; what is cut off is said */

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

static const msg_id alert_words[] = {MSG_CONSOLE_ALERT_STATE_1, MSG_CONSOLE_ALERT_STATE_1,
                                     MSG_CONSOLE_ALERT_STATE_2, MSG_CONSOLE_ALERT_STATE_3};
static const msg_id case_words[] = {MSG_CASE_PAPER_STATE_1, MSG_CASE_PAPER_STATE_1,
                                    MSG_CASE_PAPER_STATE_2, MSG_CASE_PAPER_STATE_3,
                                    MSG_CASE_PAPER_STATE_4, MSG_CASE_PAPER_STATE_5,
                                    MSG_CASE_PAPER_STATE_6, MSG_CASE_PAPER_STATE_7,
                                    MSG_CASE_PAPER_STATE_8};

static void export_word(struct table *t, const char *key, const msg_id *words, size_t n, int32_t i)
{
    table_word(t, key, words[i > 0 && (size_t)i < n ? (size_t)i : 0]);
}

struct export_ctx {
    const struct view_ctx *view;
    struct table *t;
    struct arena row; /* of one: a list of many stays small */
};

static struct slice unit_code(struct export_ctx *e, struct state_id unit)
{
    struct view_ctx view = *e->view;

    arena_clear(&e->row);
    view.arena = &e->row;
    return view_unit_code(&view, unit);
}

/* From the cell just put to the page of its row. */
static void export_link(struct export_ctx *e, const char *path, struct state_id id)
{
    struct buf href = BUF_INIT(100);

    buf_puts(&href, path);
    id_write(&href, id);
    table_link(e->t, buf_slice(&href));
    buf_done(&href);
}

/* The row after those that fit ends the walk: that it is there tells of more. */
static int export_row_end(struct export_ctx *e)
{
    table_row_end(e->t);
    return table_error(e->t) < 0 ? table_error(e->t) : e->t->rows > EXPORT_ROWS;
}

static int export_alert(void *u, const struct state_alert *x)
{
    struct export_ctx *e = u;

    table_time(e->t, x->last_seen);
    table_word_text(e->t, slice_str(level_name(x->level)),
                    slice_str(level_text(e->view->lang, x->level)));
    export_word(e->t, alert_state_word(x->state), alert_words, CANH_LEN(alert_words), x->state);
    table_text(e->t, unit_code(e, x->unit));
    table_text(e->t, e->view->lang == LANG_VI && x->title_vi.n ? x->title_vi : x->title);
    export_link(e, "/alerts/", x->id);
    table_text(e->t, x->about);
    table_number(e->t, x->count);
    table_time(e->t, x->first_seen);
    table_text(e->t, x->rule);
    return export_row_end(e);
}

static int read_alerts(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                       struct err *err)
{
    const struct alert_list_request request = {.unit = q->unit,
                                               .closed = true,
                                               .limit = EXPORT_ROWS + 1};
    struct export_ctx e = {.view = c, .t = ret, .row = ARENA_INIT(1 << 20)};
    int r;

    view_begin(c, ret, "alerts", alert_columns, CANH_LEN(alert_columns));
    r = alert_list(c->state, c->actor, &request, export_alert, &e, err);
    arena_done(&e.row);
    return r;
}

static int export_case(void *u, const struct state_case *x)
{
    struct export_ctx *e = u;

    table_text(e->t, x->number);
    table_word_text(e->t, slice_str(level_name(x->level)),
                    slice_str(level_text(e->view->lang, x->level)));
    export_word(e->t, case_state_word(x->state), case_words, CANH_LEN(case_words), x->state);
    table_text(e->t, unit_code(e, x->unit));
    table_text(e->t, x->title);
    export_link(e, "/cases/", x->id);
    table_word_text(e->t, x->class, slice_str(case_class_text(e->view->lang, x->class)));
    table_time(e->t, x->t0);
    table_time(e->t, x->opened);
    table_time(e->t, x->closed_at);
    return export_row_end(e);
}

static int read_cases(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                      struct err *err)
{
    const struct state_case_walk w = {.open = false};
    struct export_ctx e = {.view = c, .t = ret, .row = ARENA_INIT(1 << 20)};
    int r;

    (void)q;
    view_begin(c, ret, "cases", case_columns, CANH_LEN(case_columns));
    r = state_case_newest(c->state, c->actor, &w, export_case, &e, err);
    arena_done(&e.row);
    return CANH_MIN(r, 0);
}

static int read_contacts(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                         struct err *err)
{
    const struct view_contacts_query contacts = {.unit = q->unit};

    return view_contacts(c, &contacts, ret, err);
}

/* clang-format off */
static const struct list_source exports[] = {
    {"alerts",     WHO_WORK, read_alerts,     MSG_CONSOLE_NAV_ALERTS,        "/alerts",     false, EXPORT_ROWS},
    {"cases",      WHO_WORK, read_cases,      MSG_CONSOLE_NAV_CASES,         "/cases",      false, EXPORT_ROWS},
    {"units",      WHO_WORK, view_units,      MSG_CONSOLE_LIST_UNITS,        "/units",      true,  0},
    {"people",     WHO_DUTY, view_people,     MSG_CONSOLE_LIST_PEOPLE,       "/people",     true,  0},
    {"assets",     WHO_WORK, view_assets,     MSG_CONSOLE_LIST_ASSETS,       "/assets",     true,  0},
    {"findings",   WHO_WORK, view_findings,   MSG_CONSOLE_LIST_FINDINGS,     "/findings",   false, 0},
    {"statements", WHO_WORK, view_statements, MSG_CONSOLE_LIST_STATEMENTS,   "/statements", false, 0},
    {"contacts",   WHO_DUTY, read_contacts,   MSG_CONSOLE_LIST_CONTACTS,     "/contacts",   false, 0},
    {"requests",   WHO_WORK, view_requests,   MSG_CONSOLE_NAV_REQUESTS,      "/requests",   false, 0},
    {"notices",    WHO_WORK, view_notices,    MSG_CONSOLE_NAV_NOTICES,       "/notices",    false, 0},
    {"outages",    WHO_WORK, view_outages,    MSG_CONSOLE_NAV_OUTAGES,       "/outages",    false, 0},
};
/* clang-format on */

const struct list_source *list_source_of(const struct visit *v)
{
    for (size_t i = 0; i < CANH_LEN(exports); i++)
        if (slice_is(v->x->params[0], exports[i].name) && exports[i].who & 1u << v->who.actor.role)
            return &exports[i];
    return NULL;
}

/* What is found and sorted is of the first rows alone: the last line tells so. */
static void export_tell_more(struct table *t, enum lang lang)
{
    struct buf text = BUF_INIT(200);

    lang_write(&text, lang, MSG_CONSOLE_EXPORT_CUT, (int64_t)EXPORT_ROWS);
    for (unsigned i = 0; i < t->count; i++)
        if (strcmp(t->columns[i].key, "title") == 0)
            table_text(t, buf_slice(&text));
        else
            table_nothing(t);
    table_row_end(t);
    buf_done(&text);
}

int list_source_read(struct visit *v, const struct list_source *list, struct table *ret,
                     struct err *err)
{
    const struct view_ctx ctx = visit_view(v);
    const struct view_query q = {.unit = v->who.actor.unit,
                                 .below = true,
                                 .find = list->finds ? visit_query(v, "find") : SLICE_NULL};
    int r = list->read(&ctx, &q, ret, err);
    bool more = r == 0 && list->most && ret->rows > list->most;

    if (more)
        ret->rows = list->most;
    if (r == 0)
        r = visit_arrange(v, ret, !list->finds, err);
    if (r == 0 && more)
        export_tell_more(ret, v->lang);
    return r == 0 && table_error(ret) < 0 ? err_code(err, table_error(ret)) : r;
}

static int export_send(struct visit *v, const struct desk_file *file, struct err *err)
{
    struct buf name = BUF_INIT(200);

    buf_append_slice(&v->x->reply.body, file->bytes);
    if (v->x->reply.body.err)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    v->x->reply.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    buf_printf(&name, "attachment; filename=\"canh-" SLICE_FMT ".xlsx\"",
               SLICE_ARG(v->x->params[0]));
    http_reply_header(v->x, "Content-Disposition", buf_slice(&name));
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    buf_done(&name);
    return 0;
}

/* To the one who draws it. */
static int export_draw(struct visit *v, struct err *err)
{
    return visit_read_bytes(v, DESK_SHEET, v->file, export_send, err);
}

static int export_encode(struct visit *v, const struct table *t, struct err *err)
{
    struct buf bytes = BUF_INIT(GRID_WIRE_MAX);
    struct grid_job job = {.title = v->x->params[0], .created = state_now(v->s) / TIME_SECOND};
    struct table_grid cells;
    int r = table_grid_make(&cells, t, &job.grid, err);

    if (r == 0) {
        grid_encode(&bytes, &job);
        v->file = arena_dup(v->arena, buf_slice(&bytes));
        r = bytes.err           ? err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE)
            : v->file.p == NULL ? err_nomem(err)
                                : 0;
    }
    table_grid_done(&cells);
    buf_done(&bytes);
    return r;
}

/* The table as bytes; many thousands of rows, so apart from the loop. */
static int export_make(struct visit *v, struct err *err)
{
    struct table t;
    int r = list_source_read(v, list_source_of(v), &t, err);

    if (r == 0)
        r = export_encode(v, &t, err);
    table_done(&t);
    if (r == 0)
        v->stay.then = export_draw;
    return r;
}

int get_export(struct visit *v, struct err *err)
{
    const struct list_source *list = list_source_of(v);
    int r;

    if (list == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    r = state_audit_add(v->s, &v->who.actor, "export", list->name, STATE_ID_NONE, SLICE_NULL, err);
    if (r < 0)
        return r;
    v->later = true;
    if (apart_take(v, LANE_SLOW, export_make))
        return 0;
    v->later = false;
    r = export_make(v, err);
    return r < 0 ? r : export_draw(v, err);
}
