/* SPDX-License-Identifier: Apache-2.0 */
/* The transformations that look at the rule as a whole, and the table of all of them. */
#include "sigma/pipeline_internal.h"

#include "lang/err_sigma.h"

static int parse_add(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    int r;

    it->add.conditions = yaml_get(n, "conditions");
    if ((r = load_bool(l, n, "template", &it->add.template)) < 0 ||
        (r = load_bool(l, n, "negated", &it->add.negated)) < 0)
        return r;
    if (it->add.conditions->kind != YAML_MAP || it->add.conditions->count == 0)
        return load_bad(l, it->add.conditions, ERR_SIGMA_CONDITIONS_MUST_MAP_FIELDS_AND);
    return add_build(&l->p->arena, it->add.conditions, NULL, l->err, &it->add.expr);
}

static int add_route(struct apply *a, const struct expr *e)
{
    int r = apply_grow(a, &a->route, a->route_count, &a->route_cap, sizeof(*a->route));

    if (r == 0)
        a->route[a->route_count++] = e;
    return r;
}

static int apply_add(struct apply *a, const struct transform *it)
{
    const struct expr *e = it->add.expr;
    int r;

    if (it->add.template &&
        (r = add_build(a->arena, it->add.conditions, &a->logsource, a->err, &e)) < 0)
        return apply_refuse(a, (enum ce) - r, 0, 0, ERR_SIGMA_TEMPLATE_GIVES_NO_CONDITION);
    if (it->add.negated && (e = make_group(a, EXPR_NOT, &e, 1, e)) == NULL)
        return -CE_NOMEM;
    a->claimed = true;
    return add_route(a, e);
}

static int parse_change(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_logsource(l, n, &it->logsource);
}

static int apply_change(struct apply *a, const struct transform *it)
{
    a->logsource = it->logsource;
    a->claimed = true;
    return 0;
}

/* canh_fields: the names in a list of lists, as a set. */
static int add_names(struct loader *l, const struct yaml_node *n, struct map *set, unsigned depth)
{
    if (n->kind == YAML_SCALAR)
        return map_put(set, n->text, 0) < 0 ? load_nomem(l) : 0;
    if (n->kind == YAML_MAP || depth == 4)
        return load_bad(l, n, ERR_SIGMA_LIST_FIELD_NAMES_WANTED_HERE);
    for (uint32_t i = 0; i < n->count; i++) {
        int r = add_names(l, n->kids[i], set, depth + 1);

        if (r < 0)
            return r;
    }
    return 0;
}

static int parse_state_item(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    bool strict = false;
    int r = load_text(l, n, "key", &it->state.key);

    it->state.value = yaml_get(n, "val");
    if (r < 0)
        return r;
    if (slice_is(it->state.key, "canh_fields_strict"))
        return load_bool(l, n, "val", &strict);
    if (!slice_is(it->state.key, "canh_fields"))
        return 0;
    it->state.fields = load_map(l, 65536);
    return it->state.fields != NULL ? add_names(l, it->state.value, it->state.fields, 0)
                                    : load_nomem(l);
}

static int write_state(struct apply *a, struct slice key, const struct yaml_node *value,
                       bool attribute)
{
    int r;

    for (uint32_t i = 0; i < a->state_count; i++) {
        if (a->states[i].attribute == attribute && slice_eq(a->states[i].key, key)) {
            a->states[i].value = value;
            return 0;
        }
    }
    r = apply_grow(a, &a->states, a->state_count, &a->state_cap, sizeof(*a->states));
    if (r == 0)
        a->states[a->state_count++] = (struct state){key, value, attribute};
    return r;
}

static int apply_state_item(struct apply *a, const struct transform *it)
{
    if (it->state.fields != NULL)
        a->fields = it->state.fields;
    if (slice_is(it->state.key, "canh_fields_strict"))
        (void)yaml_bool(it->state.value, &a->fields_strict);
    return write_state(a, it->state.key, it->state.value, false);
}

static int parse_attribute_item(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    it->state.value = yaml_get(n, "value");
    return load_text(l, n, "attribute", &it->state.key);
}

static int apply_attribute_item(struct apply *a, const struct transform *it)
{
    return write_state(a, it->state.key, it->state.value, true);
}

static int parse_nest(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_items(l, yaml_get(n, "items"), &it->nest.items, &it->nest.count);
}

static int apply_nest(struct apply *a, const struct transform *it)
{
    return apply_items(a, it->nest.items, it->nest.count);
}

static int parse_message(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_text(l, n, "message", &it->text);
}

static int apply_rule_failure(struct apply *a, const struct transform *it)
{
    return apply_refuse(a, CE_DENIED, 0, 0, ERR_BASE_TEXT, it->text);
}

static int fail_item(struct apply *a, const struct expr *item, struct slice field,
                     const struct expr **ret)
{
    (void)field, (void)ret;
    return apply_refuse(a, CE_DENIED, item->line, item->col, ERR_BASE_TEXT, a->item->text);
}

static int apply_item_failure(struct apply *a, const struct transform *it)
{
    (void)it;
    return walk_items(a, fail_item);
}

static int find_unmapped(struct apply *a, const struct expr *item, struct slice field, void *ctx)
{
    (void)ctx;
    for (uint32_t i = 0; i < a->mapped_count; i++)
        if (slice_eq(a->mapped[i], field))
            return 0;
    if (field.n == 0)
        return 0;
    return apply_refuse(a, CE_DENIED, item->line, item->col, ERR_SIGMA_FIELD_NOT_MAPPED,
                        slice_brief(field));
}

static int apply_strict(struct apply *a, const struct transform *it)
{
    (void)it;
    return a->condition != NULL ? each_item(a, a->condition, find_unmapped, NULL) : 0;
}

/* Rules are read before pipelines apply, so that a pipeline gives values to the reader. */
static int add_placeholder(struct loader *l, const struct yaml_node *at, struct slice name,
                           const struct yaml_node *values)
{
    static const struct slice any = {(const uint8_t *)"*", 1};
    struct pipeline *p = l->p;
    uint32_t count = values != NULL && values->kind == YAML_SEQ ? values->count : 1;
    struct slice *list = arena_new_array(&p->arena, count, struct slice);
    struct placeholder *all =
        arena_new_array(&p->arena, p->placeholder_count + 1u, struct placeholder);

    if (list == NULL || all == NULL)
        return load_nomem(l);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *v =
            values != NULL && values->kind == YAML_SEQ ? values->kids[i] : values;

        if (v != NULL && (v->kind != YAML_SCALAR || yaml_is_null(v)))
            return load_bad(l, at, ERR_SIGMA_VARIABLE_MUST_TEXT_OR_LIST, slice_brief(name));
        list[i] = v != NULL ? v->text : any;
    }
    if (p->placeholder_count > 0)
        memcpy(all, p->placeholders, p->placeholder_count * sizeof(*all));
    all[p->placeholder_count] = (struct placeholder){name, list, count};
    p->placeholders = all;
    p->placeholder_count++;
    return 0;
}

static int parse_value_placeholders(struct loader *l, const struct yaml_node *n,
                                    struct transform *it)
{
    const struct yaml_node *include = NULL, *exclude = NULL;
    int r;

    (void)it;
    if ((r = load_names(l, n, "include", &include)) < 0 ||
        (r = load_names(l, n, "exclude", &exclude)) < 0)
        return r;
    if (include != NULL && exclude != NULL)
        return load_bad(l, exclude, ERR_SIGMA_INCLUDE_AND_EXCLUDE_EXCLUDE_EACH);
    if (l->vars == NULL || l->vars->count == 0)
        return load_bad(l, n, ERR_SIGMA_PIPELINE_NO_VARS_TAKE_VALUES);
    for (uint32_t i = 0; i < l->vars->count; i++) {
        struct slice name = l->vars->kids[(size_t)i * 2]->text;

        if ((include != NULL && !names_have(include, name)) ||
            (exclude != NULL && names_have(exclude, name)))
            continue;
        if ((r = add_placeholder(l, n, name, l->vars->kids[(size_t)i * 2 + 1])) < 0)
            return r;
    }
    return 0;
}

static int parse_wildcard_placeholders(struct loader *l, const struct yaml_node *n,
                                       struct transform *it)
{
    const struct yaml_node *include = NULL;
    int r = load_names(l, n, "include", &include);

    (void)it;
    if (r < 0)
        return r;
    if (include->kind == YAML_SCALAR)
        return add_placeholder(l, n, include->text, NULL);
    for (uint32_t i = 0; i < include->count; i++)
        if ((r = add_placeholder(l, n, include->kids[i]->text, NULL)) < 0)
            return r;
    return 0;
}

static int apply_nothing(struct apply *a, const struct transform *it)
{
    (void)a, (void)it;
    return 0;
}

/* A kind without functions is known and refused; its keys say why. */
static const struct transform_kind rule_transforms[] = {
    {"add_condition", 0, "!conditions template negated", parse_add, apply_add},
    {"change_logsource", 0, "category product service", parse_change, apply_change},
    {"set_state", 0, "!key !val", parse_state_item, apply_state_item},
    {"set_custom_attribute", 0, "!attribute !value", parse_attribute_item, apply_attribute_item},
    {"nest", TRANSFORM_NESTS, "!items", parse_nest, apply_nest},
    {"rule_failure", 0, "!message", parse_message, apply_rule_failure},
    {"detection_item_failure", TRANSFORM_ITEMS, "!message", parse_message, apply_item_failure},
    {"strict_field_mapping_failure", 0, "", NULL, apply_strict},
    {"value_placeholders", TRANSFORM_UNCONDITIONAL, "include exclude", parse_value_placeholders,
     apply_nothing},
    {"wildcard_placeholders", TRANSFORM_UNCONDITIONAL, "!include", parse_wildcard_placeholders,
     apply_nothing},
    {"query_expression_placeholders", 0, "there is no query text", NULL, NULL},
    {"file_placeholders", 0, "pipelines read no files; give the values as vars", NULL, NULL},
    {"http_placeholders", 0, "pipelines fetch nothing; give the values as vars", NULL, NULL},
    {"command_placeholders", 0, "pipelines run nothing; give the values as vars", NULL, NULL},
    {"add_field", 0, "rules have no output fields", NULL, NULL},
    {"remove_field", 0, "rules have no output fields", NULL, NULL},
    {"set_field", 0, "rules have no output fields", NULL, NULL},
    {"field_name_transform", 0, "it needs a function of Python", NULL, NULL},
    {NULL, 0, NULL, NULL, NULL},
};

const struct transform_kind *transform_find(struct slice name)
{
    static const struct transform_kind *const tables[] = {rule_transforms, field_transforms,
                                                          value_transforms, replace_transforms,
                                                          extract_transforms};

    for (size_t i = 0; i < CANH_LEN(tables); i++)
        for (const struct transform_kind *k = tables[i]; k->name != NULL; k++)
            if (slice_is(name, k->name))
                return k;
    return NULL;
}
