/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty told: that somebody was told of a shift which nobody stands. */
#include "duty/missed_call.h"
#include "cli/duty/duty.h"
#include "lang/msg_duty.h"
#include "lang/value.h"

#define DUTY_TYPE struct missed_call_options

struct missed_call_options {
    struct duty_where where;
    const char *person, *by, *how, *from;
};

/* How far back a shift may have begun that somebody is told of. */
#define BACK (2 * TIME_DAY)

static const struct option_spec options[] = {
    DUTY_WHERE,
    DUTY_TEXT("person", 0, person, "CODE", MSG_DUTY_OPT_TOLD),
    DUTY_TEXT("by", 0, by, "CODE", MSG_DUTY_OPT_TOLD_BY),
    DUTY_TEXT("how", 0, how, "TEXT", MSG_DUTY_OPT_TOLD_HOW),
    DUTY_TEXT("from", 0, from, "TIME", MSG_DUTY_OPT_TOLD_SHIFT),
    DUTY_WHEN,
};

/* The shift that nobody stands: the one that begins at --from, else the one that runs. */
static int find_shift(struct duty_run *r, const struct missed_call_options *o, int64_t *ret)
{
    int64_t from = r->from, created = r->picture.load.posts[r->post].created;
    struct duty_shift *list;
    struct err err = ERR_INIT;
    size_t n = 0;
    int status = session_time(r->app, "from", o->from, false, &from);

    if (status != 0)
        return status;
    if (duty_shift_list(&r->picture.load.plan, r->post, from - BACK, from + 1, &r->st->arena, &list,
                        &n, &err) < 0)
        return duty_run_fail(r, &err);
    for (size_t i = n; i-- > 0;) {
        int64_t start = CANH_MAX(list[i].from, created);

        if (list[i].from <= from && from < list[i].until) {
            *ret = start;
            return 0;
        }
    }
    return app_usage(r->app, MSG_DUTY_TOLD_NO_SHIFT);
}

static int write_down(struct duty_run *r, const struct missed_call_options *o)
{
    struct missed_call_request request = {.post = r->picture.load.posts[r->post].id,
                                          .how = slice_str(o->how)};
    struct act_ctx act = session_act(r->st, o->where.at ? r->from : 0);
    struct state_telling done;
    struct buf start = BUF_INIT(100);
    struct err err = ERR_INIT;
    int status = find_shift(r, o, &request.start);

    if (status == 0)
        status = duty_person(r, "person", o->person, &request.told);
    if (status == 0 && (o->by || r->own.person))
        status = duty_person(r, "by", o->by ? o->by : r->own.person, &request.person);
    if (status != 0)
        return status;
    if (shift_report(&act, &r->st->actor, &request, &done, &err) < 0)
        return duty_run_fail(r, &err);
    moment_write(&start, (request.start + ZONE_OWN * TIME_SECOND) / TIME_MINUTE);
    duty_line(r, MSG_DUTY_TOLD_DONE, SLICE_ARG(duty_name(r, done.told)),
              SLICE_ARG(buf_slice(&start)), SLICE_ARG(r->picture.load.posts[r->post].name));
    buf_done(&start);
    return 0;
}

static int run_reported(struct app *app, const void *values, const struct operands *operands)
{
    const struct missed_call_options *o = values;
    struct duty_run r;
    int status = duty_run_begin(&r, app, &o->where, STATE_WRITE, 2 * TIME_DAY);

    (void)operands;
    if (status != 0)
        return status;
    status = duty_one_post(&r);
    if (status == 0)
        status = write_down(&r, o);
    duty_run_done(&r);
    return status;
}

const struct verb duty_told_verb = {.name = "told",
                                    .summary = MSG_DUTY_TOLD_SUMMARY,
                                    VERB_OPTIONS(options),
                                    .options_size = sizeof(struct missed_call_options),
                                    .run = run_reported};
