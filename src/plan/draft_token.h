/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_DRAFT_TOKEN_H
#define CANH_PLAN_DRAFT_TOKEN_H
/*
 * A sentence of a letter as words without marks and numbers, for draft_when.c and draft_every.c:
 * what stands at a place as a count, a time of day, a date, a unit of time. Places behind the last
 * token are asked freely; nothing stands there.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "plan/draft_when.h"

enum { TOKEN_BYTES = 12 };

/* A word without its marks in lower case, a number, or : / between numbers. */
struct token {
    char text[TOKEN_BYTES];
    int number; /* -1: none */
    bool opens; /* a new sentence or line begins with it */
    size_t from, to;
};

struct token_list {
    struct slice text;
    struct token *tokens;
    size_t count;
};

enum time_unit {
    UNIT_NONE,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_SHIFT,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR
};

/* The first 2,000 tokens of a text; false without memory. */
bool token_list_open(struct token_list *l, struct slice text);
void token_list_close(struct token_list *l);

bool token_is(const struct token_list *l, size_t i, const char *word);
bool token_are(const struct token_list *l, size_t i, const char *one, const char *two);
/* words ends with NULL. */
bool token_is_one_of(const struct token_list *l, size_t i, const char *const *words);
int token_number(const struct token_list *l, size_t i); /* -1: none */
/* “02”, “hai”, “mười lăm”, “02 (hai)”, “hai (02)”; *ret_n tokens. -1: none. */
int token_amount(const struct token_list *l, size_t i, size_t *ret_n);
enum time_unit token_unit(const struct token_list *l, size_t i);
/* 16 giờ 00, 16h30, 16g30, 16:00, 4 giờ chiều as minutes; *ret_n tokens. -1: none. */
int token_clock(const struct token_list *l, size_t i, size_t *ret_n);
/* D/M/Y, D tháng M năm Y, D/M: days since 1970; year 0: it must be said. *ret_n tokens. */
bool token_date(const struct token_list *l, size_t i, int year, int64_t *ret, size_t *ret_n);
/* The letter's words from one token to another. */
struct slice token_words(const struct token_list *l, size_t first, size_t last);

/* draft_every.c: the recurrence that begins at token i. */
bool draft_every_at(const struct token_list *l, size_t i, struct draft_when *ret);

#endif
