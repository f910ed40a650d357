/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_REGEX_H
#define CANH_SIGMA_REGEX_H
/*
 * Regular expressions, and the only door to PCRE2: searches over UTF-8 in which bytes that are not
 * valid UTF-8 match nothing. Every pattern and every search is bounded. Rules search events
 * (regex_new(), regex_search(): one that reaches a limit counts as no match and is counted);
 * pipelines look at rules and ask where groups are (regex_new_grouped(), regex_find()). Python's
 * dialect, in which pipelines are written, differs in nothing that they use.
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
    REGEX_GROUPS_MAX = 100, /* with group 0, the whole match */
};

struct regex;         /* shared between threads */
struct regex_context; /* one per thread */

enum regex_result { REGEX_NO_MATCH, REGEX_MATCH, REGEX_GAVE_UP };

/* flags: enum regex_flag of expr.h. On failure err.offset is the place in the pattern. */
CANH_MUST_USE int regex_new(struct slice text, unsigned flags, bool jit, struct regex **ret,
                            struct err *err);
/* Of a pattern that regex_new() has taken before: compiled when it is first searched with. NULL
 * without memory. */
CANH_MUST_USE struct regex *regex_new_checked(struct slice text, unsigned flags, bool jit);
/* With groups to be asked for, and \w, \d and the like as Unicode has them. */
CANH_MUST_USE int regex_new_grouped(struct slice text, struct regex **ret, struct err *err);
struct regex *regex_free(struct regex *r); /* returns NULL */

/* groups: how many a search tells, 1..REGEX_GROUPS_MAX. NULL without memory. */
CANH_MUST_USE struct regex_context *regex_context_new(uint32_t groups);
struct regex_context *regex_context_free(struct regex_context *c); /* returns NULL */

/* ascii: text has no byte beyond ASCII (a faster search with the same result). */
enum regex_result regex_search(const struct regex *r, struct regex_context *c, struct slice text,
                               bool ascii);

/* Of regex_new_grouped(): groups without group 0, and how many of them have a name. */
uint32_t regex_groups(const struct regex *r);
uint32_t regex_names(const struct regex *r);
/* The number of a named group, or -1. */
int regex_group(const struct regex *r, struct slice name);
/* Calls fn for each named group until it returns anything but 0, which is returned. */
int regex_each_name(const struct regex *r, int (*fn)(void *ctx, struct slice name, uint32_t group),
                    void *ctx);
/*
 * Searches text from a byte on. 1 and the offsets of groups 0..regex_groups() as pairs (SIZE_MAX
 * where a group took no part), valid until the next search in c; 0 when nothing matches;
 * -CE_TOO_BIG when the search was given up at its limit.
 */
CANH_MUST_USE int regex_find(const struct regex *r, struct regex_context *c, struct slice text,
                             size_t from, bool anchored, const size_t **ret);

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
