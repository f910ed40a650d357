/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_QUERY_H
#define CANH_SEARCH_QUERY_H
/*
 * The query language: text → a tree whose leaves are atoms of Sigma (sigma/expr.h) and words of the
 * record's own text. docs/query.md is its manual. Pure.
 *
 *     query_parse(text, zone_s, &arena, &query, &err);
 *     query_matcher_new(&query, keys, &m, &err);           keys: query_intern() first
 *     query_matches(m, raw, decode, ctx)                   one a thread
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "event/event.h"
#include "event/keys.h"
#include "sigma/expr.h"

enum {
    QUERY_TEXT_MAX = 64 * 1024,
    QUERY_NODES_MAX = 4096,
    QUERY_DEPTH_MAX = 32,
    QUERY_SCOPES_MAX = 64, /* source:, unit: */
};

enum query_op {
    QUERY_ALL, /* everything matches */
    QUERY_AND,
    QUERY_OR,
    QUERY_NOT,
    QUERY_WORD,    /* parts, in this order, in the record's text */
    QUERY_ADDRESS, /* an address of the network in the record's text */
    QUERY_ATOM,    /* of a field */
};

struct query_node {
    enum query_op op;
    uint32_t count;
    const struct query_node **kids;
    /* WORD: folded. Whole words unless a wildcard stands at that end. */
    const struct slice *parts;
    uint32_t part_count;
    bool open_before, open_after;
    const struct query_node *escaped; /* WORD: how JSON would write it, or NULL */
    struct cidr net;                  /* ADDRESS */
    struct atom atom;                 /* ATOM */
    uint32_t number;                  /* ATOM: of all atoms, from 0 */
    unsigned col;                     /* in the query, from 1 */
};

struct query {
    const struct query_node *root;
    struct query_node **atoms; /* by number */
    uint32_t atom_count;
    int64_t last;        /* nanoseconds before now, or 0 */
    int64_t from, until; /* received times, or TIME_NONE; until is outside */
    struct slice sources[QUERY_SCOPES_MAX], units[QUERY_SCOPES_MAX]; /* as written */
    uint32_t source_count, unit_count;
};

/*
 * Everything lives in the arena; the text is copied. zone_s: seconds east of UTC, for times without
 * a zone. err has the column.
 */
CANH_MUST_USE int query_parse(struct slice text, int zone_s, struct arena *arena, struct query *ret,
                              struct err *err);
/* Interns the fields of the query, before decoders are made. */
CANH_MUST_USE int query_intern(const struct query *q, struct keys *keys);

struct query_matcher;
CANH_MUST_USE int query_matcher_new(const struct query *q, const struct keys *keys,
                                    struct query_matcher **ret, struct err *err);
struct query_matcher *query_matcher_free(struct query_matcher *m); /* returns NULL */

/*
 * Whether a record matches. decode is asked for the event once, and only when a field decides; NULL
 * from it means that the record has no fields.
 */
bool query_matches(struct query_matcher *m, struct slice raw,
                   const struct event *(*decode)(void *ctx), void *ctx);

/* The same where the needle is known not to stand before that byte. */
bool query_matches_from(struct query_matcher *m, struct slice raw, size_t from,
                        const struct event *(*decode)(void *ctx), void *ctx);

/* Whether the query matches just the records in which query_word() finds its one word. */
bool query_is_word(const struct query_matcher *m);
/* Where that word stands in the text from `from` on; SIZE_MAX: nowhere. Line feeds may stand
 * between records: the text may be that of many. */
size_t query_word(const struct query_matcher *m, struct slice text, size_t from);

/* What stands, without regard to ASCII case, in the text of every record that matches, and is
 * looked for before any field; folded. Empty: nothing is known. */
struct slice query_needle(const struct query *q);

/*
 * Whether a block of records can hold a match, from what a filter says of words and addresses.
 * Words of fields are asked for only with text_in_raw (all values stand in the records' text).
 */
struct query_prune {
    bool (*word)(void *ctx, struct slice word);
    bool (*address)(void *ctx, const struct cidr *host);
    void *ctx;
    bool text_in_raw;
};
/* The same as a term for whoever has the blocks (journal/predicate.h), without text_in_raw. */
void query_predicate(const struct query *q, struct buf *out);
bool query_can_match(const struct query *q, const struct query_prune *prune);

#endif
