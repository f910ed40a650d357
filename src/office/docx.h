/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OFFICE_DOCX_H
#define CANH_OFFICE_DOCX_H
/*
 * Styles and numbering of a DOCX, as far as they decide a paragraph's label and heading level
 * (ECMA-376 part 1, 17.7 and 17.9). Only for docx*.c.
 */
#include "office/label.h"
#include "office/pack.h"

struct docx_props {
    int num_id;  /* -1 not said, 0 none */
    int ilvl;    /* -1 not said */
    int outline; /* 0..8 heading, 9 body, -1 not said */
    int style;   /* index, -1 none */
};
#define DOCX_PROPS_NONE ((struct docx_props){-1, -1, -1, -1})

struct docx_numbering;

int docx_numbering_new(struct docx_numbering **ret, struct err *err);
struct docx_numbering *docx_numbering_free(struct docx_numbering *n);
int docx_read_styles(struct docx_numbering *n, struct pack *p, const char *part, struct err *err);
int docx_read_numbering(struct docx_numbering *n, struct pack *p, const char *part,
                        struct err *err);

/* The index of a paragraph style by its id, or -1. */
int docx_style(const struct docx_numbering *n, struct slice id);
/* What a paragraph has by itself or from its style and the styles that one is based on. */
struct docx_props docx_resolve(const struct docx_numbering *n, struct docx_props own);
/* Counts the paragraph in its list, if it is in one, and appends its label. */
void docx_label(struct docx_numbering *n, const struct docx_props *props, struct buf *out);

#endif
