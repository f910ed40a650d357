/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_SANDBOX_H
#define CANH_OS_SANDBOX_H
/*
 * What a process may still do: Landlock for files (and TCP, where the kernel knows it), seccomp for
 * system calls. Both are made ready beforehand, so that entering needs no memory and is safe
 * between fork and exec; both hold for all that the process starts.
 *
 *     const char *const read[] = {"/usr", "/lib", NULL};
 *     struct sandbox_rules rules = {.read = read};
 *     struct sandbox *s;
 *
 *     r = sandbox_new(&rules, &s, &err);             -CE_UNKNOWN: this system cannot
 *     …fork…  if (!sandbox_enter(s)) _exit(127);  …exec…
 *     sandbox_free(s);
 *
 * Fail closed: without Landlock ABI 2 (Linux 5.19) or without seccomp sandbox_new() fails, unless
 * the caller asks for degrade; then it takes what there is, and sandbox_level() tells.
 *
 * Landlock of ABI 2 refuses open, create, unlink, rename and exec but neither truncate(2) nor
 * changes of mode, owner and attributes; seccomp therefore denies these by path, and besides:
 * signals to others, pidfd_*, keys, io_uring; without `connect` every socket; without `spawn` new
 * processes (threads are fine). A denied call gives EPERM. What no library asks for innocently
 * (ptrace and process_vm_*, mounts, name spaces, BPF, modules, setting clocks; adjtimex may be
 * asked: the kernel lets nobody without CAP_SYS_TIME change anything by it) ends the process by
 * SIGSYS. Descriptors that are open already stay usable.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"

enum { SANDBOX_ABI_LEAST = 2, SANDBOX_PATHS_MAX = 32 };

struct sandbox_rules {
    const char *const *read;  /* folders and files that may be read and run, ends with NULL; one
                                 that is not there is passed over */
    const char *const *write; /* and those that may be written too; NULL: none */
    bool connect;             /* sockets */
    bool spawn;               /* new processes */
    bool manage;              /* signals to others, modes and owners of files: who starts others */
    bool degrade;             /* take what the system has */
    int abi_max;              /* tests: use no newer Landlock than this; 0: the kernel's */
};

enum sandbox_level {
    SANDBOX_NONE,    /* nothing: only with degrade */
    SANDBOX_CALLS,   /* seccomp alone: only with degrade */
    SANDBOX_FILES,   /* Landlock alone: only with degrade */
    SANDBOX_COMPLETE /* both */
};

struct sandbox;

CANH_MUST_USE int sandbox_new(const struct sandbox_rules *rules, struct sandbox **ret,
                              struct err *err);
struct sandbox *sandbox_free(struct sandbox *s);
enum sandbox_level sandbox_level(const struct sandbox *s);
/* From here on; errno says why not. Safe between fork and exec. Also sets no_new_privs. */
CANH_MUST_USE bool sandbox_enter(const struct sandbox *s);

#endif
