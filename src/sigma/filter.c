/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sigma filters (Sigma Filters specification 2.1; applied as pySigma does): the condition of each
 * rule they reach becomes (rule) and (filter), so an exclusion is written `condition: not …`.
 */
#include "lang/err_sigma.h"
#include "sigma/detection.h"
#include "sigma/reader.h"
#include "sigma/rule_index.h"

static bool any_word(const struct yaml_node *rules)
{
    return rules->kind == YAML_SCALAR && (slice_eq_nocase(rules->text, SLICE("any")) ||
                                          slice_eq_nocase(rules->text, SLICE("all")));
}

static int read_references(struct build *b, const struct yaml_node *doc, struct sigma_filter *f)
{
    const struct yaml_node *rules = yaml_get(yaml_get(doc, "filter"), "rules");
    bool list = rules != NULL && rules->kind == YAML_SEQ;

    if (rules == NULL || yaml_is_null(rules))
        return build_fail(b, rules ? rules : doc, CE_MISSING, ERR_SIGMA_FILTER_NAMES_NO_RULES_LIST);
    f->any = any_word(rules);
    if (f->any)
        return 0;
    if (rules->kind == YAML_MAP || (list && rules->count == 0))
        return build_fail(b, rules, CE_SYNTAX, ERR_SIGMA_RULES_LIST_RULE_IDS_OR);
    f->rule_count = list ? rules->count : 1;
    f->rules = arena_new_array(b->arena, f->rule_count, struct slice);
    if (f->rules == NULL)
        return build_no_memory(b);
    for (uint32_t i = 0; i < f->rule_count; i++) {
        const struct yaml_node *node = list ? rules->kids[i] : rules;

        if (node->kind != YAML_SCALAR || node->text.n == 0)
            return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_RULE_NAMED_BY_ID_OR);
        f->rules[i] = arena_dup(b->arena, node->text);
        if (f->rules[i].p == NULL)
            return build_no_memory(b);
    }
    return 0;
}

static bool filter_negates(const struct expr *e)
{
    bool found = e->op == EXPR_NOT;

    for (uint32_t i = 0; i < e->count && !found; i++)
        found = filter_negates(e->kids[i]);
    return found;
}

int filter_read(struct build *b, const struct yaml_node *doc, struct slice path,
                struct sigma_filter **ret)
{
    const struct yaml_node *node = yaml_get(doc, "filter"), *condition;
    struct sigma_filter *f = arena_new(b->arena, struct sigma_filter);
    int r;

    if (f == NULL)
        return build_no_memory(b);
    *f = (struct sigma_filter){.path = path, .line = doc->line, .col = doc->col};
    r = reader_title(b, doc, &f->title);
    if (r == 0)
        r = reader_text(b, doc, "id", &f->id);
    if (r == 0)
        r = reader_logsource(b, doc, &f->logsource);
    if (r == 0 && node != NULL && node->kind == YAML_MAP)
        r = read_references(b, doc, f);
    condition = yaml_get(node, "condition");
    if (r == 0 && condition != NULL && condition->kind != YAML_SCALAR)
        r = build_fail(b, condition, CE_SYNTAX, ERR_SIGMA_FILTER_EXACTLY_ONE_CONDITION_AS);
    if (r == 0)
        r = detection_build(b, doc, node, DETECTION_OF_FILTER, &f->condition);
    if (r == 0)
        f->keeps = !filter_negates(f->condition);
    *ret = f;
    return r;
}

static bool part_fits(struct slice filter, struct slice rule)
{
    return filter.n == 0 || slice_eq(filter, rule);
}

static bool logsource_fits(const struct logsource *filter, const struct logsource *rule)
{
    return part_fits(filter->category, rule->category) &&
           part_fits(filter->product, rule->product) && part_fits(filter->service, rule->service);
}

/* (rule) and (filter); once for a rule that a filter names twice. */
static int apply_to(struct arena *arena, struct sigma_rule *rule, const struct sigma_filter *f)
{
    const struct expr **kids, *old = rule->condition;
    struct expr *e;

    if (old->op == EXPR_AND && old->count == 2 && old->kids[1] == f->condition)
        return 0;
    kids = arena_alloc(arena, 2 * sizeof(struct expr *));
    e = arena_new(arena, struct expr);
    if (kids == NULL || e == NULL)
        return -CE_NOMEM;
    kids[0] = old;
    kids[1] = f->condition;
    *e =
        (struct expr){.op = EXPR_AND, .count = 2, .kids = kids, .line = old->line, .col = old->col};
    rule->condition = e;
    return 0;
}

/* Returns how many rules the filter reached, or -CE_NOMEM. */
static int filter_apply(struct arena *arena, const struct rule_index *x, struct sigma_rule **rules,
                        uint32_t count, const struct sigma_filter *f)
{
    bool reached = false;
    int r = 0;

    for (uint32_t i = 0; f->any && i < count && r == 0; i++) {
        if (logsource_fits(&f->logsource, &rules[i]->logsource)) {
            r = apply_to(arena, rules[i], f);
            reached = true;
        }
    }
    for (uint32_t i = 0; i < f->rule_count && r == 0; i++) {
        uint32_t entry = rule_index_find(x, f->rules[i]);

        for (; entry != UINT32_MAX && r == 0; entry = rule_index_next(x, entry)) {
            if (logsource_fits(&f->logsource, &rules[entry / 2]->logsource)) {
                r = apply_to(arena, rules[entry / 2], f);
                reached = true;
            }
        }
    }
    return r < 0 ? r : reached;
}

int rule_apply_filters(struct arena *arena, struct sigma_rule **rules, uint32_t rule_count,
                       struct sigma_filter *const *filters, uint32_t filter_count,
                       struct rule_problem **ret_problems, uint32_t *ret_problem_count)
{
    struct rule_problem *problems = arena_new_array(arena, filter_count, struct rule_problem);
    struct rule_index x;
    uint32_t count = 0;
    int r = rule_index_init(&x, arena, rules, rule_count);

    if (problems == NULL)
        r = -CE_NOMEM;
    for (uint32_t i = 0; i < filter_count && r >= 0; i++) {
        const struct sigma_filter *f = filters[i];

        r = filter_apply(arena, &x, rules, rule_count, f);
        if (r == 0) {
            struct rule_problem *p = &problems[count++];

            p->path = f->path;
            p->title = f->title;
            (void)err_fail_at(&p->err, CE_NOT_FOUND, f->line, f->col,
                              ERR_SIGMA_FILTER_REACHES_NO_RULE_NONE);
        }
    }
    rule_index_done(&x);
    *ret_problems = problems;
    *ret_problem_count = count;
    return r < 0 ? r : 0;
}
