/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_LAYER_H
#define CANH_DUTY_LAYER_H
/* Posts, and who takes turns at them: what must be covered, layers by rule, their approval. */
#include "duty/change.h"

/* What is said of a post; what is not stays, or is canh's default in a new one. */
struct post_request {
    struct state_id unit;
    struct slice code;
    struct slice name, kind, hours; /* empty: not said */
    int32_t people, mark_minutes;   /* below 0: not said */
    int32_t presence;               /* 0: not said */
    int64_t valid_from, valid_to;   /* 0: not said */
};
/* -CE_SYNTAX …: hours, with err.col. A new post is valid from the beginning of this day. */
CANH_MUST_USE int post_write(const struct act_ctx *ctx, const struct state_actor *actor,
                             const struct post_request *request, struct state_post *ret,
                             struct err *err);

/* Turns by a rule, one after the other. */
struct layer_request {
    struct state_id post;
    struct slice code, rule, zone; /* zone as it is kept; empty: the post's */
    int64_t start, stop;           /* stop 0: without end */
    int64_t length;                /* of a turn */
    const struct state_id *people; /* none: an empty turn */
    size_t count;
};
/* -CE_SYNTAX …: the rule, with err.col. */
CANH_MUST_USE int layer_write(const struct act_ctx *ctx, const struct state_actor *actor,
                              const struct layer_request *request, struct state_layer *ret,
                              struct err *err);

struct layer_result {
    struct state_layer layer;
    bool changed; /* false: approved before, as it stands */
};
CANH_MUST_USE int layer_approve(const struct act_ctx *ctx, const struct state_actor *actor,
                                const struct duty_decision *decision, struct layer_result *ret,
                                struct err *err);

#endif
