/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_PROVINCE_H
#define CANH_WEB_PAGE_PROVINCE_H
/* Between page_province.c and page_report.c. */
#include "overview/overview.h"
#include "web/web_internal.h"

/* What else a page says of a picture. */
typedef void picture_words(struct visit *v, const struct overview *o);

/* The picture of the visitor's scope into the page, and words (may be NULL) with it when a plan
 * runs; *ret_at: when it was made. */
CANH_MUST_USE int picture_write(struct visit *v, picture_words *words, int64_t *ret_at,
                                struct err *err);

#endif
