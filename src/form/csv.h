/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_FORM_CSV_H
#define CANH_FORM_CSV_H
/* CSV behind table_read(); see table.h. limits is never NULL here. */
#include "form/table.h"

int csv_read(struct arena *arena, struct slice bytes, const struct table_limits *limits,
             struct table *ret, struct err *err);

#endif
