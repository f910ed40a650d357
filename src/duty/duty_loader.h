/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DUTY_DUTY_LOADER_H
#define CANH_DUTY_DUTY_LOADER_H
/*
 * A plan of who while it is read from the state: duty_state.c goes from post to post,
 * load_layers.c and load_changes.c read what belongs to one. Only these include this header.
 */
#include "base/map.h"
#include "duty/duty_state.h"
#include "duty/rows_by.h"

struct loader {
    struct state *s;
    struct state_actor all; /* the program itself */
    int64_t from, until;
    struct arena *arena;
    struct duty_load *l;
    const struct state_id *own; /* whose posts alone are wanted where there are many; NULL: all */
    struct map people, posts;
    struct slice hours_text; /* of `hours`, in the arena */
    struct hours hours;
    size_t post_cap, people_cap;
    bool at_once; /* many posts: what belongs to each was read at once, into these */
    struct rows_by layers, swaps, overrides, coverages, persons;
    struct err *err;
};

enum { AT_ONCE_FROM = 32 };

/* Where there are many posts: reads the above. */
CANH_MUST_USE int loader_read_at_once(struct loader *o);

/* The rows of a kind that belong to one id: from what was read at once, else by themselves. */
#define LOADER_ROWS(o, kind, of, q, ret, ret_n)                                                    \
    ((o)->at_once                                                                                  \
         ? (*(ret) = rows_by_find(&(o)->kind##s, (of), (ret_n)), 0)                                \
         : state_##kind##_list((o)->s, &(o)->all, (q), (o)->arena, (ret), (ret_n), (o)->err))

int loader_no_memory(struct loader *o);
/* Numbers of the plan. ids must live in the arena; none is DUTY_NOBODY. */
CANH_MUST_USE int loader_person(struct loader *o, const struct state_id *id, uint32_t *ret);
/* Hours of a post as text; an error names the post. */
CANH_MUST_USE int loader_hours(struct loader *o, const struct state_post *p, struct slice text,
                               struct hours *ret);

CANH_MUST_USE int load_layers(struct loader *o, const struct state_post *p, struct duty_post *to);

CANH_MUST_USE int load_swaps(struct loader *o, const struct state_post *p, struct duty_post *to);
CANH_MUST_USE int load_overrides(struct loader *o, const struct state_post *p,
                                 struct duty_post *to);
/* Covering posts that are not among the posts yet are added behind them. */
CANH_MUST_USE int load_coverage(struct loader *o, const struct state_post *p, struct duty_post *to);
/* Approved absences of everybody who is named anywhere; comes last. */
CANH_MUST_USE int load_leaves(struct loader *o);

#endif
