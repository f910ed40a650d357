/* SPDX-License-Identifier: Apache-2.0 */
/* "Thông báo và cam kết": issued, sent, reminded of; read and promised with an account or, behind a
 * unit's link, without one. Counted by unit, never by person. */
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/value.h"
#include "register/notice.h"
#include "state/units.h"
#include "view/api.h"
#include "web/api.h"

enum { UNITS_MOST = 1000 };

static void write_notice(struct visit *v, struct page_scope *p, const struct state_notice *n)
{
    const struct view_ctx view = visit_view(v);
    struct buf id = BUF_INIT(64);

    id_write(&id, n->id);
    page_set_buf(p, "notice", &id);
    page_set(p, "notice_code", n->code);
    page_set(p, "notice_title", n->title);
    page_set(p, "notice_text", n->text);
    page_set(p, "notice_clause", n->clause);
    page_set(p, "notice_of", view_unit_name(&view, n->unit));
    page_set_recorded(v, p, "notice_issued", n->issued, false);
    page_set_flag(p, "notice_attest", n->attest);
    if (n->due)
        page_set_end(p, "notice_due", n->due, view.at);
    page_set_flag(p, "notice_late", n->due && n->due < view.at);
}

/* Counts of one notice over the units that got it. */
struct reach {
    int64_t units, read, attested, silent;
    struct visit *v; /* with it: a row a unit, too */
    struct state_id *silent_units;
};

static int on_count(void *u, const struct state_ack_count *x)
{
    struct reach *r = u;
    struct page_scope *row;
    struct view_ctx view;

    r->units++;
    r->read += x->read > 0;
    r->attested += x->attested > 0;
    if (x->read == 0 && r->silent_units && r->silent < UNITS_MOST)
        r->silent_units[r->silent] = x->unit;
    r->silent += x->read == 0;
    if (r->v == NULL)
        return 0;
    view = visit_view(r->v);
    row = page_add(r->v->page, "counts");
    page_set(row, "count_unit", view_unit_name(&view, x->unit));
    page_set_i64(row, "count_read", x->read);
    page_set_i64(row, "count_attested", x->attested);
    if (x->last_at)
        page_set_recorded(r->v, row, "count_last", x->last_at, false);
    page_set_text(row, "count_mark", x->read ? "on" : "late");
    return 0;
}

static int reach_of(struct visit *v, struct state_id notice, struct reach *r, struct err *err)
{
    const struct state_query q = {.ref = notice};

    return state_ack_counts(v->s, &v->who.actor, &q, on_count, r, err);
}

/* The list: what came to the unit, and what it issued. */

struct inbox {
    struct visit *v;
    struct err *err;
    size_t count;
    struct json_write *w; /* of the API */
};

static int add_delivery(struct inbox *in, const struct state_delivery *d)
{
    struct visit *v = in->v;
    const struct state_query q = {.ref = d->notice, .unit = v->who.actor.unit};
    struct reach reach = {.units = 0};
    struct state_notice n;
    struct page_scope *row;
    int r = state_notice_get(v->s, &v->who.actor, d->notice, v->arena, &n, in->err);

    if (r == 0)
        r = state_ack_counts(v->s, &v->who.actor, &q, on_count, &reach, in->err);
    if (r < 0)
        return r;
    row = page_add(v->page, "received");
    write_notice(v, row, &n);
    page_set_flag(row, "was_read", reach.read > 0);
    page_set_flag(row, "wants_promise", n.attest && reach.attested == 0);
    in->count++;
    return 0;
}

static int add_issued(struct inbox *in, const struct state_notice *n)
{
    struct visit *v = in->v;
    struct reach reach = {.units = 0};
    struct page_scope *row;
    int r = reach_of(v, n->id, &reach, in->err);

    if (r < 0)
        return r;
    row = page_add(v->page, "issued");
    write_notice(v, row, n);
    page_set_i64(row, "reach_units", reach.units);
    page_set_i64(row, "reach_read", reach.read);
    page_set_flag(row, "reach_short", reach.read < reach.units);
    return 0;
}

static int write_units(struct visit *v, struct err *err)
{
    struct state_unit *units = NULL;
    size_t n = 0;
    int r = state_units_at(v->s, &v->who.actor, 0, v->arena, &units, &n, err);

    for (size_t i = 0; r == 0 && i < n && i < UNITS_MOST; i++) {
        struct page_scope *row;

        if (id_eq(units[i].id, v->who.actor.unit) ||
            !state_unit_below(v->s, units[i].id, v->who.actor.unit, 0))
            continue;
        row = page_add(v->page, "choices");
        page_set(row, "choice", units[i].code);
        page_set(row, "choice_title", units[i].name);
    }
    return r;
}

int page_notices(struct visit *v, struct err *err)
{
    const struct state_query own = {.unit = v->who.actor.unit};
    struct inbox in = {.v = v, .err = err};
    struct state_delivery *came = NULL;
    struct state_notice *issued = NULL;
    int64_t now = state_now(v->s);
    size_t n = 0, m = 0;
    int r = state_delivery_list(v->s, &v->who.actor, &own, v->arena, &came, &n, err);

    if (r == 0)
        r = state_notice_list(v->s, &v->who.actor, &own, v->arena, &issued, &m, err);
    while (r == 0 && n > 0) /* the newest first */
        r = add_delivery(&in, &came[--n]);
    while (r == 0 && m > 0)
        r = add_issued(&in, &issued[--m]);
    if (r == 0 && (WHO_HEAD & 1u << v->who.actor.role))
        r = write_units(v, err);
    if (r < 0)
        return r;
    page_set_i64(v->page, "notice_count", (int64_t)in.count);
    page_set_flag(v->page, "may_issue", WHO_HEAD & 1u << v->who.actor.role);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "notices", err);
}

/* One of them. */

static int read_one(struct visit *v, struct state_notice *ret, bool *ret_came, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct state_delivery d = {.version = 0};
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = state_notice_get(v->s, &v->who.actor, id, v->arena, ret, err);
    if (r == 0)
        r = notice_delivery(&ctx, &v->who.actor, id, v->who.actor.unit, &d, err);
    *ret_came = d.version != 0;
    if (r == 0 && !*ret_came && !id_eq(ret->unit, v->who.actor.unit))
        r = -CE_DENIED;
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

static int show_one(struct visit *v, const struct state_notice *n, bool came, struct err *err)
{
    bool own = id_eq(n->unit, v->who.actor.unit);
    struct reach reach = {.v = own ? v : NULL};
    int64_t now = state_now(v->s);
    int r = own ? reach_of(v, n->id, &reach, err) : 0;

    if (r < 0)
        return r;
    write_notice(v, v->page, n);
    page_set_flag(v->page, "came", came && v->who.actor.role != STATE_OBSERVER);
    page_set_flag(v->page, "own", own);
    page_set_i64(v->page, "reach_units", reach.units);
    page_set_i64(v->page, "reach_read", reach.read);
    page_set_flag(v->page, "may_remind",
                  own && reach.silent > 0 && (WHO_HEAD & 1u << v->who.actor.role));
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "notice", err);
}

int page_notice(struct visit *v, struct err *err)
{
    struct state_notice n;
    bool came;
    int r = read_one(v, &n, &came, err);

    return r < 0 ? r : show_one(v, &n, came, err);
}

int post_notice_read(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct buf path = BUF_INIT(100);
    struct state_notice n;
    bool came;
    int r = read_one(v, &n, &came, err);

    if (r == 0)
        r = notice_read(&ctx, &v->who.actor, n.id, n.attest && visit_given(v, "attest").n > 0, err);
    if (r == 0) {
        buf_puts(&path, "/notices/");
        id_write(&path, n.id);
        buf_puts(&path, "?done=1");
        r = visit_done(v, buf_slice(&path));
    }
    buf_done(&path);
    return r;
}

/* Issuing, sending, sending again. */

/* The links are told once: here. */
static void write_links(struct visit *v, const struct notice_dispatched *sent)
{
    for (size_t i = 0; i < sent->count; i++) {
        struct page_scope *row = page_add(v->page, "links");
        struct buf link = BUF_INIT(600);

        visit_write_site(v, &link);
        buf_printf(&link, "/n/" SLICE_FMT, SLICE_ARG(sent->units[i].secret));
        page_set(row, "link_unit", sent->units[i].unit);
        page_set_buf(row, "link", &link);
    }
    page_set_i64(v->page, "link_count", (int64_t)sent->count);
}

/* Tells everybody who looks, and shows the links that are told this once. */
static void notices_publish(struct visit *v, struct state_id notice, const struct state_id *units,
                            size_t count, const struct notice_dispatched *sent)
{
    for (size_t i = 0; i < count; i++)
        desk_web_changed(v->web, "notice", units[i], notice);
    if (!v->api)
        write_links(v, sent);
}

static int notices_send(struct visit *v, const struct state_notice *n, const struct state_id *units,
                        size_t count, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    const struct notice_dispatch d = {.notice = n->id,
                                      .units = units,
                                      .unit_count = count,
                                      .link = true};
    struct notice_dispatched sent;
    int r = notice_send(&ctx, &v->who.actor, &d, &sent, err);

    if (r < 0)
        return r;
    notices_publish(v, n->id, units, count, &sent);
    return 0;
}

/* The units that were ticked, of those below. */
static int read_units(struct visit *v, struct state_id **ret, size_t *ret_n, struct err *err)
{
    struct state_id *ids = arena_new_array(v->arena, v->given.count + 1, struct state_id);
    size_t n = 0;

    if (ids == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < v->given.count; i++) {
        struct state_unit u;

        if (!slice_is(v->given.items[i].name, "unit"))
            continue;
        if (state_unit_find(v->s, &v->who.actor, STATE_ID_NONE, v->given.items[i].value, v->arena,
                            &u, NULL) < 0 ||
            !state_unit_below(v->s, u.id, v->who.actor.unit, 0))
            return err_fail(err, CE_NOT_FOUND, ERR_WEB_WHICH_UNIT);
        ids[n++] = u.id;
    }
    *ret = ids;
    *ret_n = n;
    return n > 0 ? 0 : err_fail(err, CE_MISSING, ERR_WEB_WHICH_UNIT);
}

static int read_due(struct visit *v, int64_t *ret, struct err *err)
{
    struct slice day = visit_given(v, "due");
    int64_t days;

    *ret = 0;
    if (day.n == 0)
        return 0;
    if (value_date(day, 0, &days) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    *ret = (days + 1) * TIME_DAY - ZONE_OWN * TIME_SECOND; /* to the end of that day */
    return 0;
}

static bool has_code(struct visit *v, struct slice code)
{
    struct state_notice n;
    struct err none = ERR_INIT;

    return state_notice_find(v->s, &v->who.actor, v->who.actor.unit, code, v->arena, &n, &none) ==
           0;
}

/* canh's own number where the person gave none: of the second, counted where two share it. */
static struct slice code_of(struct visit *v)
{
    enum { OF_ONE_SECOND = 100 };
    struct buf code = BUF_INIT(60);
    struct civil c;
    struct slice given = visit_given(v, "code");

    if (given.n > 0)
        return given;
    time_to_civil(state_now(v->s), ZONE_OWN, &c);
    for (unsigned i = 1; i == 1 || (i < OF_ONE_SECOND && has_code(v, buf_slice(&code))); i++) {
        buf_clear(&code);
        buf_printf(&code, "TB-%04d%02u%02u-%02u%02u%02u", c.year, c.month, c.day, c.hour, c.minute,
                   c.second);
        if (i > 1)
            buf_printf(&code, "-%u", i);
    }
    given = arena_dup(v->arena, buf_slice(&code));
    buf_done(&code);
    return given;
}

static int notices_issue(struct visit *v, struct state_notice *ret, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct notice_draft d = {.unit = v->who.actor.unit,
                             .code = code_of(v),
                             .title = visit_given(v, "title"),
                             .text = visit_given(v, "text"),
                             .clause = visit_given(v, "clause"),
                             .attest = visit_given(v, "attest").n > 0};
    struct notice_dispatch to = {.link = true};
    struct notice_published done;
    struct state_id *units = NULL;
    int r = read_due(v, &d.due, err);

    if (r == 0 && (d.title.n == 0 || d.text.n == 0))
        r = err_fail(err, CE_MISSING, ERR_WEB_NOTICE_NEEDS_TITLE);
    if (r == 0)
        r = read_units(v, &units, &to.unit_count, err);
    to.units = units;
    if (r == 0)
        r = notice_publish(&ctx, &v->who.actor, &d, &to, &done, err);
    if (r < 0)
        return r;
    *ret = done.notice;
    notices_publish(v, ret->id, units, to.unit_count, &done.sent);
    return 0;
}

int post_notices(struct visit *v, struct err *err)
{
    struct state_notice n;
    int r = notices_issue(v, &n, err);

    if (r < 0)
        return r;
    return v->api ? visit_done(v, SLICE_NULL) : show_one(v, &n, false, err);
}

int post_notice_remind(struct visit *v, struct err *err)
{
    struct reach reach = {.silent_units = arena_new_array(v->arena, UNITS_MOST, struct state_id)};
    struct state_notice n;
    bool came;
    int r = reach.silent_units ? read_one(v, &n, &came, err) : err_nomem(err);

    if (r == 0 && !id_eq(n.unit, v->who.actor.unit))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0)
        r = reach_of(v, n.id, &reach, err);
    if (r == 0 && reach.silent > 0)
        r = notices_send(v, &n, reach.silent_units,
                         (size_t)CANH_MIN(reach.silent, (int64_t)UNITS_MOST), err);
    if (r < 0)
        return r;
    return v->api ? visit_done(v, SLICE_NULL) : show_one(v, &n, came, err);
}

/* Behind a unit's link, without an account. */

int page_notice_link(struct visit *v, struct err *err)
{
    const struct state_actor all = state_actor_system();
    const struct act_ctx ctx = visit_ctx(v);
    struct notice_behind x;
    struct state_unit unit, from;
    int r = notice_by_link(&ctx, &all, v->x->params[0], &x, err);

    if (r == 0)
        r = state_unit_get(v->s, &all, x.unit, v->arena, &unit, err);
    if (r == 0)
        r = state_unit_get(v->s, &all, x.notice.unit, v->arena, &from, err);
    if (r < 0)
        return r;
    write_notice(v, v->page, &x.notice);
    page_set(v->page, "link_secret", v->x->params[0]);
    page_set(v->page, "link_unit", unit.name);
    page_set(v->page, "link_from", from.name);
    page_set_when(v->page, "link_ends", x.ends, state_now(v->s));
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    return visit_page(v, "notice-link", err);
}

int post_notice_link(struct visit *v, struct err *err)
{
    const struct state_actor all = state_actor_system();
    const struct act_ctx ctx = visit_ctx(v);
    struct buf path = BUF_INIT(300);
    struct state_notice n;
    int r = notice_open(&ctx, &all, v->x->params[0], visit_given(v, "attest").n > 0, &n, err);

    if (r == 0) {
        buf_printf(&path, "/n/" SLICE_FMT "?done=1", SLICE_ARG(slice_head(v->x->params[0], 200)));
        r = visit_goto(v, buf_slice(&path));
    }
    buf_done(&path);
    return r;
}

/* The same by the API. */

static int json_delivery(void *u, const struct state_delivery *d)
{
    struct inbox *in = u;
    struct state_notice n;

    if (state_notice_get(in->v->s, &in->v->who.actor, d->notice, in->v->arena, &n, in->err) < 0)
        return -in->err->code;
    view_json_notice(in->w, &n, d->changed);
    return 0;
}

int api_notices(struct visit *v, struct err *err)
{
    const struct state_query own = {.unit = v->who.actor.unit};
    struct json_write w;
    struct inbox in = {.v = v, .err = err, .w = &w};
    int r;

    api_items_begin(v, &w);
    r = state_delivery_each(v->s, &v->who.actor, &own, json_delivery, &in, err);
    api_items_end(&w);
    return r;
}
