/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_PICTURE_H
#define CANH_DUTY_PICTURE_H
/*
 * The plan of who, the terms it goes by, and what people did, of a unit and a time together; and of
 * one person what is theirs in it.
 */
#include "duty/facts.h"
#include "state/act.h"

struct duty_window {
    struct state_id unit; /* and all below it; none: all that the actor may see */
    bool alone;           /* the unit without those below it */
    int64_t from, until;
    struct state_id own; /* of many posts those of this person alone: duty_load_for(); none: all */
    struct slice terms;  /* canh's own (plans/duty.yaml), for units that have none */
    const struct state_id *among; /* these posts alone: duty_load_for(); count 0: all */
    size_t among_count;
};

struct duty_picture {
    struct duty_load load;
    struct duty_facts facts;
};

/* Everything in ctx->arena. */
CANH_MUST_USE int duty_picture_read(const struct act_ctx *ctx, const struct state_actor *actor,
                                    const struct duty_window *window, struct duty_picture *ret,
                                    struct err *err);

/* The number of a person in a load, or DUTY_NOBODY. */
uint32_t duty_number_of(const struct duty_load *l, struct state_id person);

/* The name of somebody who stands, or stood, in the arena: whoever may read a post may know it.
 * Empty: no such person. */
struct slice duty_person_name(struct state *s, const struct duty_load *l, struct state_id person,
                              struct arena *arena);

enum mine_state {
    MINE_NONE,     /* no shift in the days to come */
    MINE_LATER,    /* one to come */
    MINE_MAY_TAKE, /* one that may be taken now */
    MINE_ON,       /* one that was taken and not left */
};

struct own_shift_request {
    struct state_id unit;   /* whose posts are looked at; none: all that the actor may see */
    struct state_id person; /* none: the actor's own person */
    struct slice terms;
};

/* What a person stands or will stand. */
struct own_shift {
    struct duty_picture picture;
    int64_t now;
    uint32_t person; /* in the load, or DUTY_NOBODY */
    enum mine_state state;
    uint32_t post;
    struct duty_shift shift;      /* LATER, MAY_TAKE, and of ON when it is planned */
    const struct duty_fact *fact; /* ON */
    struct duty_stand stand;
    struct duty_shift *next; /* of this person, by time, not over */
    size_t next_count;
};

/* "Ca trực của tôi": from a month ago to a week ahead, at the time of the act. */
CANH_MUST_USE int shift_own(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct own_shift_request *request, struct own_shift *ret,
                            struct err *err);

#endif
