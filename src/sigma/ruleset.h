/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULESET_H
#define CANH_SIGMA_RULESET_H
/*
 * Many rules and mappings, compiled once, then immutable and shared between threads.
 *
 *     struct ruleset *rs = ruleset_new(&options);
 *     ruleset_add_mapping(rs, name, text, &err);    for each file under mappings/
 *     ruleset_add_rules(rs, path, text);            for each rule file
 *     ruleset_compile(rs, &err);
 *     … matcher_new(rs) per thread (match.h) …
 *     rs = ruleset_free(rs);
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "event/keys.h"
#include "sigma/pipeline.h"
#include "sigma/rule.h"

struct ruleset;

struct ruleset_counts {
    uint32_t rules;        /* loaded and reached by at least one mapping */
    uint32_t refused;      /* documents with a problem, see ruleset_problems() */
    uint32_t unreached;    /* loaded, but no mapping leads any event to them */
    uint32_t correlations; /* without a mistake */
    uint32_t filters;
    uint32_t below_level, by_status; /* left out by options */
    uint32_t repeated;               /* left out: the same, to the letter, as one before */
    uint32_t variants;               /* rule × mapping */
    uint32_t routes;                 /* distinct conditions that mappings add */
};

/* Which rules to take; the rest is counted in below_level and by_status. */
struct ruleset_options {
    enum rule_level min_level;
    enum rule_status min_status; /* STATUS_NONE takes all; default STATUS_EXPERIMENTAL */
    struct rule_options rule;    /* placeholder values; borrowed until compiled */
    bool jit;                    /* regexes to machine code; same verdicts, faster */
};

CANH_MUST_USE struct ruleset *ruleset_new(const struct ruleset_options *options);
struct ruleset *ruleset_free(struct ruleset *rs); /* returns NULL */

/* Before the rules: a mapping may give values to their placeholders. */
CANH_MUST_USE int ruleset_add_mapping(struct ruleset *rs, const char *name, struct slice text,
                                      struct err *err);
/* Only fails without memory; what is wrong in the file becomes a problem. */
CANH_MUST_USE int ruleset_add_rules(struct ruleset *rs, struct slice path, struct slice text);
/*
 * A field that the caller itself asks events for, before compiling. KEY_NONE without memory or when
 * there are too many names.
 */
CANH_MUST_USE uint16_t ruleset_intern(struct ruleset *rs, struct slice name);
CANH_MUST_USE int ruleset_compile(struct ruleset *rs, struct err *err);

/* The names that rules and mappings mention; complete once compiled. */
const struct keys *ruleset_keys(const struct ruleset *rs);
/* Whether a rule's condition, where it is compiled, asks for the field. */
bool ruleset_asks(const struct ruleset *rs, uint32_t key);
/* Rules by index, 0..count-1, as matchers report them. */
uint32_t ruleset_count(const struct ruleset *rs);
/* An index of count or more is a correlation's, behind the rules: its metadata. */
const struct sigma_rule *ruleset_rule(const struct ruleset *rs, uint32_t index);
/* The options leave the rule out; it is here for correlations over it and never alerts itself. */
bool ruleset_only_below(const struct ruleset *rs, uint32_t index);
/* Where correlations are evaluated, whether the rule alerts by itself: not when only correlations
 * without `generate` ask for it. */
bool ruleset_alone(const struct ruleset *rs, uint32_t index);
/*
 * Correlations (correlation.h), broken and unwanted ones too; resolved once compiled. The rules of
 * active ones are indexes as above.
 */
uint32_t ruleset_correlation_count(const struct ruleset *rs);
const struct sigma_correlation *ruleset_correlation(const struct ruleset *rs, uint32_t index);
struct correlation_plan;
/* Which matches take part in which of them (correlation_plan.h). */
const struct correlation_plan *ruleset_plan(const struct ruleset *rs);
void ruleset_count_all(const struct ruleset *rs, struct ruleset_counts *ret);
/* Everything refused, in the order it was added. */
const struct rule_problem *ruleset_problems(const struct ruleset *rs, uint32_t *ret_count);
/* What is loaded and probably not meant so. */
const struct rule_problem *ruleset_warnings(const struct ruleset *rs, uint32_t *ret_count);
/* True, and a log source that mappings know, when an unknown one is near it (logsource_near.h). */
bool ruleset_near_source(const struct ruleset *rs, const struct logsource *has,
                         struct logsource *ret);
/* Calls fn for each rule that no mapping reaches. */
void ruleset_unreached(const struct ruleset *rs,
                       void (*fn)(void *ctx, const struct sigma_rule *rule), void *ctx);
struct partitions;
/* For matchers: the compiled rules by log source. */
struct partitions *ruleset_partitions(const struct ruleset *rs);
/* The variants of a rule, for explain and for the oracle. */
const struct rule_variant *ruleset_variants(const struct ruleset *rs, uint32_t index,
                                            uint32_t *ret_count);
/* Of all rules, in their order: 0..count-1. */
uint32_t ruleset_variant_count(const struct ruleset *rs);
const struct rule_variant *ruleset_variant(const struct ruleset *rs, uint32_t number);
/* Of one of these, its route among ruleset_partitions()'s. */
uint32_t ruleset_route_of(const struct ruleset *rs, const struct rule_variant *variant);

#endif
