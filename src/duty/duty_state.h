/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_DUTY_STATE_H
#define CANH_DUTY_DUTY_STATE_H
/*
 * The plan of who, read from the state room (duty_state.c, load_layers.c, load_changes.c).
 *
 * In force are: layers within their validity (a table counts before its approval, so that nobody
 * is taken for absent because a signature is late), approved leave, approved swaps, approved
 * overrides, coverage accepted by the other side. Who may read a post may know who stands there:
 * the post is read as the actor, what belongs to it (and the covering post) as the program, so that
 * everybody gets the same answer.
 */
#include "roster/ics.h"
#include "roster/roster.h"
#include "state/duty.h"
#include "state/state.h"

struct duty_terms;

struct duty_load {
    struct duty_plan plan; /* prepared for the window asked for */
    size_t asked;          /* posts 0..asked-1 were asked for; behind them stand covering ones */
    struct state_post *posts;
    struct state_id *people;
    struct slice *names;                   /* of people */
    const struct duty_terms *const *terms; /* of posts; NULL before duty_terms_load() */
    size_t person_count;
    size_t left_out; /* posts of a request for one's own */
    char urn[48];    /* of duty_load_names() */
};

enum { DUTY_POSTS_MAX = 5000, DUTY_PEOPLE_MAX = 50000 };

/*
 * Loads and prepares [from, until) for the posts of a unit (and all below it), or for all that the
 * actor may see when unit is none. Everything is in the arena. Errors name post and layer:
 * -CE_SYNTAX … of rule and hours, -CE_UNKNOWN of zones, -CE_TOO_BIG, and the state room's.
 */
CANH_MUST_USE int duty_load(struct state *s, const struct state_actor *a, struct state_id unit,
                            int64_t from, int64_t until, struct arena *arena, struct duty_load *ret,
                            struct err *err);

/* The same; with own only the unit's own posts and those of this person's duty, where the unit and
 * those below it have more than OWN_FROM. Named posts without a unit are read one by one and keep
 * the order in which they are named. */
enum { OWN_FROM = 60 };
struct duty_load_request {
    struct state_id unit, own;
    bool alone; /* the unit's posts without those below it */
    int64_t from, until;
    const struct state_id *among; /* of them only these posts; count 0: all */
    size_t among_count;
};
CANH_MUST_USE int duty_load_for(struct state *s, const struct state_actor *a,
                                const struct duty_load_request *q, struct arena *arena,
                                struct duty_load *ret, struct err *err);

/* The posts of a request in its order, in the arena, with nothing of what belongs to them. */
CANH_MUST_USE int duty_posts(struct state *s, const struct state_actor *a,
                             const struct duty_load_request *q, struct arena *arena,
                             struct state_post **ret, size_t *ret_n, struct err *err);

/* Names of people and posts of a load, for duty_write_people() and duty_ics_write(). */
struct duty_names duty_load_names(struct duty_load *l);

#endif
