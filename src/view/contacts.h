/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_CONTACTS_H
#define CANH_VIEW_CONTACTS_H
/* How to reach people and roles: never the value, only its hint, and when it was proven to work. */
#include "view/view.h"

struct view_contacts_query {
    struct state_id unit;   /* with all below it; none: all */
    struct state_id person; /* only hers; none: all */
    struct slice role;      /* only this role's; empty: all */
};

CANH_MUST_USE int view_contacts(const struct view_ctx *c, const struct view_contacts_query *q,
                                struct table *ret, struct err *err);
/* Those of a unit with all below it, as other lists are asked for. */
CANH_MUST_USE int view_contacts_below(const struct view_ctx *c, const struct view_query *q,
                                      struct table *ret, struct err *err);

#endif
