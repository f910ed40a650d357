/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty leave: who is away. */
#include <string.h>

#include "cli/duty/change.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"

#define DUTY_TYPE struct leave_options

struct leave_options {
    struct change_options change;
    const char *person, *kind;
};

static const char *const leave_words[] = {"list", "ask", "approve", "cancel", NULL};
static const struct option_spec leave_options[] = {
    CHANGE_WHERE, CHANGE_WHO,    CHANGE_FROM,
    CHANGE_UNTIL, CHANGE_ID,     DUTY_TEXT("kind", 0, kind, "WORD", MSG_DUTY_OPT_LEAVE_KIND),
    CHANGE_BY,    CHANGE_LISTING};

/* UNIT/CODE or a whole name: it says by itself who is meant. */
static bool is_whole(const char *person)
{
    return person != NULL && (strchr(person, '/') != NULL || strchr(person, ' ') != NULL);
}

/* A person of --unit, else of the post's; a whole name needs neither: leave is nobody's post. */
static int find_person(struct change *c, struct state_id *ret)
{
    const struct leave_options *o = (const struct leave_options *)c->o;
    struct state_unit unit;
    int status;

    if (c->o->where.unit == NULL && c->o->where.post == NULL && is_whole(o->person))
        return session_person(c->r.st, STATE_ID_NONE, o->person, ret);
    if (c->o->where.unit == NULL) {
        status = duty_one_post(&c->r);
        return status == 0 ? duty_person(&c->r, "person", o->person, ret) : status;
    }
    if (o->person == NULL)
        return app_usage(c->r.app, MSG_CLI_NO_OPTION, "person");
    status = session_unit(c->r.st, c->o->where.unit, &unit);
    return status == 0 ? session_person(c->r.st, unit.id, o->person, ret) : status;
}

static int ask_leave(struct change *c)
{
    const struct leave_options *o = (const struct leave_options *)c->o;
    struct leave_request request = {.start = c->start, .stop = c->stop, .kind = slice_str(o->kind)};
    struct leave_result done;
    int status = change_need_span(c), r;

    if (status == 0)
        status = find_person(c, &request.person);
    if (status != 0)
        return status;
    r = leave_ask(&c->act, &c->r.st->actor, &request, &done, &c->err);
    return r < 0 ? r : change_made(c, done.leave.id);
}

static int duty_leave_approve(struct change *c, const struct leave_result *done)
{
    int status = EXIT_FINE;

    for (size_t i = 0; i < c->count && status <= EXIT_FOUND; i++) {
        const struct state_leave *x = &done[i].leave;
        int found = EXIT_FINE;

        if (done[i].changed)
            found = change_warn(c, x->person, x->start, x->stop);
        else
            change_describe_same(c, x->id, x->approved_at);
        status = CANH_MAX(status, found);
    }
    return status;
}

static int act_leave(struct change *c)
{
    struct leave_result *done = change_results(c, struct leave_result);
    struct duty_decision d = change_decision(c);
    int r;

    if (done == NULL)
        return err_nomem(&c->err);
    if (change_is(c, "approve")) {
        r = leave_approve(&c->act, &c->r.st->actor, &d, done, &c->err);
        return r < 0 ? r : duty_leave_approve(c, done);
    }
    r = leave_cancel(&c->act, &c->r.st->actor, &d, done, &c->err);
    if (r == 0)
        duty_line(&c->r, MSG_DUTY_CANCELLED);
    return r;
}

static int unit_of(struct change *c, struct state_id row, struct state_id *ret)
{
    struct state_leave x;
    int r = state_leave_get(c->r.st->s, &c->r.st->actor, row, &c->r.st->arena, &x, &c->err);

    *ret = x.unit;
    return r;
}

static int run_leave(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"ask", NULL};
    static const struct change_kind kind = {.ask = ask,
                                            .of_person = true,
                                            .view = view_leaves,
                                            .unit = unit_of,
                                            .make = ask_leave,
                                            .act = act_leave};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_leave = {.name = "leave",
                                .summary = MSG_DUTY_LEAVE_SUMMARY,
                                .about = MSG_DUTY_LEAVE_ABOUT,
                                CHANGE_VERB(leave_words, leave_options),
                                .run = run_leave};
