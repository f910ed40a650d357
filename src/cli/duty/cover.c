/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty cover: coverage of a post by another unit's post. */
#include "cli/duty/change.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "roster/hours.h"

#define DUTY_TYPE struct cover_options

struct cover_options {
    struct change_options change;
    const char *cover_unit, *cover_post, *hours, *note;
    bool on_site, on_call;
};

static const char *const cover_words[] = {"list", "ask", "accept", "refuse", "end", NULL};
static const struct option_spec cover_options[] = {
    CHANGE_WHERE,
    DUTY_TEXT("by-unit", 0, cover_unit, "CODE", MSG_DUTY_OPT_BY_UNIT),
    DUTY_TEXT("by-post", 0, cover_post, "CODE", MSG_DUTY_OPT_BY_POST),
    CHANGE_FROM,
    CHANGE_UNTIL,
    DUTY_TEXT("needed", 0, hours, "HOURS", MSG_DUTY_OPT_COVER_HOURS),
    DUTY_FLAG("on-site", 0, on_site, MSG_DUTY_OPT_ON_SITE),
    DUTY_FLAG("on-call", 0, on_call, MSG_DUTY_OPT_ON_CALL),
    DUTY_TEXT("note", 0, note, "TEXT", MSG_DUTY_OPT_NOTE),
    CHANGE_ID,
    CHANGE_BY,
    CHANGE_LISTING,
};

static int find_covering(struct change *c, struct state_id *ret)
{
    const struct cover_options *o = (const struct cover_options *)c->o;
    struct state_post other;
    struct state_unit unit;
    int status;

    if (!o->cover_unit || !o->cover_post)
        return app_usage(c->r.app, MSG_CLI_NO_OPTION, o->cover_unit ? "by-post" : "by-unit");
    status = session_unit(c->r.st, o->cover_unit, &unit);
    if (status == 0 && state_post_find(c->r.st->s, &c->r.st->actor, unit.id,
                                       slice_str(o->cover_post), &c->r.st->arena, &other, NULL) < 0)
        status = app_usage(c->r.app, MSG_DUTY_NO_POST, o->cover_post);
    *ret = other.id;
    return status;
}

static int ask_cover(struct change *c)
{
    const struct cover_options *o = (const struct cover_options *)c->o;
    struct coverage_request x = {.post = c->r.picture.load.posts[c->r.post].id,
                                 .start = c->start,
                                 .stop = c->stop,
                                 .hours = slice_str(o->hours),
                                 .presence = o->on_call ? STATE_ON_CALL : STATE_ON_SITE,
                                 .note = slice_str(o->note)};
    struct coverage_result done;
    struct hours hours;
    int status = find_covering(c, &x.other_post), r;

    if (status == 0 && x.hours.n && hours_parse(x.hours, &hours, &c->err) < 0)
        status = app_usage(c->r.app, MSG_DUTY_BAD_HOURS, o->hours, c->err.col);
    if (status != 0)
        return status;
    r = coverage_ask(&c->act, &c->r.st->actor, &x, &done, &c->err);
    if (r == 0)
        r = change_made(c, done.coverage.id);
    if (r == 0)
        app_print(c->r.app, MSG_DUTY_COVER_WAITS, o->cover_unit);
    return r;
}

static int act_cover(struct change *c)
{
    struct coverage_result *done = change_results(c, struct coverage_result);
    struct duty_decision d = change_decision(c);
    int32_t answer = change_is(c, "accept")   ? STATE_ACCEPTED
                     : change_is(c, "refuse") ? STATE_REFUSED
                                              : STATE_ENDED;
    int r = done ? coverage_answer(&c->act, &c->r.st->actor, answer, &d, done, &c->err)
                 : err_nomem(&c->err);

    for (size_t i = 0; r == 0 && i < c->count; i++) {
        if (!done[i].changed)
            change_describe_same(c, done[i].coverage.id, done[i].coverage.accepted_at);
    }
    return r;
}

/* Who answers is of the covering unit. */
static int unit_of(struct change *c, struct state_id row, struct state_id *ret)
{
    struct state_coverage x;
    int r = state_coverage_get(c->r.st->s, &c->r.st->actor, row, &c->r.st->arena, &x, &c->err);

    *ret = x.other;
    return r;
}

static int run_cover(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"ask", NULL};
    static const struct change_kind kind = {
        .ask = ask, .view = view_coverage, .unit = unit_of, .make = ask_cover, .act = act_cover};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_cover = {.name = "cover",
                                .summary = MSG_DUTY_COVER_SUMMARY,
                                .about = MSG_DUTY_COVER_ABOUT,
                                CHANGE_VERB(cover_words, cover_options),
                                .run = run_cover};
