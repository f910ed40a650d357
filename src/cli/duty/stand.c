/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty check-in, check-out, alive: what people do on duty. */
#include "cli/duty/stand.h"

#include "duty/handover.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "view/shifts.h"

#define DUTY_TYPE struct stand_options

struct stand_options {
    struct duty_where where;
    struct duty_by by;
    const char *instead;
    bool on_site, on_call, extra;
};

/* Plans are needed a little ahead: a shift may be taken before it begins. */
#define AHEAD (2 * TIME_DAY)

static const struct option_spec in_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    DUTY_TEXT("for", 'f', instead, "CODE", MSG_DUTY_OPT_FOR),
    DUTY_FLAG("extra", 'x', extra, MSG_DUTY_OPT_EXTRA),
    DUTY_WHEN,
    DUTY_PAPER,
};
static const struct option_spec out_options[] = {DUTY_WHERE, DUTY_WHO, DUTY_WHEN, DUTY_PAPER};

void stand_describe_where(struct duty_run *r, const struct shift_result *a, msg_id did)
{
    struct buf line = BUF_INIT(64 * 1024);
    int offset_s = r->picture.load.plan.posts[r->post].offset_s;

    buf_puts(&line, lang_text(r->app->lang, did));
    buf_append_slice(&line, duty_name(r, a->person));
    buf_puts(&line, ", ");
    buf_append_slice(&line, r->picture.load.posts[r->post].name);
    buf_puts(&line, ", ");
    lang_write(&line, r->app->lang, MSG_DUTY_SHIFT_OF);
    duty_span_write(&line, a->shift.start, a->shift.stop, offset_s);
    buf_puts(&line, "; ");
    lang_write(&line, r->app->lang, MSG_DUTY_AT_TIME);
    duty_time_write(&line, a->at, offset_s);
    duty_write_line(r->app, &line);
}

void stand_describe_marks(struct duty_run *r, const struct shift_result *a)
{
    if (a->typed_later)
        duty_line(r, MSG_DUTY_SAY_BACKFILLED);
    if (a->shift.entered_by.n)
        duty_line(r, MSG_DUTY_SAY_ENTERED, SLICE_ARG(a->shift.entered_by));
    if (a->clock_back)
        duty_line(r, MSG_DUTY_SAY_CLOCK);
}

static void describe_in(struct duty_run *r, const struct act_ctx *act, const struct shift_result *a)
{
    const struct state_post *post = &r->picture.load.posts[r->post];
    struct buf text = BUF_INIT(200);
    struct state_handover waiting;

    stand_describe_where(r, a,
                         a->shift.presence == STATE_ON_CALL ? MSG_DUTY_DID_IN_CALL
                                                            : MSG_DUTY_DID_IN);
    if (a->replaces)
        duty_line(r, MSG_DUTY_SAY_REPLACES, SLICE_ARG(duty_name(r, a->shift.planned)));
    view_write_minutes(r->app->lang, a->late_by, &text);
    if (a->late)
        duty_line(r, MSG_DUTY_SAY_LATE, buf_cstr(&text));
    stand_describe_marks(r, a);
    if (handover_waiting(act, &r->st->actor, post, &waiting, NULL) == 0 &&
        !id_eq(waiting.giver, a->person))
        duty_line(r, MSG_DUTY_SAY_WAITS, SLICE_ARG(duty_name(r, waiting.giver)));
    buf_done(&text);
}

static int run_in(struct app *app, const void *values, const struct operands *operands)
{
    const struct stand_options *o = values;
    struct shift_request request;
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    struct duty_run r;
    int status;

    (void)operands;
    if (o->on_call && o->on_site)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "on-site", "on-call");
    if (o->instead && o->extra)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "for", "extra");
    status = duty_run_begin(&r, app, &o->where, STATE_WRITE, AHEAD);
    if (status != 0)
        return status;
    status = duty_act_of(&r, &o->by, &act, &request);
    request.extra = o->instead ? DUTY_FOR : o->extra ? DUTY_UNPLANNED : DUTY_OWN;
    request.presence = o->on_call ? STATE_ON_CALL : o->on_site ? STATE_ON_SITE : 0;
    if (status == 0 && o->instead)
        status = duty_person(&r, "for", o->instead, &request.planned);
    if (status == 0 && shift_check_in(&act, &r.st->actor, &request, &done, &err) < 0)
        status = duty_run_fail(&r, &err);
    if (status == 0)
        describe_in(&r, &act, &done);
    duty_run_done(&r);
    return status;
}

typedef int shift_act(const struct act_ctx *, const struct state_actor *,
                      const struct shift_request *, struct shift_result *, struct err *);

static int run_act(struct app *app, const struct stand_options *o, shift_act *shift, msg_id did)
{
    struct shift_request request;
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    struct duty_run r;
    int status = duty_run_begin(&r, app, &o->where, STATE_WRITE, AHEAD);

    if (status != 0)
        return status;
    status = duty_act_of(&r, &o->by, &act, &request);
    if (status == 0 && shift(&act, &r.st->actor, &request, &done, &err) < 0)
        status = duty_run_fail(&r, &err);
    if (status == 0) {
        stand_describe_where(&r, &done, did);
        stand_describe_marks(&r, &done);
        if (shift == shift_check_out && done.shift.state != STATE_SHIFT_HANDED)
            duty_line(&r, MSG_DUTY_SAY_NOT_HANDED);
    }
    duty_run_done(&r);
    return status;
}

static int run_out(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return run_act(app, values, shift_check_out, MSG_DUTY_DID_OUT);
}

static int run_alive(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return run_act(app, values, shift_alive, MSG_DUTY_DID_ALIVE);
}

#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct stand_options)

const struct verb duty_in = {.name = "check-in",
                             .summary = MSG_DUTY_IN_SUMMARY,
                             .about = MSG_DUTY_IN_ABOUT,
                             OPTIONS(in_options),
                             .run = run_in};
const struct verb duty_out = {.name = "check-out",
                              .summary = MSG_DUTY_OUT_SUMMARY,
                              .about = MSG_DUTY_OUT_ABOUT,
                              OPTIONS(out_options),
                              .run = run_out};
const struct verb duty_alive_verb = {.name = "alive",
                                     .summary = MSG_DUTY_ALIVE_SUMMARY,
                                     OPTIONS(out_options),
                                     .run = run_alive};
