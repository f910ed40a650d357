/* SPDX-License-Identifier: Apache-2.0 */
#include "control/cells.h"

static const struct control_act *const rooms[] = {acts_alert,       acts_case,   acts_source,
                                                  acts_maintenance, acts_doctor, acts_drill,
                                                  acts_duty,        acts_node,   acts_session,
                                                  acts_team};

const struct control_act *control_act_find(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(rooms); i++)
        for (const struct control_act *act = rooms[i]; act->name; act++)
            if (slice_is(name, act->name))
                return act;
    return NULL;
}
