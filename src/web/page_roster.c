/* SPDX-License-Identifier: Apache-2.0 */
/* "Lịch trực": a month of a post, day by day, with gaps and conflicts marked; asking for leave and
 * swaps, and answering a swap. */
#include <stdlib.h>

#include "base/array.h"
#include "base/num.h"
#include "base/time.h"
#include "duty/change.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "roster/clash.h"
#include "roster/gaps.h"
#include "roster/shift.h"
#include "state/people.h"
#include "state/units.h"
#include "web/page_shift.h"

enum { PEOPLE_MOST = 500 };

struct month {
    struct visit *v;
    struct state_post *posts; /* to choose from */
    size_t post_count;
    struct duty_load load; /* of the chosen one, and of where else its people stand */
    uint32_t post;         /* in the load */
    int year;
    unsigned month;
    int64_t from, until; /* instants: its days, local */
    struct page_scope *days[31];
    unsigned day_count;
    unsigned own_shifts, others; /* that can be swapped; whom with */
};

static int64_t month_begin(int year, unsigned month)
{
    return days_from_date(year, month, 1) * TIME_DAY - ZONE_OWN * TIME_SECOND;
}

/* ?month=2026-12, else this month. */
static int find_month(struct month *m, struct err *err)
{
    struct visit *v = m->v;
    struct slice given =
        visit_given(v, "month").n ? visit_given(v, "month") : visit_query(v, "month");
    int64_t year = 0, month = 0;
    struct civil c;

    time_to_civil(state_now(v->s), ZONE_OWN, &c);
    m->year = c.year;
    m->month = c.month;
    if (given.n > 0) {
        if (given.n != 7 || given.p[4] != '-' ||
            num_range(slice_head(given, 4), 2000, 2190, &year) < 0 ||
            num_range(slice_from(given, 5), 1, 12, &month) < 0)
            return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
        m->year = (int)year;
        m->month = (unsigned)month;
    }
    m->from = month_begin(m->year, m->month);
    m->until = m->month == 12 ? month_begin(m->year + 1, 1) : month_begin(m->year, m->month + 1);
    m->day_count = (unsigned)((m->until - m->from) / TIME_DAY);
    return 0;
}

struct seen_posts {
    struct state_id *ids; /* on the heap */
    size_t count, cap;
};

static int collect_post(void *u, struct state_id post)
{
    struct seen_posts *seen = u;

    for (size_t i = 0; i < seen->count; i++)
        if (id_eq(seen->ids[i], post))
            return 0;
    if (!array_room(seen->ids, seen->count, seen->cap, SIZE_MAX))
        return -CE_NOMEM;
    seen->ids[seen->count++] = post;
    return 0;
}

/* The chosen post alone says who stands there; then also where else these people stand. */
static int load_month(struct month *m, struct state_id post, struct err *err)
{
    struct visit *v = m->v;
    struct seen_posts seen = {.count = 0};
    struct duty_load_request q = {.unit = v->who.actor.unit,
                                  .from = m->from - TIME_DAY,
                                  .until = m->until + TIME_DAY,
                                  .among = &post,
                                  .among_count = 1};
    int r = collect_post(&seen, post) < 0
                ? err_nomem(err)
                : duty_load_for(v->s, &v->who.actor, &q, v->arena, &m->load, err);

    for (size_t i = 0; r == 0 && i < m->load.person_count; i++)
        r = state_posts_of_person(v->s, m->load.people[i], q.from, q.until, collect_post, &seen,
                                  err);
    q.among = seen.ids;
    q.among_count = seen.count;
    if (r == 0 && seen.count > 1)
        r = duty_load_for(v->s, &v->who.actor, &q, v->arena, &m->load, err);
    free(seen.ids);
    for (uint32_t i = 0; r == 0 && i < m->load.asked; i++)
        if (id_eq(m->load.posts[i].id, post))
            m->post = i;
    return r;
}

static int open_month(struct month *m, struct visit *v, struct err *err)
{
    struct slice code = visit_query(v, "post"), of = visit_query(v, "of");
    struct duty_load_request all = {.unit = v->who.actor.unit};
    struct state_unit unit = {.id = v->who.actor.unit};
    size_t chosen = 0;
    int r;

    *m = (struct month){.v = v};
    r = find_month(m, err);
    all.from = m->from - TIME_DAY;
    all.until = m->until + TIME_DAY;
    if (r == 0)
        r = duty_posts(v->s, &v->who.actor, &all, v->arena, &m->posts, &m->post_count, err);
    if (r == 0 && of.n > 0)
        r = state_unit_find(v->s, &v->who.actor, STATE_ID_NONE, of, v->arena, &unit, err);
    for (size_t i = m->post_count; r == 0 && i-- > 0;)
        if (slice_eq(m->posts[i].code, code) && (of.n == 0 || id_eq(m->posts[i].unit, unit.id)))
            chosen = i;
    return r == 0 && m->post_count > 0 ? load_month(m, m->posts[chosen].id, err) : r;
}

/* The days. */

static void write_month(struct page_scope *p, const char *name, int year, unsigned month)
{
    struct buf b = BUF_INIT(20);

    buf_printf(&b, "%04d-%02u", year, month);
    page_set_buf(p, name, &b);
}

static void write_days_of(struct month *m)
{
    static const msg_id weekdays[] = {MSG_CONSOLE_WEEKDAY_1, MSG_CONSOLE_WEEKDAY_2,
                                      MSG_CONSOLE_WEEKDAY_3, MSG_CONSOLE_WEEKDAY_4,
                                      MSG_CONSOLE_WEEKDAY_5, MSG_CONSOLE_WEEKDAY_6,
                                      MSG_CONSOLE_WEEKDAY_7};
    struct page_scope *p = m->v->page;
    int64_t first = days_from_date(m->year, m->month, 1);
    int64_t today = (state_now(m->v->s) + ZONE_OWN * TIME_SECOND) / TIME_DAY;

    for (unsigned i = 0; i < 7; i++)
        page_set_text(page_add(p, "weekdays"), "weekday", lang_text(m->v->lang, weekdays[i]));
    for (unsigned i = 1; i < weekday_of_days(first); i++)
        page_set_flag(page_add(p, "days"), "blank", true);
    page_set_flag(p, "some_past", today > first && today < first + m->day_count);
    for (unsigned i = 0; i < m->day_count; i++) {
        struct page_scope *day = page_add(p, "days");

        m->days[i] = day;
        page_set_i64(day, "day", i + 1);
        page_set_text(day, "day_name",
                      lang_text(m->v->lang, weekdays[weekday_of_days(first + i) - 1]));
        page_set_flag(day, "today", first + i == today);
        page_set_flag(day, "past", first + i < today);
    }
}

static void write_on_day(struct month *m, int64_t at, const struct duty_shift *s)
{
    bool nobody = s->who.person == DUTY_NOBODY;
    struct page_scope *row = page_add(m->days[(at - m->from) / TIME_DAY], "duties");
    int64_t midnight = at - (at - m->from) % TIME_DAY;
    struct buf times = BUF_INIT(40);

    write_clock(&times, nobody ? CANH_MAX(s->from, midnight) : s->from);
    buf_puts(&times, "–");
    if (nobody && s->until >= midnight + TIME_DAY)
        buf_puts(&times, "24:00");
    else
        write_clock(&times, s->until);
    page_set_buf(row, "duty_times", &times);
    page_set(row, "duty_shift", s->name);
    page_set(row, "duty_name", nobody ? SLICE_NULL : m->load.names[s->who.person]);
    page_set_flag(row, "duty_gap", nobody);
    page_set_flag(row, "duty_on_call", s->who.presence == DUTY_ON_CALL);
    page_set_flag(row, "duty_changed", s->who.why != DUTY_BY_LAYER);
    page_set_flag(row, "duty_leave", s->who.on_leave);
    page_set_text(row, "duty_class",
                  nobody                                                         ? "gap"
                  : s->who.on_leave                                              ? "warned"
                  : id_eq(m->load.people[s->who.person], m->v->who.actor.person) ? "mine"
                                                                                 : "other");
}

/* A shift on the day that it begins, a gap on every day that it lasts. */
static int write_shift(void *u, const struct duty_shift *s)
{
    struct month *m = u;
    int64_t at = CANH_MAX(s->from, m->from), until = CANH_MIN(s->until, m->until);

    if (s->who.person != DUTY_NOBODY)
        until = CANH_MIN(until, at + 1);
    while (at < until) {
        write_on_day(m, at, s);
        at += TIME_DAY - (at - m->from) % TIME_DAY;
    }
    return 0;
}

static void write_problem(struct month *m, int64_t from, int64_t until, struct buf *what)
{
    struct page_scope *row = page_add(m->v->page, "problems");

    page_set_when(row, "problem_from", from, 0);
    page_set_end(row, "problem_until", until, 0);
    page_set_buf(row, "problem", what);
}

static int write_problems(struct month *m, struct err *err)
{
    struct duty_problem *list = NULL;
    struct duty_clash *clashes = NULL;
    size_t n = 0, clash_count = 0, shown = 0;
    int r = duty_problems(&m->load.plan, m->post, m->from, m->until, m->v->arena, &list, &n, err);

    if (r == 0)
        r = duty_clashes(&m->load.plan, m->from, m->until, m->v->arena, &clashes, &clash_count,
                         err);
    for (size_t i = 0; r == 0 && i < n && shown < TABLE_LINES; i++, shown++) {
        struct buf what = BUF_INIT(2000);

        duty_problem_describe(&what, m->v->lang, &list[i],
                              list[i].person == DUTY_NOBODY ? SLICE_NULL
                                                            : m->load.names[list[i].person]);
        write_problem(m, list[i].from, list[i].until, &what);
    }
    for (size_t i = 0; r == 0 && i < clash_count && shown < TABLE_LINES; i++) {
        const struct duty_clash *c = &clashes[i];
        struct buf what = BUF_INIT(2000);

        if (c->post != m->post && c->other != m->post)
            continue;
        duty_clash_describe(&what, m->v->lang, m->load.names[c->person],
                            m->load.posts[c->post == m->post ? c->other : c->post].name);
        write_problem(m, c->from, c->until, &what);
        shown++;
    }
    page_set_i64(m->v->page, "problem_count", (int64_t)shown);
    return r;
}

/* What can be asked for. */

static int write_own_shift(void *u, const struct duty_shift *s)
{
    struct month *m = u;
    struct page_scope *row;
    struct buf b = BUF_INIT(100), key = BUF_INIT(100);

    if (s->who.person == DUTY_NOBODY || s->from < state_now(m->v->s) ||
        !id_eq(m->load.people[s->who.person], m->v->who.actor.person))
        return 0;
    m->own_shifts++;
    row = page_add(m->v->page, "mine");
    buf_printf(&key, "%lld-%lld", (long long)(s->from / TIME_SECOND),
               (long long)(s->until / TIME_SECOND));
    page_set_buf(row, "mine_key", &key);
    write_when(&b, s->from, 0);
    buf_puts(&b, " – ");
    write_clock(&b, s->until);
    page_set_buf(row, "mine_title", &b);
    return 0;
}

static int on_person(void *u, const struct state_person *p)
{
    struct month *m = u;
    struct page_scope *row;
    int64_t now = state_now(m->v->s);

    if (id_eq(p->id, m->v->who.actor.person) || p->valid_from > now ||
        (p->valid_to && p->valid_to <= now))
        return 0;
    m->others++;
    row = page_add(m->v->page, "people");
    page_set(row, "person_code", p->code);
    page_set(row, "person_name", p->name);
    return 0;
}

/* Swaps that wait for the visitor's word, and their own that wait. */
static int on_swap(void *u, const struct state_swap *x)
{
    struct month *m = u;
    const struct view_ctx view = visit_view(m->v);
    bool mine = id_eq(x->person, m->v->who.actor.person);
    bool asked = id_eq(x->other, m->v->who.actor.person) && x->state == STATE_SWAP_ASKED;
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (x->stop <= view.at || !(asked || (mine && x->state <= STATE_SWAP_AGREED)))
        return 0;
    row = page_add(m->v->page, "swaps");
    id_write(&id, x->id);
    page_set_buf(row, "swap", &id);
    page_set(row, "swap_who", view_person_name(&view, mine ? x->other : x->person));
    page_set_when(row, "swap_from", x->start, 0);
    page_set_end(row, "swap_until", x->stop, 0);
    page_set(row, "swap_reason", x->reason);
    page_set_flag(row, "swap_asked", asked);
    return 0;
}

static int write_asking(struct month *m, struct err *err)
{
    struct visit *v = m->v;
    const struct state_query unit = {.unit = v->who.actor.unit, .limit = PEOPLE_MOST},
                             own = {.unit = v->who.actor.unit};
    int r = 0;

    if (!(WHO_DUTY & 1u << v->who.actor.role))
        return 0;
    if (m->load.asked > 0)
        (void)duty_shifts(&m->load.plan, m->post, CANH_MAX(m->from, state_now(v->s)), m->until,
                          write_own_shift, m);
    r = state_person_each(v->s, &v->who.actor, &unit, on_person, m, err);
    return r < 0 ? r : state_swap_each(v->s, &v->who.actor, &own, on_swap, m, err);
}

static void write_posts(struct month *m)
{
    struct state_id shown = m->load.asked ? m->load.posts[m->post].id : STATE_ID_NONE;
    const struct state_actor all = state_actor_system();
    struct state_unit *units = NULL;
    size_t unit_count = 0, at = 0;

    if (state_units_at(m->v->s, &all, 0, m->v->arena, &units, &unit_count, NULL) < 0)
        unit_count = 0;
    for (size_t i = 0; i < m->post_count; i++) {
        const struct state_post *post = &m->posts[i];
        struct page_scope *row = page_add(m->v->page, "posts");
        struct slice code = SLICE_NULL;

        for (size_t k = at; k < unit_count; k++) /* both are in the order of the tree */
            if (id_eq(units[k].id, post->unit)) {
                code = id_eq(post->unit, m->v->who.actor.unit) ? SLICE_NULL : units[k].code;
                at = k;
                break;
            }
        page_set(row, "post_code", post->code);
        page_set(row, "post_name", post->name);
        page_set(row, "post_of", code);
        page_set_flag(row, "post_here", id_eq(post->id, shown));
        if (id_eq(post->id, shown))
            page_set(m->v->page, "of", code);
    }
    page_set_flag(m->v->page, "many_posts", m->post_count > 1);
}

int page_roster(struct visit *v, struct err *err)
{
    struct page_scope *p = v->page;
    struct month m;
    struct buf title = BUF_INIT(60);
    int64_t now = state_now(v->s);
    int r = open_month(&m, v, err);

    if (r < 0)
        return r;
    write_days_of(&m);
    write_posts(&m);
    if (m.load.asked > 0) {
        (void)duty_shifts(&m.load.plan, m.post, m.from, m.until, write_shift, &m);
        r = write_problems(&m, err);
        page_set(p, "post", m.load.posts[m.post].code);
        page_set(p, "post_title", m.load.posts[m.post].name);
    }
    if (r == 0)
        r = write_asking(&m, err);
    if (r < 0)
        return r;
    buf_printf(&title, "%u/%d", m.month, m.year);
    page_set_buf(p, "month_title", &title);
    write_month(p, "month", m.year, m.month);
    write_month(p, "month_before", m.month == 1 ? m.year - 1 : m.year,
                m.month == 1 ? 12 : m.month - 1);
    write_month(p, "month_after", m.month == 12 ? m.year + 1 : m.year,
                m.month == 12 ? 1 : m.month + 1);
    page_set_flag(p, "may_keep", WHO_KEEPER & 1u << v->who.actor.role);
    page_set_flag(p, "may_swap", m.own_shifts > 0 && m.others > 0);
    visit_write_post_kinds(v);
    page_set_flag(p, "done", visit_query(v, "done").n > 0);
    page_set_when(p, "now", now, now);
    return visit_page(v, "roster", err);
}

/* Acts. */

static int read_day(struct visit *v, const char *name, int64_t *ret, struct err *err)
{
    int64_t days;

    if (value_date(visit_given(v, name), 0, &days) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    *ret = days * TIME_DAY - ZONE_OWN * TIME_SECOND;
    return 0;
}

int post_leave(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct leave_request q = {.person = v->who.actor.person, .kind = visit_given(v, "kind")};
    struct leave_result done;
    int r = read_day(v, "from", &q.start, err);

    if (r == 0)
        r = read_day(v, "until", &q.stop, err);
    q.stop += TIME_DAY; /* to the end of that day */
    if (r == 0)
        r = leave_ask(&ctx, &v->who.actor, &q, &done, err);
    if (r == 0)
        desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    return r < 0 ? r : visit_done(v, SLICE("/roster?done=1"));
}

static int read_swap(struct visit *v, struct swap_request *q, struct err *err)
{
    struct slice key = visit_given(v, "shift"), of = visit_given(v, "of");
    struct state_unit unit = {.id = v->who.actor.unit};
    size_t dash = slice_find_byte(key, '-');
    struct state_person other;
    struct state_post post;
    int64_t from = 0, until = 0;
    int r = 0;

    if (dash == SIZE_MAX || num_range(slice_head(key, dash), 1, INT64_C(8000000000), &from) < 0 ||
        num_range(slice_from(key, dash + 1), 1, INT64_C(8000000000), &until) < 0)
        return err_fail(err, CE_MISSING, ERR_WEB_WHICH_SHIFT);
    q->start = from * TIME_SECOND;
    q->stop = until * TIME_SECOND;
    if (of.n > 0)
        r = state_unit_find(v->s, &v->who.actor, STATE_ID_NONE, of, v->arena, &unit, NULL);
    if (r == 0)
        r = state_post_find(v->s, &v->who.actor, unit.id, visit_given(v, "post"), v->arena, &post,
                            NULL);
    if (r == 0)
        r = state_person_find(v->s, &v->who.actor, v->who.actor.unit, visit_given(v, "other"),
                              v->arena, &other, NULL);
    if (r < 0)
        return err_fail(err, CE_MISSING, ERR_WEB_WHICH_SHIFT);
    q->post = post.id;
    q->other = other.id;
    return 0;
}

int post_swap(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct swap_request q = {.person = v->who.actor.person, .reason = visit_given(v, "reason")};
    struct swap_result done;
    int r = read_swap(v, &q, err);

    if (r == 0)
        r = swap_ask(&ctx, &v->who.actor, &q, &done, err);
    if (r == 0)
        desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    return r < 0 ? r : visit_done(v, SLICE("/roster?done=1"));
}

int post_swap_step(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct slice what = visit_given(v, "step");
    int32_t to = slice_is(what, "agree")    ? STATE_SWAP_AGREED
                 : slice_is(what, "refuse") ? STATE_SWAP_REFUSED
                                            : STATE_SWAP_CANCELLED;
    struct state_id id = STATE_ID_NONE;
    const struct duty_decision d = {.ids = &id, .count = 1, .by = v->who.actor.person};
    struct swap_result done;
    struct state_swap x;
    int r = visit_id(v, 0, &id, err);

    if (r == 0 && (r = state_swap_get(v->s, &v->who.actor, id, v->arena, &x, NULL)) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r == 0)
        r = swap_step(&ctx, &v->who.actor, to, &d, &done, err);
    if (r == 0)
        desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    return r < 0 ? r : visit_done(v, SLICE("/roster?done=1"));
}
