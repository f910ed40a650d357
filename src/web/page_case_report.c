/* SPDX-License-Identifier: Apache-2.0 */
/* The reports of a case as pages: drafted from its record, printed, signed and sent by a person. */
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "office/paper_wire.h"
#include "papers/case_report.h"
#include "state/audit.h"
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

static int draft_report(struct visit *v, struct case_file *f, enum case_report_form *ret_form,
                        struct paper *ret, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct case_report_request q = {.file = f, .to = visit_query(v, "to")};
    int r = form_of(v, ret_form, err);

    q.form = *ret_form;
    if (r == 0)
        r = visit_case(v, f, err);
    return r < 0 ? r : papers_case_report(&ctx, &v->who.actor, &q, ret, err);
}

/* The same as a file: drawn by canh-convert, as everything that libraries for documents do. */

static const struct {
    const char *ending;
    enum desk_file_kind kind;
    const char *type;
} faces[] = {
    {"odt", DESK_ODT, "application/vnd.oasis.opendocument.text"},
    {"pdf", DESK_PDF, "application/pdf"},
};

static size_t face_of(const struct visit *v)
{
    size_t i = 0;

    while (i < CANH_LEN(faces) && !slice_is(v->x->params[2], faces[i].ending))
        i++;
    return i;
}

/* SC-2026-0001-su-co-ban-dau.odt */
static int report_send(struct visit *v, const struct desk_file *file, struct err *err)
{
    const size_t face = face_of(v);
    enum case_report_form form = CASE_REPORT_INITIAL;
    struct case_file f = {.line_count = 0};
    struct buf name = BUF_INIT(300);
    int r = form_of(v, &form, err);

    if (r == 0)
        r = visit_case(v, &f, err);
    if (r < 0)
        return r;
    buf_append_slice(&v->x->reply.body, file->bytes);
    if (v->x->reply.body.err)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    v->x->reply.type = faces[face].type;
    buf_printf(&name, "attachment; filename=\"" SLICE_FMT "-%s.%s\"", SLICE_ARG(f.head.number),
               case_report_name(form), faces[face].ending);
    http_reply_header(v->x, "Content-Disposition", buf_slice(&name));
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    buf_done(&name);
    return 0;
}

int get_case_report(struct visit *v, struct err *err)
{
    const size_t face = face_of(v);
    struct buf bytes = BUF_INIT(PAPER_WIRE_MAX);
    struct case_file f = {.line_count = 0};
    enum case_report_form form;
    struct paper paper;
    int r = face < CANH_LEN(faces) ? draft_report(v, &f, &form, &paper, err)
                                   : err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);

    if (r == 0 && paper.err == 0) {
        paper_encode(&bytes, &paper);
        r = bytes.err ? -CE_TOO_BIG : 0;
    }
    if (r == -CE_TOO_BIG || (r == 0 && paper.err < 0))
        r = err_fail(err, CE_TOO_BIG, ERR_WEB_RESULT_TOO_LARGE);
    if (r == 0)
        r = state_audit_add(v->s, &v->who.actor, "export", "case", f.head.id, SLICE_NULL, err);
    if (r == 0)
        r = visit_read_bytes(v, faces[face].kind, buf_slice(&bytes), report_send, err);
    buf_done(&bytes);
    return r;
}

int page_case_report(struct visit *v, struct err *err)
{
    struct case_file f = {.line_count = 0};
    enum case_report_form form;
    struct paper paper;
    struct buf id = BUF_INIT(64);
    int r = draft_report(v, &f, &form, &paper, err);

    if (r == 0)
        r = page_add_paper(v->page, &paper, err);
    if (r < 0)
        return r;
    id_write(&id, f.head.id);
    page_set_buf(v->page, "id", &id);
    page_set(v->page, "number", f.head.number);
    page_set(v->page, "to", visit_query(v, "to"));
    page_set_text(v->page, "report_key", case_report_forms[form]);
    page_set_text(v->page, "report_name", lang_text(v->lang, titles[form]));
    page_set_when(v->page, "now", state_now(v->s), 0);
    return visit_page(v, "case-report", err);
}
