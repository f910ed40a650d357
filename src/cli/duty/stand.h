/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_STAND_H
#define CANH_CLI_DUTY_STAND_H
/* What acts on a shift say when they are done. */
#include "cli/duty/duty.h"

/* “Đã nhận ca: NAME, POST, ca …; lúc …” */
void stand_describe_where(struct duty_run *r, const struct shift_result *a, msg_id did);
/* That it was typed later, that the clock had been set back. */
void stand_describe_marks(struct duty_run *r, const struct shift_result *a);

#endif
