/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PLAN_PLAN_H
#define CANH_PLAN_PLAN_H
/*
 * An order as a plan: its document, clauses exactly as printed, and what they oblige whom to. Read
 * from YAML (docs/plan.md has the reference), checked as a whole, immutable afterwards.
 *
 * A plan may extend another (`extends`): it then begins as a copy of it, and its own keys replace
 * or add. References go by index into the plan's arrays or the catalogue's lists.
 *
 * Errors point at line and column and name the cure: unknown words with the nearest known one,
 * duplicate ids, references to nothing, loops of inheritance, proofs weaker than asked for.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "calendar/period.h"
#include "plan/catalogue.h"

#define PLAN_NONE UINT32_MAX

enum {
    PLAN_CLAUSES_MAX = 1000,
    PLAN_OBLIGATIONS_MAX = 1000,
    PLAN_PARTS_MAX = 8, /* of one obligation */
    PLAN_KINDS_MAX = 8, /* of evidence, of one part */
    PLAN_SCOPES_MAX = 64,
    PLAN_LIST_MAX = 64, /* authorities, contacts, gaps, recipients … */
    PLAN_TEXT_MAX = 16384,
    PLAN_EXTENDS_MAX = 4
};

/* Where an obligation or scope comes from. The names are stored and shown: document, law,
 * proposal. */
enum plan_origin { ORIGIN_DOCUMENT, ORIGIN_LAW, ORIGIN_PROPOSAL, ORIGIN_MAX };
/* What its proof can come from: machine, either, person. */
enum plan_by { BY_MACHINE, BY_EITHER, BY_PERSON, BY_MAX };

struct plan_document {
    struct slice number, date_text, issuer, subject, note;
    int64_t date;      /* days, or TIME_NONE */
    int64_t signed_at; /* instant, or TIME_NONE */
    struct slice *basis, *recipients, *observers;
    uint32_t basis_count, recipient_count, observer_count;
};

/* Whom an obligation applies to. All given conditions must hold; of the kinds, any. */
struct plan_scope {
    struct slice id; /* first: near_find() */
    struct title title;
    uint64_t kinds;       /* bits by WORDS_UNIT_KINDS; 0: every kind */
    uint64_t tags;        /* all of these */
    uint64_t asset_roles; /* all of these */
    enum plan_origin origin;
    bool enabled;
    int64_t from, until; /* instants; INT64_MIN, INT64_MAX */
    struct slice source;
};

struct plan_clause {
    struct slice number; /* as the document numbers it: "I.1"; first: near_find() */
    struct slice label;  /* as printed: "1." or empty */
    struct title title;  /* short, canh's own; may be empty */
    struct slice text;   /* as printed, lines joined */
    struct slice note;
    bool checked;
};

/* The short title, or the text where there is none. */
struct title plan_clause_title(const struct plan_clause *c);

/* A number that the document leaves out. */
struct plan_gap {
    struct slice missing, after;
    struct title title;
};

struct plan_phase {
    struct slice id;
    struct title title;
    int64_t from, until; /* both INT64_MAX while the plan's end is not known */
};

struct plan_authority {
    struct slice id;
    struct title title;
    struct slice unit; /* code of the unit, or empty */
};

/* A role that must be reachable; never a person, never a number. */
struct plan_contact {
    struct slice id;
    struct title title;
};

struct plan_part {
    struct slice id; /* empty: the obligation's main part */
    struct title title;
    struct slice word; /* the document's own: "thường xuyên" */
    struct frequency every;
    uint32_t kinds[PLAN_KINDS_MAX]; /* evidence, any of them */
    uint32_t kind_count;
    enum strength needs;
    struct span grace;
    uint16_t at_least; /* of the time (continuous) or of the people (notices), in tenths of a
                        * percent; default 1000 */
};

struct plan_inherit {
    uint32_t scope;             /* units that may inherit; PLAN_NONE: no inheritance */
    uint32_t obligation;        /* whose proof counts, often the same */
    uint64_t asset_roles, tags; /* of the unit that provides; all of these */
};

struct plan_obligation {
    struct slice id;  /* "I.5.b"; first: near_find() */
    struct slice row; /* of the clause table: "I.5.b-e" */
    struct title title;
    uint32_t clause;
    uint32_t *scopes;
    uint32_t scope_count;
    uint32_t role;
    uint32_t lead;       /* authority */
    uint32_t asset_role; /* only units with such an asset; PLAN_NONE: all */
    enum plan_by by;
    enum plan_origin origin;
    bool enabled, checked;
    int64_t from, until; /* in force, instants */
    struct slice chosen_by, source, note;
    struct title say;        /* shown instead of a measured state, where canh must not look */
    struct plan_part *parts; /* the main part first */
    uint32_t part_count;
    struct plan_inherit inherit;
};

struct plan {
    struct slice id, extends;
    struct title title;
    bool draft;
    struct plan_document document;
    int offset_s;
    struct slice zone, holidays;
    int64_t start, end; /* instants; end INT64_MAX while unknown */
    struct title end_event;
    struct slice window_source;
    struct slice chosen_by; /* default of every number chosen */
    uint16_t shifts[WINDOW_SHIFTS_MAX];
    uint32_t shift_count;

    struct plan_phase *phases;
    struct plan_authority *authorities;
    struct plan_contact *contacts;
    struct plan_gap *gaps;
    struct plan_scope *scopes;
    struct plan_clause *clauses;
    struct plan_obligation *obligations;
    uint32_t phase_count, authority_count, contact_count, gap_count, scope_count, clause_count,
        obligation_count;
    const struct catalogue *catalogue;
};

/* Finds the plan that another extends; 0 or -CE_* with err filled. NULL: none can be extended. */
typedef int (*plan_load_fn)(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                            struct err *err);

struct plan_source {
    struct slice text;
    const struct catalogue *catalogue;
    plan_load_fn load;
    void *load_ctx;
    unsigned depth; /* 0; a loader passes on what it was given */
};

/* On failure err has the place and *ret is untouched. The plan borrows the catalogue. */
CANH_MUST_USE int plan_parse(struct arena *arena, const struct plan_source *source,
                             const struct plan **ret, struct err *err);

uint32_t plan_find_clause(const struct plan *p, struct slice number);
uint32_t plan_find_obligation(const struct plan *p, struct slice id);

/* The frequency window of the plan for a unit's level. phases (of plan->phase_count) is filled
 * and borrowed by the window, as are the plan's shifts. */
void plan_window(const struct plan *p, const struct calendar *calendar, unsigned level,
                 struct window_part *phases, struct window *ret);
/* The title of an event or a phase, or NULL; for frequency_describe(). */
const struct title *plan_name(const void *plan, bool event, struct slice name);

/* How many rows of the clause table, obligations, and of these by machine, either, person. */
struct plan_count {
    uint32_t rows, obligations, by[BY_MAX], parts, unchecked;
    uint32_t
        waiting; /* obligations of which some part can be proven by nothing that canh has yet */
};
void plan_count(const struct plan *p, struct plan_count *ret);
/* Every kind of evidence of the part still waits for something. */
bool plan_part_waits(const struct plan *p, const struct plan_part *part);

const char *plan_origin_to_str(enum plan_origin o);
const char *plan_by_to_str(enum plan_by by);

#endif
