/* SPDX-License-Identifier: Apache-2.0 */
#include "state/step.h"

#include "lang/err_state.h"

int step_check(const struct step *steps, size_t count, int32_t from, int32_t to, unsigned who,
               struct err *err)
{
    bool known = false, from_here = false, theirs = false;

    for (size_t i = 0; i < count; i++) {
        bool here = from >= 0 && from <= 15 && (steps[i].from >> from & 1);
        bool may = steps[i].who & (who | STEP_ANY);

        if (steps[i].to != to)
            continue;
        if (here && may)
            return 0;
        known = true;
        from_here = from_here || here;
        theirs = theirs || may;
    }
    if (!known)
        return err_fail(err, CE_RANGE, ERR_STATE_STEP_NO_SUCH_STATE);
    /* Who may take the step from another state is told of the state. */
    if (!from_here || theirs)
        return err_fail(err, CE_CONFLICT, ERR_STATE_STEP_NOT_FROM_STATE);
    return err_fail(err, CE_DENIED, ERR_STATE_STEP_FOR_OTHERS);
}
