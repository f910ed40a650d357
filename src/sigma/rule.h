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

struct sigma_rule {
    struct slice path; /* file it came from, for messages */
    unsigned line;     /* of the document in the file */
    struct slice title, id, name, description, author, date, modified;
    struct slice *tags;
    uint32_t tag_count;
    enum rule_level level; /* medium when the rule names none */
    enum rule_status status;
    struct logsource logsource;
    const struct expr *condition;
    uint64_t content_hash; /* of the document's text; changes with any edit */
};

const char *rule_level_to_str(enum rule_level level);
const char *rule_status_to_str(enum rule_status status);

#endif
