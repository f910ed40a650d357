/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_LISTS_H
#define CANH_WEB_PAGE_LISTS_H
/* Lists that are tables: as workbooks (page_export.c) and as pages (page_rows.c). */
#include "web/web_internal.h"

/* One list: its name is the end of the path, and the file's. */
struct list_source {
    const char *name;
    uint32_t who;
    int (*read)(const struct view_ctx *c, const struct view_query *q, struct table *ret,
                struct err *err);
    msg_id title;
    const char *page; /* where it is told in other ways */
    bool finds;       /* heeds view_query.find */
    size_t most;      /* rows that are shown, where it reads one more; 0: all */
};

/* The one that the path names and the visitor may read; NULL: none. */
const struct list_source *list_source_of(const struct visit *v);
/* Its rows as this request wants them: found by ?find=, sorted by ?sort=. table_done() ends it,
 * whatever is returned. */
CANH_MUST_USE int list_source_read(struct visit *v, const struct list_source *list,
                                   struct table *ret, struct err *err);

#endif
