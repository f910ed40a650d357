/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_ODT_STYLE_H
#define CANH_OFFICE_ODT_STYLE_H
/* The styles of an OpenDocument text, each written once. Only for odt*.c. */
#include "base/buf.h"
#include "office/paper.h"

#define ODT_XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define ODT_NAMESPACES                                                                             \
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""                           \
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""                             \
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""                               \
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""                             \
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""                    \
    " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\""                      \
    " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\""                               \
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""

struct odt_para {
    struct para_style style;
    float right; /* mm further in from the right */
    bool rule;   /* an upper border and nothing else */
    bool master; /* first of the document: names its page */
    bool page;   /* begins a page */
};

struct odt_cell {
    bool borders;
    uint32_t fill;
    uint8_t valign;
    float pad;
};

struct odt_text {
    unsigned flags;
    uint32_t color;
};

enum { ODT_STYLES_MAX = 4096 };

struct odt_styles {
    struct buf out; /* the automatic styles as XML */
    struct odt_para *paras;
    struct odt_cell *cells;
    struct odt_text *texts;
    float *rows;
    unsigned para_count, cell_count, text_count, row_count;
};

void odt_styles_init(struct odt_styles *s);
void odt_styles_done(struct odt_styles *s);
/* Numbers from 1: P…, C…, T…, R…. The last one serves when there are too many. */
unsigned odt_para_style(struct odt_styles *s, const struct odt_para *p);
unsigned odt_cell_style(struct odt_styles *s, const struct odt_cell *c);
unsigned odt_text_style(struct odt_styles *s, unsigned flags, uint32_t color);
unsigned odt_row_style(struct odt_styles *s, float min_height);
/* Ta<id> and its columns Ta<id>.1 … */
void odt_table_style(struct odt_styles *s, unsigned id, double width, const double *widths,
                     unsigned cols, const struct odt_para *place);

void odt_fonts(struct buf *out, const struct paper *p);
/* styles.xml: default style, page layouts with page numbers, footer and banner. */
void odt_page_styles(struct buf *out, const struct paper *p);

#endif
