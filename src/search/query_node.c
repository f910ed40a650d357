/* SPDX-License-Identifier: Apache-2.0 */
/* What all parts of the parser of queries make nodes and refuse with. */
#include "search/query_internal.h"

int query_fail(struct query_parser *p, size_t at, enum ce code, unsigned id)
{
    return err_fail_id_at(p->err, code, 1, (unsigned)at + 1, id);
}

int query_no_memory(struct query_parser *p)
{
    return query_fail(p, p->at, CE_TOO_BIG, ERR_SEARCH_TOO_LARGE);
}

struct query_node *query_node_new(struct query_parser *p, enum query_op op, size_t at)
{
    struct query_node *n =
        p->nodes < QUERY_NODES_MAX ? arena_new(p->arena, struct query_node) : NULL;

    if (n == NULL)
        return NULL;
    p->nodes++;
    n->op = op;
    n->col = (unsigned)at + 1;
    return n;
}

int query_quoted(struct query_parser *p, struct slice *ret)
{
    size_t from = p->at++;
    uint8_t *to = arena_alloc(p->arena, p->text.n - from);
    size_t n = 0;

    if (to == NULL)
        return query_no_memory(p);
    for (; !query_at_end(p) && p->text.p[p->at] != '"'; p->at++) {
        bool escaped = p->text.p[p->at] == '\\' && p->at + 1 < p->text.n &&
                       (p->text.p[p->at + 1] == '"' || p->text.p[p->at + 1] == '\\');

        p->at += escaped;
        to[n++] = p->text.p[p->at];
    }
    if (query_at_end(p))
        return query_fail(p, from, CE_SYNTAX, ERR_SEARCH_QUOTE_OPEN);
    p->at++;
    *ret = slice_of(to, n);
    return 0;
}

int query_two(struct query_parser *p, enum query_op op, struct query_node *a, struct query_node *b,
              struct query_node **ret)
{
    struct query_node *n = query_node_new(p, op, a->col - 1);

    if (n)
        n->kids = arena_new_array(p->arena, 2, const struct query_node *);
    if (n == NULL || n->kids == NULL)
        return query_no_memory(p);
    n->kids[0] = a;
    n->kids[1] = b;
    n->count = 2;
    *ret = n;
    return 0;
}
