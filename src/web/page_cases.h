/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_PAGE_CASES_H
#define CANH_WEB_PAGE_CASES_H
/* What the pages of a case share. */
#include "case/case.h"
#include "web/web_internal.h"

/* The case that the path names; that it was read is written down. -CE_NOT_FOUND: none that the
 * visitor may see. */
int visit_case(struct visit *v, struct case_file *f, struct err *err);
/* What its texts said before. */
int write_case_texts(struct visit *v, const struct state_case *x, struct err *err);
/* A text is replaced, never emptied: -CE_MISSING where a field of one that says something came
 * empty. */
int check_case_texts(const struct visit *v, const struct state_case *x, struct err *err);
/* Which one the error of check_case_texts() is about. */
const char *case_text_emptied(const struct visit *v, const struct err *err);
/* The list of reports that can be drafted. */
void write_case_reports(struct visit *v);

#endif
