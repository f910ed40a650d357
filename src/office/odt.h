/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ODT_H
#define CANH_OFFICE_ODT_H
/*
 * A paper as OpenDocument text (ISO 26300, version 1.2), to be edited, numbered and signed in the
 * office's own programs: paragraphs and tables with styles of their own, no macros, no pictures.
 * Bars become their text. The same paper gives the same bytes.
 */
#include "base/buf.h"
#include "base/err.h"
#include "office/paper.h"

/* Appends the package. paper->err is reported here. paper->fit is done as for PDF (pdf.h). */
CANH_MUST_USE int odt_render(struct paper *paper, struct buf *out, struct err *err);

#endif
