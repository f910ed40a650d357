/* SPDX-License-Identifier: Apache-2.0 */
/* "Ca trực của tôi": what a person stands or will stand, who stands beside, what waits. */
#include "web/page_shift.h"
#include "data/data.h"
#include "duty/act.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "web/api.h"

enum { NEXT_MAX = 6, WAITING_MAX = 8, MATTERS_SHOWN = 30 };

struct slice shipped_terms(void)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;

    return f ? data_bytes(f) : SLICE_NULL;
}

static int my_shift(struct visit *v, struct own_shift *m, struct err *err)
{
    const struct state_actor *a = &v->who.actor;
    const struct own_shift_request request = {.unit = a->unit, .terms = shipped_terms()};
    struct act_ctx ctx = visit_ctx(v);

    return shift_own(&ctx, a, &request, m, err);
}

/* The page. */

static void write_shift_times(struct page_scope *p, enum lang lang, int64_t from, int64_t until)
{
    struct buf b = BUF_INIT(200);

    write_clock(&b, from);
    page_set_buf(p, "from", &b);
    write_clock(&b, until);
    page_set_buf(p, "until", &b);
    write_days(&b, lang, from, until);
    page_set_buf(p, "days", &b);
}

static void write_progress(struct visit *v, const struct own_shift *m)
{
    const struct state_shift *s = &m->fact->row;
    int64_t whole = CANH_MAX(s->stop - s->start, INT64_C(1)), gone = m->now - s->start;

    page_set_i64(v->page, "percent", CANH_MAX(INT64_C(0), CANH_MIN(gone * 100 / whole, 100)));
    page_set_recorded(v, v->page, "in_at", s->in_at, s->clock_back);
    page_set_flag(v->page, "overdue", m->now > s->stop);
    page_set_span(v->page, "left", v->lang, m->now > s->stop ? m->now - s->stop : s->stop - m->now);
    page_set_flag(v->page, "silent", m->stand.standing == DUTY_SILENT);
    if (m->stand.last_sign)
        page_set_recorded(v, v->page, "last_sign", m->stand.last_sign, s->clock_back);
}

static void write_own_shift(struct visit *v, const struct own_shift *m)
{
    struct page_scope *p = v->page;

    page_set_flag(p, "is_on", m->state == MINE_ON);
    page_set_flag(p, "may_take", m->state == MINE_MAY_TAKE);
    page_set_flag(p, "is_later", m->state == MINE_LATER);
    page_set_flag(p, "is_none", m->state == MINE_NONE);
    if (m->state == MINE_NONE)
        return;
    page_set(p, "post", m->picture.load.posts[m->post].name);
    if (m->state == MINE_ON) {
        write_shift_times(p, v->lang, m->fact->row.start, m->fact->row.stop);
        write_progress(v, m);
        return;
    }
    write_shift_times(p, v->lang, m->shift.from, m->shift.until);
    page_set_flag(p, "late", m->stand.standing == DUTY_LATE);
    page_set_span(p, "until_start", v->lang,
                  m->shift.from > m->now ? m->shift.from - m->now : m->now - m->shift.from);
    page_set_flag(p, "begun", m->shift.from <= m->now);
    if (m->state == MINE_LATER)
        page_set_when(p, "take_from", m->shift.from - m->picture.load.terms[m->post]->early,
                      m->now);
}

static void write_next(struct visit *v, const struct own_shift *m)
{
    size_t shown = 0;

    for (size_t i = 0; i < m->next_count && shown < NEXT_MAX; i++) {
        const struct duty_shift *s = &m->next[i];
        struct page_scope *row;

        if (s->from <= m->now)
            continue;
        row = page_add(v->page, "next");
        write_shift_times(row, v->lang, s->from, s->until);
        page_set(row, "post", m->picture.load.posts[s->post].name);
        page_set(row, "name", s->name);
        page_set_flag(row, "on_call", s->who.presence == DUTY_ON_CALL);
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
static void write_posts(struct visit *v, const struct own_shift *m)
{
    const struct view_ctx view = visit_view(v);

    if (m->picture.load.left_out)
        page_set_i64(v->page, "posts_more", (int64_t)m->picture.load.left_out);
    for (uint32_t post = 0; post < m->picture.load.asked; post++) {
        struct page_scope *row = page_add(v->page, "posts");
        struct duty_on on;

        page_set(row, "post", m->picture.load.posts[post].name);
        if (!id_eq(m->picture.load.posts[post].unit, v->who.actor.unit))
            page_set(row, "post_of", view_unit_name(&view, m->picture.load.posts[post].unit));
        duty_at(&m->picture.load.plan, post, m->now, &on);
        page_set_flag(row, "nobody", on.count == 0);
        for (unsigned i = 0; i < on.count; i++) {
            struct page_scope *who = page_add(row, "people");
            struct duty_shift shift;
            struct duty_stand stand;

            page_set(who, "name", m->picture.load.names[on.who[i].person]);
            if (!duty_shift_at(&m->picture.load.plan, post, m->now, on.who[i].person, &shift))
                continue;
            stand = duty_standing(&m->picture.load, &m->picture.facts, &shift, m->now, NULL);
            page_set_text(who, "standing", standing_word(v, stand.standing));
            page_set_text(who, "mark", duty_standing_to_str(stand.standing));
            page_set_end(who, "until", shift.until, m->now);
        }
    }
}

static void write_done(struct visit *v)
{
    struct slice done = visit_query(v, "done");

    page_set_flag(v->page, "done_take", slice_is(done, "take"));
    page_set_flag(v->page, "done_alive", slice_is(done, "alive"));
    page_set_flag(v->page, "done_leave", slice_is(done, "leave"));
    page_set_flag(v->page, "done_line", slice_is(done, "line"));
    page_set_flag(v->page, "done_give", slice_is(done, "give"));
    page_set_flag(v->page, "done_receive", slice_is(done, "receive"));
    page_set_flag(v->page, "done_object", slice_is(done, "object"));
}

int page_shift(struct visit *v, struct err *err)
{
    struct own_shift m = {0};
    int r;

    if (!(WHO_WORK & 1u << v->who.actor.role))
        return visit_goto(v, SLICE("/notices")); /* what there is for who takes no part */
    r = my_shift(v, &m, err);
    if (r == 0)
        r = write_waiting_alerts(v, WAITING_MAX, err);
    if (r == 0)
        r = write_matters(v, MATTERS_SHOWN, err);
    if (r == 0)
        r = append_handover(v, &m, err);
    if (r < 0)
        return r;
    page_set_when(v->page, "now", m.now, m.now);
    write_own_shift(v, &m);
    write_next(v, &m);
    write_posts(v, &m);
    write_done(v);
    return visit_page(v, "shift", err);
}

/* Acts. */

static int hand_over(struct visit *v, struct slice what, struct err *err)
{
    struct own_shift m = {0};
    int r = my_shift(v, &m, err);

    return r < 0 ? r : act_handover(v, &m, what, err);
}

static int shift_act(struct visit *v, struct slice what, struct err *err)
{
    const struct state_actor *a = &v->who.actor;
    struct log_request line = {.shift = {.terms = shipped_terms()},
                               .what = visit_given(v, "text"),
                               .action = visit_given(v, "action"),
                               .result = visit_given(v, "result")};
    struct act_ctx ctx = visit_ctx(v);
    struct shift_result done;

    if (slice_is(what, "take"))
        return shift_check_in(&ctx, a, &line.shift, &done, err);
    if (slice_is(what, "leave"))
        return shift_check_out(&ctx, a, &line.shift, &done, err);
    if (slice_is(what, "alive"))
        return shift_alive(&ctx, a, &line.shift, &done, err);
    if (slice_is(what, "line"))
        return shift_log(&ctx, a, &line, &done, err);
    if (slice_is(what, "give") || slice_is(what, "receive") || slice_is(what, "object"))
        return hand_over(v, what, err);
    return err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_ACT);
}

int post_shift(struct visit *v, struct err *err)
{
    struct slice what = visit_given(v, "do");
    struct buf to = BUF_INIT(100);
    int r = shift_act(v, what, err);

    if (r < 0)
        return r;
    desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    buf_puts(&to, "/?done=");
    uri_write_escaped(&to, what);
    r = visit_goto(v, buf_slice(&to));
    buf_done(&to);
    return r;
}

int api_shift(struct visit *v, struct err *err)
{
    static const char *const words[] = {"none", "later", "may-take", "on"};
    struct own_shift m = {0};
    int r = my_shift(v, &m, err);

    if (r < 0)
        return r;
    if (m.state == MINE_NONE)
        api_reply_shift(v, words[m.state], SLICE_NULL, TIME_NONE, TIME_NONE);
    else
        api_reply_shift(v, words[m.state], m.picture.load.posts[m.post].name,
                        m.fact ? m.fact->row.start : m.shift.from,
                        m.fact ? m.fact->row.stop : m.shift.until);
    return 0;
}
