/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_HEARD_H
#define CANH_STATE_HEARD_H
/*
 * SMS that came in: that they came, when, and what became of them. No number and no text is kept;
 * of a request the text is the request's.
 */
#include "state/state.h"

/* The numbers are stored; up to REQUEST something was done. */
enum state_heard_outcome {
    STATE_HEARD_TAKEN = 1,   /* an alert or a matter */
    STATE_HEARD_SHIFT = 2,   /* came on duty */
    STATE_HEARD_ALIVE = 3,   /* a sign of life */
    STATE_HEARD_REQUEST = 4, /* BAO … */
    STATE_HEARD_STRANGER = 5,
    STATE_HEARD_NUMBER = 6,  /* a code that was sent to somebody else */
    STATE_HEARD_CODE = 7,    /* of a known number, but no such code, or an old one */
    STATE_HEARD_USED = 8,    /* the code was used before */
    STATE_HEARD_REFUSED = 9, /* the person may not do that, or not now */
    STATE_HEARD_UNCLEAR = 10,
    STATE_HEARD_REPEATED = 11, /* not stored: one that was taken in before */
    STATE_HEARD_MAX
};

/* find: owner none, by code. ref: the message that it answers. Time: at. */
struct state_heard {
    STATE_ROW;
    struct state_id unit; /* the person's; of a stranger the topmost */
    struct slice code;    /* the gateway's id of it */
    int64_t at;
    int32_t outcome; /* enum state_heard_outcome */
    int32_t count;   /* how often the gateway handed it out */
    struct state_id person, message;
};
STATE_THING(heard);

#endif
