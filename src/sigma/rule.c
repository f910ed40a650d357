/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/rule.h"

static const char *const level_names[LEVEL_MAX] = {
    [LEVEL_INFORMATIONAL] = "informational",
    [LEVEL_LOW] = "low",
    [LEVEL_MEDIUM] = "medium",
    [LEVEL_HIGH] = "high",
    [LEVEL_CRITICAL] = "critical",
};

static const char *const status_names[STATUS_MAX] = {
    [STATUS_NONE] = "",
    [STATUS_UNSUPPORTED] = "unsupported",
    [STATUS_DEPRECATED] = "deprecated",
    [STATUS_EXPERIMENTAL] = "experimental",
    [STATUS_TEST] = "test",
    [STATUS_STABLE] = "stable",
};

const char *rule_level_to_str(enum rule_level level)
{
    return level_names[level];
}

const char *rule_status_to_str(enum rule_status status)
{
    return status_names[status];
}
