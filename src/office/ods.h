/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ODS_H
#define CANH_OFFICE_ODS_H
/*
 * OpenDocument spreadsheets behind workbook_read() (ISO 26300-1, chapter 9). Values are those that
 * the file stores (office:value and its like), not how they are shown; only a whole number shown
 * with zeros before it is a code. limits is never NULL here.
 */
#include "office/pack.h"
#include "office/workbook.h"

/* Whether a package is one of OpenDocument. */
bool ods_is(const struct pack *p);
CANH_MUST_USE int ods_read(struct arena *arena, struct pack *p,
                           const struct workbook_limits *limits, struct workbook *ret,
                           struct err *err);

#endif
