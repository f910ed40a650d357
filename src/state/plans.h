/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_PLANS_H
#define CANH_STATE_PLANS_H
/*
 * Plans, their clauses and obligations, who they are given to, what people said about a period,
 * and the cache of computed status. Meaning (frequency, applies-to, status) belongs to the plan
 * room; here it is text and numbers.
 */
#include "state/state.h"

enum state_plan_state {
    STATE_PLAN_DRAFT = 1,
    STATE_PLAN_APPROVED = 2,
    STATE_PLAN_ACTIVE = 3,
    STATE_PLAN_CLOSED = 4,
};

/* find: owner none, by code. Time: start..stop. Open to every role. */
struct state_plan {
    STATE_ROW;
    struct state_id unit; /* the issuing authority */
    struct slice code;
    struct slice number, title; /* of the document */
    struct slice basis;
    int64_t issued;
    int64_t start, stop;
    struct slice stop_event; /* "Đại hội" */
    int32_t state;           /* enum state_plan_state */
    struct slice yaml;       /* the plan as imported, whole; up to 4 MiB */
    struct state_id approved_by;
    int64_t approved_at;
    bool invented;
};
STATE_THING(plan);

/* ref: the plan. find: owner = plan, by number. */
struct state_clause {
    STATE_ROW;
    struct state_id unit;
    struct state_id plan;
    struct slice number; /* as printed: "I.1", "II.4" */
    struct slice text;   /* as printed */
    struct slice note;
    int32_t position;
};
STATE_THING(clause);

/* ref: the plan. find: owner = plan, by code (prepare, peak, close). Time: start..stop. */
struct state_phase {
    STATE_ROW;
    struct state_id unit;
    struct state_id plan;
    struct slice code, name;
    int64_t start, stop;
};
STATE_THING(phase);

/* ref: the plan. find: owner = plan, by code ("I.1.a"). Time: start..stop. */
struct state_obligation {
    STATE_ROW;
    struct state_id unit; /* of the plan */
    struct state_id plan;
    struct state_id clause;
    struct slice code;
    struct slice title;
    struct slice applies;   /* the plan room's rule */
    struct slice who;       /* role that does it */
    struct slice word;      /* the document's: "thường xuyên" */
    struct slice frequency; /* the number chosen: "daily@07:30" */
    struct slice chosen_by;
    struct slice proof;  /* evidence kinds and sources, the plan room's text */
    struct slice lead;   /* code of the lead authority */
    struct slice origin; /* document, law, proposal */
    struct slice inherits;
    int64_t grace;
    int64_t start, stop; /* when it applies at all */
    int32_t position;
    bool enabled;
};
STATE_THING(obligation);

/* A plan given to a unit. ref: the plan. Its unit, and lead authorities of it, may read it. */
struct state_assignment {
    STATE_ROW;
    struct state_id unit;
    struct state_id plan;
    int64_t given_at;
    int64_t accepted_at, accepted_recorded; /* 0: not yet */
    struct state_id accepted_by;
    struct state_id deputy;
    int64_t confirmed_at, confirmed_recorded; /* the head's last weekly confirmation */
    struct slice note;
};
STATE_THING(assignment);

/* An obligation that a unit need not meet: until, by whom, why. ref: the obligation. */
struct state_exemption {
    STATE_ROW;
    struct state_id unit;
    struct state_id obligation;
    struct slice reason;
    int64_t start, stop;
    struct state_id approved_by;
    int64_t approved_at, approved_recorded; /* 0: asked for, not in force */
};
STATE_THING(exemption);

enum state_task_state {
    STATE_TASK_DOING = 1,
    STATE_TASK_WAITING = 2, /* chờ duyệt */
    STATE_TASK_APPROVED = 3,
    STATE_TASK_RETURNED = 4, /* needs more */
    STATE_TASK_NOT_YET = 5,  /* "not yet, because reason, by promised" */
};

/*
 * What people said about obligation × unit × period; a period nobody spoke about has no row.
 * ref: the obligation. Time: start..stop of the period.
 */
struct state_task {
    STATE_ROW;
    struct state_id unit;
    struct state_id obligation;
    int64_t start, stop;
    int32_t state; /* enum state_task_state */
    struct slice reason;
    int64_t promised; /* by when; 0: not said */
    struct state_id person;
    struct state_id approved_by;
};
STATE_THING(task);

/*
 * Computed status, a cache: one packed run of periods for each obligation × unit, in the plan
 * room's own format. No audit, no version; SYSTEM writes. Large batches: state_begin first.
 */
struct state_status {
    struct state_id obligation, unit;
    int64_t computed;    /* when */
    int64_t start, stop; /* what it covers */
    struct slice packed;
};
CANH_MUST_USE int state_status_put(struct state *s, const struct state_actor *a,
                                   const struct state_status *x, struct err *err);
/* All that the actor may read, by unit, obligation. q: unit, below, ref = obligation. */
CANH_MUST_USE int state_status_each(struct state *s, const struct state_actor *a,
                                    const struct state_query *q,
                                    int (*fn)(void *u, const struct state_status *x), void *u,
                                    struct err *err);

#endif
