/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_PRINT_COMMON_H
#define CANH_REPORT_PRINT_COMMON_H
/* What the layouts of printed papers share: for print*.c and for a paper of papers/ whose layout is
 * nobody else's. */
#include "base/buf.h"
#include "report/print.h"

enum {
    PRINT_GREY = 0xEDEDED,
    PRINT_SHADE = 0xF4F4F4,
    PRINT_RED = 0xF8D4D4,
    PRINT_TEXT_MAX = 65536
};

extern const struct para_style print_plain, print_bold, print_italic, print_small, print_centre,
    print_centre_bold, print_head_cell;

/* Sets up the page, writes the head and the title (with a second line, which may be empty). */
void print_begin(struct paper *p, const struct print_head *h, struct slice title,
                 struct slice below);
/* Date and place, two signers' blocks: the end of a paper, which is set smaller where that saves a
 * second page. */
void print_sign(struct paper *p, const struct print_head *h);
/* A heading row of a table: count texts. */
void print_heads(struct paper_table *t, const struct print_head *h, const msg_id *ids,
                 unsigned count);
/* A cell of text; an empty text leaves the cell empty. */
struct paper_cell *print_cell(struct paper_table *t, const struct para_style *s, struct slice text);
/* Appends 05/10/2020, 07:30, 07:30 05/10/2020; nothing for PRINT_NEVER. */
void print_date(struct buf *out, int64_t day);
void print_clock(struct buf *out, int64_t minutes);
void print_moment(struct buf *out, int64_t minutes);

#endif
