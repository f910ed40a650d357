/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_STATUS_H
#define CANH_NODE_WIRE_STATUS_H
/*
 * What watch and keep say of themselves, for their next generation and for the desk: a page of
 * memory that the parent makes, gives to its children as a descriptor (ROLE_STATUS_FD) and never
 * reads. It outlives every process but the parent.
 *
 *     u32 check sum of the rest   u32 bytes   entry: text key, u64 value
 *
 * A slot each: how watch is; the last generation of watch that was looked at but not taken; how
 * keep is. Values are counts since the process began, or times in nanoseconds.
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum status_slot { STATUS_RUNS, STATUS_REFUSED, STATUS_KEEP, STATUS_SLOTS };
enum { STATUS_BYTES = 16 * 1024 /* of a slot */, STATUS_KEY = 80 };

/* The memory; the caller's to close. */
CANH_MUST_USE int status_make(int *ret_fd, struct err *err);

/* What a key begins with whose rest is the id of a silent source; the value: its last record. */
#define STATUS_SILENT "silent "
/* The same of one that sends by itself and has sent nothing yet; the value: since when watch
 * listens. */
#define STATUS_UNHEARD "unheard "
enum { STATUS_SILENT_MAX = 100 };
/* The same of a source whose files or folders cannot be read: an enum status_absent. */
#define STATUS_ABSENT "absent "
enum status_absent { STATUS_NOT_THERE = 1, STATUS_NOT_READ };

/* Entries are put into a buffer, then written as a whole. */
void status_add(struct buf *out, const char *key, uint64_t value);
CANH_MUST_USE int status_write(int fd, enum status_slot slot, struct slice entries);
/* Clears the slot. */
void status_clear(int fd, enum status_slot slot);

/* The value of a key; fallback where there is none, or while the slot is being written. */
uint64_t status_get(int fd, enum status_slot slot, const char *key, uint64_t fallback);
/* Calls fn for each entry; -CE_CORRUPT: nothing is there, or it is being written. */
CANH_MUST_USE int status_each(int fd, enum status_slot slot,
                              void (*fn)(void *u, struct slice key, uint64_t value), void *u);

#endif
