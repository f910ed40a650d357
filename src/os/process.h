/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_PROCESS_H
#define CANH_OS_PROCESS_H
/*
 * A program of a node, started fresh: only the descriptors that it is given (as 3, 4, …) besides
 * standard error, an environment of two variables (and the folder of its credentials, where it is
 * given one), no new privileges, no core file, its limits.
 */
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "base/err.h"

enum { PROCESS_FD = 3, PROCESS_FDS_MAX = 8 };

struct process_limits {
    uint64_t memory;    /* bytes of address space; 0: none */
    uint64_t files;     /* open at once; 0: none */
    uint64_t file_size; /* bytes of a file that it writes; 0: none */
    uint64_t cpu;       /* seconds; 0: none */
};

struct process {
    const char *path;  /* absolute */
    char *const *argv; /* ends with NULL */
    const int *fds;    /* become PROCESS_FD, PROCESS_FD + 1, …; the caller keeps his */
    unsigned fd_count;
    struct process_limits limits;
    const char
        *credentials; /* becomes CREDENTIALS_DIRECTORY (systemd.exec(5)); NULL: it has none */
};

CANH_MUST_USE int process_start(const struct process *p, pid_t *ret, struct err *err);

/* What a program started so does first: nobody else may look at its memory; signals that end
 * writing to a closed connection are off. */
CANH_MUST_USE int process_begin(struct err *err);

#endif
