/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROOF_PROOF_H
#define CANH_PROOF_PROOF_H
/*
 * A plan in the state with the units it is asked of, and the proofs about them.
 *
 * Proofs are read, not stored: a shift stood, a form sent, a probe's results, a notice read, a
 * review signed, a request answered, an order done each become proofs of the parts whose evidence
 * kinds name them (proof_kinds in plans/catalogue.yaml). Only `canh evidence add` and statements
 * leave rows that name an obligation themselves.
 *
 * Units without an asset of their own that use another unit's (an asset's provider is that unit's
 * code) carry the tag `hosted`; units at which somebody holds the responder's role carry
 * `response-team`. A unit's level is the highest of its assets'.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "plan/status.h"
#include "state/plans.h"
#include "state/state.h"
#include "state/units.h"

/* What a proof's ref points at: the record that decided. */
enum proof_record {
    RECORD_PROOF, /* state_proof: evidence given for it */
    RECORD_TASK,
    RECORD_EXEMPTION,
    RECORD_ASSIGNMENT,
    RECORD_SHIFT,
    RECORD_HANDOVER,
    RECORD_CONTACT,
    RECORD_NOTICE,
    RECORD_REQUEST,
    RECORD_ORDER,
    RECORD_REVIEW,
    RECORD_CHECK,
    RECORD_SUBMISSION,
    RECORD_EVENT,  /* evidence of kind event.<name> */
    RECORD_ROSTER, /* a post */
    RECORD_MAX
};

struct proof_ref {
    enum proof_record record;
    struct state_id id;
    int64_t at;
    struct state_id unit; /* whose record it is, where it is another unit's */
};

/* Where plan texts come from; both may be NULL: the files that canh carries in itself. */
struct proof_texts {
    struct slice catalogue, holidays;
};

struct proof_options {
    struct slice plan;   /* code; empty: the active plan that runs, or the only active one */
    int64_t now;         /* 0: the state's clock */
    int64_t from, until; /* cells wanted; 0: the plan's start, and one day after now */
    struct proof_texts texts;
};

struct proof_world {
    struct arena *arena;
    struct state *state;
    struct state_actor actor;
    const struct catalogue *catalogue;
    const struct calendar *calendar;
    const struct plan *plan;
    struct state_plan row;
    struct state_unit *units; /* by index in the status */
    struct status_unit *facts;
    uint32_t unit_count;
    struct status *status;
    struct state_id *part_rows; /* state obligation of each part */
    struct status_input in;     /* of what was loaded last; refs index into refs */
    struct proof_ref *refs;
    size_t ref_count;
    struct proof_store *store; /* the memory behind it */
};

/*
 * Reads the plan, its units and all that is small. Then proof_load_unit() or proof_load_all() for
 * what is large. -CE_NOT_FOUND: no such plan (or none active); -CE_CONFLICT: several are.
 * On failure nothing is held. proof_close() frees; the arena is the caller's.
 */
CANH_MUST_USE int proof_open(struct arena *arena, struct state *s, const struct state_actor *a,
                             const struct proof_options *opt, struct proof_world *ret,
                             struct err *err);
void proof_close(struct proof_world *w);
/* Fills w->in with what one unit's cells need: its own records as they are now, and its
 * providers', which are read once, by the first call. */
CANH_MUST_USE int proof_load_unit(struct proof_world *w, uint32_t unit, struct err *err);
/* Index of a unit, or PLAN_NONE. */
uint32_t proof_find_unit(const struct proof_world *w, struct state_id id);
uint32_t proof_find_unit_code(const struct proof_world *w, struct slice code);

/*
 * The rows of the obligations that a kind of evidence (index in the catalogue) proves, in the
 * world's arena: of every part that takes it, or, with a part named (else PLAN_NONE), of that one.
 */
CANH_MUST_USE int proof_rows_taking(const struct proof_world *w, uint32_t kind, uint32_t part,
                                    const struct state_id **ret, size_t *ret_n, struct err *err);

/*
 * Computes the cells of every unit that the actor may read, unit by unit, loading each in turn; fn
 * may be NULL. With `cache`
 * the packed cells go into the state's status cache (SYSTEM).
 */
CANH_MUST_USE int proof_each_unit(struct proof_world *w, status_sink fn, void *ctx, bool cache,
                                  struct err *err);

/* One line about the record behind a cell: what it is, when, whose. Errors stick in out. */
void proof_describe_record(struct buf *out, enum lang lang, struct proof_world *w, uint32_t ref);

#endif
