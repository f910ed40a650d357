/* SPDX-License-Identifier: Apache-2.0 */
/* The transformations of values. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "base/utf.h"
#include "sigma/pattern.h"
#include "sigma/pipeline_internal.h"

/* ── making values ───────────────────────────────────────────────────────── */

static const struct expr *value_expr(struct apply *a, const struct expr *leaf,
                                     const struct atom *value)
{
    struct atom *atom = arena_new(a->arena, struct atom);

    if (atom == NULL) {
        (void)apply_nomem(a);
        return NULL;
    }
    *atom = *value;
    atom->field = leaf->atom->field;
    atom->line = leaf->atom->line;
    atom->col = leaf->atom->col;
    return make_atom(a, atom, leaf);
}

static const struct expr *pattern_expr(struct apply *a, const struct expr *leaf,
                                       const struct pattern *pattern)
{
    const struct atom value = {.op = ATOM_PATTERN,
                               .cased = leaf->atom->op == ATOM_PATTERN && leaf->atom->cased,
                               .pattern = *pattern};

    return value_expr(a, leaf, &value);
}

static int plain_failed(struct apply *a, const struct expr *leaf, int r)
{
    if (r == -CE_NOMEM)
        return apply_nomem(a);
    return apply_refuse(a, CE_TOO_BIG, leaf->line, leaf->col, "a value of more than %d bytes",
                        PLAIN_MAX);
}

/* The part of a plain text as a new value in place of leaf. */
static int plain_expr(struct apply *a, const struct expr *leaf, const struct plain *p,
                      const struct expr **ret)
{
    struct pattern pattern;
    int r = plain_pattern(p, 0, p->text.len, a->arena, &pattern);

    if (r < 0)
        return plain_failed(a, leaf, r);
    *ret = pattern_expr(a, leaf, &pattern);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static void number_text(double v, char *to, size_t size)
{
    if (v == floor(v) && fabs(v) < 1e15)
        (void)snprintf(to, size, "%.0f", v);
    else
        (void)snprintf(to, size, "%.17g", v);
}

/* The text of a value that is text, or a number where those count too; false for others. */
static bool value_text(const struct atom *atom, bool numbers, struct plain *to)
{
    char text[40];

    if (atom->op == ATOM_PATTERN) {
        plain_put_pattern(to, &atom->pattern);
    } else if (atom->op == ATOM_NUMBER && numbers) {
        number_text(atom->number, text, sizeof(text));
        plain_put_literal(to, slice_str(text));
    } else {
        return false;
    }
    return true;
}

typedef int (*text_fn)(struct apply *a, const struct expr *leaf, const struct plain *text,
                       const struct expr **ret);

struct text_ctx {
    text_fn fn;
    bool numbers;
};

static int on_text(struct apply *a, const struct expr *leaf, void *ctx, const struct expr **ret)
{
    const struct text_ctx *t = ctx;
    struct plain text = PLAIN_INIT;
    int r = 0;

    if (value_text(leaf->atom, t->numbers, &text))
        r = text.text.err != 0 ? plain_failed(a, leaf, text.text.err) : t->fn(a, leaf, &text, ret);
    plain_done(&text);
    return r;
}

static int texts_of_item(struct apply *a, const struct expr *item, text_fn fn, bool numbers,
                         const struct expr **ret)
{
    struct text_ctx ctx = {fn, numbers};

    return map_atoms(a, item, on_text, &ctx, ret);
}

/* The same where the values come to stand under fields of their own. */
static int split_item(struct apply *a, const struct expr *item, text_fn fn, const struct expr **ret)
{
    struct expr *loose = arena_new(a->arena, struct expr);
    int r;

    if (loose == NULL)
        return apply_nomem(a);
    *loose = *item;
    loose->item = false;
    r = texts_of_item(a, loose, fn, false, ret);
    if (r == 0 && *ret == loose)
        *ret = item;
    return r;
}

/* ── replace_string ──────────────────────────────────────────────────────── */

/* A group's number from "<name>" or "<1>"; the reference is cut off *rest. */
static int group_reference(const struct rx *rx, struct slice *rest)
{
    size_t end = slice_find_byte(*rest, '>');
    struct slice name;
    uint64_t n;

    if (rest->n == 0 || rest->p[0] != '<' || end == SIZE_MAX)
        return -1;
    name = slice_of(rest->p + 1, end - 1);
    *rest = slice_from(*rest, end + 1);
    if (num_u64(name, &n) == 0)
        return n <= rx_groups(rx) ? (int)n : -1;
    return rx_group(rx, name);
}

struct template_sink {
    void *ctx;
    void (*text)(void *ctx, struct slice text);
    void (*group)(void *ctx, int group);
};

/* One escape of a replacement, behind its backslash; false when it means nothing. */
static bool template_escape(struct slice *rest, const struct rx *rx, const struct template_sink *to)
{
    static const char letters[] = "ntrafv", meant[] = "\n\t\r\a\f\v";
    uint8_t c = rest->p[0];
    const char *at;
    int group;

    *rest = slice_from(*rest, 1);
    if (c == 'g') {
        group = group_reference(rx, rest);
    } else if (c >= '1' && c <= '9') {
        group = c - '0';
        if (rest->n > 0 && isdigit(rest->p[0])) {
            group = group * 10 + (rest->p[0] - '0');
            *rest = slice_from(*rest, 1);
        }
    } else if (isalnum(c)) {
        at = c != 0 ? strchr(letters, c) : NULL;
        if (at != NULL)
            to->text(to->ctx, slice_of(meant + (at - letters), 1));
        return at != NULL;
    } else {
        to->text(to->ctx, c == '\\' ? slice_of(rest->p - 1, 1) : slice_of(rest->p - 2, 2));
        return true;
    }
    if (group < 0 || (uint32_t)group > rx_groups(rx))
        return false;
    to->group(to->ctx, group);
    return true;
}

/* Python's replacement: \1, \g<1>, \g<name>, \\, \n …; false when it is not well-formed. */
static bool template_expand(struct slice text, const struct rx *rx, const struct template_sink *to)
{
    for (;;) {
        size_t n = slice_find_byte(text, '\\');

        if (n != 0 && text.n > 0)
            to->text(to->ctx, slice_head(text, n));
        if (n == SIZE_MAX)
            return true;
        text = slice_from(text, n + 1);
        if (text.n == 0 || !template_escape(&text, rx, to))
            return false;
    }
}

static void ignore_text(void *ctx, struct slice text)
{
    (void)ctx, (void)text;
}

static void ignore_group(void *ctx, int group)
{
    (void)ctx, (void)group;
}

static int parse_replace(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct template_sink ignore = {NULL, ignore_text, ignore_group};
    int r;

    if ((r = load_text(l, n, "replacement", &it->regex.text)) < 0 ||
        (r = load_bool(l, n, "skip_special", &it->regex.skip_special)) < 0 ||
        (r = load_bool(l, n, "interpret_special", &it->regex.interpret)) < 0 ||
        (r = load_regex(l, yaml_get(n, "regex"), &it->regex.regex)) < 0)
        return r;
    if (!template_expand(it->regex.text, it->regex.regex, &ignore))
        return load_bad(l, yaml_get(n, "replacement"),
                        "an escape that is none, or a group that the expression does not have");
    return 0;
}

struct replacing {
    const struct plain *from;
    struct plain *to;
    const size_t *groups;
    struct buf special; /* text of the replacement, gathered until a group comes */
    bool literal;
};

static void flush_special(struct replacing *re)
{
    if (re->literal)
        plain_put_literal(re->to, buf_slice(&re->special));
    else
        plain_put_special(re->to, buf_slice(&re->special));
    buf_clear(&re->special);
}

static void put_text(void *ctx, struct slice text)
{
    buf_put_slice(&((struct replacing *)ctx)->special, text);
}

static void put_group(void *ctx, int group)
{
    struct replacing *re = ctx;

    flush_special(re);
    if (re->groups[2 * group] != SIZE_MAX)
        plain_put_range(re->to, re->from, re->groups[2 * group], re->groups[2 * group + 1]);
}

static size_t char_len(struct slice text, size_t at)
{
    unsigned n = 1;

    if (at < text.n)
        (void)utf8_decode(text.p + at, text.n - at, &n);
    return n;
}

/* Every match in `from`, as re.sub() does it; 1 when there was one. */
static int replace_all(struct apply *a, const struct plain *from, struct plain *to, bool literal)
{
    struct replacing re = {from, to, NULL, BUF_INIT(PLAIN_MAX), literal};
    const struct template_sink sink = {&re, put_text, put_group};
    struct slice text = buf_slice(&from->text);
    size_t at = 0, done = 0;
    int r = 0, any = 0;

    while (at <= text.n && to->text.err == 0 &&
           (r = apply_rx(a, a->item->regex.regex, text, at, false, &re.groups)) > 0) {
        size_t start = re.groups[0], end = re.groups[1];

        any = 1;
        plain_put_range(to, from, done, start);
        (void)template_expand(a->item->regex.text, a->item->regex.regex, &sink);
        flush_special(&re);
        done = end;
        at = end > start ? end : end + char_len(text, end);
        if (apply_step(a) < 0) {
            r = -CE_TOO_BIG;
            break;
        }
    }
    plain_put_range(to, from, done, text.n);
    if (re.special.err != 0 && to->text.err == 0)
        to->text.err = re.special.err;
    buf_done(&re.special);
    return r < 0 ? r : any;
}

static int replace_whole(struct apply *a, const struct expr *leaf, const struct plain *text,
                         const struct expr **ret)
{
    struct plain to = PLAIN_INIT;
    int r = replace_all(a, text, &to, false);

    if (r > 0)
        r = plain_expr(a, leaf, &to, ret);
    plain_done(&to);
    return r;
}

/* skip_special: in each piece of text between wildcards, which stay. */
static int replace_parts(struct apply *a, const struct expr *leaf, const struct plain *text,
                         const struct expr **ret)
{
    struct plain from = PLAIN_INIT, to = PLAIN_INIT;
    size_t start = 0;
    int r = 0, any = 0;

    for (size_t i = 0; r >= 0 && i <= text->text.len; i++) {
        if (i < text->text.len && text->kind.p[i] != PLAIN_WILDCARD)
            continue;
        plain_clear(&from);
        for (size_t j = start; j < i; j++) /* as it is, without escapes */
            if (text->kind.p[j] == PLAIN_TEXT)
                plain_put_range(&from, text, j, j + 1);
        if (i > start && (r = replace_all(a, &from, &to, !a->item->regex.interpret)) > 0)
            any = 1;
        plain_put_range(&to, text, i, CANH_MIN(i + 1, text->text.len));
        start = i + 1;
    }
    if (r >= 0 && any)
        r = plain_expr(a, leaf, &to, ret);
    plain_done(&from);
    plain_done(&to);
    return CANH_MIN(r, 0);
}

static int replace_item(struct apply *a, const struct expr *item, struct slice field,
                        const struct expr **ret)
{
    (void)field;
    return texts_of_item(a, item, a->item->regex.skip_special ? replace_parts : replace_whole, true,
                         ret);
}

/* ── map_string ──────────────────────────────────────────────────────────── */

static int map_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                    const struct expr **ret)
{
    const struct map_pair *pair;
    const struct expr **kids;
    uint32_t i;

    if (!map_get(a->item->map.index, buf_slice(&text->text), &i))
        return 0;
    pair = &a->item->map.pairs[i];
    kids = arena_alloc(&a->scratch, pair->count * sizeof(*kids));
    if (kids == NULL)
        return apply_nomem(a);
    for (i = 0; i < pair->count; i++) {
        struct pattern pattern;

        if (pattern_parse(a->arena, pair->to[i], OPEN_NONE, &pattern) < 0)
            return apply_nomem(a);
        if ((kids[i] = pattern_expr(a, leaf, &pattern)) == NULL)
            return -CE_NOMEM;
    }
    *ret = pair->count == 1 ? kids[0] : make_group(a, EXPR_OR, kids, pair->count, leaf);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static int map_item(struct apply *a, const struct expr *item, struct slice field,
                    const struct expr **ret)
{
    (void)field;
    return texts_of_item(a, item, map_text, false, ret);
}

/* ── set_value, convert_type ─────────────────────────────────────────────── */

static int parse_set(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct yaml_node *v = yaml_get(n, "value");
    int force = -1, r = load_word(l, n, "force_type", "str num", &force);
    enum yaml_type type;
    bool number;

    if (r < 0)
        return r;
    if (v->kind != YAML_SCALAR)
        return load_bad(l, v, "'value' must be a single value");
    type = yaml_scalar_type(v);
    if (type == YAML_NULL) {
        if (force >= 0)
            return load_bad(l, v, "null cannot be forced to a type");
        it->value.op = ATOM_NULL;
        return 0;
    }
    number = force == 1 || (force < 0 && (type == YAML_INT || type == YAML_FLOAT));
    it->value.op = number ? ATOM_NUMBER : ATOM_PATTERN;
    if (number)
        return num_double(v->text, &it->value.number) < 0 ? load_bad(l, v, "not a number") : 0;
    return pattern_parse(&l->p->arena, v->text, OPEN_NONE, &it->value.pattern) < 0 ? load_nomem(l)
                                                                                   : 0;
}

static int first_leaf(struct apply *a, const struct atom *atom, void *ctx)
{
    (void)a;
    *(const struct atom **)ctx = atom;
    return 1;
}

/* All values of the item become the one; a NOT around them stays. */
static int set_item(struct apply *a, const struct expr *item, struct slice field,
                    const struct expr **ret)
{
    struct expr leaf = {.op = EXPR_ATOM};
    const struct atom *atom = NULL;
    const struct expr *kid;
    int r;

    if (item->op == EXPR_NOT) {
        if ((r = set_item(a, item->kids[0], field, &kid)) < 0)
            return r;
        *ret = make_group(a, EXPR_NOT, &kid, 1, item);
        return *ret != NULL ? 0 : -CE_NOMEM;
    }
    if ((r = look_atoms(a, item, first_leaf, &atom)) < 0 || atom == NULL)
        return CANH_MIN(r, 0);
    leaf.atom = atom;
    leaf.item = item->item;
    leaf.name = item->name;
    leaf.line = item->line;
    leaf.col = item->col;
    *ret = value_expr(a, &leaf, &a->item->value);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static int parse_convert(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_word(l, n, "target_type", "str num", &it->method);
}

static int convert_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                        const struct expr **ret)
{
    struct atom value = {.op = ATOM_NUMBER};

    if (num_double(buf_slice(&text->text), &value.number) < 0)
        return apply_refuse(a, CE_SYNTAX, leaf->line, leaf->col, "'" SLICE_FMT "' is not a number",
                            SLICE_ARG(slice_head(buf_slice(&text->text), 60)));
    *ret = value_expr(a, leaf, &value);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static int convert_number(struct apply *a, const struct expr *leaf, void *ctx,
                          const struct expr **ret)
{
    struct plain text = PLAIN_INIT;
    int r = 0;

    (void)ctx;
    if (leaf->atom->op == ATOM_NUMBER && value_text(leaf->atom, true, &text))
        r = plain_expr(a, leaf, &text, ret);
    plain_done(&text);
    return r;
}

static int convert_item(struct apply *a, const struct expr *item, struct slice field,
                        const struct expr **ret)
{
    (void)field;
    if (a->item->method == 0)
        return map_atoms(a, item, convert_number, NULL, ret);
    return texts_of_item(a, item, convert_text, false, ret);
}

/* ── case, regex ─────────────────────────────────────────────────────────── */

enum { CASE_LOWER, CASE_UPPER, CASE_SNAKE };

static int parse_case(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_word(l, n, "method", "lower upper snake_case", &it->method);
}

/* Matching folds case unless the rule says `cased`; so letters beyond ASCII only matter there. */
static int case_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                     const struct expr **ret)
{
    struct plain to = PLAIN_INIT;
    uint8_t before = 0;
    int r;

    if (leaf->atom->cased && !is_ascii(buf_slice(&text->text)))
        return apply_refuse(a, CE_ENCODING, leaf->line, leaf->col,
                            "the case of letters beyond ASCII cannot be changed");
    for (size_t i = 0; i < text->text.len; i++) {
        uint8_t c = text->text.p[i];

        if (a->item->method == CASE_SNAKE && isupper(c) && (islower(before) || isdigit(before))) {
            buf_putc(&to.text, '_');
            buf_putc(&to.kind, PLAIN_TEXT);
        }
        before = c;
        buf_putc(&to.text, (uint8_t)(a->item->method == CASE_UPPER ? toupper(c) : tolower(c)));
        buf_putc(&to.kind, text->kind.p[i]);
    }
    r = plain_expr(a, leaf, &to, ret);
    plain_done(&to);
    return r;
}

static int case_item(struct apply *a, const struct expr *item, struct slice field,
                     const struct expr **ret)
{
    (void)field;
    return texts_of_item(a, item, case_text, false, ret);
}

static int parse_regex(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    it->method = 2;
    return load_word(l, n, "method", "plain ignore_case_flag ignore_case_brackets", &it->method);
}

/* As a regular expression a value means what it meant as a pattern, but for case under `plain`. */
static int regex_atom(struct apply *a, const struct expr *leaf, void *ctx, const struct expr **ret)
{
    struct atom value = *leaf->atom;

    (void)ctx;
    if (value.op != ATOM_PATTERN || value.pattern.count == 0 ||
        value.cased == (a->item->method == 0))
        return 0;
    value.cased = a->item->method == 0;
    *ret = value_expr(a, leaf, &value);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static int regex_item(struct apply *a, const struct expr *item, struct slice field,
                      const struct expr **ret)
{
    (void)field;
    return map_atoms(a, item, regex_atom, NULL, ret);
}

/* ── extract_fields ──────────────────────────────────────────────────────── */

static int parse_extract(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct yaml_node *prefix = yaml_get(n, "field_prefix");
    int r;

    if (prefix != NULL && !yaml_is_null(prefix) &&
        (r = load_text(l, n, "field_prefix", &it->regex.text)) < 0)
        return r;
    if ((r = load_bool(l, n, "preserve_unmatched", &it->regex.keep)) < 0 ||
        (r = load_regex(l, yaml_get(n, "regex"), &it->regex.regex)) < 0)
        return r;
    if (rx_names(it->regex.regex) == 0)
        return load_bad(l, yaml_get(n, "regex"), "the expression has no named group");
    return 0;
}

struct extracting {
    struct apply *a;
    const struct expr *leaf;
    const struct plain *text;
    const size_t *groups;
    const struct expr **kids;
    uint32_t count;
};

static struct slice prefixed(struct apply *a, struct slice name)
{
    struct slice prefix = a->item->regex.text;
    uint8_t *p;

    if (prefix.n == 0)
        return arena_dup(a->arena, name);
    p = arena_alloc(a->arena, prefix.n + name.n + 2);
    if (p == NULL)
        return SLICE_NULL;
    memcpy(p, prefix.p, prefix.n);
    p[prefix.n] = '.';
    memcpy(p + prefix.n + 1, name.p, name.n);
    p[prefix.n + name.n + 1] = 0;
    return slice_of(p, prefix.n + name.n + 1);
}

/* A captured text: null, a number without leading zeros, or text. */
static int captured(struct apply *a, const struct plain *text, size_t start, size_t end,
                    struct atom *to)
{
    struct slice s = slice_of(text->text.p + start, end - start);

    if (slice_eq_nocase(s, SLICE("null")) || slice_eq_nocase(s, SLICE("none"))) {
        to->op = ATOM_NULL;
        return 0;
    }
    if ((s.n == 1 || s.p[0] != '0') && num_double(s, &to->number) == 0) {
        to->op = ATOM_NUMBER;
        return 0;
    }
    to->op = ATOM_PATTERN;
    return plain_pattern(text, start, end, a->arena, &to->pattern);
}

static int extract_group(void *ctx, struct slice name, uint32_t group)
{
    struct extracting *x = ctx;
    size_t start = x->groups[2 * group], end = x->groups[2 * group + 1];
    struct atom *atom;
    struct expr leaf = {.op = EXPR_ATOM, .line = x->leaf->line, .col = x->leaf->col};

    if (start == SIZE_MAX || start >= end)
        return 0;
    atom = arena_new(x->a->arena, struct atom);
    if (atom == NULL)
        return apply_nomem(x->a);
    if (captured(x->a, x->text, start, end, atom) < 0)
        return apply_nomem(x->a);
    atom->field = prefixed(x->a, name);
    atom->line = x->leaf->atom->line;
    atom->col = x->leaf->atom->col;
    if (atom->field.p == NULL)
        return apply_nomem(x->a);
    x->kids[x->count] = make_atom(x->a, atom, &leaf);
    return x->kids[x->count++] != NULL ? 0 : -CE_NOMEM;
}

static int extract_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                        const struct expr **ret)
{
    const struct expr *kids[RX_GROUPS_MAX];
    struct extracting x = {a, leaf, text, NULL, kids, 0};
    int r = apply_rx(a, a->item->regex.regex, buf_slice(&text->text), 0, true, &x.groups);

    if (r < 0 || (r == 0 && a->item->regex.keep))
        return r;
    if (r > 0 && (r = rx_each_name(a->item->regex.regex, extract_group, &x)) < 0)
        return r;
    if (x.count == 0)
        *ret = NULL;
    else if (x.count == 1)
        *ret = make_atom(a, kids[0]->atom, leaf);
    else
        *ret = make_group(a, EXPR_AND, kids, x.count, leaf);
    return x.count > 0 && *ret == NULL ? -CE_NOMEM : 0;
}

static int not_text(struct apply *a, const struct atom *atom, void *ctx)
{
    (void)a, (void)ctx;
    return atom->op != ATOM_PATTERN;
}

/* Values that do not match are dropped; when none does, the item stays as it is. */
static int extract_item(struct apply *a, const struct expr *item, struct slice field,
                        const struct expr **ret)
{
    int r = look_atoms(a, item, not_text, NULL);

    (void)field;
    if (r != 0)
        return CANH_MIN(r, 0);
    r = split_item(a, item, extract_text, ret);
    if (r == 0 && *ret == NULL)
        *ret = item;
    return r;
}

/* ── hashes_fields ───────────────────────────────────────────────────────── */

static int parse_hashes(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    int r;

    if ((r = load_names(l, n, "valid_hash_algos", &it->hashes.algorithms)) < 0 ||
        (r = load_names(l, n, "field_to_parse", &it->hashes.fields)) < 0 ||
        (r = load_text(l, n, "field_prefix", &it->hashes.prefix)) < 0)
        return r;
    return load_bool(l, n, "drop_algo_prefix", &it->hashes.drop_algorithm);
}

/* Without wildcards at both ends. */
static struct slice strip_wildcards(struct slice s)
{
    while (s.n > 0 && (s.p[0] == '*' || s.p[0] == '?'))
        s = slice_from(s, 1);
    while (s.n > 0 && (s.p[s.n - 1] == '*' || s.p[s.n - 1] == '?'))
        s.n--;
    return s;
}

static const char *algorithm_of_length(size_t n)
{
    return n == 32 ? "MD5" : n == 40 ? "SHA1" : n == 64 ? "SHA256" : n == 128 ? "SHA512" : "";
}

/* "MD5=…", "MD5|…" or the bare digest. */
static void split_hash(struct slice text, char algorithm[16], struct slice *ret_digest)
{
    size_t at = slice_find_byte(text, '|');
    struct slice name;

    if (at == SIZE_MAX)
        at = slice_find_byte(text, '=');
    if (at == SIZE_MAX) {
        *ret_digest = strip_wildcards(text);
        (void)snprintf(algorithm, 16, "%s", algorithm_of_length(ret_digest->n));
        return;
    }
    name = strip_wildcards(slice_head(text, at));
    *ret_digest = strip_wildcards(slice_from(text, at + 1));
    (void)snprintf(algorithm, 16, SLICE_FMT, SLICE_ARG(name));
    for (char *c = algorithm; *c != 0; c++)
        *c = (char)toupper((unsigned char)*c);
}

static int hash_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                     const struct expr **ret)
{
    char algorithm[16], field[80];
    struct atom *atom = arena_new(a->arena, struct atom);
    struct slice digest;

    split_hash(buf_slice(&text->text), algorithm, &digest);
    *ret = NULL;
    if (algorithm[0] == 0 || !names_have(a->item->hashes.algorithms, slice_str(algorithm)))
        return 0;
    if (atom == NULL)
        return apply_nomem(a);
    (void)snprintf(field, sizeof(field), SLICE_FMT "%s",
                   SLICE_ARG(slice_head(a->item->hashes.prefix, 60)),
                   a->item->hashes.drop_algorithm ? "" : algorithm);
    *atom = *leaf->atom;
    if (!slice_is(slice_str(field), "keyword")) {
        atom->field = arena_dup(a->arena, slice_str(field));
        if (atom->field.p == NULL)
            return apply_nomem(a);
    } else {
        atom->field = SLICE_NULL;
    }
    if (pattern_parse(a->arena, digest, OPEN_NONE, &atom->pattern) < 0)
        return apply_nomem(a);
    *ret = make_atom(a, atom, leaf);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

/* Values of algorithms that the target does not have are dropped, but not all of them. */
static int hashes_item(struct apply *a, const struct expr *item, struct slice field,
                       const struct expr **ret)
{
    const struct yaml_node *fields = a->item->hashes.fields;
    int r;

    if (fields != NULL ? !names_have(fields, field)
                       : !slice_is(field, "Hashes") && !slice_is(field, "Hash"))
        return 0;
    r = look_atoms(a, item, not_text, NULL);
    if (r != 0)
        return CANH_MIN(r, 0);
    r = split_item(a, item, hash_text, ret);
    if (r == 0 && *ret == NULL)
        return apply_refuse(a, CE_UNKNOWN, item->line, item->col,
                            "no hash here is of an algorithm that the mapping knows");
    return r;
}

/* ── the table ───────────────────────────────────────────────────────────── */

#define APPLY(name)                                                                                \
    static int apply_##name(struct apply *a, const struct transform *it)                           \
    {                                                                                              \
        (void)it;                                                                                  \
        return walk_items(a, name##_item);                                                         \
    }

APPLY(replace)
APPLY(map)
APPLY(set)
APPLY(convert)
APPLY(case)
APPLY(regex)
APPLY(extract)
APPLY(hashes)

const struct transform_kind value_transforms[] = {
    {"replace_string", TRANSFORM_ITEMS, "!regex !replacement skip_special interpret_special",
     parse_replace, apply_replace},
    {"map_string", TRANSFORM_ITEMS, "!mapping", load_mapping, apply_map},
    {"set_value", TRANSFORM_ITEMS, "!value force_type", parse_set, apply_set},
    {"convert_type", TRANSFORM_ITEMS, "!target_type", parse_convert, apply_convert},
    {"case", TRANSFORM_ITEMS, "method", parse_case, apply_case},
    {"regex", TRANSFORM_ITEMS, "method", parse_regex, apply_regex},
    {"extract_fields", TRANSFORM_ITEMS, "!regex field_prefix preserve_unmatched", parse_extract,
     apply_extract},
    {"hashes_fields", TRANSFORM_ITEMS,
     "!valid_hash_algos field_prefix drop_algo_prefix field_to_parse", parse_hashes, apply_hashes},
    {NULL, 0, NULL, NULL, NULL},
};
