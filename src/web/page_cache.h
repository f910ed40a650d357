/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_CACHE_H
#define CANH_WEB_PAGE_CACHE_H
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
struct page_cache;

struct page_cache *page_cache_new(void); /* NULL: no memory */
struct page_cache *page_cache_free(struct page_cache *k);

/* What v->route->run does, or what it did for another. Inside a read transaction of v->s. */
CANH_MUST_USE int page_cache_run(struct visit *v, struct err *err);

#endif
