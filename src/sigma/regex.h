/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_REGEX_H
#define CANH_SIGMA_REGEX_H
/*
 * Regular expressions as rules use them: PCRE2, an unanchored search over UTF-8 in which bytes
 * that are not valid UTF-8 match nothing. Every search runs under limits; one that reaches them
 * counts as no match and is counted.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "sigma/expr.h"

enum {
    REGEX_TEXT_MAX = 8192,      /* bytes of a pattern; PCRE2 bounds its compiled form to 64 KiB */
    REGEX_MATCH_LIMIT = 200000, /* steps of one search */
    REGEX_DEPTH_LIMIT = 2000,
    REGEX_HEAP_KIB = 1024,
};

struct regex;         /* compiled, immutable, shared between threads */
struct regex_context; /* one per thread */

enum regex_result { REGEX_NO_MATCH, REGEX_MATCH, REGEX_GAVE_UP };

/* flags: enum regex_flag of expr.h. On failure err.offset is the place in the pattern. */
CANH_MUST_USE int regex_new(struct slice text, unsigned flags, bool jit, struct regex **ret,
                            struct err *err);
struct regex *regex_free(struct regex *r); /* returns NULL */

CANH_MUST_USE struct regex_context *regex_context_new(void);
struct regex_context *regex_context_free(struct regex_context *c); /* returns NULL */

/* ascii: text has no byte beyond ASCII (a faster search with the same result). */
enum regex_result regex_search(const struct regex *r, struct regex_context *c, struct slice text,
                               bool ascii);

/*
 * Texts that every match contains in this order, one behind the other, as far as a simple look can
 * tell; none when it cannot. Only the top level of the pattern is read, literal by literal. Case
 * is as written, and may differ in a match. Appended to out with a zero byte between them.
 */
void regex_required_texts(struct slice text, struct buf *out);

/*
 * True when the pattern is nothing but texts with .* between them: then it matches valid UTF-8
 * exactly when some line (with REGEX_DOTALL: the whole) contains the texts in this order, one
 * behind the other. Appended as above.
 */
bool regex_is_texts(struct slice text, struct buf *out);

/* Texts as these two give them, as the pattern *one*two*; they are borrowed. 0 or -CE_NOMEM. */
CANH_MUST_USE int regex_texts_pattern(struct arena *arena, struct slice texts, struct pattern *ret);
/* What a regex that is nothing but texts says of valid UTF-8; both folded with REGEX_NOCASE. */
bool regex_texts_match(const struct pattern *texts, unsigned flags, struct slice text);

#endif
