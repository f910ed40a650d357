/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_OUTCOMES_H
#define CANH_SIGMA_OUTCOMES_H
/*
 * What programs said of events seen lately. Logs report the same over and over: where all fields
 * that a program asks for say what they said, so does the program. Events are told apart by a sum
 * of the program and these fields (base/nh.h). Direct-mapped, of fixed size, one a thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/nh.h"
#include "event/event.h"

/* Two entries fill a cache line. */
enum { OUTCOMES = 32768, OUTCOME_IDS_MAX = 3 };

struct outcome {
    __uint128_t sum; /* 0: empty; no event has it more often than that of another one */
    uint16_t candidates;
    uint16_t count;
    uint32_t ids[OUTCOME_IDS_MAX];
};

struct outcomes {
    struct outcome *entries; /* NULL: nothing is remembered */
    const uint64_t *key;
};

/* Where what a program says of an event is remembered, or is to be. */
struct outcome_place {
    struct outcome *entry; /* NULL: the event is not to be remembered */
    __uint128_t sum;
};

CANH_MUST_USE int outcomes_init(struct outcomes *v);
void outcomes_done(struct outcomes *v);

/* Where an event's outcome is, by the sum of the program and all that it asks for. */
CANH_INLINE struct outcome_place outcomes_find(const struct outcomes *v, const struct nh *h)
{
    uint64_t number = hash_mix((uint64_t)h->sum ^ HASH_K0, (uint64_t)(h->sum >> 64) ^ HASH_K1);
    struct outcome_place place = {&v->entries[number & (OUTCOMES - 1)], h->sum};

    __builtin_prefetch(place.entry);
    return place;
}

CANH_INLINE bool outcome_is_known(const struct outcome_place *place)
{
    return place->entry != NULL && place->entry->sum == place->sum;
}

/* Remembers what a program says; more than OUTCOME_IDS_MAX ids or UINT16_MAX candidates are not
 * kept. */
void outcome_keep(const struct outcome_place *place, uint32_t candidates, const uint32_t *ids,
                  uint32_t count);

#endif
