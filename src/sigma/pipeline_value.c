/* SPDX-License-Identifier: Apache-2.0 */
/* The transformations that put one value in place of another. */

#include "base/ascii.h"
#include "base/num.h"
#include "base/utf.h"
#include "lang/err_sigma.h"
#include "sigma/pattern.h"
#include "sigma/pipeline_internal.h"

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

static int parse_set(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct yaml_node *v = yaml_get(n, "value");
    int force = -1, r = load_word(l, n, "force_type", "str num", &force);
    enum yaml_type type;
    bool number;

    if (r < 0)
        return r;
    if (v->kind != YAML_SCALAR)
        return load_bad(l, v, ERR_SIGMA_VALUE_MUST_SINGLE_VALUE);
    type = yaml_scalar_type(v);
    if (type == YAML_NULL) {
        if (force >= 0)
            return load_bad(l, v, ERR_SIGMA_NULL_CANNOT_FORCED_TYPE);
        it->value.op = ATOM_NULL;
        return 0;
    }
    number = force == 1 || (force < 0 && (type == YAML_INT || type == YAML_FLOAT));
    it->value.op = number ? ATOM_NUMBER : ATOM_PATTERN;
    if (number)
        return num_double(v->text, &it->value.number) < 0 ? load_bad(l, v, ERR_SIGMA_NOT_NUMBER)
                                                          : 0;
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
    if ((r = each_atom(a, item, first_leaf, &atom)) < 0 || atom == NULL)
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
        return apply_refuse(a, CE_SYNTAX, leaf->line, leaf->col, ERR_SIGMA_NOT_NUMBER_2,
                            slice_brief(buf_slice(&text->text)));
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
                            ERR_SIGMA_CASE_LETTERS_BEYOND_ASCII_CANNOT);
    for (size_t i = 0; i < text->text.len; i++) {
        uint8_t c = text->text.p[i];

        if (a->item->method == CASE_SNAKE && ascii_is_upper(c) &&
            (ascii_is_lower(before) || ascii_is_digit(before))) {
            buf_putc(&to.text, '_');
            buf_putc(&to.kind, PLAIN_TEXT);
        }
        before = c;
        buf_putc(&to.text, a->item->method == CASE_UPPER ? ascii_to_upper(c) : ascii_to_lower(c));
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

#define APPLY(name)                                                                                \
    static int apply_##name(struct apply *a, const struct transform *it)                           \
    {                                                                                              \
        (void)it;                                                                                  \
        return walk_items(a, name##_item);                                                         \
    }

APPLY(map)
APPLY(set)
APPLY(convert)
APPLY(case)
APPLY(regex)

const struct transform_kind value_transforms[] = {
    {"map_string", TRANSFORM_ITEMS, "!mapping", load_mapping, apply_map},
    {"set_value", TRANSFORM_ITEMS, "!value force_type", parse_set, apply_set},
    {"convert_type", TRANSFORM_ITEMS, "!target_type", parse_convert, apply_convert},
    {"case", TRANSFORM_ITEMS, "method", parse_case, apply_case},
    {"regex", TRANSFORM_ITEMS, "method", parse_regex, apply_regex},
    {NULL, 0, NULL, NULL, NULL},
};
