/* SPDX-License-Identifier: Apache-2.0 */
/* Duty as who is called for it sees it: who stands next can be reached; what came in by SMS. */
#include "alert/heard.h"
#include "alert/ready.h"
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

const struct control_act acts_duty[] = {
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
