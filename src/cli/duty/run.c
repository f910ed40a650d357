/* SPDX-License-Identifier: Apache-2.0 */
/* What the subverbs of canh duty share. */
#include "base/width.h"
#include "cli/duty/duty.h"
#include "duty/terms_state.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "lang/value.h"
#include "proof/plan_store.h"
#include "view/shifts.h"

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
    struct err err = ERR_INIT;

    if (r->where->unit || r->own.unit) {
        struct state_unit u;
        int status = session_unit(r->st, r->where->unit ? r->where->unit : r->own.unit, &u);

        if (status != 0)
            return status;
        w.unit = u.id;
    }
    if (duty_picture_read(&act, &r->st->actor, &w, &r->picture, &err) < 0)
        return duty_run_fail(r, &err);
    r->names = duty_load_names(&r->picture.load);
    return 0;
}

struct slice duty_own_terms(void)
{
    return proof_data("duty.yaml");
}

int duty_run_in(struct duty_run *r, struct session *st, const struct duty_where *where,
                int64_t ahead)
{
    struct app *app = st->app;
    int status;

    r->app = app;
    r->where = where;
    r->st = st;
    r->from = r->now = state_now(st->s);
    r->words = (struct duty_ics){.on_call = slice_str(lang_text(app->lang, MSG_DUTY_ON_CALL)),
                                 .via = slice_str(lang_text(app->lang, MSG_DUTY_VIA)),
                                 .now = r->now};
    status = session_own(app, &st->arena, &r->own);
    if (status == 0)
        status = session_time(app, "at", where->at, false, &r->from);
    r->until = r->from + ahead;
    return status == 0 ? duty_run_again(r) : status;
}

int duty_run_begin(struct duty_run *r, struct app *app, const struct duty_where *where,
                   enum state_mode mode, int64_t ahead)
{
    int status = session_open(app, where->state, mode, &r->session);

    if (status != 0)
        return status;
    status = duty_run_in(r, &r->session, where, ahead);
    if (status != 0)
        duty_run_done(r);
    return status;
}

bool duty_is_asked(const struct duty_run *r, uint32_t post)
{
    return post < r->picture.load.asked &&
           (!r->where->post || slice_is(r->picture.load.posts[post].code, r->where->post));
}

int duty_one_post(struct duty_run *r)
{
    uint64_t fit = 0;

    for (uint32_t i = 0; i < r->picture.load.asked; i++) {
        if (duty_is_asked(r, i)) {
            r->post = i;
            fit++;
        }
    }
    if (fit == 1)
        return 0;
    if (fit == 0 && r->where->post)
        return app_usage(r->app, MSG_DUTY_NO_POST, r->where->post);
    return app_usage(r->app, MSG_DUTY_ONE_POST, fit);
}

int duty_person(struct duty_run *r, const char *option, const char *text, struct state_id *ret)
{
    if (text == NULL)
        return app_usage(r->app, MSG_CLI_NO_OPTION, option);
    return session_person(r->st, r->picture.load.posts[r->post].unit, text, ret);
}

struct slice duty_name(struct duty_run *r, struct state_id person)
{
    const struct view_ctx ctx = listing_ctx(r->st, r->from);
    struct slice name;

    if (id_is_none(person))
        return SLICE("–");
    name = view_duty_person(&ctx, &r->picture.load, person);
    return name.n ? name : SLICE("?");
}

int duty_act_of(struct duty_run *r, const struct duty_by *by, struct act_ctx *ret,
                struct shift_request *request)
{
    int status = duty_one_post(r);

    *request = (struct shift_request){.terms = duty_own_terms()};
    *ret = session_act(r->st, r->where->at ? r->from : 0);
    ret->paper = by->paper;
    if (status == 0 && by->person == NULL && r->own.person == NULL) {
        app_print(r->st->app, MSG_CLI_NO_OWN_PERSON);
        return EX_USAGE;
    }
    if (status == 0)
        status =
            duty_person(r, "person", by->person ? by->person : r->own.person, &request->person);
    request->post = status == 0 ? r->picture.load.posts[r->post].id : STATE_ID_NONE;
    return status;
}

bool duty_id_is(struct state_id id, const char *text)
{
    struct slice s = slice_str(text);

    return s.n >= LISTING_ID_MIN && id_begins(id, s);
}

void duty_write_id(struct buf *out, struct state_id id)
{
    struct buf hex = BUF_INIT(64);

    id_write(&hex, id);
    buf_append_slice(out, slice_head(buf_slice(&hex), 8));
    buf_done(&hex);
}

void duty_describe_same(struct duty_run *r, struct slice what, int64_t since)
{
    struct buf when = BUF_INIT(64);

    session_write_time(&when, since);
    app_print(r->app, MSG_DUTY_ALREADY_SO, SLICE_ARG(what), SLICE_ARG(buf_slice(&when)));
    buf_done(&when);
}

void duty_write_line(struct app *app, struct buf *line)
{
    struct buf safe = BUF_INIT(1u << 20);

    text_write_safe(&safe, buf_slice(line));
    if (app->columns > 0)
        text_write_wrapped(&app->out.buf, buf_slice(&safe), 0, 4, app->columns);
    else
        buf_append_slice(&app->out.buf, buf_slice(&safe));
    buf_putc(&app->out.buf, '\n');
    buf_done(&safe);
    buf_done(line);
}

int duty_unit_of(struct duty_run *r, struct state_id *ret)
{
    struct state_unit unit = {.id = STATE_ID_NONE};
    int status = r->where->unit ? session_unit(r->st, r->where->unit, &unit) : 0;

    *ret = unit.id;
    return status;
}

struct view_query duty_query(const struct duty_run *r, int64_t from, int64_t until)
{
    return (struct view_query){.code = slice_str(r->where->post), .from = from, .to = until};
}

int duty_print_table(struct duty_run *r, struct table *t, const struct listing_options *listing,
                     int q, const struct err *err)
{
    int status = q < 0 ? duty_run_fail(r, err) : listing_print(r->app, t, listing);

    table_done(t);
    return status;
}

int duty_list(struct duty_run *r, duty_view *view, struct view_query *q,
              const struct state_id *only, const struct listing_options *listing)
{
    struct view_ctx ctx = listing_ctx(r->st, r->now);
    struct err err = ERR_INIT;
    struct table t;
    int status = duty_unit_of(r, &q->unit);

    if (status != 0)
        return status;
    q->below = true;
    q->among = only;
    q->among_count = only ? 1 : 0;
    return duty_print_table(r, &t, listing, view(&ctx, q, &t, &err), &err);
}
