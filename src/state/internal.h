/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_INTERNAL_H
#define CANH_STATE_INTERNAL_H
/*
 * The body of struct state and what the files of this room share.
 */
#include <limits.h>

#include "state/audit.h"
#include "state/db.h"
#include "state/entity.h"
#include "state/identity.h"
#include "state/scope.h"
#include "state/statements.h"

#define STATE_KEY 32

/* One transaction's worth of text: canonical content and the like. */
#define CONTENT_MAX (8u << 20)

struct state {
    struct db *db;
    char dir[PATH_MAX - 256]; /* absolute; room for the names inside */
    bool writable;
    bool demo;
    int64_t demo_now;     /* of state_demo_clock() */
    bool explicit_tx;     /* state_begin was called */
    unsigned write_depth; /* of write_begin */
    int64_t write_now;    /* one write is one instant */
    unsigned act_depth;   /* of state_act_begin */
    bool act_owns;        /* the outermost act made the transaction */
    bool has_key;
    uint8_t key[STATE_KEY];
    int64_t (*clock)(void *u);
    void *clock_user;
    uint64_t evidence_max;
    struct state_identity identity; /* of whoever runs this */
    struct scope scope;
    struct buf content;   /* scratch of the audit */
    char number[40];      /* of the last new request */
    char case_number[40]; /* of the last new case */
};

/* The statement of the table in statements.c. */
int state_stmt(struct state *s, enum sql_id id, struct db_stmt **ret, struct err *err);

/*
 * Brackets every function that writes. The outermost one is a transaction, or a savepoint inside
 * state_begin's; ended with r < 0 nothing of it remains. end returns r, or what the commit gives.
 */
CANH_MUST_USE int write_begin(struct state *s, struct err *err);
CANH_MUST_USE int write_end(struct state *s, int r, struct err *err);

/* Appends an entry; inside the transaction of the write that it tells of. */
CANH_MUST_USE int audit_append(struct state *s, const struct state_actor *a, const char *action,
                               const char *thing, struct state_id row, struct state_id unit,
                               int64_t version, struct slice content, struct err *err);

/* Whether somebody else than `person` wrote the row from the hand that writes now. */
CANH_MUST_USE int audit_one_hand(struct state *s, const struct state_actor *a, const char *thing,
                                 struct state_id row, struct state_id person, bool *ret,
                                 struct err *err);

/* Key and contacts (key.c): sealed = nonce ‖ ciphertext, bound to the row it belongs to. */
CANH_MUST_USE int key_load(struct state *s, bool create, struct err *err);
CANH_MUST_USE int key_seal(struct state *s, struct state_id row, struct slice plain,
                           struct buf *out, struct err *err);
CANH_MUST_USE int key_open(struct state *s, struct state_id row, struct slice sealed,
                           struct buf *out, struct err *err);

/* The values of a submission as the audit keeps them. Appends to out. */
CANH_MUST_USE int values_canonical(struct state *s, struct state_id submission, struct buf *out,
                                   struct err *err);

/* Removes an evidence file that no row names. */
int state_evidence_forget(struct state *s, const uint8_t sha256[32]);

/* Text rules of every column: UTF-8, no control characters but line breaks and tabs. */
bool text_is_clean(struct slice s);

#endif
