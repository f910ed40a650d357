/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_CALL_INTERNAL_H
#define CANH_ALERT_CALL_INTERNAL_H
/* What call.c and matter.c share. */
#include "alert/call.h"

/* Another round of a call: its steps count from `since`, the first is due now. */
void call_begin_anew(struct state_call *call, int64_t since, int64_t now);

#endif
