/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PAPERS_CASE_REPORT_H
#define CANH_PAPERS_CASE_REPORT_H
/* A case as its initial, progress and closing report and the report of the situation: drafted, to
 * be signed and sent by a person. */
#include "case/case.h"
#include "papers/letter.h"

enum case_report_form {
    CASE_REPORT_INITIAL,
    CASE_REPORT_PROGRESS,
    CASE_REPORT_CLOSING,
    CASE_REPORT_SITUATION,
    CASE_REPORT_FORMS,
};
/* Their words, and NULL. */
extern const char *const case_report_forms[CASE_REPORT_FORMS + 1];
/* What such a file is called, without the case's number: su-co-ban-dau. */
const char *case_report_name(enum case_report_form form);

struct case_report_request {
    const struct case_file *file;
    enum case_report_form form;
    struct slice to;              /* whom it is for; empty: dots to be filled in */
    struct letter_request letter; /* the kind is set here */
};

/* Lays it out into ret, in ctx->arena; above its pages stands whether it is a drill, or of invented
 * data. -CE_UNKNOWN: no such layout. */
CANH_MUST_USE int papers_case_report(const struct act_ctx *ctx, const struct state_actor *actor,
                                     const struct case_report_request *request, struct paper *ret,
                                     struct err *err);

#endif
