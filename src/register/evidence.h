/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_REGISTER_EVIDENCE_H
#define CANH_REGISTER_EVIDENCE_H
/*
 * Evidence as people hand it in: a statement or a file, and which obligations it proves. Which
 * parts of a plan take a kind of evidence is proof's business (proof_parts_taking()).
 */
#include "state/act.h"
#include "state/evidence.h"

/* A file to keep: open, regular, looked at before (record/handed.h). */
struct evidence_file {
    int fd;
    struct slice name;
    struct slice marking; /* of state_evidence */
};

struct evidence_draft {
    struct state_id unit;
    struct slice kind, title, text;
    enum state_method method;
    bool confirmed;         /* by somebody of another unit: the signer (state/rights.h) */
    int64_t expires;        /* 0: does not */
    struct state_id signer; /* none: the actor's person */
    struct state_id revises;
    const struct evidence_file *file;   /* NULL: a statement */
    const struct state_id *obligations; /* rows that it proves */
    size_t obligation_count;
    bool stands; /* until it expires; else it speaks for its instant */
    enum state_verdict verdict;
};

/* The evidence and its proofs, or nothing. */
CANH_MUST_USE int evidence_add(const struct act_ctx *ctx, const struct state_actor *actor,
                               const struct evidence_draft *draft, struct state_evidence *ret,
                               struct err *err);

#endif
