/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_EVENT_ALERT_H
#define CANH_EVENT_ALERT_H
/*
 * What makes two matches the same alert: rule, entity and window. A repeat within the window raises
 * count and last of the alert; the next window is a new alert.
 *
 * Entity: of a correlation its group-by values; else the asset's id, or what stands for it (the
 * host's name, else the source's id), and the user acted as where the event has one.
 */
#include <stdint.h>

#include "base/blake2b.h"
#include "base/slice.h"
#include "base/time.h"

enum { ALERT_ID_BYTES = 16, ALERT_ENTITY_PARTS = 16 };

/* How long matches of a rule count as one alert, unless configured otherwise. */
#define ALERT_FOLD TIME_HOUR

struct alert_entity {
    struct slice parts[ALERT_ENTITY_PARTS];
    uint32_t count;
};

struct alert_key {
    struct slice rule;  /* its id; without one its path */
    uint64_t rule_hash; /* of its content */
    const struct alert_entity *entity;
    int64_t window; /* where it begins: alert_window(), or a correlation's first event */
};

/*
 * The beginning of the window that holds time: cut to whole folds since 1970, 0 for TIME_NONE.
 * fold 0 stands for ALERT_FOLD.
 */
int64_t alert_window(int64_t time, int64_t fold);

/*
 * The first 128 bits of BLAKE2b-512 over: the rule, a NUL, the rule's hash as 16 hexadecimal
 * digits, a NUL, the parts of the entity with a byte 0x1F between them, a NUL, and the window's
 * beginning as a decimal number of nanoseconds.
 */
void alert_id(const struct alert_key *key, uint8_t ret[ALERT_ID_BYTES]);
/* The same in two steps, of which the first is the same for all alerts of a rule: it may be kept
 * and copied. The second uses it up. */
void alert_id_begin(struct blake2b *ret, struct slice rule, uint64_t rule_hash);
void alert_id_end(struct blake2b *b, const struct alert_entity *entity, int64_t window,
                  uint8_t ret[ALERT_ID_BYTES]);

#endif
