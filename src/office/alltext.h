/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ALLTEXT_H
#define CANH_OFFICE_ALLTEXT_H
/*
 * Every text that an office package (OOXML, OpenDocument) holds in any of its XML parts: body,
 * headers and footers, text boxes, notes, comments, shapes, cells, slides. For looking whether a
 * marking stands anywhere, not for reading: order and numbers are lost. Bytes in, lines out;
 * bounded as pack.h is.
 */
#include "base/attr.h"
#include "base/err.h"
#include "office/pack.h"

/*
 * Calls fn for every paragraph, cell or other piece of text; what it returns other than 0 stops and
 * is returned. Lines may hold line breaks. -CE_* of a package or part that cannot be read.
 */
CANH_MUST_USE int alltext_each(struct slice bytes, int (*fn)(void *user, struct slice line),
                               void *user, struct err *err);

#endif
