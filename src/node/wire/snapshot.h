/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_SNAPSHOT_H
#define CANH_NODE_WIRE_SNAPSHOT_H
/*
 * What watch knows of the state: sources and suppressions, as of one instant. Made by the desk,
 * handed on by the parent as it is.
 *
 *     u32 magic   u32 sources   u32 suppressions   u64 number
 *     source:      id, unit, asset (16 bytes each), text kind, text paths (a line each),
 *                  text address, text product, text service, u32 zone, u64 back,
 *                  text transport, text key hash, i64 rhythm
 *     suppression: id, unit, text rule, text field, text value, i64 start, i64 stop
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "node/wire/wire.h"

/* BLAKE2b-256 of the sender's key, then SHA-256 of its certificate (zeros: it has none). */
enum { SNAPSHOT_KEY_HASH = 64, SNAPSHOT_CERT_AT = 32 };

enum { SNAPSHOT_SOURCES_MAX = 20000, SNAPSHOT_SUPPRESSIONS_MAX = 20000 };

struct snapshot_source {
    uint8_t id[16], unit[16], asset[16];
    struct slice kind, paths, address, product, service;
    struct slice transport; /* by which it comes: files, syslog, http */
    struct slice key_hash;  /* SNAPSHOT_KEY_HASH bytes, or empty */
    int32_t zone;
    int64_t back;
    int64_t rhythm; /* silence beyond this is told; 0: never */
};

struct snapshot_suppression {
    uint8_t id[16], unit[16];
    struct slice rule, field, value;
    int64_t start, stop;
};

/* number: which one this is, of the node's present run; watch tells it in its status once it
 * follows all that the snapshot names. */
void snapshot_begin(struct buf *out, uint64_t number);
void snapshot_write_source(struct buf *out, const struct snapshot_source *x);
/* After all sources. */
void snapshot_write_suppression(struct buf *out, const struct snapshot_suppression *x);
void snapshot_end(struct buf *out, uint32_t sources, uint32_t suppressions);

struct snapshot {
    uint64_t number;
    struct snapshot_source *sources;
    uint32_t source_count;
    struct snapshot_suppression *suppressions;
    uint32_t suppression_count;
};

/* Copies everything into the arena. -CE_PEER, -CE_TOO_BIG. */
CANH_MUST_USE int snapshot_read(struct slice bytes, struct arena *arena, struct snapshot *ret,
                                struct err *err);

#endif
