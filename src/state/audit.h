/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_AUDIT_H
#define CANH_STATE_AUDIT_H
/*
 * The audit: every write by a person (and by the program, except the results of checks and the
 * cache of status) and every read of a contact, as a hash chain.
 *
 *   hash = BLAKE2b-256(prev ‖ canonical entry), the entry naming BLAKE2b-256 of its content.
 *
 * An entry says as whom it was written, and who was at the machine (identity.h); entries of version
 * 1 do not.
 *
 * The content of an old entry can be erased (retention) without breaking the chain; an entry names
 * what was erased. Cutting off the tail cannot be seen from inside: keep heads elsewhere (printed,
 * sent up) and give them to verify. seq never decreases, received only where an entry says that the
 * clock was wrong before; at is the wall clock as it was, flagged when it ran back.
 */
#include "state/state.h"

#define STATE_HASH 32

/* What was known against the clock when an entry was written. */
enum state_audit_clock {
    STATE_CLOCK_RAN_BACK = 1, /* it showed earlier than the entry before */
    STATE_CLOCK_DOUBTFUL = 2, /* a node wrote on under a clock that a person is asked about */
    STATE_CLOCK_WRONG = 4,    /* not stored: a later entry says that it was wrong at that time */
};

struct state_audit_entry {
    int64_t seq;                  /* from 1, without gaps */
    int64_t at;                   /* wall clock */
    int64_t received;             /* never decreasing */
    int64_t clock;                /* enum state_audit_clock, as bits */
    struct state_id person, unit; /* who, and the unit of the row (none: no single one) */
    enum state_role role;
    struct slice action; /* add, change, drop, reveal, import, backup, erase … */
    struct slice thing;  /* entity */
    struct state_id row;
    int64_t version; /* of the row after it */
    struct slice purpose;
    struct slice content; /* canonical JSON of the row after it; empty when erased or none */
    uint8_t content_hash[STATE_HASH];
    uint8_t hash[STATE_HASH];
    int64_t uid; /* of the process; below 0: an entry of version 1, without the following */
    struct slice login, sudo, host;
    struct slice account; /* that was signed in */
};

struct state_audit_head {
    int64_t seq; /* 0: nothing yet */
    uint8_t hash[STATE_HASH];
};

/* What people call an entity of an entry (a text of lang/…/error/noun.txt); id 0: none of them. */
struct err_id state_audit_noun(struct slice thing);
/* Adds an entry of its own: for what other rooms do (a printed list, an export, a search). */
CANH_MUST_USE int state_audit_add(struct state *s, const struct state_actor *a, const char *action,
                                  const char *thing, struct state_id row, struct slice content,
                                  struct err *err);
/*
 * The heads of the node's journal (the text of journal_heads()) under the audit, so that the one
 * chain holds the others; and the newest text with the time at which it came: 1, 0 where there is
 * none. SYSTEM; get also ADMIN.
 */
CANH_MUST_USE int state_audit_journal_put(struct state *s, const struct state_actor *a,
                                          struct slice heads, struct err *err);
CANH_MUST_USE int state_audit_journal_get(struct state *s, const struct state_actor *a,
                                          struct buf *out, int64_t *ret_received, struct err *err);
CANH_MUST_USE int state_audit_head(struct state *s, struct state_audit_head *ret, struct err *err);
/* Whose hand is at work, as entries name it: the account, else the user behind sudo and login. In
 * the state or the actor; never empty. */
struct slice state_hand(const struct state *s, const struct state_actor *a);
/* Entries from seq `from` on (0: the first), of rows in the actor's scope. HEAD, COORDINATOR,
 * ADMIN, SYSTEM. */
CANH_MUST_USE int state_audit_each(struct state *s, const struct state_actor *a, int64_t from,
                                   int (*fn)(void *u, const struct state_audit_entry *x), void *u,
                                   struct err *err);

/* Which tables verify does not compare, and why. */
struct state_audit_gap {
    const char *table;
    enum state_gap_reason {
        STATE_GAP_JOURNAL, /* comes from the journal, which has a chain of its own */
        STATE_GAP_CACHE,   /* computed from the rest */
        STATE_GAP_SIGN_IN, /* who is signed in, for hours */
        STATE_GAP_HEARD,   /* what anybody may send; what it changed is audited */
    } reason;
};
extern const struct state_audit_gap state_audit_gaps[];
extern const size_t state_audit_gap_count;

struct state_audit_report {
    int64_t entries;
    int64_t nameless;       /* entries of version 1, which do not say who was at the machine */
    int64_t erased;         /* entries whose content is gone by retention */
    int64_t broken_at;      /* seq of the first broken entry; 0: the chain holds */
    int64_t rows;           /* rows compared with their last entry */
    int64_t results;        /* results of checks compared with the entry that holds their hash */
    int64_t unsealed;       /* results that no entry holds yet */
    bool untold;            /* an old state whose meta and counter no entry holds yet */
    int64_t changed;        /* rows that are not what their last entry says: changed outside canh */
    char first_changed[96]; /* "post 00112233…" */
    struct state_audit_head head;
};
/*
 * Walks the whole chain and compares every row with its last entry. expect (may be NULL): a head
 * kept elsewhere that must be in the chain. Returns 0 when all holds, -CE_CORRUPT otherwise (err
 * says where); *ret is filled in both cases.
 */
CANH_MUST_USE int state_audit_verify(struct state *s, const struct state_audit_head *expect,
                                     struct state_audit_report *ret, struct err *err);
/* Erases the content of entries received before `before`. ADMIN. The chain still verifies. */
CANH_MUST_USE int state_audit_erase(struct state *s, const struct state_actor *a, int64_t before,
                                    int64_t *ret_count, struct err *err);

#endif
