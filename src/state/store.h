/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_STORE_H
#define CANH_STATE_STORE_H
/*
 * Files by content: DIR/evidence/ab/cdef…, named by their SHA-256 alone. A file appears whole and
 * synced, or not at all. Only files of this room include this header.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"

enum { STORE_HASH = 32, STORE_PATH = 4096 };

struct store_file {
    uint8_t sha256[STORE_HASH];
    uint64_t size;
    const char *type; /* media type, constant text */
    bool is_new;      /* this call made it */
};

/* Copies what fd holds (a regular file, from its start) in. -CE_TOO_BIG, -CE_DENIED by type. */
CANH_MUST_USE int store_add(const char *dir, int fd, uint64_t max, struct store_file *ret,
                            struct err *err);
/* Opens a file; check: reads it through first, -CE_CORRUPT when it is not its hash. */
CANH_MUST_USE int store_open(const char *dir, const uint8_t sha256[STORE_HASH], bool check,
                             int *ret_fd, struct err *err);
CANH_MUST_USE int store_remove(const char *dir, const uint8_t sha256[STORE_HASH], struct err *err);
/* DIR/evidence/ab/cdef… */
void store_path(const char *dir, const uint8_t sha256[STORE_HASH], char to[STORE_PATH]);
/* SHA-256 and size of what fd holds, from its start. */
CANH_MUST_USE int store_hash(int fd, uint8_t to[STORE_HASH], uint64_t *ret_size, struct err *err);

/* Every file of the store, in the order of the names; and what lies there unfinished (hash NULL).
 */
CANH_MUST_USE int store_each(const char *dir,
                             int (*fn)(void *u, const uint8_t *sha256, const char *path), void *u,
                             struct err *err);

#endif
