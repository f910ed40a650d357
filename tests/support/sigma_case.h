/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_SIGMA_CASE_H
#define CANH_TESTS_SIGMA_CASE_H
/*
 * Short forms for tests of rules. Returned texts are valid until the next call.
 */
#include <stdbool.h>

#include "oracle.h"
#include "sigma/rule.h"

/* Values for placeholders in the rules below: %users% → alice, bob*; %one% → 1; %none% → nothing.
 */
extern const struct rule_options case_options;

/*
 * The condition of a rule as expr_text() writes it, or "line:col: reason" when it is refused.
 * detection: the lines under `detection:`, without indentation; line 1 is their first.
 */
const char *case_detection(const char *detection);
/* The same for the lines of one selection, with `condition: sel`. */
const char *case_selection(const char *selection);

/*
 * Does the rule match the event? Event: fields separated by ';', each Name=string, Name#number,
 * Name?bool, Name~ (null) or Name{} (an object or array). A refused rule is a failed test.
 */
bool case_matches(const char *detection, const char *event);
/* The same for the lines of one selection. */
bool case_selects(const char *selection, const char *event);

/* Frees what the calls above keep. */
void case_done(void);

#endif
