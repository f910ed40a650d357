/* SPDX-License-Identifier: Apache-2.0 */
/* Suppressions: by a click from an alert, with a reason and an end; what is quiet now, and its end.
 */
#include "alert/alert.h"
#include "alert/suppress.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_web.h"
#include "state/people.h"
#include "view/api.h"
#include "web/api.h"

static void write_one(struct visit *v, const struct state_suppression *x)
{
    const struct state_actor all = state_actor_system();
    struct page_scope *row = page_add(v->page, "suppressions");
    struct buf id = BUF_INIT(64);
    struct state_person p;

    id_write(&id, x->id);
    page_set_buf(row, "suppression", &id);
    page_set(row, "code", x->code);
    page_set(row, "rule", x->rule);
    page_set(row, "value", x->value);
    page_set(row, "reason", x->reason);
    page_set_end(row, "until", x->stop, state_now(v->s));
    if (state_person_get(v->s, &all, x->owner, v->arena, &p, NULL) == 0)
        page_set(row, "who", p.name);
}

static int list_one(void *u, const struct state_suppression *x)
{
    write_one(u, x);
    return 0;
}

int page_suppressions(struct visit *v, struct err *err)
{
    int64_t now = state_now(v->s);
    int r = suppression_list(v->s, &v->who.actor, STATE_ID_NONE, false, list_one, v, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "suppressions", err);
}

static int suppressions_suppress(struct visit *v, struct state_suppression *ret, struct err *err)
{
    struct slice days = visit_given(v, "days"), scope = visit_given(v, "scope");
    struct alert_suppress_request q = {.whole_rule = slice_is(scope, "rule"),
                                       .reason = visit_given(v, "reason")};
    struct state_alert x;
    int64_t n = 0;
    int r = visit_id(v, 0, &q.alert, err);

    if (r == 0)
        r = state_alert_get(v->s, &v->who.actor, q.alert, v->arena, &x, err);
    if (r == -CE_DENIED)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0 && scope.n > 0 && !q.whole_rule && !slice_is(scope, "about"))
        r = err_fail(err, CE_UNKNOWN, ERR_WEB_SCOPE);
    if (r == 0 && num_range(days, 1, SUPPRESS_MAX, &n) < 0)
        r = err_fail(err, CE_RANGE, ERR_WEB_DAYS_OF_SUPPRESSION, SUPPRESS_MAX);
    q.stop = state_now(v->s) + n * TIME_DAY;
    if (r == 0)
        r = alert_suppress(v->s, &v->who.actor, &q, v->arena, ret, err);
    if (r == 0) {
        desk_web_changed(v->web, "alert", x.unit, x.id);
        visit_sources_changed(v);
    }
    return r;
}

int post_suppress(struct visit *v, struct err *err)
{
    struct state_suppression x;
    int r = suppressions_suppress(v, &x, err);

    return r < 0 ? r : visit_goto(v, SLICE("/suppressions?done=1"));
}

static int suppressions_end(struct visit *v, struct state_suppression *ret, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = suppression_end(v->s, &v->who.actor, id, v->arena, ret, err);
    if (r == 0)
        visit_sources_changed(v);
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

int post_suppression_end(struct visit *v, struct err *err)
{
    struct state_suppression x;
    int r = suppressions_end(v, &x, err);

    return r < 0 ? r : visit_goto(v, SLICE("/suppressions?done=1"));
}

/* The same by the API. */

static int json_one(void *u, const struct state_suppression *x)
{
    view_json_suppression(u, x);
    return 0;
}

int api_suppressions(struct visit *v, struct err *err)
{
    struct json_write w;
    int r;

    api_items_begin(v, &w);
    r = suppression_list(v->s, &v->who.actor, STATE_ID_NONE, false, json_one, &w, err);
    api_items_end(&w);
    return r;
}

int api_suppress(struct visit *v, struct err *err)
{
    struct state_suppression x;
    struct json_write w;
    int r = suppressions_suppress(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    return json_one(&w, &x);
}

int api_suppression_end(struct visit *v, struct err *err)
{
    struct state_suppression x;
    struct json_write w;
    int r = suppressions_end(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    return json_one(&w, &x);
}
