/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_OUTCOMES_H
#define CANH_SIGMA_OUTCOMES_H
/*
 * What programs said of events seen lately. Logs report the same over and over: where all fields
 * that a program asks for say what they said, so does the program. Events are told apart by a sum
 * of these fields (base/nh.h). Direct-mapped, of fixed size, one a thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/nh.h"
#include "event/event.h"

/* Two entries fill a cache line. */
enum { OUTCOMES = 32768, OUTCOME_IDS_MAX = 3, OUTCOME_CANDIDATES_MAX = UINT16_MAX };

struct outcome {
    __uint128_t sum;
    uint16_t candidates;
    uint16_t used; /* 1 and how many ids there are; 0: empty */
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

/* A sum to which all is to be added that the program asks of an event. */
CANH_INLINE struct nh outcomes_begin(const struct outcomes *v, const void *program)
{
    struct nh h = nh_begin(v->key);

    (void)nh_add(&h, (uint64_t)(uintptr_t)program, NULL, 0);
    return h;
}

/* Where an event's outcome is, by that sum. */
CANH_INLINE struct outcome_place outcomes_find(const struct outcomes *v, const struct nh *h)
{
    uint64_t number = hash_mix((uint64_t)h->sum ^ HASH_K0, (uint64_t)(h->sum >> 64) ^ HASH_K1);
    struct outcome_place place = {&v->entries[number & (OUTCOMES - 1)], h->sum};

    __builtin_prefetch(place.entry);
    return place;
}

CANH_INLINE bool outcome_is_known(const struct outcome_place *place)
{
    return place->entry != NULL && place->entry->sum == place->sum && place->entry->used != 0;
}

CANH_INLINE uint32_t outcome_count(const struct outcome *v)
{
    return v->used - 1u;
}

/* Remembers what a program says, unless it is more than an entry has room for. */
void outcome_keep(const struct outcome_place *place, uint32_t candidates, const uint32_t *ids,
                  uint32_t count);

#endif
