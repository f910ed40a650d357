/* SPDX-License-Identifier: Apache-2.0 */
/* The reports of a case as pages: drafted from its record, printed, signed and sent by a person. */
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "papers/case_report.h"
#include "web/page_cases.h"
#include "web/paper.h"

static const msg_id titles[CASE_REPORT_FORMS] = {
    [CASE_REPORT_INITIAL] = MSG_CONSOLE_CASE_REPORT_INITIAL,
    [CASE_REPORT_PROGRESS] = MSG_CONSOLE_CASE_REPORT_PROGRESS,
    [CASE_REPORT_CLOSING] = MSG_CONSOLE_CASE_REPORT_CLOSING,
    [CASE_REPORT_SITUATION] = MSG_CONSOLE_CASE_REPORT_SITUATION,
};

void write_case_reports(struct visit *v)
{
    for (int i = 0; i < CASE_REPORT_FORMS; i++) {
        struct page_scope *row = page_add(v->page, "reports");

        page_set_text(row, "report_key", case_report_forms[i]);
        page_set_text(row, "report_name", lang_text(v->lang, titles[i]));
    }
}

static int form_of(struct visit *v, enum case_report_form *ret, struct err *err)
{
    for (int i = 0; i < CASE_REPORT_FORMS; i++)
        if (slice_is(v->x->params[1], case_report_forms[i])) {
            *ret = (enum case_report_form)i;
            return 0;
        }
    return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
}

int page_case_report(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct case_file f = {.line_count = 0};
    struct case_report_request q = {.file = &f};
    struct paper paper;
    struct buf id = BUF_INIT(64);
    int r = form_of(v, &q.form, err);

    if (r == 0)
        r = visit_case(v, &f, err);
    if (r == 0)
        r = papers_case_report(&ctx, &v->who.actor, &q, &paper, err);
    if (r == 0)
        r = page_add_paper(v->page, &paper, err);
    if (r < 0)
        return r;
    id_write(&id, f.head.id);
    page_set_buf(v->page, "id", &id);
    page_set(v->page, "number", f.head.number);
    page_set_text(v->page, "report_name", lang_text(v->lang, titles[q.form]));
    page_set_when(v->page, "now", state_now(v->s), 0);
    return visit_page(v, "case-report", err);
}
