/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_DUTY_H
#define CANH_STATE_DUTY_H
/*
 * Duty: what must be covered (posts), by whom (coverage agreements), the plan of who (layers,
 * roster entries, leave, swaps, overrides) and the fact of who did (shifts, marks, log lines,
 * handovers). Who is on duty is computed by the duty room; here are only its records.
 *
 * Instants are UTC; a zone is an IANA name. Facts are append-only or go through states; a log line
 * is corrected by another line.
 */
#include "state/state.h"

enum state_presence {
    STATE_ON_SITE = 1,
    STATE_ON_CALL = 2, /* at home, reachable */
};

/* find: owner = unit, by code. Time: valid_from..valid_to. */
struct state_post {
    STATE_ROW;
    struct state_id unit;
    struct slice code, name;
    struct slice kind;  /* security, control-room, rescue, shift …: data */
    int32_t presence;   /* enum state_presence */
    struct slice hours; /* the duty room's grammar: "24/7", "mon-fri 07:30-17:00" */
    int32_t people;     /* needed at one time; at least 1 */
    struct slice zone;
    int32_t mark_minutes; /* liveness expected every so many minutes at night; 0: none */
    int64_t valid_from, valid_to;
    struct slice note;
    bool invented;
    bool drill; /* made for a drill: nobody owes it a shift afterwards */
};
STATE_THING(post);

/* Calls fn with each post that a person's duty between two instants may be at. Of the whole store.
 */
CANH_MUST_USE int state_posts_of_person(struct state *s, struct state_id person, int64_t from,
                                        int64_t until, int (*fn)(void *u, struct state_id post),
                                        void *u, struct err *err);

enum state_agreement {
    STATE_PROPOSED = 1,
    STATE_ACCEPTED = 2,
    STATE_REFUSED = 3,
    STATE_ENDED = 4,
};

/*
 * Another unit's post covers this one. Proposed by the post's unit, accepted by the other: until
 * both signed it covers nothing. Both units may read it. ref: the covered post.
 */
struct state_coverage {
    STATE_ROW;
    struct state_id unit; /* of the covered post */
    struct state_id post;
    struct state_id other; /* the covering unit */
    struct state_id other_post;
    int64_t start, stop;
    struct slice hours; /* empty: all of the post's */
    int32_t presence;
    int32_t state; /* enum state_agreement */
    struct state_id asked_by, accepted_by;
    int64_t asked_at, accepted_at;
    struct slice note;
};
/* put by the post's unit proposes, changes or ends; a change makes it PROPOSED again. */
STATE_THING(coverage);
/* The covering unit's head answers: ACCEPTED or REFUSED, or later ENDED. */
CANH_MUST_USE int state_coverage_answer(struct state *s, const struct state_actor *a,
                                        struct state_id id, int64_t version, int32_t answer,
                                        struct err *err);

enum state_layer_kind {
    STATE_LAYER_TABLE = 1, /* roster entries: date × shift × person */
    STATE_LAYER_RULE = 2,  /* RRULE over its turns */
};

/* ref: the post. find: owner = post, by code. Time: valid_from..valid_to. */
struct state_layer {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    struct slice code, name;
    int32_t kind;      /* enum state_layer_kind */
    int32_t position;  /* the highest wins */
    struct slice rule; /* RRULE text */
    struct slice zone;
    int64_t start;  /* DTSTART */
    int64_t length; /* of one turn, nanoseconds */
    int64_t valid_from, valid_to;
    struct state_id approved_by;
    int64_t approved_at, approved_recorded;
    struct slice source; /* file it was imported from */
    bool one_hand;       /* approved by the hand that wrote it (identity.h); the store's to say */
};
STATE_THING(layer);

/* Who takes turns in a rule layer, in order. ref: the layer. */
struct state_turn {
    STATE_ROW;
    struct state_id unit;
    struct state_id layer;
    struct state_id person; /* none: an empty turn */
    int32_t position;
    int64_t valid_from, valid_to; /* dated joiners and leavers */
};
STATE_THING(turn);

/* A cell of the duty table. ref: the layer. Time: start..stop. */
struct state_roster {
    STATE_ROW;
    struct state_id unit;
    struct state_id layer;
    struct state_id person;
    int64_t start, stop;
    struct slice shift; /* "S", "C", "Đ", as the sheet names it */
    int32_t position;   /* 1 first, 2 deputy … */
};
STATE_THING(roster);

enum state_swap_state {
    STATE_SWAP_ASKED = 1,
    STATE_SWAP_AGREED = 2,   /* by the other person */
    STATE_SWAP_APPROVED = 3, /* in force */
    STATE_SWAP_REFUSED = 4,
    STATE_SWAP_CANCELLED = 5,
};

/* person's duty in [start, stop) is taken by other; in return [back_start, back_stop) the other
 * way round, when not 0. ref: the post. */
struct state_swap {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    struct state_id person, other;
    int64_t start, stop;
    int64_t back_start, back_stop;
    int32_t state; /* enum state_swap_state */
    struct slice reason;
    struct state_id agreed_by, approved_by;
    int64_t agreed_at, agreed_recorded, approved_at, approved_recorded;
    bool one_hand; /* one hand took two of its steps (identity.h); the store's to say */
};
STATE_THING(swap);
/*
 * Whether the actor may bring the swap, as it is, to a state: 0, -CE_RANGE (no such state),
 * -CE_CONFLICT (not from the one it is in), -CE_DENIED (others do that). put asks it too, and fills
 * in who agreed and when a step was taken unless the caller says it.
 */
CANH_MUST_USE int state_swap_step(const struct state_actor *a, const struct state_swap *x,
                                  int32_t to, struct err *err);

enum state_override_kind {
    STATE_OVERRIDE_ADD = 1,
    STATE_OVERRIDE_REMOVE = 2,
    STATE_OVERRIDE_REPLACE = 3, /* person is replaced by other */
};

/* ref: the post. Time: start..stop. */
struct state_override {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    int32_t kind; /* enum state_override_kind */
    struct state_id person, other;
    int64_t start, stop;
    struct slice reason;
    struct state_id approved_by;
    int64_t approved_at, approved_recorded;
};
STATE_THING(override);

enum state_shift_state {
    STATE_SHIFT_EXPECTED = 1, /* dự kiến */
    STATE_SHIFT_TAKEN = 2,    /* đã nhận */
    STATE_SHIFT_ON = 3,       /* đang trực */
    STATE_SHIFT_HANDED = 4,   /* đã giao */
    STATE_SHIFT_MISSED = 5,   /* bỏ trống */
    STATE_SHIFT_REPLACED = 6, /* thay người */
};

/* A shift as it happened. ref: the post. Time: start..stop. */
struct state_shift {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    int64_t start, stop;
    struct state_id planned, actual; /* people */
    int32_t state;                   /* enum state_shift_state */
    int32_t presence;
    int64_t in_at, out_at; /* as claimed; 0: not */
    int64_t in_received, out_received;
    struct slice in_how; /* web, sms, paper, cli */
    bool backfilled;     /* typed in later from paper: "nhập bù" */
    bool clock_back;     /* the wall clock ran backwards during it */
    struct slice note;
    struct slice entered_by; /* another hand that entered it for `actual`: it stays declared */
};
STATE_THING(shift);

/* A sign of life. Append-only. ref: the shift. Time: at. */
struct state_mark {
    STATE_ROW;
    struct state_id unit;
    struct state_id shift;
    struct state_id person;
    int64_t at; /* as claimed; created is when it was received */
    struct slice how;
};
STATE_THING(mark);

/* A line of the shift log. Append-only; `corrects` names the line it puts right. ref: the shift. */
struct state_line {
    STATE_ROW;
    struct state_id unit;
    struct state_id shift;
    struct state_id person;
    int64_t at;
    struct slice what, source, action, result;
    struct state_id corrects;
    bool backfilled;
};
STATE_THING(line);

/* Somebody was told that a shift is not stood. Append-only. ref: the post. Time: at. */
struct state_telling {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    int64_t start;          /* when the shift begins, as it is shown */
    struct state_id told;   /* who was reached */
    struct state_id person; /* who told them */
    int64_t at;
    struct slice how; /* telephone, in person …: as they say it */
};
STATE_THING(telling);

/* ref: the post. Time: at (when it was opened). */
struct state_handover {
    STATE_ROW;
    struct state_id unit;
    struct state_id post;
    struct state_id from_shift, to_shift; /* to_shift may be none until it is known */
    int64_t at;
    struct slice items; /* the open items, as the duty room writes them (canonical JSON) */
    struct slice note;
    struct state_id giver, taker;
    int64_t giver_at, taker_at; /* signed; 0: not yet */
    bool backfilled;
    struct slice objection; /* of the taker; stays when it was settled and signed after all */
    int64_t objected_at;
    bool one_hand; /* both signatures came from one hand (identity.h): it stays declared */
};
/* items and note may change until the first signature; signing goes through _sign, objecting
 * through _object. */
STATE_THING(handover);
/* The actor's person signs as giver or taker; each once, giver and taker are different people. */
CANH_MUST_USE int state_handover_sign(struct state *s, const struct state_actor *a,
                                      struct state_id id, int64_t version, bool as_taker,
                                      struct err *err);
/* The taker does not take over as it stands, once, before signing: why. */
CANH_MUST_USE int state_handover_object(struct state *s, const struct state_actor *a,
                                        struct state_id id, int64_t version, struct slice why,
                                        struct err *err);

#endif
