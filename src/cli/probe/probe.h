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

struct probe_options {
    const char *state, *unit, *kind, *code, *name, *asset, *every, *timeout, *station;
    const char *cause, *note, *person, *at;
    struct option_list params;
    int64_t parallel, days;
    bool all, quiet, planned;
    struct listing_options listing;
};

#define PROBE_TEXT(name, letter, field, arg, help)                                                 \
    OPTION_TEXT(name, letter, struct probe_options, field, arg, COMPLETE_NONE, help)
#define PROBE_STATE   SESSION_OPTION(struct probe_options)
#define PROBE_UNIT    PROBE_TEXT("unit", 'u', unit, "CODE", MSG_PROBE_OPT_UNIT)
#define PROBE_LISTING LISTING_OPTIONS(struct probe_options, listing)

/* What every verb here has open; unit only with --unit. */
struct probe_job {
    struct session l;
    struct record rec;
    const struct probe_options *o;
    struct state_unit unit;
    int64_t at;
};

CANH_MUST_USE int probe_begin(struct app *app, const struct probe_options *o, enum state_mode mode,
                              struct probe_job *ret);
int probe_end(struct probe_job *p, int r, const struct err *err);
/* The checks in force at p->at: of --unit and all below it, or all; by unit and code. With codes,
 * only these (every one must be there). */
CANH_MUST_USE int probe_list(struct probe_job *p, const struct operands *codes,
                             struct state_check **ret, size_t *ret_n);
/* The state as views read it at p->at. */
struct view_ctx probe_ctx(struct probe_job *p);

extern const struct verb verb_probe, verb_probe_add, verb_probe_run, verb_probe_status,
    verb_probe_cause;

#endif
