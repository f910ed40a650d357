/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SOURCES_H
#define CANH_STATE_SOURCES_H
/*
 * Where events come from. What a kind means is the source room's and the collectors' business.
 */
#include "state/state.h"

/* find: owner = unit, by code. ref: the asset. Its id stands in every record of the journal. */
struct state_source {
    STATE_ROW;
    struct state_id unit;
    struct state_id asset;
    struct slice code, name;
    struct slice kind;     /* files, … */
    struct slice paths;    /* files: absolute, one a line, * and ? in the last part */
    struct slice address;  /* of senders that show nothing better: an address or network a line */
    struct slice key_hash; /* of the sender's key */
    struct slice product,
        service;    /* what its lines are, in Sigma's words; empty: seen by content */
    int32_t zone;   /* seconds east of UTC, of times without a zone */
    int64_t back;   /* read so far back at the first sight; 0: from the end */
    int64_t rhythm; /* silence beyond this is told; 0: never */
    int64_t valid_from, valid_to;
    bool enabled;
    bool drill; /* made for a drill: so are its alerts */
};
STATE_THING(source);

#endif
