/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_CORRELATION_PLAN_H
#define CANH_SIGMA_CORRELATION_PLAN_H
/*
 * Which matches take part in which correlations, and what the fields of a correlation are called in
 * their events: aliases first, then as each mapping renames them for the rule, then as written.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "event/keys.h"
#include "sigma/correlation.h"
#include "sigma/pipeline.h"

/* The names of one field; the first that an event has a value for counts. */
struct plan_field {
    uint16_t *keys;
    uint32_t count;
};

/* A rule's part in a correlation. */
struct plan_leg {
    uint32_t rule, correlation, ref;
    const struct plan_field *group, *values; /* by group_by and fields of the correlation */
};

/* A correlation's part in one above it. */
struct plan_chain {
    uint32_t below, above, ref;
    const uint32_t *group, *values; /* index into group_by of the one below, or UINT32_MAX */
};

struct correlation_plan {
    struct plan_leg *legs; /* by rule, then correlation, then reference */
    uint32_t leg_count;
    uint32_t *leg_from;        /* by rule, and one more: the first of its legs */
    struct plan_chain *chains; /* by correlation below */
    uint32_t chain_count;
    uint32_t *chain_from; /* by correlation, and one more */
};

struct plan_request {
    struct arena *arena;
    struct keys *keys;
    struct pipeline *const *pipelines;
    uint32_t pipeline_count;
    struct sigma_rule *const *rules;
    uint32_t rule_count;
    struct sigma_correlation *const *correlations; /* only active ones are planned */
    uint32_t correlation_count;
};

/* 0, -CE_NOMEM, or -CE_TOO_BIG when there are too many names of fields. */
CANH_MUST_USE int correlation_plan_make(const struct plan_request *request,
                                        struct correlation_plan *ret);

#endif
