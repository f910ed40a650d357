/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_REQUESTS_H
#define CANH_STATE_REQUESTS_H
/*
 * Requests for help and difficulties (clauses C.a, C.b, I.8.b of the directive): a number, a clock,
 * an owner, answers, and an end that the asker agrees to.
 */
#include "state/state.h"

enum state_request_kind {
    STATE_DIFFICULTY = 1, /* vướng mắc */
    STATE_HELP = 2,       /* yêu cầu hỗ trợ */
};

enum state_request_state {
    STATE_REQUEST_NEW = 1,      /* mới */
    STATE_REQUEST_ACCEPTED = 2, /* tiếp nhận */
    STATE_REQUEST_WORKING = 3,  /* đang giải quyết */
    STATE_REQUEST_ANSWERED = 4, /* trả lời */
    STATE_REQUEST_CLOSED = 5,   /* đồng ý đóng: the asking unit only */
    STATE_REQUEST_WITHDRAWN = 6,
};

/* Both units may read and work it. find: owner none, by number. Time: opened. */
struct state_request {
    STATE_ROW;
    struct state_id unit;  /* who asks */
    struct state_id other; /* who is asked */
    struct slice
        number;   /* given by put of a new one ("YC-2026-0001"), its text good till the next */
    int32_t kind; /* enum state_request_kind */
    struct slice clause; /* "I.1.i", or empty */
    struct slice title, text;
    int64_t opened, due;
    int32_t state; /* enum state_request_state */
    struct state_id asker, owner;
    /* Steps as claimed, and when each was recorded (COL_STEP: the store's own). */
    int64_t accepted_at, arrived_at, answered_at, closed_at;
    int64_t accepted_recorded, arrived_recorded, answered_recorded, closed_recorded;
    int32_t rating; /* 1..5 by the asker; 0: none */
};
STATE_THING(request);
/*
 * Whether the actor may bring the request, as it is, to a state: 0, -CE_RANGE (no such state),
 * -CE_CONFLICT (not from the one it is in), -CE_DENIED (the other side does that). put asks it too.
 */
CANH_MUST_USE int state_request_step(struct state *s, const struct state_actor *a,
                                     const struct state_request *x, int32_t to, struct err *err);

/* Append-only. ref: the request. Time: at. */
enum state_note_kind { STATE_NOTE_COMMENT, STATE_NOTE_ANSWER, STATE_NOTE_AGREEMENT };

struct state_note {
    STATE_ROW;
    struct state_id unit;  /* the request's */
    struct state_id other; /* the request's */
    struct state_id request;
    struct state_id person;
    int64_t at;
    struct slice kind; /* state_note_kind() */
    struct slice text;
};
STATE_THING(note);
/* A comment where it is of a kind that this program does not know. */
enum state_note_kind state_note_kind(const struct state_note *x);
/* As it is kept. */
struct slice state_note_kind_text(enum state_note_kind kind);

#endif
