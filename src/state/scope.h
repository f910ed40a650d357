/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SCOPE_H
#define CANH_STATE_SCOPE_H
/*
 * Which units an actor may see and write. The unit tree is held in memory, rebuilt when units
 * change (here or in another process) or when a validity begins or ends.
 */
#include <stdbool.h>
#include <stdint.h>

#include "state/state.h"

struct scope_unit {
    struct state_id id;
    uint32_t parent; /* index, or SCOPE_NONE */
};

#define SCOPE_NONE UINT32_MAX

/* A link as rows have it, by index: what a scope is walked over. */
struct scope_edge {
    uint32_t from, to; /* seeing `from` means seeing `to` */
};

/* Tells whether units, their names or links were written: another one whenever they were. */
struct units_mark {
    int64_t rows, versions, changed; /* how many; sums */
};

enum { SCOPE_SETS = 8 };

struct scope_set {
    struct state_id unit;
    enum state_role role;
    uint64_t *own, *led; /* bits by unit index */
    uint64_t used;       /* for replacement */
};

struct scope {
    bool valid;
    bool compared; /* with the database since state_read_begin() */
    int64_t data_version;
    struct units_mark mark;
    int64_t until;            /* when a validity boundary is crossed */
    struct scope_unit *units; /* by id */
    uint32_t count;
    struct scope_edge *down; /* parent→child and successor→predecessor, by from */
    struct scope_edge *lead; /* authority→led unit, by from */
    uint32_t down_count, lead_count;
    struct scope_set sets[SCOPE_SETS];
    uint64_t clock;
};

/* What an actor may do, good until the next call into the room. all: every unit. */
struct scope_view {
    const struct scope *scope;
    const uint64_t *own, *led;
    bool all;
};

void scope_done(struct scope *sc);
/* After a write to units or links, and after a rollback. */
void scope_forget(struct scope *sc);

CANH_MUST_USE int scope_view(struct state *s, const struct state_actor *a, struct scope_view *ret,
                             struct err *err);
bool scope_sees(const struct scope_view *v, struct state_id unit);
/* The same of the unit of an index. */
bool scope_sees_at(const struct scope_view *v, uint32_t i);
/* The unit when the actor's scope is only one, else none. */
CANH_MUST_USE int scope_only(struct state *s, const struct state_actor *a, struct state_id *ret,
                             struct err *err);
bool scope_writes(const struct scope_view *v, struct state_id unit, bool led_too);

/* Index of a unit, or SCOPE_NONE. */
uint32_t scope_find(const struct scope *sc, struct state_id unit);
/* Sets in bits[] (zeroed, count bits) the unit and all below it and their predecessors. */
CANH_MUST_USE int scope_below(const struct scope *sc, uint32_t unit, uint64_t *bits,
                              struct err *err);
/* Makes the tree current. */
CANH_MUST_USE int scope_refresh(struct state *s, struct err *err);

#endif
