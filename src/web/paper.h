/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAPER_H
#define CANH_WEB_PAPER_H
/* Papers as pages: console/paper.html shows what this fills. */
#include "office/paper.h"
#include "web/template.h"

/* Paragraphs and tables as they stand ("blocks"), and the mark of a demonstration ("banner"); bars
 * and ends of pages are for paper. -CE_TOO_BIG: the paper could not be laid out whole. */
CANH_MUST_USE int page_add_paper(struct page_scope *p, const struct paper *paper, struct err *err);

#endif
