/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WIRE_ROLE_H
#define CANH_NODE_WIRE_ROLE_H
/*
 * How every child of the parent begins and ends: its name before what it says on standard error,
 * its place and configuration, the connection to the parent (descriptor 3); the node's lock
 * (descriptor 4), which it keeps until it has ended; the page of status.h (descriptor 5).
 */
#include "config/config.h"
#include "config/place.h"
#include "node/wire/wire.h"
#include "os/loop.h"
#include "os/process.h"

enum {
    ROLE_PARENT_FD = PROCESS_FD,
    ROLE_LOCK_FD = PROCESS_FD + 1,
    ROLE_STATUS_FD = PROCESS_FD + 2
};

struct role {
    const char *name; /* "keep" */
    struct place place;
    struct config config;
    struct loop *loop;
    bool check; /* only to look whether it could begin: no connections */
    bool fewer; /* and to begin with fewer rules than before is wanted */
    struct channel parent;
    void *u; /* the role's own */
    /* A connection to this role; owns fd. Negative: this process ends. */
    int (*link)(void *u, enum wire_role peer, int fd, struct err *err);
    /* A new snapshot; NULL: this role gets none. Owns fd. */
    int (*snapshot)(void *u, int fd, struct err *err);
    /* A socket that an earlier process of this role listened on; NULL: none. Owns fd. */
    void (*socket)(void *u, unsigned slot, int fd);
    /* The console's socket, listening; NULL: this role gets none. Owns fd. */
    void (*console)(void *u, int fd);
    /* Finishes what it has taken, then calls loop_stop(). */
    void (*drain)(void *u);
};

/* argv: NAME DIR PORT-BASE [check|fewer]. Says what fails. 0, or the exit status. */
CANH_MUST_USE int role_begin(struct role *role, int argc, char **argv);
/* Opens the connection to the parent; the functions above are called from now on. */
CANH_MUST_USE int role_listen(struct role *role, struct err *err);
CANH_MUST_USE int role_ready(struct role *role, struct err *err);
/* Tells the parent that an address of [listen] cannot be had (WIRE_DEAF), or 0: can be by now. */
void role_deaf(struct role *role, unsigned slot, int sys);
/*
 * From here on only these folders: to read, and to write too; no program, and nothing that
 * sandbox.h lists. Sockets stay: frames travel over them. Without the system's help this fails,
 * unless canh.conf says degrade.
 */
CANH_MUST_USE int role_confine(struct role *role, const char *const *read, const char *const *write,
                               struct err *err);
/* Runs the loop; the exit status. */
CANH_MUST_USE int role_run(struct role *role);

/* One line on standard error with the role's name, control characters escaped. */
void role_log(const struct role *role, const char *fmt, ...) CANH_PRINTF(2, 3);
/* The same for an error, `what` before it (may be empty). */
void role_log_err(const struct role *role, const char *what, const struct err *err);
/* The same; its exit status. */
int role_fail(const struct role *role, const struct err *err);

#endif
