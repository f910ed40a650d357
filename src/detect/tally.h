/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_TALLY_H
#define CANH_DETECT_TALLY_H
/*
 * What a scan found, added up: per rule the number of alerts, the first and last time, and on
 * which hosts. Bounded however much is found: beyond TALLY_PAIRS_MAX pairs of rule and host the
 * alerts still count, only without their host.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/map.h"
#include "base/slice.h"

enum { TALLY_PAIRS_MAX = 65536, TALLY_HOST_BYTES = 8 * 1024 * 1024 };

struct tally_pair {
    uint32_t rule, host;
    uint32_t next; /* next pair of the same rule, or 0 */
    uint64_t count;
};

struct tally_rule {
    uint64_t count, recovered; /* of these, in recovered records */
    uint64_t local;            /* of these, with a time that names no zone; the scan counts them */
    int64_t first, last;       /* TIME_NONE when no alert had a time */
    uint32_t hosts;            /* distinct */
    uint32_t pairs;            /* first pair, or 0 */
};

struct tally {
    struct tally_rule *rules;
    uint32_t rule_count, rules_hit;
    uint64_t alerts, recovered;
    struct tally_pair *pairs; /* from 1 */
    uint32_t pair_count, pair_cap;
    uint32_t *pair_slots; /* their numbers by rule and host; a power of two of them, or none yet */
    uint32_t pair_slot_count;
    uint64_t seed;
    struct slice *hosts;
    uint32_t host_count, host_cap;
    uint32_t last_host; /* the one asked for last */
    struct map host_of;
    struct arena arena;
    uint64_t hostless; /* alerts whose host was not kept */
};

CANH_MUST_USE int tally_init(struct tally *t, uint32_t rule_count);
void tally_done(struct tally *t);

/* host may be empty: the event named none. time may be TIME_NONE. */
void tally_add(struct tally *t, uint32_t rule, int64_t time, struct slice host, bool recovered);

struct tally_host {
    struct slice name;
    uint64_t count;
};

/* A rule's hosts, most alerts first, then by name; returns how many were filled. */
uint32_t tally_hosts(const struct tally *t, uint32_t rule, struct tally_host *ret, uint32_t max);

#endif
