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
};

/* Joins lines (when told so), squeezes blanks, finds markers. */
int draft_blocks(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
                 struct draft_block **ret, size_t *ret_count, struct err *err);
/* Reads the head; returns the index of the first block of the body. */
size_t draft_head(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t count);
/* Reads the list of Nơi nhận; returns the index of the first block after the body. */
size_t draft_tail(struct draft *d, const struct draft_block *blocks, size_t from, size_t count);

#endif
