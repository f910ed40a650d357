/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_XLSX_H
#define CANH_OFFICE_XLSX_H
/* XLSX behind workbook_read(); see workbook.h. limits is never NULL here. */
#include "office/pack.h"
#include "office/workbook.h"

CANH_MUST_USE int xlsx_read(struct arena *arena, struct pack *p,
                            const struct workbook_limits *limits, struct workbook *ret,
                            struct err *err);

#endif
