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
    SCAN_BLOCK = 1024 * 1024,      /* usual bytes of a block; one long record makes it longer */
    SCAN_BLOCK_ALONE = 256 * 1024, /* the same where records are not matched in groups */
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

/* A record or fault of a grouped block that has something to say when its turn comes. */
struct scan_piece {
    struct decode_place place; /* first */
    unsigned gaps;
    bool told; /* it has been said, and lies in the block's results from here on: */
    size_t out, hits, matches, matched;
    size_t out_n, hits_n, matches_n, matched_n;
};

/* The mark of a record of such a block. */
struct scan_mark {
    struct decode_place place; /* first */
    uint64_t mark;
};

/* What a worker keeps of a block whose records come grouped (scan_group.c). */
struct scan_group {
    struct buf pieces; /* array of struct scan_piece */
    struct buf marks;  /* array of struct scan_mark */
    /* the block's results, while they are put in order */
    struct buf out, hits, hosts, matches, matched;
    struct decode_place first; /* of the records that have come */
};

struct scan_worker {
    struct scan *scan;
    struct detector *detector;
    struct correlate_scratch scratch;
    struct correlate_counts counts;
    struct buf text; /* scratch */
    struct scan_group group;
};

/* A block in work. */
struct work {
    struct scan_worker *worker;
    struct detector *detector;
    struct decoder *decoder;
    struct scan_block *block;
    uint64_t slot;
    bool grouped; /* its records do not come in their order */
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

/* The parts of a worker's work that a grouped block asks for, too. False: the scan was stopped. */
bool scan_write_matches(struct work *w, const struct event *e, const struct match_result *found,
                        unsigned gaps);
void scan_use_fault(struct work *w, const struct decode_fault *fault);
void scan_check_layout(struct scan_block *b, const struct event *e, bool routed);
/* Whether what a block keeps has grown so far that it must be handed over. */
bool scan_is_full(const struct scan_block *b);

/*
 * A block whose records come grouped: those alike follow each other. What they say is put back into
 * the order of the records at the block's end.
 */
void scan_group_init(struct scan_group *g);
void scan_group_done(struct scan_group *g);
bool scan_may_group(const struct work *w);
/* A record that rules match or that has gaps. */
void scan_group_event(struct work *w, const struct event *e, const struct match_result *found,
                      unsigned gaps);
void scan_group_fault(struct work *w);
/* A record in a layout that is not known as yet. */
void scan_group_layout(struct work *w, const struct event *e);
void scan_group_mark(struct work *w, uint64_t mark);
/* The block is read. False: the scan was stopped. */
bool scan_group_end(struct work *w);

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
