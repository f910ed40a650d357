/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_RECORD_FINDING_H
#define CANH_RECORD_FINDING_H
/* Findings that records open: their titles are kept in every language (lang/said.h). */
#include "state/checks.h"

/* The kind of those that a value over its limit opens. */
#define RECORD_FINDING_LIMIT SLICE("form-limit")
bool record_finding_is_limit(const struct state_finding *x);

#endif
