/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/blake2b.h"

int64_t alert_window(int64_t time, int64_t fold)
{
    int64_t rest;

    if (time == TIME_NONE)
        return 0;
    if (fold <= 0)
        fold = ALERT_FOLD;
    rest = time % fold;
    if (rest < 0)
        rest += fold;
    return time < INT64_MIN + rest ? INT64_MIN : time - rest;
}

void alert_id(const struct alert_key *key, uint8_t ret[ALERT_ID_BYTES])
{
    uint8_t hash[BLAKE2B_BYTES];
    char number[32];
    struct blake2b b;

    blake2b_init(&b);
    blake2b_update(&b, key->rule);
    (void)snprintf(number, sizeof(number), "%c%016" PRIx64 "%c", 0, key->rule_hash, 0);
    blake2b_update(&b, slice_of(number, 18));
    for (uint32_t i = 0; i < key->entity->count; i++) {
        if (i > 0)
            blake2b_update(&b, SLICE("\x1F"));
        blake2b_update(&b, key->entity->parts[i]);
    }
    (void)snprintf(number, sizeof(number), "%c%" PRId64, 0, key->window);
    blake2b_update(&b, slice_of(number, 1 + strlen(number + 1)));
    blake2b_final(&b, hash);
    memcpy(ret, hash, ALERT_ID_BYTES);
}
