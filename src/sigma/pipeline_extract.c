/* SPDX-License-Identifier: Apache-2.0 */
/* The transformations that make several fields of one value. */
#include <stdio.h>

#include "base/ascii.h"
#include "base/num.h"
#include "lang/err_sigma.h"
#include "sigma/pattern.h"
#include "sigma/pipeline_internal.h"

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
    if (regex_names(it->regex.regex) == 0)
        return load_bad(l, yaml_get(n, "regex"), ERR_SIGMA_EXPRESSION_NO_NAMED_GROUP);
    return 0;
}

struct extract_ctx {
    struct apply *a;
    const struct expr *leaf;
    const struct plain *text;
    const size_t *groups;
    const struct expr **kids;
    uint32_t count;
};

static struct slice pipeline_extract_prefixed(struct apply *a, struct slice name)
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
static int pipeline_extract_captured(struct apply *a, const struct plain *text, size_t start,
                                     size_t end, struct atom *to)
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
    struct extract_ctx *x = ctx;
    size_t start = x->groups[2 * group], end = x->groups[2 * group + 1];
    struct atom *atom;
    struct expr leaf = {.op = EXPR_ATOM, .line = x->leaf->line, .col = x->leaf->col};

    if (start == SIZE_MAX || start >= end)
        return 0;
    atom = arena_new(x->a->arena, struct atom);
    if (atom == NULL)
        return apply_nomem(x->a);
    if (pipeline_extract_captured(x->a, x->text, start, end, atom) < 0)
        return apply_nomem(x->a);
    atom->field = pipeline_extract_prefixed(x->a, name);
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
    const struct expr *kids[REGEX_GROUPS_MAX];
    struct extract_ctx x = {a, leaf, text, NULL, kids, 0};
    int r = apply_rx(a, a->item->regex.regex, buf_slice(&text->text), 0, true, &x.groups);

    if (r < 0 || (r == 0 && a->item->regex.keep))
        return r;
    if (r > 0 && (r = regex_each_name(a->item->regex.regex, extract_group, &x)) < 0)
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
    int r = each_atom(a, item, not_text, NULL);

    (void)field;
    if (r != 0)
        return CANH_MIN(r, 0);
    r = split_item(a, item, extract_text, ret);
    if (r == 0 && *ret == NULL)
        *ret = item;
    return r;
}

enum { PREFIX_MAX = 64, ALGORITHM_SIZE = 16 };

static int parse_hashes(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    int r;

    if ((r = load_names(l, n, "valid_hash_algos", &it->hashes.algorithms)) < 0 ||
        (r = load_names(l, n, "field_to_parse", &it->hashes.fields)) < 0 ||
        (r = load_text(l, n, "field_prefix", &it->hashes.prefix)) < 0)
        return r;
    if (it->hashes.prefix.n > PREFIX_MAX)
        return load_bad(l, yaml_get(n, "field_prefix"), ERR_SIGMA_FIELD_PREFIX_AT_MOST_BYTES,
                        PREFIX_MAX);
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
static void split_hash(struct slice text, char algorithm[ALGORITHM_SIZE], struct slice *ret_digest)
{
    size_t at = slice_find_byte(text, '|');
    struct slice name;

    if (at == SIZE_MAX)
        at = slice_find_byte(text, '=');
    if (at == SIZE_MAX) {
        *ret_digest = strip_wildcards(text);
        (void)snprintf(algorithm, ALGORITHM_SIZE, "%s", algorithm_of_length(ret_digest->n));
        return;
    }
    name = strip_wildcards(slice_head(text, at));
    *ret_digest = strip_wildcards(slice_from(text, at + 1));
    (void)snprintf(algorithm, ALGORITHM_SIZE, SLICE_FMT, SLICE_ARG(name));
    for (char *c = algorithm; *c != 0; c++)
        *c = (char)ascii_to_upper((uint8_t)*c);
}

static int hash_text(struct apply *a, const struct expr *leaf, const struct plain *text,
                     const struct expr **ret)
{
    char algorithm[ALGORITHM_SIZE], field[PREFIX_MAX + ALGORITHM_SIZE];
    struct atom *atom = arena_new(a->arena, struct atom);
    struct slice digest;

    split_hash(buf_slice(&text->text), algorithm, &digest);
    *ret = NULL;
    if (algorithm[0] == 0 || !names_have(a->item->hashes.algorithms, slice_str(algorithm)))
        return 0;
    if (atom == NULL)
        return apply_nomem(a);
    (void)snprintf(field, sizeof(field), SLICE_FMT "%s", SLICE_ARG(a->item->hashes.prefix),
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
    r = each_atom(a, item, not_text, NULL);
    if (r != 0)
        return CANH_MIN(r, 0);
    r = split_item(a, item, hash_text, ret);
    if (r == 0 && *ret == NULL)
        return apply_refuse(a, CE_UNKNOWN, item->line, item->col,
                            ERR_SIGMA_NO_HASH_HERE_ALGORITHM_MAPPING);
    return r;
}

static int apply_extract(struct apply *a, const struct transform *it)
{
    (void)it;
    return walk_items(a, extract_item);
}

static int apply_hashes(struct apply *a, const struct transform *it)
{
    (void)it;
    return walk_items(a, hashes_item);
}

const struct transform_kind extract_transforms[] = {
    {"extract_fields", TRANSFORM_ITEMS, "!regex field_prefix preserve_unmatched", parse_extract,
     apply_extract},
    {"hashes_fields", TRANSFORM_ITEMS,
     "!valid_hash_algos field_prefix drop_algo_prefix field_to_parse", parse_hashes, apply_hashes},
    {NULL, 0, NULL, NULL, NULL},
};
