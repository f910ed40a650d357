/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_EVIDENCE_H
#define CANH_CASE_EVIDENCE_H
/* Files that belong to a case: kept as they came, and who had them, in its timeline. */
#include "case/case.h"
#include "state/evidence.h"

struct case_keep_request {
    struct state_id incident, person;
    struct slice login;
    int fd; /* a regular file; borrowed */
    struct slice name, text;
    bool declared; /* by the person: nothing classified is in it */
};
/* Keeps a log as evidence of the case: a line says what it is and its SHA-256, another that canh
 * has it now. -CE_MISSING: it is no text that canh can look at, and nobody declared it. Else as
 * state_evidence_add(). */
CANH_MUST_USE int case_keep(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct case_keep_request *request, struct state_evidence *ret,
                            struct err *err);

struct case_hand_out_request {
    struct state_id incident, evidence, person;
    struct slice login;
};
/* Gives a file of the case out: checked against its hash, open in *ret_fd, which is the caller's; a
 * line says who has a copy. -CE_NOT_FOUND: none of this case. */
CANH_MUST_USE int case_hand_out(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct case_hand_out_request *request,
                                struct state_evidence *ret, int *ret_fd, struct err *err);

#endif
