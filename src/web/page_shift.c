/* SPDX-License-Identifier: Apache-2.0 */
/* "Ca trực của tôi": what a person stands or will stand, who stands beside, what waits. */
#include <stdlib.h>

#include "data/data.h"
#include "duty/act.h"
#include "duty/duty_state.h"
#include "duty/facts.h"
#include "duty/terms_state.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "web/web_internal.h"

#define BACK  (31 * TIME_DAY)
#define AHEAD (8 * TIME_DAY)
enum { NEXT_MAX = 6, WAITING_MAX = 8 };

enum my_state { MY_NONE, MY_LATER, MY_MAY_TAKE, MY_ON };

/* What is known of a person's shifts. */
struct my_shift {
    struct duty_load load;
    struct duty_facts facts;
    int64_t now;
    uint32_t person; /* in the load, or DUTY_NOBODY */
    enum my_state state;
    uint32_t post;
    struct duty_shift shift;      /* LATER, MAY_TAKE, and of ON when it is planned */
    const struct duty_fact *fact; /* ON */
    struct duty_stand stand;
    struct duty_shift *next; /* of this person, by time */
    size_t next_count;
};

static struct slice shipped_terms(void)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;

    return f ? data_bytes(f) : SLICE_NULL;
}

static int load(struct visit *v, struct my_shift *m, struct err *err)
{
    const struct state_actor *a = &v->who.actor;
    int r;

    m->now = state_now(v->s);
    r = duty_load(v->s, a, a->unit, m->now - BACK, m->now + AHEAD, v->arena, &m->load, err);
    if (r == 0)
        r = duty_terms_load(v->s, &m->load, shipped_terms(), v->arena, err);
    if (r == 0)
        r = duty_facts_load(v->s, &m->load, m->now - BACK, m->now + AHEAD, v->arena, &m->facts,
                            err);
    m->person = DUTY_NOBODY;
    for (uint32_t i = 0; r == 0 && i < m->load.person_count; i++) {
        if (id_eq(m->load.people[i], a->person))
            m->person = i;
    }
    return r;
}

static int order_shifts(const void *a, const void *b)
{
    const struct duty_shift *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from ? 1 : 0;
}

/* The person's shifts that are not over, of all posts, by time. */
static int list_next(struct visit *v, struct my_shift *m, struct err *err)
{
    enum { MOST = 200 };

    m->next = arena_new_array(v->arena, MOST, struct duty_shift);
    if (m->next == NULL)
        return err_nomem(err);
    for (uint32_t post = 0; post < m->load.asked; post++) {
        struct duty_shift *all = NULL;
        size_t n = 0;
        int r =
            duty_shift_list(&m->load.plan, post, m->now, m->now + AHEAD, v->arena, &all, &n, err);

        if (r < 0)
            return r;
        for (size_t i = 0; i < n && m->next_count < MOST; i++) {
            if (all[i].who.person == m->person && m->person != DUTY_NOBODY)
                m->next[m->next_count++] = all[i];
        }
    }
    qsort(m->next, m->next_count, sizeof(*m->next), order_shifts);
    return 0;
}

static void find_taken(struct my_shift *m, struct state_id person)
{
    for (uint32_t post = 0; post < m->load.asked && m->state != MY_ON; post++) {
        m->fact = duty_fact_open(&m->facts, post, person);
        if (m->fact) {
            m->state = MY_ON;
            m->post = post;
        }
    }
    if (m->state == MY_ON && m->person != DUTY_NOBODY &&
        duty_shift_at(&m->load.plan, m->post, m->fact->row.start, m->person, &m->shift))
        m->stand = duty_standing(&m->load, &m->facts, &m->shift, m->now, NULL);
}

/* The first shift that can be taken now, else the first that will come. */
static void find_planned(struct my_shift *m)
{
    for (size_t i = 0; i < m->next_count && m->state != MY_MAY_TAKE; i++) {
        const struct duty_shift *s = &m->next[i];
        struct duty_stand stand = duty_standing(&m->load, &m->facts, s, m->now, NULL);
        bool taken = stand.standing != DUTY_EXPECTED && stand.standing != DUTY_LATE;
        bool early = s->from - m->now <= m->load.terms[s->post]->early;

        if (taken || (m->state == MY_LATER && !early))
            continue;
        m->state = early ? MY_MAY_TAKE : MY_LATER;
        m->shift = *s;
        m->post = s->post;
        m->stand = stand;
    }
}

static int my_shift(struct visit *v, struct my_shift *m, struct err *err)
{
    int r = load(v, m, err);

    if (r == 0)
        r = list_next(v, m, err);
    if (r < 0)
        return r;
    find_taken(m, v->who.actor.person);
    if (m->state != MY_ON)
        find_planned(m);
    return 0;
}

/* The page. */

static void put_shift_times(struct page_scope *p, enum lang lang, int64_t from, int64_t until)
{
    struct buf b = BUF_INIT(200);

    put_clock(&b, from);
    page_take(p, "from", &b);
    put_clock(&b, until);
    page_take(p, "until", &b);
    put_days(&b, lang, from, until);
    page_take(p, "days", &b);
}

static void put_progress(struct visit *v, const struct my_shift *m)
{
    const struct state_shift *s = &m->fact->row;
    int64_t whole = CANH_MAX(s->stop - s->start, INT64_C(1)), gone = m->now - s->start;

    page_put_i64(v->page, "percent", CANH_MAX(INT64_C(0), CANH_MIN(gone * 100 / whole, 100)));
    page_put_when(v->page, "in_at", s->in_at, m->now);
    page_put_flag(v->page, "overdue", m->now > s->stop);
    page_put_span(v->page, "left", v->lang, m->now > s->stop ? m->now - s->stop : s->stop - m->now);
    page_put_flag(v->page, "silent", m->stand.standing == DUTY_SILENT);
    if (m->stand.last_sign)
        page_put_when(v->page, "last_sign", m->stand.last_sign, m->now);
}

static void put_mine(struct visit *v, const struct my_shift *m)
{
    struct page_scope *p = v->page;

    page_put_flag(p, "is_on", m->state == MY_ON);
    page_put_flag(p, "may_take", m->state == MY_MAY_TAKE);
    page_put_flag(p, "is_later", m->state == MY_LATER);
    page_put_flag(p, "is_none", m->state == MY_NONE);
    if (m->state == MY_NONE)
        return;
    page_put(p, "post", m->load.posts[m->post].name);
    if (m->state == MY_ON) {
        put_shift_times(p, v->lang, m->fact->row.start, m->fact->row.stop);
        put_progress(v, m);
        return;
    }
    put_shift_times(p, v->lang, m->shift.from, m->shift.until);
    page_put_flag(p, "late", m->stand.standing == DUTY_LATE);
    page_put_span(p, "until_start", v->lang,
                  m->shift.from > m->now ? m->shift.from - m->now : m->now - m->shift.from);
    page_put_flag(p, "begun", m->shift.from <= m->now);
    if (m->state == MY_LATER)
        page_put_when(p, "take_from", m->shift.from - m->load.terms[m->post]->early, m->now);
}

static void put_next(struct visit *v, const struct my_shift *m)
{
    size_t shown = 0;

    for (size_t i = 0; i < m->next_count && shown < NEXT_MAX; i++) {
        const struct duty_shift *s = &m->next[i];
        struct page_scope *row;

        if (s->from <= m->now)
            continue;
        row = page_add(v->page, "next");
        put_shift_times(row, v->lang, s->from, s->until);
        page_put(row, "post", m->load.posts[s->post].name);
        page_put(row, "name", s->name);
        page_put_flag(row, "on_call", s->who.presence == DUTY_ON_CALL);
        shown++;
    }
}

static const char *standing_word(const struct visit *v, enum duty_standing s)
{
    static const msg_id words[DUTY_STANDING_MAX] = {
        [DUTY_EXPECTED] = MSG_CONSOLE_STANDING_EXPECTED,
        [DUTY_LATE] = MSG_CONSOLE_STANDING_LATE,
        [DUTY_ON] = MSG_CONSOLE_STANDING_ON,
        [DUTY_SILENT] = MSG_CONSOLE_STANDING_SILENT,
        [DUTY_OVERDUE] = MSG_CONSOLE_STANDING_OVERDUE,
        [DUTY_LEFT] = MSG_CONSOLE_STANDING_LEFT,
        [DUTY_HANDED] = MSG_CONSOLE_STANDING_HANDED,
        [DUTY_MISSED] = MSG_CONSOLE_STANDING_MISSED,
    };

    return lang_text(v->lang, words[s]);
}

/* Every post of the unit: who stands there now, and how. */
static void put_posts(struct visit *v, const struct my_shift *m)
{
    for (uint32_t post = 0; post < m->load.asked; post++) {
        struct page_scope *row = page_add(v->page, "posts");
        struct duty_on on;

        page_put(row, "post", m->load.posts[post].name);
        duty_at(&m->load.plan, post, m->now, &on);
        page_put_flag(row, "nobody", on.count == 0);
        for (unsigned i = 0; i < on.count; i++) {
            struct page_scope *who = page_add(row, "people");
            struct duty_shift shift;
            struct duty_stand stand;

            page_put(who, "name", m->load.names[on.who[i].person]);
            if (!duty_shift_at(&m->load.plan, post, m->now, on.who[i].person, &shift))
                continue;
            stand = duty_standing(&m->load, &m->facts, &shift, m->now, NULL);
            page_put_text(who, "standing", standing_word(v, stand.standing));
            page_put_text(who, "mark", duty_standing_to_str(stand.standing));
            page_put_when(who, "until", shift.until, m->now);
        }
    }
}

static void put_done(struct visit *v)
{
    struct slice done = visit_query(v, "done");

    page_put_flag(v->page, "done_take", slice_is(done, "take"));
    page_put_flag(v->page, "done_alive", slice_is(done, "alive"));
    page_put_flag(v->page, "done_leave", slice_is(done, "leave"));
    page_put_flag(v->page, "done_line", slice_is(done, "line"));
}

int page_shift(struct visit *v, struct err *err)
{
    struct my_shift m = {0};
    int r = my_shift(v, &m, err);

    if (r == 0)
        r = put_waiting_alerts(v, WAITING_MAX, err);
    if (r < 0)
        return r;
    page_put_when(v->page, "now", m.now, m.now);
    put_mine(v, &m);
    put_next(v, &m);
    put_posts(v, &m);
    put_done(v);
    return visit_page(v, "shift", err);
}

/* Acts. */

static int act(struct visit *v, struct slice what, struct err *err)
{
    struct my_shift m = {0};
    struct duty_acted acted = {0};
    struct state_line line = {.what = visit_given(v, "text"),
                              .action = visit_given(v, "action"),
                              .result = visit_given(v, "result")};
    struct duty_act d = {.s = v->s,
                         .actor = &v->who.actor,
                         .l = &m.load,
                         .f = &m.facts,
                         .lang = v->lang,
                         .person = v->who.actor.person,
                         .how = SLICE("web")};
    int r = my_shift(v, &m, err);

    if (r < 0)
        return r;
    if (m.state == MY_NONE || m.load.asked == 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_YOU_HAVE_NO_SHIFT_COULD);
    d.post = m.post;
    d.terms = m.load.terms[m.post];
    if (slice_is(what, "take"))
        r = duty_check_in(&d, DUTY_OWN, STATE_ID_NONE, 0, &acted, err);
    else if (slice_is(what, "leave"))
        r = duty_check_out(&d, &acted, err);
    else if (slice_is(what, "alive"))
        r = duty_alive(&d, &acted, err);
    else if (slice_is(what, "line"))
        r = duty_write_line(&d, &line, &acted, err);
    else
        r = err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_ACT);
    return r;
}

int post_shift(struct visit *v, struct err *err)
{
    struct slice what = visit_given(v, "do");
    struct buf to = BUF_INIT(100);
    int r = state_begin(v->s, err);

    if (r < 0)
        return r;
    r = act(v, what, err);
    if (r == 0)
        r = state_commit(v->s, err);
    state_rollback(v->s);
    if (r < 0)
        return r;
    desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    buf_puts(&to, "/?done=");
    uri_put_escaped(&to, what);
    r = visit_goto(v, buf_slice(&to));
    buf_done(&to);
    return r;
}

int api_shift(struct visit *v, struct err *err)
{
    static const char *const words[] = {"none", "later", "may-take", "on"};
    struct my_shift m = {0};
    struct json_write w;
    int r = my_shift(v, &m, err);

    if (r < 0)
        return r;
    visit_json_begin(v, &w);
    json_open(&w, '{');
    json_key(&w, "state");
    json_text(&w, slice_str(words[m.state]));
    json_key(&w, "post");
    if (m.state == MY_NONE)
        json_null(&w);
    else
        json_text(&w, m.load.posts[m.post].name);
    json_key(&w, "from");
    json_time(&w, m.state == MY_NONE ? TIME_NONE : m.fact ? m.fact->row.start : m.shift.from);
    json_key(&w, "until");
    json_time(&w, m.state == MY_NONE ? TIME_NONE : m.fact ? m.fact->row.stop : m.shift.until);
    json_close(&w, '}');
    return 0;
}
