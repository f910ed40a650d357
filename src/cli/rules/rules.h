/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_RULES_RULES_H
#define CANH_CLI_RULES_RULES_H
/*
 * canh rules: one file a subverb.
 */
#include "cli/app.h"
#include "cli/rules/load.h"

extern const struct verb verb_rules, verb_rules_check, verb_rules_list, verb_rules_test,
    verb_rules_import;

/* Operands as the list of an option. */
CANH_INLINE struct option_list rules_operands(const struct operands *ops)
{
    return (struct option_list){ops->items, ops->count};
}

#endif
