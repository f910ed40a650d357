/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PAGE_H
#define CANH_OFFICE_PAGE_H
/*
 * Breaks a paper into pages: what stands where. Points, from the text area's upper left corner.
 * Only for the drawers of papers.
 */
#include "base/err.h"
#include "office/lay.h"

/* A table's columns and rows, measured. */
struct table_lay {
    const struct paper_table *table;
    double x[TABLE_COLS_MAX + 1]; /* column edges */
    struct row_lay *rows;
    struct table_lay *next;
};

struct cell_lay {
    const struct paper_cell *cell;
    struct boxes boxes;
    double height; /* of the content */
};

struct row_lay {
    const struct paper_row *row;
    struct cell_lay *cells;
    unsigned cell_count;
    double height;
    bool joined; /* a cell reaches from this row into the next */
};

/* Of a cell in a row that is cut: its boxes from..to-1 stand in this piece. */
struct cut_cell {
    size_t from, to;
};

/* A piece on a page: a box, or a row of a table, or a part of a row that is higher than a page. */
struct piece {
    unsigned page; /* from 0 */
    double y, height;
    const struct box *box;
    const struct table_lay *table;
    uint32_t row;
    struct cut_cell *cut; /* per cell, on the heap; NULL: the whole row */
};

struct pages {
    struct lay *lay;
    const struct paper *paper;
    double width, height; /* of the text area */
    struct boxes *flows;  /* one per run of paragraphs */
    size_t flow_count, flow_cap;
    struct table_lay *tables;
    struct piece *pieces;
    size_t piece_count, piece_cap;
    unsigned count; /* pages */
};

enum { PAGES_MAX = 5000 };

/* 0 or -CE_*; pages_done() in either case. */
int pages_make(struct pages *p, struct lay *lay, const struct paper *paper);
void pages_done(struct pages *p);

/* Does what paper->fit asks for; *ret is the paper to draw, this or a shorter one. */
CANH_MUST_USE int pages_fit(struct paper *paper, const struct paper **ret, struct err *err);

#endif
