/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty missed: shifts that are not stood as they should be, and who is to be told. */
#include "cli/duty/duty.h"
#include "lang/msg_duty.h"
#include "view/shifts.h"

#define DUTY_TYPE struct missed_options

struct missed_options {
    struct duty_where where;
    struct listing_options listing;
    int64_t hours;
};

static const struct option_spec missed_options[] = {DUTY_WHERE, DUTY_AT,
                                                    OPTION_NUMBER("hours", 'n', DUTY_TYPE, hours,
                                                                  "N", 1, 31 * 24,
                                                                  MSG_DUTY_OPT_BACK),
                                                    DUTY_LISTING};
static const struct missed_options last_day = {.hours = 24};

static bool any_asked(const struct duty_run *r)
{
    for (uint32_t i = 0; i < r->picture.load.asked; i++) {
        if (duty_is_asked(r, i))
            return true;
    }
    return false;
}

static int show_missed(struct duty_run *r, const struct missed_options *o)
{
    struct view_ctx ctx = listing_ctx(r->st, r->from);
    struct view_query q = duty_query(r, r->from - o->hours * TIME_HOUR, r->from);
    bool plain = listing_is_plain(&o->listing);
    struct err err = ERR_INIT;
    struct table t, calls;
    const struct table *const tables[] = {&t, &calls};
    int status;

    if (view_missed(&ctx, &r->picture, &q, &t, &calls, &err) < 0)
        status = duty_run_fail(r, &err);
    else if (plain && t.rows == 0)
        status = any_asked(r) ? (duty_line(r, MSG_DUTY_ALL_STOOD), EXIT_FINE) : EXIT_FINE;
    else
        status = listing_print_all(r->app, tables, plain && calls.rows == 0 ? 1 : 2, &o->listing);
    if (status == EXIT_FINE && t.rows > 0)
        status = EXIT_FOUND;
    table_done(&t);
    table_done(&calls);
    return status;
}

static int run_missed(struct app *app, const void *values, const struct operands *operands)
{
    const struct missed_options *o = values;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status = duty_run_begin(&r, app, &o->where, STATE_READ, 2 * TIME_DAY);
    if (status != 0)
        return status;
    status = show_missed(&r, o);
    if (!any_asked(&r))
        app_print(app, MSG_DUTY_NO_POSTS);
    duty_run_done(&r);
    return status;
}

const struct verb duty_missed = {.name = "missed",
                                 .summary = MSG_DUTY_MISSED_SUMMARY,
                                 .about = MSG_DUTY_MISSED_ABOUT,
                                 VERB_OPTIONS(missed_options),
                                 VERB_DEFAULTS(struct missed_options, &last_day),
                                 .run = run_missed};
