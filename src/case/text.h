/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CASE_TEXT_H
#define CANH_CASE_TEXT_H
/* Between case.c and text.c. */
#include "case/case.h"

/* Keeps each text of `was` that `x` says otherwise. */
CANH_MUST_USE int case_keep_texts(const struct act_ctx *ctx, const struct state_actor *actor,
                                  const struct case_change *c, const struct state_case *was,
                                  const struct state_case *x, struct err *err);

#endif
