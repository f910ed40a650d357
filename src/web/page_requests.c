/* SPDX-License-Identifier: Apache-2.0 */
/* "Vướng mắc – đề nghị hỗ trợ": asked, taken on, answered, handed on, and ended by who asked. */
#include <stdlib.h>

#include "base/num.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "register/request.h"
#include "state/units.h"
#include "view/api.h"
#include "web/api.h"

enum { TO_MOST = 400 };

static const char *state_word(const struct visit *v, int32_t state)
{
    static const msg_id words[] = {MSG_CONSOLE_ASK_NEW,      MSG_CONSOLE_ASK_NEW,
                                   MSG_CONSOLE_ASK_ACCEPTED, MSG_CONSOLE_ASK_WORKING,
                                   MSG_CONSOLE_ASK_ANSWERED, MSG_CONSOLE_ASK_CLOSED,
                                   MSG_CONSOLE_ASK_WITHDRAWN};

    return lang_text(v->lang, words[state > 0 && (size_t)state < CANH_LEN(words) ? state : 0]);
}

static const char *kind_word(const struct visit *v, int32_t kind)
{
    return lang_text(v->lang, kind == STATE_HELP ? MSG_CONSOLE_ASK_HELP : MSG_CONSOLE_ASK_PROBLEM);
}

static void write_request(struct visit *v, struct page_scope *p, const struct request_row *x)
{
    const struct view_ctx view = visit_view(v);
    const struct state_request *r = &x->request;
    struct buf id = BUF_INIT(64);

    id_write(&id, r->id);
    page_set_buf(p, "request", &id);
    page_set(p, "number", r->number);
    page_set(p, "request_title", r->title);
    page_set(p, "request_clause", r->clause);
    page_set_text(p, "request_kind", kind_word(v, r->kind));
    page_set_text(p, "request_mark", x->late ? "late" : x->waits ? "silent" : "on");
    page_set_text(p, "request_state", state_word(v, r->state));
    page_set(p, "request_from", view_unit_name(&view, r->unit));
    page_set(p, "request_to", view_unit_name(&view, r->other));
    page_set(p, "request_owner", view_person_name(&view, r->owner));
    page_set_recorded(v, p, "request_opened", r->opened, false);
    page_set_span(p, "request_waited", v->lang, x->waited);
    page_set_flag(p, "request_waits", x->waits);
    page_set_flag(p, "request_late", x->late);
    if (r->due)
        page_set_end(p, "request_due", r->due, view.at);
}

/* Units as a choice: all but two. */
static int write_units(struct visit *v, struct state_id but, struct state_id and_but,
                       struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_unit own, *units = NULL;
    size_t n = 0, more = 0;
    int r = state_units_at(v->s, &all, 0, v->arena, &units, &n, err);

    if (r == 0)
        r = state_unit_get(v->s, &all, v->who.actor.unit, v->arena, &own, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct page_scope *row;

        if (id_eq(units[i].id, but) || id_eq(units[i].id, and_but))
            continue;
        if (i >= TO_MOST && !id_eq(units[i].id, own.parent)) {
            more++;
            continue;
        }
        row = page_add(v->page, "choices");
        page_set(row, "choice", units[i].code);
        page_set(row, "choice_title", units[i].name);
        page_set_flag(row, "chosen", id_eq(units[i].id, own.parent));
    }
    if (more)
        page_set_i64(v->page, "choices_more", (int64_t)more);
    return r;
}

/* The code of the unit that was chosen, or typed where not all stand in the choice. */
static struct slice unit_asked(const struct visit *v)
{
    struct slice other = visit_given(v, "to_other");

    return other.n > 0 ? other : visit_given(v, "to");
}

static int requests_list(struct visit *v, struct request_list *ret, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    const struct request_filter filter = {.open = !slice_is(visit_query(v, "show"), "all")};

    return request_list(&ctx, &v->who.actor, &filter, ret, err);
}

/* Late ones first, then those that wait longest. */
static int by_need(const void *a, const void *b)
{
    const struct request_row *x = a, *y = b;

    if (x->late != y->late)
        return x->late ? -1 : 1;
    if (x->waits != y->waits)
        return x->waits ? -1 : 1;
    return x->request.opened < y->request.opened ? -1 : x->request.opened > y->request.opened;
}

static int show_list(struct visit *v, struct slice message, unsigned status, struct err *err)
{
    struct request_list l = {.count = 0};
    struct page_part part;
    int64_t now = state_now(v->s);
    int r = requests_list(v, &l, err);

    if (r == 0)
        r = write_units(v, v->who.actor.unit, STATE_ID_NONE, err);
    if (r < 0)
        return r;
    if (l.count > 0)
        qsort(l.rows, l.count, sizeof(*l.rows), by_need);
    part = visit_part(v, v->page, l.count, PART_ROWS);
    for (size_t i = part.from; i < part.until; i++)
        write_request(v, page_add(v->page, "requests"), &l.rows[i]);
    page_set_i64(v->page, "request_count", (int64_t)l.count);
    page_set_flag(v->page, "show_all", slice_is(visit_query(v, "show"), "all"));
    page_set(v->page, "message", message);
    page_set(v->page, "typed_title", visit_given(v, "title"));
    page_set(v->page, "typed_text", visit_given(v, "text"));
    page_set(v->page, "typed_clause", visit_given(v, "clause"));
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    r = visit_page(v, "requests", err);
    v->x->reply.status = status;
    return r;
}

int page_requests(struct visit *v, struct err *err)
{
    return show_list(v, SLICE_NULL, 200, err);
}

static int find_unit(struct visit *v, struct slice code, struct state_id *ret, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_unit u;
    int r = code.n ? state_unit_find(v->s, &all, STATE_ID_NONE, code, v->arena, &u, NULL)
                   : -CE_NOT_FOUND;

    if (r < 0)
        return err_fail(err, CE_MISSING, ERR_WEB_WHICH_UNIT);
    *ret = u.id;
    return 0;
}

static int requests_ask(struct visit *v, struct state_request *ret, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct request_draft d = {.unit = v->who.actor.unit,
                              .kind = slice_is(visit_given(v, "kind"), "help") ? STATE_HELP
                                                                               : STATE_DIFFICULTY,
                              .clause = visit_given(v, "clause"),
                              .title = visit_given(v, "title"),
                              .text = visit_given(v, "text")};
    int r = find_unit(v, unit_asked(v), &d.to, err);

    if (r == 0 && d.title.n == 0)
        r = err_fail(err, CE_MISSING, ERR_WEB_CASE_NEEDS_A_TITLE);
    if (r == 0)
        r = request_open(&ctx, &v->who.actor, &d, ret, err);
    if (r == 0)
        desk_web_changed(v->web, "matter", v->who.actor.unit, ret->id);
    return r;
}

static struct slice request_path(struct visit *v, struct state_id id, const char *after)
{
    struct buf path = BUF_INIT(200);
    struct slice kept;

    buf_puts(&path, "/requests/");
    id_write(&path, id);
    buf_puts(&path, after);
    kept = arena_dup(v->arena, buf_slice(&path));
    buf_done(&path);
    return kept;
}

int post_requests(struct visit *v, struct err *err)
{
    struct state_request x;
    int r = requests_ask(v, &x, err);

    return r < 0 ? r : visit_done(v, request_path(v, x.id, "?done=1"));
}

/* One of them. */

static void write_notes(struct visit *v, const struct request_view *x)
{
    const struct view_ctx view = visit_view(v);

    for (size_t i = 0; i < x->note_count; i++) {
        const struct state_note *n = &x->notes[i];
        struct page_scope *row = page_add(v->page, "notes");
        bool answer = state_note_kind(n) == STATE_NOTE_ANSWER;

        page_set_recorded(v, row, "note_at", n->at, false);
        page_set(row, "note_who", view_person_name(&view, n->person));
        page_set(row, "note_text", n->text);
        page_set_flag(row, "note_answer", answer);
    }
}

/* What the visitor may do next: by which side they speak for, and how far it is. */
static void write_steps(struct visit *v, const struct state_request *x)
{
    struct page_scope *p = v->page;
    bool may = !id_is_none(v->who.actor.person) && v->who.actor.role != STATE_OBSERVER;
    bool accept = state_request_step(v->s, &v->who.actor, x, STATE_REQUEST_ACCEPTED, NULL) == 0;
    bool answer = state_request_step(v->s, &v->who.actor, x, STATE_REQUEST_ANSWERED, NULL) == 0;
    bool again = x->state == STATE_REQUEST_ANSWERED &&
                 state_request_step(v->s, &v->who.actor, x, STATE_REQUEST_WORKING, NULL) == 0;
    bool back = state_request_step(v->s, &v->who.actor, x, STATE_REQUEST_WITHDRAWN, NULL) == 0;

    page_set_flag(p, "may_accept", may && accept);
    page_set_flag(p, "may_answer", may && answer);
    page_set_flag(p, "may_end", may && again);
    page_set_flag(p, "may_withdraw", may && back);
    page_set_flag(p, "may_say", may && x->state < STATE_REQUEST_CLOSED);
}

static int read_one(struct visit *v, struct request_view *ret, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = request_show(&ctx, &v->who.actor, id, ret, err);
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

int page_request(struct visit *v, struct err *err)
{
    struct request_view x;
    int64_t now = state_now(v->s);
    int r = read_one(v, &x, err);

    if (r == 0)
        r = write_units(v, x.row.request.unit, x.row.request.other, err);
    if (r < 0)
        return r;
    write_request(v, v->page, &x.row);
    page_set(v->page, "request_text", x.row.request.text);
    write_notes(v, &x);
    write_steps(v, &x.row.request);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "request", err);
}

static int verb_of(struct slice s, enum request_verb *ret)
{
    static const char *const verbs[REQUEST_VERB_MAX] = {
        [REQUEST_ACCEPT] = "accept", [REQUEST_COMMENT] = "comment",
        [REQUEST_ANSWER] = "answer", [REQUEST_REOPEN] = "reopen",
        [REQUEST_CLOSE] = "close",   [REQUEST_WITHDRAW] = "withdraw"};

    for (unsigned i = 0; i < REQUEST_VERB_MAX; i++)
        if (slice_is(s, verbs[i])) {
            *ret = (enum request_verb)i;
            return 0;
        }
    return -CE_UNKNOWN;
}

static int requests_step(struct visit *v, struct state_id id, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct request_change change = {.request = id, .text = visit_given(v, "text")};
    struct request_forward passing = {.request = id, .text = visit_given(v, "text")};
    struct request_result done;
    struct slice what = visit_given(v, "step");
    int64_t rating = 0;
    int r;

    if (slice_is(what, "pass")) {
        r = find_unit(v, unit_asked(v), &passing.to, err);
        return r < 0 ? r : request_pass(&ctx, &v->who.actor, &passing, &done, err);
    }
    if (verb_of(what, &change.verb) < 0)
        return err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_ACT);
    if (visit_given(v, "rating").n && num_range(visit_given(v, "rating"), 1, 5, &rating) < 0)
        return err_fail(err, CE_RANGE, ERR_WEB_RATING);
    change.rating = (int32_t)rating;
    return request_step(&ctx, &v->who.actor, &change, &done, err);
}

int post_request_step(struct visit *v, struct err *err)
{
    struct request_view x;
    int r = read_one(v, &x, err);

    if (r == 0)
        r = requests_step(v, x.row.request.id, err);
    if (r < 0)
        return r;
    desk_web_changed(v->web, "matter", x.row.request.unit, x.row.request.id);
    desk_web_changed(v->web, "matter", x.row.request.other, x.row.request.id);
    return visit_done(v, slice_is(visit_given(v, "step"), "pass")
                             ? SLICE("/requests?done=1")
                             : request_path(v, x.row.request.id, "?done=1"));
}

/* The same by the API. */

int api_requests(struct visit *v, struct err *err)
{
    const struct view_ctx view = visit_view(v);
    struct request_list l = {.count = 0};
    struct json_write w;
    int r = requests_list(v, &l, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    for (size_t i = 0; i < l.count; i++)
        view_json_request(&w, &view, &l.rows[i]);
    api_items_end(&w);
    return 0;
}

int api_request(struct visit *v, struct err *err)
{
    const struct view_ctx view = visit_view(v);
    struct request_view x;
    struct json_write w;
    int r = read_one(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_request(&w, &view, &x.row);
    return 0;
}

int api_request_open(struct visit *v, struct err *err)
{
    const struct view_ctx view = visit_view(v);
    struct state_request x;
    struct json_write w;
    int r = requests_ask(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_request(&w, &view, &(struct request_row){.request = x, .waits = true});
    return 0;
}
