/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules/rules.h"
#include "lang/msg_rules.h"

static const struct verb *const subs[] = {
    &verb_rules_check, &verb_rules_test, &verb_rules_list, &verb_rules_import, NULL,
};

const struct verb verb_rules = {
    .name = "rules",
    .summary = MSG_RULES_SUMMARY,
    .subs = subs,
};
