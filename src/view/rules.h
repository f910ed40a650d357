/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_VIEW_RULES_H
#define CANH_VIEW_RULES_H
/*
 * Rules: what there is, what a check, a test or an import of them says, why one holds. Of the
 * context only the language is heeded. A library of its own: who lists the state needs no engine.
 */
#include "detect/generation.h"
#include "detect/rule_import.h"
#include "sigma/explain.h"
#include "view/view.h"

/* Appends "category=process_creation product=windows". */
void view_write_logsource(struct buf *out, const struct logsource *source);

/* A row a rule, then one a correlation. */
CANH_MUST_USE int view_rules(const struct view_ctx *c, const struct ruleset *rs, struct table *ret,
                             struct err *err);

/* What a log of a test gave. */
struct view_rule_test {
    bool passed, loaded;
    struct slice rule_id, title, path;
    uint64_t want, got;
};
/* Begins the table, puts a row. */
void view_rule_tests(const struct view_ctx *c, struct table *ret);
void view_rule_test_write(struct table *t, const struct view_rule_test *x);

/* A field that a rule asks for and that is probably another one, mistyped. */
struct view_suspect {
    const struct sigma_rule *rule;
    struct slice field, instead;
};

/* Log sources that no mapping reaches. */
struct view_unmapped {
    const struct logsource *source;
    uint32_t rules;
    msg_id why;
};

/* What a check of rules found. */
struct view_rule_check {
    const struct generation *generation;
    const struct view_unmapped *unmapped;
    size_t unmapped_count;
    const struct view_suspect *suspects;
    size_t suspect_count;
    bool against; /* logs were looked at: fields that no event had */
    const struct slice *absent;
    size_t absent_count;
};
void view_json_rule_check(struct buf *out, enum lang lang, const struct view_rule_check *x);

/* counts: of the rules imported; newest: its day as text, or empty. */
void view_json_rule_import(struct buf *out, struct slice source,
                           const struct rule_import_result *result,
                           const struct ruleset_counts *counts, struct slice newest);

/* One mapping of a rule, held against one event. */
struct view_verdict {
    struct slice mapping;
    const struct verdict *route, *condition;
};
struct view_explained {
    const struct sigma_rule *rule;
    struct slice path; /* of the log */
    uint64_t record;
    const struct view_verdict *verdicts;
    size_t verdict_count;
};
void view_json_explained(struct buf *out, const struct view_explained *x);

#endif
