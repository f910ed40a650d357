/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_MATTER_INTERNAL_H
#define CANH_ALERT_MATTER_INTERNAL_H
/* What matter.c and changes.c share: matters of a kind as they are found. */
#include "alert/matter.h"

struct matter_list_ctx {
    struct state *s;
    const struct ladder *l;
    struct arena *arena;
    struct call_matter items[MATTERS_MAX];
    size_t count;
};

/* One more, its title kept; beyond MATTERS_MAX they wait until others are over. */
void matter_add(struct matter_list_ctx *g, const struct call_matter *m);

/* Changes of shifts that begin soon, told to whom they put on or take off a shift; shifts at their
 * end that were not handed over, told to who stands there. */
CANH_MUST_USE int changes_collect(struct matter_list_ctx *g, struct err *err);
CANH_MUST_USE int handovers_collect(struct matter_list_ctx *g, struct slice terms, struct err *err);

#endif
