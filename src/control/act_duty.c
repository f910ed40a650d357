/* SPDX-License-Identifier: Apache-2.0 */
/* Duty as who is called for it sees it: who stands next can be reached; what came in by SMS. */
#include "alert/heard.h"
#include "alert/ready.h"
#include "alert/test_call.h"
#include "control/cells.h"
#include "data/data.h"
#include "state/people.h"
#include "state/units.h"

/* clang-format off */
static const struct control_column ready_columns[] = {
    {"unit", CONTROL_IS_TEXT}, {"post", CONTROL_IS_TEXT}, {"from", CONTROL_IS_TIME},
    {"until", CONTROL_IS_TIME}, {"person", CONTROL_IS_TEXT}, {"channels", CONTROL_IS_NUMBER},
    {"proven", CONTROL_IS_TIME}, {"ready", CONTROL_IS_FLAG},
};
static const struct control_column heard_columns[] = {
    {"at", CONTROL_IS_TIME}, {"outcome", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT},
    {"person", CONTROL_IS_TEXT}, {"count", CONTROL_IS_NUMBER},
};
static const struct control_column test_columns[] = {
    {"person", CONTROL_IS_TEXT}, {"outcome", CONTROL_IS_TEXT},
};
static const struct control_column answer_columns[] = {
    {"hint", CONTROL_IS_TEXT}, {"proven", CONTROL_IS_TIME},
};
/* clang-format on */

struct duty_run {
    struct control_job *job;
    struct arena arena;
};

static void write_unit(struct duty_run *run, struct state_id id)
{
    struct state_unit unit = {.code = SLICE_NULL};

    (void)!state_unit_get(run->job->s, &run->job->actor, id, &run->arena, &unit, NULL);
    act_text(run->job, unit.code);
}

static void write_person(struct duty_run *run, struct state_id id)
{
    struct state_person p = {.name = SLICE_NULL};

    if (!id_is_none(id))
        (void)!state_person_get(run->job->s, &run->job->actor, id, &run->arena, &p, NULL);
    act_text(run->job, p.name);
}

static int write_ready(struct duty_run *run, const struct ready_row *x)
{
    write_unit(run, x->unit);
    act_text(run->job, x->post_name);
    act_number(run->job, x->from);
    act_number(run->job, x->until);
    write_person(run, x->person);
    act_number(run->job, x->channels);
    act_number(run->job, x->proven_at);
    act_flag(run->job, x->ready);
    return row_send(run->job);
}

static int run_ready(struct control_job *job, struct err *err)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *terms = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;
    struct duty_run run = {.job = job, .arena = ARENA_INIT((size_t)256 << 20)};
    struct act_ctx ctx = {.s = job->s, .arena = &run.arena};
    struct ready_row *rows = NULL;
    size_t n = 0;
    int64_t ahead = 0;
    int r = control_number(job->args, "ahead", READY_AHEAD, &ahead, err);

    if (r == 0)
        r = ready_list(&ctx, &job->actor, terms ? data_bytes(terms) : SLICE_NULL, ahead, &rows, &n,
                       err);
    for (size_t i = 0; r == 0 && i < n; i++)
        if (!rows[i].ready || control_flag(job->args, "all"))
            r = write_ready(&run, &rows[i]);
    arena_done(&run.arena);
    return r;
}

static int write_heard(void *u, const struct state_heard *x)
{
    struct duty_run *run = u;

    act_number(run->job, x->at);
    act_text(run->job, slice_str(heard_word(x->outcome)));
    write_unit(run, x->unit);
    write_person(run, x->person);
    act_number(run->job, x->count);
    return row_send(run->job);
}

static int run_heard(struct control_job *job, struct err *err)
{
    struct duty_run run = {.job = job, .arena = ARENA_INIT((size_t)16 << 20)};
    struct state_query q = {.from = state_now(job->s) - 31 * TIME_DAY, .to = STATE_FOREVER};
    int r = state_heard_each(job->s, &job->actor, &q, write_heard, &run, err);

    arena_done(&run.arena);
    return r;
}

/* Whom a test call is for: one person of a unit, or all who stand in the coming shifts. */

struct asked_list {
    struct duty_run *run;
    struct state_id seen[READY_MAX];
    size_t count;
};

static int ask_ready(struct duty_run *run, struct state_id person, struct err *err)
{
    const struct act_ctx ctx = {.s = run->job->s, .arena = &run->arena};
    enum test_call_outcome outcome;
    int r = test_call_ask(&ctx, &run->job->actor, person, &outcome, err);

    if (r < 0)
        return r;
    write_person(run, person);
    act_text(run->job, slice_str(test_call_word(outcome)));
    return row_send(run->job);
}

static bool was_asked(struct asked_list *list, struct state_id person)
{
    for (size_t i = 0; i < list->count; i++)
        if (id_eq(list->seen[i], person))
            return true;
    list->seen[list->count++] = person;
    return false;
}

static int ask_coming(struct duty_run *run, struct state_id unit, struct err *err)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *terms = folder ? data_find(folder, SLICE("duty.yaml")) : NULL;
    struct act_ctx ctx = {.s = run->job->s, .arena = &run->arena};
    struct asked_list list = {.run = run};
    struct ready_row *rows = NULL;
    size_t n = 0;
    int r = ready_list(&ctx, &run->job->actor, terms ? data_bytes(terms) : SLICE_NULL, READY_AHEAD,
                       &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (!rows[i].gap && (id_is_none(unit) || id_eq(rows[i].unit, unit)) &&
            !was_asked(&list, rows[i].person))
            r = ask_ready(run, rows[i].person, err);
    return r;
}

static int run_test(struct control_job *job, struct err *err)
{
    struct duty_run run = {.job = job, .arena = ARENA_INIT((size_t)256 << 20)};
    struct slice code = control_text(job->args, "person");
    struct state_id unit = STATE_ID_NONE;
    struct state_person p;
    int r =
        control_text(job->args, "unit").n || code.n ? act_unit_arg(job, &run.arena, &unit, err) : 0;

    if (r == 0 && code.n > 0) {
        r = state_person_find(job->s, &job->actor, unit, code, &run.arena, &p, err);
        r = r == 0 ? ask_ready(&run, p.id, err) : r;
    } else if (r == 0) {
        r = ask_coming(&run, unit, err);
    }
    arena_done(&run.arena);
    return r;
}

static int run_answer(struct control_job *job, struct err *err)
{
    struct duty_run run = {.job = job, .arena = ARENA_INIT(1 << 20)};
    const struct act_ctx ctx = {.s = job->s, .arena = &run.arena};
    struct state_contact contact;
    int r = test_call_answer(&ctx, &job->actor, control_text(job->args, "code"), &contact, err);

    if (r == 0) {
        act_text(job, contact.hint);
        act_number(job, contact.proven_at);
        r = row_send(job);
    }
    arena_done(&run.arena);
    return r;
}

const struct control_act acts_duty[] = {
    {.name = "contact_test",
     .writes = true,
     .run = run_test,
     .columns = test_columns,
     .column_count = CANH_LEN(test_columns)},
    {.name = "contact_answer",
     .writes = true,
     .run = run_answer,
     .columns = answer_columns,
     .column_count = CANH_LEN(answer_columns)},
    {.name = "duty_ready",
     .run = run_ready,
     .columns = ready_columns,
     .column_count = CANH_LEN(ready_columns)},
    {.name = "alert_heard",
     .run = run_heard,
     .columns = heard_columns,
     .column_count = CANH_LEN(heard_columns)},
    {.name = NULL},
};
