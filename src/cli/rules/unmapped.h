/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_RULES_UNMAPPED_H
#define CANH_CLI_RULES_UNMAPPED_H
/* Log sources of rules that no mapping reaches: how many rules each has, and why none does. */
#include <stdint.h>

#include "lang/lang.h"
#include "sigma/rule.h"

enum { UNMAPPED_MAX = 256 };

struct unmapped {
    struct logsource source;
    uint32_t rules;
};

struct unmapped_list {
    struct unmapped items[UNMAPPED_MAX];
    uint32_t count, other; /* rules of sources beyond the maximum */
};

/* Counts a rule that no mapping reaches. */
void unmapped_add(struct unmapped_list *list, const struct sigma_rule *rule);
/* Why: one sentence. */
msg_id unmapped_why(const struct logsource *source);

#endif
