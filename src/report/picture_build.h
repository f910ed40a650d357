/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REPORT_PICTURE_BUILD_H
#define CANH_REPORT_PICTURE_BUILD_H
/*
 * How the one-page picture is put together: picture.c the page and what its parts share,
 * picture_boxes.c the boxes of text, picture_tables.c clauses, services and operators.
 */
#include "office/paper.h"
#include "report/picture.h"

enum { PIC_WHITE = 0xFFFFFF, PIC_RED = 0xC62828 };
enum {
    FILL_GOOD = 0xDCEFDC,
    FILL_WARN = 0xFFF1CC,
    FILL_BAD = 0xF8D4D4,
    FILL_UNKNOWN = 0xE6E6E6,
    FILL_HEAD = 0xEDEDED
};

/*
 * How many entries of a list are shown, how many characters of a text, and how large the type is.
 */
struct pic_caps {
    unsigned missing, services, requests, silent, sentence, title;
    float scale;
};

struct pic_build {
    struct paper *p;
    const struct overview *pic;
    enum lang lang;
    const struct pic_caps *caps;
    struct buf text;
};

extern const struct para_style pic_plain, pic_strong, pic_small, pic_centre, pic_centre_head;

#define pic_write(b, id, ...) lang_write(&(b)->text, (b)->lang, id, ##__VA_ARGS__)

/* The text put together so far, as a paragraph or as a cell. */
struct paper_para *pic_flush(struct pic_build *b, struct paper_flow *f, const struct para_style *s);
void pic_flush_cell(struct pic_build *b, struct paper_table *t, const struct para_style *s);
/* At most n characters, with … when there were more. */
void pic_cut(struct buf *out, struct slice s, size_t n);
/* The same of a name whose end tells it from others: what is cut is its middle. */
void pic_cut_name(struct buf *out, struct slice s, size_t n);
void pic_moment(struct pic_build *b, int64_t at);
/* 5 phút, 3 giờ, 2 ngày; how long ago. */
void pic_span(struct pic_build *b, int64_t minutes);
void pic_age(struct pic_build *b, int64_t at);
/* All of these take what a full page gives: NULL. */
struct paper_cell *pic_cell(struct paper_table *t, uint32_t fill);
struct paper_flow *pic_flow(struct paper_cell *c);
void pic_title(struct pic_build *b, struct paper_flow *f, msg_id id);
/* “và 5 nữa” below a list that was cut. */
void pic_rest(struct pic_build *b, struct paper_flow *f, size_t count, size_t shown);
/* Appends a share of a whole in whole percents; what is not nothing is not 0, and what is not all
 * is not 100. */
void pic_percent(struct buf *out, uint32_t part, uint32_t all);

void pic_first_boxes(struct pic_build *b);
void pic_clauses(struct pic_build *b);
void pic_services(struct pic_build *b);
void pic_last_boxes(struct pic_build *b);
void pic_words(struct pic_build *b);

#endif
