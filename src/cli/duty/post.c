/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty post: what must be covered. */
#include "cli/duty/duty.h"
#include "duty/layer.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "roster/hours.h"
#include "view/arrangements.h"

#define DUTY_TYPE struct post_options

struct post_options {
    struct duty_where where;
    struct listing_options listing;
    const char *name, *kind, *hours, *from, *until;
    int64_t count, marks;
    bool on_site, on_call;
};

static const struct option_spec post_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("name", 0, name, "TEXT", MSG_DUTY_OPT_NAME),
    DUTY_TEXT("kind", 'k', kind, "WORD", MSG_DUTY_OPT_KIND),
    DUTY_TEXT("needed", 0, hours, "HOURS", MSG_DUTY_OPT_NEEDED),
    OPTION_NUMBER("people", 'n', DUTY_TYPE, count, "N", 0, 16, MSG_DUTY_OPT_PEOPLE),
    OPTION_NUMBER("alive-every", 0, DUTY_TYPE, marks, "MINUTES", 0, 1440, MSG_DUTY_OPT_MARKS),
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    DUTY_FROM,
    DUTY_UNTIL,
    DUTY_LISTING,
};
static const struct post_options unsaid = {.count = -1, .marks = -1};

static int show_posts(struct duty_run *r, const struct post_options *o, const struct state_id *only)
{
    struct view_query q = duty_query(r, r->now, r->now + TIME_DAY);

    if (only) /* whenever it is valid */
        q.from = q.to = 0;
    return duty_list(r, view_posts, &q, only, &o->listing);
}

static int read_request(struct duty_run *r, const struct post_options *o, struct post_request *x)
{
    struct err err = ERR_INIT;
    struct state_unit unit;
    struct hours hours;
    int status = session_unit(r->st, o->where.unit, &unit);

    if (status != 0)
        return status;
    *x = (struct post_request){.unit = unit.id,
                               .code = slice_str(o->where.post),
                               .name = slice_str(o->name),
                               .kind = slice_str(o->kind),
                               .hours = slice_str(o->hours),
                               .people = (int32_t)o->count,
                               .mark_minutes = (int32_t)o->marks,
                               .presence = o->on_call   ? STATE_ON_CALL
                                           : o->on_site ? STATE_ON_SITE
                                                        : 0};
    status = session_time(r->app, "from", o->from, false, &x->valid_from);
    if (status == 0)
        status = session_time(r->app, "until", o->until, true, &x->valid_to);
    if (status == 0 && x->hours.n && hours_parse(x->hours, &hours, &err) < 0)
        status = app_usage(r->app, MSG_DUTY_BAD_HOURS, o->hours, err.col);
    return status;
}

static int write_post(struct duty_run *r, const struct post_options *o)
{
    struct act_ctx act = session_act(r->st, 0);
    struct post_request x;
    struct state_post done;
    struct err err = ERR_INIT;
    int status = read_request(r, o, &x);

    if (status != 0)
        return status;
    if (post_write(&act, &r->st->actor, &x, &done, &err) < 0)
        return duty_run_fail(r, &err);
    return show_posts(r, o, &done.id);
}

/* Anything that is said about a post changes it. */
static bool is_any_given(const struct post_options *o)
{
    return o->name || o->kind || o->hours || o->count >= 0 || o->marks >= 0 || o->on_call ||
           o->on_site || o->from || o->until;
}

static int run_post(struct app *app, const void *values, const struct operands *operands)
{
    const struct post_options *o = values;
    bool writes = is_any_given(o);
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status != 0)
        return status;
    if (o->on_call && o->on_site)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "on-site", "on-call");
    if (writes && (!o->where.unit || !o->where.post))
        return app_usage(app, MSG_CLI_NO_OPTION, o->where.unit ? "post" : "unit");
    status = duty_run_begin(&r, app, &o->where, writes ? STATE_WRITE : STATE_READ, TIME_DAY);
    if (status != 0)
        return status;
    status = writes ? write_post(&r, o) : show_posts(&r, o, NULL);
    duty_run_done(&r);
    return status;
}

const struct verb duty_post_verb = {.name = "post",
                                    .summary = MSG_DUTY_POST_SUMMARY,
                                    .about = MSG_DUTY_POST_ABOUT,
                                    VERB_OPTIONS(post_options),
                                    VERB_DEFAULTS(struct post_options, &unsaid),
                                    .run = run_post};
