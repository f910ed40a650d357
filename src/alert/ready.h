/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_READY_H
#define CANH_ALERT_READY_H
/*
 * Whether who stands next can be reached: a channel that a call, a reply or a test proved lately.
 */
#include "base/map.h"
#include "base/time.h"
#include "state/act.h"

#define READY_PROVEN (92 * TIME_DAY) /* what was proven longer ago is not known to work */
#define READY_AHEAD  TIME_DAY

enum { READY_MAX = 2000 };

/* One person of one coming shift. */
struct ready_row {
    struct state_id unit, post, person;
    struct slice post_name;
    int64_t from, until; /* the shift */
    bool gap;            /* nobody is planned: person is none */
    bool drill;
    int32_t channels;  /* numbers and addresses that messages can go to */
    int64_t proven_at; /* the last time that one of them was proven; 0: never */
    bool ready;        /* proven within READY_PROVEN */
};

/* How so many people can be reached. */
struct ready_people {
    struct map places; /* of reach by the person's id */
    struct ready_reach {
        struct state_id person;
        int32_t channels;
        int64_t proven_at;
    } * reach;
    size_t count;
};
CANH_MUST_USE int ready_people_read(struct state *s, const struct state_id *people, size_t count,
                                    struct arena *arena, struct ready_people *ret, struct err *err);
void ready_people_done(struct ready_people *p);

/* The shifts of one post that begin within `ahead`, behind those that are there; at most
 * READY_MAX. */
struct duty_picture;
CANH_MUST_USE int ready_post(const struct act_ctx *ctx, const struct ready_people *people,
                             const struct duty_picture *p, uint32_t post, int64_t ahead,
                             struct ready_row *rows, size_t *n, struct err *err);

/* Of the shifts that begin within `ahead`, of units in the actor's scope; by time; in ctx->arena.
 */
CANH_MUST_USE int ready_list(const struct act_ctx *ctx, const struct state_actor *actor,
                             struct slice terms, int64_t ahead, struct ready_row **ret,
                             size_t *ret_n, struct err *err);

#endif
