/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_DRAFT_TEXT_H
#define CANH_PLAN_DRAFT_TEXT_H
/*
 * The steps of reading a letter, for draft.c only.
 */
#include "plan/draft.h"
#include "plan/marker.h"

/* A paragraph made whole. */
struct draft_block {
    struct slice text;  /* blanks squeezed, without its marker */
    struct slice whole; /* with it */
    struct marker marker;
    uint32_t number;
    uint32_t table; /* whose row it is, or 0 */
    const struct draft_task *task;
};

/* Lines copied from a page made whole again. *ret_above: how many of them stand above the letter.
 */
int draft_page(struct arena *arena, const struct draft_para *paras, size_t count,
               struct draft_para **ret, size_t *ret_count, size_t *ret_above, struct err *err);
/* Paragraphs as one column: cells and lines side by side one below the other. */
int draft_layout(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
                 struct draft_para **ret, size_t *ret_count, struct err *err);

/* Joins lines (when told so), squeezes blanks, finds markers. */
int draft_blocks(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
                 struct draft_block **ret, size_t *ret_count, struct err *err);
/* Lines of a body in two columns, the left one first (draft_columns.c). */
CANH_MUST_USE int draft_columns(struct arena *arena, const struct draft_para *paras, size_t count,
                                struct draft_para **ret, size_t *ret_count, struct err *err);
/* Reads the head; returns the index of the first block of the body. */
size_t draft_head(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t count);
/* Reads the list of Nơi nhận; returns the index of the first block after the body. *ret_annex: of
 * the first block of an annex behind it, or count. */
size_t draft_tail(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t from, size_t count, size_t *ret_annex);

/* Whether s begins with a word, whatever its case and tone placement. */
bool draft_begins(struct arena *arena, struct slice s, const char *word);
/* Begins with the name of an agency, whatever its case: “Sở …”, “UBND …”. */
bool draft_is_agency(struct arena *arena, struct slice s);
/* Mostly capital letters: the issuer's name, a title. */
bool draft_is_capitals(struct slice s);
/* The motto of state or Party. */
bool draft_is_motto(struct arena *arena, struct slice s);
/* A letter's kind that s is or begins with in capitals: its length; 0: none. */
size_t draft_kind(struct slice s);
/* A title behind the signatures that begins an annex: of rules, a list, a form. */
bool draft_begins_annex(struct slice s);
/* Who leads by a sentence's own words: “(Giao) Sở Y tế chủ trì, phối hợp …”; empty: nobody is said
 * to. */
struct slice draft_lead(struct arena *arena, struct slice text);
/* The one agency that a heading names, with nothing else: “1. Sở Y tế:”, “Giao Sở Y tế”; empty: it
 * names none, or several (“Các sở, ban, ngành”). */
struct slice draft_heading_lead(struct arena *arena, struct slice text);
/* “Các sở, ban, ngành”: a heading that names no one of its own, whoever stands above it. */
bool draft_names_many(struct arena *arena, struct slice text);
/* Lines, stars and dots that only part other things. */
bool draft_is_rule(struct slice s);
/* “Lam Giang, ngày 25 tháng 11 năm 2026”, also with blanks for the numbers. */
bool draft_is_date_line(struct slice s);
/* “Mẫu, ngày 3/12/2026” and nothing behind it; *ret_at: where the place before it ends. */
bool draft_short_date(struct slice s, int64_t *ret_day, size_t *ret_at);

/* Appends the text as a double-quoted YAML scalar of one line; what YAML cannot hold becomes a
 * blank. */
void draft_write_quoted(struct buf *out, struct slice s);

#endif
