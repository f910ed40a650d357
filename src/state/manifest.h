/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_MANIFEST_H
#define CANH_STATE_MANIFEST_H
/*
 * The MANIFEST of a backup: lines of words, the last one the hash of all before it (docs/state.md).
 * Pure. Only files of this room include this header.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum { MANIFEST_HASH = 32, MANIFEST_MAX = 256 << 20 };

struct manifest_table {
    struct slice name;
    uint64_t rows;
    uint8_t hash[MANIFEST_HASH]; /* BLAKE2b-256 */
};

struct manifest_file {
    uint8_t sha256[MANIFEST_HASH];
    uint64_t size;
    bool absent; /* missing or damaged already when the backup was made */
};

struct manifest {
    int64_t made_at;
    unsigned schema;
    int64_t audit_seq;
    uint8_t audit_hash[MANIFEST_HASH];
    uint8_t database[MANIFEST_HASH]; /* SHA-256 of state.db */
    uint64_t database_size;
    bool key;
    struct manifest_table *tables;
    size_t table_count;
    struct manifest_file *files;
    size_t file_count;
};

void manifest_write(const struct manifest *m, struct buf *out);
/* Into the arena. -CE_CORRUPT with the line when it is not whole, -CE_UNKNOWN: another version. */
CANH_MUST_USE int manifest_read(struct slice text, struct arena *arena, struct manifest *ret,
                                struct err *err);

#endif
