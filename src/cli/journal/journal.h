/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_JOURNAL_JOURNAL_H
#define CANH_CLI_JOURNAL_JOURNAL_H
/* What a node keeps of events: tail, search, the journal itself. */
#include "cli/journal/local.h"
#include "cli/option.h"

extern const struct verb verb_tail, verb_search, verb_journal, verb_journal_cat,
    verb_journal_export, verb_journal_redact, verb_journal_repair, verb_key, verb_key_seal;

/* Options of canh journal. */
struct journal_args {
    const char *dir, *output, *stream;
    struct access_reason why;
    int64_t from, until;
    struct listing_options list;
};

#endif
