/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists as workbooks for Excel. The rows are read here; the workbook is drawn by canh-convert, as
 * everything that libraries for documents do.
 */
#include <string.h>

#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "office/grid_wire.h"
#include "state/audit.h"
#include "table/to_grid.h"
#include "view/contacts.h"
#include "view/forms.h"
#include "view/incidents.h"
#include "view/plans.h"
#include "view/probes.h"
#include "view/registers.h"
#include "view/units.h"
#include "web/page_lists.h"

/* clang-format off */
static const struct list_source exports[] = {
    {"alerts",     WHO_WORK, view_alerts,         MSG_CONSOLE_NAV_ALERTS,        "/alerts",     false, VIEW_INCIDENTS_MAX},
    {"cases",      WHO_WORK, view_cases,          MSG_CONSOLE_NAV_CASES,         "/cases",      false, VIEW_INCIDENTS_MAX},
    {"units",      WHO_WORK, view_units,          MSG_CONSOLE_LIST_UNITS,        "/units",      true,  0},
    {"people",     WHO_DUTY, view_people,         MSG_CONSOLE_LIST_PEOPLE,       "/people",     true,  0},
    {"assets",     WHO_WORK, view_assets,         MSG_CONSOLE_LIST_ASSETS,       "/assets",     true,  0},
    {"findings",   WHO_WORK, view_findings,       MSG_CONSOLE_LIST_FINDINGS,     "/findings",   false, 0},
    {"statements", WHO_WORK, view_statements,     MSG_CONSOLE_LIST_STATEMENTS,   "/statements", false, 0},
    {"contacts",   WHO_DUTY, view_contacts_below, MSG_CONSOLE_LIST_CONTACTS,     "/contacts",   false, 0},
    {"requests",   WHO_WORK, view_requests,       MSG_CONSOLE_NAV_REQUESTS,      "/requests",   false, 0},
    {"notices",    WHO_WORK, view_notices,        MSG_CONSOLE_NAV_NOTICES,       "/notices",    false, 0},
    {"outages",    WHO_WORK, view_outages,        MSG_CONSOLE_NAV_OUTAGES,       "/outages",    false, 0},
    {"probes",     WHO_WORK, view_probes_below,   MSG_CONSOLE_LIST_PROBES,       "/more",       false, 0},
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
static void export_note_more(struct table *t, enum lang lang)
{
    struct buf text = BUF_INIT(200);

    lang_write(&text, lang, MSG_CONSOLE_EXPORT_CUT, (int64_t)VIEW_INCIDENTS_MAX);
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
        export_note_more(ret, v->lang);
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
        r = lane_finish(v, export_draw, err);
    return r;
}

int get_export(struct visit *v, struct err *err)
{
    const struct list_source *list = list_source_of(v);
    int r;

    if (list == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    r = state_audit_add(v->s, &v->who.actor, "export", list->name, STATE_ID_NONE, SLICE_NULL, err);
    return r < 0 ? r : lane_go(v, LANE_SLOW, export_make, err);
}
