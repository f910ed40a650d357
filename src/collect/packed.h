/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_PACKED_H
#define CANH_COLLECT_PACKED_H
/*
 * A log that rotation packed (unpack.h) while nobody looked, as a file again, which grows as it is
 * read. It has no name and lies in memory, but only what is needed of it: its beginning and
 * LAYOUT_BACK before the place that is read, which say its layout (layout.h); the rest is zeros
 * that take none. One that is still being written is read as it comes.
 *
 * Bounds: PACKED_MAX bytes unpacked; PACKED_STEP a call, PACKED_SKIP of what is passed over,
 * PACKED_COUNT_STEP of what is counted; UNPACK_OPEN of them open.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/time.h"
#include "collect/unpack.h"

#define PACKED_MAX       (INT64_C(64) << 30)
#define PACKED_COUNT_MAX (INT64_C(1) << 30)
enum { PACKED_STEP = 1 << 20, PACKED_SKIP = 16 << 20, PACKED_COUNT_STEP = 4 << 20 };

/* One may still be written until nobody has written to it for so long. */
#define PACKED_SETTLED (10 * TIME_SECOND)

struct packed;

/* What is known of it without unpacking. */
struct packed_about {
    const struct unpack_kind *kind;
    int64_t written; /* the log, as gzip noted (ns, whole seconds); 0: nothing is noted */
    bool sized;      /* the size is known: of gzip */
    uint32_t size;   /* the log's, modulo 2^32 */
};
enum packed_state { PACKED_NOT, PACKED_BEGUN /* too little is there to tell */, PACKED_LOG };
/* fd: the packed file, left as it is. */
enum packed_state packed_about(int fd, struct packed_about *ret);
/* Whether somebody may still write to it. */
bool packed_is_fresh(const struct stat *st);
/* Whether one may be kept open: each takes memory. */
bool packed_has_room(void);
/* fd: the packed file, at its beginning; it is not taken. *ret_fd: the log, of which the beginning
 * is there; -1: it is empty. max: PACKED_MAX, or less: more of it is damage. NULL: not packed,
 * damaged or missing from its beginning, no memory. */
CANH_MUST_USE struct packed *packed_open(int fd, uint64_t max, int *ret_fd);
struct packed *packed_close(struct packed *p); /* returns NULL; the log's fd stays */
/*
 * More of the log into log_fd, of which nothing before `needed` is read any more, but LAYOUT_BACK.
 * 1: there may be more; 0: it ended; -CE_BUSY: its end is not written yet; -CE_CORRUPT, once: it is
 * damaged, ends early, or is over the bound; what stood before is there.
 */
CANH_MUST_USE int packed_more(struct packed *p, int log_fd, uint64_t needed);

/* To count the bytes of a log, where nothing else tells how many there are. NULL: as above. */
CANH_MUST_USE struct packed *packed_count_open(int fd);
/* 1: call again; 0: it ended, *ret is its size; -CE_CORRUPT: damaged, not ended, or more than
 * PACKED_COUNT_MAX. */
CANH_MUST_USE int packed_count_more(struct packed *p, uint64_t *ret);

#endif
