/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_DOCMAKE_H
#define CANH_OFFICE_DOCMAKE_H
/* Collects paragraphs for the readers of documents, within the limits. Only for doctext's files. */
#include "office/doctext.h"
#include "office/pack.h"

/* Columns whose cells may be merged downwards; beyond, a cell stands in its first row only. */
enum { DOCMAKE_MERGED = 64 };

struct docmake {
    struct arena *arena;
    const struct doctext_limits *limits;
    struct err *err;
    struct doc_para *paras; /* on the heap, copied to the arena at the end */
    size_t count, cap;
    uint32_t number;
    unsigned table_depth; /* cells of inner tables are lines of the outer cell */
    uint32_t table, row, col;
    uint32_t rows; /* of the open cell; 0: it goes on with the one above */
    size_t
        above[DOCMAKE_MERGED]; /* by column, from 1: the last cell, as count; 0: it has no text */
    uint32_t passed; /* columns before the next cell: that the last one spans, that are left out */
    struct buf cell, scratch;
};

void docmake_init(struct docmake *m, struct arena *arena, const struct doctext_limits *limits,
                  struct err *err);
void docmake_done(struct docmake *m);
/* One paragraph; an empty one only counts. number 0: the next. */
CANH_MUST_USE int docmake_para(struct docmake *m, enum doc_kind kind, unsigned level,
                               struct slice label, struct slice text, uint32_t number);
void docmake_table(struct docmake *m);
void docmake_row(struct docmake *m);
void docmake_cell(struct docmake *m);
/* So many columns are the open cell, or (cell false) stand before the next one. */
void docmake_span(struct docmake *m, int columns, bool cell);
/* The open cell stands in so many rows, or goes on with the one above. */
void docmake_rows(struct docmake *m, int rows);
void docmake_continue(struct docmake *m);
CANH_MUST_USE int docmake_cell_end(struct docmake *m);
void docmake_table_end(struct docmake *m);
CANH_MUST_USE int docmake_end(struct docmake *m, struct doctext *ret);

int docx_read(struct docmake *m, struct pack *p);
int odt_read(struct docmake *m, struct pack *p);

#endif
