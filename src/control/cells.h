/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_CELLS_H
#define CANH_CONTROL_CELLS_H
/*
 * A row of an act, cell by cell; texts of numbers go into the job's arena, which row_send() clears.
 */
#include "control/act.h"

void act_text(struct control_job *job, struct slice s);
void act_number(struct control_job *job, int64_t v);
void act_flag(struct control_job *job, bool v);
void act_id(struct control_job *job, struct state_id id);
/* Hands the row over; what the receiver returns. */
int row_send(struct control_job *job);

/*
 * The unit that the argument `unit` names by its code. Not given: the node's own (canh init), else
 * the only one there is; -CE_MISSING when that is not clear.
 */
CANH_MUST_USE int act_unit_arg(struct control_job *job, struct arena *arena, struct state_id *ret,
                               struct err *err);

/* The acts of one room each; rows of the table. */
extern const struct control_act acts_alert[], acts_case[], acts_source[], acts_maintenance[],
    acts_doctor[], acts_drill[], acts_duty[], acts_node[], acts_session[], acts_team[];

#endif
