/* SPDX-License-Identifier: Apache-2.0 */
#include "office/docmake.h"

#include <stdlib.h>

#include "base/array.h"
#include "lang/err_office.h"
#include "office/clean.h"

void docmake_init(struct docmake *m, struct arena *arena, const struct doctext_limits *limits,
                  struct err *err)
{
    *m = (struct docmake){.arena = arena,
                          .limits = limits,
                          .err = err,
                          .cell = BUF_INIT(limits->max_para_bytes),
                          .scratch = BUF_INIT((size_t)limits->max_para_bytes * 2)};
}

void docmake_done(struct docmake *m)
{
    free(m->paras);
    m->paras = NULL;
    buf_done(&m->cell);
    buf_done(&m->scratch);
}

static int no_memory(struct docmake *m)
{
    return err_fail_at(m->err, CE_TOO_BIG, m->number, 0, ERR_OFFICE_DOC_MEMORY);
}

static int too_long(struct docmake *m)
{
    return err_fail_at(m->err, CE_TOO_BIG, m->number, 0, ERR_OFFICE_DOC_PARA_BIG, m->number,
                       m->limits->max_para_bytes);
}

static int docmake_push(struct docmake *m, struct doc_para para)
{
    if (m->count >= m->limits->max_paras)
        return err_fail_at(m->err, CE_TOO_BIG, para.number, 0, ERR_OFFICE_DOC_PARAS,
                           m->limits->max_paras);
    if (!array_room(m->paras, m->count, m->cap, SIZE_MAX))
        return err_nomem(m->err);
    para.text = arena_dup(m->arena, para.text);
    para.label = arena_dup(m->arena, para.label);
    if (para.text.p == NULL || para.label.p == NULL)
        return no_memory(m);
    m->paras[m->count++] = para;
    return 0;
}

static int add_to_cell(struct docmake *m, struct slice label, struct slice text)
{
    if (m->cell.len > 0)
        buf_putc(&m->cell, '\n');
    buf_append_slice(&m->cell, label);
    if (label.n > 0)
        buf_putc(&m->cell, ' ');
    buf_append_slice(&m->cell, text);
    return m->cell.err == 0 ? 0 : too_long(m);
}

int docmake_para(struct docmake *m, enum doc_kind kind, unsigned level, struct slice label,
                 struct slice text, uint32_t number)
{
    struct slice s = clean_text(text, &m->scratch);

    m->number = number ? number : m->number + 1;
    if (m->scratch.err != 0 || s.n > m->limits->max_para_bytes)
        return too_long(m);
    if (s.n == 0)
        return 0;
    if (m->table_depth > 0)
        return add_to_cell(m, label, s);
    return docmake_push(m, (struct doc_para){.text = s,
                                             .label = label,
                                             .kind = kind,
                                             .level = level,
                                             .number = m->number});
}

void docmake_table(struct docmake *m)
{
    if (m->table_depth++ == 0) {
        m->table++;
        m->row = m->col = 0;
        memset(m->above, 0, sizeof(m->above));
    }
}

void docmake_row(struct docmake *m)
{
    if (m->table_depth == 1) {
        m->row++;
        m->col = m->passed = 0;
    }
}

void docmake_span(struct docmake *m, int columns, bool cell)
{
    enum { COLUMNS_MAX = 1000 };

    if (m->table_depth == 1 && columns > cell && columns <= COLUMNS_MAX && m->passed <= COLUMNS_MAX)
        m->passed += (uint32_t)columns - cell;
}

void docmake_cell(struct docmake *m)
{
    if (m->table_depth == 1) {
        m->col += 1 + m->passed;
        m->passed = 0;
        m->rows = 1;
        buf_clear(&m->cell);
    }
}

void docmake_rows(struct docmake *m, int rows)
{
    if (m->table_depth == 1 && rows > 0)
        m->rows = (uint32_t)rows;
}

void docmake_continue(struct docmake *m)
{
    if (m->table_depth == 1)
        m->rows = 0;
}

/* A cell without text of its own that the one above reaches into. */
static void reach_down(struct docmake *m)
{
    struct doc_para *above =
        m->col < DOCMAKE_MERGED && m->above[m->col] > 0 ? &m->paras[m->above[m->col] - 1] : NULL;

    if (m->rows == 0 && above != NULL && above->row + above->rows == m->row)
        above->rows++;
    else if (m->col < DOCMAKE_MERGED)
        m->above[m->col] = 0;
}

int docmake_cell_end(struct docmake *m)
{
    int r;

    if (m->table_depth != 1)
        return 0;
    if (m->cell.len == 0) {
        reach_down(m);
        return 0;
    }
    r = docmake_push(m, (struct doc_para){.text = buf_slice(&m->cell),
                                          .label = SLICE(""),
                                          .kind = DOC_CELL,
                                          .number = m->number,
                                          .table = m->table,
                                          .row = m->row,
                                          .rows = CANH_MAX(m->rows, 1u),
                                          .col = m->col});
    if (m->col < DOCMAKE_MERGED)
        m->above[m->col] = m->count;
    return r;
}

void docmake_table_end(struct docmake *m)
{
    if (m->table_depth > 0)
        m->table_depth--;
}

int docmake_end(struct docmake *m, struct doctext *ret)
{
    ret->paras = arena_alloc(m->arena, CANH_MAX(m->count, 1u) * sizeof(*ret->paras));
    if (ret->paras == NULL)
        return no_memory(m);
    if (m->count > 0)
        memcpy(ret->paras, m->paras, m->count * sizeof(*ret->paras));
    ret->count = (uint32_t)m->count;
    return 0;
}
