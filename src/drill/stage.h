/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DRILL_STAGE_H
#define CANH_DRILL_STAGE_H
/* What a drill puts into the state and takes away again, by what it is staged with. */
#include "drill/drill.h"

/* Nothing that was staged goes on for longer, whatever became of who began it. */
#define DRILL_LASTS (30 * TIME_MINUTE)

struct stage {
    int (*begin)(const struct act_ctx *ctx, const struct state_actor *actor, struct drill *d,
                 struct slice run, struct err *err);
    int (*look)(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
                struct drill_chain *ret, struct err *err);
    int (*answer)(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
                  struct slice terms, struct err *err);
    int (*end)(const struct act_ctx *ctx, const struct state_actor *actor, const struct drill *d,
               struct slice run, struct err *err);
};

extern const struct stage stage_log, stage_check, stage_post;

#endif
