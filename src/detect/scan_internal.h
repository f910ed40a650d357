/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SCAN_INTERNAL_H
#define CANH_DETECT_SCAN_INTERNAL_H
/* What the threads of a scan share. */
#include <stdatomic.h>

#include "decode/decoder.h"
#include "detect/copies.h"
#include "detect/correlate.h"
#include "detect/detector.h"
#include "detect/recovery.h"
#include "detect/ring.h"
#include "detect/scan.h"
#include "detect/scan_stream.h"

enum {
    SCAN_BLOCK = 512 * 1024,       /* usual bytes of a block; one long record makes it longer */
    SCAN_NOTES = 32,               /* with their place per block; the rest is counted */
    SCAN_NOTES_BAD = 24,           /* of these about records, or they would crowd out the others */
    SCAN_RESULT_MAX = 1024 * 1024, /* bytes of results that a block keeps before it hands over */
    SCAN_RESULTS_MAX = 256 * 1024 * 1024, /* one alert can be large */
    SCAN_HOST_MAX = 255,                  /* bytes of a host's name that are kept */
};

/* Bytes that correlations may write to $TMPDIR. */
#define SCAN_SPILL_MAX ((uint64_t)2 << 30)

/* Made by the reader, freed by who writes the file's last block. */
struct scan_input_file {
    struct scan_file shown; /* first */
    uint32_t number;        /* from 1 */
    const struct format *format;
    struct decode_context context;
    struct origin origin;
    struct recovery *recovery; /* NULL: nothing to recover here */
    /* of who writes: */
    uint64_t events, alerts;
    int64_t first, last;
    bool known;      /* some record is in a layout that is known */
    char names[256]; /* with which the first record begins, as long as none is */
};

/* What an alert of canh's own has instead of a rule: it is no match. */
#define HIT_NO_RULE UINT32_MAX

/* One alert; host lies in block->hosts, its line in block->out behind that of the one before. */
struct scan_hit {
    int64_t time;
    struct record_id record;
    uint32_t rule;
    uint32_t line_n; /* bytes of its line */
    uint32_t host_at;
    uint16_t host_n;
    uint32_t suppression; /* SUPPRESSION_NONE */
    bool recovered, local;
};

/* A record's part of block->matches. */
struct scan_matched {
    struct record_id record;
    size_t n;
};

/* What the caller keeps of an event: n bytes of kept; mark: record_mark(), 0 for none. */
struct scan_kept {
    uint64_t mark;
    size_t n;
};

/* The bytes of a block. */
struct scan_store {
    uint8_t *data;
    size_t cap; /* without the padding behind */
};

struct scan_block {
    /* set by the reader */
    struct scan_input_file *file;
    bool records;             /* false: only notes */
    struct scan_store *store; /* until the worker is done with the block */
    size_t len;               /* of store->data */
    struct decode_block cut;
    struct buf head; /* of cut.head */
    bool file_ends;  /* the last block of its file */
    /* set by the worker (notes also by the reader) */
    struct scan_note notes[SCAN_NOTES];
    uint32_t note_count;
    uint64_t notes_lost[TROUBLE_MAX];
    uint64_t events, recovered, lost;
    bool known; /* some record of it is in a layout that is known */
    char names[256];
    struct buf ids;  /* array of struct id_range: numbers of the log's records */
    struct buf out;  /* alerts as JSON or CSV */
    struct buf hits; /* array of struct scan_hit */
    struct buf hosts;
    struct buf matches; /* for correlations */
    struct buf matched; /* array of struct scan_matched: whose they are */
    struct buf marks;   /* array of uint64_t: record_mark() of records that are in no kept_of */
    struct buf kept;    /* of events, by the caller */
    struct buf kept_of; /* array of struct scan_kept: whose they are */
    uint64_t outside, timeless;
    int64_t first, last; /* of its events */
};

struct scan_worker {
    struct scan *scan;
    struct detector *detector;
    struct correlate_scratch scratch;
    struct correlate_counts counts;
    struct buf text; /* scratch */
};

/* A block in work. */
struct work {
    struct scan_worker *worker;
    struct detector *detector;
    struct decoder *decoder;
    struct scan_block *block;
    uint64_t slot;
};

struct scan {
    const struct scan_request *request;
    struct scan_result *result;
    struct copies copies;
    struct marks marks;
    atomic_bool several; /* there may be several files, with copies of the same records */
    atomic_bool marking; /* and of these records are to count once */
    uint64_t seed;       /* of records' identities */
    uint32_t file_count;
    unsigned threads;
    size_t block_size; /* usual bytes of a block */
    struct ring ring;
    struct scan_block *blocks;
    uint32_t block_count;
    struct scan_store *stores;
    uint32_t store_count;
    _Atomic uint64_t bytes_read;
    struct scan_progress progress;
    struct scan_input_file *unfinished; /* the reader's last file, when it was stopped in it */
    struct scan_worker *workers;
    bool correlating;            /* some rule asks for it; does not change */
    struct correlate *correlate; /* the writer's; NULL: not correlating, or a stream: */
    struct scan_stream *stream;
    struct buf text; /* scratch: one alert of a correlation */
    atomic_bool no_memory;
};

/* From now on there may be several files. */
void scan_expect_copies(struct scan *s);

/* Threads. */
void *scan_reader(void *scan);
void *scan_worker(void *worker);

/* Adds a note to a block; what does not fit is counted. */
void scan_add_note(struct scan_block *b, const struct scan_note *note);

/* Has blocks written in input order to the caller's sink and totals, until the ring ends. False:
 * the sink wanted to stop. */
bool scan_write(struct scan *s);

/* What correlations say once all matches are in; 0, or negative. */
int scan_run_correlations(struct scan *s, struct err *err);

/* Also of a file that the writer never came to the end of; NULL: nothing. */
void scan_file_free(struct scan_input_file *file);

/* The result: false without memory. */
bool scan_result_init(struct scan_result *r, const struct scan_request *request);
/* Adds what a worker counted by itself. */
void scan_result_add(struct scan *s, const struct scan_worker *w);
/* The kinds of events that no rule is for, of all workers together. */
void scan_result_kinds(struct scan *s);

#endif
