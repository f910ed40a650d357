/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_KEEP_KEEP_H
#define CANH_NODE_KEEP_KEEP_H
/*
 * canh-keep: the journal's only owner. What came while the disk was written goes into the next
 * group, is synced once and acknowledged; plain messages of senders that know no answer wait for
 * others, up to a second. Consumers read by stream and offset.
 *
 *     main.c    beginning and end; who may what; what goes by age and size
 *     append.c  batches → groups → disk
 *     save.c    alerts of batches that a full disk refused
 *     serve.c   records by their offset, to those that work on all of them
 *     fetch.c   records to somebody who may see some of them, and says why
 *     care.c    repair and redaction on an administrator's behalf
 *     status.c  how the journal stands, for the desk
 */
#include "base/map.h"
#include "journal/care.h"
#include "journal/journal.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"

enum {
    PENDING_MAX = 64,      /* batches that wait for the disk */
    GROUP_RECORDS = 65536, /* records of one group */
    GROUP_INPUTS = 65536,
    GROUP_MARKS = 65536,
    READS_MAX = 8, /* streams that a peer waits for */
};

struct keep;

/* Somebody at the other end of a link. */
struct peer {
    struct keep *keep;
    struct peer *next;
    enum wire_role role;
    struct channel channel;
    struct keep_wait {
        uint32_t stream;
        uint64_t end; /* where that was */
    } waits[READS_MAX];
    unsigned wait_count;
    bool refused;        /* a batch of its inputs: what it sent behind would leave a hole */
    struct grant *grant; /* of a look; NULL: it shows nothing */
};

/* A batch on its way to the disk. */
struct keep_append {
    struct peer *peer; /* NULL: has gone meanwhile */
    uint64_t number;
    struct slice bytes;
    bool owned;       /* bytes: a copy; else mapped */
    const char *only; /* the stream that its sender may append to; NULL: any */
    struct buf taken; /* a bit for each mark that had been taken before */
};

/* What the folder holds, as last measured. */
struct keep_measure {
    int64_t at;
    uint64_t stored, records; /* of events/ */
    int64_t oldest;           /* of events/; TIME_NONE: none */
    uint64_t all_stored;
    uint64_t alerts_stored; /* of alerts, results and audit */
    int64_t oldest_alert;   /* of these; TIME_NONE: none */
};

struct keep {
    struct role role;
    struct journal *journal;
    struct journal_keys keys;
    struct peer *peers;
    struct keep_append pending[PENDING_MAX];
    unsigned pending_count;
    int64_t pending_since;   /* loop_clock() of the first */
    struct loop_task commit; /* at the end of a turn: what came in it is one group */
    struct loop_timer *tick, *retain;
    uint32_t alerts;             /* number of the stream */
    int64_t large_at, rested_at; /* a group took much memory; it was last given back */
    struct journal_record *records;
    struct journal_input *inputs;
    struct journal_batch *marks;
    struct map group_marks; /* of the group that is being made: source and id → number */
    struct care *care;      /* a repair that goes on */
    struct grant *grants;   /* that nobody has come with yet */
    bool draining;
    bool alerts_taken;        /* the desk asked for alerts behind the last one */
    uint64_t groups, refused; /* groups on disk; batches refused */
    int64_t full_at;          /* when one was refused last because the disk is full; 0: never */
    bool wants_room;
    bool held;              /* it is full, and there is nothing that may go */
    bool over_size;         /* the same of `size`: more is kept than that */
    int64_t room_at;        /* when room was made last */
    uint64_t gone_for_room; /* records of events */
    int64_t status_at;
    struct keep_measure measured;
};

/* Whoever asks for one that is not there makes it. */
CANH_MUST_USE int keep_stream(struct keep *k, struct slice name, uint32_t *ret, struct err *err);
/* Ends the loop when nothing more can come. */
void keep_end_if_drained(struct keep *k);

/* The one stream that this role may append to; NULL: any. */
const char *keep_appends_to(enum wire_role role);
/* Room for one group. */
CANH_MUST_USE int keep_make_room(struct keep *k, struct err *err);
/* Gives memory back that large groups and sealing have used, when it is quiet. */
void keep_rest(struct keep *k);
/* Writes what waits; u: the keep. */
void keep_commit(void *u);
/* Seals what is due; all, before the end. */
void keep_seal(struct keep *k);
void keep_seal_all(struct keep *k);
CANH_MUST_USE int keep_receive_append(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_short(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_later(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_input(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_again(void *u, struct frame *f, struct err *err);

CANH_MUST_USE int keep_receive_read(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_heads(void *u, struct frame *f, struct err *err);
/* A record of a batch as the journal takes it. */
void keep_record_make(struct journal_record *to, const struct batch_record *x, uint32_t stream);
/* The disk refused the batches from `first` on: their alerts go into the reserve, save.c. */
void keep_save_alerts(struct keep *k, unsigned first);
/* Takes out of records first..end-1 the alerts that were saved so; the new end. */
CANH_MUST_USE uint32_t keep_leave_saved(struct keep *k, uint32_t first, uint32_t end);
/* Appends a record for batch.h. */
void keep_write_record(struct buf *out, const struct journal_record *x, struct slice stream);
/* The peer is told when the stream grows beyond its end of now. */
void keep_wait_for(struct peer *p, uint32_t stream);
/* Tells peers that have read to the end of a stream that there is more, where there is. */
void keep_notify_more(struct keep *k);

/* Who may see what, from the desk. */
CANH_MUST_USE int keep_receive_grant(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_present(void *u, struct frame *f, struct err *err);
CANH_MUST_USE int keep_receive_fetch(void *u, struct frame *f, struct err *err);
void keep_grant_end(struct peer *p);
void keep_grants_end(struct keep *k);

/* Verbs of an administrator, from the desk; a repair goes on between other work. */
CANH_MUST_USE int keep_receive_care(void *u, struct frame *f, struct err *err);
/* Whoever waits for it has gone (NULL: whoever it is). */
void keep_care_end(struct keep *k, const struct peer *p);

/* The disk is full: the oldest events go soon. */
void keep_want_room(struct keep *k);

/* Writes it now; the folder is measured at most once a minute. */
void keep_write_status(struct keep *k);

#endif
