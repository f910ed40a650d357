/* SPDX-License-Identifier: Apache-2.0 */
/* The reports of a case as pages: drafted from its record, printed, signed and sent by a person. */
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "papers/case_report.h"
#include "web/page_cases.h"

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

static void write_para(struct page_scope *row, const struct paper_para *x)
{
    static const char *const aligns[] = {"left", "center", "right", "justify"};
    struct buf text = BUF_INIT(1 << 20), look = BUF_INIT(100);

    for (const struct paper_run *run = x->first; run; run = run->next)
        buf_append_slice(&text, run->text);
    buf_printf(&look, "p-%s%s%s", aligns[x->style.align & 3], x->style.bold ? " p-bold" : "",
               x->style.italic ? " p-italic" : "");
    page_set_buf(row, "text", &text);
    page_set_buf(row, "look", &look);
}

static void write_cell(struct page_scope *row, const struct paper_cell *x)
{
    struct page_scope *cell = page_add(row, "cells");

    page_set_i64(cell, "cols", x->cols);
    page_set_i64(cell, "rows_of", x->rows);
    for (const struct paper_block *b = x->flow.first; b; b = b->next)
        if (b->kind == BLOCK_PARA)
            write_para(page_add(cell, "lines"), &b->para);
}

static void write_table(struct page_scope *block, const struct paper_table *t)
{
    page_set_flag(block, "is_table", true);
    page_set_flag(block, "has_borders", t->borders);
    for (const struct paper_row *r = t->first; r; r = r->next) {
        struct page_scope *row = page_add(block, "rows");

        for (const struct paper_cell *c = r->first; c; c = c->next)
            write_cell(row, c);
    }
}

/* Paragraphs and tables as they stand; bars and ends of pages are for paper. */
static void write_paper(struct page_scope *p, const struct paper *paper)
{
    for (const struct paper_block *b = paper->body.first; b; b = b->next) {
        struct page_scope *block;

        if (b->kind != BLOCK_PARA && b->kind != BLOCK_TABLE)
            continue;
        block = page_add(p, "blocks");
        if (b->kind == BLOCK_TABLE)
            write_table(block, b->table);
        else
            write_para(block, &b->para);
        page_set_flag(block, "is_para", b->kind == BLOCK_PARA);
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
    if (r < 0)
        return r;
    if (paper.err != 0)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ);
    id_write(&id, f.head.id);
    page_set_buf(v->page, "id", &id);
    page_set(v->page, "number", f.head.number);
    page_set(v->page, "banner", paper.banner);
    page_set_text(v->page, "report_name", lang_text(v->lang, titles[q.form]));
    write_paper(v->page, &paper);
    page_set_when(v->page, "now", state_now(v->s), 0);
    return visit_page(v, "case-report", err);
}
