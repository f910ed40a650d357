/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty roster: the layers of a post, turns by a rule, approval. */
#include "duty/layer.h"
#include "base/num.h"
#include "calendar/recur.h"
#include "cli/duty/duty.h"
#include "import/zone_file.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "roster/rule.h"
#include "view/arrangements.h"

#define DUTY_TYPE struct roster_options

struct roster_options {
    struct duty_where where;
    struct listing_options listing;
    const char *layer, *rule, *length, *people, *zone, *from, *until, *by;
    bool approve;
};

static const struct option_spec roster_options[] = {
    DUTY_WHERE,
    DUTY_TEXT("layer", 0, layer, "CODE", MSG_DUTY_OPT_LAYER),
    DUTY_TEXT("rule", 0, rule, "RRULE", MSG_DUTY_OPT_RULE),
    DUTY_TEXT("length", 0, length, "HOURS", MSG_DUTY_OPT_LENGTH),
    DUTY_TEXT("people", 0, people, "CODE,…", MSG_DUTY_OPT_TURNS),
    DUTY_TEXT("zone", 0, zone, "NAME", MSG_DUTY_OPT_ZONE),
    DUTY_FROM,
    DUTY_UNTIL,
    DUTY_FLAG("approve", 'a', approve, MSG_DUTY_OPT_APPROVE),
    DUTY_TEXT("by", 0, by, "CODE", MSG_DUTY_OPT_BY),
    DUTY_LISTING,
};

/* 24, 12.5 hours … as nanoseconds */
static int read_length(struct duty_run *r, const struct roster_options *o, int64_t *ret)
{
    double hours = 24;

    if (o->length &&
        (num_double(slice_str(o->length), &hours) < 0 || !(hours > 0) || hours > 24 * 31))
        return app_usage(r->app, MSG_DUTY_BAD_LENGTH, o->length);
    *ret = (int64_t)(hours * 60 + 0.5) * TIME_MINUTE;
    return 0;
}

/* CODE,CODE,-,… into the arena. */
static int read_people(struct duty_run *r, const struct roster_options *o, struct layer_request *x)
{
    struct slice rest = slice_str(o->people), part;
    struct state_id *people = arena_new_array(&r->st->arena, rest.n + 1, struct state_id);
    int status = people ? 0 : session_fail(r->st, &(struct err){.code = CE_NOMEM});

    while (status == 0 && slice_cut(&rest, ',', &part)) {
        struct slice code = arena_dup(&r->st->arena, slice_trim(part));

        if (code.n > 0 && !slice_is(code, "-"))
            status = duty_person(r, "people", (const char *)code.p, &people[x->count]);
        x->count++;
    }
    x->people = people;
    return status;
}

/* By name, as it is kept. */
static int find_zone(struct duty_run *r, const struct roster_options *o, struct slice *ret)
{
    int q = zone_file_find(&r->st->arena, slice_str(o->zone), ret);

    if (q == 0)
        return 0;
    return q == -CE_UNKNOWN ? app_usage(r->app, MSG_DUTY_ODD_ZONE, o->zone)
                            : app_usage(r->app, MSG_DUTY_NO_ZONE, o->zone);
}

static int bad_rule(struct duty_run *r, const struct roster_options *o, const struct err *err)
{
    struct buf why = BUF_INIT(4096);

    error_write(&why, r->app->lang, err);
    app_print(r->app, MSG_DUTY_BAD_RULE, o->rule, err->col, buf_cstr(&why));
    buf_done(&why);
    return EX_USAGE;
}

static int read_request(struct duty_run *r, const struct roster_options *o, struct layer_request *x)
{
    int status = o->zone ? find_zone(r, o, &x->zone) : 0;
    struct err err = ERR_INIT;
    struct recur rule;

    if (status == 0 && (!o->people || !o->from))
        status = app_usage(r->app, MSG_CLI_NO_OPTION, o->from ? "people" : "from");
    if (status == 0 && recur_parse(x->rule, &rule, &err) < 0)
        status = bad_rule(r, o, &err);
    if (status == 0)
        status = session_time(r->app, "from", o->from, false, &x->start);
    if (status == 0)
        status = session_time(r->app, "until", o->until, true, &x->stop);
    if (status == 0)
        status = read_length(r, o, &x->length);
    return status == 0 ? read_people(r, o, x) : status;
}

static int write_rule(struct duty_run *r, const struct roster_options *o, struct state_id *ret)
{
    struct layer_request x = {.post = r->picture.load.posts[r->post].id,
                              .code = slice_str(o->layer ? o->layer : "luan-phien"),
                              .rule = slice_str(o->rule)};
    struct act_ctx act = session_act(r->st, 0);
    struct err err = ERR_INIT;
    struct state_layer done;
    int status = read_request(r, o, &x);

    if (status != 0)
        return status;
    if (layer_write(&act, &r->st->actor, &x, &done, &err) < 0)
        return duty_run_fail(r, &err);
    *ret = done.id;
    return 0;
}

/* The layers of the post that are meant: --layer, or all that stand unapproved. */
static int find_layers(struct duty_run *r, const struct roster_options *o, struct state_id **ret,
                       size_t *ret_n)
{
    struct state_query q = {.ref = r->picture.load.posts[r->post].id};
    struct state_layer *rows;
    struct err err = ERR_INIT;
    size_t n;

    *ret_n = 0;
    if (state_layer_list(r->st->s, &r->st->actor, &q, &r->st->arena, &rows, &n, &err) < 0)
        return duty_run_fail(r, &err);
    *ret = arena_new_array(&r->st->arena, n + 1, struct state_id);
    if (*ret == NULL)
        return session_fail(r->st, &(struct err){.code = CE_NOMEM});
    for (size_t i = 0; i < n; i++) {
        if (!o->layer || slice_is(rows[i].code, o->layer))
            (*ret)[(*ret_n)++] = rows[i].id;
    }
    return 0;
}

static int duty_layer_approve(struct duty_run *r, const struct roster_options *o)
{
    struct act_ctx act = session_act(r->st, 0);
    struct duty_decision d = {.count = 0};
    struct layer_result *done;
    struct err err = ERR_INIT;
    struct state_id *ids;
    int status =
        o->by ? find_layers(r, o, &ids, &d.count) : app_usage(r->app, MSG_CLI_NO_OPTION, "by");

    if (status == 0)
        status = session_person(r->st, r->picture.load.posts[r->post].unit, o->by, &d.by);
    if (status != 0)
        return status;
    d.ids = ids;
    done = arena_new_array(&r->st->arena, d.count + 1, struct layer_result);
    if (done == NULL || layer_approve(&act, &r->st->actor, &d, done, &err) < 0)
        return done ? duty_run_fail(r, &err) : session_fail(r->st, &(struct err){.code = CE_NOMEM});
    for (size_t i = 0; i < d.count; i++) {
        if (!done[i].changed)
            duty_describe_same(r, done[i].layer.code, done[i].layer.approved_at);
        else if (done[i].layer.one_hand)
            app_print(r->app, MSG_DUTY_ONE_HAND);
    }
    return 0;
}

static int show_layers(struct duty_run *r, const struct roster_options *o,
                       const struct state_id *only)
{
    struct view_query q = duty_query(r, 0, 0);

    q.kind = slice_str(o->rule ? NULL : o->layer);
    return duty_list(r, view_layers, &q, only, &o->listing);
}

static int run_roster(struct app *app, const void *values, const struct operands *operands)
{
    const struct roster_options *o = values;
    bool writes = o->rule || o->approve;
    struct state_id made;
    struct duty_run r;
    int status = listing_check(app, &o->listing);

    (void)operands;
    if (status == 0)
        status =
            duty_run_begin(&r, app, &o->where, writes ? STATE_WRITE : STATE_READ, 400 * TIME_DAY);
    if (status != 0)
        return status;
    if (writes)
        status = duty_one_post(&r);
    if (status == 0 && o->rule)
        status = write_rule(&r, o, &made);
    if (status == 0 && o->approve)
        status = duty_layer_approve(&r, o);
    if (status == 0)
        status = show_layers(&r, o, o->rule ? &made : NULL);
    duty_run_done(&r);
    return status;
}

const struct verb duty_roster_verb = {.name = "roster",
                                      .summary = MSG_DUTY_ROSTER_SUMMARY,
                                      .about = MSG_DUTY_ROSTER_ABOUT,
                                      VERB_OPTIONS(roster_options),
                                      .options_size = sizeof(struct roster_options),
                                      .run = run_roster};
