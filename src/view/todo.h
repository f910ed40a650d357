/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_TODO_H
#define CANH_VIEW_TODO_H
/* Open items, as they are handed over and as a unit has to do them. */
#include "duty/items.h"
#include "view/view.h"

/* "Yêu cầu", "Lịch trực" …: what kind of thing it is. */
const char *view_item_kind(enum lang lang, enum duty_item_kind kind);
/* What it says, without its code: its title, or what canh found, in words. */
void view_item_text(struct buf *out, enum lang lang, const struct duty_item *x);

CANH_MUST_USE int view_todo(const struct view_ctx *c, const struct duty_items *items,
                            struct table *ret, struct err *err);

#endif
