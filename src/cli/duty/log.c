/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty log: what was done on duty, written and read. */
#include "cli/duty/stand.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "view/shifts.h"

#define DUTY_TYPE struct log_options

struct log_options {
    struct duty_where where;
    struct duty_by by;
    struct listing_options listing;
    const char *source, *action, *result, *id;
    int64_t hours;
};

/* Plans are needed a little ahead: a shift may be taken before it begins. */
#define AHEAD (2 * TIME_DAY)

static const struct option_spec log_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_TEXT("source", 0, source, "TEXT", MSG_DUTY_OPT_SOURCE),
    DUTY_TEXT("action", 0, action, "TEXT", MSG_DUTY_OPT_ACTION),
    DUTY_TEXT("result", 0, result, "TEXT", MSG_DUTY_OPT_RESULT),
    DUTY_TEXT("correct", 'c', id, "ID", MSG_DUTY_OPT_CORRECT),
    DUTY_WHEN,
    DUTY_PAPER,
    OPTION_NUMBER("hours", 'n', DUTY_TYPE, hours, "N", 1, 31 * 24, MSG_DUTY_OPT_BACK),
    DUTY_LISTING,
};
static const struct log_options last_day = {.hours = 24};

/* The line of any shift known here whose id begins so. */
static int find_line(struct duty_run *r, const char *id, struct state_id *ret)
{
    struct err err = ERR_INIT;
    size_t found = 0;

    for (size_t i = 0; i < r->picture.facts.count; i++) {
        struct state_query q = {.ref = r->picture.facts.items[i].row.id};
        struct state_line *rows;
        size_t n;

        if (r->picture.facts.items[i].post != r->post)
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

static int write_line(struct duty_run *r, const struct log_options *o, const char *what)
{
    struct log_request x = {.what = slice_str(what),
                            .source = slice_str(o->source),
                            .action = slice_str(o->action),
                            .result = slice_str(o->result)};
    struct shift_result done;
    struct err err = ERR_INIT;
    struct act_ctx act;
    int status = duty_act_of(r, &o->by, &act, &x.shift);

    if (status == 0 && o->id)
        status = find_line(r, o->id, &x.corrects);
    if (status == 0 && shift_log(&act, &r->st->actor, &x, &done, &err) < 0)
        status = duty_run_fail(r, &err);
    if (status != 0)
        return status;
    stand_describe_where(r, &done, o->id ? MSG_DUTY_DID_CORRECT : MSG_DUTY_DID_LOG);
    stand_describe_marks(r, &done);
    return 0;
}

static int show_log(struct duty_run *r, const struct log_options *o)
{
    struct view_ctx ctx = listing_ctx(r->st, r->from);
    struct view_query q = duty_query(r, r->from - o->hours * TIME_HOUR, r->from);
    struct err err = ERR_INIT;
    struct table t;

    return duty_print_table(r, &t, &o->listing, view_duty_log(&ctx, &r->picture, &q, &t, &err),
                            &err);
}

static int run_log(struct app *app, const void *values, const struct operands *operands)
{
    const struct log_options *o = values;
    bool writes = operands->count > 0;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    if (status == 0 && !writes && o->id)
        status = app_usage(app, MSG_CLI_NO_OPERAND, "TEXT");
    if (status == 0)
        status = duty_run_begin(&r, app, &o->where, writes ? STATE_WRITE : STATE_READ, AHEAD);
    if (status != 0)
        return status;
    status = writes ? write_line(&r, o, operands->items[0]) : show_log(&r, o);
    duty_run_done(&r);
    return status;
}

const struct verb duty_log = {.name = "log",
                              .summary = MSG_DUTY_LOG_SUMMARY,
                              .about = MSG_DUTY_LOG_ABOUT,
                              .operands = "[TEXT]",
                              .max_operands = 1,
                              VERB_OPTIONS(log_options),
                              VERB_DEFAULTS(struct log_options, &last_day),
                              .run = run_log};
