/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert.h"

#include "base/attr.h"
#include "base/blake2b.h"
#include "base/buf.h"
#include "base/hex.h"

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

/* The rule's hash as 16 digits, a NUL before and behind it. */
static void update_hash(struct blake2b *b, uint64_t hash)
{
    char digits[18] = {0};
    uint8_t bytes[8];

    for (unsigned i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
    hex_write(digits + 1, bytes, sizeof(bytes));
    blake2b_update(b, slice_of((uint8_t *)digits, sizeof(digits)));
}

/* A NUL and the window in decimal. */
static void update_window(struct blake2b *b, int64_t window)
{
    uint8_t room[32];
    struct buf text = {.p = room, .cap = sizeof(room), .max = sizeof(room)};

    buf_putc(&text, 0);
    buf_append_i64(&text, window);
    blake2b_update(b, buf_slice(&text));
}

void alert_id_begin(struct blake2b *ret, struct slice rule, uint64_t rule_hash)
{
    blake2b_init(ret);
    blake2b_update(ret, rule);
    update_hash(ret, rule_hash);
}

void alert_id_end(struct blake2b *b, const struct alert_entity *entity, int64_t window,
                  uint8_t ret[ALERT_ID_BYTES])
{
    uint8_t hash[BLAKE2B_BYTES];

    for (uint32_t i = 0; i < entity->count; i++) {
        if (i > 0)
            blake2b_update(b, SLICE("\x1F"));
        blake2b_update(b, entity->parts[i]);
    }
    update_window(b, window);
    blake2b_final(b, hash);
    memcpy(ret, hash, ALERT_ID_BYTES);
}

void alert_id(const struct alert_key *key, uint8_t ret[ALERT_ID_BYTES])
{
    struct blake2b b;

    alert_id_begin(&b, key->rule, key->rule_hash);
    alert_id_end(&b, key->entity, key->window, ret);
}
