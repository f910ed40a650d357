/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_PACKED_H
#define CANH_COLLECT_PACKED_H
/*
 * A log that rotation packed with gzip while nobody looked, as a file again, which grows as it is
 * read. It has no name and lies in memory, but only what is needed of it: its beginning and
 * LAYOUT_BACK before the place that is read, which say its layout (layout.h); the rest is zeros
 * that take none. One that is still being written is read as it comes.
 *
 * Bounds: PACKED_MAX bytes unpacked; PACKED_STEP a call, PACKED_SKIP of what is passed over.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/time.h"

#define PACKED_MAX (INT64_C(64) << 30)
enum { PACKED_STEP = 1 << 20, PACKED_SKIP = 16 << 20 };

/* One may still be written until nobody has written to it for so long. */
#define PACKED_SETTLED (10 * TIME_SECOND)

struct packed;

bool is_packed_name(const char *suffix);

/* What is known of it without unpacking. */
struct packed_about {
    int64_t written; /* the log, as gzip noted (ns, whole seconds); 0: it did not */
    uint32_t size;   /* the log's, modulo 2^32 */
};
enum packed_kind { PACKED_NOT, PACKED_BEGUN /* too little is there to tell */, PACKED_GZIP };
/* fd: the packed file, left as it is. */
enum packed_kind packed_about(int fd, struct packed_about *ret);
/* Whether somebody may still write to it. */
bool packed_is_fresh(const struct stat *st);

/* fd: the packed file, at its beginning; it is not taken. *ret_fd: the log, of which the beginning
 * is there; -1: it is empty. NULL: not of gzip, damaged or missing from its beginning, no memory.
 */
CANH_MUST_USE struct packed *packed_open(int fd, int *ret_fd);
struct packed *packed_close(struct packed *p); /* returns NULL; the log's fd stays */
/*
 * More of the log into log_fd, of which nothing before `needed` is read any more, but LAYOUT_BACK.
 * 1: there may be more; 0: it ended; -CE_BUSY: its end is not written yet; -CE_CORRUPT, once: it is
 * damaged, ends early, or is over the bound; what stood before is there.
 */
CANH_MUST_USE int packed_more(struct packed *p, int log_fd, uint64_t needed);

#endif
