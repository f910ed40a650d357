/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_WORKDIR_H
#define CANH_STATE_WORKDIR_H
/*
 * Folders in which a state is being put together: NAME.part-XXXXXX of a backup, NAME.restore-XXXXXX
 * of a restore, canh-verify-XXXXXX of a trial. Whoever fills one holds a lock on it, so that what a
 * killed program left can be told from what another one is filling, and removed. A file system
 * without such locks keeps its left-overs. Only files of this room include this header.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "state/store.h"

enum workdir_kind { WORKDIR_BACKUP, WORKDIR_RESTORE, WORKDIR_VERIFY };

struct workdir {
    char path[STORE_PATH]; /* empty: none */
    int fd;                /* holds the lock */
};

#define WORKDIR_INIT                                                                               \
    {                                                                                              \
        .path = "", .fd = -1                                                                       \
    }

/* A new one beside the folder that it will become. workdir_done() in every case. */
CANH_MUST_USE int workdir_make(struct workdir *w, const char *beside, enum workdir_kind kind,
                               struct err *err);
/* It has this name from now on; if something fails later, it is removed under it. */
CANH_MUST_USE int workdir_rename(struct workdir *w, const char *to, struct err *err);
/* Gives the lock back; with `remove` the folder goes, too. */
void workdir_done(struct workdir *w, bool remove);

enum workdir_whose { WORKDIR_SAME, WORKDIR_ANY }; /* of this name alone, or of any beside it */

/*
 * Removes what killed programs of this user left in the folder that `beside` stands in: locked by
 * nobody, and holding nothing but parts of a state. Returns how many; one that cannot be looked at
 * or removed stays.
 */
unsigned workdir_sweep(const char *beside, enum workdir_whose whose, enum workdir_kind kind);

#endif
