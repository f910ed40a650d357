/* SPDX-License-Identifier: Apache-2.0 */
/* The response team: who there is, who cannot come, who is asked for help. */
#include "case/case.h"
#include "case/team.h"
#include "control/cells.h"
#include "lang/err_case.h"
#include "state/people.h"
#include "state/units.h"

/* clang-format off */
static const struct control_column member_columns[] = {
    {"person", CONTROL_IS_TEXT}, {"code", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT},
    {"skills", CONTROL_IS_TEXT}, {"standing", CONTROL_IS_TEXT}, {"until", CONTROL_IS_TIME},
    {"in_hand", CONTROL_IS_NUMBER}, {"note", CONTROL_IS_TEXT},
};
static const struct control_column asked_columns[] = {
    {"number", CONTROL_IS_TEXT}, {"due", CONTROL_IS_TIME},
};
/* clang-format on */

struct team_run {
    struct arena arena;
    struct act_ctx ctx;
};

static void team_begin(struct team_run *run, struct control_job *job)
{
    *run = (struct team_run){.arena = ARENA_INIT((size_t)64 << 20)};
    run->ctx = (struct act_ctx){.s = job->s, .arena = &run->arena, .how = SLICE("cli")};
}

static int write_members(struct control_job *job, struct team_run *run, struct slice skill,
                         struct err *err)
{
    struct team_member *rows = NULL;
    size_t n = 0;
    int r = team_list(&run->ctx, &job->actor, skill, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        act_text(job, rows[i].name);
        act_text(job, rows[i].code);
        act_text(job, rows[i].unit_code);
        act_text(job, rows[i].skills);
        act_text(job, slice_str(team_standing_word(rows[i].standing)));
        act_number(job, rows[i].until == STATE_FOREVER ? 0 : rows[i].until);
        act_number(job, rows[i].in_hand);
        act_text(job, rows[i].note);
        r = row_send(job);
    }
    return r;
}

static int run_team(struct control_job *job, struct err *err)
{
    struct team_run run;
    int r;

    team_begin(&run, job);
    r = write_members(job, &run, control_text(job->args, "skill"), err);
    arena_done(&run.arena);
    return r;
}

static int run_away(struct control_job *job, struct err *err)
{
    struct team_word word = {.away = !control_flag(job->args, "back"),
                             .note = control_text(job->args, "text")};
    struct team_run run;
    int r = control_number(job->args, "until", 0, &word.until, err);

    team_begin(&run, job);
    if (r == 0)
        r = team_declare(&run.ctx, &job->actor, &word, err);
    if (r == 0)
        r = write_members(job, &run, SLICE_NULL, err);
    arena_done(&run.arena);
    return r;
}

static int find_person(struct control_job *job, struct team_run *run, struct state_id *ret,
                       struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_unit unit;
    struct state_person p;
    int r = state_unit_find(job->s, &sys, STATE_ID_NONE, control_text(job->args, "unit"),
                            &run->arena, &unit, NULL);

    if (r == 0)
        r = state_person_find(job->s, &sys, unit.id, control_text(job->args, "person"), &run->arena,
                              &p, NULL);
    if (r < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_CASE_NO_SUCH_MEMBER);
    *ret = p.id;
    return 0;
}

static int run_ask(struct control_job *job, struct err *err)
{
    struct team_request ask = {.text = control_text(job->args, "text"), .login = job->login};
    struct state_request request;
    struct state_case incident;
    struct team_run run;
    int r;

    team_begin(&run, job);
    r = case_find(&run.ctx, &job->actor, control_text(job->args, "number"), &incident, err);
    if (r == 0)
        r = find_person(job, &run, &ask.member, err);
    if (r == 0) {
        ask.incident = incident.id;
        r = team_ask(&run.ctx, &job->actor, &ask, &request, err);
    }
    if (r == 0) {
        act_text(job, request.number);
        act_number(job, request.due);
        r = row_send(job);
    }
    arena_done(&run.arena);
    return r;
}

#define COLUMNS(c) .columns = (c), .column_count = CANH_LEN(c)

const struct control_act acts_team[] = {
    {.name = "case_team", .run = run_team, COLUMNS(member_columns)},
    {.name = "case_away", .writes = true, .run = run_away, COLUMNS(member_columns)},
    {.name = "case_ask", .writes = true, .run = run_ask, COLUMNS(asked_columns)},
    {.name = NULL},
};
