/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_TODO_H
#define CANH_VIEW_TODO_H
/* Open items, as they are handed over and as a unit has to do them. */
#include "duty/items.h"
#include "view/view.h"

CANH_MUST_USE int view_todo(const struct view_ctx *c, const struct duty_items *items,
                            struct table *ret, struct err *err);

#endif
