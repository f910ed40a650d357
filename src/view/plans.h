/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_PLANS_H
#define CANH_VIEW_PLANS_H
/* The plans in the state. */
#include "view/view.h"

CANH_MUST_USE int view_plans(const struct view_ctx *c, struct table *ret, struct err *err);

#endif
