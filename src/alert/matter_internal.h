/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ALERT_MATTER_INTERNAL_H
#define CANH_ALERT_MATTER_INTERNAL_H
/* What matter.c, matter_duty.c and changes.c share: matters of a kind as they are found. */
#include "alert/matter.h"
#include "base/map.h"
#include "duty/picture.h"

struct matter_list_ctx {
    struct state *s;
    const struct ladder *l;
    struct arena *arena;       /* of titles and keys */
    struct call_matter *items; /* on the heap */
    size_t count, cap;
    struct map things; /* of items by their thing */
};

/* One more, its title kept; one that is there stays as it is. -CE_NOMEM. */
CANH_MUST_USE int matter_add(struct matter_list_ctx *g, const struct call_matter *m);
bool matter_is_there(const struct matter_list_ctx *g, struct state_id thing);

/* Posts that are looked at some at a time. */
struct matter_posts {
    struct state_id *ids; /* on the heap */
    size_t count, cap, at;
};
CANH_MUST_USE int matter_posts_read(struct state *s, struct matter_posts *ret, struct err *err);

/* What the next of them tell, each into its list: shifts that nobody took, people who are silent,
 * shifts whose people cannot be reached, handovers that are due. */
struct matter_duty_lists {
    struct matter_list_ctx *shift, *life, *ready, *handover;
};
CANH_MUST_USE int duty_collect(const struct matter_duty_lists *to, struct matter_posts *posts,
                               struct slice terms, struct err *err);

/* Changes of shifts that begin soon, told to whom they put on or take off a shift. */
CANH_MUST_USE int changes_collect(struct matter_list_ctx *g, struct err *err);
/* Shifts of a picture that are over and were not handed over, told to who stands there. */
CANH_MUST_USE int handovers_collect(struct matter_list_ctx *g, const struct duty_picture *p,
                                    struct err *err);

#endif
