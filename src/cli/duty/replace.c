/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty replace: somebody else, one more, one less, for a time and a reason. */
#include "cli/duty/change.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

#define DUTY_TYPE struct replace_options

struct replace_options {
    struct change_options change;
    const char *person, *with, *reason;
};

static const char *const replace_words[] = {"list", "put", "add", "remove", "cancel", NULL};
static const struct option_spec replace_options[] = {
    CHANGE_WHERE, CHANGE_WHO,   DUTY_TEXT("with", 'w', with, "CODE", MSG_DUTY_OPT_REPLACE_WITH),
    CHANGE_FROM,  CHANGE_UNTIL, CHANGE_REASON,
    CHANGE_ID,    CHANGE_BY,    CHANGE_LISTING};

static enum state_override_kind kind_of_word(const struct change *c)
{
    return change_is(c, "put")   ? STATE_OVERRIDE_REPLACE
           : change_is(c, "add") ? STATE_OVERRIDE_ADD
                                 : STATE_OVERRIDE_REMOVE;
}

static int read_request(struct change *c, struct replacement_request *x)
{
    const struct replace_options *o = (const struct replace_options *)c->o;
    int status = change_need_span(c);

    if (status == 0 && !o->reason)
        status = app_usage(c->r.app, MSG_CLI_NO_OPTION, "reason");
    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x->person);
    if (status == 0 && change_is(c, "put"))
        status = duty_person(&c->r, "with", o->with, &x->other);
    if (status == 0)
        status = change_approver(c, c->r.picture.load.posts[c->r.post].unit, &x->by);
    return status;
}

static int write_replacement(struct change *c)
{
    const struct replace_options *o = (const struct replace_options *)c->o;
    struct replacement_request x = {.post = c->r.picture.load.posts[c->r.post].id,
                                    .kind = kind_of_word(c),
                                    .start = c->start,
                                    .stop = c->stop,
                                    .reason = slice_str(o->reason)};
    struct state_override done;
    int status = read_request(c, &x), idle = EXIT_FINE, r;

    if (status != 0)
        return status;
    r = replacement_write(&c->act, &c->r.st->actor, &x, &done, &c->err);
    if (r == 0)
        r = change_made(c, done.id);
    if (r < 0)
        return r;
    if (x.kind != STATE_OVERRIDE_ADD) /* by the plan as it was before */
        idle = change_idle(c, x.person, x.start, x.stop);
    if (x.kind == STATE_OVERRIDE_REMOVE)
        return idle;
    status = change_warn(c, id_is_none(x.other) ? x.person : x.other, x.start, x.stop);
    return CANH_MAX(idle, status);
}

static int act_replacement(struct change *c)
{
    struct state_override *done = change_results(c, struct state_override);
    struct duty_decision d = change_decision(c);
    int r =
        done ? replacement_cancel(&c->act, &c->r.st->actor, &d, done, &c->err) : err_nomem(&c->err);

    if (r == 0)
        duty_line(&c->r, MSG_DUTY_CANCELLED);
    return r;
}

static int unit_of(struct change *c, struct state_id row, struct state_id *ret)
{
    struct state_override x;
    int r = state_override_get(c->r.st->s, &c->r.st->actor, row, &c->r.st->arena, &x, &c->err);

    *ret = x.unit;
    return r;
}

static int run_replace(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"put", "add", "remove", NULL};
    static const struct change_kind kind = {.ask = ask,
                                            .view = view_replacements,
                                            .unit = unit_of,
                                            .make = write_replacement,
                                            .act = act_replacement};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_replace = {.name = "replace",
                                  .summary = MSG_DUTY_REPLACE_SUMMARY,
                                  .about = MSG_DUTY_REPLACE_ABOUT,
                                  CHANGE_VERB(replace_words, replace_options),
                                  .run = run_replace};
