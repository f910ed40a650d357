/* SPDX-License-Identifier: Apache-2.0 */
/* A paper as a page: what is printed and signed, read in the browser. */
#include "web/paper.h"

#include "lang/err_office.h"

static void write_paper_para(struct page_scope *row, const struct paper_para *x)
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

static void write_paper_cell(struct page_scope *row, const struct paper_cell *x)
{
    struct page_scope *cell = page_add(row, "cells");

    page_set_i64(cell, "cols", x->cols);
    page_set_i64(cell, "rows_of", x->rows);
    for (const struct paper_block *b = x->flow.first; b; b = b->next)
        if (b->kind == BLOCK_PARA)
            write_paper_para(page_add(cell, "lines"), &b->para);
}

static void write_paper_table(struct page_scope *block, const struct paper_table *t)
{
    page_set_flag(block, "is_table", true);
    page_set_flag(block, "has_borders", t->borders);
    for (const struct paper_row *r = t->first; r; r = r->next) {
        struct page_scope *row = page_add(block, "rows");

        for (const struct paper_cell *c = r->first; c; c = c->next)
            write_paper_cell(row, c);
    }
}

int page_add_paper(struct page_scope *p, const struct paper *paper, struct err *err)
{
    if (paper->err != 0)
        return err_fail(err, CE_TOO_BIG, ERR_OFFICE_DOC_MEMORY);
    page_set(p, "banner", paper->banner);
    for (const struct paper_block *b = paper->body.first; b; b = b->next) {
        struct page_scope *block;

        if (b->kind != BLOCK_PARA && b->kind != BLOCK_TABLE)
            continue;
        block = page_add(p, "blocks");
        if (b->kind == BLOCK_TABLE)
            write_paper_table(block, b->table);
        else
            write_paper_para(block, &b->para);
        page_set_flag(block, "is_para", b->kind == BLOCK_PARA);
    }
    return 0;
}
