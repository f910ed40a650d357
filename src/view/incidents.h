/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_INCIDENTS_H
#define CANH_VIEW_INCIDENTS_H
/* Alerts, the latest first, and cases, the newest first. */
#include "view/view.h"

/* One row more tells that there are more. */
enum { VIEW_INCIDENTS_MAX = 20000 };

/* Of a unit; closed ones too. */
CANH_MUST_USE int view_alerts(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);
/* All that the actor may see. */
CANH_MUST_USE int view_cases(const struct view_ctx *c, const struct view_query *q,
                             struct table *ret, struct err *err);

#endif
