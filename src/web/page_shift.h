/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_SHIFT_H
#define CANH_WEB_PAGE_SHIFT_H
/* Between page_shift.c and page_handover.c. */
#include "duty/items.h"
#include "duty/picture.h"
#include "web/web_internal.h"

/* canh's own terms of duty, for units that have none. */
struct slice shipped_terms(void);

/* What canh found open, as rows "items" of p. */
void write_items(struct visit *v, struct page_scope *p, const struct duty_items *items);
/* What waits to be taken over ("takeover"), and what this shift would hand over ("giving"). */
CANH_MUST_USE int append_handover(struct visit *v, const struct own_shift *m, struct err *err);
/* give, receive, object. */
CANH_MUST_USE int act_handover(struct visit *v, const struct own_shift *m, struct slice what,
                               struct err *err);

#endif
