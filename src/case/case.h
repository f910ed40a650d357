/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_CASE_H
#define CANH_CASE_CASE_H
/*
 * Incidents: opened from alerts or by hand, worked through their states, closed with cause and
 * remedy. Whatever is done leaves a line in the timeline.
 */
#include "base/time.h"
#include "case/clock.h"
#include "lang/lang.h"
#include "state/act.h"
#include "state/cases.h"

enum { CASE_CLASSES = 9 };

/* Words of the data: malware, intrusion, dos, leak, defacement, phishing, supplier, insider, other.
 * false: none of them. */
bool case_class_known(struct slice word);
/* For people; what is none of them is "other". */
const char *case_class_text(enum lang lang, struct slice word);
/* triage, contain, remedy, observe, closed, learned …; 0: no such word. */
int32_t case_state_of(struct slice word);
const char *case_state_word(int32_t state);
const char *case_state_text(enum lang lang, int32_t state);
const char *case_line_word(int32_t kind);
const char *case_line_text(enum lang lang, int32_t kind);
int32_t case_line_of(struct slice word);
const char *case_tlp_word(int32_t tlp);

struct case_draft {
    struct state_id unit;   /* of the alerts when there are any */
    struct state_id person; /* who opens; none: the actor's person */
    struct slice login;
    struct slice title; /* empty: the first alert's */
    struct slice class; /* empty: other */
    int32_t level;      /* 0: the highest of the alerts, else 3 */
    int64_t t0;         /* 0: the first alert's first time, else now */
    int64_t t0_data;
    struct slice system, what;
    const struct state_id *alerts;
    size_t alert_count;
    bool drill; /* its alerts say so themselves */
};

/* Opens. The alerts become real ones that somebody works on, and lines of it. -CE_EXISTS: an alert
 * belongs to a case already. The case's texts stay valid until the next put. */
CANH_MUST_USE int case_open(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct case_draft *draft, struct state_case *ret,
                            struct err *err);

struct case_join {
    struct state_id alert;
    struct slice into; /* an open case of the alert's unit: its number or id's text */
    struct slice note, login;
};
/* The alert is a real one and belongs to that case. -CE_EXISTS: it belongs to one already;
 * -CE_CONFLICT: the case is not open; -CE_RANGE: it is another unit's. */
CANH_MUST_USE int case_join(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct case_join *join, struct state_case *ret, struct err *err);

/* By number or id's text. */
CANH_MUST_USE int case_find(const struct act_ctx *ctx, const struct state_actor *actor,
                            struct slice number, struct state_case *ret, struct err *err);

struct case_entry {
    struct state_id incident, person;
    struct slice login;
    int32_t kind; /* enum state_case_line_kind; not STEP or ALERT */
    struct slice what, value, text, source;
    struct state_id evidence;
};
/* A line of the timeline. -CE_MISSING without a text or a value. A report that was sent (kind
 * REPORT, what: its form) stops its clock. */
CANH_MUST_USE int case_note(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct case_entry *entry, struct state_case_line *ret,
                            struct err *err);

struct case_change {
    struct state_id incident, person;
    struct slice login;
    int64_t version;                   /* that was seen; 0: whatever it is now */
    int32_t to;                        /* enum state_case_state; 0: stays */
    struct slice title, class, system; /* empty: stay */
    struct slice cause, remedy, support, what;
    int32_t level, system_level, tlp; /* 0: stay */
    int64_t t0_data;
    struct slice into; /* of MERGED: the other one's number */
    struct slice text; /* why, or empty */
};
/* A step, and what is known anew; what a text said before is kept. -CE_CONFLICT: not from its
 * state, or changed meanwhile. Merging takes the alerts along. */
CANH_MUST_USE int case_change(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct case_change *change, struct state_case *ret,
                              struct err *err);

/* A text of a case: title, system, what, cause, remedy, support; 0: none of them. */
const char *case_field_word(int32_t field);
/* What it says now. */
struct slice case_text_now(const struct state_case *x, int32_t field);
/* What texts of a case said before, who changed them and when, the newest first; in ctx->arena. */
CANH_MUST_USE int case_texts(const struct act_ctx *ctx, const struct state_actor *actor,
                             struct state_id id, struct state_case_text **ret, size_t *ret_n,
                             struct err *err);

/* A task, and its end (done: its id, text: the result). */
struct case_job {
    struct state_id incident, done, owner;
    struct slice text;
    int64_t due;
};
CANH_MUST_USE int case_task(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct case_job *job, struct state_case_task *ret,
                            struct err *err);

/*
 * Calls people for clocks of open cases that end soon (alert/matter.h); for the program alone. In
 * parts of some cases, as matters_go_on() (1: there is more to do): people are called with the
 * last. s and l are borrowed until case_clocks_end().
 */
struct ladder;
struct case_clock_walk;
CANH_MUST_USE int case_clocks_begin(struct case_clock_walk **ret, struct state *s,
                                    const struct ladder *l, struct err *err);
CANH_MUST_USE int case_clocks_go_on(struct case_clock_walk *c, size_t *ret_changed,
                                    struct err *err);
struct case_clock_walk *case_clocks_end(struct case_clock_walk *c); /* NULL is fine; returns NULL */

/* Everything of a case, in ctx->arena. */
struct case_file {
    struct state_case head;
    struct state_case_line *lines;
    size_t line_count;
    struct state_case_task *tasks;
    size_t task_count;
    struct case_clock clocks[CLOCKS_MAX];
    size_t clock_count;
};
/* The clock of an open case that is due next; NULL: none. */
const struct case_clock *case_next_clock(const struct case_file *f);
CANH_MUST_USE int case_read(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct clock_rules *rules, struct state_id id,
                            struct case_file *ret, struct err *err);

/* The same for a person who looks at it: noted with the case and in the audit, once in
 * CASE_READ_ONCE of the same person. login: of the machine, where no person is known. */
#define CASE_READ_ONCE (30 * TIME_MINUTE)
CANH_MUST_USE int case_open_file(const struct act_ctx *ctx, const struct state_actor *actor,
                                 const struct clock_rules *rules, struct state_id id,
                                 struct slice login, struct case_file *ret, struct err *err);

/* The list, the newest first. */
struct case_queue {
    bool open;    /* open ones alone */
    size_t limit; /* 0: all */
    /* In: only behind this one (its opened and id); 0: from the newest on. Out: the last told. */
    int64_t opened;
    struct state_id id;
    bool more; /* out: than were told */
};
/* Calls fn with each, as case_read() gives it; valid until the next. */
CANH_MUST_USE int case_list(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct clock_rules *rules, struct case_queue *q,
                            int (*fn)(void *u, const struct case_file *f), void *u,
                            struct err *err);

#endif
