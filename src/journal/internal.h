/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_INTERNAL_H
#define CANH_JOURNAL_INTERNAL_H
/*
 * The open journal. A folder:
 *
 *     id                              the journal's random id, 32 hexadecimal digits
 *     lock                            held by the writer
 *     offsets                         positions, batches, consumers, and how far streams are sealed
 *     reserve                         space for alerts and audit on a full disk
 *     tail/NNNNNNNNNNNNNNNN           groups, in the order of their numbers
 *     streams/<name>/NNNNNNNNNNNNNNNN.seg   blocks; the number is the offset of the first record
 *
 * An append goes to the newest tail and into the pending block of its streams. Sealing writes a
 * pending block to a segment; then `offsets` is replaced, which says so, and then tails that hold
 * nothing else are removed. What `offsets` does not call sealed is not: after a crash it is cut off
 * and sealed again from the tails, for a write that the disk refused may look fine until the power
 * goes.
 */
#include <limits.h>

#include "base/buf.h"
#include "journal/block.h"
#include "journal/group.h"
#include "journal/head.h"
#include "journal/journal.h"
#include "journal/offsets.h"

/* A path below the journal's folder. */
struct path {
    char text[PATH_MAX];
};

struct removed {
    uint64_t first; /* 0: nothing was */
    int64_t time;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

struct redaction {
    char stream[JOURNAL_NAME_MAX + 1];
    uint64_t offset;
    int64_t time;
    uint8_t before[JOURNAL_HASH_SIZE], after[JOURNAL_HASH_SIZE];
};

struct lost {
    char stream[JOURNAL_NAME_MAX + 1];
    uint64_t from, until;
    int64_t time;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

enum { LOST_MAX = 100000 };
enum { REDACTIONS_MAX = 100000 };

struct stream {
    char name[JOURNAL_NAME_MAX + 1];
    uint64_t *segments; /* first offsets, ascending */
    uint32_t segment_count, segment_cap;
    uint64_t sealed;
    uint64_t end;                    /* bytes of the last segment that are sealed; 0: none */
    uint8_t hash[JOURNAL_HASH_SIZE]; /* of the last sealed block */
    struct removed removed;
    struct block pending; /* from offset `sealed` on */
    int64_t pending_since;
    uint64_t pending_tail; /* number of the tail with the first pending record */
    int fd;                /* of the last segment, for writing; -1: the next block starts another */
    struct journal_head head;
    struct journal_cipher cipher;
    int64_t segment_since; /* received time of its first record */
};

struct tail {
    int fd; /* -1: the next append starts another */
    struct journal_head head;
    struct journal_cipher cipher;
    uint64_t end;      /* bytes that are on disk */
    uint64_t room;     /* of the file; what is behind the end is zeros */
    uint32_t declared; /* streams whose names it holds */
};

struct tail_file {
    uint64_t number, last_group, size;
};

struct journal {
    struct journal_options options;
    char *folder;
    int lock;
    uint8_t id[JOURNAL_ID_SIZE];
    struct stream *streams[JOURNAL_STREAMS_MAX];
    uint32_t stream_count;
    struct offsets offsets;
    struct tail tail;
    struct tail_file *tails; /* all that are on disk, the newest last */
    uint32_t tail_count, tail_cap;
    uint64_t next_tail;
    uint64_t group;         /* the last one that is on disk */
    uint64_t offsets_group; /* the last one that the file `offsets` knows of */
    struct redaction *redactions;
    uint32_t redaction_count, redaction_cap;
    struct lost *lost;
    uint32_t lost_count, lost_cap;
    struct buf entries, bytes; /* of the group being written */
    uint32_t names_from;       /* of the streams whose names stand in entries, too */
    struct buf block;          /* the one being sealed, as stored */
    struct block part;         /* of it, where it is large */
    struct block_coder *coder;
    bool reserved; /* the reserve is known to be there */
    bool full;     /* the disk is; the reserve has been given up */
    bool locked;   /* read-only, and no key for the tails: they are not read */
};

/* Zero stands for no such path (too long): file functions then fail with ENOENT. */
const char *journal_path(const struct journal *j, struct path *ret, const char *fmt, ...)
    CANH_PRINTF(3, 4);
const char *segment_path(const struct journal *j, const struct stream *s, uint64_t first,
                         struct path *ret);
/* Bytes of the i-th segment on disk; 0 when it cannot be looked at. */
uint64_t segment_size(const struct journal *j, const struct stream *s, uint32_t i);
const char *tail_path(const struct journal *j, uint64_t number, struct path *ret);

/* Calls fn for each file of a folder whose name is a number of 16 hexadecimal digits and suffix. A
 * folder that is missing has none. */
CANH_MUST_USE int folder_numbers(const char *folder, const char *suffix,
                                 int (*fn)(void *ctx, uint64_t number), void *ctx, struct err *err);

/* stream.c */
CANH_MUST_USE int stream_add(struct journal *j, struct slice name, struct stream **ret,
                             struct err *err);
struct stream *stream_free(struct stream *s);
struct stream *stream_find(const struct journal *j, struct slice name);
CANH_MUST_USE int stream_load_all(struct journal *j, struct err *err);
CANH_MUST_USE int stream_add_segment(struct stream *s, uint64_t first);
CANH_INLINE uint64_t stream_next(const struct stream *s)
{
    return s->sealed + s->pending.count;
}

/* tail.c: begins j->entries with the names of streams that the tail lacks. */
void tail_declare(struct journal *j);
/* tail.c: writes j->entries as the next group and waits for the disk. */
CANH_MUST_USE int tail_write(struct journal *j, int64_t now, struct err *err);
void tail_close(struct journal *j);
CANH_MUST_USE int tail_note(struct journal *j, const struct tail_file *t);

/* recover.c: reads `offsets` and the tails into the open journal. */
CANH_MUST_USE int recover_offsets(struct journal *j, struct err *err);
CANH_MUST_USE int recover_tails(struct journal *j, struct err *err);

/* segment.c: seals the pending block of one stream. */
CANH_MUST_USE int segment_seal(struct journal *j, struct stream *s, int64_t now, struct err *err);
void segment_close(struct stream *s);
/* Cuts off and removes what `offsets` does not call sealed. */
CANH_MUST_USE int segment_trim(struct journal *j, struct stream *s, struct err *err);

/* reserve.c: the space that is kept for what must not wait is made, is given up. */
CANH_MUST_USE int reserve_make(struct journal *j, struct err *err);
void reserve_drop(struct journal *j);

/* retain.c, redact.c, verify.c, repair.c */
CANH_MUST_USE int segments_remove(struct journal *j, struct stream *s, struct err *err);
CANH_MUST_USE int redaction_add(struct journal *j, const struct redaction *what);
/* Whether this block is one that a redaction was to replace: NULL, or which. */
const struct redaction *redaction_unfinished(const struct journal *j, const struct stream *s,
                                             const uint8_t hash[JOURNAL_HASH_SIZE]);
void redaction_forget(struct journal *j, const struct redaction *x);
/* An earlier mark of the same place gives way. */
CANH_MUST_USE int lost_add(struct journal *j, const struct lost *what);
/* The mark of records from..until-1, or NULL. */
const struct lost *lost_find(const struct journal *j, const struct stream *s, uint64_t from,
                             uint64_t until);
/* Says in the stream itself what a consumer of it will never see. */
CANH_MUST_USE int journal_note_gap(struct journal *j, uint32_t stream, uint64_t count,
                                   const char *reason, int64_t now, struct err *err);
/* The hash that a rewritten block had at first; others stay as they are. */
void redaction_original(const struct journal *j, uint8_t hash[JOURNAL_HASH_SIZE]);
struct json_write;
void json_hash(struct json_write *w, const char *key, const uint8_t hash[JOURNAL_HASH_SIZE]);

/* view.c: a segment being read. */
struct view {
    int fd; /* -1: none */
    uint64_t first, end;
    uint64_t opening; /* counts the segments opened */
    struct journal_head head;
    struct journal_cipher cipher;
    uint64_t at; /* of the block that head_now is of */
    struct block_head block;
    struct buf stored; /* of the block */
};
void view_init(struct view *v);
void view_done(struct view *v);
/* Opens the segment that may hold this offset, or the first after it. 1; 0: none is sealed. */
CANH_MUST_USE int view_open(struct journal *j, const struct stream *s, uint64_t offset,
                            struct view *v, struct err *err);
/* Reads heads from v->at on until a block that holds the offset or begins behind it. 1; 0: the
 * segment has none. */
CANH_MUST_USE int view_find(struct journal *j, const struct stream *s, struct view *v,
                            uint64_t offset, struct err *err);
/* Finds the block that holds *offset, opening and going on through segments; where none does,
 * *offset becomes the next there is. 1; 0: there is none that is sealed. */
CANH_MUST_USE int view_seek(struct journal *j, const struct stream *s, struct view *v,
                            uint64_t *offset, struct err *err);
/* After a failure: the first offset behind what cannot be read. */
uint64_t view_skip(const struct stream *s, const struct view *v, uint64_t offset);
/* Reads the first `size` bytes of the found block into v->stored. */
CANH_MUST_USE int view_read(struct journal *j, const struct stream *s, struct view *v,
                            uint64_t size, struct err *err);
/* The segment's data key. */
CANH_MUST_USE int view_unlock(struct journal *j, const struct stream *s, struct view *v,
                              struct err *err);

/* release.c: writes `offsets`, then removes tails that nobody needs. */
CANH_MUST_USE int offsets_write(struct journal *j, int64_t now, struct err *err);
CANH_MUST_USE int tails_release(struct journal *j, int64_t now, struct err *err);

/* The key that wraps data keys of new files; NULL: they are plain. */
CANH_INLINE const struct journal_key *journal_master(const struct journal *j)
{
    return j->options.plain || j->options.key_count == 0 ? NULL : &j->options.keys[0];
}

#endif
