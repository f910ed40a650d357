/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_STATUS_H
#define CANH_PLAN_STATUS_H
/*
 * The status of every unit × obligation part × period, from proofs, exemptions and what people said
 * about a period. Pure: the present is a parameter; the same input gives the same cells.
 *
 * One cell, in this order:
 *   exempt        the unit is excused for the period (until, by whom, why), and has not met it
 *   met, not met  the proof that decides says so: the newest bad one, unless good ones came after
 *                 it that are no weaker; then the strongest and newest of these. A written order
 *                 that was answered after its time is not met.
 *   inherited     otherwise, where the obligation allows it, the providing unit's own proof
 * decides: that of the unit whose assets it uses, where that is known not yet       a person said
 * "not yet, because …, by …", and that day has not passed not due, due, in progress   before the
 * due time and the grace after it overdue       a record that people make in canh is late and can
 * still be made not met       that record was never made and the period is over unknown       what
 * measures sent nothing, or too weak a proof was given, or the proof has expired, or nothing in
 * canh can prove it yet. Never green. A continuous duty is reckoned by the day, by the time covered
 * by good and bad proof: met when the good share reaches at_least, not met when the bad share alone
 * forbids that, unknown otherwise.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "lang/lang.h"
#include "plan/plan.h"

/* Ordered from harmless to bad. The names are stored. */
enum status_state {
    STATUS_NOT_DUE,
    STATUS_MET,
    STATUS_EXEMPT,
    STATUS_IN_PROGRESS,
    STATUS_DUE,
    STATUS_NOT_YET,
    STATUS_UNKNOWN,
    STATUS_OVERDUE,
    STATUS_NOT_MET,
    STATUS_STATE_MAX
};

/* Why; each has a text in lang/<language>/plan.txt (reason_…). */
enum status_reason {
    REASON_PROVEN,
    REASON_PROVEN_LATE,
    REASON_COVERED,   /* the share of time asked for */
    REASON_SHOWN_BAD, /* a proof shows that it is not met */
    REASON_BROKEN,    /* bad time beyond what at_least leaves */
    REASON_HOLES,     /* too much time that nobody measured */
    REASON_SILENT,    /* what should measure sent nothing */
    REASON_MISSED,    /* nobody gave proof, and the period is over */
    REASON_LATE,      /* nobody gave proof yet */
    REASON_WEAK,      /* proof, but not as strong as asked for */
    REASON_EXPIRED,   /* proof that is no longer valid */
    REASON_WAITS,     /* canh has nothing yet that could prove it */
    REASON_EXEMPT,
    REASON_NOT_YET,
    REASON_STARTED,    /* somebody is at it, or it waits for approval */
    REASON_RUNNING,    /* the period runs */
    REASON_AHEAD,      /* the period is to come */
    REASON_SUPERSEDED, /* another rule took over before it was due */
    REASON_TOO_LATE,   /* proof of what has to be done in time, after its time */
    REASON_MAX
};

enum { STATUS_HOSTS_MAX = 4 };

struct status_unit {
    uint32_t kind;              /* of the catalogue */
    uint64_t tags, asset_roles; /* bits of the catalogue */
    uint8_t level;              /* 1..5, 0 unknown */
    uint8_t host_count;
    uint32_t hosts[STATUS_HOSTS_MAX]; /* units whose assets it uses: only these provide for it */
    int64_t from, until;              /* valid */
};

enum status_verdict { VERDICT_MET = 1, VERDICT_NOT_MET = 2, VERDICT_NOTHING = 3 };

struct status_proof {
    uint32_t unit, part;
    int64_t start, stop; /* what it speaks about; an instant: stop = start + 1 */
    int64_t collected;
    int64_t expires;  /* INT64_MAX: does not */
    uint8_t verdict;  /* enum status_verdict */
    uint8_t strength; /* enum strength */
    uint32_t ref;     /* the caller's, for explaining */
};

enum status_said { SAID_DOING = 1, SAID_WAITING = 2, SAID_NOT_YET = 3 };

struct status_statement {
    uint32_t unit, part; /* part PLAN_NONE: every part of `obligation` */
    uint32_t obligation;
    int64_t start, stop;
    int64_t promised; /* of NOT_YET: by when; INT64_MAX: not said */
    uint8_t said;     /* enum status_said */
    uint32_t ref;
};

struct status_exemption {
    uint32_t unit, obligation;
    int64_t start, stop;
    uint32_t ref;
};

/* Something that happened, for within(): at a unit, or everywhere (unit PLAN_NONE). */
struct status_event {
    uint32_t unit, event; /* of the catalogue */
    int64_t at;
    int64_t due; /* a due time of its own (an order's deadline), or 0 */
    uint32_t ref;
};

/* Sorted by unit, then part or obligation or event, then start or at: status_sort(). */
struct status_input {
    int64_t now;
    const struct status_unit *units;
    uint32_t unit_count;
    const struct status_proof *proofs;
    size_t proof_count;
    const struct status_statement *statements;
    size_t statement_count;
    const struct status_exemption *exemptions;
    size_t exemption_count;
    const struct status_event *events;
    size_t event_count;
};

struct status_cell {
    uint32_t unit, part;
    struct period period;
    uint8_t state, reason, strength; /* enums */
    uint16_t share;                  /* of a continuous duty: good time in tenths of a percent */
    uint32_t proof;                  /* ref of what decided: proof, statement or exemption */
    uint32_t provider;               /* the unit whose proof was inherited, or PLAN_NONE */
};

/* A part of an obligation, numbered through the plan. */
struct status_part {
    uint32_t obligation, index; /* of the plan; of the obligation */
    const struct plan_part *part;
    bool recorded; /* canh's own records can meet it: that there is none is known, too */
    bool waits;    /* nothing that canh has can prove it yet */
    bool strict;   /* a register of orders: what came too late does not meet it */
};

struct status_options {
    const struct calendar *calendar;      /* NULL: weekends only */
    const struct window_part *heightened; /* ordered watches, sorted */
    size_t heightened_count;
    int64_t from, until; /* cells of periods that overlap this; until must be finite */
};

enum { STATUS_PERIODS_MAX = 200000 };

struct status;

/*
 * Prepares a plan: its parts and their periods. The plan and the options' arrays are borrowed,
 * memory comes from the arena. -CE_TOO_BIG over STATUS_PERIODS_MAX periods of one part.
 */
CANH_MUST_USE int status_new(struct arena *arena, const struct plan *plan,
                             const struct status_options *opt, struct status **ret,
                             struct err *err);
const struct status_part *status_parts(const struct status *s, uint32_t *ret_count);
/* The part of an obligation by its id ("" the main one), or PLAN_NONE. */
uint32_t status_find_part(const struct status *s, uint32_t obligation, struct slice id);

/* Puts the arrays of an input in order. */
void status_sort(struct status_proof *proofs, size_t proof_count,
                 struct status_statement *statements, size_t statement_count,
                 struct status_exemption *exemptions, size_t exemption_count,
                 struct status_event *events, size_t event_count);

typedef void (*status_sink)(void *ctx, const struct status_cell *cell);

/* True when the obligation is asked of the unit at an instant. */
bool status_applies(const struct status *s, const struct status_unit *u, uint32_t obligation,
                    int64_t at);
/* The cells of one part at one unit, in order of time. */
void status_part_cells(const struct status *s, const struct status_input *in, uint32_t unit,
                       uint32_t part, status_sink sink, void *ctx);
/* All cells of a unit, by part, then time. */
void status_unit_cells(const struct status *s, const struct status_input *in, uint32_t unit,
                       status_sink sink, void *ctx);
/*
 * The cells that a new proof of `part` at `unit` may change: that part's there, and those of the
 * units that inherit from it.
 */
void status_touch(const struct status *s, const struct status_input *in, uint32_t unit,
                  uint32_t part, status_sink sink, void *ctx);

const char *status_state_to_str(enum status_state s);
const char *status_reason_to_str(enum status_reason r);

/* The state of parts as they stand now: the last cell that is decided or past its grace, else the
 * running one; but what is overdue stays so until it is done, and an order that was answered too
 * late until the end. Feed the cells of one part in order. */
struct status_now {
    struct status_cell cell; /* unit PLAN_NONE: none yet */
    int64_t now;
};
void status_now_add(struct status_now *n, const struct status_cell *cell);

/* Counts, and shares that add up to a whole. */
struct status_count {
    uint32_t states[STATUS_STATE_MAX];
    uint32_t proved;   /* of MET: measured, or confirmed by someone else */
    uint32_t declared; /* of MET: by oneself */
    uint32_t late;     /* of MET */
};
void status_count_add(struct status_count *c, const struct status_cell *cell);
/* The sum of what is counted: met, not met, overdue, not yet, unknown. */
uint32_t status_count_total(const struct status_count *c);

/* In tenths of a percent of the total, each rounded by itself as whoever recalculates it does, so
 * that together they may be a few tenths off (all 0 when the total is). What is not zero is at
 * least 1, what is not all at most 999: nothing bad or unknown is rounded away. */
struct status_shares {
    uint16_t proved, declared, not_yet, unknown, missed; /* missed: not met and overdue */
};
struct status_shares status_share(const struct status_count *c);

#endif
