/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty check-in, check-out, alive, log: what people do on duty. */
#include "cli/duty/duty.h"

#include "duty/handover.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

/* Plans are needed a little ahead: a shift may be taken before it begins. */
#define AHEAD (2 * TIME_DAY)

static const struct option_spec in_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    DUTY_TEXT("for", 'f', other, "CODE", MSG_DUTY_OPT_FOR),
    DUTY_FLAG("extra", 'x', extra, MSG_DUTY_OPT_EXTRA),
    DUTY_WHEN,
    DUTY_PAPER,
};
static const struct option_spec out_options[] = {DUTY_WHERE, DUTY_WHO, DUTY_WHEN, DUTY_PAPER};

static void say_where(struct duty_run *r, const struct shift_result *a, msg_id did)
{
    struct buf line = BUF_INIT(64 * 1024);
    int offset_s = r->load.plan.posts[r->post].offset_s;

    buf_puts(&line, lang_text(r->app->lang, did));
    buf_put_slice(&line, duty_name(r, a->person));
    buf_puts(&line, ", ");
    buf_put_slice(&line, r->load.posts[r->post].name);
    buf_puts(&line, ", ");
    lang_put(&line, r->app->lang, MSG_DUTY_SHIFT_OF);
    duty_put_span(&line, a->shift.start, a->shift.stop, offset_s);
    buf_puts(&line, "; ");
    lang_put(&line, r->app->lang, MSG_DUTY_AT_TIME);
    duty_put_time(&line, a->at, offset_s);
    duty_put_line(r->app, &line);
}

static void say_marks(struct duty_run *r, const struct shift_result *a)
{
    if (a->typed_later)
        duty_line(r, MSG_DUTY_SAY_BACKFILLED);
    if (a->clock_back)
        duty_line(r, MSG_DUTY_SAY_CLOCK);
}

static void say_in(struct duty_run *r, const struct act_ctx *act, const struct shift_result *a)
{
    const struct state_post *post = &r->load.posts[r->post];
    struct buf text = BUF_INIT(200);
    struct state_handover waiting;

    say_where(r, a, a->shift.presence == STATE_ON_CALL ? MSG_DUTY_DID_IN_CALL : MSG_DUTY_DID_IN);
    if (a->replaces)
        duty_line(r, MSG_DUTY_SAY_REPLACES, SLICE_ARG(duty_name(r, a->shift.planned)));
    duty_put_minutes(&text, r->app->lang, a->late_by);
    if (a->late)
        duty_line(r, MSG_DUTY_SAY_LATE, buf_cstr(&text));
    say_marks(r, a);
    if (handover_waiting(act, &r->st->actor, post, &waiting, NULL) == 0 &&
        !id_eq(waiting.giver, a->person))
        duty_line(r, MSG_DUTY_SAY_WAITS, SLICE_ARG(duty_name(r, waiting.giver)));
    buf_done(&text);
}

static int run_in(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    struct shift_request request;
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    struct duty_run r;
    int status;

    (void)operands;
    if (o->on_call && o->on_site)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "on-site", "on-call");
    if (o->other && o->extra)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "for", "extra");
    status = duty_run_begin(&r, app, o, STATE_WRITE, AHEAD);
    if (status != 0)
        return status;
    status = duty_act_of(&r, &act, &request);
    request.extra = o->other ? DUTY_FOR : o->extra ? DUTY_UNPLANNED : DUTY_OWN;
    request.presence = o->on_call ? STATE_ON_CALL : o->on_site ? STATE_ON_SITE : 0;
    if (status == 0 && o->other)
        status = duty_person(&r, "for", o->other, &request.planned);
    if (status == 0 && shift_check_in(&act, &r.st->actor, &request, &done, &err) < 0)
        status = duty_run_fail(&r, &err);
    if (status == 0)
        say_in(&r, &act, &done);
    duty_run_done(&r);
    return status;
}

typedef int shift_act(const struct act_ctx *, const struct state_actor *,
                      const struct shift_request *, struct shift_result *, struct err *);

static int run_act(struct app *app, const struct duty_options *o, shift_act *shift, msg_id did)
{
    struct shift_request request;
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    struct duty_run r;
    int status = duty_run_begin(&r, app, o, STATE_WRITE, AHEAD);

    if (status != 0)
        return status;
    status = duty_act_of(&r, &act, &request);
    if (status == 0 && shift(&act, &r.st->actor, &request, &done, &err) < 0)
        status = duty_run_fail(&r, &err);
    if (status == 0) {
        say_where(&r, &done, did);
        say_marks(&r, &done);
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

static const struct option_spec log_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_TEXT("source", 0, source, "TEXT", MSG_DUTY_OPT_SOURCE),
    DUTY_TEXT("action", 0, action, "TEXT", MSG_DUTY_OPT_ACTION),
    DUTY_TEXT("result", 0, result, "TEXT", MSG_DUTY_OPT_RESULT),
    DUTY_TEXT("correct", 'c', id, "ID", MSG_DUTY_OPT_CORRECT),
    DUTY_WHEN,
    DUTY_PAPER,
    OPTION_NUMBER("hours", 'n', struct duty_options, hours, "N", 1, 31 * 24, MSG_DUTY_OPT_BACK),
    DUTY_JSON,
};
static const struct duty_options last_day = {.hours = 24};

/* The line of any shift known here whose id begins so. */
static int find_line(struct duty_run *r, const char *id, struct state_id *ret)
{
    struct err err = ERR_INIT;
    size_t found = 0;

    for (size_t i = 0; i < r->facts.count; i++) {
        struct state_query q = {.ref = r->facts.items[i].row.id};
        struct state_line *rows;
        size_t n;

        if (r->facts.items[i].post != r->post)
            continue;
        if (state_line_list(r->st->s, &r->st->actor, &q, &r->st->arena, &rows, &n, &err) < 0)
            return duty_run_fail(r, &err);
        for (size_t k = 0; k < n; k++) {
            if (duty_id_is(rows[k].id, id)) {
                *ret = rows[k].id;
                found++;
            }
        }
    }
    return found == 1 ? 0 : app_usage(r->app, MSG_DUTY_NO_ID, id);
}

static int write_line(struct duty_run *r, const char *what)
{
    const struct duty_options *o = r->o;
    struct log_request x = {.what = slice_str(what),
                            .source = slice_str(o->source),
                            .action = slice_str(o->action),
                            .result = slice_str(o->result)};
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    int status = duty_act_of(r, &act, &x.shift);

    if (status == 0 && o->id)
        status = find_line(r, o->id, &x.corrects);
    if (status == 0 && shift_log(&act, &r->st->actor, &x, &done, &err) < 0)
        status = duty_run_fail(r, &err);
    if (status != 0)
        return status;
    say_where(r, &done, o->id ? MSG_DUTY_DID_CORRECT : MSG_DUTY_DID_LOG);
    say_marks(r, &done);
    return 0;
}

static void put_part(struct buf *out, enum lang lang, msg_id label, struct slice text)
{
    if (text.n == 0)
        return;
    buf_puts(out, " | ");
    buf_puts(out, lang_text(lang, label));
    buf_put_slice(out, text);
}

static void show_line(struct duty_run *r, const struct state_line *x)
{
    struct buf line = BUF_INIT(1u << 20);
    enum lang lang = r->app->lang;

    buf_puts(&line, "  ");
    duty_put_id(&line, x->id);
    buf_puts(&line, "  ");
    duty_put_time(&line, x->at, r->load.plan.posts[r->post].offset_s);
    buf_puts(&line, "  ");
    buf_put_slice(&line, x->what);
    put_part(&line, lang, MSG_DUTY_LOG_SOURCE, x->source);
    put_part(&line, lang, MSG_DUTY_LOG_ACTION, x->action);
    put_part(&line, lang, MSG_DUTY_LOG_RESULT, x->result);
    if (!id_is_none(x->corrects)) {
        buf_puts(&line, lang_text(lang, MSG_DUTY_LOG_CORRECTS));
        duty_put_id(&line, x->corrects);
        buf_putc(&line, ')');
    }
    if (x->backfilled)
        buf_puts(&line, lang_text(lang, MSG_DUTY_BACKFILLED));
    duty_put_line(r->app, &line);
}

static void json_line(struct duty_run *r, const struct duty_fact *fact, const struct state_line *x)
{
    struct json_write w = JSON_WRITE_INIT(&r->app->out.buf);
    struct buf id = BUF_INIT(64);

    json_open(&w, '{');
    json_key(&w, "post");
    json_text(&w, r->load.posts[r->post].code);
    duty_json_time(&w, "shift", fact->row.start);
    json_key(&w, "id");
    id_put(&id, x->id);
    json_text(&w, buf_slice(&id));
    duty_json_time(&w, "at", x->at);
    duty_json_time(&w, "received", x->created);
    json_key(&w, "person");
    json_text(&w, duty_name(r, x->person));
    json_key(&w, "what");
    json_text(&w, x->what);
    json_key(&w, "source");
    json_text(&w, x->source);
    json_key(&w, "action");
    json_text(&w, x->action);
    json_key(&w, "result");
    json_text(&w, x->result);
    if (!id_is_none(x->corrects)) {
        buf_clear(&id);
        id_put(&id, x->corrects);
        json_key(&w, "corrects");
        json_text(&w, buf_slice(&id));
    }
    json_key(&w, "backfilled");
    json_bool(&w, x->backfilled);
    json_close(&w, '}');
    buf_putc(w.out, '\n');
    buf_done(&id);
}

static int show_shift(struct duty_run *r, const struct duty_fact *fact)
{
    struct state_query q = {.ref = fact->row.id};
    struct buf head = BUF_INIT(64 * 1024);
    int offset_s = r->load.plan.posts[r->post].offset_s;
    struct state_line *rows;
    struct err err = ERR_INIT;
    size_t n;

    if (state_line_list(r->st->s, &r->st->actor, &q, &r->st->arena, &rows, &n, &err) < 0)
        return duty_run_fail(r, &err);
    buf_put_slice(&head, r->load.posts[r->post].name);
    buf_puts(&head, ", ");
    duty_put_span(&head, fact->row.start, fact->row.stop, offset_s);
    buf_puts(&head, ", ");
    buf_put_slice(&head, duty_name(r, fact->row.actual));
    if (fact->row.backfilled)
        buf_puts(&head, lang_text(r->app->lang, MSG_DUTY_BACKFILLED));
    if (fact->row.clock_back)
        buf_puts(&head, lang_text(r->app->lang, MSG_DUTY_CLOCK_MARK));
    if (r->o->json)
        buf_done(&head);
    else
        duty_put_line(r->app, &head);
    for (size_t i = 0; i < n; i++) {
        if (r->o->json)
            json_line(r, fact, &rows[i]);
        else
            show_line(r, &rows[i]);
    }
    if (n == 0 && !r->o->json)
        duty_line(r, MSG_DUTY_LOG_EMPTY);
    return out_settle(&r->app->out) ? 0 : EX_IOERR;
}

static int show_log(struct duty_run *r)
{
    int64_t back = r->from - r->o->hours * TIME_HOUR;
    int status = 0;

    for (r->post = 0; status == 0 && r->post < r->load.asked; r->post++) {
        if (!duty_is_asked(r, r->post))
            continue;
        for (size_t i = 0; status == 0 && i < r->facts.count; i++) {
            const struct duty_fact *fact = &r->facts.items[i];

            if (fact->post == r->post && fact->row.stop > back && fact->row.start <= r->from)
                status = show_shift(r, fact);
        }
    }
    return status;
}

static int run_log(struct app *app, const void *values, const struct operands *operands)
{
    const struct duty_options *o = values;
    bool writes = operands->count > 0;
    struct duty_run r;
    int status;

    if (!writes && o->id)
        return app_usage(app, MSG_CLI_NO_OPERAND, "TEXT");
    status = duty_run_begin(&r, app, o, writes ? STATE_WRITE : STATE_READ, AHEAD);
    if (status != 0)
        return status;
    status = writes ? write_line(&r, operands->items[0]) : show_log(&r);
    duty_run_done(&r);
    return status;
}

#define OPTIONS(table) VERB_OPTIONS(table), .options_size = sizeof(struct duty_options)

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
const struct verb duty_log = {.name = "log",
                              .summary = MSG_DUTY_LOG_SUMMARY,
                              .about = MSG_DUTY_LOG_ABOUT,
                              .operands = "[TEXT]",
                              .max_operands = 1,
                              VERB_OPTIONS(log_options),
                              VERB_DEFAULTS(struct duty_options, &last_day),
                              .run = run_log};
