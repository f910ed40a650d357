/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_KEPT_H
#define CANH_WEB_KEPT_H
/*
 * Pages over a whole province that many people look at: what one visitor's page says is kept, and
 * said to the next of the same role, unit and language, until somebody writes anything (the number
 * of the audit's last entry) or the seconds of the route are over. Who looks, and the secret of
 * their forms, stand in the frame around a page (visit_page) and are never kept.
 *
 * Only for pages that say the same to all of one role at one unit. Safe from several threads.
 */
#include "base/err.h"

struct visit;
struct kept_pages;

struct kept_pages *kept_new(void); /* NULL: no memory */
struct kept_pages *kept_free(struct kept_pages *k);

/* What v->route->run does, or what it did for another. Inside a read transaction of v->s. */
CANH_MUST_USE int kept_run(struct visit *v, struct err *err);

#endif
