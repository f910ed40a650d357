/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_RULE_H
#define CANH_SIGMA_RULE_H
/*
 * A Sigma rule read from YAML (specification 2.1): its metadata, log source, and detection as an
 * expression. Reading never stops at a bad rule: each is refused on its own, with the place and
 * the reason.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "sigma/expr.h"

enum rule_level {
    LEVEL_INFORMATIONAL,
    LEVEL_LOW,
    LEVEL_MEDIUM,
    LEVEL_HIGH,
    LEVEL_CRITICAL,
    LEVEL_MAX,
};

enum rule_status {
    STATUS_NONE,
    STATUS_UNSUPPORTED,
    STATUS_DEPRECATED,
    STATUS_EXPERIMENTAL,
    STATUS_TEST,
    STATUS_STABLE,
    STATUS_MAX,
};

/* Parts that are absent are empty slices. */
struct logsource {
    struct slice category, product, service;
};

struct sigma_correlation;
struct sigma_filter;

struct sigma_rule {
    struct slice path; /* file it came from, for messages */
    unsigned line;     /* of the document in the file */
    struct slice title, id, name, description, author, date, modified;
    /* Of the rule's custom attribute `canh`: what to do now in both languages; what title and
     * description say, in Vietnamese. */
    struct slice title_vi, meaning_vi, advice, advice_vi;
    struct slice *tags;
    uint32_t tag_count;
    enum rule_level level; /* medium when the rule names none */
    enum rule_status status;
    struct logsource logsource;
    const struct expr *condition;
    uint64_t content_hash; /* of the document's text; changes with any edit */
};

/* One thing wrong with one rule or file: what, where, and that it is not loaded. */
struct rule_problem {
    struct slice path;
    struct slice title; /* of the rule, when it got that far */
    struct err err;     /* line and column in the file */
    bool again;         /* the document has a problem already; it is refused once */
};

/* Values for |expand placeholders: name → list of texts. */
struct placeholder {
    struct slice name;
    const struct slice *values;
    uint32_t count;
};

struct yaml_keeper;

struct rule_options {
    const struct placeholder *placeholders;
    uint32_t placeholder_count;
    bool sigma_2_2;                   /* also what the specification has only as a draft of 2.2 */
    const struct yaml_keeper *keeper; /* of parsed files (yaml/pack.h); NULL: none */
};

/* What one file gave. Filters (Sigma filters) and correlations stand apart from rules. */
struct rule_file {
    struct sigma_rule **rules;
    uint32_t rule_count;
    struct sigma_filter **filters;
    uint32_t filter_count;
    struct sigma_correlation **correlations; /* correlation.h; broken ones, too */
    uint32_t correlation_count;
    struct rule_problem *problems;
    uint32_t problem_count;
    struct rule_problem *warnings; /* of what is loaded all the same */
    uint32_t warning_count;
};

/*
 * Reads all documents of one rule file. Never fails as a whole but for memory (-CE_NOMEM):
 * whatever is wrong becomes a problem. Everything lives in arena, path included; text may go.
 */
CANH_MUST_USE int rule_read(struct arena *arena, struct slice path, struct slice text,
                            const struct rule_options *options, struct rule_file *ret);

/*
 * Applies the filters to the rules they name (or to all, `rules: any`) whose log source they fit:
 * the condition becomes (rule) and (filter). Filters that reach no rule become problems.
 */
CANH_MUST_USE int rule_apply_filters(struct arena *arena, struct sigma_rule **rules,
                                     uint32_t rule_count, struct sigma_filter *const *filters,
                                     uint32_t filter_count, struct rule_problem **ret_problems,
                                     uint32_t *ret_problem_count);

/* The title in Vietnamese where that is wanted and there is one. */
struct slice rule_title(const struct sigma_rule *rule, bool vietnamese);
/* What it means: the description, or its Vietnamese where that is wanted and there is one. */
struct slice rule_meaning(const struct sigma_rule *rule, bool vietnamese);
/* What to do now; in English where there is no Vietnamese. Empty when the rule does not say. */
struct slice rule_advice(const struct sigma_rule *rule, bool vietnamese);
const char *rule_level_to_str(enum rule_level level);
const char *rule_status_to_str(enum rule_status status);

#endif
