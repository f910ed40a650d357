/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_PAPER_H
#define CANH_OFFICE_PAPER_H
/*
 * A small model of a printed document: a page, and a flow of paragraphs, tables, bars, gaps and
 * page breaks. pdf.h and odt.h render it. Lengths are millimetres, type sizes points.
 *
 * Built by appending. Every function takes a NULL flow, table or paragraph and then does nothing,
 * and the first failure sticks in paper->err, so a builder checks once, at rendering. Text is
 * copied and may hold \n for a new line within the paragraph. All memory is the arena's (its
 * maximum is the limit of a document).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"

enum paper_align { PAPER_LEFT, PAPER_CENTER, PAPER_RIGHT, PAPER_JUSTIFY };

struct para_style {
    float size; /* points */
    bool bold, italic;
    uint8_t align;
    float first, left;   /* mm: first line further in; whole paragraph further in */
    float before, after; /* points */
    float line;          /* times the font's own line height; 0 = 1 */
    bool keep_next;      /* stays on the page of what follows */
    float rule;          /* > 0: a centred line below, this part of the text's width */
    uint32_t color;      /* 0xRRGGBB */
};

enum run_flag { RUN_BOLD = 1, RUN_ITALIC = 2, RUN_UNDERLINE = 4 };

struct paper_run {
    struct paper_run *next;
    struct slice text;
    unsigned flags; /* in addition to the paragraph's */
    uint32_t color; /* 0: the paragraph's */
};

struct paper_para {
    struct para_style style;
    struct paper_run *first, *last;
};

/* A bar of parts of a whole, or seven small columns; beside it the same as text for paper in ODT.
 */
enum { BARS_MAX = 16 };
struct paper_bars {
    unsigned count;
    float value[BARS_MAX];    /* 0..1; NaN: unknown, hatched */
    uint32_t color[BARS_MAX]; /* 0xRRGGBB */
    bool columns;             /* side by side by height (a trend); else one behind another */
    float height;             /* mm */
    struct slice text;        /* what it says */
};

enum block_kind { BLOCK_PARA, BLOCK_TABLE, BLOCK_BARS, BLOCK_GAP, BLOCK_PAGE };

struct paper_block {
    struct paper_block *next;
    enum block_kind kind;
    union {
        struct paper_para para;
        struct paper_table *table;
        struct paper_bars bars;
        float gap; /* mm */
    };
};

struct paper_flow {
    struct paper *paper;
    struct paper_block *first, *last;
};

enum cell_valign { CELL_TOP, CELL_MIDDLE, CELL_BOTTOM };

struct paper_cell {
    struct paper_cell *next;
    uint16_t col, cols, rows; /* first column from 0; how many it covers */
    uint8_t valign;
    bool bare;              /* without the table's borders */
    uint32_t fill;          /* 0xRRGGBB; PAPER_NO_FILL */
    struct paper_flow flow; /* no tables inside */
};
#define PAPER_NO_FILL 0xFFFFFFFFu

struct paper_row {
    struct paper_row *next;
    struct paper_cell *first, *last;
    uint32_t index;
    float min_height; /* mm */
    bool keep_next;   /* stays on the page of the row below */
};

enum { TABLE_COLS_MAX = 64, TABLE_ROWS_MAX = 20000 };

struct paper_table {
    uint16_t cols;
    float width[TABLE_COLS_MAX]; /* mm; 0: an equal share of what is left */
    bool borders;
    float pad;            /* mm inside cells */
    uint32_t header_rows; /* repeated on every page */
    bool stay;            /* not alone on a page: takes rows of the table before it along */
    struct paper_row *first, *last;
    uint32_t rows;
    uint16_t covered[TABLE_COLS_MAX]; /* rows still covered from above, while building */
    struct paper *paper;
};

enum page_numbers {
    PAGES_NONE,
    PAGES_TOP,   /* centred in the upper margin, not on the first page (official papers) */
    PAGES_FOOTER /* page_word and “1/3” below, on every page (printed papers) */
};

/* How many pages it takes; the drawers count them. */
enum paper_fit {
    PAPER_ANY,
    PAPER_SMALLER, /* a few lines over one page are set smaller; what would be hard to read is not
                    */
    PAPER_ONE      /* one page: this, or the first of its shorter papers that fits, or none */
};

struct paper {
    struct arena *arena;
    int err;
    struct slice title, author;
    int64_t created;                /* seconds since 1970, for the files' properties */
    float width, height;            /* of the page: 210 × 297 or turned */
    float top, bottom, left, right; /* margins */
    const char *font; /* for ODT: the name people have; PDF takes what has its measures */
    enum page_numbers pages;
    float page_size;        /* type size of page numbers */
    struct slice page_word; /* before the numbers of PAGES_FOOTER: “Trang” */
    struct slice footer;    /* small, left, on every page; may be empty */
    struct slice banner;    /* bold, red, above every page: DIỄN TẬP; may be empty */
    struct paper_flow body;
    enum paper_fit fit;
    struct paper *shorter; /* of PAPER_ONE: says the same with less; at most PAPER_SHORTER_MAX */
};
enum { PAPER_SHORTER_MAX = 16 };

/* Folders of the fonts that a drawer needs, and of what finds them; NULL ends them. */
extern const char *const paper_fonts[];

/* A4 upright, margins 20/20/30/20, Times New Roman, no page numbers. */
void paper_init(struct paper *d, struct arena *arena);
/* Width of the text area in mm. */
float paper_text_width(const struct paper *d);

/* Multiplies the type sizes and least row heights of everything added so far. */
void paper_scale(struct paper *d, float factor);

struct paper_para *paper_para(struct paper_flow *f, const struct para_style *style,
                              struct slice text);
void paper_run(struct paper_flow *f, struct paper_para *p, struct slice text, unsigned flags,
               uint32_t color);
/* Formatted text as a paragraph, at most 4 KiB. */
struct paper_para *paper_printf(struct paper_flow *f, const struct para_style *style,
                                const char *fmt, ...) CANH_PRINTF(3, 4);
void paper_gap(struct paper_flow *f, float mm);
void paper_page(struct paper_flow *f);
/* Copies the bars and their text. */
void paper_bars(struct paper_flow *f, const struct paper_bars *bars);

/* widths may be NULL: equal columns. */
struct paper_table *paper_table(struct paper_flow *f, unsigned cols, const float *widths,
                                bool borders);
struct paper_row *paper_row(struct paper_table *t, float min_height);
/* The next free cell of the last row, over cols columns and rows rows (at least 1). */
struct paper_cell *paper_cell(struct paper_table *t, unsigned cols, unsigned rows);
/* The same with one paragraph in it. */
struct paper_cell *paper_cell_text(struct paper_table *t, const struct para_style *style,
                                   struct slice text);

#endif
