/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_GROUP_H
#define CANH_JOURNAL_GROUP_H
/*
 * The groups of a tail: one frame each, with its number, a check sum and entries inside. A group
 * is there wholly or not at all. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "journal/cipher.h"
#include "journal/head.h"
#include "journal/record.h"

/* A batch as it is remembered. */
struct batch_mark {
    uint8_t source[JOURNAL_ID_SIZE];
    uint64_t hash; /* of its id, see batch_hash() */
    int64_t received;
};

uint64_t batch_hash(const uint8_t source[JOURNAL_ID_SIZE], struct slice id);

/* How far a stream is in segments: what lies beyond it in its files was never finished. */
struct sealed_mark {
    struct slice stream;
    uint64_t offset;                 /* of the first record that is not */
    uint64_t segment;                /* first record of the stream's last segment */
    uint64_t end;                    /* bytes of that segment; 0: there is none */
    uint8_t hash[JOURNAL_HASH_SIZE]; /* of its last block */
};

/* The stream begins here: older segments were removed. */
struct removed_mark {
    struct slice stream;
    uint64_t first;
    int64_t time;
    uint8_t hash[JOURNAL_HASH_SIZE]; /* of the last block that went */
};

/* A block was written anew without one record's bytes. */
struct redacted_mark {
    struct slice stream;
    uint64_t offset;
    int64_t time;
    uint8_t before[JOURNAL_HASH_SIZE], after[JOURNAL_HASH_SIZE]; /* hashes of the block */
};

/* Records that could not be read any more were given up; the chain goes on behind them. */
struct lost_mark {
    struct slice stream;
    uint64_t from, until;
    int64_t time;
    uint8_t hash[JOURNAL_HASH_SIZE]; /* that what comes behind them has as the hash before it */
};

enum entry_kind {
    ENTRY_STREAM = 'S', /* the name of a stream's number in this tail */
    ENTRY_RECORD = 'R',
    ENTRY_INPUT = 'I',
    ENTRY_BATCH = 'B',
    ENTRY_CONSUMER = 'C',
    /* In the file `offsets` only. */
    ENTRY_SEALED = 'E',
    ENTRY_REMOVED = 'T',
    ENTRY_REDACTED = 'X',
    ENTRY_LOST = 'L', /* from version 2 on */
};

struct entry {
    enum entry_kind kind;
    union {
        struct {
            uint32_t number;
            struct slice name;
        } stream;
        struct journal_record record;
        struct journal_input input;
        struct batch_mark batch;
        struct journal_consumer consumer;
        struct sealed_mark sealed;
        struct removed_mark removed;
        struct redacted_mark redacted;
        struct lost_mark lost;
    };
};

void entry_write(struct buf *out, const struct entry *e);
/* 1, 0 at the end, -CE_CORRUPT. Slices borrow from the cursor's bytes. */
CANH_MUST_USE int entry_get(struct cur *c, struct entry *ret);

/* Appends a group that holds these entries to the bytes of a tail. */
void group_append(const struct journal_head *tail, const struct journal_cipher *c,
                  uint64_t sequence, struct slice entries, struct buf *out);
/*
 * The group at the start of rest. 1 and its entries (borrowed, or appended to scratch, which must
 * be empty) and size; 0 when no whole group is there: the end, or what a crash tore; -CE_CORRUPT
 * when it is whole and cannot be decrypted; -CE_NOMEM.
 */
CANH_MUST_USE int group_get(const struct journal_head *tail, const struct journal_cipher *c,
                            struct slice rest, struct buf *scratch, uint64_t *ret_sequence,
                            struct slice *ret_entries, size_t *ret_size);
/* The same without a key: whether a whole group is there, and its number. */
bool group_peek(struct slice rest, uint64_t *ret_sequence, size_t *ret_size);

#endif
