/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CONFIG_PLACE_H
#define CANH_CONFIG_PLACE_H
/*
 * Where a node lives: DIR/canh.conf (of an installed one /etc/canh/canh.conf), DIR/state,
 * DIR/journal, DIR/keys, DIR/run.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum { PLACE_PATH = 4096 };

struct place {
    char dir[PLACE_PATH - 64]; /* absolute */
    char conf[PLACE_PATH], state[PLACE_PATH], journal[PLACE_PATH], keys[PLACE_PATH],
        run[PLACE_PATH], lock[PLACE_PATH], control[PLACE_PATH];
};

/*
 * dir NULL: the folder above $CANH_STATE where that is called `state`, else $CANH_DIR, else
 * /var/lib/canh when /etc/canh/canh.conf is there and may be read, else $XDG_DATA_HOME/canh, else
 * ~/.local/share/canh. It need not exist.
 */
CANH_MUST_USE int place_find(const char *dir, struct place *ret, struct err *err);
/* $CANH_STATE where it is called otherwise: a state of its own, without a node. Else NULL. */
const char *place_lone_state(void);
/* The state of who names none: place_lone_state(), else that of place_find(NULL). */
CANH_MUST_USE int place_state(struct buf *out, struct err *err);

/* Takes the node's lock: *ret_fd keeps it, also in processes that inherit it. Where who took it
 * died and they are about to end, 15 seconds are waited. -CE_BUSY: a node runs. */
CANH_MUST_USE int place_lock(const struct place *p, int *ret_fd, struct err *err);
/* Whether a node runs here now. */
bool place_is_locked(const struct place *p);
/* The same, and who took the lock lives: it will not be free in a moment. */
bool place_is_held(const struct place *p);

#endif
