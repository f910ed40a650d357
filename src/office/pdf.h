/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PDF_H
#define CANH_OFFICE_PDF_H
/*
 * A paper as PDF by pango and cairo: A4, fonts embedded as subsets with their text, so that it can
 * be searched and copied. Times' measures (Liberation Serif). The same paper gives the same bytes.
 */
#include "base/buf.h"
#include "base/err.h"
#include "office/paper.h"

/*
 * Appends the PDF; *ret_pages (may be NULL) is the number of pages. paper->err is reported here.
 * What paper->fit asks for is done first, and done to the paper.
 */
CANH_MUST_USE int pdf_render(struct paper *paper, struct buf *out, unsigned *ret_pages,
                             struct err *err);

#endif
