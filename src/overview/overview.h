/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OVERVIEW_OVERVIEW_H
#define CANH_OVERVIEW_OVERVIEW_H
/*
 * The province on one page, computed from canh's records: clauses with their trend, duty, services,
 * operators, what is open, who is silent. Every figure carries its time; what nobody knows is
 * unknown, never good. report/picture.h draws it.
 *
 * Times are minutes since 1970-01-01T00:00 local, OVERVIEW_NEVER when not known.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "lang/lang.h"
#include "proof/proof.h"
#include "state/state.h"

#define OVERVIEW_NEVER INT64_MIN
enum { OVERVIEW_TREND = 7 };

enum overview_state { OVERVIEW_UNKNOWN, OVERVIEW_GOOD, OVERVIEW_WARN, OVERVIEW_BAD };
enum overview_severity {
    OVERVIEW_GREEN,
    OVERVIEW_YELLOW,
    OVERVIEW_ORANGE,
    OVERVIEW_RED,
    OVERVIEW_SEVERITIES
};

/* A count and when it was so; value < 0: unknown. */
struct overview_count {
    int64_t value;
    int64_t at;
    uint32_t unknown; /* things of which nobody knows whether they belong to it */
};

/* Units of a clause by the state of its obligations now. */
struct overview_clause {
    struct slice number, title; /* I.1; Quản lý, kỹ thuật, trực, sao lưu */
    uint32_t proved, declared;  /* met, by the strength of the proof */
    uint32_t open;              /* not due, due, in progress: no part of the percentages */
    uint32_t not_met, overdue, unknown;
    float trend[OVERVIEW_TREND]; /* share met, 0..1, oldest first; NaN: unknown */
    uint32_t promised;           /* not yet, with a reason and a date */
};

struct overview_service {
    struct slice name;
    enum overview_state state;
    double up24;       /* share of the last 24 hours, 0..1; negative: unknown */
    int64_t checked;   /* when it was last probed */
    bool clock;        /* the machine's clock was wrong then, or in doubt */
    struct slice unit; /* its unit by name: several have a portal */
    struct slice code; /* of the check that decided; empty: none has a result */
};

struct overview_operator {
    struct slice name;
    struct overview_count outages, cuts, routes, backlog, lost, power;
    int64_t reported; /* the newest form */
};

struct overview_duty {
    struct slice post, unit;
};

struct overview_request {
    struct slice number, unit;
    int64_t since;
    struct state_id id;
};

/* What is out now. */
struct overview_outage {
    struct slice name, unit;
    int64_t since;
    struct slice code;    /* of the check that saw it, else of its unit */
    struct state_id form; /* that told of it; else none */
};

struct overview_station {
    struct slice name;
    int64_t last_heard;
    struct state_id unit;
    bool planned;      /* work goes on there that was announced */
    struct slice code; /* of the unit */
};

struct overview {
    struct slice province, authority; /* tỉnh …; cơ quan lập */
    struct slice plan;                /* title and number of the plan */
    int32_t days_left;                /* to the event; INT32_MIN: no event */
    struct slice phase;               /* may be empty */
    int64_t now;
    int64_t oldest;                  /* of the data shown */
    uint32_t units, units_reporting; /* of which the plan asks something */

    uint32_t posts_required, posts_covered;
    const struct overview_duty *missing; /* posts without anybody now */
    size_t missing_count;

    const struct overview_clause *clauses;
    size_t clause_count;

    const struct overview_service *services;
    size_t service_count;

    const struct overview_outage *outages; /* open, not planned */
    size_t outage_count;

    uint32_t cases[OVERVIEW_SEVERITIES]; /* open */
    struct slice oldest_case;            /* its number; may be empty */
    int64_t oldest_case_since;
    struct slice next_deadline; /* what is due next by law; may be empty */
    int64_t next_deadline_at;

    uint32_t incidents[OVERVIEW_SEVERITIES]; /* open ones */
    struct slice next_clock;                 /* of an incident, that ends first; may be empty */
    int64_t next_clock_at;
    struct state_id next_clock_case;
    const struct overview_operator *operators;
    size_t operator_count;
    const struct overview_outage *told; /* by operators and centres, in the form; not over yet */
    size_t told_count;

    struct overview_count red_overdue, stale_backups, exposures;

    const struct overview_request *requests; /* waiting for more than a day */
    size_t request_count;

    const struct overview_station *silent;
    size_t silent_count;
    uint32_t stations; /* in all */

    const struct slice *sentences; /* three, by the coordinator */
    size_t sentence_count;
    struct slice signer; /* may be empty: room to sign */
    struct slice banner; /* DIỄN TẬP, DỮ LIỆU MẪU; may be empty */
    int64_t created;     /* seconds since 1970 UTC, for the file's properties */
};

struct overview_ctx {
    struct state *state;
    const struct state_actor *actor;
    struct arena *arena;
    enum lang lang;      /* of the titles that the plan has in both */
    int32_t zone;        /* seconds east of UTC */
    struct slice banner; /* mark of invented data; may be empty */
};

/*
 * Fills *ret for the plan and time of w; texts live in the arena or in w. *total (may be NULL) gets
 * the counts of all clauses together. 0 or -CE_*.
 */
CANH_MUST_USE int overview_compute(const struct overview_ctx *c, struct proof_world *w,
                                   struct overview *ret, struct status_count *total,
                                   struct err *err);

/* Copies every list and text of *o into the arena, so that what it was computed from may go. */
CANH_MUST_USE int overview_keep(struct overview *o, struct arena *arena, struct err *err);

#endif
