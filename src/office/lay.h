/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_LAY_H
#define CANH_OFFICE_LAY_H
/*
 * Text set by pango in the type that PDF embeds: paragraphs to lines, lines to boxes one under
 * another. Points throughout. Only for pdf.c, page.c and odt.c.
 */
#include <pango/pangocairo.h>

#include "office/paper.h"

/* Times' measures, with all of Vietnamese; what fontconfig has in its place otherwise. */
#define LAY_FONT "Liberation Serif,Times New Roman,Times,serif"

CANH_INLINE double mm(double v)
{
    return v * 72.0 / 25.4;
}

enum box_kind { BOX_LINE, BOX_GAP, BOX_BARS };

/* A thing of some height; boxes of a flow stand one under another. */
struct box {
    enum box_kind kind;
    double before; /* space above, dropped at the top of a page */
    double height;
    bool keep; /* stays with the next box */
    /* BOX_LINE */
    PangoLayoutLine *line; /* owned */
    double x, baseline;    /* of the line, from the box's corner */
    double rule_x, rule_width;
    uint32_t color;
    const struct paper_bars *bars; /* BOX_BARS */
    double bars_width;
};

struct boxes {
    struct box *v;
    size_t n, cap;
};

struct lay {
    PangoFontMap *map;
    PangoContext *context;
    int err;
};

int lay_init(struct lay *l);
void lay_done(struct lay *l);
void boxes_done(struct boxes *b);

/* Appends a flow's paragraphs, bars and gaps (no tables, no page breaks) set to a width. */
void lay_flow(struct lay *l, const struct paper_flow *f, double width, struct boxes *out);
/* One block of the same. */
void lay_block(struct lay *l, const struct paper_block *b, double width, struct boxes *out);
/* Height of boxes one under another, the first one's space above included or not. */
double boxes_height(const struct boxes *b, size_t from, size_t to, bool first_space);
/* How wide a paragraph is on one line. */
double lay_width(struct lay *l, const struct paper_para *p);

#endif
