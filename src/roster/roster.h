/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_ROSTER_H
#define CANH_ROSTER_ROSTER_H
/*
 * Who is on duty at a post at an instant: one function for screen, escalation, print and export.
 *
 *   layers    the highest position that has anybody then; all of its people
 *   leave     who is away stands only when an override names them
 *   swap      approved ones, in order: person's duty is taken by other, and the other way back
 *   override  in order: add, remove, replace
 *   coverage  when fewer stand than the post needs, during the agreed hours (or else the post's):
 *             the other post's own people, with the agreed presence; not that post's coverage
 *
 * A swap or replacement finds the person also when away, which is how leave is arranged. Only what
 * is in force belongs here (approved, accepted by both): duty_state.h sees to that.
 *
 *     duty_prepare(&plan, from, until, &arena, &err);    once; sorts, and expands rules
 *     duty_at(&plan, post, t, &on);                      any t in [from, until)
 *     duty_spans(&plan, post, from, until, fn, u);       the same, as spans end to end
 *
 * People and posts are numbers of the caller's. Pure; duty_at uses no memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/time.h"
#include "roster/hours.h"
#include "roster/rule.h"

enum { DUTY_AT_ONCE_MAX = 16, DUTY_WINDOW_DAYS_MAX = 800, DUTY_NO_POST = -1 };

struct duty_layer {
    int32_t position;    /* the highest wins; of equals the first */
    int64_t from, until; /* validity */
    bool by_rule;
    struct duty_cell *cells; /* table: borrowed, sorted by prepare; rule: made by prepare */
    size_t cell_count;
    struct duty_rule rule;
};

struct duty_leave {
    uint32_t person;
    int64_t from, until;
};

struct duty_swap {
    uint32_t person, other;
    int64_t from, until;
    int64_t back_from, back_until; /* both 0: nothing in return */
};

enum duty_override_kind { DUTY_ADD, DUTY_REMOVE, DUTY_REPLACE };

struct duty_override {
    enum duty_override_kind kind;
    uint32_t person, other; /* REMOVE of DUTY_NOBODY: of everybody; other only in REPLACE */
    int64_t from, until;
};

enum duty_presence { DUTY_ON_SITE = 1, DUTY_ON_CALL = 2 };

struct duty_coverage {
    uint32_t post; /* the covering one */
    int64_t from, until;
    bool has_hours; /* else the covered post's */
    struct hours hours;
    enum duty_presence presence;
};

struct duty_post {
    int64_t from, until; /* validity: outside it nobody stands and nobody is needed */
    struct hours hours;
    uint32_t people; /* needed at one time */
    int offset_s;
    enum duty_presence presence;
    struct duty_layer *layers;
    size_t layer_count;
    const struct duty_swap *swaps; /* in order of approval */
    size_t swap_count;
    const struct duty_override *overrides; /* in order of approval */
    size_t override_count;
    const struct duty_coverage *coverage; /* in order of acceptance */
    size_t coverage_count;
};

struct duty_plan {
    struct duty_post *posts;
    size_t post_count;
    struct duty_leave *leaves; /* sorted by prepare; of one person they may overlap */
    size_t leave_count;
    int64_t from, until; /* set by prepare */
};

enum duty_why { DUTY_BY_LAYER, DUTY_BY_SWAP, DUTY_BY_OVERRIDE };

struct duty_who {
    uint32_t person;
    uint32_t instead_of; /* whose turn it was before swaps and overrides, or DUTY_NOBODY */
    enum duty_why why;
    int32_t via; /* number of the covering post, or DUTY_NO_POST */
    enum duty_presence presence;
    bool on_leave; /* away, yet named by an override */
};

struct duty_on {
    int64_t from, until; /* the answer is the same in [from, until), which holds t */
    unsigned count;
    struct duty_who who[DUTY_AT_ONCE_MAX]; /* in order: first, deputy, …, added, covering */
    unsigned away_count;
    uint32_t away[DUTY_AT_ONCE_MAX]; /* planned but on leave, and replaced by nobody */
    bool more;                       /* over DUTY_AT_ONCE_MAX at once: the rest is left out */
};

/*
 * Checks and sorts; must come before any question. Everything inside lives as long as the plan's
 * own arrays and the arena. -CE_RANGE (a window that is empty, over DUTY_WINDOW_DAYS_MAX or outside
 * the years 1900 to 2199), -CE_TOO_BIG, -CE_NOMEM.
 */
CANH_MUST_USE int duty_prepare(struct duty_plan *plan, int64_t from, int64_t until,
                               struct arena *arena, struct err *err);

/* t must lie in the prepared window; outside of it nobody is on duty. */
void duty_at(const struct duty_plan *plan, uint32_t post, int64_t t, struct duty_on *ret);

/* The same people, in the same way (spans of equal answers are one span). */
bool duty_same(const struct duty_on *a, const struct duty_on *b);

/*
 * Calls fn for the longest spans with one answer, end to end over [from, until) within the prepared
 * window, empty ones too. Ends early with what fn returns when that is not 0.
 */
int duty_spans(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
               int (*fn)(void *u, const struct duty_on *on), void *u);
/* The spans cut at local midnights: a row of the printed table. day: days since 1970, local. */
int duty_days(const struct duty_plan *plan, uint32_t post, int64_t from, int64_t until,
              int (*fn)(void *u, int64_t day, const struct duty_on *on), void *u);

#endif
