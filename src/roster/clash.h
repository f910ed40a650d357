/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_CLASH_H
#define CANH_ROSTER_CLASH_H
/*
 * Who is planned at two posts at one time. Each roster by itself shows nothing of it, so all posts
 * of a plan are looked at together; who stands at a post only because another one covers it is at
 * one post. Everything asks duty_spans().
 */
#include <stddef.h>
#include <stdint.h>

#include "lang/lang.h"
#include "roster/roster.h"

struct duty_clash {
    uint32_t person;
    uint32_t post, other; /* in the plan's order */
    int64_t from, until;  /* both have the person all this time */
};

enum { DUTY_CLASHES_MAX = 10000 };

/*
 * All of [from, until) within the prepared window, by person, then by beginning, into the arena;
 * beyond DUTY_CLASHES_MAX the rest is left out and *ret_n is that limit. -CE_NOMEM.
 */
CANH_MUST_USE int duty_clashes(const struct duty_plan *plan, int64_t from, int64_t until,
                               struct arena *arena, struct duty_clash **ret, size_t *ret_n,
                               struct err *err);

/* In words, without its time: who, and the other post. */
void duty_clash_describe(struct buf *out, enum lang lang, struct slice person, struct slice post);

#endif
