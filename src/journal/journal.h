/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_JOURNAL_H
#define CANH_JOURNAL_JOURNAL_H
/*
 * The journal of a node: streams of records, appended once and read by offset. One process writes
 * (it holds a lock on the folder); others may open the folder read-only while no node runs, or are
 * served by the writer. Not thread-safe. The format is in docs/journal.md.
 *
 *     journal_open(&options, &j, &err);
 *     journal_stream(j, "alerts", &alerts, &err);
 *
 *     struct journal_group g = {.records = records, .record_count = n,
 *                               .inputs = inputs, .input_count = m, .now = now};
 *     if (journal_append(j, &g, &err) == 0)
 *         … all of it is on disk: acknowledge …
 *     journal_tick(j, now, &err);                    every second or so
 *
 *     journal_reader_new(j, alerts, offset, &reader, &err);
 *     while ((r = journal_read(reader, &record, &err)) > 0)
 *         …                                          0: nothing more now; call again later
 *
 * A group is all or nothing. After a failure nothing of it was acknowledged; the same group may be
 * tried again. After a crash a group that was never acknowledged may be there, then whole, with its
 * inputs and batches: whoever asks journal_input() and journal_batch_known() before sending again
 * appends nothing twice.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "journal/key.h"
#include "journal/record.h"

struct journal;

/* Zero stands for the default. */
struct journal_options {
    const char *folder;             /* made when missing, 0700 */
    bool read_only;                 /* no lock; nothing is repaired, made or removed */
    bool plain;                     /* what is written from now on is not encrypted */
    const struct journal_key *keys; /* keys[0] wraps the data keys of what is written; borrowed */
    uint32_t key_count;
    int64_t now;
    uint32_t block_size;   /* raw bytes of a stream that are sealed together: 1 MiB */
    int64_t block_age;     /* … or after this time: 10 min */
    uint32_t tail_size;    /* bytes of one tail file: 4 MiB */
    uint32_t tails_size;   /* bytes of all of them, beyond which every stream is sealed: 64 MiB */
    uint64_t segment_size; /* stored bytes of a segment: 64 MiB */
    int64_t segment_age;   /* received times in one segment: 1 day */
    uint64_t reserve_size; /* kept free for `alerts` and `audit` on a full disk: 16 MiB */
};

/*
 * Opens a folder: reads the tails that a crash left, seals what they hold and starts a new tail.
 * -CE_BUSY: another process writes here. -CE_DENIED: a key is missing. -CE_CORRUPT: damaged in a
 * way that a crash cannot cause; journal_verify() says where.
 */
CANH_MUST_USE int journal_open(const struct journal_options *options, struct journal **ret,
                               struct err *err);
/* Returns NULL. What was acknowledged is on disk anyway. */
struct journal *journal_close(struct journal *j);

/* The number of a stream in this open journal; made when missing. Names: events/default, alerts. */
CANH_MUST_USE int journal_stream(struct journal *j, const char *name, uint32_t *ret,
                                 struct err *err);
uint32_t journal_stream_count(const struct journal *j);
/* JOURNAL_ID_SIZE bytes, the same for as long as it lives, wherever it is restored. */
const uint8_t *journal_identity(const struct journal *j);

struct journal_stream_state {
    const char *name;
    uint64_t first;  /* oldest record that is there */
    uint64_t next;   /* offset of the next append */
    uint64_t sealed; /* below: in segments; from here to next: in the tail */
    uint32_t segments;
    uint64_t stored;        /* bytes of its segments on disk */
    int64_t oldest, newest; /* received times, or TIME_NONE */
};
/* Looks at the files; journal_stream_next() does not. */
CANH_MUST_USE int journal_stream_state(struct journal *j, uint32_t stream,
                                       struct journal_stream_state *ret, struct err *err);

/* NULL: no such stream. */
const char *journal_stream_name(const struct journal *j, uint32_t stream);
/* Offset of the oldest record that retention has left; 0: no such stream. */
uint64_t journal_stream_first(const struct journal *j, uint32_t stream);
/* Offset of the next append; 0: no such stream. */
uint64_t journal_stream_next(const struct journal *j, uint32_t stream);

struct journal_group {
    struct journal_record *records; /* offset is set when the append succeeds */
    uint32_t record_count;
    const struct journal_input *inputs;
    uint32_t input_count;
    const struct journal_batch *batches;
    uint32_t batch_count;
    const struct journal_consumer *consumers;
    uint32_t consumer_count;
    int64_t now;
};

/*
 * Writes the group and waits for the disk once. -CE_RANGE: a record, cursor or name over its limit,
 * or a stream that is not there: nothing is wrong with the journal. -CE_BUSY: the disk is full; a
 * group that has records of `alerts` or `audit` only may go on from the reserve. -CE_IO: the disk
 * refused twice, on a fresh file too.
 */
CANH_MUST_USE int journal_append(struct journal *j, struct journal_group *g, struct err *err);

/* Seals what is due and starts new segments. What it could not do it tries again next time. */
CANH_MUST_USE int journal_tick(struct journal *j, int64_t now, struct err *err);
/* Gives back the memory of large groups and of sealing, which would otherwise wait for the next. */
void journal_rest(struct journal *j);
/* Seals everything, for a clean stop and for tests. */
CANH_MUST_USE int journal_seal(struct journal *j, int64_t now, struct err *err);

/* How far a source was read; empty when it never was. Valid until the next append. */
struct slice journal_input(const struct journal *j, const uint8_t source[JOURNAL_ID_SIZE]);
/* Whether a batch was taken, of the last 100,000 of the source or of 7 days. */
bool journal_batch_known(const struct journal *j, const uint8_t source[JOURNAL_ID_SIZE],
                         struct slice id);
/* How far a consumer came: the offset of its next record; 0 when it never said. */
uint64_t journal_consumer(const struct journal *j, struct slice name, struct slice stream);

/*
 * Readers: segments and tail as one. A record is valid until the reader's next call. Records that
 * retention has removed are passed over: the first record then has an offset above the one asked.
 */
struct journal_reader;
CANH_MUST_USE int journal_reader_new(struct journal *j, uint32_t stream, uint64_t from,
                                     struct journal_reader **ret, struct err *err);
struct journal_reader *journal_reader_free(struct journal_reader *r); /* returns NULL */
/* 1 and *ret; 0 at the end for now; -CE_CORRUPT names the segment and its offset. */
CANH_MUST_USE int journal_read(struct journal_reader *r, struct journal_record *ret,
                               struct err *err);

#endif
