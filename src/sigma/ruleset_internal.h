/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULESET_INTERNAL_H
#define CANH_SIGMA_RULESET_INTERNAL_H
/* What a ruleset is made of: for ruleset.c, and for what packs it. */
#include "base/map.h"
#include "sigma/correlation_plan.h"
#include "sigma/partition.h"
#include "sigma/ruleset.h"

/* A growing array of pointers or structs. */
struct list {
    void *items;
    uint32_t count, cap;
};

struct ruleset {
    struct ruleset_options options;
    struct arena arena;
    struct keys *keys;
    struct list pipelines;    /* struct pipeline * */
    struct list given;        /* struct placeholder: the options', then the pipelines'; or none */
    struct list rules;        /* struct sigma_rule * */
    struct map by_content;    /* content hash → rule */
    struct list filters;      /* struct sigma_filter * */
    struct list correlations; /* struct sigma_correlation * */
    struct map correlations_by_content;
    struct list left_out; /* struct sigma_rule *: for their level or status */
    uint32_t taken;       /* rules up to here are those that the options take */
    bool *alone;          /* by rule */
    struct correlation_plan plan;
    struct list warnings;   /* struct rule_problem */
    struct list problems;   /* struct rule_problem */
    struct list variants;   /* struct rule_variant, by rule */
    struct list inputs;     /* struct partition_input, one a variant */
    uint32_t *variant_from; /* by rule: first variant; one more at the end */
    struct partitions *partitions;
    bool unpacked;       /* rules, variants and inputs are those of a ruleset that was packed */
    bool *asked;         /* by key: a condition asks for it */
    struct slice *names; /* whose fields are these, in their order */
    struct slice *asked_names; /* those of them that conditions ask for */
    uint32_t asked_count;
    uint32_t name_count;
    struct ruleset_counts counts;
};

/* Adds to a list of pointers. */
CANH_MUST_USE int ruleset_keep(struct list *l, void *item);

/* Which correlations are evaluated and tell. */
void ruleset_choose_correlations(struct ruleset *rs);
/* Which rules are needed for them, and which of all alert by themselves. */
CANH_MUST_USE int ruleset_choose_rules(struct ruleset *rs);

#endif
