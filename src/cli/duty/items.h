/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_DUTY_ITEMS_H
#define CANH_CLI_DUTY_ITEMS_H
/* The open items of a unit, for a handover and its printed form. */
#include "cli/duty/duty.h"
#include "duty/handover.h"

/* What is open at the unit of r->post, with the obligations that are overdue or not met in the
 * plan that is active (nothing when none is, or several are). */
CANH_MUST_USE int duty_open_items(struct duty_run *r, struct duty_items *to, struct err *err);

/* "Yêu cầu YC-2026-0001: … (từ 23/11/2026 07:30, hạn …)" */
void duty_item_say(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s);
/* The same without the word for its kind. */
void duty_item_text(struct buf *out, enum lang lang, const struct duty_item *x, int offset_s);

#endif
