/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_OFFSETS_H
#define CANH_JOURNAL_OFFSETS_H
/*
 * What the journal remembers beside records: how far each source was read, the batches taken
 * lately, how far each consumer came. Lives in memory; the file `offsets` holds it as of one group,
 * later groups of the tails are applied on top. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "journal/group.h"
#include "journal/record.h"

enum {
    OFFSETS_SOURCES_MAX = 100000,
    OFFSETS_CONSUMERS_MAX = 1000,
    OFFSETS_BATCHES_MAX = 100000, /* of one source */
    OFFSETS_BATCH_DAYS = 7,
    OFFSETS_FILE_MAX = 256 * 1024 * 1024,
};

struct offsets_source;
struct offsets_consumer;

struct offsets {
    struct offsets_source **sources;
    uint32_t source_count, source_cap;
    struct map source_map;
    struct offsets_consumer **consumers;
    uint32_t consumer_count, consumer_cap;
    struct map consumer_map;
};

void offsets_init(struct offsets *o);
void offsets_done(struct offsets *o);

/*
 * Makes room, so that applying the entry cannot fail: called before the group is written. 0,
 * -CE_NOMEM, or -CE_RANGE when there are too many sources or consumers.
 */
CANH_MUST_USE int offsets_reserve(struct offsets *o, const struct entry *e);
/* Takes the entry in; one of another kind changes nothing. */
CANH_MUST_USE int offsets_apply(struct offsets *o, const struct entry *e);

struct slice offsets_input(const struct offsets *o, const uint8_t source[JOURNAL_ID_SIZE]);
bool offsets_batch_known(const struct offsets *o, const uint8_t source[JOURNAL_ID_SIZE],
                         uint64_t hash);
uint64_t offsets_consumer(const struct offsets *o, struct slice name, struct slice stream);
/* The smallest offset that a consumer of the stream still needs; UINT64_MAX when none reads it. */
uint64_t offsets_needed(const struct offsets *o, struct slice stream);

/* All of it as entries; batches older than their days, counted from now, are left out. */
void offsets_append(const struct offsets *o, int64_t now, struct buf *out);
/* Applies entries of a file or group; what is of no use here is passed over. */
CANH_MUST_USE int offsets_read(struct offsets *o, struct slice entries);

#endif
