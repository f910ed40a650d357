/* SPDX-License-Identifier: Apache-2.0 */
/* The events around an alert, looked up in the journal by a process of its own; the page waits for
 * it. */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "lang/err_web.h"
#include "state/alerts.h"
#include "state/cases.h"
#include "web/api.h"

enum { ROWS_MOST = 200, MINUTES_MAX = 24 * 60, CELL_AT = 1, CELL_SOURCE = 3, CELL_TEXT = 5 };

struct event_row {
    int64_t at;
    struct slice source, text;
};

struct around_view {
    struct visit *v;
    struct search_call *call;
    struct event_row *rows;
    size_t count;
    bool began; /* the route has returned */
    bool more;  /* than are kept */
};

static int add_row(void *u, const struct slice *cells, size_t n)
{
    struct around_view *l = u;
    struct event_row *row = &l->rows[l->count];

    if (n <= CELL_TEXT || !slice_is(cells[0], "record") ||
        num_range(cells[CELL_AT], 0, INT64_MAX, &row->at) < 0)
        return 0;
    if (l->count == ROWS_MOST) {
        l->more = true;
        return 0;
    }
    row->source = arena_dup(l->v->arena, cells[CELL_SOURCE]);
    row->text = arena_dup(l->v->arena, cells[CELL_TEXT]);
    l->count++;
    return 0;
}

static int show_page(struct around_view *l, struct err *err)
{
    struct visit *v = l->v;
    int64_t now = state_now(v->s);

    for (size_t i = 0; i < l->count; i++) {
        struct page_scope *row = page_add(v->page, "events");

        page_set_second(row, "at", l->rows[i].at, now);
        page_set(row, "source", visit_source_name(v, l->rows[i].source));
        page_set(row, "text", l->rows[i].text);
    }
    page_set_i64(v->page, "event_count", (int64_t)l->count);
    page_set_flag(v->page, "more", l->more);
    return visit_page(v, "events", err);
}

static int show_json(struct around_view *l)
{
    struct json_write w;

    api_items_begin(l->v, &w);
    for (size_t i = 0; i < l->count; i++)
        api_write_event(&w, l->rows[i].at, l->rows[i].source, l->rows[i].text);
    api_items_end(&w);
    return 0;
}

static void on_end(void *u, int code, struct slice why)
{
    struct around_view *l = u;
    struct visit *v = l->v;
    struct err err = ERR_INIT;
    int r = code != 0 ? err_fail(&err, CE_BUSY, ERR_WEB_JOURNAL_SAYS, why) : 0;

    v->job = NULL;
    v->answered = true;
    v->x->reply.status = 200;
    if (r == 0)
        r = v->api ? show_json(l) : show_page(l, &err);
    if (r < 0)
        visit_reply_err(v, &err);
    if (l->began)
        visit_reply_now(v);
    free(l);
}

/* Whoever asked is gone. */
static void events_forget(void *u)
{
    struct around_view *l = u;

    l->v->web->search.drop(l->v->web->search.u, l->call);
    free(l);
}

/* What of the alert's surroundings is asked for: ?minutes=, ?wide=1; within its case unmasked. */
static int events_asked(struct visit *v, const struct state_alert *x, struct control_args *args,
                        struct err *err)
{
    struct slice minutes = visit_query(v, "minutes");
    struct buf span = BUF_INIT(40), id = BUF_INIT(64);
    struct state_id incident = STATE_ID_NONE;
    struct state_case found;
    int64_t n = 15;
    bool fine;
    int r = 0;

    if (minutes.n > 0 && num_range(minutes, 1, MINUTES_MAX, &n) < 0)
        return err_fail(err, CE_RANGE, ERR_WEB_LIMIT_1, MINUTES_MAX);
    buf_append_i64(&span, n * TIME_MINUTE);
    id_write(&id, x->id);
    fine = control_write(args, "id", x->code) &&
           control_write(args, "before", arena_dup(v->arena, buf_slice(&span))) &&
           control_write(args, "after", arena_dup(v->arena, buf_slice(&span))) &&
           control_write(args, "limit", SLICE("201")) && /* one tells that there are more */
           control_write(args, "lang", slice_str(lang_to_str(v->lang)));
    if (slice_is(visit_query(v, "wide"), "1"))
        fine = fine && control_write(args, "wide", SLICE("1"));
    r = state_case_of_alert(v->s, x->id, &incident, err);
    if (r == 0 && !id_is_none(incident) &&
        state_case_get(v->s, &v->who.actor, incident, v->arena, &found, NULL) == 0) {
        fine = fine && control_write(args, "case", found.number);
        page_set(v->page, "case_number", found.number);
    }
    page_set_buf(v->page, "id", &id);
    page_set_i64(v->page, "minutes", n);
    page_set_flag(v->page, "five", n == 5);
    page_set_flag(v->page, "fifteen", n == 15);
    page_set_flag(v->page, "sixty", n == 60);
    page_set_flag(v->page, "wide", slice_is(visit_query(v, "wide"), "1"));
    page_set(v->page, "title", v->lang == LANG_VI && x->title_vi.n ? x->title_vi : x->title);
    buf_done(&span);
    return r < 0 ? r : fine ? 0 : err_nomem(err);
}

static int events_begin(struct visit *v, const struct control_args *args, struct err *err)
{
    const struct search_host *host = &v->web->search;
    struct around_view *l = calloc(1, sizeof(*l));
    struct search_sink sink = {.row = add_row, .end = on_end, .u = l};
    int r;

    if (l == NULL)
        return err_nomem(err);
    l->v = v;
    l->rows = arena_new_array(v->arena, ROWS_MOST + 1, struct event_row);
    v->job = l;
    v->forget = events_forget;
    r = l->rows ? host->begin(host->u, &v->who.actor, SLICE("around"), args, &sink, &l->call, err)
                : err_nomem(err);
    if (r < 0) {
        v->job = NULL;
        free(l);
    } else if (!v->answered) {
        l->began = v->later = true;
    }
    return r;
}

int page_events(struct visit *v, struct err *err)
{
    struct control_args args = {.count = 0};
    struct state_alert x;
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = state_alert_get(v->s, &v->who.actor, id, v->arena, &x, err);
    if (r == -CE_DENIED)
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0)
        r = events_asked(v, &x, &args, err);
    if (r == 0 && v->web->search.begin == NULL)
        r = err_fail(err, CE_BUSY, ERR_WEB_NO_JOURNAL_HERE);
    return r < 0 ? r : events_begin(v, &args, err);
}
