/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_PROBE_H
#define CANH_PROBE_PROBE_H
/*
 * Runs one check: in the calling process, at most its timeout, changing nothing at its target; it
 * says what it saw without secrets or personal data, in codes (check/result_text.h). Many, each in
 * a process of its own: probe/many.h.
 */
#include "check/check.h"

/*
 * Always gives a result, which the caller ends with check_result_done(); what keeps the check from
 * running is CHECK_NO_ANSWER and says so.
 */
void probe_execute(const struct check_spec *spec, struct check_result *ret);

/*
 * What this machine's configuration says of a target before it is kept: -CE_DENIED for a plugin in
 * a folder from which none may run.
 */
CANH_MUST_USE int probe_admit(const struct check_kind *kind, struct slice target, struct err *err);

#endif
