/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_CARE_H
#define CANH_JOURNAL_CARE_H
/*
 * What is done to a journal besides writing and reading: proving that it is whole, letting old
 * segments go, handing out a copy, taking out a record that should never have been written.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "journal/journal.h"

struct journal_problem {
    const char *stream;
    uint64_t segment; /* its first offset */
    uint64_t at;      /* byte in it */
    const char *what; /* a word for programs: missing, truncated, head, order, chain, hash, behind,
                         records, unfinished-redaction, end */
    const char *detail;
};

struct journal_verdict {
    uint64_t segments, blocks, records, bytes;
    uint32_t problems;
    uint32_t redactions; /* blocks that were rewritten, each with its mark */
    uint64_t lost;       /* records given up by a repair, with its mark */
    uint64_t unsealed; /* records that are in no segment yet: in tails, whose groups were checked as
                          they were read */
    bool unread;       /* no key: hashes were checked, contents not */
};

/*
 * Checks every block: order, hash, chain, and with keys that its records can be read. Needs no key
 * otherwise. Calls tell for each problem and goes on behind it. Fails only where it cannot look.
 */
CANH_MUST_USE int journal_verify(struct journal *j,
                                 void (*tell)(void *ctx, const struct journal_problem *p),
                                 void *ctx, struct journal_verdict *ret, struct err *err);

/* The same in steps of one segment, so that whoever writes here can go on in between: what was
 * there when its turn came is what is checked. The verdict is good once a step gave false. */
struct journal_verify;
CANH_MUST_USE int journal_verify_new(struct journal *j,
                                     void (*tell)(void *ctx, const struct journal_problem *p),
                                     void *ctx, struct journal_verdict *verdict,
                                     struct journal_verify **ret, struct err *err);
/* Whether there is more to look at. */
CANH_MUST_USE bool journal_verify_step(struct journal_verify *job);
struct journal_verify *journal_verify_free(struct journal_verify *job); /* returns NULL */

/* A step of a repair. */
struct journal_mend {
    const char *stream;
    uint64_t segment;     /* its first offset */
    uint64_t from, until; /* records that are lost for good; equal: none */
    const char *what;     /* a word for programs: damaged, missing, unfinished-redaction */
};

struct journal_repair_request {
    bool apply;            /* else nothing is changed: what would be done */
    struct slice who, why; /* for the stream `audit` */
    void (*tell)(void *ctx, const struct journal_mend *m);
    void *ctx;
    int64_t now;
};

/*
 * Makes the chain close again where blocks or whole segments cannot be read: they are given up,
 * with a mark, an entry in `audit` and, in events/, a gap record; the segment as it was stays
 * beside the new one as NAME.seg.damaged (.2, .3 … behind it another time). Redactions that a crash
 * left half done are finished. What is whole is never touched. One segment a step, so that whoever
 * writes here can go on in between.
 */
struct journal_repair;
CANH_MUST_USE int journal_repair_new(struct journal *j, const struct journal_repair_request *q,
                                     struct journal_repair **ret, struct err *err);
/* 1: there is more to look at; 0: that was all. */
CANH_MUST_USE int journal_repair_step(struct journal_repair *r, struct err *err);
struct journal_repair *journal_repair_free(struct journal_repair *r); /* returns NULL */

/* How long and how much of a stream is kept; 0 is no limit. */
struct journal_keep {
    int64_t age;
    uint64_t bytes;
    int64_t least; /* what is younger stays, whatever the others say */
};

struct journal_retained {
    uint32_t segments; /* removed */
    uint64_t bytes, records;
    bool held;       /* a consumer has not read what should go: it stays */
    bool young;      /* more should go for its size, but is younger than `least` */
    uint64_t unread; /* records of `events` that went before a consumer had read them */
};

/*
 * Removes the oldest whole segments that exceed the limits, never the last one. A mark with the
 * hash of the last block that went stays, so that the chain closes, and the stream `audit` says
 * what went and why (reason: a word for programs). A stream that is not of events/ is held back by
 * its consumers; in one of events/ a gap record says what they missed.
 */
CANH_MUST_USE int journal_retain(struct journal *j, uint32_t stream,
                                 const struct journal_keep *keep, const char *reason, int64_t now,
                                 struct journal_retained *ret, struct err *err);

/*
 * Writes the records from..until-1 (whole blocks that hold any of them) to a new file, as a segment
 * that is not encrypted: zstdcat prints the records.
 */
CANH_MUST_USE int journal_export(struct journal *j, uint32_t stream, uint64_t from, uint64_t until,
                                 const char *path, struct err *err);

/*
 * A new file of records, one after the other with a line feed behind each, compressed: zstdcat
 * prints them. For what is handed out changed (masked) and can therefore be no segment.
 */
struct journal_copy;
/* -CE_EXISTS when there is one of that name. */
CANH_MUST_USE int journal_copy_new(const char *path, struct journal_copy **ret, struct err *err);
CANH_MUST_USE int journal_copy_write(struct journal_copy *c, struct slice record, struct err *err);
/* Frees c. keep: makes the file durable; else, or when that fails, it is removed. */
CANH_MUST_USE int journal_copy_end(struct journal_copy *c, bool keep, struct err *err);

struct journal_redaction {
    uint32_t stream;
    uint64_t offset;
    struct slice who, why; /* for the stream `audit`; both are needed */
    int64_t now;
};
/*
 * Takes the bytes of one record out: its segment is written anew, the record stays with its times
 * and the flag JOURNAL_REDACTED. -CE_NOT_FOUND: no such record. The newest records are sealed
 * first.
 */
CANH_MUST_USE int journal_redact(struct journal *j, const struct journal_redaction *what,
                                 struct err *err);

/* Appends a JSON object to the stream `audit`; on disk when it returns. */
CANH_MUST_USE int journal_audit(struct journal *j, struct slice text, int64_t now, struct err *err);

/* The disk was full at the last append; see journal_append(). */
bool journal_is_full(const struct journal *j);

/*
 * Appends the heads of all streams as one JSON object and, with a key, its signature (Ed25519, by
 * a key derived from the master key). Whoever keeps it can tell later that nothing before was
 * changed: what it says is on disk, so that no crash makes it untrue.
 */
CANH_MUST_USE int journal_heads(struct journal *j, int64_t now, struct buf *out, struct err *err);
/* Whether the text of journal_heads() is signed by one of these keys (NULL: by whomever) and, with
 * j, still agrees with the journal. -CE_CORRUPT says what differs. */
CANH_MUST_USE int journal_heads_check(struct journal *j, struct slice text,
                                      const struct journal_keys *keys, struct err *err);

#endif
