/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_UNPACK_H
#define CANH_DETECT_UNPACK_H
/*
 * Packed input (gzip, zstd, xz, bzip2; tar, zip) as a row of plain streams: a thread of its own
 * unpacks into pipes, one an entry, so that reading goes on beside it. Streamed; what it takes of
 * memory does not depend on the sizes.
 *
 *     if (unpack_likely(first_bytes)) …
 *     u = unpack_start(&request, &err);
 *     while (unpack_next(u, &entry)) { read entry.fd to its end, or not; close it }
 *     r = unpack_end(u, &err);
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "detect/cancel.h"

enum {
    UNPACK_SNIFF = 512,          /* first bytes that are enough to tell */
    UNPACK_DEPTH_MAX = 2,        /* archives in archives */
    UNPACK_RATIO_MAX = 1500,     /* gzip cannot do more than 1,032; logs do less than 300 */
    UNPACK_RATIO_FROM = 1 << 28, /* bytes unpacked from which on the ratio counts */
    UNPACK_ENTRIES_MAX = 1000000,
};

struct unpack;

struct unpack_request {
    const char *path; /* of the packed input, for names of entries */
    int fd;           /* read from where it stands, not closed */
    bool regular;
    struct slice prefix; /* bytes already read from fd */
    const char *const *passwords;
    uint32_t password_count;
    int64_t modified; /* of the packed input */
    const struct cancel *cancel;
    _Atomic uint64_t *bytes_read; /* packed bytes are added */
};

struct unpack_entry {
    const char *path; /* "logs.zip!/var/auth.log"; of a file that is packed alone, its own path */
    int fd;           /* the caller closes it */
    bool alone;       /* not one of several: no archive */
    int64_t modified;
};

/* Whether the first bytes of a file are those of a packed one. */
bool unpack_likely(struct slice first);

struct archive;
/*
 * What libarchive, which speaks English alone, says is wrong: the first of the texts
 * ERR_DETECT_ARCHIVE_WHY_… that fits, "damaged" where none does.
 */
unsigned unpack_why(struct archive *a);

/* NULL without memory or threads. What the request points at must stay until unpack_end(). */
CANH_MUST_USE struct unpack *unpack_start(const struct unpack_request *request);
/* Waits for the next entry; false when there is none any more. Valid until the next call. */
bool unpack_next(struct unpack *u, struct unpack_entry *ret);
/* Frees everything. 0, or negative and *err when the input could not be unpacked to its end. */
CANH_MUST_USE int unpack_end(struct unpack *u, struct err *err);

#endif
