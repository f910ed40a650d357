/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PATTERN_H
#define CANH_SIGMA_PATTERN_H
/*
 * Sigma's string values (specification, "String Wildcard" and "Escaping"): * is any run of
 * characters, ? exactly one; \* \? \\ stand for the second character, every other backslash for
 * itself. Parsed into parts before modifiers add wildcards of their own, so that a value ending in
 * a backslash never turns an added * into a literal one.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "sigma/expr.h"

/* Which sides get a PART_ANY, unless they have one. */
enum pattern_open { OPEN_NONE = 0, OPEN_BEFORE = 1, OPEN_AFTER = 2, OPEN_BOTH = 3 };

/* 0 or -CE_NOMEM. Text is copied into the arena. */
CANH_MUST_USE int pattern_parse(struct arena *arena, struct slice text, enum pattern_open open,
                                struct pattern *ret);
/* The same for text in which nothing is special. */
CANH_MUST_USE int pattern_literal(struct arena *arena, struct slice text, enum pattern_open open,
                                  struct pattern *ret);

/* * and ? */
CANH_INLINE bool pattern_is_special(uint8_t c)
{
    return c == '*' || c == '?';
}

/* The byte at `at` is a backslash that only protects the one behind it: * ? and, in rules, \\. */
CANH_INLINE bool pattern_is_escape(struct slice s, size_t at, bool in_rule)
{
    return s.p[at] == '\\' && at + 1 < s.n &&
           (pattern_is_special(s.p[at + 1]) || (in_rule && s.p[at + 1] == '\\'));
}

/* How a wildcard is written. */
CANH_INLINE uint8_t pattern_sign(enum part_kind wildcard)
{
    return wildcard == PART_ANY ? '*' : '?';
}

/* Makes a pattern part by part: texts are joined, no two PART_ANY stand side by side. */
struct pattern_maker {
    struct arena *arena;
    struct part *parts;
    uint32_t count;
    uint8_t *text, *end; /* the text part being written */
};
/* Room for `specials` wildcards and `bytes` of text. 0 or -CE_NOMEM. Until the end nothing else is
 * taken from the arena, which then gets back what was not needed. */
CANH_MUST_USE int pattern_begin(struct pattern_maker *m, struct arena *arena, size_t specials,
                                size_t bytes);
CANH_INLINE void pattern_write(struct pattern_maker *m, uint8_t c)
{
    *m->end++ = c;
}
void pattern_write_special(struct pattern_maker *m, uint8_t c);
void pattern_end(struct pattern_maker *m, struct pattern *ret);

bool pattern_equal(const struct pattern *a, const struct pattern *b);
bool pattern_has_wildcard(const struct pattern *p);
/* Its longest text, which every match contains; or nothing. */
struct slice pattern_longest(const struct pattern *p);

/* The pattern as a rule would write it. */
void pattern_print(const struct pattern *p, struct buf *out);

#endif
