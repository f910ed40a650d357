/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/maintain.h"
#include "control/cells.h"
#include "state/assets.h"
#include "state/people.h"
#include "state/units.h"

/* clang-format off */
static const struct control_column columns[] = {
    {"code", CONTROL_IS_TEXT}, {"unit", CONTROL_IS_TEXT}, {"asset", CONTROL_IS_TEXT},
    {"from", CONTROL_IS_TIME}, {"to", CONTROL_IS_TIME}, {"repeat", CONTROL_IS_TEXT},
    {"until", CONTROL_IS_TIME}, {"now", CONTROL_IS_FLAG}, {"by", CONTROL_IS_TEXT},
    {"reason", CONTROL_IS_TEXT},
};
/* clang-format on */

static int write_row(void *u, const struct state_maintenance *x)
{
    struct control_job *job = u;
    struct state_unit unit = {.code = SLICE_NULL};
    struct state_asset asset = {.code = SLICE_NULL};
    struct state_person person = {.name = SLICE_NULL};

    (void)!state_unit_get(job->s, &job->actor, x->unit, job->arena, &unit, NULL);
    if (!id_is_none(x->asset))
        (void)!state_asset_get(job->s, &job->actor, x->asset, job->arena, &asset, NULL);
    if (!id_is_none(x->owner))
        (void)!state_person_get(job->s, &job->actor, x->owner, job->arena, &person, NULL);
    act_text(job, x->code);
    act_text(job, unit.code);
    act_text(job, asset.code);
    act_number(job, x->start);
    act_number(job, x->stop);
    act_text(job, x->repeat);
    act_number(job, x->until);
    act_flag(job, maintenance_covers(x, state_now(job->s)));
    act_text(job, person.name);
    act_text(job, x->reason);
    return row_send(job);
}

static int run_add(struct control_job *job, struct err *err)
{
    struct maintenance_add_request req = {.asset = control_text(job->args, "asset"),
                                          .reason = control_text(job->args, "reason"),
                                          .repeat = control_text(job->args, "repeat")};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_maintenance row;
    int r = act_unit_arg(job, &arena, &req.unit, err);

    if (r == 0)
        r = control_number(job->args, "from", state_now(job->s), &req.start, err);
    if (r == 0)
        r = control_number(job->args, "to", 0, &req.stop, err);
    if (r == 0)
        r = control_number(job->args, "until", 0, &req.until, err);
    if (r == 0)
        r = maintenance_add(job->s, &job->actor, &req, &arena, &row, err);
    if (r == 0)
        r = write_row(job, &row);
    arena_done(&arena);
    return r;
}

static int run_list(struct control_job *job, struct err *err)
{
    struct state_id unit = STATE_ID_NONE;
    int r = control_text(job->args, "unit").n ? act_unit_arg(job, job->arena, &unit, err) : 0;

    return r < 0 ? r
                 : maintenance_list(job->s, &job->actor, unit, control_flag(job->args, "all"),
                                    write_row, job, err);
}

static int run_end(struct control_job *job, struct err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_maintenance row;
    struct state_id unit;
    int r = act_unit_arg(job, &arena, &unit, err);

    if (r == 0)
        r = maintenance_end(job->s, &job->actor, unit, control_text(job->args, "code"), &arena,
                            &row, err);
    if (r == 0)
        r = write_row(job, &row);
    arena_done(&arena);
    return r;
}

#define COLUMNS .columns = columns, .column_count = CANH_LEN(columns)

const struct control_act acts_maintenance[] = {
    {.name = "maintenance_add", .writes = true, .run = run_add, COLUMNS},
    {.name = "maintenance_end", .writes = true, .run = run_end, COLUMNS},
    {.name = "maintenance_list", .run = run_list, COLUMNS},
    {.name = NULL},
};
