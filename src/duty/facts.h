/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_FACTS_H
#define CANH_DUTY_FACTS_H
/*
 * What people did, read from the state beside the plan of who: shifts taken and handed over, signs
 * of life. A planned shift and the fact of it belong together when post and person fit (whoever was
 * planned or really came) and their times overlap; the same beginning comes first.
 */
#include "duty/duty_state.h"
#include "roster/stand.h"

struct duty_fact {
    struct state_shift row;
    uint32_t post; /* number in the load */
    struct duty_deed deed;
};

struct duty_facts {
    struct duty_fact *items; /* by post, then start */
    size_t count;
};

/*
 * The facts of every post of the load (covering ones too) that overlap [from, until). Whoever may
 * read a post may know who stood there, as with the plan. In the arena.
 */
CANH_MUST_USE int duty_facts_load(struct state *s, const struct duty_load *l, int64_t from,
                                  int64_t until, struct arena *arena, struct duty_facts *ret,
                                  struct err *err);

/* The fact of a planned shift, or NULL. */
struct duty_fact *duty_fact_of(const struct duty_facts *f, const struct duty_load *l,
                               const struct duty_shift *shift);

/* The shift that a person has taken at a post and not left; the latest one. NULL: none. */
struct duty_fact *duty_fact_open(const struct duty_facts *f, uint32_t post, struct state_id person);

/* The part of a shift that is owed: nobody could stand it before its post was made. Empty: all of
 * it lies before. */
struct duty_shift duty_shift_owed(const struct duty_load *l, const struct duty_shift *shift);

/* How a planned shift stands, by the terms of its post (duty_terms_load() comes before) and with
 * the post's own interval for signs of life; a shift without a fact as far as it is owed. *ret_fact
 * may be NULL. */
struct duty_stand duty_standing(const struct duty_load *l, const struct duty_facts *f,
                                const struct duty_shift *shift, int64_t now,
                                const struct duty_fact **ret_fact);

/*
 * Who is to be told, in order, when a shift is not taken.
 *   person  whoever is planned (or, in a gap, nobody)
 *   deputy  the others who stand at the post when the shift begins, in their order
 *   head    who holds the role of head at the post's unit
 *   hub     who holds the role of coordinator at the unit that leads it, else at the nearest unit
 *           above it
 * Each list in the arena. People are the state's.
 */
struct duty_recipients {
    const struct state_id *people[DUTY_TELL_MAX];
    size_t count[DUTY_TELL_MAX];
};
CANH_MUST_USE int duty_recipients_of(struct state *s, const struct duty_load *l,
                                     const struct duty_shift *shift, int64_t now,
                                     struct arena *arena, struct duty_recipients *ret,
                                     struct err *err);
/* Of a unit at a moment, whatever its posts are: person is whoever stands first at each of its own
 * posts, deputy the others who stand there, head its administrators where no head is named. */
CANH_MUST_USE int duty_recipients_at(struct state *s, struct state_id unit, int64_t now,
                                     struct arena *arena, struct duty_recipients *ret,
                                     struct err *err);

#endif
