/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SPILL_H
#define CANH_DETECT_SPILL_H
/*
 * Bytes that may be more than fit into memory: appended once, read at any place afterwards. The
 * first ones stay in memory, the others lie in a file in $TMPDIR that has no name, so that nothing
 * is left behind however the program ends. Several share one budget of disk.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct spill_budget {
    uint64_t left;  /* bytes that may still go to disk */
    bool exceeded;  /* something did not fit */
    struct err err; /* code not 0: the disk, and not the budget, refused it */
};

struct spill {
    struct spill_budget *budget;
    struct buf memory; /* the first bytes; then what is not yet written */
    size_t kept;       /* of memory, for ever */
    uint64_t size;     /* of all */
    int fd;
};

/* keep: bytes that never leave memory. */
void spill_init(struct spill *s, struct spill_budget *budget, size_t keep);
void spill_done(struct spill *s);

/* Where the bytes are from now on, or UINT64_MAX: they are not kept, and the budget says so. */
CANH_MUST_USE uint64_t spill_add(struct spill *s, struct slice bytes);
/* n bytes from offset on to `to`; they must have been put. False when the disk fails. */
CANH_MUST_USE bool spill_get(struct spill *s, uint64_t offset, void *to, size_t n);

/* An array of texts: each with its length before it. */
CANH_MUST_USE uint64_t spill_add_text(struct spill *s, struct slice text);
/* The text at offset, in `to` (cleared first). False when the disk or memory fails. */
CANH_MUST_USE bool spill_get_text(struct spill *s, uint64_t offset, struct buf *to);

#endif
