/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_BATCH_H
#define CANH_NODE_WIRE_BATCH_H
/*
 * Records on their way to the journal and out of it, with how far their inputs were read, and marks
 * by which a sender's repetition is known:
 *
 *     u32 magic   u32 records   u32 inputs   u32 marks
 *     record: text stream, u64 offset, i64 received, i64 claimed, source, unit (16 bytes each),
 *             text position base, u64 at, u8 count, u32 decoder, u32 flags, text raw
 *     input:  16 bytes, text cursor
 *     mark:   source (16 bytes), text id, u32 first record, u32 count of records
 *
 * Lengths and numbers as in os/frame.h.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "node/wire/wire.h"
#include "os/frame.h"

struct batch_record {
    struct slice stream;
    uint64_t offset; /* out of the journal */
    int64_t received, claimed;
    uint8_t source[16], unit[16];
    struct slice base;
    uint64_t at;
    uint8_t count; /* enum journal_count */
    uint32_t decoder, flags;
    struct slice raw;
};

struct batch_input {
    uint8_t id[16];
    struct slice cursor;
};

/*
 * These records count only if the source's mark was never taken before. Marks stand in the order of
 * their records and share none.
 */
struct batch_mark_of {
    uint8_t source[16];
    struct slice id; /* 1 to 64 bytes */
    uint32_t first, count;
    struct slice key; /* of what was read: source and id, as they lie in the bytes */
};

enum { BATCH_HEAD = 16, BATCH_MARK_MAX = 64 };

/* Appends; out begins with batch_begin() and ends with batch_end(). Records come first, then
 * inputs, then marks. */
void batch_begin(struct buf *out);
void batch_add_record(struct buf *out, const struct batch_record *x);
void batch_add_input(struct buf *out, const struct batch_input *x);
void batch_add_mark(struct buf *out, const struct batch_mark_of *x);
void batch_end(struct buf *out, uint32_t records, uint32_t inputs, uint32_t marks);

/* Sends a batch of one record to keep, by WIRE_APPEND with a number of the sender's. */
CANH_MUST_USE int batch_send_one(struct channel *keep, uint64_t number,
                                 const struct batch_record *x, struct err *err);

struct batch_reader {
    struct frame_reader r;
    uint32_t records, inputs, marks; /* still to come */
};

/* Slices of what is read lie in bytes. -CE_PEER: it is none. */
CANH_MUST_USE int batch_open(struct batch_reader *b, struct slice bytes, struct err *err);
/* 1, 0 when there is no more, -CE_PEER. Records first, then inputs, then marks. */
CANH_MUST_USE int batch_next(struct batch_reader *b, struct batch_record *ret, struct err *err);
CANH_MUST_USE int batch_next_input(struct batch_reader *b, struct batch_input *ret,
                                   struct err *err);
CANH_MUST_USE int batch_next_mark(struct batch_reader *b, struct batch_mark_of *ret,
                                  struct err *err);
CANH_MUST_USE int batch_close(const struct batch_reader *b, struct err *err);

#endif
