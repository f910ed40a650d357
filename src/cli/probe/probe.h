/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_PROBE_PROBE_H
#define CANH_CLI_PROBE_PROBE_H
/*
 * canh probe: one file a subverb or two; what they share.
 */
#include "cli/listing.h"
#include "cli/session.h"
#include "lang/msg_probe.h"
#include "record/probe.h"
#include "state/assets.h"
#include "view/probes.h"

/* Which state, and of which unit; each verb's options begin with it. */
struct probe_scope {
    const char *state, *unit, *at;
};

#define PROBE_TEXT(type, name, letter, field, arg, help)                                           \
    OPTION_TEXT(name, letter, type, field, arg, COMPLETE_NONE, help)
#define PROBE_STATE(type) SESSION_OPTION(type, scope.state)
#define PROBE_UNIT(type)  PROBE_TEXT(type, "unit", 'u', scope.unit, "CODE", MSG_PROBE_OPT_UNIT)

/* What every verb here has open; unit only with --unit. */
struct probe_job {
    struct session l;
    struct record rec;
    struct state_unit unit;
    int64_t at;
};

CANH_MUST_USE int probe_begin(struct app *app, const struct probe_scope *scope,
                              enum state_mode mode, struct probe_job *ret);
int probe_end(struct probe_job *p, int r, const struct err *err);
/* The checks that stand at p->at, those that are off only where `off` says so: of --unit and all
 * below it, or all; by unit and code. With codes, only these (every one must be there, and on). */
CANH_MUST_USE int probe_list(struct probe_job *p, const struct operands *codes, bool off,
                             struct state_check **ret, size_t *ret_n);
/* The state as views read it at p->at. */
struct view_ctx probe_ctx(struct probe_job *p);

extern const struct verb verb_probe, verb_probe_add, verb_probe_run, verb_probe_status,
    verb_probe_cause;

#endif
