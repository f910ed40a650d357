/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts: the list, one of them, and what a person says of it. */
#include <stdlib.h>

#include "alert/alert.h"
#include "alert/call.h"
#include "alert/call_text.h"
#include "case/judge.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "lang/msg_console.h"
#include "state/people.h"
#include "view/api.h"
#include "web/api.h"

enum { PAGE_MOST = 100, API_MOST = 500 };

/* What the list shows, by the word in ?show=. */
static const struct {
    const char *word, *flag;
    enum state_alert_kind kind;
    int32_t state;
} shows[] = {
    {"waiting", "show_waiting", STATE_ALERTS_LIVE, STATE_ALERT_NEW},
    {"seen", "show_seen", STATE_ALERTS_LIVE, STATE_ALERT_SEEN},
    {"closed", "show_closed", STATE_ALERTS_LIVE, STATE_ALERT_CLOSED},
    {"history", "show_history", STATE_ALERTS_HISTORY, 0},
    {"all", "show_all", STATE_ALERTS_ALL, 0},
};

static size_t alerts_within(int32_t v, size_t count)
{
    return v > 0 && (size_t)v < count ? (size_t)v : 0;
}

static void write_alert(struct visit *v, struct page_scope *p, const struct state_alert *x,
                        int64_t now)
{
    struct buf id = BUF_INIT(64), ago = BUF_INIT(200), span = BUF_INIT(100);

    id_write(&id, x->id);
    page_set_buf(p, "id", &id);
    page_set_text(p, "level", level_name(x->level));
    page_set_text(p, "level_word", level_text(v->lang, x->level));
    page_set_text(p, "state_mark", alert_state_word(x->state));
    page_set_text(p, "state_word", alert_state_text(v->lang, x->state));
    page_set_flag(p, "waits", x->state == STATE_ALERT_NEW);
    page_set_flag(p, "seen", x->state != STATE_ALERT_NEW);
    page_set(p, "title",
             v->lang == LANG_VI && x->title_vi.n ? x->title_vi
             : x->title.n                        ? x->title
                                                 : x->rule);
    page_set(p, "advice", x->advice);
    page_set(p, "rule", x->rule);
    page_set(p, "code", x->code);
    page_set(p, "about", alert_about(v->s, &v->who.actor, x, v->arena));
    page_set(p, "host", x->host);
    page_set(p, "user", x->user);
    page_set(p, "address", x->address);
    page_set_i64(p, "count", x->count);
    page_set_flag(p, "repeated", x->count > 1);
    page_set_flag(p, "history", x->history);
    page_set_recorded(v, p, "first", x->first_seen, x->doubtful);
    page_set_recorded(v, p, "last", x->last_seen, x->doubtful);
    append_span(&span, v->lang, now - x->last_seen);
    lang_write(&ago, v->lang, MSG_CONSOLE_AGO, buf_cstr(&span));
    page_set_buf(p, "ago", &ago);
    buf_done(&span);
}

static int list_one(void *u, const struct state_alert *x)
{
    struct visit *v = u;

    write_alert(v, page_add(v->page, "alerts"), x, state_now(v->s));
    return 0;
}

/* The newest that wait, among which the gravest are looked for. */
enum { WAITING_SEEN = 100 };
struct waiting {
    struct state_id id;
    int32_t level;
    unsigned at; /* from the newest on */
};
struct waiting_list {
    struct waiting rows[WAITING_SEEN];
    unsigned n;
};

static int add_waiting(void *u, const struct state_alert *x)
{
    struct waiting_list *l = u;

    if (l->n < WAITING_SEEN) {
        l->rows[l->n] = (struct waiting){.id = x->id, .level = x->level, .at = l->n};
        l->n++;
    }
    return 0;
}

static int by_gravity(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;

    if (x->level != y->level)
        return x->level > y->level ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

int write_waiting_alerts(struct visit *v, size_t most, struct err *err)
{
    struct alert_queue q = {.kind = STATE_ALERTS_LIVE,
                            .state = STATE_ALERT_NEW,
                            .limit = WAITING_SEEN};
    struct waiting_list l = {.n = 0};
    int r = alert_queue(v->s, &v->who.actor, &q, add_waiting, &l, err);

    qsort(l.rows, l.n, sizeof(l.rows[0]), by_gravity);
    for (unsigned i = 0; r == 0 && i < CANH_MIN(l.n, most); i++) {
        struct state_alert x;

        r = state_alert_get(v->s, &v->who.actor, l.rows[i].id, v->arena, &x, err);
        if (r == 0)
            (void)list_one(v, &x);
    }
    if (r < 0)
        return r;
    page_set_i64(v->page, "waiting", (int64_t)q.waiting);
    return 0;
}

/* What of the queue the request asks for: ?show=, behind ?cursor=. */
static int alerts_asked(const struct visit *v, size_t limit, struct alert_queue *ret,
                        size_t *ret_show, struct err *err)
{
    struct slice show = visit_query(v, "show");
    struct cursor behind;
    int r = cursor_asked(v, &behind, err);

    *ret_show = 0;
    for (size_t i = 0; i < CANH_LEN(shows); i++) {
        if (slice_is(show, shows[i].word))
            *ret_show = i;
    }
    *ret = (struct alert_queue){.kind = shows[*ret_show].kind,
                                .state = shows[*ret_show].state,
                                .limit = limit,
                                .seen = behind.at,
                                .id = behind.id};
    return r;
}

/* What may be sent on by other ways. */
static void write_copy(struct visit *v, const struct state_alert *x)
{
    struct buf text = BUF_INIT(4000);

    call_text_copy(&text, v->lang, v->s, x);
    page_set_buf(v->page, "copy", &text);
}

int page_alerts(struct visit *v, struct err *err)
{
    size_t show;
    struct alert_queue q;
    int64_t now = state_now(v->s);
    int r = alerts_asked(v, PAGE_MOST, &q, &show, err);

    if (r == 0)
        r = alert_queue(v->s, &v->who.actor, &q, list_one, v, err);
    if (r < 0)
        return r;
    page_set_flag(v->page, shows[show].flag, true);
    page_set_text(v->page, "show", shows[show].word);
    page_set_i64(v->page, "waiting", (int64_t)q.waiting);
    page_set_cursor(v->page, q.more, &(struct cursor){q.seen, q.id});
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "alerts", err);
}

static int write_acks(struct visit *v, const struct state_alert *x, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct state_query q = {.ref = x->id};
    struct state_alert_ack *acks = NULL;
    size_t n = 0;
    int r = state_alert_ack_list(v->s, &v->who.actor, &q, v->arena, &acks, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct page_scope *row = page_add(v->page, "said");
        struct state_person p;

        page_set_recorded(v, row, "at", acks[i].at, false);
        if (state_person_get(v->s, &all, acks[i].person, v->arena, &p, NULL) == 0)
            page_set(row, "who", p.name);
        else
            page_set(row, "who", acks[i].login);
        page_set_text(row, "verdict", alert_verdict_text(v->lang, acks[i].verdict));
        page_set(row, "note", acks[i].note);
    }
    return r;
}

/* Who was called, and what became of it. */
static int write_call_row(void *u, const struct state_message *x)
{
    static const msg_id states[] = {MSG_CONSOLE_MESSAGE_1, MSG_CONSOLE_MESSAGE_1,
                                    MSG_CONSOLE_MESSAGE_2, MSG_CONSOLE_MESSAGE_3,
                                    MSG_CONSOLE_MESSAGE_4, MSG_CONSOLE_MESSAGE_5,
                                    MSG_CONSOLE_MESSAGE_6, MSG_CONSOLE_MESSAGE_7};
    static const msg_id ways[] = {MSG_CONSOLE_WAY_1, MSG_CONSOLE_WAY_1, MSG_CONSOLE_WAY_2,
                                  MSG_CONSOLE_WAY_3};
    struct visit *v = u;
    const struct state_actor all = state_actor_system();
    struct page_scope *row = page_add(v->page, "calls");
    struct state_person p;

    page_set_recorded(v, row, "at", x->created, false);
    page_set_text(row, "way", lang_text(v->lang, ways[alerts_within(x->channel, CANH_LEN(ways))]));
    page_set_text(row, "mark", message_state_word(x->state));
    page_set_text(row, "state",
                  lang_text(v->lang, states[alerts_within(x->state, CANH_LEN(states))]));
    if (x->state != STATE_MESSAGE_UNKNOWN) /* that says it */
        page_set(row, "reason", x->reason);
    page_set(row, "code", x->code);
    if (!id_is_none(x->person) && state_person_get(v->s, &all, x->person, v->arena, &p, NULL) == 0)
        page_set(row, "who", p.name);
    return 0;
}

static int write_calls(struct visit *v, const struct state_alert *x, struct err *err)
{
    struct state_call call;
    struct err none = ERR_INIT;
    int r = call_of(v->s, &v->who.actor, x->id, v->arena, &call, &none);

    if (r == -CE_NOT_FOUND)
        return 0;
    if (r < 0) {
        *err = none;
        return r;
    }
    page_set_flag(v->page, "called", true);
    page_set_flag(v->page, "call_climbs", call.state == STATE_CALL_CLIMBING);
    page_set_flag(v->page, "call_nobody", call.state == STATE_CALL_NOBODY);
    page_set_when(v->page, "call_due", call.due, state_now(v->s));
    return call_messages(v->s, &v->who.actor, x->id, write_call_row, v, err);
}

/* The case that it belongs to. */
static int write_case(struct visit *v, const struct state_alert *x, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    struct state_case found;
    struct buf text = BUF_INIT(64);
    int r = state_case_of_alert(v->s, x->id, &id, err);

    if (r == 0 && !id_is_none(id) &&
        state_case_get(v->s, &v->who.actor, id, v->arena, &found, NULL) == 0) {
        id_write(&text, id);
        page_set_buf(v->page, "case_id", &text);
        page_set(v->page, "case_number", found.number);
    }
    buf_done(&text);
    return r;
}

static int get_alert(struct visit *v, struct state_alert *ret, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    if (r == 0)
        r = state_alert_get(v->s, &v->who.actor, id, v->arena, ret, err);
    /* Whether another unit has such an alert is nobody's business. */
    return r == -CE_DENIED ? err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING) : r;
}

int page_alert(struct visit *v, struct err *err)
{
    struct state_alert x;
    int r = get_alert(v, &x, err);

    if (r == 0)
        r = write_acks(v, &x, err);
    if (r == 0)
        r = write_calls(v, &x, err);
    if (r == 0)
        r = write_case(v, &x, err);
    if (r == 0)
        r = visit_write_case_choices(v, x.unit, SLICE_NULL, err);
    if (r < 0)
        return r;
    write_alert(v, v->page, &x, state_now(v->s));
    write_copy(v, &x);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    return visit_page(v, "alert", err);
}

static int alerts_acknowledge(struct visit *v, struct state_alert *x, struct state_id *ret_case,
                              struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct case_judgement j = {.ack = {.verdict = alert_verdict_of(visit_given(v, "verdict")),
                                       .note = visit_given(v, "note")},
                               .into = visit_given(v, "case")};
    int r = get_alert(v, x, err);

    if (!v->api && j.ack.verdict != STATE_ALERT_REAL)
        j.into = SLICE_NULL; /* a page shows the choice of a case with that verdict alone */

    if (r == 0 && j.ack.verdict == 0)
        r = err_fail(err, CE_RANGE, ERR_WEB_VERDICT_SEEN_REAL_KNOWN_OR);
    if (r < 0)
        return r;
    j.ack.same = x->id;
    r = case_judge(&ctx, &v->who.actor, &j, x, ret_case, err);
    if (r == 0)
        desk_web_changed(v->web, "alert", x->unit, x->id);
    if (r == 0 && !id_is_none(*ret_case))
        desk_web_changed(v->web, "case", x->unit, *ret_case);
    return r;
}

int post_alert_ack(struct visit *v, struct err *err)
{
    struct buf to = BUF_INIT(200);
    struct state_alert x;
    struct state_id into;
    int r = alerts_acknowledge(v, &x, &into, err);

    if (r < 0)
        return r;
    if (!id_is_none(into)) {
        buf_puts(&to, "/cases/");
        id_write(&to, into);
        buf_puts(&to, "?done=1");
    } else if (slice_is(visit_given(v, "from"), "detail")) {
        buf_puts(&to, "/alerts/");
        id_write(&to, x.id);
        buf_puts(&to, "?done=1");
    } else {
        buf_puts(&to, "/alerts");
    }
    r = visit_goto(v, buf_slice(&to));
    buf_done(&to);
    return r;
}

/* The same by the API. */

static int json_one(void *u, const struct state_alert *x)
{
    view_json_alert(u, x);
    return 0;
}

int api_alerts(struct visit *v, struct err *err)
{
    struct alert_queue q;
    struct json_write w;
    size_t show;
    int r = alerts_asked(v, PAGE_MOST, &q, &show, err);

    if (r == 0)
        r = api_limit(v, PAGE_MOST, API_MOST, &q.limit, err);
    if (r < 0)
        return r;
    api_items_begin(v, &w);
    r = alert_queue(v->s, &v->who.actor, &q, json_one, &w, err);
    if (r == 0)
        api_items_end_at(&w, q.more, &(struct cursor){q.seen, q.id});
    return r;
}

int api_alert(struct visit *v, struct err *err)
{
    struct json_write w;
    struct state_alert x;
    int r = get_alert(v, &x, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_alert(&w, &x);
    return 0;
}

static int json_message(void *u, const struct state_message *x)
{
    view_json_message(u, x);
    return 0;
}

int api_alert_calls(struct visit *v, struct err *err)
{
    struct json_write w;
    struct state_alert x;
    int r = get_alert(v, &x, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    r = call_messages(v->s, &v->who.actor, x.id, json_message, &w, err);
    api_items_end(&w);
    return r;
}

int api_alert_ack(struct visit *v, struct err *err)
{
    struct json_write w;
    struct state_alert x;
    struct state_id into;
    int r = alerts_acknowledge(v, &x, &into, err);

    if (r == 0)
        r = get_alert(v, &x, err);
    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    view_json_alert(&w, &x);
    return 0;
}
