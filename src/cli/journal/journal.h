/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_JOURNAL_JOURNAL_H
#define CANH_CLI_JOURNAL_JOURNAL_H
/* What a node keeps of events: tail, search, the journal itself. */
#include "cli/option.h"

extern const struct verb verb_tail, verb_search, verb_journal, verb_journal_redact, verb_key,
    verb_key_seal;

#endif
