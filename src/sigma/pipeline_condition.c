/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a pipeline's items: on the rule, on a detection item, on a field's name. */
#include "lang/err_sigma.h"
#include "sigma/comparison.h"
#include "sigma/pattern.h"
#include "sigma/pipeline_internal.h"

static int parse_logsource(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    return load_logsource(l, n, &c->logsource);
}

static bool source_fits(struct slice want, struct slice has)
{
    return want.p == NULL || slice_eq(want, has);
}

static int test_logsource(struct apply *a, const struct cond *c, const void *subject)
{
    (void)subject;
    return source_fits(c->logsource.category, a->logsource.category) &&
           source_fits(c->logsource.product, a->logsource.product) &&
           source_fits(c->logsource.service, a->logsource.service);
}

static int parse_contains(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    c->contains.value = yaml_get(n, "value");
    if (c->contains.value != NULL && c->contains.value->kind != YAML_SCALAR)
        return load_bad(l, c->contains.value, ERR_SIGMA_VALUE_MUST_SINGLE_VALUE);
    return load_text(l, n, "field", &c->contains.field);
}

/* Whether an atom's value is the one a condition names: of the same type, and equal. */
static int value_is(struct apply *a, const struct atom *atom, const struct yaml_node *value)
{
    struct pattern want;
    double number;
    int r;

    switch (yaml_scalar_type(value)) {
    case YAML_NULL:
        return atom->op == ATOM_NULL;
    case YAML_INT:
    case YAML_FLOAT:
        return atom->op == ATOM_NUMBER && yaml_double(value, &number) && number == atom->number;
    case YAML_BOOL:
        return atom->op == ATOM_PATTERN && atom->pattern.count == 1 &&
               atom->pattern.parts[0].kind == PART_TEXT &&
               slice_eq_nocase(atom->pattern.parts[0].text, value->text);
    case YAML_STRING:
        break;
    }
    if (atom->op != ATOM_PATTERN)
        return 0;
    r = pattern_parse(&a->scratch, value->text, OPEN_NONE, &want);
    return r < 0 ? r : pattern_equal(&atom->pattern, &want);
}

static int contains_atom(struct apply *a, const struct atom *atom, void *ctx)
{
    const struct cond *c = ctx;

    if (atom->field.n == 0 || !slice_eq(atom->field, c->contains.field))
        return 0;
    return c->contains.value == NULL ? 1 : value_is(a, atom, c->contains.value);
}

static int test_contains(struct apply *a, const struct cond *c, const void *subject)
{
    struct cond copy = *c;
    int r = a->condition != NULL ? each_atom(a, a->condition, contains_atom, &copy) : 0;

    (void)subject;
    for (uint32_t i = 0; r == 0 && i < a->route_count; i++)
        r = each_atom(a, a->route[i], contains_atom, &copy);
    return r;
}

static int parse_applied(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    c->applied.next = l->unresolved;
    l->unresolved = c;
    return load_text(l, n, "processing_item_id", &c->applied.id);
}

static int test_applied(struct apply *a, const struct cond *c, const void *subject)
{
    (void)subject;
    return apply_has_id(a, c->applied.index);
}

static int test_yes(struct apply *a, const struct cond *c, const void *subject)
{
    (void)a, (void)c, (void)subject;
    return 1;
}

static int test_no(struct apply *a, const struct cond *c, const void *subject)
{
    (void)a, (void)c, (void)subject;
    return 0;
}

static int parse_tag(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    return load_text(l, n, "tag", &c->compare.key);
}

static int test_tag(struct apply *a, const struct cond *c, const void *subject)
{
    (void)subject;
    for (uint32_t i = 0; i < a->rule->tag_count; i++)
        if (slice_eq(a->rule->tags[i], c->compare.key))
            return 1;
    return 0;
}

static int parse_any_all(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    int all = 0, r = load_word(l, n, "cond", "any all", &all);

    c->value.all = all != 0;
    return r;
}

static int parse_match_string(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    int r = parse_any_all(l, n, c);

    if (r < 0 || (r = load_bool(l, n, "negate", &c->value.negate)) < 0)
        return r;
    return load_regex(l, yaml_get(n, "pattern"), &c->value.regex);
}

static int parse_match_value(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    c->value.value = yaml_get(n, "value");
    if (c->value.value->kind != YAML_SCALAR)
        return load_bad(l, c->value.value, ERR_SIGMA_VALUE_MUST_SINGLE_VALUE);
    return parse_any_all(l, n, c);
}

typedef int (*value_test)(struct apply *a, const struct cond *c, const struct atom *atom);

struct value_ctx {
    const struct cond *c;
    value_test test;
};

/* Stops (1) at the first value that decides: one that holds for any, one that does not for all. */
static int value_decides(struct apply *a, const struct atom *atom, void *ctx)
{
    const struct value_ctx *v = ctx;
    int r = v->test(a, v->c, atom);

    return r < 0 ? r : (r != 0) != v->c->value.all;
}

static int test_values(struct apply *a, const struct cond *c, const void *item, value_test test)
{
    struct value_ctx ctx = {c, test};
    int r = each_atom(a, item, value_decides, &ctx);

    return r < 0 ? r : (r != 0) != c->value.all;
}

static int value_matches(struct apply *a, const struct cond *c, const struct atom *atom)
{
    struct plain text = PLAIN_INIT;
    const size_t *groups;
    int r = 0;

    if (atom->op == ATOM_PATTERN) {
        plain_write_pattern(&text, &atom->pattern);
        r = text.text.err != 0
                ? text.text.err
                : apply_rx(a, c->value.regex, buf_slice(&text.text), 0, true, &groups);
        plain_done(&text);
    }
    return r < 0 ? r : (r != 0) != c->value.negate;
}

static int test_match_string(struct apply *a, const struct cond *c, const void *item)
{
    return test_values(a, c, item, value_matches);
}

static int value_equals(struct apply *a, const struct cond *c, const struct atom *atom)
{
    return value_is(a, atom, c->value.value);
}

static int test_match_value(struct apply *a, const struct cond *c, const void *item)
{
    return test_values(a, c, item, value_equals);
}

static int value_has_wildcard(struct apply *a, const struct cond *c, const struct atom *atom)
{
    (void)a, (void)c;
    return atom->op == ATOM_PATTERN && pattern_has_wildcard(&atom->pattern);
}

static int test_wildcard(struct apply *a, const struct cond *c, const void *item)
{
    return test_values(a, c, item, value_has_wildcard);
}

static int value_is_null(struct apply *a, const struct cond *c, const struct atom *atom)
{
    (void)a, (void)c;
    return atom->op == ATOM_NULL;
}

static int test_null(struct apply *a, const struct cond *c, const void *item)
{
    return test_values(a, c, item, value_is_null);
}

static int test_item_applied(struct apply *a, const struct cond *c, const void *item)
{
    return (int)(apply_marks(a, item, SLICE_NULL) >> c->applied.index & 1);
}

static int parse_fields(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    int re = 0, r;
    uint32_t count;

    if ((r = load_names(l, n, "fields", &c->fields.names)) < 0 ||
        (r = load_word(l, n, "mode", "plain re", &re)) < 0 || !re)
        return r;
    if (c->fields.names->kind != YAML_SEQ)
        return load_bad(l, c->fields.names, ERR_SIGMA_FIELDS_MUST_LIST);
    count = c->fields.names->count;
    c->fields.patterns = arena_alloc(&l->p->arena, (size_t)count * sizeof(*c->fields.patterns));
    if (c->fields.patterns == NULL)
        return load_nomem(l);
    for (uint32_t i = 0; i < count; i++)
        if ((r = load_regex(l, c->fields.names->kids[i], &c->fields.patterns[i])) < 0)
            return r;
    return 0;
}

static int parse_exclude(struct loader *l, const struct yaml_node *n, struct cond *c)
{
    c->fields.exclude = true;
    return parse_fields(l, n, c);
}

static int name_fits(struct apply *a, const struct cond *c, struct slice field)
{
    const size_t *groups;
    int found = 0;

    if (field.n > 0 && c->fields.patterns == NULL)
        found = names_have(c->fields.names, field);
    for (uint32_t i = 0;
         field.n > 0 && c->fields.patterns != NULL && found == 0 && i < c->fields.names->count; i++)
        found = apply_rx(a, c->fields.patterns[i], field, 0, true, &groups);
    return found < 0 ? found : (found != 0) != c->fields.exclude;
}

static int reference_fits(struct apply *a, const struct atom *atom, void *ctx)
{
    struct slice other = comparison_other(atom);

    return other.n ? name_fits(a, *(const struct cond **)ctx, other) : 0;
}

static int test_fields(struct apply *a, const struct cond *c, const void *subject)
{
    const struct field_subject *s = subject;
    int r = name_fits(a, c, s->field);

    return r == 0 && s->item != NULL ? each_atom(a, s->item, reference_fits, &c) : r;
}

static int test_field_applied(struct apply *a, const struct cond *c, const void *subject)
{
    const struct field_subject *s = subject;

    if (s->item == NULL && s->field.n == 0)
        return 0;
    return (int)(apply_marks(a, s->item, s->field) >> c->applied.index & 1);
}

const struct cond_kind rule_conditions[] = {
    {"logsource", "category product service", parse_logsource, test_logsource},
    {"contains_detection_item", "!field !value", parse_contains, test_contains},
    {"contains_field", "!field", parse_contains, test_contains},
    {"processing_item_applied", "!processing_item_id", parse_applied, test_applied},
    {"processing_state", "!key !val op", compare_parse_state, compare_test_state},
    {"is_sigma_rule", "", NULL, test_yes},
    {"is_sigma_correlation_rule", "", NULL, test_no},
    {"rule_attribute", "!attribute !value op", compare_parse_attribute, compare_test_attribute},
    {"tag", "!tag", parse_tag, test_tag},
    {NULL, NULL, NULL, NULL},
};

const struct cond_kind item_conditions[] = {
    {"match_string", "!cond !pattern negate", parse_match_string, test_match_string},
    {"match_value", "!cond !value", parse_match_value, test_match_value},
    {"contains_wildcard", "!cond", parse_any_all, test_wildcard},
    {"is_null", "!cond", parse_any_all, test_null},
    {"processing_item_applied", "!processing_item_id", parse_applied, test_item_applied},
    {"processing_state", "!key !val op", compare_parse_state, compare_test_state},
    {NULL, NULL, NULL, NULL},
};

const struct cond_kind field_conditions[] = {
    {"include_fields", "!fields mode", parse_fields, test_fields},
    {"exclude_fields", "!fields mode", parse_exclude, test_fields},
    {"processing_item_applied", "!processing_item_id", parse_applied, test_field_applied},
    {"processing_state", "!key !val op", compare_parse_state, compare_test_state},
    {NULL, NULL, NULL, NULL},
};

static void each_of_items(const struct transform *items, uint32_t count,
                          void (*fn)(void *ctx, const struct logsource *source), void *ctx)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct cond_group *when = &items[i].when[COND_RULE];

        for (uint32_t k = 0; k < when->count; k++) {
            if (when->conds[k].test == test_logsource)
                fn(ctx, &when->conds[k].logsource);
        }
        if (items[i].kind->flags & TRANSFORM_NESTS)
            each_of_items(items[i].nest.items, items[i].nest.count, fn, ctx);
    }
}

void pipeline_each_logsource(const struct pipeline *p,
                             void (*fn)(void *ctx, const struct logsource *source), void *ctx)
{
    each_of_items(p->items, p->count, fn, ctx);
}
