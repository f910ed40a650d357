/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_COPIES_H
#define CANH_DETECT_COPIES_H
/*
 * Records that stand in several files: copies of one log, an export beside it. Of records that a
 * rule matched the whole identity is kept; all are counted by a short mark of it. Both are
 * remembered up to a limit; what comes beyond it is taken as new.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "event/event.h"
#include "event/keys.h"

/* Slots, three quarters of which are used: 12 MB and 16 MB. */
enum { COPIES_SLOTS = 1 << 19, MARKS_SLOTS = 1 << 21 };

/* What makes a record the same: 0 in both for one that nothing names. */
struct record_id {
    uint64_t a, b;
};

/*
 * Channel, computer, record number, time and all values that somebody mentions, in whatever order
 * and encoding. An event without channel, computer or record number has none. scratch is cleared.
 */
struct record_id record_id_of(const struct event *e, uint64_t seed, struct buf *scratch);

struct copies {
    struct copy *slots; /* open addressing; a power of two, or none yet */
    uint32_t cap, count;
    bool full; /* some were not remembered */
};

void copies_done(struct copies *c);
/* Asks for the memory that copies_seen() will look at. */
void copies_fetch(const struct copies *c, struct record_id id);
/* True when the record has been seen in another file than this (a number, not 0). */
bool copies_seen(struct copies *c, struct record_id id, uint32_t file);

/*
 * A short mark of a record; 0: nothing names it. Two records in 2^40 may have the same one, so it
 * is good for counting only.
 */
uint64_t record_mark(struct record_id id);

struct marks {
    uint64_t *slots; /* mark without its low 24 bits, there the file; 0: free */
    uint32_t cap, count;
    bool full; /* some were not remembered */
};

void marks_done(struct marks *m);
/* Fetches what marks_seen() will look at, which is then not waited for. */
void marks_fetch(const struct marks *m, uint64_t mark);
/* The same as copies_seen(), of a mark that is not 0; file below 2^24. */
bool marks_seen(struct marks *m, uint64_t mark, uint32_t file);

#endif
