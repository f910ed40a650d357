/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_NOTICES_H
#define CANH_STATE_NOTICES_H
/*
 * Notices and warnings, to whom they went, who read and who attested (I.3). Without accounts: one
 * link a unit, or a printed signing sheet whose count is typed in. For counting, not for ranking.
 */
#include "state/state.h"

/* find: owner = unit, by code. Time: issued. Open to every role. */
struct state_notice {
    STATE_ROW;
    struct state_id unit; /* who issues it */
    struct slice code, title, text;
    struct slice clause;   /* "I.3.b", or empty */
    struct slice audience; /* kinds of unit, or codes */
    int64_t issued, due;
    bool attest; /* wants a promise, not only reading */
    bool invented;
};
STATE_THING(notice);

/* A notice at a unit. ref: the notice. */
struct state_delivery {
    STATE_ROW;
    struct state_id unit;
    struct state_id notice;
    int64_t sent_at;
    int64_t expected;        /* how many people should read it; 0: not said */
    struct slice token_hash; /* BLAKE2b of the link's secret; never the secret */
    struct state_id sheet;   /* evidence: the signed sheet */
};
STATE_THING(delivery);

enum state_ack_kind {
    STATE_READ_IT = 1,
    STATE_ATTESTED = 2,
};

/*
 * Append-only. person none: by link without an account, or `count` signatures on a sheet.
 * ref: the delivery. Time: at.
 */
struct state_ack {
    STATE_ROW;
    struct state_id unit;
    struct state_id delivery;
    struct state_id person;
    int32_t kind; /* enum state_ack_kind */
    int64_t at;
    int64_t count;    /* 1, or what the sheet shows */
    struct slice how; /* link, sheet, console */
    bool backfilled;
};
STATE_THING(ack);

/* How many read and attested, without anybody's name. */
struct state_ack_count {
    struct state_id notice, unit;
    int64_t sent_at, expected, read, attested, last_at;
};
CANH_MUST_USE int state_ack_counts(struct state *s, const struct state_actor *a,
                                   const struct state_query *q, /* ref: the notice */
                                   int (*fn)(void *u, const struct state_ack_count *x), void *u,
                                   struct err *err);
/* The delivery that a link's secret belongs to; needs no grant. -CE_NOT_FOUND. */
CANH_MUST_USE int state_delivery_by_token(struct state *s, struct slice token, struct arena *arena,
                                          struct state_delivery *ret, struct err *err);
/* BLAKE2b-256 of a secret, to store in token_hash. */
void state_token_hash(struct slice token, uint8_t to[32]);

#endif
