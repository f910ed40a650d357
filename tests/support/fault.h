/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_FAULT_H
#define CANH_TESTS_FAULT_H
/*
 * Disks that fail. A test binary linked with fault_link_args (tests/meson.build) has every call by
 * which base/file.h changes a folder go through here. A child process does its work; at one call
 * something happens; what the child did is known to its parent, which can make the folder as it
 * would be after the power failed: what was not synced is there, or not, or in part.
 *
 *     struct fault_log *log = fault_log_new();
 *     if (fork() == 0) { fault_begin(log, folder, at, kind); work(); _exit(0); }
 *     …
 *     fault_power_off(log, folder, other_folder, seed);
 *
 * Model: bytes of a file are durable once fsync or fdatasync of it succeeded; a name once fsync of
 * its folder succeeded. Of bytes that are not, any subset of writes is there, and a write may be
 * torn at any 512 bytes. Of names that are not, those made first are there (journaling file
 * systems keep that order within a folder). After a failed sync the bytes it was to make durable
 * never are, though they are read back until the power goes, as on Linux.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_KILL,       /* kill -9 before the call */
    FAULT_KILL_AFTER, /* … after it */
    FAULT_EIO,        /* the call fails, once */
    FAULT_ENOSPC,     /* this call and the next ones that need space fail */
    FAULT_SHORT,      /* a write writes half; other calls are interrupted by nothing */
    FAULT_KINDS
};

enum { FAULT_ENOSPC_CALLS = 6 };

struct fault_log;

/* Shared between the processes; NULL without memory. */
struct fault_log *fault_log_new(void);
void fault_log_clear(struct fault_log *log);
struct fault_log *fault_log_free(struct fault_log *log); /* returns NULL */

/* In the child: from here on calls below the folder are recorded, and call number `at` (from 1)
 * meets its fault. */
void fault_begin(struct fault_log *log, const char *folder, uint32_t at, enum fault_kind kind);
void fault_end(void);

/* How many calls were recorded, and what each was, as "fdatasync tail/0". */
uint32_t fault_calls(const struct fault_log *log);
const char *fault_call_name(const struct fault_log *log, uint32_t call);

/* Makes `to` (which must not exist) what `folder` would be after the power went off. */
bool fault_power_off(const struct fault_log *log, const char *folder, const char *to,
                     uint64_t seed);

/* For what the child has to tell: 4 KiB that both see. */
void *fault_note(struct fault_log *log);

#endif
