/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_UNITS_H
#define CANH_VIEW_UNITS_H
/* Units, their people and what they look after, as they stand at ctx->at. */
#include "view/view.h"

/* All heed unit (with all below it) and find. People come by unit in the order of the tree, then by
 * name in Vietnamese order; assets by unit, then by code. */
CANH_MUST_USE int view_units(const struct view_ctx *c, const struct view_query *q,
                             struct table *ret, struct err *err);
CANH_MUST_USE int view_people(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);
/* "quản trị hệ thống"; "" of no role. */
const char *view_role_text(enum lang lang, int32_t role);
CANH_MUST_USE int view_assets(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);

#endif
