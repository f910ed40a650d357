/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_EXPLAIN_H
#define CANH_SIGMA_EXPLAIN_H
/*
 * Why an expression holds for an event or does not: the expression is walked as it stands, every
 * atom of it is tried, and each node's verdict is kept with the value that was seen. Slow and
 * plain on purpose; the compiled engine must agree with it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "event/event.h"
#include "event/keys.h"
#include "sigma/expr.h"
#include "sigma/pipeline.h"

struct verdict {
    const struct expr *expr;
    bool holds;
    const struct verdict **kids;
    uint32_t count;
    /* of atoms */
    bool present;       /* the field occurs in the event (a keyword: always) */
    bool null;          /* `value` is JSON null */
    bool group;         /* it is an object or array, and nothing in it bears its name */
    bool gave_up;       /* a regex search reached its limit */
    uint32_t values;    /* occurrences of the field, groups left out */
    struct slice value; /* the one that satisfied the atom, else the first; UTF-8 */
};

/*
 * 0 and the tree, in arena (values too); -CE_TOO_BIG at the arena's limit, -CE_NOMEM. keys are
 * those that the event was decoded with; view: whether the expression is a route or a condition.
 */
CANH_MUST_USE int explain_expr(struct arena *arena, const struct expr *expr,
                               const struct event *event, const struct keys *keys,
                               enum event_view view, const struct verdict **ret);

/*
 * Calls fn for each field that made the expression hold, once for each atom that had a part in
 * it: not for those under a NOT, which only had to be absent. Keywords have an empty field.
 */
void explain_reasons(const struct verdict *v,
                     void (*fn)(void *ctx, struct slice field, struct slice value), void *ctx);

#endif
