/* SPDX-License-Identifier: Apache-2.0 */
/* What the subverbs of canh duty share. */
#include "base/width.h"
#include "cli/duty/duty.h"
#include "duty/terms_state.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "lang/value.h"
#include "proof/plan_store.h"

/* Facts and plan are looked at from so long before the time asked about. */
#define BACK (31 * TIME_DAY)

void duty_run_done(struct duty_run *r)
{
    session_close(&r->session);
}

int duty_run_fail(struct duty_run *r, const struct err *err)
{
    return session_fail(r->st, err);
}

int duty_run_again(struct duty_run *r)
{
    struct duty_window w = {.from = r->from - BACK, .until = r->until, .terms = duty_own_terms()};
    struct act_ctx act = session_act(r->st, 0);
    struct duty_picture picture;
    struct err err = ERR_INIT;

    if (r->o->unit || r->own.unit) {
        struct state_unit u;
        int status = session_unit(r->st, r->o->unit ? r->o->unit : r->own.unit, &u);

        if (status != 0)
            return status;
        w.unit = u.id;
    }
    if (duty_picture_read(&act, &r->st->actor, &w, &picture, &err) < 0)
        return duty_run_fail(r, &err);
    r->load = picture.load;
    r->facts = picture.facts;
    r->names = duty_load_names(&r->load);
    return 0;
}

struct slice duty_own_terms(void)
{
    return proof_data("duty.yaml");
}

int duty_run_in(struct duty_run *r, struct session *st, const struct duty_options *o, int64_t ahead)
{
    struct app *app = st->app;
    int status;

    r->app = app;
    r->o = o;
    r->st = st;
    r->told = false;
    r->from = r->now = state_now(st->s);
    r->words = (struct duty_ics){.on_call = slice_str(lang_text(app->lang, MSG_DUTY_ON_CALL)),
                                 .via = slice_str(lang_text(app->lang, MSG_DUTY_VIA)),
                                 .now = r->now};
    status = session_own(app, &st->arena, &r->own);
    if (status == 0)
        status = session_time(app, "at", o->at, false, &r->from);
    r->until = r->from + ahead;
    return status == 0 ? duty_run_again(r) : status;
}

int duty_run_begin(struct duty_run *r, struct app *app, const struct duty_options *o,
                   enum state_mode mode, int64_t ahead)
{
    int status = session_open(app, o->state, mode, &r->session);

    if (status != 0)
        return status;
    status = duty_run_in(r, &r->session, o, ahead);
    if (status != 0)
        duty_run_done(r);
    return status;
}

bool duty_is_asked(const struct duty_run *r, uint32_t post)
{
    return post < r->load.asked && (!r->o->post || slice_is(r->load.posts[post].code, r->o->post));
}

int duty_one_post(struct duty_run *r)
{
    uint64_t fit = 0;

    for (uint32_t i = 0; i < r->load.asked; i++) {
        if (duty_is_asked(r, i)) {
            r->post = i;
            fit++;
        }
    }
    if (fit == 1)
        return 0;
    if (fit == 0 && r->o->post)
        return app_usage(r->app, MSG_DUTY_NO_POST, r->o->post);
    return app_usage(r->app, MSG_DUTY_ONE_POST, fit);
}

struct slice duty_unit_code(struct duty_run *r, struct state_id unit)
{
    const struct state_actor all = state_actor_system();
    struct state_unit u;

    return state_unit_get(r->st->s, &all, unit, &r->st->arena, &u, NULL) < 0 ? SLICE("?") : u.code;
}

int duty_person(struct duty_run *r, const char *option, const char *text, struct state_id *ret)
{
    if (text == NULL)
        return app_usage(r->app, MSG_CLI_NO_OPTION, option);
    return session_person(r->st, r->load.posts[r->post].unit, text, ret);
}

struct slice duty_name(struct duty_run *r, struct state_id person)
{
    const struct state_actor all = state_actor_system();
    struct state_person p;

    if (id_is_none(person))
        return SLICE("–");
    for (size_t i = 0; i < r->load.person_count; i++) {
        if (id_eq(r->load.people[i], person))
            return r->load.names[i];
    }
    return state_person_get(r->st->s, &all, person, &r->st->arena, &p, NULL) < 0 ? SLICE("?")
                                                                                 : p.name;
}

int duty_act_of(struct duty_run *r, struct act_ctx *ret, struct shift_request *request)
{
    int status = duty_one_post(r);

    *request = (struct shift_request){.terms = duty_own_terms()};
    *ret = session_act(r->st, r->o->at ? r->from : 0);
    ret->paper = r->o->paper;
    if (status == 0)
        status =
            duty_person(r, "person", r->o->person ? r->o->person : r->own.person, &request->person);
    request->post = status == 0 ? r->load.posts[r->post].id : STATE_ID_NONE;
    return status;
}

bool duty_id_is(struct state_id id, const char *text)
{
    struct slice s = slice_str(text);

    return s.n >= LISTING_ID_MIN && id_begins(id, s);
}

void duty_put_id(struct buf *out, struct state_id id)
{
    struct buf hex = BUF_INIT(64);

    id_put(&hex, id);
    buf_put_slice(out, slice_head(buf_slice(&hex), 8));
    buf_done(&hex);
}

void duty_say_same(struct duty_run *r, struct slice what, int64_t since)
{
    struct buf when = BUF_INIT(64);

    session_put_time(&when, since);
    app_say(r->app, MSG_DUTY_ALREADY_SO, SLICE_ARG(what), SLICE_ARG(buf_slice(&when)));
    buf_done(&when);
}

void duty_put_time(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t, offset_s, &c);
    buf_printf(out, "%02u/%02u/%04d %02u:%02u", c.day, c.month, c.year, c.hour, c.minute);
}

void duty_put_end(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t - 1, offset_s, &c);
    buf_printf(out, "%02u/%02u/%04d ", c.day, c.month, c.year);
    clock_put(out, (int)((t + offset_s * TIME_SECOND - 1) / TIME_MINUTE % 1440 + 1));
}

void duty_put_span(struct buf *out, int64_t from, int64_t until, int offset_s)
{
    struct civil a, b;

    time_to_civil(from, offset_s, &a);
    time_to_civil(until - 1, offset_s, &b); /* the day that it ends on, which has a 24:00 */
    buf_printf(out, "%02u/%02u/%04d %02u:%02u–", a.day, a.month, a.year, a.hour, a.minute);
    clock_put(out, (int)((until + offset_s * TIME_SECOND - 1) / TIME_MINUTE % 1440 + 1));
    if (a.year != b.year)
        buf_printf(out, " %02u/%02u/%04d", b.day, b.month, b.year);
    else if (a.day != b.day || a.month != b.month)
        buf_printf(out, " %02u/%02u", b.day, b.month);
}

void duty_put_minutes(struct buf *out, enum lang lang, int64_t time)
{
    int64_t minutes = time / TIME_MINUTE;

    if (minutes < 120)
        lang_put(out, lang, MSG_DUTY_MINUTES, minutes);
    else
        lang_put(out, lang, MSG_DUTY_HOURS_MINUTES, minutes / 60, minutes % 60);
}

void duty_put_safe(struct buf *out, struct slice s, size_t pad)
{
    struct buf safe = BUF_INIT(1u << 20);

    text_put_safe(&safe, s);
    text_put_fit(out, buf_slice(&safe), SIZE_MAX, pad);
    buf_done(&safe);
}

void duty_put_line(struct app *app, struct buf *line)
{
    duty_put_safe(&app->out.buf, buf_slice(line), 0);
    buf_putc(&app->out.buf, '\n');
    buf_done(line);
}

static void put_clock(struct buf *out, int64_t t, int offset_s)
{
    struct civil c;

    time_to_civil(t, offset_s, &c);
    buf_printf(out, "%02u:%02u", c.hour, c.minute);
}

void duty_put_standing(struct buf *out, struct duty_run *r, const struct duty_stand *s,
                       const struct duty_fact *fact)
{
    static const msg_id words[DUTY_STANDING_MAX] = {
        [DUTY_EXPECTED] = MSG_DUTY_IS_EXPECTED,
        [DUTY_LATE] = MSG_DUTY_IS_LATE,
        [DUTY_ON] = MSG_DUTY_IS_ON,
        [DUTY_SILENT] = MSG_DUTY_IS_SILENT,
        [DUTY_OVERDUE] = MSG_DUTY_IS_OVERDUE,
        [DUTY_LEFT] = MSG_DUTY_IS_LEFT,
        [DUTY_HANDED] = MSG_DUTY_IS_HANDED,
        [DUTY_MISSED] = MSG_DUTY_IS_MISSED,
    };
    enum lang lang = r->app->lang;
    int offset_s = r->load.plan.posts[r->post].offset_s;

    buf_puts(out, lang_text(lang, words[s->standing]));
    if (s->standing == DUTY_LATE) {
        buf_putc(out, ' ');
        duty_put_minutes(out, lang, s->late_by);
    }
    if (!fact || fact->row.in_at == 0)
        return;
    buf_puts(out, s->standing == DUTY_ON ? " " : ", ");
    lang_put(out, lang, MSG_DUTY_SINCE);
    put_clock(out, fact->row.in_at, offset_s);
    if (s->standing == DUTY_SILENT) {
        lang_put(out, lang, MSG_DUTY_LAST_SIGN);
        put_clock(out, s->last_sign, offset_s);
    }
    if (s->signs_due > 0)
        lang_put(out, lang, MSG_DUTY_SIGNS, s->signs, s->signs_due);
    if (!id_eq(fact->row.actual, fact->row.planned) && !id_is_none(fact->row.planned))
        lang_put(out, lang, MSG_DUTY_STANDS_IN, SLICE_ARG(duty_name(r, fact->row.actual)));
    if (fact->row.backfilled)
        buf_puts(out, lang_text(lang, MSG_DUTY_BACKFILLED));
    if (fact->row.clock_back)
        buf_puts(out, lang_text(lang, MSG_DUTY_CLOCK_MARK));
}

void duty_json_time(struct json_write *w, const char *key, int64_t t)
{
    json_key(w, key);
    json_time(w, t == 0 || t == STATE_FOREVER ? TIME_NONE : t);
}
