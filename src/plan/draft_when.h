/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_DRAFT_WHEN_H
#define CANH_PLAN_DRAFT_WHEN_H
/*
 * How often and until when a sentence of a letter wants something: “01 lần/ngày”, “trước 16 giờ 00
 * hằng ngày”, “trước ngày 25 hằng tháng”, “trong vòng 30 phút”, “trước ngày 15/12/2026”, “từ ngày …
 * đến hết ngày …”. What is found is a proposal, kept with the words it comes from. Pure; at most
 * the first 2,000 words of a text are looked at.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* How well `every` says what the letter says. */
enum draft_fit {
    WHEN_EXACT,
    WHEN_SPREAD, /* “02 lần/ngày” without times: spread evenly */
    WHEN_TIMES,  /* “06 lần/tuần”: once in each period */
    WHEN_APART   /* “500 ngày/lần”: each period */
};

struct draft_when {
    char every[48];    /* as calendar/frequency.h reads it; empty: nothing found */
    struct slice word; /* the letter's words for it */
    enum draft_fit fit;
};

/* What a text says first of: a recurrence, a time after an event, a date. start: days of the plan's
 * beginning, from which a date counts; TIME_NONE: dates say nothing. */
bool draft_when_read(struct slice text, int64_t start, struct draft_when *ret);
/* What the text says behind that: another recurrence or time after an event, no date. */
bool draft_when_next(struct slice text, const struct draft_when *first, struct draft_when *ret);
/* The same of a column that holds nothing but times: “15/12/2026”, “Tháng 12/2026”, “Quý IV/2026”.
 */
bool draft_when_due(struct slice text, int64_t start, struct draft_when *ret);
/* “từ ngày 15/12/2026 đến hết ngày 20/02/2027”: both days, inclusive. */
bool draft_when_window(struct slice text, int64_t *ret_from, int64_t *ret_until);

#endif
