/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "lang/err_sigma.h"
#include "sigma/comparison.h"
#include "sigma/correlation.h"
#include "sigma/logsource_near.h"
#include "sigma/ruleset_internal.h"

enum {
    RULES_BYTES_MAX = 1024 * 1024 * 1024,
    RULES_MAX = 1000000,
};

static void *list_add(struct list *l, size_t size)
{
    size_t cap = l->cap;
    void *items;

    if (l->count == l->cap) {
        items = array_grow(l->items, size, &cap, 4 * RULES_MAX);
        if (items == NULL)
            return NULL;
        l->items = items;
        l->cap = (uint32_t)cap;
    }
    return (uint8_t *)l->items + size * l->count++;
}

struct ruleset *ruleset_new(const struct ruleset_options *options)
{
    struct ruleset *rs = calloc(1, sizeof(*rs));

    if (rs == NULL)
        return NULL;
    rs->options = *options;
    rs->arena = ARENA_INIT(RULES_BYTES_MAX);
    map_init(&rs->by_content, 4 * (size_t)RULES_MAX);
    map_init(&rs->correlations_by_content, 4 * (size_t)RULES_MAX);
    rs->keys = keys_new();
    return rs->keys ? rs : ruleset_free(rs);
}

struct ruleset *ruleset_free(struct ruleset *rs)
{
    if (rs == NULL)
        return NULL;
    for (uint32_t i = 0; i < rs->pipelines.count; i++)
        (void)pipeline_free(((struct pipeline **)rs->pipelines.items)[i]);
    (void)partitions_free(rs->partitions);
    (void)keys_free(rs->keys);
    free(rs->pipelines.items);
    free(rs->given.items);
    free(rs->rules.items);
    free(rs->filters.items);
    free(rs->correlations.items);
    free(rs->left_out.items);
    free(rs->alone);
    free(rs->problems.items);
    free(rs->warnings.items);
    free(rs->variants.items);
    free(rs->inputs.items);
    free(rs->variant_from);
    free(rs->names);
    free(rs->asked_names);
    free(rs->asked);
    map_done(&rs->by_content);
    map_done(&rs->correlations_by_content);
    arena_done(&rs->arena);
    free(rs);
    return NULL;
}

static int set_placeholders(struct ruleset *rs, const struct placeholder *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct placeholder *to = list_add(&rs->given, sizeof(*to));

        if (to == NULL)
            return -CE_NOMEM;
        *to = from[i];
    }
    return 0;
}

/* What a mapping gives to placeholders stands behind what the options give. */
static int read_placeholders(struct ruleset *rs, const struct pipeline *p)
{
    uint32_t count;
    const struct placeholder *own = pipeline_placeholders(p, &count);
    int r = 0;

    if (count > 0 && rs->given.count == 0)
        r = set_placeholders(rs, rs->options.rule.placeholders, rs->options.rule.placeholder_count);
    return r < 0 ? r : set_placeholders(rs, own, count);
}

int ruleset_add_mapping(struct ruleset *rs, const char *name, struct slice text, struct err *err)
{
    struct pipeline *p, **to;
    int r = pipeline_parse(text, name, &p, err);

    if (r < 0)
        return r;
    to = list_add(&rs->pipelines, sizeof(struct pipeline *));
    if (to == NULL) {
        (void)pipeline_free(p);
        return err_nomem(err);
    }
    *to = p;
    return read_placeholders(rs, p) < 0 ? err_nomem(err) : 0;
}

static int add_problem(struct ruleset *rs, const struct rule_problem *problem)
{
    struct rule_problem *to = list_add(&rs->problems, sizeof(*to));

    if (to == NULL)
        return -CE_NOMEM;
    *to = *problem;
    rs->counts.refused += !problem->again;
    return 0;
}

static bool ruleset_wanted(struct ruleset *rs, const struct sigma_rule *rule)
{
    if (rule->status != STATUS_NONE && rule->status < rs->options.min_status) {
        rs->counts.by_status++;
        return false;
    }
    if (rule->level < rs->options.min_level) {
        rs->counts.below_level++;
        return false;
    }
    return true;
}

/* A collection may have been imported twice, under two names: its rules must not alert twice. */
static bool is_repeated(const struct ruleset *rs, const struct sigma_rule *rule)
{
    struct slice content = slice_of(&rule->content_hash, sizeof(rule->content_hash));
    const struct sigma_rule *other;
    uint32_t at;

    if (!map_get(&rs->by_content, content, &at))
        return false;
    other = ruleset_rule(rs, at);
    return slice_eq(other->id, rule->id) && slice_eq(other->title, rule->title);
}

int ruleset_keep(struct list *l, void *item)
{
    void **to = list_add(l, sizeof(*to));

    if (to == NULL)
        return -CE_NOMEM;
    *to = item;
    return 0;
}

static int add_rule(struct ruleset *rs, struct sigma_rule *rule)
{
    struct slice content = slice_of(&rule->content_hash, sizeof(rule->content_hash));

    if (!ruleset_wanted(rs, rule))
        return ruleset_keep(&rs->left_out, rule);
    if (is_repeated(rs, rule)) {
        rs->counts.repeated++;
        return 0;
    }
    if (ruleset_keep(&rs->rules, rule) < 0)
        return -CE_NOMEM;
    return map_put(&rs->by_content, content, rs->rules.count - 1);
}

/* What is broken stays, so that all of its mistakes are found. */
static int add_correlation(struct ruleset *rs, struct sigma_correlation *c)
{
    struct slice content = slice_of(&c->rule.content_hash, sizeof(c->rule.content_hash));
    uint32_t at;

    if (map_get(&rs->correlations_by_content, content, &at)) {
        rs->counts.repeated++;
        return 0;
    }
    c->wanted = ruleset_wanted(rs, &c->rule);
    if (map_put(&rs->correlations_by_content, content, rs->correlations.count) < 0)
        return -CE_NOMEM;
    return ruleset_keep(&rs->correlations, c);
}

int ruleset_add_rules(struct ruleset *rs, struct slice path, struct slice text)
{
    const struct rule_options given = {.placeholders = rs->given.items,
                                       .placeholder_count = rs->given.count,
                                       .sigma_2_2 = rs->options.rule.sigma_2_2,
                                       .keeper = rs->options.rule.keeper};
    struct rule_file file;
    int r = rule_read(&rs->arena, path, text, given.placeholder_count ? &given : &rs->options.rule,
                      &file);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < file.rule_count; i++) {
        if (add_rule(rs, file.rules[i]) < 0)
            return -CE_NOMEM;
    }
    for (uint32_t i = 0; i < file.filter_count; i++) {
        if (ruleset_keep(&rs->filters, file.filters[i]) < 0)
            return -CE_NOMEM;
    }
    for (uint32_t i = 0; i < file.correlation_count; i++) {
        if (add_correlation(rs, file.correlations[i]) < 0)
            return -CE_NOMEM;
    }
    for (uint32_t i = 0; i < file.warning_count; i++) {
        struct rule_problem *to = list_add(&rs->warnings, sizeof(*to));

        if (to == NULL)
            return -CE_NOMEM;
        *to = file.warnings[i];
    }
    for (uint32_t i = 0; i < file.problem_count; i++) {
        if (add_problem(rs, &file.problems[i]) < 0)
            return -CE_NOMEM;
    }
    rs->counts.filters += file.filter_count;
    return 0;
}

uint16_t ruleset_intern(struct ruleset *rs, struct slice name)
{
    return (uint16_t)keys_intern(rs->keys, name);
}

/* Notes them in `asked`, unless it is NULL. */
static int intern_fields(struct keys *keys, const struct expr *e, bool *asked)
{
    if (e->op == EXPR_ATOM) {
        const struct atom *a = e->atom;
        uint32_t key = a->field.n ? keys_intern(keys, a->field) : KEY_NONE;

        if (a->field.n && key == KEY_NONE)
            return -CE_TOO_BIG;
        if (asked != NULL)
            asked[key] = true;
        if (comparison_other(a).n && keys_intern(keys, comparison_other(a)) == KEY_NONE)
            return -CE_TOO_BIG;
    }
    for (uint32_t i = 0; i < e->count; i++) {
        if (intern_fields(keys, e->kids[i], asked) < 0)
            return -CE_TOO_BIG;
    }
    return 0;
}

static int add_variant(struct ruleset *rs, uint32_t rule, const struct rule_variant *variant,
                       struct err *err)
{
    struct rule_variant *v = list_add(&rs->variants, sizeof(*v));
    struct partition_input *in = list_add(&rs->inputs, sizeof(*in));

    if (v == NULL || in == NULL)
        return err_nomem(err);
    *v = *variant;
    *in = (struct partition_input){rule, variant->route, variant->condition};
    if (intern_fields(rs->keys, v->route, NULL) < 0 ||
        intern_fields(rs->keys, v->condition, rs->asked) < 0)
        return err_fail(err, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_FIELD_NAMES, KEYS_MAX);
    return 0;
}

static int apply_pipelines(struct ruleset *rs, uint32_t index, struct err *err)
{
    const struct sigma_rule *rule = ruleset_rule(rs, index);
    uint32_t before = rs->variants.count;

    for (uint32_t i = 0; i < rs->pipelines.count; i++) {
        const struct pipeline *p = ((struct pipeline **)rs->pipelines.items)[i];
        struct rule_problem problem = {.path = rule->path, .title = rule->title};
        struct rule_variant variant;
        int r = pipeline_apply(p, rule, &rs->arena, &variant, &problem.err);

        if (r == -CE_NOMEM || (r < 0 && add_problem(rs, &problem) < 0))
            return err_nomem(err);
        if (r > 0 && add_variant(rs, index, &variant, err) < 0)
            return -err->code;
    }
    rs->counts.unreached += rs->variants.count == before;
    rs->counts.rules += rs->variants.count != before;
    return 0;
}

static int apply_filters(struct ruleset *rs)
{
    struct rule_problem *problems;
    uint32_t count;
    int r = rule_apply_filters(&rs->arena, rs->rules.items, rs->rules.count, rs->filters.items,
                               rs->filters.count, &problems, &count);

    for (uint32_t i = 0; i < count && r == 0; i++)
        r = add_problem(rs, &problems[i]);
    return r;
}

/* Correlations may name rules that are left out: they come behind those that are taken. */
static int resolve_correlations(struct ruleset *rs)
{
    uint32_t known = rs->rules.count + rs->left_out.count, count;
    struct sigma_rule **rules = arena_new_array(&rs->arena, known, struct sigma_rule *);
    struct sigma_correlation *const *all = rs->correlations.items;
    struct rule_problem *problems;
    int r;

    if (rules == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < known; i++)
        rules[i] = i < rs->rules.count
                       ? ((struct sigma_rule **)rs->rules.items)[i]
                       : ((struct sigma_rule **)rs->left_out.items)[i - rs->rules.count];
    r = correlations_resolve(&rs->arena, rules, known, all, rs->correlations.count, &problems,
                             &count);
    for (uint32_t i = 0; i < count && r == 0; i++)
        r = add_problem(rs, &problems[i]);
    for (uint32_t i = 0; i < rs->correlations.count; i++)
        rs->counts.correlations += !all[i]->broken && all[i]->wanted;
    return r;
}

static int plan_correlations(struct ruleset *rs, struct err *err)
{
    const struct plan_request request = {.arena = &rs->arena,
                                         .keys = rs->keys,
                                         .pipelines = rs->pipelines.items,
                                         .pipeline_count = rs->pipelines.count,
                                         .rules = rs->rules.items,
                                         .rule_count = rs->rules.count,
                                         .correlations = rs->correlations.items,
                                         .correlation_count = rs->correlations.count};
    int r = correlation_plan_make(&request, &rs->plan);

    if (r == -CE_TOO_BIG)
        return err_fail(err, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_FIELD_NAMES, KEYS_MAX);
    return r < 0 ? err_nomem(err) : 0;
}

/* Where each rule's variants begin; of a ruleset that was packed they are there. */
static void number_variants(struct ruleset *rs)
{
    const struct partition_input *inputs = rs->inputs.items;
    uint32_t at = 0;

    for (uint32_t i = 0; i < rs->rules.count; i++) {
        rs->variant_from[i] = at;
        while (at < rs->inputs.count && inputs[at].rule == i)
            at++;
    }
}

static int intern_names(struct ruleset *rs, struct err *err)
{
    for (uint32_t i = 0; i < rs->name_count; i++) {
        if (keys_intern(rs->keys, rs->names[i]) == KEY_NONE)
            return err_fail(err, CE_TOO_BIG, ERR_SIGMA_MORE_THAN_FIELD_NAMES, KEYS_MAX);
    }
    for (uint32_t i = 0; i < rs->asked_count; i++)
        rs->asked[keys_find(rs->keys, rs->asked_names[i])] = true;
    return 0;
}

static int make_variants(struct ruleset *rs, struct err *err)
{
    int r;

    rs->asked = calloc((size_t)KEYS_MAX + 1, sizeof(*rs->asked));
    rs->variant_from = calloc((size_t)rs->rules.count + 1, sizeof(*rs->variant_from));
    if (rs->asked == NULL || rs->variant_from == NULL)
        return err_nomem(err);
    r = intern_names(rs, err);
    if (rs->unpacked)
        number_variants(rs);
    for (uint32_t i = 0; i < rs->rules.count && !rs->unpacked && r == 0; i++) {
        rs->variant_from[i] = rs->variants.count;
        r = apply_pipelines(rs, i, err);
    }
    rs->variant_from[rs->rules.count] = rs->variants.count;
    return r;
}

int ruleset_compile(struct ruleset *rs, struct err *err)
{
    int r = rs->correlations.count ? resolve_correlations(rs) : 0;

    ruleset_choose_correlations(rs);
    if (r == 0)
        r = ruleset_choose_rules(rs);
    if (r == 0 && rs->filters.count)
        r = apply_filters(rs);
    if (r < 0)
        return err_nomem(err);
    r = make_variants(rs, err);
    if (r < 0)
        return r;
    r = plan_correlations(rs, err);
    if (r < 0)
        return r;
    r = partitions_new(rs->inputs.items, rs->inputs.count, rs->keys, rs->options.jit,
                       &rs->partitions, err);
    if (r < 0)
        return r;
    rs->counts.variants = rs->variants.count;
    rs->counts.routes = partitions_route_count(rs->partitions);
    return 0;
}

const struct keys *ruleset_keys(const struct ruleset *rs)
{
    return rs->keys;
}

bool ruleset_asks(const struct ruleset *rs, uint32_t key)
{
    return key != KEY_NONE && rs->asked[key];
}

uint32_t ruleset_count(const struct ruleset *rs)
{
    return rs->rules.count;
}

const struct sigma_rule *ruleset_rule(const struct ruleset *rs, uint32_t index)
{
    if (index >= rs->rules.count)
        return &ruleset_correlation(rs, index - rs->rules.count)->rule;
    return ((struct sigma_rule *const *)rs->rules.items)[index];
}

bool ruleset_only_below(const struct ruleset *rs, uint32_t index)
{
    return index >= rs->taken && index < rs->rules.count;
}

bool ruleset_alone(const struct ruleset *rs, uint32_t index)
{
    return rs->alone[index];
}

const struct correlation_plan *ruleset_plan(const struct ruleset *rs)
{
    return &rs->plan;
}

uint32_t ruleset_correlation_count(const struct ruleset *rs)
{
    return rs->correlations.count;
}

const struct sigma_correlation *ruleset_correlation(const struct ruleset *rs, uint32_t index)
{
    return ((struct sigma_correlation *const *)rs->correlations.items)[index];
}

void ruleset_count_all(const struct ruleset *rs, struct ruleset_counts *ret)
{
    *ret = rs->counts;
}

const struct rule_problem *ruleset_problems(const struct ruleset *rs, uint32_t *ret_count)
{
    *ret_count = rs->problems.count;
    return rs->problems.items;
}

const struct rule_problem *ruleset_warnings(const struct ruleset *rs, uint32_t *ret_count)
{
    *ret_count = rs->warnings.count;
    return rs->warnings.items;
}

bool ruleset_near_source(const struct ruleset *rs, const struct logsource *has,
                         struct logsource *ret)
{
    return logsource_near(rs->pipelines.items, rs->pipelines.count, has, ret);
}

void ruleset_unreached(const struct ruleset *rs,
                       void (*fn)(void *ctx, const struct sigma_rule *rule), void *ctx)
{
    for (uint32_t i = 0; i < rs->rules.count; i++) {
        if (rs->variant_from[i] == rs->variant_from[i + 1])
            fn(ctx, ruleset_rule(rs, i));
    }
}

struct partitions *ruleset_partitions(const struct ruleset *rs)
{
    return rs->partitions;
}

const struct rule_variant *ruleset_variants(const struct ruleset *rs, uint32_t index,
                                            uint32_t *ret_count)
{
    uint32_t from = rs->variant_from[index];

    *ret_count = rs->variant_from[index + 1] - from;
    return (const struct rule_variant *)rs->variants.items + from;
}

uint32_t ruleset_variant_count(const struct ruleset *rs)
{
    return rs->variants.count;
}

const struct rule_variant *ruleset_variant(const struct ruleset *rs, uint32_t number)
{
    return (const struct rule_variant *)rs->variants.items + number;
}

uint32_t ruleset_route_of(const struct ruleset *rs, const struct rule_variant *variant)
{
    const struct rule_variant *first = rs->variants.items;

    return partitions_route_of(rs->partitions, (uint32_t)(variant - first));
}
