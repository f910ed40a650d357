/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONTROL_ACT_H
#define CANH_CONTROL_ACT_H
/*
 * One table of acts: what they are called, which columns their rows have, what runs them.
 */
#include "base/arena.h"
#include "control/wire.h"
#include "state/state.h"

enum control_kind {
    CONTROL_IS_TEXT,
    CONTROL_IS_NUMBER,
    CONTROL_IS_TIME,
    CONTROL_IS_SPAN,
    CONTROL_IS_FLAG,
    CONTROL_IS_ID,
    CONTROL_IS_BYTES, /* an amount */
};

struct control_column {
    const char *key;
    enum control_kind kind;
};

/* What an act is run with. */
struct control_job {
    struct state *s;
    struct state_actor actor;
    struct slice login; /* of the machine */
    const struct control_args *args;
    struct arena *arena;
    struct slice cells[CONTROL_CELLS_MAX];
    size_t cell_count;
    /* Takes a row; non-zero stops, and is returned. */
    int (*row)(void *u, const struct slice *cells, size_t n);
    void *u;
    /* What a node that runs adds to `doctor`; NULL: none runs. */
    int (*more)(void *more_u, struct control_job *job, struct err *err);
    /* What it tells of itself: an enum control_node_part of node.h; NULL: none runs. */
    int (*node)(void *more_u, unsigned part, struct control_job *job, struct err *err);
    void *more_u;
    struct slice run; /* the folder where a node that runs writes; empty: none runs */
    /* Makes a certificate for a sender, PEM into both buffers, and its hash; NULL: none runs. */
    int (*issue)(void *more_u, struct buf *cert, struct buf *key, uint8_t hash[32],
                 struct err *err);
};

struct control_act {
    const char *name;
    bool writes;  /* the state is opened to write */
    bool sources; /* afterwards the collectors' snapshot is another one */
    bool open;    /* for who has not signed in, too */
    const struct control_column *columns;
    size_t column_count;
    int (*run)(struct control_job *job, struct err *err);
};

/* NULL when there is none. */
const struct control_act *control_act_find(struct slice name);

#endif
