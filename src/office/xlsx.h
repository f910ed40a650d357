/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_XLSX_H
#define CANH_OFFICE_XLSX_H
/* XLSX behind workbook_read(); see table.h. limits is never NULL here. */
#include "office/workbook.h"

int xlsx_read(struct arena *arena, struct slice bytes, const struct workbook_limits *limits,
              struct workbook *ret, struct err *err);

#endif
