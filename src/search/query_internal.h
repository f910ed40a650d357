/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SEARCH_QUERY_INTERNAL_H
#define CANH_SEARCH_QUERY_INTERNAL_H
/* The parser of queries: where it stands in the text, and the parts of it that call each other. */
#include "base/ascii.h"
#include "lang/err_search.h"
#include "search/query.h"

struct query_parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    uint32_t nodes, depth;
    bool top; /* nothing but AND is around the present term */
    struct query *q;
    int zone_s;
    struct err *err;
};

static inline void query_skip_space(struct query_parser *p)
{
    while (p->at < p->text.n && ascii_is_space(p->text.p[p->at]))
        p->at++;
}

static inline bool query_at_end(const struct query_parser *p)
{
    return p->at >= p->text.n;
}

/* The characters up to the next blank or bracket. */
static inline struct slice query_peek_word(const struct query_parser *p)
{
    size_t n = p->at;

    while (n < p->text.n && !ascii_is_space(p->text.p[n]) && p->text.p[n] != '(' &&
           p->text.p[n] != ')')
        n++;
    return slice_of(p->text.p + p->at, n - p->at);
}

static inline bool query_read_keyword(struct query_parser *p, const char *word)
{
    struct slice w = query_peek_word(p);

    if (!slice_eq_nocase(w, slice_str(word)))
        return false;
    p->at += w.n;
    return true;
}

/* Negative, with the column of what stands at. */
int query_fail(struct query_parser *p, size_t at, enum ce code, unsigned id);
int query_no_memory(struct query_parser *p);

/* NULL: too many nodes, or no memory. */
struct query_node *query_node_new(struct query_parser *p, enum query_op op, size_t at);
struct query_node *query_atom_new(struct query_parser *p, struct slice field, enum atom_op op,
                                  size_t at);
int query_two(struct query_parser *p, enum query_op op, struct query_node *a, struct query_node *b,
              struct query_node **ret);

/* A text in quotes, in which \" and \\ stand for the second. */
int query_quoted(struct query_parser *p, struct slice *ret);

/* A network or an address: a.b.c.d, a.b.c.d/bits, and those of IPv6. */
bool query_network(struct slice s, struct cidr *ret);

/* What stands behind a field's colon: one value, or any of those in brackets. */
int query_values(struct query_parser *p, struct slice field, struct query_node **ret);

/* last: from: until: source: unit: at is where the term began, p->at its value. 1: it was one of
   them, and narrows the search instead of matching records; 0: another field. */
int query_scope(struct query_parser *p, struct slice field, size_t at);

#endif
