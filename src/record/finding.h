/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_FINDING_H
#define CANH_RECORD_FINDING_H
/*
 * Findings as people read them. The state keeps one title, in Vietnamese; of a value over its limit
 * the form that showed it says the same in any language.
 */
#include "record/record.h"
#include "state/checks.h"

/* The kind of those that a value over its limit opens. */
#define RECORD_FINDING_LIMIT SLICE("form-limit")
bool record_finding_is_limit(const struct state_finding *x);

/* What a finding says, in c->lang where that can be told, else as it is kept. In the arena. */
struct slice record_finding_title(const struct record *c, const struct state_finding *x);

#endif
