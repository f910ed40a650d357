/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_CHECKS_H
#define CANH_STATE_CHECKS_H
/*
 * Checks and probes, their results, outages, findings and exceptions. Running a check is the check
 * room's work; deciding what its result means for an obligation the plan room's.
 */
#include "state/state.h"

/* The kind whose target is a program of the machine. */
#define STATE_CHECK_PROGRAM "nagios"

/* find: owner = unit, by code. ref: the asset. */
struct state_check {
    STATE_ROW;
    struct state_id unit;
    struct state_id asset;
    struct slice code, name;
    struct slice kind; /* http, tcp, dns, smtp, imap, icmp, backup-file, nagios */
    struct slice target;
    struct slice params;    /* the check room's text; no passwords */
    int64_t every, timeout; /* nanoseconds */
    int64_t valid_from, valid_to;
    bool enabled;
    bool invented;
    bool drill; /* made for a drill: so are its outages */
};
STATE_THING(check);

enum state_outcome {
    STATE_OK = 1,
    STATE_WARNING = 2,
    STATE_CRITICAL = 3,
    STATE_NO_ANSWER = 4, /* the check itself could not run: unknown */
};

/*
 * One run. Append-only; machines write many, so the audit has one entry for many of them, which
 * holds their hash (state_result_seal). ref: the check. Time: at.
 */
struct state_result {
    STATE_ROW;
    struct state_id unit;
    struct state_id check;
    int64_t at;
    int32_t outcome; /* enum state_outcome */
    double value;
    struct slice text;
    struct slice raw_hash;
    struct slice seen_from; /* the station */
    int64_t took;           /* nanoseconds */
    bool doubtful;          /* written under a clock in doubt; the store's to say */
};
STATE_THING(result);
/* Puts the results that no entry of the audit holds yet under one; *ret_rows: how many. */
CANH_MUST_USE int state_result_seal(struct state *s, int64_t *ret_rows, struct err *err);

/* ref: the check. Time: start..stop (STATE_FOREVER: still out). */
struct state_outage {
    STATE_ROW;
    struct state_id unit;
    struct state_id check, asset;
    int64_t start, stop;
    struct slice seen_from; /* stations that saw it */
    struct slice cause, note;
    bool planned;
    struct state_id person; /* who wrote the cause */
};
STATE_THING(outage);

enum state_finding_state {
    STATE_FINDING_OPEN = 1,
    STATE_FINDING_FIXED = 2,
    STATE_FINDING_EXCEPTED = 3,
};

/* find: owner = unit, by code (the key that makes it the same finding again). Time: first..last. */
struct state_finding {
    STATE_ROW;
    struct state_id unit;
    struct state_id asset;
    struct slice code;
    struct slice kind;
    struct slice title, detail; /* no values of personal data */
    int32_t severity;           /* 1 xanh, 2 vàng, 3 cam, 4 đỏ */
    int32_t state;              /* enum state_finding_state */
    int64_t first_seen, last_seen;
    int64_t due;
    int64_t count;
    struct state_id source; /* check, submission, evidence */
    struct state_id proof;  /* evidence that it is fixed: needed to become FIXED by a person */
    int64_t fixed_at;
};
STATE_THING(finding);

/* ref: the finding. In force from approved_at until stop. */
struct state_exception {
    STATE_ROW;
    struct state_id unit;
    struct state_id finding;
    struct slice reason;
    int64_t start, stop;
    struct state_id asked_by, approved_by; /* two different people */
    int64_t approved_at, approved_recorded;
};
STATE_THING(exception);

#endif
