/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_ARRANGEMENTS_H
#define CANH_VIEW_ARRANGEMENTS_H
/*
 * What is arranged about duty: posts, the layers of their rosters, leave, swaps, replacements,
 * coverage. All heed unit, below, from and to, `among`, and, but for leave, code: that of the post.
 */
#include "view/view.h"

CANH_MUST_USE int view_posts(const struct view_ctx *c, const struct view_query *q,
                             struct table *ret, struct err *err);
/* By post, then by time; heeds kind: the layer's code. */
CANH_MUST_USE int view_layers(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);
CANH_MUST_USE int view_leaves(const struct view_ctx *c, const struct view_query *q,
                              struct table *ret, struct err *err);
CANH_MUST_USE int view_swaps(const struct view_ctx *c, const struct view_query *q,
                             struct table *ret, struct err *err);
CANH_MUST_USE int view_replacements(const struct view_ctx *c, const struct view_query *q,
                                    struct table *ret, struct err *err);
/* Of the unit on either side, whatever the time. */
CANH_MUST_USE int view_coverage(const struct view_ctx *c, const struct view_query *q,
                                struct table *ret, struct err *err);

#endif
