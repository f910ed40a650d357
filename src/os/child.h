/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_CHILD_H
#define CANH_OS_CHILD_H
/*
 * Another program, or a function of this one, run within bounds: no shell, an environment with PATH
 * and LANG only, no open files but its standard input and output, a process group of its own that
 * ends with it, a time limit, and what it writes cut at out's maximum. Its standard error is
 * dropped. A function sees the caller's memory as it was, and only a caller of one thread may ask
 * for one, since locks of others would never open; threads that libraries are ending (Pango's
 * look for fonts) are waited for.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "os/sandbox.h"

struct child {
    char *const *argv;                /* argv[0]: an absolute path; ends with NULL; NULL: call */
    const char *file;                 /* the program behind argv[0]; NULL: argv[0] itself */
    int (*call)(void *user, int out); /* writes to out; its result is the exit status */
    void *user;
    int in;          /* its standard input; negative: nothing */
    int64_t timeout; /* nanoseconds */
    bool hostile;    /* it reads what strangers sent: no new privileges, no files written, no
                        core, and the two limits; give it a sandbox, too */
    uint64_t memory; /* bytes of address space; 0: no limit. Under AddressSanitizer none
                        holds for call: its shadow leaves no room for one */
    unsigned cpu;    /* seconds; 0: no limit */
    const struct sandbox *sandbox; /* entered before the program begins; NULL: none */
};

/*
 * 0 when it ended: *ret_status is its exit status, 128 + n when signal n ended it. -CE_NOT_FOUND:
 * no such program; -CE_BUSY: it was killed after its time; -CE_BUG: a function, and the caller has
 * threads; else -CE_IO.
 */
CANH_MUST_USE int child_run(const struct child *c, struct buf *out, int *ret_status,
                            struct err *err);

#endif
