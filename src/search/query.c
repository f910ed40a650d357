/* SPDX-License-Identifier: Apache-2.0 */
#include "search/query.h"

#include "base/ascii.h"
#include "base/cur.h"
#include "base/fold.h"
#include "base/ip.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_search.h"
#include "sigma/pattern.h"

struct parser {
    struct arena *arena;
    struct slice text;
    size_t at;
    uint32_t nodes, depth;
    bool top; /* nothing but AND is around the present term */
    struct query *q;
    int zone_s;
    struct err *err;
};

static int query_fail(struct parser *p, size_t at, enum ce code, unsigned id)
{
    return err_fail_id_at(p->err, code, 1, (unsigned)at + 1, id);
}

static int no_memory(struct parser *p)
{
    return query_fail(p, p->at, CE_TOO_BIG, ERR_SEARCH_TOO_LARGE);
}

static struct query_node *new_node(struct parser *p, enum query_op op, size_t at)
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

static void skip_space(struct parser *p)
{
    while (p->at < p->text.n && ascii_is_space(p->text.p[p->at]))
        p->at++;
}

static bool at_end(const struct parser *p)
{
    return p->at >= p->text.n;
}

/* The characters up to the next blank or bracket. */
static struct slice peek_word(const struct parser *p)
{
    size_t n = p->at;

    while (n < p->text.n && !ascii_is_space(p->text.p[n]) && p->text.p[n] != '(' &&
           p->text.p[n] != ')')
        n++;
    return slice_of(p->text.p + p->at, n - p->at);
}

static bool read_keyword(struct parser *p, const char *word)
{
    struct slice w = peek_word(p);

    if (!slice_eq_nocase(w, slice_str(word)))
        return false;
    p->at += w.n;
    return true;
}

/* A text in quotes, in which \" and \\ stand for the second. */
static int query_quoted(struct parser *p, struct slice *ret)
{
    size_t from = p->at++;
    uint8_t *to = arena_alloc(p->arena, p->text.n - from);
    size_t n = 0;

    if (to == NULL)
        return no_memory(p);
    for (; !at_end(p) && p->text.p[p->at] != '"'; p->at++) {
        bool escaped = p->text.p[p->at] == '\\' && p->at + 1 < p->text.n &&
                       (p->text.p[p->at + 1] == '"' || p->text.p[p->at + 1] == '\\');

        p->at += escaped;
        to[n++] = p->text.p[p->at];
    }
    if (at_end(p))
        return query_fail(p, from, CE_SYNTAX, ERR_SEARCH_QUOTE_OPEN);
    p->at++;
    *ret = slice_of(to, n);
    return 0;
}

static int query_join(struct parser *p, enum query_op op, size_t at, struct query_node **kids,
                      uint32_t count, struct query_node **ret)
{
    struct query_node *n;

    if (count == 1) {
        *ret = kids[0];
        return 0;
    }
    n = new_node(p, count ? op : QUERY_ALL, at);
    if (n == NULL)
        return no_memory(p);
    n->count = count;
    n->kids = arena_new_array(p->arena, count ? count : 1, const struct query_node *);
    if (n->kids == NULL)
        return no_memory(p);
    for (uint32_t i = 0; i < count; i++)
        n->kids[i] = kids[i];
    *ret = n;
    return 0;
}

static int query_two(struct parser *p, enum query_op op, struct query_node *a, struct query_node *b,
                     struct query_node **ret)
{
    struct query_node *kids[2] = {a, b};

    return query_join(p, op, a->col - 1, kids, 2, ret);
}

static struct query_node *new_atom(struct parser *p, struct slice field, enum atom_op op, size_t at)
{
    struct query_node *n = new_node(p, QUERY_ATOM, at);

    if (n == NULL)
        return NULL;
    n->atom = (struct atom){.op = op, .field = field, .line = 1, .col = (unsigned)at + 1};
    n->number = p->q->atom_count++;
    return n;
}

/* A network or an address: a.b.c.d, a.b.c.d/bits, and those of IPv6. */
static bool query_network(struct slice s, struct cidr *ret)
{
    size_t slash = slice_find_byte(s, '/');
    struct ip ip;
    int64_t bits;

    if (ip_parse(slice_head(s, CANH_MIN(slash, s.n)), &ip) < 0)
        return false;
    bits = ip.v6 ? 128 : 32;
    if (slash != SIZE_MAX && num_range(slice_from(s, slash + 1), 0, bits, &bits) < 0)
        return false;
    *ret = (struct cidr){.bits = (uint8_t)bits, .v6 = ip.v6};
    memcpy(ret->address, ip.bytes, sizeof(ret->address));
    return true;
}

static int number_atom(struct parser *p, struct slice field, enum atom_op op, struct slice text,
                       size_t at, struct query_node **ret)
{
    double number;

    if (num_double(text, &number) < 0)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_NUMBER_WANTED);
    *ret = new_atom(p, field, op, at);
    if (*ret == NULL)
        return no_memory(p);
    (*ret)->atom.number = number;
    return 0;
}

/* >5  >=5  <5  <=5 */
static int query_comparison(struct parser *p, struct slice field, struct slice value, size_t at,
                            struct query_node **ret)
{
    bool equal = value.n > 1 && value.p[1] == '=';
    enum atom_op op = value.p[0] == '>' ? (equal ? ATOM_GTE : ATOM_GT) : equal ? ATOM_LTE : ATOM_LT;

    return number_atom(p, field, op, slice_from(value, equal ? 2 : 1), at, ret);
}

/* 5..9, 5.., ..9: both ends are inside. */
static int query_range(struct parser *p, struct slice field, struct slice value, size_t dots,
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

static int pattern_atom(struct parser *p, struct slice field, struct slice value, bool literal,
                        size_t at, struct query_node **ret)
{
    struct query_node *n = new_atom(p, field, ATOM_PATTERN, at);
    int r;

    if (n == NULL)
        return no_memory(p);
    r = literal ? pattern_literal(p->arena, value, OPEN_NONE, &n->atom.pattern)
                : pattern_parse(p->arena, value, OPEN_NONE, &n->atom.pattern);
    *ret = n;
    return r < 0 ? no_memory(p) : 0;
}

/* An address is found in any spelling, and as text where the field holds more than it. */
static int network_atom(struct parser *p, struct slice field, struct slice value,
                        const struct cidr *net, size_t at, struct query_node **ret)
{
    struct query_node *n = new_atom(p, field, ATOM_CIDR, at), *text;
    int r;

    if (n == NULL)
        return no_memory(p);
    n->atom.cidr = *net;
    *ret = n;
    if (slice_find_byte(value, '/') != SIZE_MAX)
        return 0;
    r = pattern_atom(p, field, value, true, at, &text);
    return r < 0 ? r : query_two(p, QUERY_OR, n, text, ret);
}

static int value_node(struct parser *p, struct slice field, struct query_node **ret)
{
    size_t at = p->at, dots;
    struct slice value;
    struct cidr net;
    int r;

    if (!at_end(p) && p->text.p[p->at] == '"') {
        r = query_quoted(p, &value);
        return r < 0 ? r : pattern_atom(p, field, value, true, at, ret);
    }
    value = peek_word(p);
    p->at += value.n;
    if (value.n == 0)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_VALUE_MISSING);
    if (slice_is(value, "*")) {
        *ret = new_atom(p, field, ATOM_EXISTS, at);
        return *ret ? 0 : no_memory(p);
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
static int value_list(struct parser *p, struct slice field, struct query_node **ret)
{
    size_t from = p->at++;
    struct query_node *one;
    int r = 0;

    *ret = NULL;
    for (skip_space(p); r == 0 && !at_end(p) && p->text.p[p->at] != ')'; skip_space(p)) {
        if (*ret && read_keyword(p, "or"))
            continue;
        r = value_node(p, field, &one);
        if (r == 0 && *ret)
            r = query_two(p, QUERY_OR, *ret, one, ret);
        else if (r == 0)
            *ret = one;
    }
    if (r < 0)
        return r;
    if (at_end(p))
        return query_fail(p, from, CE_SYNTAX, ERR_SEARCH_BRACKET_OPEN);
    p->at++;
    return *ret ? 0 : query_fail(p, from, CE_SYNTAX, ERR_SEARCH_VALUE_MISSING);
}

/* 90s 15m 12h 7d 4w */
static int query_duration(struct parser *p, struct slice value, size_t at, int64_t *ret)
{
    static const struct {
        char letter;
        int64_t unit;
    } rows[] = {{'s', TIME_SECOND},
                {'m', TIME_MINUTE},
                {'h', TIME_HOUR},
                {'d', TIME_DAY},
                {'w', 7 * TIME_DAY}};
    int64_t n;

    for (size_t i = 0; value.n && i < CANH_LEN(rows); i++)
        if (value.p[value.n - 1] == (uint8_t)rows[i].letter &&
            num_range(slice_head(value, value.n - 1), 1, INT64_MAX / rows[i].unit, &n) == 0) {
            *ret = n * rows[i].unit;
            return 0;
        }
    return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_SPAN_WANTED);
}

static int query_instant(struct parser *p, struct slice value, size_t at, int64_t *ret)
{
    return time_parse(value, p->zone_s, ret, NULL) < 0
               ? query_fail(p, at, CE_SYNTAX, ERR_SEARCH_TIME_WANTED)
               : 0;
}

static int scope_name(struct parser *p, struct slice value, size_t at, struct slice *list,
                      uint32_t *count)
{
    if (*count == QUERY_SCOPES_MAX)
        return query_fail(p, at, CE_TOO_BIG, ERR_SEARCH_TOO_MANY_SCOPES);
    list[(*count)++] = value;
    return 0;
}

/* 1 when the term narrows the search instead of matching records. */
static int query_scope(struct parser *p, struct slice field, size_t at)
{
    struct query *q = p->q;
    size_t value_at = p->at;
    struct slice value;
    int r = 0;

    if (!slice_is(field, "last") && !slice_is(field, "from") && !slice_is(field, "until") &&
        !slice_is(field, "source") && !slice_is(field, "unit"))
        return 0;
    if (!p->top)
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_SCOPE_INSIDE);
    if (!at_end(p) && p->text.p[p->at] == '"') {
        r = query_quoted(p, &value);
    } else {
        value = peek_word(p);
        p->at += value.n;
    }
    if (r < 0)
        return r;
    if (slice_is(field, "last"))
        r = query_duration(p, value, value_at, &q->last);
    else if (slice_is(field, "from"))
        r = query_instant(p, value, value_at, &q->from);
    else if (slice_is(field, "until"))
        r = query_instant(p, value, value_at, &q->until);
    else if (slice_is(field, "source"))
        r = scope_name(p, value, value_at, q->sources, &q->source_count);
    else
        r = scope_name(p, value, value_at, q->units, &q->unit_count);
    return r < 0 ? r : 1;
}

static bool name_byte(uint8_t c, bool first)
{
    return ascii_is_alpha(c) || c == '_' || c == '@' ||
           (!first && (ascii_is_digit(c) || c == '.' || c == '-'));
}

/* The name before the colon, or nothing: a path of Windows, a URL or a time has none. */
static struct slice field_name(const struct parser *p)
{
    struct slice w = peek_word(p);
    size_t n = 0;

    while (n < w.n && name_byte(w.p[n], n == 0))
        n++;
    if (n == 0 || n >= w.n || w.p[n] != ':')
        return SLICE_NULL;
    if (n + 1 < w.n && (w.p[n + 1] == '\\' || w.p[n + 1] == '/') && n == 1)
        return SLICE_NULL;
    if (slice_starts(slice_from(w, n), SLICE("://")))
        return SLICE_NULL;
    return slice_head(w, n);
}

/* A word with backslashes or quotes as JSON has it, each with a backslash before. */
static int escape_parts(struct parser *p, struct query_node *n)
{
    struct query_node *e = new_node(p, QUERY_WORD, n->col - 1);
    struct slice *parts = arena_new_array(p->arena, n->part_count + 1, struct slice);

    if (e == NULL || parts == NULL)
        return no_memory(p);
    for (uint32_t i = 0; i < n->part_count; i++) {
        struct slice from = n->parts[i];
        uint8_t *to = arena_alloc(p->arena, 2 * from.n + 1);
        size_t size = 0;

        if (to == NULL)
            return no_memory(p);
        for (size_t k = 0; k < from.n; k++) {
            if (from.p[k] == '\\' || from.p[k] == '"')
                to[size++] = '\\';
            to[size++] = from.p[k];
        }
        parts[i] = slice_of(to, size);
    }
    e->parts = parts;
    e->part_count = n->part_count;
    e->open_before = n->open_before;
    e->open_after = n->open_after;
    n->escaped = e;
    return 0;
}

static int fold_part(struct parser *p, struct slice part, struct slice *ret)
{
    uint8_t *to = arena_alloc(p->arena, fold_max(part.n));

    if (to == NULL)
        return no_memory(p);
    *ret = slice_of(to, fold_text(part, to));
    return 0;
}

/* A word without a field: its pieces between the stars. */
static int word_node(struct parser *p, struct slice word, bool literal, size_t at,
                     struct query_node **ret)
{
    struct query_node *n = new_node(p, QUERY_WORD, at);
    struct slice *parts = arena_new_array(p->arena, word.n + 1, struct slice), rest = word, part;
    int r = 0;

    if (n == NULL || parts == NULL)
        return no_memory(p);
    n->open_before = !literal && slice_starts(word, SLICE("*"));
    n->open_after = !literal && slice_ends(word, SLICE("*"));
    if (literal && word.n)
        r = fold_part(p, word, &parts[n->part_count++]);
    while (!literal && r == 0 && slice_cut(&rest, '*', &part))
        if (part.n)
            r = fold_part(p, part, &parts[n->part_count++]);
    n->parts = parts;
    if (n->part_count == 0)
        n->op = QUERY_ALL;
    if (r == 0 &&
        (slice_find_byte(word, '\\') != SIZE_MAX || slice_find_byte(word, '"') != SIZE_MAX))
        r = escape_parts(p, n);
    *ret = n;
    return r;
}

static int parse_or(struct parser *p, struct query_node **ret);

static int query_brackets(struct parser *p, struct query_node **ret)
{
    size_t from = p->at++;
    bool top = p->top;
    int r;

    if (++p->depth > QUERY_DEPTH_MAX)
        return query_fail(p, from, CE_DEPTH, ERR_SEARCH_TOO_DEEP);
    p->top = false;
    r = parse_or(p, ret);
    p->top = top;
    p->depth--;
    if (r < 0)
        return r;
    skip_space(p);
    if (at_end(p))
        return query_fail(p, from, CE_SYNTAX, ERR_SEARCH_BRACKET_OPEN);
    p->at++;
    return 0;
}

/* Short names for what has another name in every kind of log. */
static const struct {
    const char *name;
    const char *fields[8]; /* NULL ends */
} aliases[] = {
    {"user", {"user.name", "User", "TargetUserName", "SubjectUserName", "AccountName", "user"}},
    {"host", {"host.hostname", "host.name", "Computer", "host"}},
    {"ip",
     {"source.ip", "destination.ip", "IpAddress", "SourceIp", "DestinationIp", "src_ip",
      "dest_ip"}},
    {"process", {"process.executable", "process.name", "Image", "NewProcessName", "process"}},
};

static int values_of(struct parser *p, struct slice field, struct query_node **ret)
{
    return !at_end(p) && p->text.p[p->at] == '(' ? value_list(p, field, ret)
                                                 : value_node(p, field, ret);
}

/* The value is read once for each field that the short name stands for. */
static int alias_term(struct parser *p, const char *const *fields, struct query_node **ret)
{
    size_t at = p->at;
    struct query_node *one;
    int r = values_of(p, slice_str(fields[0]), ret);

    for (size_t i = 1; r == 0 && fields[i]; i++) {
        p->at = at;
        r = values_of(p, slice_str(fields[i]), &one);
        if (r == 0)
            r = query_two(p, QUERY_OR, *ret, one, ret);
    }
    return r;
}

static int field_term(struct parser *p, struct slice field, struct query_node **ret)
{
    size_t at = p->at;
    int r;

    p->at += field.n + 1;
    r = query_scope(p, field, at);
    if (r != 0) {
        *ret = r > 0 ? new_node(p, QUERY_ALL, at) : NULL;
        return r < 0 ? r : *ret ? 0 : no_memory(p);
    }
    for (size_t i = 0; i < CANH_LEN(aliases); i++)
        if (slice_is(field, aliases[i].name))
            return alias_term(p, aliases[i].fields, ret);
    return values_of(p, field, ret);
}

static int query_term(struct parser *p, struct query_node **ret)
{
    size_t at = p->at;
    struct slice word, field;
    struct cidr net;
    int r;

    if (p->text.p[p->at] == '(')
        return query_brackets(p, ret);
    if (p->text.p[p->at] == ')')
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_BRACKET_CLOSED);
    if (p->text.p[p->at] == '"') {
        r = query_quoted(p, &word);
        return r < 0 ? r : word_node(p, word, true, at, ret);
    }
    word = peek_word(p);
    if (query_network(word, &net)) {
        p->at += word.n;
        *ret = new_node(p, QUERY_ADDRESS, at);
        if (*ret)
            (*ret)->net = net;
        return *ret ? 0 : no_memory(p);
    }
    field = field_name(p);
    if (field.n)
        return field_term(p, field, ret);
    p->at += word.n;
    return word_node(p, word, false, at, ret);
}

static int parse_not(struct parser *p, struct query_node **ret)
{
    size_t at = p->at;
    bool top = p->top;
    struct query_node *kid, *n;
    int r;

    if (!read_keyword(p, "not")) {
        if (p->text.p[p->at] != '-' || p->at + 1 >= p->text.n ||
            ascii_is_space(p->text.p[p->at + 1]))
            return query_term(p, ret);
        p->at++;
    }
    skip_space(p);
    if (at_end(p))
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_NOT_ALONE);
    if (++p->depth > QUERY_DEPTH_MAX)
        return query_fail(p, at, CE_DEPTH, ERR_SEARCH_TOO_DEEP);
    p->top = false;
    r = parse_not(p, &kid);
    p->top = top;
    p->depth--;
    if (r < 0)
        return r;
    n = new_node(p, QUERY_NOT, at);
    if (n)
        n->kids = arena_new_array(p->arena, 1, const struct query_node *);
    if (n == NULL || n->kids == NULL)
        return no_memory(p);
    n->kids[0] = kid;
    n->count = 1;
    *ret = n;
    return 0;
}

/* Whether `or` comes next, or the end of what is joined by and. */
static bool and_ends(struct parser *p)
{
    skip_space(p);
    return at_end(p) || p->text.p[p->at] == ')' || slice_eq_nocase(peek_word(p), SLICE("or"));
}

static int parse_and(struct parser *p, struct query_node **ret)
{
    struct query_node *one;
    int r = 0;

    *ret = NULL;
    while (r == 0 && !and_ends(p)) {
        if (*ret && read_keyword(p, "and") && and_ends(p))
            return query_fail(p, p->at, CE_SYNTAX, ERR_SEARCH_AND_ALONE);
        r = parse_not(p, &one);
        if (r == 0 && *ret)
            r = query_two(p, QUERY_AND, *ret, one, ret);
        else if (r == 0)
            *ret = one;
    }
    if (r == 0 && *ret == NULL)
        return query_fail(p, p->at, CE_SYNTAX, ERR_SEARCH_TERM_MISSING);
    return r;
}

/* Whether an `or` stands outside brackets and quotes from here on. */
static bool has_or(const struct parser *p)
{
    struct parser look = *p;
    int depth = 0;

    while (!at_end(&look) && depth >= 0) {
        uint8_t c = look.text.p[look.at];
        struct slice w = peek_word(&look);

        if (c == '"') {
            for (look.at++; !at_end(&look) && look.text.p[look.at] != '"'; look.at++)
                look.at += look.text.p[look.at] == '\\';
            look.at++;
        } else if (depth == 0 && slice_eq_nocase(w, SLICE("or"))) {
            return true;
        } else {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            look.at += w.n ? w.n : 1;
        }
    }
    return false;
}

static int parse_or(struct parser *p, struct query_node **ret)
{
    bool top = p->top;
    struct query_node *one;
    int r;

    p->top = top && !has_or(p);
    r = parse_and(p, ret);
    while (r == 0 && (skip_space(p), read_keyword(p, "or"))) {
        r = parse_and(p, &one);
        if (r == 0)
            r = query_two(p, QUERY_OR, *ret, one, ret);
    }
    p->top = top;
    return r;
}

/* The atoms in the order of their numbers. */
static void list_atoms(const struct query_node *n, struct query *q)
{
    if (n->op == QUERY_ATOM)
        q->atoms[n->number] = (struct query_node *)(uintptr_t)n;
    for (uint32_t i = 0; i < n->count; i++)
        list_atoms(n->kids[i], q);
}

int query_parse(struct slice text, int zone_s, struct arena *arena, struct query *ret,
                struct err *err)
{
    struct parser p = {.arena = arena, .top = true, .q = ret, .zone_s = zone_s, .err = err};
    struct query_node *root = NULL;
    int r = 0;

    *ret = (struct query){.from = TIME_NONE, .until = TIME_NONE};
    if (text.n > QUERY_TEXT_MAX)
        return err_fail_at(err, CE_TOO_BIG, 1, 1, ERR_SEARCH_TOO_LONG, (unsigned)QUERY_TEXT_MAX);
    p.text = arena_dup(arena, text);
    if (p.text.p == NULL)
        return no_memory(&p);
    skip_space(&p);
    if (at_end(&p))
        root = new_node(&p, QUERY_ALL, 0);
    else
        r = parse_or(&p, &root);
    skip_space(&p);
    if (r == 0 && !at_end(&p))
        r = query_fail(&p, p.at, CE_SYNTAX, ERR_SEARCH_BRACKET_CLOSED);
    if (r < 0)
        return r;
    ret->atoms = arena_new_array(arena, ret->atom_count + 1, struct query_node *);
    if (root == NULL || ret->atoms == NULL)
        return no_memory(&p);
    ret->root = root;
    list_atoms(root, ret);
    return 0;
}

int query_intern(const struct query *q, struct keys *keys)
{
    for (uint32_t i = 0; i < q->atom_count; i++)
        if (keys_intern(keys, q->atoms[i]->atom.field) == KEY_NONE)
            return -CE_NOMEM;
    return 0;
}
