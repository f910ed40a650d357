/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_READER_H
#define CANH_SIGMA_READER_H
/*
 * Between rule_file.c, rule.c, filter.c and correlation.c: documents, and what their kinds have in
 * common.
 */
#include "base/attr.h"
#include "sigma/build.h"

struct sigma_correlation;

struct sigma_filter {
    struct slice path, title, id;
    unsigned line, col;
    struct logsource logsource;
    bool any;            /* all rules that the log source fits */
    struct slice *rules; /* ids or names */
    uint32_t rule_count;
    const struct expr *condition;
    bool keeps; /* nothing in it is negated: it keeps events instead of leaving them out */
};

/* Copies the text under a key; empty when it is absent or null, an error when it is no scalar. */
CANH_MUST_USE int reader_text(struct build *b, const struct yaml_node *doc, const char *key,
                              struct slice *ret);
CANH_MUST_USE int reader_title(struct build *b, const struct yaml_node *doc, struct slice *ret);
CANH_MUST_USE int reader_logsource(struct build *b, const struct yaml_node *doc,
                                   struct logsource *ret);

/* What stands beside log source and detection: title, id, level and the like. */
CANH_MUST_USE int reader_metadata(struct build *b, const struct yaml_node *doc,
                                  struct sigma_rule *rule);
/* Fills all of the rule but path and content_hash. */
CANH_MUST_USE int reader_rule(struct build *b, const struct yaml_node *doc,
                              struct sigma_rule *rule);
CANH_MUST_USE int filter_read(struct build *b, const struct yaml_node *doc, struct slice path,
                              struct sigma_filter **ret);

/* Takes what build.err holds; 0 or -CE_NOMEM. */
struct correlation_sink {
    int (*add)(void *ctx);
    void *ctx;
};

/* Reads a correlation, whose path and content_hash the caller has set. Each mistake goes to the
 * sink and leaves it broken; only fails without memory. */
CANH_MUST_USE int correlation_read(struct build *b, const struct yaml_node *doc,
                                   struct correlation_sink sink, struct sigma_correlation *ret);

#endif
