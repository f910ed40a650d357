/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_CSV_READ_H
#define CANH_OFFICE_CSV_READ_H
/* CSV behind workbook_read(); see table.h. limits is never NULL here. */
#include "office/workbook.h"

int csv_read(struct arena *arena, struct slice bytes, const struct workbook_limits *limits,
             struct workbook *ret, struct err *err);

#endif
