/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/detection.h"

#include "lang/err_sigma.h"
#include "sigma/condition.h"
#include "sigma/item.h"

static int build_map(struct build *b, const struct yaml_node *map)
{
    uint32_t from = b->count;
    int r = 0;

    if (map->count == 0)
        return build_fail(b, map, CE_SYNTAX, ERR_SIGMA_EMPTY_SELECTION);
    for (uint32_t i = 0; i < map->count && r == 0; i++)
        r = item_build(b, map->kids[2 * i], map->kids[2 * i + 1]);
    return r < 0 ? r : build_join(b, from, EXPR_AND, map);
}

static int build_element(struct build *b, const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_MAP:
        return build_map(b, node);
    case YAML_SCALAR:
        return item_build_keyword(b, node);
    default:
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_LIST_INSIDE_LIST_SELECTION);
    }
}

static int build_selection(struct build *b, const struct yaml_node *node)
{
    uint32_t from = b->count;
    bool keywords = true;
    int r = 0;

    if (yaml_is_null(node) || (node->kind == YAML_SEQ && node->count == 0))
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_EMPTY_SELECTION);
    if (node->kind != YAML_SEQ)
        return build_element(b, node);
    for (uint32_t i = 0; i < node->count && r == 0; i++) {
        r = build_element(b, node->kids[i]);
        keywords = keywords && node->kids[i]->kind == YAML_SCALAR;
    }
    if (r == 0)
        r = build_join(b, from, EXPR_OR, node);
    if (r == 0 && keywords)
        build_mark_item(b);
    return r;
}

static bool detection_reserved(struct slice name, enum detection_kind kind)
{
    return slice_is(name, "condition") ||
           (kind == DETECTION_OF_FILTER ? slice_is(name, "rules") : slice_is(name, "timeframe"));
}

/* Builds one selection and takes it from the stack again. */
static int add_selection(struct build *b, const struct yaml_node *key,
                         const struct yaml_node *value, struct selection *ret)
{
    uint32_t atoms = b->atoms_left;
    int r = build_selection(b, value);

    if (r < 0)
        return r;
    ret->name = arena_dup(b->arena, key->text);
    if (ret->name.p == NULL)
        return build_no_memory(b);
    ret->expr = b->stack[--b->count];
    ret->expr->name = ret->name;
    ret->weight = 3 * (atoms - b->atoms_left) + 1;
    return 0;
}

static int check_map(struct build *b, const struct yaml_node *parent, const struct yaml_node *node,
                     enum detection_kind kind)
{
    const char *name = kind == DETECTION_OF_FILTER ? "filter" : "detection";
    const struct yaml_node *timeframe;

    if (node == NULL)
        return build_fail(b, parent, CE_MISSING, ERR_SIGMA_MISSING, name);
    if (node->kind != YAML_MAP)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_MAP_SELECTIONS_AND_CONDITION, name);
    if (node->count > SELECTIONS_MAX)
        return build_fail(b, node, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_SELECTIONS, SELECTIONS_MAX);
    timeframe = kind == DETECTION_OF_RULE ? yaml_get(node, "timeframe") : NULL;
    if (timeframe != NULL)
        return build_fail(b, timeframe, CE_UNKNOWN, ERR_SIGMA_TIMEFRAME_NO_LONGER_PART_SIGMA);
    if (yaml_get(node, "condition") == NULL)
        return build_fail(b, node, CE_MISSING, ERR_SIGMA_CONDITION_MISSING);
    return 0;
}

int detection_build(struct build *b, const struct yaml_node *parent, const struct yaml_node *node,
                    enum detection_kind kind, const struct expr **ret)
{
    struct selection *selections;
    uint32_t count = 0;
    int r = check_map(b, parent, node, kind);

    if (r < 0)
        return r;
    selections = arena_new_array(b->arena, node->count, struct selection);
    if (selections == NULL)
        return build_no_memory(b);
    for (uint32_t i = 0; i < node->count && r == 0; i++) {
        const struct yaml_node *key = node->kids[2 * i];

        if (key->kind != YAML_SCALAR)
            r = build_fail(b, key, CE_SYNTAX, ERR_SIGMA_NAME_SELECTION_TEXT);
        else if (!detection_reserved(key->text, kind))
            r = add_selection(b, key, node->kids[2 * i + 1], &selections[count++]);
    }
    if (r == 0)
        r = condition_build(b, yaml_get(node, "condition"), selections, count);
    if (r == 0)
        *ret = b->stack[--b->count];
    return r;
}
