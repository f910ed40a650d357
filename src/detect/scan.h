/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SCAN_H
#define CANH_DETECT_SCAN_H
/*
 * Files → blocks → events → matches in order → alerts, over several threads:
 *
 *     scan_read.c    one thread: walks the inputs, recognises logs; blocks of a log are cut by
 *                    whichever worker wants the next
 *     scan_work.c    N threads: decode and match; results stay with the block
 *     scan.c         the calling thread: gets blocks back in input order, adds up, hands on
 *
 * Nothing is printed: what happens goes to the caller's functions, from the calling thread and in
 * input order. Everything is bounded: a fixed number of blocks, notes and alerts a block are handed
 * over in parts.
 *
 * With `recover` a format that has leftovers goes through twice. The first pass gives the log and
 * which record numbers it has; the second one gives only what recovery_claim() does not know yet,
 * block after block, so that which copy of a record counts does not depend on the threads.
 *
 * Correlations come last, when all inputs are read (correlate.h).
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "detect/cancel.h"
#include "detect/correlate.h"
#include "detect/generation.h"
#include "detect/path_zone.h"
#include "detect/scope.h"
#include "detect/suppress.h"
#include "detect/tally.h"
#include "detect/walk.h"

enum { SCAN_THREADS_MAX = 64 };

/* Something about the input that a person should know. */
enum scan_trouble {
    TROUBLE_BAD_RECORD,
    TROUBLE_UNREADABLE, /* cannot be opened or read (on) */
    TROUBLE_NO_LOG,     /* in no format that is known */
    TROUBLE_EMPTY,
    TROUBLE_LAYOUT,  /* no record of the file is in a layout that is known: err has its first names
                      */
    TROUBLE_DAMAGED, /* readable in parts: a checksum, a header */
    TROUBLE_DAMAGED_RECORD, /* EVENT_DAMAGED */
    TROUBLE_STALE,          /* no fault: records go on behind the end that a part states */
    TROUBLE_NOT_EXAMINED,   /* an event was not examined fully: note.gaps, an alert of its own */
    TROUBLE_NOT_TWICE,      /* cannot be read again to recover records */
    TROUBLE_BEFORE,         /* no fault: lines in no format stand before the log begins */
    TROUBLE_MAX,
};

/* What a file that is no log may be, so that a person can be told what to do. */
enum scan_hint { HINT_NONE, HINT_PACKED, HINT_XML, HINT_WIDE };

/* An input file. */
struct scan_file {
    char *path;
    bool operand;   /* named itself */
    uint64_t notes; /* the caller's: how many it has been told of */
};

struct scan_note {
    enum scan_trouble trouble;
    enum scan_hint hint;
    bool placed;     /* line or offset mean something */
    unsigned damage; /* enum decode_damage; 0: err says it */
    unsigned gaps;   /* enum alert_gap of TROUBLE_NOT_EXAMINED */
    uint64_t bytes;  /* of DAMAGE_LOST */
    uint64_t offset, line;
    struct err err; /* code 0: the trouble says it all */
};

struct scan_progress {
    int64_t began; /* time_now() then */
    uint64_t bytes_read, events, alerts;
};

/* What a file was. */
struct scan_file_end {
    const char *format; /* NULL: no log */
    uint64_t events, alerts;
    int64_t first, last; /* TIME_NONE: no event had a time */
};

/* Any may be NULL. */
struct scan_sink {
    /* Lines of alerts. False: stop, nobody wants them. */
    bool (*alerts)(void *ctx, struct slice lines);
    void (*match)(void *ctx, const struct scan_file *file, uint32_t rule);
    /* What scan_keep.event() wrote. False: stop. */
    bool (*kept)(void *ctx, const struct scan_file *file, struct slice bytes);
    /* A file is done: how many events it gave, when the first and last of them happened. */
    void (*file)(void *ctx, const struct scan_file *file, const struct scan_file_end *end);
    void (*note)(void *ctx, struct scan_file *file, const struct scan_note *note);
    /* After every block, and ten times a second while there is none. False: stop. */
    bool (*progress)(void *ctx, const struct scan_progress *progress, bool idle);
};

enum scan_format { SCAN_NO_ALERTS, SCAN_JSON, SCAN_CSV, SCAN_KEPT };

/* An event as a worker sees it. */
struct scan_event {
    unsigned worker; /* which, for memory of its own: below SCAN_THREADS_MAX */
    const struct origin *origin;
    const struct event *event;
    struct decoder *decoder; /* for decoder_raw() */
    int64_t time;            /* TIME_NONE: it has none */
    bool local;              /* its zone is not known */
    const struct match_result *found;
};

/*
 * What a caller keeps of alerts (SCAN_KEPT) and of events, in a form of its own: appended by the
 * workers, several at once, and handed to the sink in the order of the input.
 */
struct scan_keep {
    void (*alert)(void *ctx, unsigned worker, const struct alert *a, struct buf *out);
    void (*correlation)(void *ctx, const struct correlation_alert *a, struct buf *out);
    void (*event)(void *ctx, const struct scan_event *e, struct buf *out);
    void *ctx;
};

struct scan_request {
    struct generation *generation;
    struct paths inputs;
    unsigned threads; /* 0: as many as there are processors */
    enum scan_format format;
    const struct path_zone *zones; /* of times in the logs that name none */
    uint32_t zone_count;
    const struct format *as;      /* read every log as this; NULL: what its content says */
    const struct zone *shown;     /* of times in CSV; NULL: UTC */
    bool original;                /* the record with every alert */
    bool copies;                  /* alerts of copies of a record in several files, too */
    const char *const *passwords; /* of archives */
    uint32_t password_count;
    uint64_t spill_max;             /* bytes on disk for correlations; 0: 2 GiB */
    const struct scan_keep *keep;   /* NULL: nothing */
    const struct scan_scope *scope; /* NULL: all events */
    bool no_match;                  /* events are kept and not matched */
    bool apart;   /* each file alone: correlations at its end, and all rules alert by themselves */
    bool recover; /* records that no longer belong to their log, too */
    uint32_t
        block; /* usual bytes of a block; 0: 1 MiB. Says how much is matched together, no more */
    bool skip; /* leave out the file skip_dev, skip_ino: our own output */
    dev_t skip_dev;
    ino_t skip_ino;
    struct cancel *cancel;
    const struct scan_sink *sink;
    void *ctx;
};

/* A kind of event that no mapping routes: channel/event id. */
struct scan_kind {
    struct slice name;
    uint64_t count;
};

struct scan_result {
    uint64_t events, files, logs, recovered, not_recovered, lost;
    uint64_t truncated, fields_lost, unrouted, regex_limits, failed;
    uint64_t outside, timeless; /* events that the scope leaves out; of these without a time */
    uint64_t files_before;      /* not read: last written before what is asked for */
    uint64_t suppressed;        /* alerts */
    uint64_t *suppressed_by;    /* by suppression */
    uint64_t troubles[TROUBLE_MAX];
    uint64_t copies;         /* alerts of records that alerted in another file before */
    uint64_t copied_events;  /* of `events`, those that stood in another file before */
    bool uncounted_copies;   /* and there may be more: not all records were remembered */
    uint64_t local_times;    /* alerts whose time names no zone */
    uint64_t no_times;       /* alerts of events that have no time, or none that can be read */
    uint64_t links, special; /* passed over inside folders */
    uint64_t bytes_read;
    int64_t nanoseconds;
    struct tally tally; /* of rules, then correlations */
    struct correlate_counts correlation;
    bool *incomplete;       /* by correlation: it is not exact, for want of disk or memory */
    struct err spill_error; /* code not 0: the disk refused */
    struct scan_kind *unrouted_kinds; /* most first */
    uint32_t unrouted_count;
    bool *seen;          /* by key: some event had the field */
    bool operand_failed; /* something that was named could not be used */
    struct arena arena;
};

/*
 * 0 when all that could be read was, or the end was asked for; negative: no memory or no threads,
 * or the sink wanted to stop. *ret is filled in any case and must be released.
 */
CANH_MUST_USE int scan_run(const struct scan_request *request, struct scan_result *ret,
                           struct err *err);
void scan_result_done(struct scan_result *r);

#endif
