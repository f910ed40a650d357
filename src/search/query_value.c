/* SPDX-License-Identifier: Apache-2.0 */
/* Values of fields in a query → atoms: texts with wildcards, numbers and ranges, addresses. */
#include "search/query_internal.h"

#include "base/ip.h"
#include "base/num.h"
#include "sigma/pattern.h"

struct query_node *query_atom_new(struct query_parser *p, struct slice field, enum atom_op op,
                                  size_t at)
{
    struct query_node *n = query_node_new(p, QUERY_ATOM, at);

    if (n == NULL)
        return NULL;
    n->atom = (struct atom){.op = op, .field = field, .line = 1, .col = (unsigned)at + 1};
    n->number = p->q->atom_count++;
    return n;
}

bool query_network(struct slice s, struct cidr *ret)
{
    struct ip ip;
    unsigned bits;

    if (ip_net_parse(s, &ip, &bits) < 0)
        return false;
    *ret = (struct cidr){.bits = (uint8_t)bits, .v6 = ip.v6};
    memcpy(ret->address, ip.bytes, sizeof(ret->address));
    return true;
}

static int number_atom(struct query_parser *p, struct slice field, enum atom_op op,
                       struct slice text, size_t at, struct query_node **ret)
{
    double number;

    if (num_double(text, &number) < 0)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_NUMBER_WANTED);
    *ret = query_atom_new(p, field, op, at);
    if (*ret == NULL)
        return query_no_memory(p);
    (*ret)->atom.number = number;
    return 0;
}

/* >5  >=5  <5  <=5 */
static int query_comparison(struct query_parser *p, struct slice field, struct slice value,
                            size_t at, struct query_node **ret)
{
    bool equal = value.n > 1 && value.p[1] == '=';
    enum atom_op op = value.p[0] == '>' ? (equal ? ATOM_GTE : ATOM_GT) : equal ? ATOM_LTE : ATOM_LT;

    return number_atom(p, field, op, slice_from(value, equal ? 2 : 1), at, ret);
}

/* 5..9, 5.., ..9: both ends are inside. */
static int query_range(struct query_parser *p, struct slice field, struct slice value, size_t dots,
                       size_t at, struct query_node **ret)
{
    struct slice low = slice_head(value, dots), high = slice_from(value, dots + 2);
    struct query_node *a = NULL, *b = NULL;
    int r = low.n ? number_atom(p, field, ATOM_GTE, low, at, &a) : 0;

    if (r == 0 && high.n)
        r = number_atom(p, field, ATOM_LTE, high, at, &b);
    if (r < 0)
        return r;
    if (a && b)
        return query_two(p, QUERY_AND, a, b, ret);
    *ret = a ? a : b;
    return *ret ? 0 : query_fail(p, at, CE_SYNTAX, ERR_SEARCH_RANGE_NO_END);
}

static bool is_range(struct slice value, size_t *ret)
{
    double number;

    *ret = slice_find(value, SLICE(".."));
    return *ret != SIZE_MAX && (*ret == 0 || num_double(slice_head(value, *ret), &number) == 0) &&
           (*ret + 2 == value.n || num_double(slice_from(value, *ret + 2), &number) == 0);
}

static int pattern_atom(struct query_parser *p, struct slice field, struct slice value,
                        bool literal, size_t at, struct query_node **ret)
{
    struct query_node *n = query_atom_new(p, field, ATOM_PATTERN, at);
    int r;

    if (n == NULL)
        return query_no_memory(p);
    r = literal ? pattern_literal(p->arena, value, OPEN_NONE, &n->atom.pattern)
                : pattern_parse(p->arena, value, OPEN_NONE, &n->atom.pattern);
    *ret = n;
    return r < 0 ? query_no_memory(p) : 0;
}

/* An address is found in any spelling, and as text where the field holds more than it. */
static int network_atom(struct query_parser *p, struct slice field, struct slice value,
                        const struct cidr *net, size_t at, struct query_node **ret)
{
    struct query_node *n = query_atom_new(p, field, ATOM_CIDR, at), *text = NULL;
    int r;

    if (n == NULL)
        return query_no_memory(p);
    n->atom.cidr = *net;
    *ret = n;
    if (slice_find_byte(value, '/') != SIZE_MAX)
        return 0;
    r = pattern_atom(p, field, value, true, at, &text);
    return r < 0 ? r : query_two(p, QUERY_OR, n, text, ret);
}

static int value_node(struct query_parser *p, struct slice field, struct query_node **ret)
{
    size_t at = p->at, dots;
    struct slice value;
    struct cidr net;
    int r;

    if (!query_at_end(p) && p->text.p[p->at] == '"') {
        r = query_quoted(p, &value);
        return r < 0 ? r : pattern_atom(p, field, value, true, at, ret);
    }
    value = query_peek_word(p);
    p->at += value.n;
    if (value.n == 0)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_VALUE_MISSING);
    if (slice_is(value, "*")) {
        *ret = query_atom_new(p, field, ATOM_EXISTS, at);
        return *ret ? 0 : query_no_memory(p);
    }
    if (value.p[0] == '<' || value.p[0] == '>')
        return query_comparison(p, field, value, at, ret);
    if (is_range(value, &dots))
        return query_range(p, field, value, dots, at, ret);
    if (query_network(value, &net))
        return network_atom(p, field, value, &net, at, ret);
    return pattern_atom(p, field, value, false, at, ret);
}

/* field:(a b "c d"): any of them. */
static int value_list(struct query_parser *p, struct slice field, struct query_node **ret)
{
    size_t from = p->at++;
    struct query_node *one;
    int r = 0;

    *ret = NULL;
    for (query_skip_space(p); r == 0 && !query_at_end(p) && p->text.p[p->at] != ')';
         query_skip_space(p)) {
        if (*ret && query_read_keyword(p, "or"))
            continue;
        r = value_node(p, field, &one);
        if (r == 0 && *ret)
            r = query_two(p, QUERY_OR, *ret, one, ret);
        else if (r == 0)
            *ret = one;
    }
    if (r < 0)
        return r;
    if (query_at_end(p))
        return query_fail(p, from, CE_SYNTAX, ERR_SEARCH_BRACKET_OPEN);
    p->at++;
    return *ret ? 0 : query_fail(p, from, CE_SYNTAX, ERR_SEARCH_VALUE_MISSING);
}

int query_values(struct query_parser *p, struct slice field, struct query_node **ret)
{
    return !query_at_end(p) && p->text.p[p->at] == '(' ? value_list(p, field, ret)
                                                       : value_node(p, field, ret);
}
