/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_EXPLAIN_EXPLAIN_H
#define CANH_CLI_EXPLAIN_EXPLAIN_H
/* canh explain: why a rule holds for an event, or does not. */
#include "cli/option.h"

extern const struct verb verb_explain;

#endif
