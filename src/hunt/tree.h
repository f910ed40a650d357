/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_TREE_H
#define CANH_HUNT_TREE_H
/*
 * Process trees of hits: who started what, from the topmost process that the logs know down to what
 * the process of the hit started itself. Sysmon (by GUID), 4688 and auditd (by process id: of the
 * processes that had it, the last one that began before).
 *
 *     workers: tree_write()     writer: tree_add()     tree_end(t); while (tree_next(t)) …
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "detect/scan.h"
#include "hunt/session.h"

enum {
    TREE_DEPTH = 32,   /* above a hit */
    TREE_NODES = 1000, /* of one tree; the others are counted */
    TREE_KIDS = 50,    /* shown of one process */
    TREE_RULES = 8,    /* told of one process */
};

struct tree_node {
    uint32_t depth;  /* 0: the top */
    uint32_t parent; /* index in the tree; of the top itself */
    bool last;       /* of its parent's kids */
    bool hit;
    bool unseen; /* its own start is in no log: only its kids name it */
    int64_t time;
    bool local;
    struct slice host, process, command, user, pid;
    uint32_t rules[TREE_RULES];
    uint32_t rule_count;
};

struct tree_shown {
    const struct tree_node *nodes; /* parents before kids, kids in the order of time */
    uint32_t count;
    uint64_t left_out;
};

struct tree;

/* A process that starts. session: struct hunt_session. */
void tree_write(void *session, const struct scan_event *e, struct buf *out);

CANH_MUST_USE struct tree *tree_new(uint64_t spill_max); /* NULL without memory */
struct tree *tree_free(struct tree *t);                  /* returns NULL */
CANH_MUST_USE int tree_add(struct tree *t, struct slice records);
CANH_MUST_USE int tree_end(struct tree *t);
/* The next tree that holds a hit, in the order of their first hits; false at the end. */
bool tree_next(struct tree *t, struct tree_shown *ret);
/* Processes that found no room on disk. */
uint64_t tree_dropped(const struct tree *t);

#endif
