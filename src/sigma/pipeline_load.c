/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the items of a pipeline: what every transformation has in common, and parameters. */
#include <stdarg.h>
#include <stdio.h>

#include "sigma/pipeline_internal.h"

#include "lang/err_sigma.h"

/* What every item may have beside the parameters of its transformation. */
static const char *const common_keys =
    "id type rule_conditions rule_cond_op rule_cond_not rule_cond_expr "
    "detection_item_conditions detection_item_cond_op detection_item_cond_not "
    "detection_item_cond_expr field_name_conditions field_name_cond_op field_name_cond_not "
    "field_name_cond_expr";

int load_nomem(const struct loader *l)
{
    return err_nomem(l->err);
}

/* Whether a word stands in a list separated by blanks, with or without a leading '!'. */
static bool has_word(const char *list, struct slice word)
{
    struct slice rest = slice_str(list), one;

    while (slice_cut(&rest, ' ', &one)) {
        if (one.n > 0 && one.p[0] == '!')
            one = slice_from(one, 1);
        if (one.n > 0 && slice_eq(one, word))
            return true;
    }
    return false;
}

int load_keys(const struct loader *l, const struct yaml_node *n, const char *keys, const char *more)
{
    struct slice rest = slice_str(keys), one;

    if (n->kind != YAML_MAP)
        return load_bad(l, n, ERR_SIGMA_MAP_WANTED_HERE);
    for (uint32_t i = 0; i < n->count; i++) {
        const struct yaml_node *key = n->kids[(size_t)i * 2];

        if (key->kind != YAML_SCALAR || !(has_word(keys, key->text) || has_word(more, key->text)))
            return load_bad(l, key, ERR_SIGMA_NOT_KNOWN_HERE, slice_brief(key->text));
    }
    while (slice_cut(&rest, ' ', &one)) {
        char name[64];

        if (one.n == 0 || one.p[0] != '!')
            continue;
        (void)snprintf(name, sizeof(name), SLICE_FMT, SLICE_ARG(slice_from(one, 1)));
        if (yaml_get(n, name) == NULL)
            return load_bad(l, n, ERR_SIGMA_MISSING, name);
    }
    return 0;
}

int load_text(const struct loader *l, const struct yaml_node *n, const char *key, struct slice *ret)
{
    const struct yaml_node *v = yaml_get(n, key);

    if (v == NULL)
        return 0;
    if (v->kind != YAML_SCALAR || yaml_is_null(v))
        return load_bad(l, v, ERR_SIGMA_MUST_TEXT, key);
    *ret = v->text;
    return 0;
}

int load_bool(const struct loader *l, const struct yaml_node *n, const char *key, bool *ret)
{
    const struct yaml_node *v = yaml_get(n, key);

    if (v != NULL && !yaml_bool(v, ret))
        return load_bad(l, v, ERR_SIGMA_MUST_TRUE_OR_FALSE, key);
    return 0;
}

int load_word(const struct loader *l, const struct yaml_node *n, const char *key, const char *words,
              int *ret)
{
    const struct yaml_node *v = yaml_get(n, key);
    struct slice rest = slice_str(words), one;

    if (v == NULL)
        return 0;
    for (int i = 0; slice_cut(&rest, ' ', &one); i++) {
        if (v->kind == YAML_SCALAR && slice_eq(v->text, one)) {
            *ret = i;
            return 0;
        }
    }
    return load_bad(l, v, ERR_SIGMA_MUST_ONE, key, words);
}

int load_regex(const struct loader *l, const struct yaml_node *n, const struct regex **ret)
{
    struct regex_list *x;
    int r;

    if (n->kind != YAML_SCALAR)
        return load_bad(l, n, ERR_SIGMA_REGULAR_EXPRESSION_WANTED_HERE);
    x = arena_new(&l->p->arena, struct regex_list);
    if (x == NULL)
        return err_nomem(l->err);
    r = regex_new_grouped(n->text, &x->regex, l->err);
    if (r < 0) {
        l->err->line = n->line;
        l->err->col = n->col;
        return r;
    }
    x->next = l->p->regexes;
    l->p->regexes = x;
    *ret = x->regex;
    return 0;
}

int load_names(const struct loader *l, const struct yaml_node *n, const char *key,
               const struct yaml_node **ret)
{
    const struct yaml_node *v = yaml_get(n, key);

    if (v == NULL)
        return 0;
    if (v->kind == YAML_MAP || (v->kind == YAML_SCALAR && yaml_is_null(v)))
        return load_bad(l, v, ERR_SIGMA_MUST_LIST_TEXTS, key);
    for (uint32_t i = 0; v->kind == YAML_SEQ && i < v->count; i++)
        if (v->kids[i]->kind != YAML_SCALAR || yaml_is_null(v->kids[i]))
            return load_bad(l, v->kids[i], ERR_SIGMA_MUST_LIST_TEXTS, key);
    *ret = v;
    return 0;
}

bool names_have(const struct yaml_node *names, struct slice name)
{
    if (names->kind == YAML_SCALAR)
        return slice_eq(names->text, name);
    for (uint32_t i = 0; i < names->count; i++)
        if (slice_eq(names->kids[i]->text, name))
            return true;
    return false;
}

/* An absent part has p NULL: nothing is asked for. An empty one asks for a rule without it. */
int load_logsource(const struct loader *l, const struct yaml_node *n, struct logsource *ret)
{
    int r;

    *ret = (struct logsource){SLICE_NULL, SLICE_NULL, SLICE_NULL};
    if ((r = load_text(l, n, "category", &ret->category)) < 0 ||
        (r = load_text(l, n, "product", &ret->product)) < 0 ||
        (r = load_text(l, n, "service", &ret->service)) < 0)
        return r;
    if (ret->category.p == NULL && ret->product.p == NULL && ret->service.p == NULL)
        return load_bad(l, n, ERR_SIGMA_ONE_CATEGORY_PRODUCT_AND_SERVICE);
    return 0;
}

struct map *load_map(const struct loader *l, size_t max)
{
    struct map_list *m = arena_new(&l->p->arena, struct map_list);

    if (m == NULL)
        return NULL;
    map_init(&m->map, max);
    m->next = l->p->maps;
    l->p->maps = m;
    return &m->map;
}

static int load_id(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    struct pipeline *p = l->p;
    const struct yaml_node *v = yaml_get(n, "id");
    struct slice id = SLICE_NULL;
    int r = load_text(l, n, "id", &id);

    it->id = UINT32_MAX;
    if (r < 0 || v == NULL)
        return r;
    if (id.n == 0)
        return load_bad(l, v, ERR_SIGMA_ID_EMPTY);
    if (map_get(&p->id_index, id, &it->id)) /* several items may share one */
        return 0;
    it->id = (uint32_t)p->id_index.count;
    return map_put(&p->id_index, id, it->id) < 0 ? load_nomem(l) : 0;
}

/* Conditions that would have no effect are errors: whoever wrote them expects one. */
static int check_levels(struct loader *l, const struct yaml_node *n, const struct transform *it)
{
    static const char *const keys[COND_LEVELS] = {"rule_conditions", "detection_item_conditions",
                                                  "field_name_conditions"};

    for (enum cond_level level = COND_RULE; level < COND_LEVELS; level++) {
        unsigned flags = it->kind->flags;
        bool may = level == COND_RULE ? !(flags & TRANSFORM_UNCONDITIONAL)
                                      : (flags & TRANSFORM_ITEMS) != 0;

        if (!may && it->when[level].count > 0)
            return load_bad(l, yaml_get(n, keys[level]), ERR_SIGMA_NO_EFFECT_ON, keys[level],
                            it->kind->name);
    }
    return 0;
}

static int load_item(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct yaml_node *type;
    int r;

    it->line = n->line;
    it->col = n->col;
    if (n->kind != YAML_MAP)
        return load_bad(l, n, ERR_SIGMA_TRANSFORMATION_MUST_MAP);
    type = yaml_get(n, "type");
    if (type == NULL || type->kind != YAML_SCALAR)
        return load_bad(l, n, ERR_SIGMA_TRANSFORMATION_NO_TYPE);
    it->kind = transform_find(type->text);
    if (it->kind == NULL)
        return err_fail_at(l->err, CE_UNKNOWN, type->line, type->col,
                           ERR_SIGMA_UNKNOWN_TRANSFORMATION, slice_brief(type->text));
    if (it->kind->apply == NULL && it->kind->parse == NULL)
        return err_fail_at(l->err, CE_UNKNOWN, type->line, type->col, ERR_SIGMA_NO_MEANING_HERE,
                           it->kind->name, it->kind->keys);
    if ((r = load_keys(l, n, it->kind->keys, common_keys)) < 0 || (r = load_id(l, n, it)) < 0)
        return r;
    for (enum cond_level level = COND_RULE; level < COND_LEVELS; level++)
        if ((r = load_conditions(l, n, level, &it->when[level])) < 0)
            return r;
    if ((r = check_levels(l, n, it)) < 0)
        return r;
    return it->kind->parse != NULL ? it->kind->parse(l, n, it) : 0;
}

int load_items(struct loader *l, const struct yaml_node *list, struct transform **ret,
               uint32_t *ret_count)
{
    struct transform *items;

    *ret = NULL;
    *ret_count = 0;
    if (list == NULL || yaml_is_null(list))
        return 0;
    if (list->kind != YAML_SEQ)
        return load_bad(l, list, ERR_SIGMA_LIST_TRANSFORMATIONS_WANTED_HERE);
    if (list->count > PIPELINE_ITEMS_MAX - l->items)
        return load_bad(l, list, ERR_SIGMA_MORE_THAN_TRANSFORMATIONS, PIPELINE_ITEMS_MAX);
    if (l->depth >= PIPELINE_NEST_MAX)
        return load_bad(l, list, ERR_SIGMA_NESTED_DEEPER_THAN, PIPELINE_NEST_MAX);
    l->items += list->count;
    items = arena_new_array(&l->p->arena, CANH_MAX(list->count, 1u), struct transform);
    if (items == NULL)
        return load_nomem(l);
    l->depth++;
    for (uint32_t i = 0; i < list->count; i++) {
        int r = load_item(l, list->kids[i], &items[i]);

        if (r < 0)
            return r;
    }
    l->depth--;
    *ret = items;
    *ret_count = list->count;
    return 0;
}

static int load_mark(struct loader *l, struct cond *c)
{
    struct pipeline *p = l->p;
    uint32_t i = 0;

    while (i < p->mark_count && p->mark_ids[i] != c->applied.index)
        i++;
    if (i == PIPELINE_MARKS_MAX)
        return err_fail_at(l->err, CE_TOO_BIG, c->line, c->col,
                           ERR_SIGMA_CONDITIONS_ON_ITEMS_AND_FIELDS, PIPELINE_MARKS_MAX);
    if (i == p->mark_count)
        p->mark_ids[p->mark_count++] = c->applied.index;
    c->applied.index = i;
    return 0;
}

int load_ids(struct loader *l)
{
    for (struct cond *c = l->unresolved; c != NULL; c = c->applied.next) {
        int r;

        if (!map_get(&l->p->id_index, c->applied.id, &c->applied.index))
            return err_fail_at(l->err, CE_NOT_FOUND, c->line, c->col,
                               ERR_SIGMA_NO_TRANSFORMATION_ID, slice_brief(c->applied.id));
        if (c->level != COND_RULE && (r = load_mark(l, c)) < 0)
            return r;
    }
    return 0;
}
