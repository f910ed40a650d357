/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold: bounds of a number, or an expression over the rules. */
#include <math.h>

#include "lang/err_sigma.h"
#include "sigma/condition.h"
#include "sigma/correlation_internal.h"

/* By enum correlation_op. */
static const struct slice condition_keys[] = {
    SLICE_INIT("gt"), SLICE_INIT("gte"), SLICE_INIT("lt"),    SLICE_INIT("lte"),
    SLICE_INIT("eq"), SLICE_INIT("neq"), SLICE_INIT("field"), SLICE_INIT("percentile"),
};

/* What a type wants, by enum correlation_type. */
static const struct {
    bool temporal; /* the condition may be absent, or an expression */
    bool counts;   /* whole numbers, none below 0 */
    uint32_t fields_max;
} wants[CORRELATION_TYPE_MAX] = {
    [CORRELATION_EVENT_COUNT] = {.counts = true},
    [CORRELATION_VALUE_COUNT] = {.counts = true, .fields_max = CORRELATION_FIELDS_MAX},
    [CORRELATION_TEMPORAL] = {.temporal = true, .counts = true},
    [CORRELATION_TEMPORAL_ORDERED] = {.temporal = true, .counts = true},
    [CORRELATION_VALUE_SUM] = {.fields_max = 1},
    [CORRELATION_VALUE_AVG] = {.fields_max = 1},
    [CORRELATION_VALUE_PERCENTILE] = {.fields_max = 1},
    [CORRELATION_VALUE_MEDIAN] = {.fields_max = 1},
};

static int read_bound(struct correlation_reader *g, enum correlation_op op,
                      const struct yaml_node *node)
{
    struct correlation_bound *bound = &g->c->bounds[g->c->bound_count];
    bool counts = g->typed && wants[g->c->type].counts;

    *bound = (struct correlation_bound){.op = op};
    if (!yaml_double(node, &bound->value))
        return build_fail(g->b, node, CE_SYNTAX, ERR_SIGMA_TAKES_NUMBER, condition_keys[op]);
    if (counts && (bound->value < 0 || bound->value != floor(bound->value)))
        return build_fail(g->b, node, CE_RANGE, ERR_SIGMA_CORRELATION_COUNT, condition_keys[op]);
    g->c->bound_count++;
    return 0;
}

static int read_percentile(struct correlation_reader *g, const struct yaml_node *node)
{
    double *to = &g->c->percentile;

    if (!yaml_double(node, to) || *to < 0 || *to > 100)
        return build_fail(g->b, node, CE_RANGE, ERR_SIGMA_TAKES_NUMBER_FROM, "percentile", 0, 100);
    if (g->typed && g->c->type != CORRELATION_VALUE_PERCENTILE)
        return build_fail(g->b, node, CE_CONFLICT, ERR_SIGMA_CORRELATION_NOT_OF_TYPE, "percentile",
                          correlation_type_to_str(g->c->type));
    return 0;
}

static int read_fields(struct correlation_reader *g, const struct yaml_node *node)
{
    if (g->typed && wants[g->c->type].fields_max == 0)
        return build_fail(g->b, node, CE_CONFLICT, ERR_SIGMA_CORRELATION_NOT_OF_TYPE, "field",
                          correlation_type_to_str(g->c->type));
    return correlation_texts(g->b, node, "field",
                             g->typed ? wants[g->c->type].fields_max : CORRELATION_FIELDS_MAX,
                             &g->c->fields, &g->c->field_count);
}

static int read_entry(struct correlation_reader *g, const struct yaml_node *key,
                      const struct yaml_node *value)
{
    for (unsigned i = 0; i < CANH_LEN(condition_keys); i++) {
        if (key->kind != YAML_SCALAR || !slice_eq(key->text, condition_keys[i]))
            continue;
        if (i < CORRELATION_OP_MAX)
            return read_bound(g, i, value);
        return slice_is(key->text, "field") ? read_fields(g, value) : read_percentile(g, value);
    }
    return correlation_unknown_key(g->b, key, condition_keys, CANH_LEN(condition_keys));
}

/* Whether some number fits all bounds; for counts, some whole number. */
static bool correlation_condition_possible(const struct sigma_correlation *c)
{
    double step = wants[c->type].counts ? 1 : 0, candidates[1 + CORRELATION_OP_MAX] = {0};
    uint32_t count = 1;

    for (uint32_t i = 0; i < c->bound_count; i++) {
        const struct correlation_bound *b = &c->bounds[i];
        bool up = b->op == CORRELATION_GT || b->op == CORRELATION_NEQ;
        /* just above, or just below, where no number is the next one */
        double beside = step > 0 ? step : fabs(b->value) * 1e-9 + 1e-9;

        candidates[count++] = up                        ? b->value + beside
                              : b->op == CORRELATION_LT ? b->value - beside
                                                        : b->value;
    }
    for (uint32_t i = 0; i < count; i++) {
        if ((!wants[c->type].counts || candidates[i] >= 0) && correlation_holds(c, candidates[i]))
            return true;
    }
    return false;
}

static int check_map(struct correlation_reader *g, const struct yaml_node *node)
{
    const struct sigma_correlation *c = g->c;

    if (c->bound_count == 0)
        return build_fail(g->b, node, CE_MISSING, ERR_SIGMA_CORRELATION_NO_BOUND);
    if (wants[c->type].fields_max > 0 && c->field_count == 0)
        return build_fail(g->b, node, CE_MISSING, ERR_SIGMA_CORRELATION_NEEDS,
                          correlation_type_to_str(c->type), "field");
    if (c->type == CORRELATION_VALUE_PERCENTILE && yaml_is_null(yaml_get(node, "percentile")))
        return build_fail(g->b, node, CE_MISSING, ERR_SIGMA_CORRELATION_NEEDS,
                          correlation_type_to_str(c->type), "percentile");
    if (!correlation_condition_possible(c))
        return build_fail(g->b, node, CE_CONFLICT, ERR_SIGMA_CORRELATION_NEVER);
    return 0;
}

static int read_map(struct correlation_reader *g, const struct yaml_node *node)
{
    bool broken = g->c->broken;
    int r = 0;

    g->c->broken = false;
    for (uint32_t i = 0; i < node->count && r == 0; i++)
        r = correlation_note(g, read_entry(g, node->kids[2 * i], node->kids[2 * i + 1]));
    if (r == 0 && g->typed && !g->c->broken)
        r = correlation_note(g, check_map(g, node));
    g->c->broken |= broken;
    return r;
}

/* The next word behind *at that names a rule; empty at the end. */
static struct slice next_name(struct slice s, size_t *at)
{
    static const char *const others[] = {"and", "or", "not", "of", "them", "all", "any", "1"};
    struct slice word = SLICE_NULL;

    while (word.n == 0 && *at < s.n) {
        size_t from = *at;

        while (*at < s.n && strchr(" \t\r\n()", s.p[*at]) == NULL)
            ++*at;
        word = slice_of(s.p + from, *at - from);
        *at += *at < s.n && word.n == 0;
        for (size_t i = 0; i < CANH_LEN(others) && word.n; i++) {
            if (slice_eq_nocase(word, slice_str(others[i])))
                word = SLICE_NULL;
        }
    }
    return word;
}

/* Without a list of rules, they are those that the condition names. */
static int read_refs(struct correlation_reader *g, const struct yaml_node *node)
{
    struct sigma_correlation *c = g->c;
    size_t at = 0;

    c->refs = arena_new_array(g->b->arena, CORRELATION_RULES_MAX, struct correlation_ref);
    if (c->refs == NULL)
        return build_no_memory(g->b);
    for (struct slice w = next_name(node->text, &at); w.n; w = next_name(node->text, &at)) {
        bool known = false;

        for (uint32_t i = 0; i < c->ref_count && !known; i++)
            known = slice_eq(c->refs[i].name, w);
        if (known)
            continue;
        if (c->ref_count == CORRELATION_RULES_MAX)
            return build_fail(g->b, node, CE_TOO_BIG, ERR_SIGMA_CORRELATION_TOO_MANY, "condition",
                              CORRELATION_RULES_MAX);
        c->refs[c->ref_count++] = (struct correlation_ref){.name = arena_dup(g->b->arena, w),
                                                           .line = node->line,
                                                           .col = node->col};
        if (c->refs[c->ref_count - 1].name.p == NULL)
            return build_no_memory(g->b);
    }
    return 0;
}

/* The rules' own expression (rule conditions are parsed by the same rules) as one over references;
 * marks those it names. */
static const struct correlation_expr *correlation_condition_translate(struct build *b,
                                                                      const struct expr *e,
                                                                      const struct selection *names,
                                                                      uint32_t count, bool *used)
{
    struct correlation_expr *to = arena_new(b->arena, struct correlation_expr);

    if (to == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].expr == e) {
            *to = (struct correlation_expr){.op = CORRELATION_REF, .ref = i};
            used[i] = true;
            return to;
        }
    }
    to->op = e->op == EXPR_NOT   ? CORRELATION_NOT
             : e->op == EXPR_AND ? CORRELATION_AND
                                 : CORRELATION_OR;
    to->kids = arena_alloc(b->arena, e->count * sizeof(struct correlation_expr *));
    for (; to->kids != NULL && to->count < e->count; to->count++) {
        to->kids[to->count] =
            correlation_condition_translate(b, e->kids[to->count], names, count, used);
        if (to->kids[to->count] == NULL)
            return NULL;
    }
    return to->kids ? to : NULL;
}

static int build_expression(struct correlation_reader *g, const struct yaml_node *node,
                            struct selection *names)
{
    struct sigma_correlation *c = g->c;
    bool used[CORRELATION_RULES_MAX] = {false};
    int r;

    for (uint32_t i = 0; i < c->ref_count; i++) {
        names[i] = (struct selection){.name = c->refs[i].name,
                                      .expr = arena_new(g->b->arena, struct expr),
                                      .weight = 1};
        if (names[i].expr == NULL)
            return build_no_memory(g->b);
    }
    build_clear(g->b);
    r = condition_build(g->b, node, names, c->ref_count);
    if (r < 0)
        return r;
    c->expr = correlation_condition_translate(g->b, g->b->stack[0], names, c->ref_count, used);
    if (c->expr == NULL)
        return build_no_memory(g->b);
    for (uint32_t i = 0; i < c->ref_count; i++) {
        if (!used[i])
            return err_fail_at(g->b->err, CE_CONFLICT, c->refs[i].line, c->refs[i].col,
                               ERR_SIGMA_CORRELATION_UNUSED, slice_brief(c->refs[i].name));
    }
    return 0;
}

static int read_text(struct correlation_reader *g, const struct yaml_node *node)
{
    struct selection *names;
    int r = 0;

    if (g->typed && !wants[g->c->type].temporal)
        return build_fail(g->b, node, CE_CONFLICT, ERR_SIGMA_CORRELATION_TEXT_CONDITION,
                          correlation_type_to_str(g->c->type));
    if (g->c->ref_count == 0 && !g->c->broken)
        r = read_refs(g, node);
    if (r == 0)
        r = correlation_draft(g->b, node, "a condition over rules");
    if (r < 0 || g->c->ref_count == 0)
        return r;
    names = arena_new_array(g->b->arena, g->c->ref_count, struct selection);
    return names ? build_expression(g, node, names) : build_no_memory(g->b);
}

static int read_any(struct correlation_reader *g, const struct yaml_node *section,
                    const struct yaml_node *node)
{
    if (yaml_is_null(node))
        return g->typed && !wants[g->c->type].temporal
                   ? correlation_note(g, build_fail(g->b, section, CE_MISSING, ERR_SIGMA_MISSING,
                                                    "condition"))
                   : 0;
    if (node->kind == YAML_MAP)
        return read_map(g, node);
    if (node->kind == YAML_SCALAR)
        return correlation_note(g, read_text(g, node));
    return correlation_note(g, build_fail(g->b, node, CE_SYNTAX,
                                          ERR_SIGMA_CORRELATION_CONDITION_KIND));
}

int correlation_read_condition(struct correlation_reader *g, const struct yaml_node *section,
                               const struct yaml_node *node)
{
    int r = read_any(g, section, node);

    if (r == 0 && g->c->ref_count == 0 && yaml_is_null(yaml_get(section, "rules")))
        r = correlation_note(g, build_fail(g->b, section, CE_MISSING, ERR_SIGMA_MISSING, "rules"));
    return r;
}
