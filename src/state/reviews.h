/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_REVIEWS_H
#define CANH_STATE_REVIEWS_H
/*
 * Review campaigns (firewall rules, database administrators, idle accounts, procedures, network
 * diagram …) with sign-off and expiry, and the register of written orders.
 */
#include "state/state.h"

/* find: owner = unit, by code. Time: start..due. */
struct state_campaign {
    STATE_ROW;
    struct state_id unit; /* who runs it */
    struct slice code, title;
    struct slice kind; /* firewall-rules, db-admins, idle-accounts, procedures, diagram …: data */
    struct slice clause;
    struct slice questions; /* one a line */
    int64_t start, due;
    int64_t lasts; /* a sign-off expires after so long, nanoseconds; 0: does not */
    bool invented;
};
STATE_THING(campaign);

enum state_review_state {
    STATE_REVIEW_OPEN = 1,
    STATE_REVIEW_DONE = 2,
    STATE_REVIEW_ISSUES = 3, /* done, and something must change */
};

/* ref: the campaign. Time: signed_at..expires once signed, created before. */
struct state_review {
    STATE_ROW;
    struct state_id unit;
    struct state_id campaign;
    struct state_id asset;
    int32_t state; /* enum state_review_state */
    struct state_id signer;
    int64_t signed_at, signed_recorded, expires;
    struct slice result;
    struct state_id evidence;
    bool backfilled;
};
STATE_THING(review);

enum state_order_outcome {
    STATE_ORDER_OPEN = 0,
    STATE_ORDER_DONE = 1,
    STATE_ORDER_QUERIED = 2, /* asked back: basis, competence */
    STATE_ORDER_REFUSED = 3, /* lawfully */
};

/*
 * The register of written orders of a competent authority: no text, no subscriber, no content.
 * Visible inside the unit only, and to lead authorities. find: owner = unit, by number.
 * Time: received.
 */
struct state_order {
    STATE_ROW;
    struct state_id unit;
    struct slice number, authority, basis;
    int64_t received, deadline;
    int32_t outcome; /* enum state_order_outcome */
    int64_t done_at, done_recorded;
    struct state_id person;
};
STATE_THING(order);

#endif
