/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_JOURNALD_H
#define CANH_COLLECT_JOURNALD_H
/*
 * One chain of files of the systemd journal read by cursor: what lies in a folder as NAME.journal,
 * with the archived NAME@….journal before it. Every chain is read by itself because its entries
 * stand in one order, while of two machines' files the later one may be behind in time and would be
 * passed over.
 *
 * A record is an entry in systemd's "Journal Export Format", without its last line end: text and
 * binary values are as they were written. Its position is (sequence number's id, sequence number),
 * which an entry keeps through rotation and vacuuming.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum { JOURNALD_CURSOR_MAX = 400, JOURNALD_BASE_MAX = 40 };

struct journald;

struct journald_record {
    struct slice text; /* until the next call */
    struct slice base; /* the id of its sequence number */
    uint64_t at;       /* its sequence number */
    bool truncated;    /* values were cut or left out: it is over the limit */
};

struct journald_request {
    const char *path;    /* of NAME.journal, which need not be there */
    struct slice cursor; /* as journald_cursor_write() made it; empty: first sight */
    bool all;            /* a first sight begins with the oldest entry after `since` */
    int64_t since;       /* TIME_NONE: any */
    uint32_t record_max;
};

/* -CE_CORRUPT: the cursor cannot be read. Files are opened by journald_poll(). */
CANH_MUST_USE int journald_open(const struct journald_request *x, struct journald **ret,
                                struct err *err);
struct journald *journald_free(struct journald *j); /* returns NULL */

/* 1: there may be records; 0: nothing new. Negative: it cannot be read now. */
CANH_MUST_USE int journald_poll(struct journald *j, struct err *err);
/* The cursor moves behind it. False: no more, or what can be read no further until the next poll.
 */
bool journald_next(struct journald *j, struct journald_record *ret);
void journald_cursor_write(const struct journald *j, struct buf *out);
/* Has reached the end once: what comes now is live. */
bool journald_caught_up(const struct journald *j);
/* Entries behind the cursor are gone (vacuumed): how often since the last call. */
uint64_t journald_lost_reset(struct journald *j);

/* The chain that a file's name belongs to: bytes of NAME; 0: it is no file of a journal. Pure. */
size_t journald_stem(struct slice file);

#endif
