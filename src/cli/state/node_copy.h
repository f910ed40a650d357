/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_STATE_NODE_COPY_H
#define CANH_CLI_STATE_NODE_COPY_H
/*
 * What a node's folder has besides the state, into a backup and back: canh.conf, certificates, and
 * if wanted the keys and the journal. The file NODE in the backup has a line for each file: its
 * BLAKE2b-512, two spaces, its name.
 */
#include "config/place.h"

struct node_copy {
    bool keys, journal; /* wanted; of a load: found */
    uint64_t files, bytes;
};

/* Nobody writes to the journal meanwhile: the caller has the node's lock, or wants no journal. */
CANH_MUST_USE int node_copy_save(const struct place *p, const char *to, struct node_copy *c,
                                 struct err *err);
/* Checks every file, then puts them where they belong; what is there is not replaced
 * (-CE_EXISTS). p NULL: only checks. */
CANH_MUST_USE int node_copy_load(const char *from, const struct place *p, struct node_copy *c,
                                 struct err *err);
/* Whether the folder is a backup of a whole node. */
bool node_copy_is(const char *from);

#endif
