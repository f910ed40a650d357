/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of an item together: lists, maps, and expressions over named conditions. */

#include "base/ascii.h"
#include "sigma/pipeline_internal.h"

#include "lang/err_sigma.h"

enum { EXPR_DEPTH_MAX = 50, EXPR_TEXT_MAX = 4096 };

static const struct {
    const char *conditions, *op, *negate, *expr;
    const struct cond_kind *kinds;
} levels[COND_LEVELS] = {
    [COND_RULE] = {"rule_conditions", "rule_cond_op", "rule_cond_not", "rule_cond_expr",
                   rule_conditions},
    [COND_ITEM] = {"detection_item_conditions", "detection_item_cond_op", "detection_item_cond_not",
                   "detection_item_cond_expr", item_conditions},
    [COND_FIELD] = {"field_name_conditions", "field_name_cond_op", "field_name_cond_not",
                    "field_name_cond_expr", field_conditions},
};

static int load_condition(struct loader *l, const struct yaml_node *n, enum cond_level level,
                          struct cond *c)
{
    const struct cond_kind *kind = levels[level].kinds;
    const struct yaml_node *type = yaml_get(n, "type");
    int r;

    c->line = n->line;
    c->col = n->col;
    if (type == NULL || type->kind != YAML_SCALAR)
        return load_bad(l, n, ERR_SIGMA_CONDITION_NO_TYPE);
    while (kind->name != NULL && !slice_is(type->text, kind->name))
        kind++;
    if (kind->name == NULL)
        return err_fail_at(l->err, CE_UNKNOWN, type->line, type->col, ERR_SIGMA_UNKNOWN_CONDITION,
                           slice_brief(type->text), levels[level].conditions);
    if ((r = load_keys(l, n, kind->keys, "type")) < 0)
        return r;
    c->test = kind->test;
    c->line = type->line;
    c->col = type->col;
    c->level = level;
    return kind->parse != NULL ? kind->parse(l, n, c) : 0;
}

struct expr_reader {
    struct loader *l;
    const struct yaml_node *node;
    const struct cond_group *group;
    struct slice rest;
    unsigned depth;
};

static struct slice next_word(struct expr_reader *e)
{
    size_t n = 0;

    while (e->rest.n > 0 && (e->rest.p[0] == ' ' || e->rest.p[0] == '\t' || e->rest.p[0] == '\n'))
        e->rest = slice_from(e->rest, 1);
    while (n < e->rest.n &&
           (ascii_is_alnum(e->rest.p[n]) || e->rest.p[n] == '_' || e->rest.p[n] == '-'))
        n++;
    return slice_head(e->rest, n > 0 ? n : 1);
}

static bool read_word(struct expr_reader *e, const char *word)
{
    struct slice w = next_word(e);

    if (!slice_is(w, word))
        return false;
    e->rest = slice_from(e->rest, w.n);
    return true;
}

static const struct cond_expr *new_expr(struct expr_reader *e, int op, const struct cond *c,
                                        const struct cond_expr *a, const struct cond_expr *b)
{
    struct cond_expr *x = arena_new(&e->l->p->arena, struct cond_expr);

    if (x == NULL) {
        (void)load_nomem(e->l);
        return NULL;
    }
    x->op = op;
    x->cond = c;
    x->a = a;
    x->b = b;
    return x;
}

static const struct cond_expr *read_or(struct expr_reader *e);

static const struct cond_expr *read_name(struct expr_reader *e)
{
    struct slice w = next_word(e);

    for (uint32_t i = 0; w.n > 0 && i < e->group->count; i++) {
        if (slice_eq(e->group->conds[i].name, w)) {
            e->group->conds[i].used = true;
            e->rest = slice_from(e->rest, w.n);
            return new_expr(e, CX_COND, &e->group->conds[i], NULL, NULL);
        }
    }
    (void)load_bad(e->l, e->node, ERR_SIGMA_NO_CONDITION, slice_brief(w));
    return NULL;
}

static const struct cond_expr *read_not(struct expr_reader *e)
{
    const struct cond_expr *x;

    if (++e->depth > EXPR_DEPTH_MAX) {
        (void)load_bad(e->l, e->node, ERR_SIGMA_NESTED_DEEPER_THAN, EXPR_DEPTH_MAX);
        return NULL;
    }
    if (read_word(e, "not")) {
        x = read_not(e);
        x = x != NULL ? new_expr(e, CX_NOT, NULL, x, NULL) : NULL;
    } else if (read_word(e, "(")) {
        x = read_or(e);
        if (x != NULL && !read_word(e, ")")) {
            (void)load_bad(e->l, e->node, ERR_SIGMA_MISSING_2);
            x = NULL;
        }
    } else {
        x = read_name(e);
    }
    e->depth--;
    return x;
}

static const struct cond_expr *read_and(struct expr_reader *e)
{
    const struct cond_expr *x = read_not(e), *y;

    while (x != NULL && read_word(e, "and")) {
        y = read_not(e);
        x = y != NULL ? new_expr(e, CX_AND, NULL, x, y) : NULL;
    }
    return x;
}

static const struct cond_expr *read_or(struct expr_reader *e)
{
    const struct cond_expr *x = read_and(e), *y;

    while (x != NULL && read_word(e, "or")) {
        y = read_and(e);
        x = y != NULL ? new_expr(e, CX_OR, NULL, x, y) : NULL;
    }
    return x;
}

static int load_expression(struct loader *l, const struct yaml_node *n, enum cond_level level,
                           struct cond_group *g)
{
    const struct yaml_node *node = yaml_get(n, levels[level].expr);
    struct expr_reader e = {.l = l, .node = node, .group = g};

    if (node->kind != YAML_SCALAR)
        return load_bad(l, node, ERR_SIGMA_MUST_TEXT, levels[level].expr);
    if (node->text.n > EXPR_TEXT_MAX)
        return load_bad(l, node, ERR_SIGMA_LONGER_THAN_CHARACTERS, EXPR_TEXT_MAX);
    if (yaml_get(n, levels[level].op) != NULL)
        return load_bad(l, node, ERR_SIGMA_AND_EXCLUDE_EACH_OTHER, levels[level].expr,
                        levels[level].op);
    e.rest = node->text;
    g->expr = read_or(&e);
    if (g->expr == NULL)
        return l->err != NULL && l->err->code != 0 ? -l->err->code : -CE_SYNTAX;
    if (slice_trim(e.rest).n > 0)
        return load_bad(l, node, ERR_SIGMA_NOT_EXPECTED_HERE, slice_brief(slice_trim(e.rest)));
    for (uint32_t i = 0; i < g->count; i++)
        if (!g->conds[i].used)
            return load_bad(l, node, ERR_SIGMA_CONDITION_NOT_USED, slice_brief(g->conds[i].name));
    return 0;
}

int load_conditions(struct loader *l, const struct yaml_node *item, enum cond_level level,
                    struct cond_group *ret)
{
    const struct yaml_node *list = yaml_get(item, levels[level].conditions), *expr;
    int any = 0, r;

    expr = yaml_get(item, levels[level].expr);
    if (list == NULL) {
        if (expr != NULL || yaml_get(item, levels[level].op) != NULL ||
            yaml_get(item, levels[level].negate) != NULL)
            return load_bad(l, item, ERR_SIGMA_MISSING, levels[level].conditions);
        return 0;
    }
    if (list->kind == YAML_SCALAR || list->count == 0)
        return load_bad(l, list, ERR_SIGMA_MUST_LIST_OR_MAP_CONDITIONS, levels[level].conditions);
    if (expr != NULL && list->kind != YAML_MAP)
        return load_bad(l, list, ERR_SIGMA_CONDITIONS_MUST_MAP, levels[level].expr);
    ret->conds = arena_new_array(&l->p->arena, list->count, struct cond);
    if (ret->conds == NULL)
        return load_nomem(l);
    for (uint32_t i = 0; i < list->count; i++) {
        bool map = list->kind == YAML_MAP;

        if (map)
            ret->conds[i].name = list->kids[(size_t)i * 2]->text;
        r = load_condition(l, list->kids[map ? (size_t)i * 2 + 1 : i], level, &ret->conds[i]);
        if (r < 0)
            return r;
    }
    ret->count = list->count;
    if ((r = load_bool(l, item, levels[level].negate, &ret->negate)) < 0 ||
        (r = load_word(l, item, levels[level].op, "and or", &any)) < 0)
        return r;
    ret->any = any != 0;
    return expr != NULL ? load_expression(l, item, level, ret) : 0;
}

static int expr_test(struct apply *a, const struct cond_expr *e, const void *subject)
{
    int r;

    if (e->op == CX_COND)
        return e->cond->test(a, e->cond, subject);
    r = expr_test(a, e->a, subject);
    if (r < 0 || e->op == CX_NOT)
        return r < 0 ? r : !r;
    if ((r != 0) == (e->op == CX_OR))
        return r;
    return expr_test(a, e->b, subject);
}

int group_test(struct apply *a, const struct cond_group *g, const void *subject)
{
    int r;

    if (g->count == 0)
        return 1;
    if (g->expr != NULL) {
        r = expr_test(a, g->expr, subject);
    } else {
        r = !g->any;
        for (uint32_t i = 0; i < g->count && (r != 0) != g->any; i++)
            if ((r = g->conds[i].test(a, &g->conds[i], subject)) < 0)
                return r;
    }
    return r < 0 ? r : (r != 0) != g->negate;
}
