/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"
#include "base/time.h"
#include "search/query_internal.h"

static bool name_byte(uint8_t c, bool first)
{
    return ascii_is_alpha(c) || c == '_' || c == '@' ||
           (!first && (ascii_is_digit(c) || c == '.' || c == '-'));
}

/* The name before the colon, or nothing: a path of Windows, a URL or a time has none. */
static struct slice field_name(const struct query_parser *p)
{
    struct slice w = query_peek_word(p);
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
static int escape_parts(struct query_parser *p, struct query_node *n)
{
    struct query_node *e = query_node_new(p, QUERY_WORD, n->col - 1);
    struct slice *parts = arena_new_array(p->arena, n->part_count + 1, struct slice);

    if (e == NULL || parts == NULL)
        return query_no_memory(p);
    for (uint32_t i = 0; i < n->part_count; i++) {
        struct slice from = n->parts[i];
        uint8_t *to = arena_alloc(p->arena, 2 * from.n + 1);
        size_t size = 0;

        if (to == NULL)
            return query_no_memory(p);
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

static int fold_part(struct query_parser *p, struct slice part, struct slice *ret)
{
    uint8_t *to = arena_alloc(p->arena, fold_max(part.n));

    if (to == NULL)
        return query_no_memory(p);
    *ret = slice_of(to, fold_text(part, to));
    return 0;
}

/* A word without a field: its pieces between the stars. */
static int word_node(struct query_parser *p, struct slice word, bool literal, size_t at,
                     struct query_node **ret)
{
    struct query_node *n = query_node_new(p, QUERY_WORD, at);
    struct slice *parts = arena_new_array(p->arena, word.n + 1, struct slice), rest = word, part;
    int r = 0;

    if (n == NULL || parts == NULL)
        return query_no_memory(p);
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

static int parse_or(struct query_parser *p, struct query_node **ret);

static int query_brackets(struct query_parser *p, struct query_node **ret)
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
    query_skip_space(p);
    if (query_at_end(p))
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

/* The value is read once for each field that the short name stands for. */
static int alias_term(struct query_parser *p, const char *const *fields, struct query_node **ret)
{
    size_t at = p->at;
    struct query_node *one;
    int r = query_values(p, slice_str(fields[0]), ret);

    for (size_t i = 1; r == 0 && fields[i]; i++) {
        p->at = at;
        r = query_values(p, slice_str(fields[i]), &one);
        if (r == 0)
            r = query_two(p, QUERY_OR, *ret, one, ret);
    }
    return r;
}

static int field_term(struct query_parser *p, struct slice field, struct query_node **ret)
{
    size_t at = p->at;
    int r;

    p->at += field.n + 1;
    r = query_scope(p, field, at);
    if (r != 0) {
        *ret = r > 0 ? query_node_new(p, QUERY_ALL, at) : NULL;
        return r < 0 ? r : *ret ? 0 : query_no_memory(p);
    }
    for (size_t i = 0; i < CANH_LEN(aliases); i++)
        if (slice_is(field, aliases[i].name))
            return alias_term(p, aliases[i].fields, ret);
    return query_values(p, field, ret);
}

static int query_term(struct query_parser *p, struct query_node **ret)
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
    word = query_peek_word(p);
    if (query_network(word, &net)) {
        p->at += word.n;
        *ret = query_node_new(p, QUERY_ADDRESS, at);
        if (*ret)
            (*ret)->net = net;
        return *ret ? 0 : query_no_memory(p);
    }
    field = field_name(p);
    if (field.n)
        return field_term(p, field, ret);
    p->at += word.n;
    return word_node(p, word, false, at, ret);
}

static int parse_not(struct query_parser *p, struct query_node **ret)
{
    size_t at = p->at;
    bool top = p->top;
    struct query_node *kid, *n;
    int r;

    if (!query_read_keyword(p, "not")) {
        if (p->text.p[p->at] != '-' || p->at + 1 >= p->text.n ||
            ascii_is_space(p->text.p[p->at + 1]))
            return query_term(p, ret);
        p->at++;
    }
    query_skip_space(p);
    if (query_at_end(p))
        return query_fail(p, at, CE_SYNTAX, ERR_SEARCH_NOT_ALONE);
    if (++p->depth > QUERY_DEPTH_MAX)
        return query_fail(p, at, CE_DEPTH, ERR_SEARCH_TOO_DEEP);
    p->top = false;
    r = parse_not(p, &kid);
    p->top = top;
    p->depth--;
    if (r < 0)
        return r;
    n = query_node_new(p, QUERY_NOT, at);
    if (n)
        n->kids = arena_new_array(p->arena, 1, const struct query_node *);
    if (n == NULL || n->kids == NULL)
        return query_no_memory(p);
    n->kids[0] = kid;
    n->count = 1;
    *ret = n;
    return 0;
}

/* Whether `or` comes next, or the end of what is joined by and. */
static bool and_ends(struct query_parser *p)
{
    query_skip_space(p);
    return query_at_end(p) || p->text.p[p->at] == ')' ||
           slice_eq_nocase(query_peek_word(p), SLICE("or"));
}

static int parse_and(struct query_parser *p, struct query_node **ret)
{
    struct query_node *one;
    int r = 0;

    *ret = NULL;
    while (r == 0 && !and_ends(p)) {
        if (*ret && query_read_keyword(p, "and") && and_ends(p))
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
static bool has_or(const struct query_parser *p)
{
    struct query_parser look = *p;
    int depth = 0;

    while (!query_at_end(&look) && depth >= 0) {
        uint8_t c = look.text.p[look.at];
        struct slice w = query_peek_word(&look);

        if (c == '"') {
            for (look.at++; !query_at_end(&look) && look.text.p[look.at] != '"'; look.at++)
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

static int parse_or(struct query_parser *p, struct query_node **ret)
{
    bool top = p->top;
    struct query_node *one;
    int r;

    p->top = top && !has_or(p);
    r = parse_and(p, ret);
    while (r == 0 && (query_skip_space(p), query_read_keyword(p, "or"))) {
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
    struct query_parser p = {.arena = arena, .top = true, .q = ret, .zone_s = zone_s, .err = err};
    struct query_node *root = NULL;
    int r = 0;

    *ret = (struct query){.from = TIME_NONE, .until = TIME_NONE};
    if (text.n > QUERY_TEXT_MAX)
        return err_fail_at(err, CE_TOO_BIG, 1, 1, ERR_SEARCH_TOO_LONG, (unsigned)QUERY_TEXT_MAX);
    p.text = arena_dup(arena, text);
    if (p.text.p == NULL)
        return query_no_memory(&p);
    query_skip_space(&p);
    if (query_at_end(&p))
        root = query_node_new(&p, QUERY_ALL, 0);
    else
        r = parse_or(&p, &root);
    query_skip_space(&p);
    if (r == 0 && !query_at_end(&p))
        r = query_fail(&p, p.at, CE_SYNTAX, ERR_SEARCH_BRACKET_CLOSED);
    if (r < 0)
        return r;
    ret->atoms = arena_new_array(arena, ret->atom_count + 1, struct query_node *);
    if (root == NULL || ret->atoms == NULL)
        return query_no_memory(&p);
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
