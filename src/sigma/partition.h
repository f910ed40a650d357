/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_PARTITION_H
#define CANH_SIGMA_PARTITION_H
/*
 * Routes and the rules behind them. A route is one distinct condition that mappings add (Channel
 * is …, EventID is …). The routes that hold for an event name its partition: all variants behind
 * those routes, compiled together when first needed. Shared between threads.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "event/keys.h"
#include "sigma/background.h"
#include "sigma/pipeline.h"
#include "sigma/program.h"

struct partitions;

struct partition_input {
    uint32_t rule;
    const struct expr *route, *condition;
};

/* Borrows the expressions and keys for its lifetime. */
CANH_MUST_USE int partitions_new(const struct partition_input *inputs, uint32_t count,
                                 const struct keys *keys, bool jit, struct partitions **ret,
                                 struct err *err);
struct partitions *partitions_free(struct partitions *p); /* returns NULL */

/* By which triggers are chosen. */
const struct background *partitions_background(const struct partitions *p);
/* Evaluating this on an event gives the ids of the routes that hold. */
const struct program *partitions_routes(const struct partitions *p);
uint32_t partitions_route_count(const struct partitions *p);
/* Of an input, its route and its rule. */
uint32_t partitions_route_of(const struct partitions *p, uint32_t input);
uint32_t partitions_rule_of(const struct partitions *p, uint32_t input);

/* The program for a set of routes (ascending, count > 0), which gives numbers of inputs as ids.
 * NULL with err without memory. */
const struct program *partitions_get(struct partitions *p, const uint32_t *routes, uint32_t count,
                                     struct err *err);

#endif
