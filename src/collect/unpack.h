/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_UNPACK_H
#define CANH_COLLECT_UNPACK_H
/*
 * The bytes of a file that gzip, xz, zstd or bzip2 packed, in their order; also while it is still
 * being written. Several streams one after another are one; frames of zstd that are to be skipped
 * are.
 *
 * Bounds: UNPACK_MEMORY bytes a file (xz -9 and zstd -21 need so much, their defaults a tenth of
 * it); UNPACK_BARREN bytes that give nothing, one after another (a block of bzip2 needs
 * 1 MB); who keeps one open asks unpack_has_room() before.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

enum { UNPACK_MEMORY = 80 << 20, UNPACK_BARREN = 4 << 20, UNPACK_OPEN = 4 };

struct unpacker;
/* A way of packing. */
struct unpack_kind;

/* The kind of a file that begins with head: NULL: of none. *ret_sure: false: head is too short to
 * tell, and this is the first that it may be. Pure. */
const struct unpack_kind *unpack_kind_of(struct slice head, bool *ret_sure);
/* Whether a name ends as those of packed files, and has more before it. Pure. */
bool is_packed_name(const char *name);
bool unpack_is_gzip(const struct unpack_kind *kind);

/* Whether fewer than UNPACK_OPEN are open in this process. */
bool unpack_has_room(void);
/* fd: the packed file, borrowed until it is closed, read from its beginning wherever it stands.
 * NULL: no memory. */
CANH_MUST_USE struct unpacker *unpack_open(const struct unpack_kind *kind, int fd);
struct unpacker *unpack_close(struct unpacker *u); /* returns NULL */
/* How many bytes came, at most room (> 0); 0: it ended; -CE_BUSY: its end is not there (later there
 * may be more); -CE_CORRUPT: damaged, or over a bound; -CE_IO. */
CANH_MUST_USE int unpack_read(struct unpacker *u, uint8_t *to, size_t room);

#endif
