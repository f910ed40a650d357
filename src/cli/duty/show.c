/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty now, next, gaps, export: the plan of who, and who really stands there now. */
#include "cli/duty/duty.h"
#include "lang/msg_duty.h"
#include "view/duty.h"
#include "view/shifts.h"

enum { HOURS_MAX = 400 * 24 };

#define DUTY_TYPE struct span_options

struct span_options {
    struct duty_where where;
    struct listing_options listing;
    int64_t hours;
    bool ics;
};

static const struct span_options ahead = {.hours = 48};
static const struct span_options month = {.hours = 720};

#define AHEAD OPTION_NUMBER("hours", 'n', DUTY_TYPE, hours, "N", 1, HOURS_MAX, MSG_DUTY_OPT_HOURS)

static const struct option_spec now_options[] = {DUTY_WHERE, DUTY_AT, DUTY_LISTING};
static const struct option_spec ahead_options[] = {DUTY_WHERE, DUTY_AT, AHEAD, DUTY_LISTING};
static const struct option_spec export_options[] = {DUTY_WHERE, DUTY_AT, AHEAD,
                                                    DUTY_FLAG("ics", 0, ics, MSG_DUTY_OPT_ICS)};

typedef int shift_view(const struct view_ctx *ctx, const struct duty_picture *p,
                       const struct view_query *q, struct table *ret, struct err *err);

/* The rows of a view of who is on duty in a span. */
static int duty_show(struct app *app, const struct span_options *o, int64_t span, shift_view *view)
{
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct view_query q;
    struct duty_run r;
    struct table t;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = duty_run_begin(&r, app, &o->where, STATE_READ, span);
    if (status != 0)
        return status;
    ctx = listing_ctx(r.st, r.from);
    q = duty_query(&r, r.from, r.until);
    status = duty_print_table(&r, &t, &o->listing, view(&ctx, &r.picture, &q, &t, &err), &err);
    duty_run_done(&r);
    return status;
}

static int run_now(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return duty_show(app, values, 31 * TIME_DAY, view_duty_now);
}

static int run_next(struct app *app, const void *values, const struct operands *operands)
{
    const struct span_options *o = values;

    (void)operands;
    return duty_show(app, o, o->hours * TIME_HOUR, view_duty_next);
}

static int run_gaps(struct app *app, const void *values, const struct operands *operands)
{
    const struct span_options *o = values;
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct view_query q;
    struct duty_run r;
    struct table t;
    bool found;
    int status = listing_check(app, &o->listing), got;

    (void)operands;
    if (status == 0)
        status = duty_run_begin(&r, app, &o->where, STATE_READ, o->hours * TIME_HOUR);
    if (status != 0)
        return status;
    ctx = listing_ctx(r.st, r.from);
    q = duty_query(&r, r.from, r.until);
    got = view_gaps(&ctx, &r.picture.load, &q, &t, &err);
    found = t.rows > 0;
    status = duty_print_table(&r, &t, &o->listing, got, &err);
    duty_run_done(&r);
    return status == EXIT_FINE && found ? EXIT_FOUND : status;
}

static int run_export(struct app *app, const void *values, const struct operands *operands)
{
    const struct span_options *o = values;
    struct buf id = BUF_INIT(64);
    struct duty_run r;
    int status = duty_run_begin(&r, app, &o->where, STATE_READ, o->hours * TIME_HOUR);

    (void)operands;
    if (status != 0)
        return status;
    status = duty_one_post(&r);
    if (status == 0) {
        id_write(&id, r.picture.load.posts[r.post].id);
        r.words.id = buf_slice(&id);
        if (duty_ics_write(&app->out.buf, &r.picture.load.plan, r.post, r.from, r.until, &r.names,
                           &r.words) < 0)
            status = EX_SOFTWARE;
    }
    buf_done(&id);
    duty_run_done(&r);
    return status;
}

const struct verb duty_now = {.name = "now",
                              .summary = MSG_DUTY_NOW_SUMMARY,
                              VERB_OPTIONS(now_options),
                              VERB_DEFAULTS(struct span_options, &ahead),
                              .run = run_now};
const struct verb duty_next = {.name = "next",
                               .summary = MSG_DUTY_NEXT_SUMMARY,
                               VERB_OPTIONS(ahead_options),
                               VERB_DEFAULTS(struct span_options, &ahead),
                               .run = run_next};
const struct verb duty_gaps = {.name = "gaps",
                               .summary = MSG_DUTY_GAPS_SUMMARY,
                               .about = MSG_DUTY_GAPS_ABOUT,
                               VERB_OPTIONS(ahead_options),
                               VERB_DEFAULTS(struct span_options, &ahead),
                               .run = run_gaps};
const struct verb duty_export = {.name = "export",
                                 .summary = MSG_DUTY_EXPORT_SUMMARY,
                                 VERB_OPTIONS(export_options),
                                 VERB_DEFAULTS(struct span_options, &month),
                                 .run = run_export};
