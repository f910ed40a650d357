/* SPDX-License-Identifier: Apache-2.0 */
/* What people say about a plan: accepted, confirmed, not yet because, exempt, something happened.
 */
#include "base/time.h"
#include "base/width.h"
#include "cli/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "state/evidence.h"

struct say_options {
    const char *state, *plan, *unit, *person, *deputy, *because, *by, *from, *at, *title;
    bool everywhere;
};

#define SAY_COMMON                                                                                 \
    LEDGER_OPTION(struct say_options),                                                             \
        OPTION_TEXT("plan", 'p', struct say_options, plan, "NAME", COMPLETE_NONE,                  \
                    MSG_PLAN_OPT_PLAN),                                                            \
        OPTION_TEXT("unit", 'u', struct say_options, unit, "CODE", COMPLETE_NONE,                  \
                    MSG_PLAN_OPT_UNIT),                                                            \
        OPTION_TEXT("person", 0, struct say_options, person, "CODE", COMPLETE_NONE,                \
                    MSG_PLAN_OPT_PERSON)
#define SAY_AT                                                                                     \
    OPTION_TEXT("at", 0, struct say_options, at, "TIME", COMPLETE_NONE, MSG_PLAN_OPT_WHEN)
#define SAY_BECAUSE                                                                                \
    OPTION_TEXT("because", 0, struct say_options, because, "TEXT", COMPLETE_NONE,                  \
                MSG_PLAN_OPT_BECAUSE)

/* What every one of these verbs has open. */
struct saying {
    struct ledger st;
    struct proof_world w;
    struct state_unit unit;
    struct state_id person;
    int64_t at;
};

static int begin(struct app *app, const struct say_options *o, struct saying *y)
{
    int status;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = ledger_open(app, o->state, STATE_WRITE, &y->st);
    if (status != 0)
        return status;
    status = plan_world(&y->st, o->plan, NULL, 0, 0, &y->w);
    if (status != 0) {
        ledger_close(&y->st);
        return status;
    }
    y->at = state_now(y->st.s);
    status = ledger_unit(&y->st, o->unit, &y->unit);
    if (status == 0)
        status = ledger_person(&y->st, y->unit.id, o->person, &y->person);
    if (status == 0)
        status = ledger_time(app, "at", o->at, false, &y->at);
    if (status != 0) {
        proof_close(&y->w);
        ledger_close(&y->st);
    }
    return status;
}

static int end(struct saying *y, int r, const struct err *err)
{
    int status = r < 0 ? ledger_fail(&y->st, err) : r;

    proof_close(&y->w);
    ledger_close(&y->st);
    return status;
}

/* What was written, to whoever wrote it. */
static void put_done(struct saying *y, msg_id what, const char *about, int64_t until)
{
    struct buf *out = &y->st.app->out.buf;
    struct civil c;

    text_put_safe(out, y->unit.name);
    time_to_civil(until - 1, y->w.plan->offset_s, &c);
    lang_put_checked(out, y->st.app->lang, what, about, c.day, c.month, c.year);
}

/* The unit's assignment of this plan; a new one when it was never given. */
static int assignment(struct saying *y, struct state_assignment *ret, struct err *err)
{
    struct state_query q = {.unit = y->unit.id, .ref = y->w.row.id};
    struct state_assignment *rows;
    size_t n;
    int r = state_assignment_list(y->st.s, &y->st.actor, &q, &y->st.arena, &rows, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (id_eq(rows[i].unit, y->unit.id)) {
            *ret = rows[i];
            return 0;
        }
    }
    *ret = (struct state_assignment){.unit = y->unit.id, .plan = y->w.row.id};
    return 0;
}

static int run_accept(struct app *app, const void *values, const struct operands *operands)
{
    const struct say_options *o = values;
    struct state_assignment x;
    struct err err = ERR_INIT;
    struct saying y;
    int status = begin(app, o, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    r = assignment(&y, &x, &err);
    if (r == 0) {
        status = ledger_person(&y.st, y.unit.id, o->deputy, &x.deputy);
        if (status != 0)
            return end(&y, status, &err);
        x.accepted_at = y.at;
        x.accepted_by = y.person;
        r = state_assignment_put(y.st.s, &y.st.actor, &x, &err);
    }
    if (r == 0)
        put_done(&y, MSG_PLAN_DONE_ACCEPT, "", y.at + 1);
    return end(&y, r, &err);
}

/* Evidence without a file, and the proof it is of a part. */
static int put_statement(struct saying *y, const char *kind, struct slice title, uint32_t part,
                         struct err *err)
{
    struct state_evidence e = {.unit = y->unit.id,
                               .kind = slice_str(kind),
                               .title = title,
                               .method = STATE_INTERVIEW,
                               .strength = STATE_DECLARED,
                               .collected = y->at,
                               .origin = SLICE("person"),
                               .signer = y->person};
    struct state_proof p = {.unit = y->unit.id,
                            .start = y->at,
                            .stop = y->at + 1,
                            .collected = y->at,
                            .verdict = STATE_SHOWS_MET,
                            .strength = STATE_DECLARED};
    int r = state_begin(y->st.s, err);

    if (r < 0)
        return r;
    r = state_evidence_put(y->st.s, &y->st.actor, &e, err);
    p.evidence = e.id;
    if (r == 0 && part != PLAN_NONE) {
        p.obligation = y->w.part_rows[part];
        r = state_proof_put(y->st.s, &y->st.actor, &p, err);
    }
    if (r == 0)
        r = state_commit(y->st.s, err);
    if (r < 0)
        state_rollback(y->st.s);
    return r;
}

/* Every part that the head's weekly confirmation proves. */
static int run_confirm(struct app *app, const void *values, const struct operands *operands)
{
    struct err err = ERR_INIT;
    struct saying y;
    uint32_t count, kind, done = 0;
    const struct status_part *parts;
    int status = begin(app, values, &y), r = 0;

    (void)operands;
    if (status != 0)
        return status;
    parts = status_parts(y.w.status, &count);
    kind = catalogue_find(y.w.catalogue, WORDS_EVIDENCE, SLICE("plan.confirmation"));
    for (uint32_t i = 0; i < count && r == 0; i++) {
        for (uint32_t k = 0; k < parts[i].part->kind_count && r == 0; k++) {
            if (parts[i].part->kinds[k] == kind) {
                /* a record of the unit's, whatever language this terminal speaks */
                r = put_statement(&y, "plan.confirmation",
                                  slice_str(lang_text(LANG_VI, MSG_PLAN_CONFIRMATION)), i, &err);
                done++;
            }
        }
    }
    if (r == 0 && done == 0)
        app_say(app, MSG_PLAN_NOTHING_TO_CONFIRM);
    else if (r == 0)
        put_done(&y, MSG_PLAN_DONE_CONFIRM, "", y.at + 1);
    return end(&y, r, &err);
}

/* What is said of one part, for a time. */
struct about_part {
    struct saying y;
    uint32_t part;
    int64_t start, stop;
};

/* stop: the option that --by holds here. Without --from it begins now, or with the plan. */
static int begin_part(struct app *app, const struct say_options *o, const char *part,
                      const char *stop, bool with_plan, struct about_part *a)
{
    struct err err = ERR_INIT;
    int status;

    if (o->because == NULL || o->by == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, o->because ? stop : "because");
    status = begin(app, o, &a->y);
    if (status != 0)
        return status;
    a->start = with_plan ? a->y.w.plan->start : a->y.at;
    status = plan_part(app, &a->y.w, part, &a->part);
    if (status == 0)
        status = ledger_time(app, stop, o->by, true, &a->stop);
    if (status == 0)
        status = ledger_time(app, "from", o->from, false, &a->start);
    if (status == 0 && a->stop <= a->start)
        status = app_usage(app, MSG_PLAN_BY_PAST, stop, o->by);
    return status == 0 ? 0 : end(&a->y, status, &err);
}

/* What the unit said of the same part and time before, which is now said anew. */
static int take_said(struct about_part *a, struct state_task *x, struct err *err)
{
    struct state_query q = {.unit = x->unit, .ref = x->obligation};
    struct state_task *rows;
    size_t n;
    int r = state_task_list(a->y.st.s, &a->y.st.actor, &q, &a->y.st.arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (rows[i].start == x->start) {
            x->id = rows[i].id;
            x->version = rows[i].version;
        }
    return r;
}

static int run_not_yet(struct app *app, const void *values, const struct operands *operands)
{
    const struct say_options *o = values;
    struct about_part a;
    struct state_task x = {.state = STATE_TASK_NOT_YET};
    struct err err = ERR_INIT;
    int status = begin_part(app, o, operands->items[0], "by", true, &a), r;

    if (status != 0)
        return status;
    x.unit = a.y.unit.id;
    x.obligation = a.y.w.part_rows[a.part];
    x.start = a.start;
    x.stop = x.promised = a.stop;
    x.reason = slice_str(o->because);
    x.person = a.y.person;
    r = take_said(&a, &x, &err);
    if (r == 0)
        r = state_task_put(a.y.st.s, &a.y.st.actor, &x, &err);
    if (r == 0)
        put_done(&a.y, MSG_PLAN_DONE_NOT_YET, operands->items[0], a.stop);
    return end(&a.y, r, &err);
}

static int run_exempt(struct app *app, const void *values, const struct operands *operands)
{
    const struct say_options *o = values;
    struct about_part a;
    struct state_exemption x = {.version = 0};
    struct err err = ERR_INIT;
    int status = begin_part(app, o, operands->items[0], "until", false, &a), r;

    if (status != 0)
        return status;
    x.unit = a.y.unit.id;
    x.obligation = a.y.w.part_rows[a.part];
    x.start = a.start;
    x.stop = a.stop;
    x.reason = slice_str(o->because);
    x.approved_at = a.y.at;
    x.approved_by = a.y.person;
    r = state_exemption_put(a.y.st.s, &a.y.st.actor, &x, &err);
    if (r == 0)
        put_done(&a.y, MSG_PLAN_DONE_EXEMPT, operands->items[0], a.stop);
    return end(&a.y, r, &err);
}

static int run_event(struct app *app, const void *values, const struct operands *operands)
{
    const struct say_options *o = values;
    struct slice name = slice_str(operands->items[0]), near;
    struct buf kind = BUF_INIT(100);
    struct err err = ERR_INIT;
    struct saying y;
    int status = begin(app, o, &y), r;

    if (status != 0)
        return status;
    if (catalogue_find(y.w.catalogue, WORDS_EVENTS, name) == UINT32_MAX) {
        near = catalogue_near(y.w.catalogue, WORDS_EVENTS, name);
        app_say(app, MSG_PLAN_NO_EVENT, operands->items[0], (int)near.n,
                near.n ? (const char *)near.p : "");
        return end(&y, EX_NOINPUT, &err);
    }
    buf_printf(&kind, "event.%s%s", operands->items[0], o->everywhere ? ".all" : "");
    r = put_statement(&y, buf_cstr(&kind),
                      o->title ? slice_str(o->title) : plan_name(y.w.plan, true, name, app->lang),
                      PLAN_NONE, &err);
    buf_done(&kind);
    if (r == 0)
        put_done(&y, MSG_PLAN_DONE_EVENT, operands->items[0], y.at + 1);
    return end(&y, r, &err);
}

static const struct option_spec accept_specs[] = {
    SAY_COMMON,
    SAY_AT,
    OPTION_TEXT("deputy", 0, struct say_options, deputy, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_DEPUTY),
};

const struct verb verb_plan_accept = {
    .name = "accept",
    .summary = MSG_PLAN_ACCEPT_SUMMARY,
    VERB_OPTIONS(accept_specs),
    .options_size = sizeof(struct say_options),
    .run = run_accept,
};

static const struct option_spec confirm_specs[] = {SAY_COMMON, SAY_AT};

const struct verb verb_plan_confirm = {
    .name = "confirm",
    .summary = MSG_PLAN_CONFIRM_SUMMARY,
    VERB_OPTIONS(confirm_specs),
    .options_size = sizeof(struct say_options),
    .run = run_confirm,
};

static const struct option_spec not_yet_specs[] = {
    SAY_COMMON,
    SAY_BECAUSE,
    OPTION_TEXT("by", 0, struct say_options, by, "DATE", COMPLETE_NONE, MSG_PLAN_OPT_PROMISED),
    OPTION_TEXT("from", 0, struct say_options, from, "DATE", COMPLETE_NONE, MSG_PLAN_OPT_FROM),
};

const struct verb verb_plan_not_yet = {
    .name = "not-yet",
    .summary = MSG_PLAN_NOT_YET_SUMMARY,
    .about = MSG_PLAN_NOT_YET_ABOUT,
    .operands = "OBLIGATION[/PART]",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(not_yet_specs),
    .options_size = sizeof(struct say_options),
    .run = run_not_yet,
};

static const struct option_spec exempt_specs[] = {
    SAY_COMMON,
    SAY_BECAUSE,
    OPTION_TEXT("until", 0, struct say_options, by, "DATE", COMPLETE_NONE, MSG_PLAN_OPT_UNTIL),
    OPTION_TEXT("from", 0, struct say_options, from, "DATE", COMPLETE_NONE, MSG_PLAN_OPT_FROM),
};

const struct verb verb_plan_exempt = {
    .name = "exempt",
    .summary = MSG_PLAN_EXEMPT_SUMMARY,
    .operands = "OBLIGATION",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(exempt_specs),
    .options_size = sizeof(struct say_options),
    .run = run_exempt,
};

static const struct option_spec event_specs[] = {
    SAY_COMMON,
    SAY_AT,
    OPTION_TEXT("title", 't', struct say_options, title, "TEXT", COMPLETE_NONE, MSG_PLAN_OPT_TITLE),
    OPTION_FLAG("everywhere", 0, struct say_options, everywhere, MSG_PLAN_OPT_EVERYWHERE),
};

const struct verb verb_plan_event = {
    .name = "event",
    .summary = MSG_PLAN_EVENT_SUMMARY,
    .about = MSG_PLAN_EVENT_ABOUT,
    .operands = "EVENT",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(event_specs),
    .options_size = sizeof(struct say_options),
    .run = run_event,
};
