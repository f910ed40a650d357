/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_TEAM_H
#define CANH_CASE_TEAM_H
/*
 * The response team: people with the role of a responder, wherever their units stand. Whoever works
 * on incidents may see who they are, what they can do and whether they can come, who only reads the
 * work or notices may not; how to reach them stays with the contacts.
 */
#include "state/act.h"
#include "state/requests.h"

/* Whoever is asked accepts within so long (canh's proposal for clause I.8.b). */
#define TEAM_ACCEPT (30 * TIME_MINUTE)

enum team_standing {
    TEAM_FREE,
    TEAM_BUSY, /* has taken on a request for help that is not ended */
    TEAM_AWAY, /* on leave, or said so */
    TEAM_STANDING_MAX
};
const char *team_standing_word(enum team_standing s); /* free, busy, away */

struct team_member {
    struct state_id person, unit;
    struct slice name, code, skills, unit_code, unit_name;
    enum team_standing standing;
    int64_t until;     /* of AWAY; STATE_FOREVER: not said */
    struct slice note; /* what they said themselves */
    uint32_t in_hand;  /* requests for help that they took on */
};

/* All of them, who can come first, then by name; skill: a word of their skills, without regard to
 * case and tones; empty: any. In ctx->arena. -CE_DENIED: the actor's role. */
CANH_MUST_USE int team_list(const struct act_ctx *ctx, const struct state_actor *actor,
                            struct slice skill, struct team_member **ret, size_t *ret_n,
                            struct err *err);

struct team_word {
    bool away;
    int64_t until; /* 0: until they say something else */
    struct slice note;
};
/* The actor's person says whether they can come. -CE_DENIED: they are no member. */
CANH_MUST_USE int team_declare(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct team_word *word, struct err *err);

struct team_request {
    struct state_id unit;     /* who asks; with an incident its unit, or the one that leads that */
    struct state_id incident; /* or none */
    struct state_id member;   /* a person of the team */
    struct slice text, login;
};
/* A request for help to the member's unit, to be accepted within TEAM_ACCEPT; the incident's
 * timeline says so. -CE_NOT_FOUND: no such member. */
CANH_MUST_USE int team_ask(const struct act_ctx *ctx, const struct state_actor *actor,
                           const struct team_request *ask, struct state_request *ret,
                           struct err *err);

#endif
