/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_UNITS_H
#define CANH_STATE_UNITS_H
/*
 * Units: a tree that changes. A unit is an identity; its name, code, parent and who leads it are
 * facts with validity, so that last year's report reads as last year.
 *
 * Every question takes an instant `at`; 0 means now. Unit names and the tree are open to every
 * role. Times of validity are instants, [from, to).
 */
#include "state/state.h"

/* A unit as it was at some instant. put, get, find, list, each see it as of now. */
struct state_unit {
    STATE_ROW;
    struct state_id parent;  /* none: a root */
    struct slice code, name; /* code is unique among the units valid at one time */
    struct slice short_name;
    struct slice kind; /* agency, commune, centre, telecom, postal, authority …: data */
    struct slice area, address;
    struct slice note;
    int64_t valid_from, valid_to;
    bool invented;  /* demonstration or test data, shown as such everywhere */
    uint32_t depth; /* list only: 0 for a root; list is in tree order, codes ascending */
};

/*
 * put of a new unit records its first name and parent from valid_from on (0: now). put of a known
 * one changes kind, area, address, note and valid_to; a changed code, name, short_name or parent
 * is corrected in place for the whole current validity (a typing error). What really changed in
 * the world goes through rename and move. find: owner none, by code.
 */
STATE_THING(unit);

/* The same at an instant. */
CANH_MUST_USE int state_unit_at(struct state *s, const struct state_actor *a, struct state_id id,
                                int64_t at, struct arena *arena, struct state_unit *ret,
                                struct err *err);
/* All units valid at an instant, in tree order, with depth. */
CANH_MUST_USE int state_units_at(struct state *s, const struct state_actor *a, int64_t at,
                                 struct arena *arena, struct state_unit **ret, size_t *ret_n,
                                 struct err *err);

/* From `from` on the unit is called so. Empty code: the code stays. source: the decision's no. */
CANH_MUST_USE int state_unit_rename(struct state *s, const struct state_actor *a,
                                    struct state_id id, int64_t version, struct slice code,
                                    struct slice name, struct slice short_name, int64_t from,
                                    struct slice source, struct err *err);
/* From `from` on its parent is this one. -CE_CONFLICT when that would make a loop. */
CANH_MUST_USE int state_unit_move(struct state *s, const struct state_actor *a, struct state_id id,
                                  int64_t version, struct state_id parent, int64_t from,
                                  struct slice source, struct err *err);
/*
 * The unit ends at `at` and its successors go on. Merging is succeed of each old unit to the same
 * new one; splitting is succeed of one to many. Whoever may see a successor may see it.
 */
CANH_MUST_USE int state_unit_succeed(struct state *s, const struct state_actor *a,
                                     struct state_id id, int64_t version,
                                     const struct state_id *successors, size_t n, int64_t at,
                                     struct slice source, struct err *err);

enum state_link {
    STATE_LINK_PARENT = 1,    /* from: the child, to: its parent */
    STATE_LINK_SUCCESSOR = 2, /* from: the ended unit, to: what goes on */
    STATE_LINK_LEAD = 3,      /* from: the unit led, to: the lead authority */
};

/* Links between units with validity. ref: the unit at the `from` end. */
struct state_unit_link {
    STATE_ROW;
    struct state_id unit; /* the `from` end */
    struct state_id other;
    int32_t kind; /* enum state_link */
    int64_t valid_from, valid_to;
    struct slice subject; /* LEAD: for what ("section-1", "telecom"); empty: everything */
    struct slice source;  /* the decision it rests on */
};
/* put: LEAD links only; the others are made by the functions above. */
STATE_THING(unit_link);

/* Names a unit had, has and will have. ref: the unit. Written by the functions above. */
struct state_unit_name {
    STATE_ROW;
    struct state_id unit;
    struct slice code, name, short_name;
    int64_t valid_from, valid_to;
    struct slice source;
};
STATE_THING(unit_name);

/* In such a listing a unit and all below it stand together: how many, and from where. */
size_t state_units_run(const struct state_unit *units, size_t n, struct state_id above,
                       size_t *ret_from);

/* True when `unit` is `above` or below it at the instant. */
bool state_unit_below(struct state *s, struct state_id unit, struct state_id above, int64_t at);

#endif
