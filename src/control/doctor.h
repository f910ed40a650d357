/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_DOCTOR_H
#define CANH_CONTROL_DOCTOR_H
/*
 * Is everything that should arrive arriving? The act `doctor` gives a row a finding: how it stands,
 * of what, and in the asker's words what it is. What the state alone tells is found here; a node
 * that runs adds what its processes know (control_job.more), and without one that is a finding,
 * too.
 *
 * A finding's words are an error of area `doctor` (lang/<language>/error/doctor.txt): an id with
 * typed arguments, worded at the end.
 */
#include "base/err.h"
#include "control/act.h"

enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD, DOCTOR_UNKNOWN };

/* Whether a word of a finding's first cell is one, and which. */
bool doctor_state_read(struct slice word, enum doctor_state *ret);

enum doctor_area {
    DOCTOR_NODE,
    DOCTOR_STATE,
    DOCTOR_SOURCES,
    DOCTOR_SUPPRESSION,
    DOCTOR_CHECKS,
    DOCTOR_DISK,
    DOCTOR_CERTIFICATE,
    DOCTOR_SANDBOX,
    DOCTOR_RULES,
    DOCTOR_NETWORK,
    DOCTOR_JOURNAL,
};

/* One finding: a row of the act. name: of what in the area, may be empty. */
CANH_MUST_USE int doctor_report(struct control_job *job, enum doctor_state state,
                                enum doctor_area area, struct slice name, const struct err *what);

#endif
