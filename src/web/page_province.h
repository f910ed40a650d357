/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_PROVINCE_H
#define CANH_WEB_PAGE_PROVINCE_H
/* Between page_province.c and page_report.c. */
#include "overview/overview.h"
#include "web/web_internal.h"

/* The picture of the visitor's scope into the page; *ret: NULL when no plan runs; *ret_at: when it
 * was made. */
CANH_MUST_USE int picture_write(struct visit *v, const struct overview **ret, int64_t *ret_at,
                                struct err *err);

#endif
