/* SPDX-License-Identifier: Apache-2.0 */
#include "register/evidence.h"

#include "base/time.h"

/* A proof that stands without an end: as long as anyone looks back. */
#define LONG (3650 * TIME_DAY)

static int write_evidence(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct evidence_file *file, struct state_evidence *e,
                          struct err *err)
{
    if (file == NULL)
        return state_evidence_put(ctx->s, actor, e, err);
    e->marking = file->marking;
    return state_evidence_add(ctx->s, actor, file->fd, file->name, e, err);
}

static int write_proof(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct evidence_draft *draft, struct state_id obligation,
                       const struct state_evidence *e, struct err *err)
{
    struct state_proof p = {.unit = e->unit,
                            .obligation = obligation,
                            .evidence = e->id,
                            .start = e->collected,
                            .stop = e->collected + 1,
                            .collected = e->collected,
                            .expires = e->expires,
                            .verdict = draft->verdict,
                            .strength = e->strength};

    if (draft->stands)
        p.stop = e->expires ? e->expires : e->collected + LONG;
    return state_proof_put(ctx->s, actor, &p, err);
}

static int write_all(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct evidence_draft *draft, struct state_evidence *e, struct err *err)
{
    int r = write_evidence(ctx, actor, draft->file, e, err);

    for (size_t i = 0; i < draft->obligation_count && r == 0; i++)
        r = write_proof(ctx, actor, draft, draft->obligations[i], e, err);
    return r;
}

int evidence_add(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct evidence_draft *draft, struct state_evidence *ret, struct err *err)
{
    struct state_evidence e = {
        .unit = draft->unit,
        .kind = draft->kind,
        .title = draft->title,
        .method = draft->method,
        .strength = draft->confirmed ? STATE_CONFIRMED : STATE_DECLARED,
        .collected = act_at(ctx),
        .expires = draft->expires,
        .origin = SLICE("person"),
        .text = draft->text,
        .signer = act_person(actor, draft->signer),
        .revises = draft->revises,
    };
    int r = state_act_begin(ctx->s, err);

    if (r < 0)
        return r;
    r = state_act_end(ctx->s, write_all(ctx, actor, draft, &e, err), err);
    if (r == 0)
        *ret = e;
    return r;
}
