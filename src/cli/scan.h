/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_SCAN_H
#define CANH_CLI_SCAN_H
/*
 * canh scan: files → blocks → events → alerts → output.
 *
 *     scan_read.c    one thread: walks the inputs, tells logs from other files, cuts blocks
 *     scan_work.c    N threads: decode and match; results stay with the block
 *     scan.c         the calling thread: takes blocks back in input order, prints, adds up
 *     scan_progress.c, scan_table.c, scan_summary.c
 *                    what a person sees of it
 *
 * Everything is bounded: a fixed number of blocks, notes and alerts per block handed over in parts.
 *
 * With --recover an EVTX file goes through twice. The first pass gives the log and which record
 * numbers it has; the second one gives only what recovery_take() does not know yet, block after
 * block, so that which copy of a record counts does not depend on the threads.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/map.h"
#include "cli/alert.h"
#include "cli/app.h"
#include "cli/events.h"
#include "cli/load.h"
#include "cli/recovery.h"
#include "cli/ring.h"
#include "cli/tally.h"
#include "decode/json/json.h"
#include "event/event.h"

enum {
    SCAN_BLOCK = 256 * 1024, /* usual bytes of a block; one long record makes it longer */
    SCAN_CHUNKS = 8,         /* EVTX chunks in a block */
    SCAN_NOTES = 32,         /* with their place per block; the rest is counted */
    SCAN_NOTES_BAD = 24,     /* of these about records, or they would crowd out the others */
    SCAN_NOTE_TEXT = 200,
    SCAN_RESULT_MAX = 1024 * 1024, /* bytes of results that a block keeps before it hands over */
    SCAN_UNROUTED_MAX = 4096,      /* kinds of unrouted events counted apart, per thread */
    SCAN_HOST_MAX = 255,           /* bytes of a host's name that the table keeps */
    SCAN_THREADS_MAX = 64,
};

enum scan_format { SCAN_TABLE, SCAN_JSON, SCAN_CSV };

struct scan_options {
    struct load_options load; /* first */
    const char *output;
    const char *zone; /* for times in the table */
    int64_t threads;  /* 0: as many as there are processors */
    bool json, csv, original, details, recover, quiet, no_progress;
};

/* An input file; made by the reader, freed by the writer behind the file's last block. */
struct scan_file {
    char *path;
    bool operand;
    enum log_kind kind;
    uint64_t notes;            /* told so far; writer's */
    struct recovery *recovery; /* NULL: nothing to recover here */
};

/* Something about the input that a person should know. */
enum scan_trouble {
    TROUBLE_BAD_RECORD,
    TROUBLE_UNREADABLE, /* cannot be opened or read (on) */
    TROUBLE_NO_LOG,     /* neither JSON nor EVTX */
    TROUBLE_EMPTY,
    TROUBLE_DAMAGED,        /* readable in parts: a chunk's checksum, a header */
    TROUBLE_DAMAGED_RECORD, /* EVENT_DAMAGED */
    TROUBLE_STALE,          /* no fault: records go on behind the end that a chunk states */
    TROUBLE_NOT_TWICE,      /* cannot be read again to recover records */
    TROUBLE_MAX,
};

struct scan_note {
    enum scan_trouble trouble;
    bool placed; /* line or offset mean something */
    uint64_t offset, line;
    int sys;
    char text[SCAN_NOTE_TEXT];
};

/* One match, for the table; host lies in block->hosts. */
struct scan_hit {
    int64_t time;
    uint32_t rule;
    uint32_t host_at;
    uint16_t host_n;
    bool recovered;
};

struct scan_block {
    /* set by the reader */
    struct scan_file *file;
    enum log_kind kind; /* LOG_NONE: only notes */
    uint8_t *data;
    size_t len, cap; /* cap without the padding behind */
    struct json_block json;
    uint64_t offset;              /* EVTX: of data in the file */
    uint32_t chunks[SCAN_CHUNKS]; /* EVTX: where each begins in data */
    uint32_t chunk_count;
    bool file_ends; /* the last block of its file */
    bool again;     /* second pass */
    /* set by the worker (notes also by the reader) */
    struct scan_note notes[SCAN_NOTES];
    uint32_t note_count;
    uint64_t notes_lost[TROUBLE_MAX];
    uint64_t events, recovered, lost;
    struct buf ids;  /* array of struct id_range: numbers of the log's records */
    struct buf out;  /* alerts as JSON or CSV */
    struct buf hits; /* array of struct scan_hit */
    struct buf hosts;
};

/* What the closing summary says, added up by the writer. */
struct scan_totals {
    uint64_t events, files, logs, recovered, not_recovered, lost;
    uint64_t truncated, fields_lost, unrouted, regex_limits, failed;
    uint64_t troubles[TROUBLE_MAX];
    uint64_t links, special;
    int64_t nanoseconds;
};

struct scan_progress {
    int64_t began, drawn;
    bool on;
};

enum { SCAN_PLACES = 3, SCAN_PLACES_DETAILS = 1000 };

struct scan {
    struct app *app;
    const struct scan_options *options;
    enum scan_format format;
    struct loaded loaded;
    struct operands inputs;
    unsigned threads;
    struct out *out; /* where alerts go: standard output or --output */
    struct ring ring;
    struct scan_block *blocks;
    uint32_t block_count;
    _Atomic uint64_t bytes_read; /* for progress */
    uint64_t bytes_total;        /* 0: unknown */
    int zone_s;                  /* of times in the table, seconds east of UTC */
    dev_t output_dev;
    ino_t output_ino;
    bool output_known;
    struct scan_file *unfinished; /* the reader's last file, when it was stopped in it */
    unsigned told;                /* notes on standard error */
    int wake_fd;                  /* readable once someone wants an early end */
    /* called by the writer for every alert, in input order; may be NULL */
    void (*on_hit)(struct scan *s, const struct scan_file *file, uint32_t rule);
    void *on_hit_ctx;
    struct scan_progress progress;
    struct tally tally;
    struct scan_totals totals;
    struct buf places[TROUBLE_MAX]; /* first few, one a line with the reason */
    uint32_t place_count[TROUBLE_MAX];
    struct scan_worker *workers;
    bool operand_failed; /* something named on the command line could not be used */
    bool no_memory;
};

/* Set by signals; the reader stops and the rest ends by itself. */
extern atomic_int scan_interrupted;

/* Threads. */
void *scan_reader(void *scan);
void *scan_worker(void *worker);

/* One thread's decoders, matcher and counts. */
struct scan_worker {
    struct scan *scan;
    struct json_decoder *json;
    struct evtx_decoder *evtx;
    struct matcher *matcher;
    struct buf text, alert_text; /* scratch */
    struct arena alert_arena;
    struct buf original; /* of EVTX records */
    struct map unrouted;
    struct arena unrouted_names;
    uint64_t *unrouted_counts;
    uint32_t unrouted_count;
    uint64_t unrouted_other;
    bool *seen; /* by key */
};
CANH_MUST_USE int scan_worker_init(struct scan_worker *w, struct scan *scan);
void scan_worker_done(struct scan_worker *w);

/* Adds a note to a block; what does not fit is counted. */
void scan_note(struct scan_block *b, enum scan_trouble trouble, const struct err *err, bool placed);

/* The table of rules found, and the closing summary. */
void scan_put_table(struct scan *s, struct buf *out);
void scan_put_summary(struct scan *s, struct buf *out);

/*
 * Runs the threads over scan->inputs, then report(), whose status it returns. app, options, format,
 * loaded, inputs, threads and out must be set.
 */
CANH_MUST_USE int scan_run(struct scan *s, int (*report)(struct scan *s));

/* Appends a number of bytes, rounded: 1.5 MB. */
void scan_put_bytes(struct buf *out, enum lang lang, double v);
/* Draws progress on standard error; `last` wipes it. */
void scan_progress_draw(struct scan *s, bool last);

extern const struct verb verb_scan;

#endif
