/* SPDX-License-Identifier: Apache-2.0 */
/* Ties the names in correlations to rules and to other correlations. */
#include "lang/err_sigma.h"
#include "lang/near.h"
#include "sigma/correlation.h"
#include "sigma/rule_index.h"

struct resolve_ctx {
    struct arena *arena;
    struct sigma_rule *const *rules;
    uint32_t rule_count;
    struct sigma_correlation *const *all;
    uint32_t count;
    struct rule_index by_name, correlations; /* of rules; of what `all` have as metadata */
    struct rule_problem *problems;
    uint32_t problem_count, problem_cap;
};

static int add_problem(struct resolve_ctx *g, struct sigma_correlation *c, const struct err *err)
{
    struct rule_problem *p;

    if (g->problem_count == g->problem_cap) {
        uint32_t cap = g->problem_cap ? 2 * g->problem_cap : 16;
        struct rule_problem *to = arena_new_array(g->arena, cap, struct rule_problem);

        if (to == NULL)
            return -CE_NOMEM;
        if (g->problem_count)
            memcpy(to, g->problems, g->problem_count * sizeof(*to));
        g->problems = to;
        g->problem_cap = cap;
    }
    p = &g->problems[g->problem_count++];
    *p = (struct rule_problem){.path = c->rule.path,
                               .title = c->rule.title,
                               .err = *err,
                               .again = c->broken};
    c->broken = true;
    return 0;
}

/* A problem of correlation c at a place; 0 or -CE_NOMEM. */
#define problem(g, c, at, code, ...)                                                               \
    ({                                                                                             \
        struct err err_ = ERR_INIT;                                                                \
        (void)err_fail_at(&err_, code, (at)->line, (at)->col, __VA_ARGS__);                        \
        add_problem(g, c, &err_);                                                                  \
    })

static int unknown_name(struct resolve_ctx *g, struct sigma_correlation *c,
                        const struct correlation_ref *ref)
{
    size_t near;
    struct slice *names = arena_new_array(g->arena, (size_t)g->rule_count + g->count, struct slice);
    size_t n = 0;

    if (names == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < g->rule_count; i++)
        names[n++] = g->rules[i]->name;
    for (uint32_t i = 0; i < g->count; i++)
        names[n++] = g->all[i]->rule.name;
    near = near_find(ref->name, names, n, sizeof(*names));
    if (near == SIZE_MAX || names[near].n == 0)
        return problem(g, c, ref, CE_NOT_FOUND, ERR_SIGMA_CORRELATION_NO_RULE,
                       slice_brief(ref->name));
    return problem(g, c, ref, CE_NOT_FOUND, ERR_SIGMA_CORRELATION_NO_RULE_NEAR,
                   slice_brief(ref->name), names[near]);
}

static uint32_t chain_length(const struct rule_index *x, uint32_t at)
{
    uint32_t n = 0;

    for (; at != UINT32_MAX; at = rule_index_next(x, at))
        n++;
    return n;
}

/* Rules that the name means; one whose id is also its name counts once. */
static int read_rules(struct resolve_ctx *g, struct correlation_ref *ref, uint32_t at)
{
    ref->rules = arena_new_array(g->arena, chain_length(&g->by_name, at), uint32_t);
    if (ref->rules == NULL)
        return -CE_NOMEM;
    for (; at != UINT32_MAX; at = rule_index_next(&g->by_name, at)) {
        if (ref->rule_count == 0 || ref->rules[ref->rule_count - 1] != at / 2)
            ref->rules[ref->rule_count++] = at / 2;
    }
    return 0;
}

static int resolve_ref(struct resolve_ctx *g, struct sigma_correlation *c,
                       struct correlation_ref *ref)
{
    uint32_t rule = rule_index_find(&g->by_name, ref->name);
    uint32_t other = rule_index_find(&g->correlations, ref->name);
    uint32_t next = other == UINT32_MAX ? other : rule_index_next(&g->correlations, other);

    if (rule == UINT32_MAX && other == UINT32_MAX)
        return unknown_name(g, c, ref);
    if (other != UINT32_MAX &&
        (rule != UINT32_MAX || (next != UINT32_MAX && next / 2 != other / 2)))
        return problem(g, c, ref, CE_CONFLICT, ERR_SIGMA_CORRELATION_AMBIGUOUS,
                       slice_brief(ref->name));
    if (rule != UINT32_MAX)
        return read_rules(g, ref, rule);
    ref->correlation = g->all[other / 2];
    return 0;
}

static bool correlation_resolve_named(const struct sigma_rule *rule, struct slice name)
{
    return slice_eq(rule->id, name) || slice_eq(rule->name, name);
}

/* An alias says "rule: field"; whether that rule is what the reference means. */
static bool correlation_resolve_means(const struct resolve_ctx *g,
                                      const struct correlation_ref *ref, struct slice name)
{
    bool it =
        slice_eq(ref->name, name) ||
        (ref->correlation != NULL && correlation_resolve_named(&ref->correlation->rule, name));

    for (uint32_t i = 0; i < ref->rule_count && !it; i++)
        it = correlation_resolve_named(g->rules[ref->rules[i]], name);
    return it;
}

static bool correlation_resolve_listed(const struct slice *names, uint32_t count, struct slice name)
{
    bool found = false;

    for (uint32_t i = 0; i < count && !found; i++)
        found = slice_eq(names[i], name);
    return found;
}

static int resolve_alias(struct resolve_ctx *g, struct sigma_correlation *c,
                         struct correlation_alias *a)
{
    bool used = correlation_resolve_listed(c->group_by, c->group_count, a->name) ||
                correlation_resolve_listed(c->fields, c->field_count, a->name);
    int r = 0;

    a->by_ref = arena_new_array(g->arena, c->ref_count, struct slice);
    if (a->by_ref == NULL)
        return -CE_NOMEM;
    for (uint32_t k = 0; k < a->count && r == 0; k++) {
        bool found = false;

        for (uint32_t i = 0; i < c->ref_count; i++) {
            if (correlation_resolve_means(g, &c->refs[i], a->refs[k])) {
                a->by_ref[i] = a->fields[k];
                found = true;
            }
        }
        if (!found)
            r = problem(g, c, a, CE_NOT_FOUND, ERR_SIGMA_CORRELATION_ALIAS_RULE, a->name,
                        slice_brief(a->refs[k]));
    }
    for (uint32_t i = 0; i < c->ref_count && r == 0 && used && !c->broken; i++) {
        if (a->by_ref[i].n == 0)
            r = problem(g, c, a, CE_MISSING, ERR_SIGMA_CORRELATION_ALIAS_FIELD, a->name,
                        slice_brief(c->refs[i].name));
    }
    return r;
}

static int resolve_one(struct resolve_ctx *g, struct sigma_correlation *c)
{
    int r = 0;

    for (uint32_t i = 0; i < c->ref_count && r == 0; i++)
        r = resolve_ref(g, c, &c->refs[i]);
    for (uint32_t i = 0; i < c->alias_count && r == 0; i++)
        r = resolve_alias(g, c, &c->aliases[i]);
    return r;
}

/* 1 + the depth of the deepest correlation below, or 0 while one of them has none. */
static uint32_t depth_of(const struct sigma_correlation *c)
{
    uint32_t depth = 1;

    for (uint32_t i = 0; i < c->ref_count; i++) {
        const struct sigma_correlation *below = c->refs[i].correlation;

        if (below != NULL && (below->broken || below->depth == 0))
            return 0;
        if (below != NULL && below->depth >= depth)
            depth = below->depth + 1;
    }
    return depth;
}

/* Says why a correlation has no depth. */
static int no_depth(struct resolve_ctx *g, struct sigma_correlation *c)
{
    for (uint32_t i = 0; i < c->ref_count; i++) {
        const struct correlation_ref *ref = &c->refs[i];

        if (ref->correlation == NULL || (!ref->correlation->broken && ref->correlation->depth))
            continue;
        if (ref->correlation->broken)
            return problem(g, c, ref, CE_CONFLICT, ERR_SIGMA_CORRELATION_BROKEN,
                           slice_brief(ref->name));
        return problem(g, c, ref, CE_DEPTH, ERR_SIGMA_CORRELATION_CHAIN, slice_brief(ref->name),
                       CORRELATION_DEPTH_MAX);
    }
    return 0;
}

/* Depths from below: each round settles those over what the rounds before settled. */
static int settle_depths(struct resolve_ctx *g)
{
    int r = 0;

    for (uint32_t round = 1; round <= CORRELATION_DEPTH_MAX; round++) {
        for (uint32_t i = 0; i < g->count; i++) {
            uint32_t depth = g->all[i]->depth || g->all[i]->broken ? 0 : depth_of(g->all[i]);

            if (depth == round)
                g->all[i]->depth = depth;
        }
    }
    for (uint32_t i = 0; i < g->count && r == 0; i++) {
        if (g->all[i]->depth == 0 && !g->all[i]->broken)
            r = no_depth(g, g->all[i]);
    }
    return r;
}

static int index_all(struct resolve_ctx *g)
{
    struct sigma_rule **metadata = arena_new_array(g->arena, g->count, struct sigma_rule *);
    int r = rule_index_init(&g->by_name, g->arena, g->rules, g->rule_count);

    if (metadata == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < g->count; i++)
        metadata[i] = &g->all[i]->rule;
    return r < 0 ? r : rule_index_init(&g->correlations, g->arena, metadata, g->count);
}

int correlations_resolve(struct arena *arena, struct sigma_rule *const *rules, uint32_t rule_count,
                         struct sigma_correlation *const *all, uint32_t count,
                         struct rule_problem **ret_problems, uint32_t *ret_problem_count)
{
    struct resolve_ctx g = {
        .arena = arena, .rules = rules, .rule_count = rule_count, .all = all, .count = count};
    int r;

    map_init(&g.correlations.heads, 0);
    r = index_all(&g);
    for (uint32_t i = 0; i < count && r == 0; i++)
        r = resolve_one(&g, all[i]);
    if (r == 0)
        r = settle_depths(&g);
    rule_index_done(&g.by_name);
    rule_index_done(&g.correlations);
    *ret_problems = g.problems;
    *ret_problem_count = g.problem_count;
    return r;
}
