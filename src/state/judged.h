/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_JUDGED_H
#define CANH_STATE_JUDGED_H
/*
 * How the fields of a submission stood when it was sent, those that are not simply answered: kept
 * with it, so that it is judged by the limits of its day and nobody needs the form again. The
 * column `judged` has them as text, which nobody but this file reads or writes:
 *
 *     struct slice rest = submission.judged;
 *     struct state_judged x;
 *
 *     while (state_judged_next(&rest, &x))
 *         …
 */
#include <stdbool.h>

#include "base/buf.h"
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

/* Appends one more to the column's text. Errors stick in out. */
void state_judged_append(struct buf *out, const struct state_judged *x);
/* Cuts the next one off *rest; false at the end. What is none (of a newer canh) is passed over. */
bool state_judged_next(struct slice *rest, struct state_judged *ret);
/* Whether all of it is such; the store keeps nothing else. */
bool state_judged_is_valid(struct slice s);

#endif
