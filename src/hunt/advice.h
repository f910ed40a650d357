/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_ADVICE_H
#define CANH_HUNT_ADVICE_H
/*
 * What to do now about a rule that found something: the rule's own advice, else what the tactic of
 * ATT&CK that it is tagged with asks for.
 */
#include "base/slice.h"
#include "lang/lang.h"
#include "sigma/rule.h"

struct slice advice_for(const struct sigma_rule *rule, enum lang lang);

#endif
