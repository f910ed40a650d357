/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_STATE_STATE_H
#define CANH_CLI_STATE_STATE_H
/* What keeps the state safe: backup, restore, audit. */
#include "cli/option.h"

extern const struct verb verb_backup, verb_restore, verb_audit;

#endif
