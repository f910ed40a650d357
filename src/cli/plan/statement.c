/* SPDX-License-Identifier: Apache-2.0 */
/* What people say about a plan: accepted, confirmed, not yet because, exempt, something happened.
 */
#include "register/statement.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/listing.h"
#include "cli/plan/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "lang/said.h"
#include "state/evidence.h"
#include "view/plans.h"

struct statement_add_options {
    const char *state, *plan, *unit, *person, *deputy, *because, *by, *from, *at, *title, *paper;
    bool everywhere;
};

#define SAY_COMMON                                                                                 \
    SESSION_OPTION(struct statement_add_options, state),                                           \
        OPTION_TEXT("plan", 'p', struct statement_add_options, plan, "NAME", COMPLETE_NONE,        \
                    MSG_PLAN_OPT_PLAN),                                                            \
        OPTION_TEXT("unit", 'u', struct statement_add_options, unit, "CODE", COMPLETE_NONE,        \
                    MSG_PLAN_OPT_UNIT),                                                            \
        OPTION_TEXT("person", 0, struct statement_add_options, person, "CODE", COMPLETE_NONE,      \
                    MSG_PLAN_OPT_PERSON)
#define SAY_AT                                                                                     \
    OPTION_TEXT("at", 0, struct statement_add_options, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_WHEN)
#define SAY_BECAUSE                                                                                \
    OPTION_TEXT("because", 0, struct statement_add_options, because, "TEXT", COMPLETE_NONE,        \
                MSG_PLAN_OPT_BECAUSE)

/* What every one of these verbs has open. */
struct statement_job {
    struct session st;
    struct proof_world w;
    struct state_unit unit;
    struct state_id person;
    struct act_ctx act;
};

static int statement_begin(struct app *app, const struct statement_add_options *o,
                           struct statement_job *y)
{
    const char *code = o->unit;
    int64_t at = 0;
    int status;

    status = session_open(app, o->state, STATE_WRITE, &y->st);
    if (status != 0)
        return status;
    status = session_own_unit(app, &y->st.arena, &code);
    if (status == 0 && code == NULL)
        status = app_usage(app, MSG_CLI_NO_OPTION, "unit");
    if (status == 0)
        status = plan_world(&y->st, o->plan, NULL, 0, 0, &y->w);
    if (status != 0) {
        session_close(&y->st);
        return status;
    }
    status = session_unit(&y->st, code, &y->unit);
    if (status == 0)
        status = session_person(&y->st, y->unit.id, o->person, &y->person);
    if (status == 0)
        status = session_time(app, "at", o->at, false, &at);
    y->act = session_act(&y->st, at);
    if (status != 0) {
        proof_close(&y->w);
        session_close(&y->st);
    }
    return status;
}

static int statement_end(struct statement_job *y, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(&y->st, err) : r;

    proof_close(&y->w);
    session_close(&y->st);
    return status;
}

/* What was written, to whoever wrote it. */
static void write_done(struct statement_job *y, msg_id what, const char *about, int64_t until)
{
    struct buf *out = &y->st.app->out.buf;
    struct civil c;

    text_write_safe(out, y->unit.name);
    time_to_civil(until - 1, y->w.plan->offset_s, &c);
    lang_write_checked(out, y->st.app->lang, what, about, c.day, c.month, c.year);
}

/* It was so before: nothing was written. Its exit status. */
static int describe_same(struct statement_job *y, struct state_id by, int64_t at)
{
    struct view_ctx ctx = listing_ctx(&y->st, state_now(y->st.s));
    struct buf when = BUF_INIT(64);

    session_write_time(&when, at);
    text_write_safe(&y->st.app->out.buf, y->unit.name);
    lang_write(&y->st.app->out.buf, y->st.app->lang, MSG_PLAN_DONE_BEFORE,
               SLICE_ARG(view_person_name(&ctx, by)), buf_cstr(&when));
    buf_done(&when);
    return 0;
}

static int run_accept(struct app *app, const void *values, const struct operands *operands)
{
    const struct statement_add_options *o = values;
    struct statement_acceptance acceptance;
    struct state_assignment x;
    struct err err = ERR_INIT;
    struct statement_job y;
    int status = statement_begin(app, o, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    acceptance = (struct statement_acceptance){.unit = y.unit.id,
                                               .plan = y.w.row.id,
                                               .person = y.person,
                                               .paper = slice_str(o->paper)};
    status = session_person(&y.st, y.unit.id, o->deputy, &acceptance.deputy);
    if (status != 0)
        return statement_end(&y, status, &err);
    r = statement_accept(&y.act, &y.st.actor, &acceptance, &x, &err);
    if (r == 1)
        r = describe_same(&y, x.accepted_by, x.accepted_at);
    else if (r == 0)
        write_done(&y, MSG_PLAN_DONE_ACCEPT, "", act_at(&y.act) + 1);
    return statement_end(&y, r, &err);
}

/* Every part that the head's weekly confirmation proves. */
static int run_confirm(struct app *app, const void *values, const struct operands *operands)
{
    struct statement_confirmation confirmation = {.title = said_words(SAID_CONFIRMATION)};
    struct err err = ERR_INIT;
    struct statement_job y;
    uint32_t kind;
    int status = statement_begin(app, values, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    confirmation.unit = y.unit.id;
    confirmation.person = y.person;
    kind = catalogue_find(y.w.catalogue, WORDS_EVIDENCE, SLICE(EVIDENCE_CONFIRMATION));
    r = proof_rows_taking(&y.w, kind, PLAN_NONE, &confirmation.obligations, &confirmation.count,
                          &err);
    if (r == 0 && confirmation.count == 0) {
        app_print(app, MSG_PLAN_NOTHING_TO_CONFIRM);
        return statement_end(&y, 0, &err);
    }
    if (r == 0)
        r = statement_confirm(&y.act, &y.st.actor, &confirmation, &err);
    if (r == 0)
        write_done(&y, MSG_PLAN_DONE_CONFIRM, "", act_at(&y.act) + 1);
    return statement_end(&y, r, &err);
}

/* What is said of one part, for a time. */
struct about_part {
    struct statement_job y;
    struct statement_about about;
};

/* stop: the option that --by holds here. Without --from it begins now, or with the plan. */
static int begin_part(struct app *app, const struct statement_add_options *o, const char *part,
                      const char *stop, bool with_plan, struct about_part *a)
{
    struct err err = ERR_INIT;
    uint32_t row;
    int status;

    if (o->because == NULL || o->by == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->because ? stop : "because");
    status = statement_begin(app, o, &a->y);
    if (status != 0)
        return status;
    a->about = (struct statement_about){.unit = a->y.unit.id,
                                        .person = a->y.person,
                                        .start = with_plan ? a->y.w.plan->start : act_at(&a->y.act),
                                        .reason = slice_str(o->because)};
    status = plan_part(app, &a->y.w, part, &row);
    if (status == 0)
        status = session_time(app, stop, o->by, true, &a->about.stop);
    if (status == 0)
        status = session_time(app, "from", o->from, false, &a->about.start);
    if (status == 0 && a->about.stop <= a->about.start)
        status = app_usage(app, MSG_PLAN_BY_PAST, stop, o->by);
    if (status != 0)
        return statement_end(&a->y, status, &err);
    a->about.obligation = a->y.w.part_rows[row];
    return 0;
}

static int run_not_yet(struct app *app, const void *values, const struct operands *operands)
{
    struct about_part a;
    struct state_task x;
    struct err err = ERR_INIT;
    int status = begin_part(app, values, operands->items[0], "by", true, &a), r;

    if (status != 0)
        return status;
    r = statement_not_yet(&a.y.act, &a.y.st.actor, &a.about, &x, &err);
    if (r == 0)
        write_done(&a.y, MSG_PLAN_DONE_NOT_YET, operands->items[0], a.about.stop);
    return statement_end(&a.y, r, &err);
}

static int run_exempt(struct app *app, const void *values, const struct operands *operands)
{
    struct about_part a;
    struct state_exemption x;
    struct err err = ERR_INIT;
    int status = begin_part(app, values, operands->items[0], "until", false, &a), r;

    if (status != 0)
        return status;
    r = statement_exempt(&a.y.act, &a.y.st.actor, &a.about, &x, &err);
    if (r == 1)
        r = describe_same(&a.y, x.approved_by, x.approved_at);
    else if (r == 0)
        write_done(&a.y, MSG_PLAN_DONE_EXEMPT, operands->items[0], a.about.stop);
    return statement_end(&a.y, r, &err);
}

static int run_event(struct app *app, const void *values, const struct operands *operands)
{
    const struct statement_add_options *o = values;
    struct slice name = slice_str(operands->items[0]), near;
    struct statement_event event;
    struct state_evidence e;
    struct buf kind = BUF_INIT(100);
    struct err err = ERR_INIT;
    struct statement_job y;
    int status = statement_begin(app, o, &y), r;

    if (status != 0)
        return status;
    if (catalogue_find(y.w.catalogue, WORDS_EVENTS, name) == UINT32_MAX) {
        near = catalogue_near(y.w.catalogue, WORDS_EVENTS, name);
        app_print(app, MSG_PLAN_NO_EVENT, operands->items[0], (int)near.n,
                  near.n ? (const char *)near.p : "");
        return statement_end(&y, EX_NOINPUT, &err);
    }
    evidence_event_write(&kind, name, o->everywhere);
    event = (struct statement_event){.unit = y.unit.id,
                                     .person = y.person,
                                     .kind = buf_slice(&kind),
                                     .title = o->title ? slice_str(o->title)
                                                       : title_in(plan_name(y.w.plan, true, name),
                                                                  app->lang)};
    r = statement_event(&y.act, &y.st.actor, &event, &e, &err);
    buf_done(&kind);
    if (r == 0)
        write_done(&y, MSG_PLAN_DONE_EVENT, operands->items[0], act_at(&y.act) + 1);
    return statement_end(&y, r, &err);
}

static const struct option_spec accept_specs[] = {
    SAY_COMMON,
    SAY_AT,
    OPTION_TEXT("deputy", 0, struct statement_add_options, deputy, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_DEPUTY),
    OPTION_TEXT("paper", 0, struct statement_add_options, paper, "TEXT", COMPLETE_NONE,
                MSG_PLAN_OPT_PAPER),
};

const struct verb verb_plan_accept = {
    .name = "accept",
    .summary = MSG_PLAN_ACCEPT_SUMMARY,
    VERB_OPTIONS(accept_specs),
    .options_size = sizeof(struct statement_add_options),
    .run = run_accept,
};

static const struct option_spec confirm_specs[] = {SAY_COMMON, SAY_AT};

const struct verb verb_plan_confirm = {
    .name = "confirm",
    .summary = MSG_PLAN_CONFIRM_SUMMARY,
    VERB_OPTIONS(confirm_specs),
    .options_size = sizeof(struct statement_add_options),
    .run = run_confirm,
};

static const struct option_spec not_yet_specs[] = {
    SAY_COMMON,
    SAY_BECAUSE,
    OPTION_TEXT("by", 0, struct statement_add_options, by, "DATE", COMPLETE_NONE,
                MSG_PLAN_OPT_PROMISED),
    OPTION_TEXT("from", 0, struct statement_add_options, from, "DATE", COMPLETE_NONE,
                MSG_PLAN_OPT_FROM),
};

const struct verb verb_plan_not_yet = {
    .name = "not-yet",
    .summary = MSG_PLAN_NOT_YET_SUMMARY,
    .about = MSG_PLAN_NOT_YET_ABOUT,
    .operands = "OBLIGATION[/PART]",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(not_yet_specs),
    .options_size = sizeof(struct statement_add_options),
    .run = run_not_yet,
};

static const struct option_spec exempt_specs[] = {
    SAY_COMMON,
    SAY_BECAUSE,
    OPTION_TEXT("until", 0, struct statement_add_options, by, "DATE", COMPLETE_NONE,
                MSG_PLAN_OPT_UNTIL),
    OPTION_TEXT("from", 0, struct statement_add_options, from, "DATE", COMPLETE_NONE,
                MSG_PLAN_OPT_FROM),
};

const struct verb verb_plan_exempt = {
    .name = "exempt",
    .summary = MSG_PLAN_EXEMPT_SUMMARY,
    .operands = "OBLIGATION",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(exempt_specs),
    .options_size = sizeof(struct statement_add_options),
    .run = run_exempt,
};

static const struct option_spec event_specs[] = {
    SAY_COMMON,
    SAY_AT,
    OPTION_TEXT("title", 't', struct statement_add_options, title, "TEXT", COMPLETE_NONE,
                MSG_PLAN_OPT_TITLE),
    OPTION_FLAG("everywhere", 0, struct statement_add_options, everywhere, MSG_PLAN_OPT_EVERYWHERE),
};

const struct verb verb_plan_event = {
    .name = "event",
    .summary = MSG_PLAN_EVENT_SUMMARY,
    .about = MSG_PLAN_EVENT_ABOUT,
    .operands = "EVENT",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(event_specs),
    .options_size = sizeof(struct statement_add_options),
    .run = run_event,
};

struct statements_options {
    const char *state, *unit;
    struct listing_options listing;
};

static const struct option_spec statements_specs[] = {
    SESSION_OPTION(struct statements_options, state),
    OPTION_TEXT("unit", 'u', struct statements_options, unit, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_UNIT),
    LISTING_OPTIONS(struct statements_options, listing),
};

static int run_statements(struct app *app, const void *values, const struct operands *operands)
{
    const struct statements_options *o = values;
    struct view_query q = {.below = true};
    struct state_unit unit = {.version = 0};
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct session st;
    struct table t;
    int status = listing_check(app, &o->listing), r;

    (void)operands;
    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    status = session_listed(&st, o->unit, &unit);
    if (status == 0) {
        q.unit = unit.id;
        ctx = listing_ctx(&st, state_now(st.s));
        r = view_statements(&ctx, &q, &t, &err);
        status = r < 0 ? session_fail(&st, &err) : listing_print(app, &t, &o->listing);
        table_done(&t);
    }
    session_close(&st);
    return status;
}

const struct verb verb_plan_statements = {
    .name = "statements",
    .summary = MSG_PLAN_STATEMENTS_SUMMARY,
    VERB_OPTIONS(statements_specs),
    .options_size = sizeof(struct statements_options),
    .run = run_statements,
};
