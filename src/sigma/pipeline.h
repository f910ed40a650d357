/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PIPELINE_H
#define CANH_SIGMA_PIPELINE_H
/*
 * Log-source mapping as data: Sigma processing pipelines (the YAML format of pySigma 1.x,
 * https://sigmahq-pysigma.readthedocs.io/en/latest/Processing_Pipelines.html).
 *
 * Every mapping file is one pipeline and stands alone: a rule goes through each of them, and each
 * that claims it (at least one transformation that adds a condition or changes the log source
 * applied) yields a variant of the rule. An event matches the rule when it matches any variant.
 * So process_creation becomes Sysmon 1 by one file and Security 4688, with other field names, by
 * another.
 *
 * A variant keeps what the pipeline added (Channel, EventID, …) apart from the rule's own
 * condition: the route decides which events the rule is tried on at all.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "sigma/expr.h"
#include "sigma/rule.h"

struct pipeline;

struct rule_variant {
    const struct sigma_rule *rule;
    const struct expr *route;     /* conjunction added by the pipeline; never NULL */
    const struct expr *condition; /* the rule's own, fields renamed, values transformed */
    struct slice mapping;         /* name of the pipeline */
};

/* name: the file's name, for messages. The pipeline copies what it needs into its own memory. */
CANH_MUST_USE int pipeline_parse(struct slice text, const char *name, struct pipeline **ret,
                                 struct err *err);
struct pipeline *pipeline_free(struct pipeline *p); /* returns NULL */
struct slice pipeline_name(const struct pipeline *p);

/*
 * 1 and *ret when the pipeline claims the rule, 0 when it does not, negative when a
 * transformation refuses the rule (rule_failure, a value it cannot transform): err says why.
 * Strings of the variant live in arena or borrow from the rule and the pipeline.
 */
CANH_MUST_USE int pipeline_apply(const struct pipeline *p, const struct sigma_rule *rule,
                                 struct arena *arena, struct rule_variant *ret, struct err *err);

/*
 * Values that the pipeline gives to placeholders of rules (value_placeholders with vars,
 * wildcard_placeholders), for struct rule_options: rules are read before pipelines apply.
 */
const struct placeholder *pipeline_placeholders(const struct pipeline *p, uint32_t *ret_count);

/* Calls fn for each log source that a condition of the pipeline names. */
void pipeline_each_logsource(const struct pipeline *p,
                             void (*fn)(void *ctx, const struct logsource *source), void *ctx);

#endif
