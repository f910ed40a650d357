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
#include "state/rights.h"
#include "state/scope.h"
#include "state/statements.h"

#define STATE_KEY 32

/* What somebody said of the clock: wrong from … until, said at. */
enum { CLOCK_SPANS = 64 };
struct clock_span {
    int64_t from, until, said;
};

/* One transaction's worth of text: canonical content and the like. */
#define CONTENT_MAX (8u << 20)

/* How many alerts wait at units that have any (waiting.c). */
struct waiting_unit {
    struct state_id unit;
    size_t n;
};
struct waiting {
    bool valid;
    int64_t data_version, written, at; /* when it was counted */
    struct waiting_unit *rows;
    uint32_t count, room;
    size_t total;
};

/* Listings of units as they were read last (units_kept.c). */
struct units_kept {
    struct units_mark mark;
    int64_t from, until; /* the instants that it holds for */
    struct arena arena;
    struct state_unit *rows; /* NULL: an empty place */
    size_t count;
};
enum { UNITS_KEPT = 2 };
struct units_memo {
    bool valid; /* of mark, read then: */
    int64_t data_version, written;
    struct units_mark mark;
    struct units_kept kept[UNITS_KEPT];
    unsigned next; /* place to be taken */
};

/* What rooms keep with a connection. */
enum { STATE_KEPT = 4 };
struct state_thing {
    const void *key; /* NULL: an empty place */
    void *thing;
    void (*drop)(void *x);
};

struct state {
    struct db *db;
    struct db *made;          /* of this program's schema, in memory; NULL until it is asked for */
    char dir[PATH_MAX - 256]; /* absolute; room for the names inside */
    bool writable;
    bool demo;
    int64_t demo_now;               /* of state_demo_clock() */
    bool explicit_tx;               /* state_begin was called */
    bool reading;                   /* state_read_begin was called, and nothing written since */
    unsigned write_depth;           /* of write_begin */
    int64_t write_now;              /* one write is one instant */
    unsigned act_depth;             /* of state_act_begin */
    bool act_owns;                  /* the outermost act made the transaction */
    struct state_id act_id;         /* of the transaction; none: not asked for yet */
    struct state_clock_rules rules; /* synchronised NULL: the clock is not judged */
    bool clock_doubtful;            /* in this transaction */
    bool clock_confirmed;           /* is_right has had its entry */
    bool clock_mends;               /* state_clock_mend is at work */
    bool spans_loaded;
    size_t span_count;
    struct clock_span spans[CLOCK_SPANS];
    enum state_key_place key_place;
    uint8_t key[STATE_KEY];
    int64_t (*clock)(void *u);
    void *clock_user;
    uint64_t evidence_max;
    struct state_identity identity; /* of whoever runs this */
    struct scope scope;
    struct waiting waiting;
    struct units_memo units;
    struct state_thing kept[STATE_KEPT];
    struct buf content;   /* scratch of the audit */
    bool meta_told;       /* this connection has seen to it that the audit has meta and counter */
    bool meta_changed;    /* by the program, in this transaction */
    char number[40];      /* of the last new request */
    char case_number[40]; /* of the last new case */
};

/* The statement of the table in statements.c. */
int state_stmt(struct state *s, enum sql_id id, struct db_stmt **ret, struct err *err);

/* Good until the next call into the room. */
CANH_MUST_USE int waiting_read(struct state *s, const struct waiting **ret, struct err *err);
void waiting_done(struct waiting *w);
CANH_MUST_USE int units_mark_read(struct state *s, struct units_mark *ret, struct err *err);
bool units_mark_is(const struct units_mark *a, const struct units_mark *b);
void units_memo_done(struct units_memo *m);

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

/* Whether the clock may be believed, at the beginning of what will be written (clock.c). */
CANH_MUST_USE int clock_begin(struct state *s, struct err *err);

/* Whether somebody else than `person` (none: anybody) wrote the row from the hand that writes now.
 */
CANH_MUST_USE int audit_one_hand(struct state *s, const struct state_actor *a, const char *thing,
                                 struct state_id row, struct state_id person, bool *ret,
                                 struct err *err);

/*
 * Who decides about a matter of `whose` (none: of nobody) is somebody else; -CE_DENIED names others
 * who may, or says what to do where there is nobody.
 */
CANH_MUST_USE int right_own(struct state *s, struct state_id decides, struct state_id whose,
                            struct state_id unit, enum state_right right, struct err *err);

/* The same of a matter of the whole unit: nobody who belongs to it. */
CANH_MUST_USE int right_outside(struct state *s, struct state_id decides, struct state_id unit,
                                enum state_right right, struct err *err);

/* What the store says of itself (meta.c), and the next number of a kind and year. */
CANH_MUST_USE int meta_write(struct state *s, const char *name, struct slice value,
                             struct err *err);
CANH_MUST_USE int meta_number_next(struct state *s, const char *name, int year, int64_t *ret,
                                   struct err *err);
/* After a rollback: what was told may be gone. */
void meta_forget(struct state *s);

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
