/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/alert.h"
#include "alert/call.h"
#include "alert/suppress.h"
#include "alert/verdict.h"
#include "case/judge.h"
#include "control/cells.h"
#include "lang/level.h"
#include "state/cases.h"
#include "state/clock.h"
#include "state/people.h"
#include "state/sources.h"
#include "state/units.h"

/* clang-format off */
#define ALERT_COLUMNS \
    {"id", CONTROL_IS_ID}, {"level", CONTROL_IS_TEXT}, {"state", CONTROL_IS_TEXT}, \
    {"last", CONTROL_IS_TIME}, {"count", CONTROL_IS_NUMBER}, {"unit", CONTROL_IS_TEXT}, \
    {"about", CONTROL_IS_TEXT}, {"title", CONTROL_IS_TEXT}, {"first", CONTROL_IS_TIME}, \
    {"host", CONTROL_IS_TEXT}, {"user", CONTROL_IS_TEXT}, {"address", CONTROL_IS_TEXT}, \
    {"rule", CONTROL_IS_TEXT}, {"source", CONTROL_IS_ID}, {"event", CONTROL_IS_TEXT}, \
    {"history", CONTROL_IS_FLAG}, {"suppressed", CONTROL_IS_FLAG}, \
    {"planned", CONTROL_IS_FLAG}, {"clock", CONTROL_IS_TEXT}
static const struct control_column alert_columns[] = {ALERT_COLUMNS};
static const struct control_column alert_show_columns[] = {
    ALERT_COLUMNS, {"advice", CONTROL_IS_TEXT}, {"source_code", CONTROL_IS_TEXT},
    {"case", CONTROL_IS_TEXT},
};
static const struct control_column ack_columns[] = {
    {"at", CONTROL_IS_TIME}, {"verdict", CONTROL_IS_TEXT}, {"login", CONTROL_IS_TEXT},
    {"person", CONTROL_IS_ID}, {"note", CONTROL_IS_TEXT},
};
static const struct control_column message_columns[] = {
    {"at", CONTROL_IS_TIME}, {"person", CONTROL_IS_TEXT}, {"channel", CONTROL_IS_TEXT},
    {"state", CONTROL_IS_TEXT}, {"tries", CONTROL_IS_NUMBER}, {"sent", CONTROL_IS_TIME},
    {"code", CONTROL_IS_TEXT}, {"reason", CONTROL_IS_TEXT},
};
static const struct control_column suppression_columns[] = {
    {"code", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT}, {"rule", CONTROL_IS_TEXT},
    {"field", CONTROL_IS_TEXT}, {"value", CONTROL_IS_TEXT}, {"start", CONTROL_IS_TIME},
    {"until", CONTROL_IS_TIME}, {"reason", CONTROL_IS_TEXT},
    {"age", CONTROL_IS_SPAN}, {"hits", CONTROL_IS_NUMBER}, {"last_hit", CONTROL_IS_TIME},
    {"owner", CONTROL_IS_TEXT},
};
static const struct control_column verdict_columns[] = {
    {"rule", CONTROL_IS_TEXT}, {"title", CONTROL_IS_TEXT}, {"alerts", CONTROL_IS_NUMBER},
    {"real", CONTROL_IS_NUMBER}, {"false", CONTROL_IS_NUMBER}, {"known", CONTROL_IS_NUMBER},
    {"open", CONTROL_IS_NUMBER},
};
/* clang-format on */

static void act_unit(struct control_job *job, struct state_id id)
{
    struct state_unit unit;

    if (state_unit_get(job->s, &job->actor, id, job->arena, &unit, NULL) == 0)
        act_text(job, unit.code);
    else
        act_id(job, id);
}

/* In the asker's language. */
static void act_title(struct control_job *job, struct slice title, struct slice vi)
{
    act_text(job, control_lang(job->args) == LANG_VI && vi.n ? vi : title);
}

static void write_alert_cells(struct control_job *job, const struct state_alert *x)
{
    struct state_id id = STATE_ID_NONE;

    if (id_parse(x->code, &id) < 0)
        id = x->id;
    act_id(job, id);
    act_text(job, slice_str(level_name(x->level)));
    act_text(job, slice_str(alert_state_word(x->state)));
    act_number(job, x->last_seen);
    act_number(job, x->count);
    act_unit(job, x->unit);
    act_text(job, alert_about(job->s, &job->actor, x, job->arena));
    act_title(job, x->title, x->title_vi);
    act_number(job, x->first_seen);
    act_text(job, x->host);
    act_text(job, x->user);
    act_text(job, x->address);
    act_text(job, x->rule);
    act_id(job, x->source);
    act_text(job, x->event);
    act_flag(job, x->history);
    act_flag(job, !id_is_none(x->suppression));
    act_flag(job, !id_is_none(x->maintenance));
    act_text(job, slice_str(state_clock_word(job->s, x->last_seen, x->doubtful)));
}

static int write_alert(void *u, const struct state_alert *x)
{
    write_alert_cells(u, x);
    return row_send(u);
}

/* With what to do about it, and the names of where it comes from and of its case. */
static int write_whole_alert(struct control_job *job, const struct state_alert *x, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    struct state_source source = {.version = 0};
    struct state_case found = {.version = 0};
    int r = state_case_of_alert(job->s, x->id, &id, err);

    if (r < 0)
        return r;
    (void)!state_source_get(job->s, &job->actor, x->source, job->arena, &source, NULL);
    if (!id_is_none(id))
        (void)!state_case_get(job->s, &job->actor, id, job->arena, &found, NULL);
    write_alert_cells(job, x);
    act_text(job, x->advice);
    act_text(job, source.code);
    act_text(job, found.number);
    return row_send(job);
}

/* Lists without a unit are of all units in scope. */
static int unit_of_list(struct control_job *job, struct state_id *ret, struct err *err)
{
    *ret = STATE_ID_NONE;
    return control_text(job->args, "unit").n ? act_unit_arg(job, job->arena, ret, err) : 0;
}

static int run_list(struct control_job *job, struct err *err)
{
    struct alert_list_request req = {.below = true,
                                     .closed = control_flag(job->args, "closed"),
                                     .history = control_flag(job->args, "history"),
                                     .suppressed = control_flag(job->args, "suppressed"),
                                     .level = level_of(control_text(job->args, "level"))};
    int64_t limit = 0;
    int r = unit_of_list(job, &req.unit, err);

    if (r == 0)
        r = control_number(job->args, "limit", 1000, &limit, err);
    if (r < 0)
        return r;
    req.limit = (size_t)CANH_MAX(limit, 1);
    return alert_list(job->s, &job->actor, &req, write_alert, job, err);
}

static int run_show(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert row;
    int r = alert_get(job->s, &job->actor, control_text(job->args, "id"), &arena, &row, err);

    if (r == 0)
        r = write_whole_alert(job, &row, err);
    arena_done(&arena);
    return r;
}

static int write_ack(void *u, const struct state_alert_ack *x)
{
    struct control_job *job = u;

    act_number(job, x->at);
    act_text(job, slice_str(alert_verdict_word(x->verdict)));
    act_text(job, x->login);
    act_id(job, x->person);
    act_text(job, x->note);
    return row_send(job);
}

static int run_acks(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert row;
    int r = alert_get(job->s, &job->actor, control_text(job->args, "id"), &arena, &row, err);

    if (r == 0)
        r = alert_acks(job->s, &job->actor, row.id, write_ack, job, err);
    arena_done(&arena);
    return r;
}

static int write_message(void *u, const struct state_message *x)
{
    struct control_job *job = u;
    struct state_person p = {.name = SLICE_NULL};

    (void)!state_person_get(job->s, &job->actor, x->person, job->arena, &p, NULL);
    act_number(job, x->created);
    act_text(job, p.name);
    act_text(job, slice_str(channel_word(x->channel)));
    act_text(job, slice_str(message_state_word(x->state)));
    act_number(job, x->tries);
    act_number(job, x->sent_at);
    act_text(job, x->code);
    act_text(job, x->reason);
    return row_send(job);
}

static int write_verdicts(struct control_job *job, const struct verdict_row *x)
{
    act_text(job, x->rule);
    act_title(job, x->title, x->title_vi);
    act_number(job, x->alerts);
    act_number(job, x->real);
    act_number(job, x->wrong);
    act_number(job, x->known);
    act_number(job, x->open);
    return row_send(job);
}

static int run_verdicts(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct act_ctx ctx = {.s = job->s, .arena = &arena};
    struct verdict_row *rows = NULL;
    int64_t from = 0, to = 0;
    size_t n = 0;
    int r = control_number(job->args, "from", 0, &from, err);

    if (r == 0)
        r = control_number(job->args, "to", state_now(job->s), &to, err);
    if (r == 0)
        r = verdict_list(&ctx, &job->actor, from, to, &rows, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = write_verdicts(job, &rows[i]);
    arena_done(&arena);
    return r;
}

static int run_calls(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert row;
    int r = alert_get(job->s, &job->actor, control_text(job->args, "id"), &arena, &row, err);

    if (r == 0)
        r = call_messages(job->s, &job->actor, row.id, write_message, job, err);
    arena_done(&arena);
    return r;
}

static int run_ack(struct control_job *job, struct err *err)
{
    struct slice verdict = control_text(job->args, "verdict");
    struct case_judgement j = {.ack = {.id = control_text(job->args, "id"),
                                       .verdict = verdict.n ? alert_verdict_of(verdict)
                                                            : STATE_ALERT_ONLY_SEEN,
                                       .note = control_text(job->args, "note"),
                                       .login = job->login},
                               .into = control_text(job->args, "case")};
    struct arena arena = ARENA_INIT(1 << 20);
    const struct act_ctx ctx = {.s = job->s, .arena = &arena};
    struct state_alert row;
    struct state_id into;
    int r = case_judge(&ctx, &job->actor, &j, &row, &into, err);

    if (r == 0)
        r = write_alert(job, &row);
    arena_done(&arena);
    return r;
}

static int write_suppression(void *u, const struct state_suppression *x)
{
    struct control_job *job = u;
    struct state_suppression_hits hits;
    struct state_person owner = {.name = SLICE_NULL};
    int r = state_suppression_hits(job->s, &job->actor, x->id, &hits, NULL);

    if (r < 0)
        return r;

    act_text(job, x->code);
    act_unit(job, x->unit);
    act_text(job, x->rule);
    act_text(job, x->field);
    act_text(job, x->value);
    act_number(job, x->start);
    act_number(job, x->stop);
    act_text(job, x->reason);
    act_number(job, state_now(job->s) - x->start);
    act_number(job, hits.count);
    if (hits.last)
        act_number(job, hits.last);
    else
        act_text(job, SLICE(""));
    if (!id_is_none(x->owner))
        (void)!state_person_get(job->s, &job->actor, x->owner, job->arena, &owner, NULL);
    act_text(job, owner.name);
    return row_send(job);
}

static int run_suppression_add(struct control_job *job, struct err *err)
{
    struct suppression_add_request req = {.rule = control_text(job->args, "rule"),
                                          .field = control_text(job->args, "field"),
                                          .value = control_text(job->args, "value"),
                                          .reason = control_text(job->args, "reason")};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_suppression row;
    int r = act_unit_arg(job, &arena, &req.unit, err);

    if (r == 0)
        r = control_number(job->args, "until", 0, &req.stop, err);
    if (r == 0)
        r = suppression_add(job->s, &job->actor, &req, &arena, &row, err);
    if (r == 0)
        r = write_suppression(job, &row);
    arena_done(&arena);
    return r;
}

static int run_suppression_list(struct control_job *job, struct err *err)
{
    struct state_id unit;
    int r = unit_of_list(job, &unit, err);

    return r < 0 ? r
                 : suppression_list(job->s, &job->actor, unit, control_flag(job->args, "all"),
                                    write_suppression, job, err);
}

#define COLUMNS(c) .columns = (c), .column_count = CANH_LEN(c)

const struct control_act acts_alert[] = {
    {.name = "alert_list", .run = run_list, COLUMNS(alert_columns)},
    {.name = "alert_show", .run = run_show, COLUMNS(alert_show_columns)},
    {.name = "alert_acks", .run = run_acks, COLUMNS(ack_columns)},
    {.name = "alert_calls", .run = run_calls, COLUMNS(message_columns)},
    {.name = "alert_ack", .writes = true, .run = run_ack, COLUMNS(alert_columns)},
    {.name = "suppression_add",
     .writes = true,
     .sources = true,
     .run = run_suppression_add,
     COLUMNS(suppression_columns)},
    {.name = "suppression_list", .run = run_suppression_list, COLUMNS(suppression_columns)},
    {.name = "alert_verdicts",
     .run = run_verdicts,
     .columns = verdict_columns,
     .column_count = CANH_LEN(verdict_columns)},
    {.name = NULL},
};
