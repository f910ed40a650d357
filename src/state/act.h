/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ACT_H
#define CANH_STATE_ACT_H
/*
 * What every act is given. An act is what a person can do, once, in the room whose business it is:
 *
 *     int noun_verb(const struct act_ctx *ctx, const struct state_actor *actor,
 *                   const struct noun_request *request, struct noun_result *result,
 *                   struct err *err);
 *
 * It reads what it needs, judges, writes everything in one transaction (state_act_begin) with its
 * audit entries, and says in *result what holds now. The command line, the HTTP API and paper are
 * faces: they turn codes into ids, call it, and word what came of it. An act has no language and
 * prints nothing; what it refuses it says by a code and an error (err). Where a refusal is better
 * told with what is there now, the result has it also then; its header says so. Nothing is written
 * by an act that failed.
 *
 * Reading acts have the same shape and no transaction: what a list or a status needs is computed in
 * the room. Texts of a result live in ctx->arena or in the request.
 *
 * The actor is who acts, with the role that they hold: state_actor_of() of an account's person, or
 * state_actor_local() of the machine's administrator, who enters what others said. A request's
 * `person` is whom it is about; none: the actor's own person.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "state/state.h"

struct act_ctx {
    struct state *s;
    struct arena *arena;
    /*
     * When it happened, as a person says who enters it later (from paper, from a phone that was
     * offline); 0: now. Kept beside the instant at which the store recorded it and never taken for
     * measured. More than two minutes ahead of the store's clock: -CE_RANGE.
     */
    int64_t claimed;
    bool paper;       /* entered from paper, whatever the time */
    struct slice how; /* the face: cli, web, sms */
};

/* The time that stands for the act: claimed, else the store's. */
CANH_INLINE int64_t act_at(const struct act_ctx *ctx)
{
    return ctx->claimed ? ctx->claimed : state_now(ctx->s);
}

/* Whom a request is about. */
CANH_INLINE struct state_id act_person(const struct state_actor *actor, struct state_id person)
{
    return id_is_none(person) ? actor->person : person;
}

#endif
