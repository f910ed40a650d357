/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_JUDGED_H
#define CANH_STATE_JUDGED_H
/*
 * How the fields of a submission stood when it was sent, those that are not simply answered: kept
 * with it, so that it is judged by the limits of its day and nobody needs the form again. The
 * column `judged` is a struct state_judgement, a type of its own; only judged.c knows how it is
 * written down:
 *
 *     struct state_judgement rest = submission.judged;
 *     struct state_judged x;
 *
 *     while (state_judged_next(&rest, &x))
 *         …
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/slice.h"

enum state_judged_how {
    STATE_JUDGED_OVER = 1,  /* over a limit */
    STATE_JUDGED_OPEN = 2,  /* speaks of something not finished */
    STATE_JUDGED_BLANK = 3, /* not answered */
};

struct state_judged {
    struct slice field; /* its id in the form */
    enum state_judged_how how;
    unsigned severity; /* of STATE_JUDGED_OVER: 1 green … 4 red */
};

/* All of them together, to be read one by one; {0}: every field is simply answered. */
struct state_judgement {
    struct slice packed; /* borrows; of judged.c alone */
};

enum { STATE_JUDGEMENT_MAX = 60000 }; /* bytes packed */

/* Packs n of them into the arena. -CE_TOO_BIG, -CE_NOMEM. */
CANH_MUST_USE int state_judgement_make(struct arena *arena, const struct state_judged *v, size_t n,
                                       struct state_judgement *ret);
/* The arena's own copy; false when it is full. */
CANH_MUST_USE bool state_judgement_keep(struct arena *arena, struct state_judgement *x);
bool state_judgement_eq(struct state_judgement a, struct state_judgement b);
/* Cuts the next one off *rest; false at the end. What is none (of a newer canh) is passed over. */
bool state_judged_next(struct state_judgement *rest, struct state_judged *ret);
/* Whether all of it is such; the store keeps nothing else. */
bool state_judgement_is_valid(struct state_judgement x);

#endif
