/* SPDX-License-Identifier: Apache-2.0 */
#include "control/cells.h"
#include "lang/err_control.h"
#include "register/unit.h"
#include "state/units.h"

static int own_unit(struct control_job *job, struct state_id *ret, struct err *err)
{
    int r = unit_own_find(job->s, &job->actor, ret, err);

    return r == 0 ? err_fail(err, CE_MISSING, ERR_CONTROL_WHICH_UNIT_GIVE_UNIT) : CANH_MIN(r, 0);
}

int act_unit_arg(struct control_job *job, struct arena *arena, struct state_id *ret,
                 struct err *err)
{
    struct slice code = control_text(job->args, "unit");
    struct state_unit unit;
    int r;

    if (code.n == 0)
        return own_unit(job, ret, err);
    r = state_unit_find(job->s, &job->actor, STATE_ID_NONE, code, arena, &unit, err);
    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_CONTROL_NO_UNIT, code);
    if (r == 0)
        *ret = unit.id;
    return r;
}
