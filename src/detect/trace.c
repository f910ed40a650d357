/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/trace.h"

enum { MAPPINGS_MAX = 64 };

static void read_mapping(struct trace *l, struct slice name)
{
    for (uint32_t i = 0; i < l->mapping_count; i++) {
        if (slice_eq(l->mappings[i], name))
            return;
    }
    if (l->mapping_count < MAPPINGS_MAX)
        l->mappings[l->mapping_count++] = name;
}

/* Variants come by rule. */
static void read_route(void *ctx, uint32_t rule, const struct rule_variant *variant)
{
    struct trace *l = ctx;

    read_mapping(l, variant->mapping);
    if (l->rule_count == 0 || l->rules[l->rule_count - 1].rule != rule)
        l->rules[l->rule_count++] = (struct trace_rule){.rule = rule};
}

int detector_trace(struct detector *d, const struct event *e, struct arena *arena,
                   struct trace *ret)
{
    const struct ruleset *rules = d->generation->rules;
    struct match_result found;
    uint32_t at = 0;

    *ret = (struct trace){
        .mappings = arena_new_array(arena, MAPPINGS_MAX, struct slice),
        .rules = arena_new_array(arena, (size_t)ruleset_count(rules) + 1, struct trace_rule),
    };
    if (ret->mappings == NULL || ret->rules == NULL)
        return -CE_NOMEM;
    matcher_each_route(d->matcher, e, read_route, ret);
    found = matcher_run(d->matcher, e);
    for (uint32_t i = 0; i < ret->rule_count && at < found.count; i++) {
        ret->rules[i].matches = found.rules[at] == ret->rules[i].rule;
        at += ret->rules[i].matches;
        ret->matched += ret->rules[i].matches;
    }
    return 0;
}
