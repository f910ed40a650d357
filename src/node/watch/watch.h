/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_WATCH_H
#define CANH_NODE_WATCH_WATCH_H
/*
 * canh-watch: what sources give becomes records, is matched, and goes to keep in batches of
 * records, alerts and positions. One thread, one loop.
 *
 *     main.c     beginning and end; the snapshot; rules; what may be read
 *     send.c     batches on their way to keep, and its answers
 *     files.c    inputs that are read again: discover.c finds them, input_*.c are their kinds
 *     silence.c  sources that say nothing for too long
 *     correlate.c what correlations make of matches, in the order of the journal
 *     status.c   what it says of itself
 *     listen.c   what others send: sockets, whose it is; syslog.c, lumberjack.c,
 *                ingest.c, ingest_elastic.c
 *     match.c    a record against the rules
 *
 * It holds no state of its own: after a crash of either side each input goes on where the journal
 * says. A source of another kind puts its records between send_begin() and send_end(), and has
 * taken them when the answer says so.
 */
#include "base/map.h"
#include "base/time.h"
#include "node/watch/match.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"

#define POLL_TIME    (160 * INT64_C(1000000))
#define POLL_REST    (10 * TIME_SECOND)       /* where nothing is to be polled */
#define REFUSED_TIME (500 * INT64_C(1000000)) /* until what was refused is sent again */

enum {
    SENT_MAX = 24,    /* batches that keep has not answered */
    FILES_SENT = 4,   /* of these from files, which can wait where they are */
    SYSLOG_SENT = 16, /* of these of syslog, so that a flood leaves places to other senders */
    FOLDERS_MAX = 31, /* of sources, each allowed by itself */
};

/* What JOURNAL_* of journal/record.h say; watch does not link the journal. */
enum record_flag {
    FLAG_TRUNCATED = 1 << 0,
    FLAG_CANONICAL = 1 << 1,
    FLAG_GAP = 1 << 2,
    FLAG_HISTORY = 1 << 4
};
enum record_count { COUNT_RECORD, COUNT_BYTE };

struct watch;
struct sent;

/*
 * The answer to a batch. code 0: it is on disk; taken: a bit for each of its marks that had been
 * taken before. -CE_BUSY: it is not, and may come again; another one: it is at fault itself.
 */
typedef void sent_fn(struct watch *w, const struct sent *s, int code, struct slice taken);

struct sent {
    uint64_t number; /* 0: it waits to be sent again */
    bool urgent;     /* it has alerts, or something for correlations */
    sent_fn *fn;     /* NULL: this place is free */
    uint8_t id[16];  /* the sender's, for fn */
    void *u;
    /* A batch that can be had once only, to be sent again: a descriptor, or a short one's bytes. */
    int fd; /* else -1 */
    struct buf bytes;
};

/* A batch that is being filled. */
struct batch_out {
    struct watch *w;
    struct buf bytes;
    uint32_t records, inputs, marks;
    bool urgent; /* it has alerts, or something for correlations */
    bool later;  /* nobody waits for its answer, where it is short */
};

/* A record as a collector has it. */
struct received_record {
    const struct snapshot_source *source;
    const struct format **format;
    struct slice text, base;
    uint64_t at;
    enum record_count count;
    int64_t received;
    uint32_t flags;     /* enum record_flag */
    int64_t not_before; /* of history: what happened before is left out; TIME_NONE: nothing is */
};

struct input;
struct network;
struct correlate_ctx;
struct source_seen;

struct silence {
    struct source_seen *seen; /* one for each source of the snapshot; NULL: without memory */
};

struct watch {
    struct role role;
    struct channel keep;
    struct generation *rules;
    struct match_counts rule_counts; /* of rules */
    struct match_ctx *matching;
    struct arena arena; /* of the snapshot */
    struct snapshot snapshot;
    bool have_snapshot;
    uint64_t follows; /* number of the last snapshot all of whose inputs were opened */
    uint64_t gaps;    /* records that say what is missing */
    uint64_t late;    /* records of live sources that came too late to be live */

    struct batch_out batch; /* of files */
    struct network *network;
    struct silence silence;
    struct correlate_ctx *correlating; /* NULL in tests: no correlations */
    uint64_t number;
    struct sent sent[SENT_MAX];
    unsigned sent_count, files_sent;
    bool files_held; /* at the last look there was more than could be sent */

    struct input **inputs;
    unsigned input_count, input_cap;
    unsigned unopened;    /* inputs whose position is not known yet */
    struct map input_map; /* id → place in inputs */
    unsigned turn;
    bool again;        /* a batch was not sent: its inputs must be read again */
    bool full;         /* more files than are followed: said so */
    bool folders_full; /* more folders than are looked into: said so */
    int64_t globbed;
    struct loop_timer *poll, *glob;

    char *folders[FOLDERS_MAX]; /* that may be read, once confined */
    unsigned folder_count;
    bool folders_over, confined, confined_too_much;
    int64_t began;
    bool draining;
};

/* Room for what is to be read now; a place for what was read, also at the end. */
bool send_has_room(const struct watch *w);
bool send_has_place(const struct watch *w);
/* o->w and o->bytes' maximum are set. */
void send_begin(struct batch_out *o);
/* Matches the record and puts it behind its alerts. */
void send_record(struct batch_out *o, const struct received_record *x);
/* An alert that no record of the source raised. */
void send_alert(struct batch_out *o, const struct snapshot_source *source,
                const struct alert_record *alert, struct slice base, uint64_t at, int64_t now);
/* Something is missing here: a record that says what. count 0: nobody knows how many. */
void send_gap(struct batch_out *o, const struct received_record *at, const char *reason,
              uint64_t count);
/* After all records. */
void send_input(struct batch_out *o, const uint8_t id[16], struct slice cursor);
/* After all inputs; x->source is filled in here. */
void send_mark(struct batch_out *o, const uint8_t source[16], const struct batch_mark_of *x);
/*
 * 0: fn is called once; -CE_TOO_BIG, -CE_BUSY: it went nowhere. once: what is in it can be had from
 * nowhere else, so that it is sent again until keep takes it.
 */
CANH_MUST_USE int send_end(struct batch_out *o, sent_fn *fn, const uint8_t id[16], void *u,
                           bool once, struct err *err);
/* Every batch that has no answer gets -CE_BUSY, or waits to be sent again. */
void send_forget(struct watch *w);
/* Sends again what waits for it; whether something does. */
void send_again(struct watch *w);
bool send_waits(const struct watch *w);
/* Whether one is on its way that has alerts, or something for correlations. */
bool send_is_urgent(const struct watch *w);
CANH_MUST_USE int send_receive_done(void *u, struct frame *f, struct err *err);

/* Inputs of the snapshot's sources; each goes on where the journal is. */
void files_begin(struct watch *w);
/* The same inputs once more from where the journal is. */
void files_again(struct watch *w);
void files_end(struct watch *w);
void files_poll(struct watch *w);
/* There is something to poll: at once, and then again and again. */
void files_wake(struct watch *w);
/* Sources of which nothing can be read. */
void files_write_status(const struct watch *w, struct buf *out);
/* Files that came meanwhile. */
void files_glob(struct watch *w);
CANH_MUST_USE int files_receive_input(void *u, struct frame *f, struct err *err);

/* Calls fn with each folder that a source's files lie in. */
void files_folders(const struct snapshot_source *source, void (*fn)(void *u, const char *folder),
                   void *u);

/* Before `to` takes the place of w->snapshot. */
void silence_follow(struct watch *w, const struct snapshot *to);
void silence_end(struct watch *w);
/* A record of the source has come. */
void silence_broken(struct watch *w, const struct snapshot_source *source, int64_t now);
/* Tells of sources that are silent for too long. */
void silence_check(struct watch *w);
/* How many are silent, and the first of them by their ids. */
void silence_write_status(const struct watch *w, struct buf *out);

void watch_write_status(struct watch *w);
/* Tells in the status which snapshot is followed, once all its inputs are open. */
void watch_follows(struct watch *w);
/* A generation that was looked at is not taken. counts: its rules; NULL: it could not be loaded. */
void watch_refused(const struct match_counts *counts);

void watch_end_if_drained(struct watch *w);

#endif
