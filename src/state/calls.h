/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_CALLS_H
#define CANH_STATE_CALLS_H
/*
 * Calls of people for an alert or another matter: how far up the ladder a call has come, the
 * messages that went out for it, who said that they are awake. Written by the alert room as the
 * program; every time and every step is here, so that whatever is killed goes on from where it was.
 */
#include "state/state.h"

/* What people are called for. The numbers are stored. */
enum state_matter {
    STATE_MATTER_ALERT = 1,
    STATE_MATTER_SHIFT = 2,     /* that nobody took */
    STATE_MATTER_OUTAGE = 3,    /* of a service */
    STATE_MATTER_CLOCK = 4,     /* of a case, that ends soon */
    STATE_MATTER_REQUEST = 5,   /* that nobody accepted */
    STATE_MATTER_FAULT = 6,     /* of canh itself */
    STATE_MATTER_LIFE = 7,      /* of a shift that was taken: no sign of life at night */
    STATE_MATTER_READY = 8,     /* a coming shift whose people cannot be reached */
    STATE_MATTER_CHANGE = 9,    /* of a coming shift: told to whom it puts on or takes off */
    STATE_MATTER_HANDOVER = 10, /* that is due: told to who stands there */
    STATE_MATTER_TEST = 11,     /* of a person's own number or address: told to them, once */
    STATE_MATTER_MAX
};

enum state_call_state {
    STATE_CALL_CLIMBING = 1,
    STATE_CALL_ANSWERED = 2, /* by somebody; climbs again when nothing follows */
    STATE_CALL_NOBODY = 3,   /* the ladder is at its end and nobody answered */
    STATE_CALL_OVER = 4,     /* the alert is closed, the matter at its end */
};

/* find: owner none, by nothing. ref: the thing, of which it is the only one. Time: began. */
struct state_call {
    STATE_ROW;
    struct state_id unit;
    int32_t matter;        /* enum state_matter */
    struct state_id thing; /* the alert; of others an id of their own (alert/matter.h) */
    int32_t level;
    struct slice title;
    int32_t state; /* enum state_call_state */
    int32_t step;  /* the next one to be taken */
    int32_t round; /* how often it began */
    int64_t began; /* this round: steps count from here */
    int64_t due;   /* when the next step is taken, or the answer is too old */
    int64_t answered_at;
    struct state_id answerer; /* of a matter that is no alert; of a change or a handover that
                                 nobody answered: whom it tells */
    bool drill;               /* at once, whatever the hour; its messages say so */
};
STATE_THING(call);

enum state_channel { STATE_CHANNEL_SMS = 1, STATE_CHANNEL_MAIL = 2, STATE_CHANNEL_WEBHOOK = 3 };

enum state_message_state {
    STATE_MESSAGE_WAITING = 1,
    STATE_MESSAGE_HANDED = 2, /* to whoever sends; nothing heard yet */
    STATE_MESSAGE_SENT = 3,
    STATE_MESSAGE_FAILED = 4,
    STATE_MESSAGE_UNKNOWN = 5,  /* it may have gone out, or not */
    STATE_MESSAGE_CARRIED = 6,  /* told in the message `carrier` */
    STATE_MESSAGE_NEEDLESS = 7, /* somebody had answered before it went */
};

/* One message to one person. ref: the call. Time: created. */
struct state_message {
    STATE_ROW;
    struct state_id unit;
    struct state_id call;
    struct state_id person, contact; /* none: the unit's webhook */
    int32_t channel;                 /* enum state_channel */
    int32_t level;                   /* the highest that it tells of */
    struct slice code;               /* the same at every try: who gets it twice can tell */
    struct slice text;
    int32_t count; /* of calls that it tells of */
    int32_t state; /* enum state_message_state */
    int32_t tries;
    int64_t due; /* WAITING: not before */
    int64_t sent_at;
    struct slice reason; /* why not */
    struct state_id carrier;
};
STATE_THING(message);

/* Whoever answered is awake for a while: fewer calls. ref: the person. Time: start..stop. */
struct state_awake {
    STATE_ROW;
    struct state_id unit;
    struct state_id person;
    int64_t start, stop;
};
STATE_THING(awake);

/* Ids of what is due, the longest due first, at most `most` into ret. Of the whole store: for the
 * program alone. */
CANH_MUST_USE int state_call_due(struct state *s, int64_t now, size_t most, struct state_id *ret,
                                 size_t *ret_n, struct err *err);
CANH_MUST_USE int state_message_due(struct state *s, int64_t now, size_t most, struct state_id *ret,
                                    size_t *ret_n, struct err *err);
/* Ends every call, and what has not gone out goes nowhere: of a state that was restored nobody
 * knows what became of them. What lasts is found again and calls anew. */
CANH_MUST_USE int state_call_end_all(struct state *s, struct err *err);
/* The wall clock was set by so much: what climbs, and what waits to go out, is due as long from now
 * as before. In a transaction of the caller's. */
CANH_MUST_USE int state_call_shift(struct state *s, int64_t by, struct err *err);
/* Calls fn with those of a matter that are not over, the oldest first; non-zero of fn stops and is
 * returned. */
struct state_open_call {
    struct state_id id, thing;
};
CANH_MUST_USE int state_call_open(struct state *s, int32_t matter,
                                  int (*fn)(void *u, const struct state_open_call *x), void *u,
                                  struct err *err);
/* Of them those of units that the actor may read. */
CANH_MUST_USE int state_call_open_seen(struct state *s, const struct state_actor *a, int32_t matter,
                                       size_t most, struct state_id *ret, size_t *ret_n,
                                       struct err *err);
/* Those handed over of which nothing was heard; what is carried by a message. */
CANH_MUST_USE int state_message_handed(struct state *s, size_t most, struct state_id *ret,
                                       size_t *ret_n, struct err *err);
CANH_MUST_USE int state_message_carried(struct state *s, struct state_id carrier, size_t most,
                                        struct state_id *ret, size_t *ret_n, struct err *err);
/* The message to a person on a channel that has not gone out yet; STATE_ID_NONE. */
CANH_MUST_USE int state_message_waiting(struct state *s, struct state_id person, int32_t channel,
                                        struct state_id *ret, struct err *err);
/* The newest message of this code since then that went to a person; STATE_ID_NONE. */
CANH_MUST_USE int state_message_coded(struct state *s, struct slice code, int64_t since,
                                      struct state_id *ret, struct err *err);
/* How many of their own went to a person on a channel since then, and when the first of them. What
 * was sent under a clock that was ahead of this one does not count. */
CANH_MUST_USE int state_message_recent(struct state *s, struct state_id person, int32_t channel,
                                       int64_t since, int64_t *ret_n, int64_t *ret_first,
                                       struct err *err);
/*
 * What became of the newest messages, at most MESSAGE_WAYS_OF of the whole store: a row for each
 * channel, state and reason why not, the most frequent reason first. last: of the newest of them.
 */
enum { MESSAGE_WAYS_OF = 5000 };
struct state_message_way {
    int32_t channel, state; /* enum state_channel, state_message_state */
    struct slice reason;    /* until fn returns */
    int64_t count, last;
};
CANH_MUST_USE int state_message_ways(struct state *s,
                                     int (*fn)(void *u, const struct state_message_way *x), void *u,
                                     struct err *err);
/* Until when a person said to be awake; 0: did not. */
CANH_MUST_USE int state_awake_until(struct state *s, struct state_id person, int64_t *ret,
                                    struct err *err);

#endif
