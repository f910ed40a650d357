/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_PARENT_PARENT_H
#define CANH_NODE_PARENT_PARENT_H
/* canh-parent: main.c begins and ends the node, child.c starts and restarts its processes,
   receive.c takes what they send. */
#include <limits.h>
#include <sys/types.h>

#include "base/time.h"
#include "lang/lang.h"
#include "node/wire/role.h"
#include "os/service.h"

#define BACKOFF_MIN (100 * INT64_C(1000000))
#define BACKOFF_MAX (2 * TIME_SECOND)

/* What is started, in this order. */
struct child_row {
    enum wire_role role;
    const char *name;
    bool snapshot;
    bool (*wanted)(const struct config *c); /* NULL: always */
    struct process_limits limits;
};

enum { CHILDREN = 4 };
extern const struct child_row child_rows[CHILDREN];

struct parent;

struct child {
    const struct child_row *row;
    struct parent *parent;
    struct channel channel;
    pid_t pid; /* 0: does not run */
    bool ready;
    int64_t started, backoff;
    unsigned refusals; /* in a row: it ended by itself, with a failure */
    struct loop_timer *timer;
};

struct parent {
    struct role role; /* place, configuration and loop; no parent of its own */
    char port_base[16], libexec[PATH_MAX];
    int lock;
    int status_page;           /* status.h */
    int snapshot;              /* the last one, or -1 */
    int sockets[WIRE_SOCKETS]; /* of watch, for the next one; -1: none */
    int console;               /* listening for reverse proxies; -1: not */
    pid_t check;               /* looks at a new generation of watch; 0: none */
    bool draining, said_ready;
    enum lang lang; /* of who started it */
    int deaf[WIRE_SOCKETS + 1]; /* why an address cannot be listened on for now, by WIRE_DEAF; 0: it can */
    int status; /* to end with */
    struct child children[CHILDREN];
};

struct child *child_of(struct parent *p, enum wire_role role);
bool child_is_wanted(const struct child *c);
/* Starts it, with new connections to whom it works with. */
int child_start(struct child *c, struct err *err);
/* What waitpid() said of it: it is started again, or the node ends. */
void child_ended(struct child *c, int status);

/* Begins to look at canh.conf and the rules as they are now; fewer: these may be. */
void parent_reload(struct parent *p, bool fewer);

bool parent_all_ended(const struct parent *p);
void parent_kill_all(struct parent *p);

/* The newest snapshot, to who works by it. */
void parent_send_snapshot(struct parent *p, struct child *to);

/* What children send. */
extern const struct frame_rule parent_rules[];
extern const size_t parent_rule_count;

#endif
