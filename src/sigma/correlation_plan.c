/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/correlation_plan.h"

#include <stdlib.h>

#include "sigma/expr.h"

enum { NAMES_MAX = 64 };

struct plan_ctx {
    const struct plan_request *request;
    struct correlation_plan *plan;
    int failed;
};

static void add_name(struct plan_ctx *g, struct plan_field *to, struct slice name)
{
    uint16_t key = (uint16_t)keys_intern(g->request->keys, name);

    if (key == KEY_NONE)
        g->failed = -CE_TOO_BIG;
    for (uint32_t i = 0; i < to->count; i++) {
        if (to->keys[i] == key)
            return;
    }
    if (to->count < NAMES_MAX)
        to->keys[to->count++] = key;
}

static void add_names(struct plan_ctx *g, struct plan_field *to, const struct expr *e)
{
    if (e->op == EXPR_ATOM && e->atom->field.n)
        add_name(g, to, e->atom->field);
    for (uint32_t i = 0; i < e->count; i++)
        add_names(g, to, e->kids[i]);
}

/* Sends a rule that asks for the field alone through the mappings: what they make of its name. */
static int find_names(struct plan_ctx *g, const struct sigma_rule *rule, struct slice name,
                      struct plan_field *to)
{
    const struct plan_request *q = g->request;
    struct atom atom = {.op = ATOM_EXISTS, .field = name};
    struct expr condition = {.op = EXPR_ATOM, .atom = &atom};
    struct sigma_rule probe = *rule;

    probe.condition = &condition;
    to->keys = arena_new_array(q->arena, NAMES_MAX, uint16_t);
    if (to->keys == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < q->pipeline_count; i++) {
        struct rule_variant variant;
        struct err err = ERR_INIT;
        int r = pipeline_apply(q->pipelines[i], &probe, q->arena, &variant, &err);

        if (r == -CE_NOMEM)
            return r;
        if (r > 0)
            add_names(g, to, variant.condition);
    }
    add_name(g, to, name);
    return g->failed;
}

static const struct plan_field *find_fields(struct plan_ctx *g, const struct sigma_correlation *c,
                                            const struct plan_leg *leg, const struct slice *names,
                                            uint32_t count)
{
    struct plan_field *fields = arena_new_array(g->request->arena, count, struct plan_field);

    for (uint32_t i = 0; fields && i < count; i++) {
        if (find_names(g, g->request->rules[leg->rule], correlation_field(c, leg->ref, names[i]),
                       &fields[i]) < 0)
            return NULL;
    }
    return fields;
}

static int add_leg(struct plan_ctx *g, uint32_t correlation, uint32_t ref, uint32_t rule)
{
    const struct sigma_correlation *c = g->request->correlations[correlation];
    struct plan_leg *leg = &g->plan->legs[g->plan->leg_count++];

    *leg = (struct plan_leg){.rule = rule, .correlation = correlation, .ref = ref};
    leg->group = find_fields(g, c, leg, c->group_by, c->group_count);
    leg->values = find_fields(g, c, leg, c->fields, c->field_count);
    return leg->group && leg->values ? 0 : g->failed ? g->failed : -CE_NOMEM;
}

/* Where the fields of the one above are among the groups of the one below. */
static const uint32_t *find_groups(struct plan_ctx *g, const struct plan_chain *chain,
                                   const struct slice *names, uint32_t count)
{
    const struct sigma_correlation *above = g->request->correlations[chain->above];
    const struct sigma_correlation *below = g->request->correlations[chain->below];
    uint32_t *at = arena_new_array(g->request->arena, count, uint32_t);

    for (uint32_t i = 0; at && i < count; i++) {
        struct slice name = correlation_field(above, chain->ref, names[i]);

        at[i] = UINT32_MAX;
        for (uint32_t k = 0; k < below->group_count && at[i] == UINT32_MAX; k++)
            at[i] = slice_eq(below->group_by[k], name) ? k : UINT32_MAX;
    }
    return at;
}

static uint32_t index_of(const struct plan_request *q, const struct sigma_correlation *c)
{
    uint32_t i = 0;

    while (q->correlations[i] != c)
        i++;
    return i;
}

static int add_chain(struct plan_ctx *g, uint32_t above, uint32_t ref)
{
    const struct sigma_correlation *c = g->request->correlations[above];
    struct plan_chain *chain = &g->plan->chains[g->plan->chain_count++];

    *chain = (struct plan_chain){.below = index_of(g->request, c->refs[ref].correlation),
                                 .above = above,
                                 .ref = ref};
    chain->group = find_groups(g, chain, c->group_by, c->group_count);
    chain->values = find_groups(g, chain, c->fields, c->field_count);
    return chain->group && chain->values ? 0 : -CE_NOMEM;
}

static int add_correlation(struct plan_ctx *g, uint32_t index)
{
    const struct sigma_correlation *c = g->request->correlations[index];
    int r = 0;

    for (uint32_t i = 0; i < c->ref_count && r == 0 && c->active; i++) {
        const struct correlation_ref *ref = &c->refs[i];

        if (ref->correlation)
            r = add_chain(g, index, i);
        for (uint32_t k = 0; k < ref->rule_count && r == 0; k++)
            r = add_leg(g, index, i, ref->rules[k]);
    }
    return r;
}

static int leg_order(const void *a, const void *b)
{
    const struct plan_leg *x = a, *y = b;

    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->correlation != y->correlation)
        return x->correlation < y->correlation ? -1 : 1;
    return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static int chain_order(const void *a, const void *b)
{
    const struct plan_chain *x = a, *y = b;

    if (x->below != y->below)
        return x->below < y->below ? -1 : 1;
    if (x->above != y->above)
        return x->above < y->above ? -1 : 1;
    return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static int make_lists(struct plan_ctx *g)
{
    const struct plan_request *q = g->request;
    size_t legs = 0, chains = 0;

    for (uint32_t i = 0; i < q->correlation_count; i++) {
        const struct sigma_correlation *c = q->correlations[i];

        for (uint32_t k = 0; k < c->ref_count && c->active; k++) {
            legs += c->refs[k].rule_count;
            chains += c->refs[k].correlation != NULL;
        }
    }
    g->plan->legs = arena_new_array(q->arena, legs + 1, struct plan_leg);
    g->plan->chains = arena_new_array(q->arena, chains + 1, struct plan_chain);
    g->plan->leg_from = arena_new_array(q->arena, (size_t)q->rule_count + 1, uint32_t);
    g->plan->chain_from = arena_new_array(q->arena, (size_t)q->correlation_count + 1, uint32_t);
    return g->plan->legs && g->plan->chains && g->plan->leg_from && g->plan->chain_from ? 0
                                                                                        : -CE_NOMEM;
}

static void index_lists(const struct plan_request *q, struct correlation_plan *p)
{
    qsort(p->legs, p->leg_count, sizeof(*p->legs), leg_order);
    qsort(p->chains, p->chain_count, sizeof(*p->chains), chain_order);
    for (uint32_t i = 0; i < p->leg_count; i++)
        p->leg_from[p->legs[i].rule + 1]++;
    for (uint32_t i = 0; i < q->rule_count; i++)
        p->leg_from[i + 1] += p->leg_from[i];
    for (uint32_t i = 0; i < p->chain_count; i++)
        p->chain_from[p->chains[i].below + 1]++;
    for (uint32_t i = 0; i < q->correlation_count; i++)
        p->chain_from[i + 1] += p->chain_from[i];
}

int correlation_plan_make(const struct plan_request *request, struct correlation_plan *ret)
{
    struct plan_ctx g = {.request = request, .plan = ret};
    int r;

    *ret = (struct correlation_plan){0};
    r = make_lists(&g);
    for (uint32_t i = 0; i < request->correlation_count && r == 0; i++)
        r = add_correlation(&g, i);
    if (r == 0)
        index_lists(request, ret);
    return r;
}
