/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_TABLE_H
#define CANH_DECODE_JSON_TABLE_H
/*
 * Tables in an answer: names of columns once, then rows of values. A row becomes the document that
 * it stands for, so that everything behind reads it like any other record.
 */
#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

enum { JSON_COLUMNS_MAX = 4096 };

/*
 * The names in a list of columns, as JSON strings with ',' between them: of texts themselves, of
 * objects what `name` or `ColumnName` says. *out is cleared before; it is empty where a column has
 * none, there are too many or there is no room.
 */
void json_columns(struct slice list, struct buf *out);

/*
 * {"name": value, …} of a row's text; out is cleared before and is readable for JSON_PADDING bytes
 * more. False where the row has not as many values as there are names, or is too long. Values are
 * not checked.
 */
bool json_row(struct slice columns, struct slice row, struct buf *out);

#endif
