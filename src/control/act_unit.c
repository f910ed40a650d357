/* SPDX-License-Identifier: Apache-2.0 */
#include "control/cells.h"
#include "lang/err_control.h"
#include "state/settings.h"
#include "state/units.h"

struct own_unit {
    struct state_id id;
    unsigned count;
};

static int own_setting(void *u, const struct state_setting *x)
{
    struct own_unit *own = u;

    if (setting_is_own(x)) {
        own->id = x->unit;
        own->count++;
    }
    return 0;
}

static int any_unit(void *u, const struct state_unit *x)
{
    struct own_unit *only = u;

    only->id = x->id;
    return ++only->count > 1;
}

static int own_unit(struct control_job *job, struct state_id *ret, struct err *err)
{
    struct state_query q = {.limit = 0};
    struct own_unit own = {.count = 0};
    int r = state_setting_each(job->s, &job->actor, &q, own_setting, &own, err);

    if (r >= 0 && own.count == 0)
        r = state_unit_each(job->s, &job->actor, &q, any_unit, &own, err);
    if (r < 0)
        return r;
    if (own.count != 1)
        return err_fail(err, CE_MISSING, ERR_CONTROL_WHICH_UNIT_GIVE_UNIT);
    *ret = own.id;
    return 0;
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
