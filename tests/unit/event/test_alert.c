/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert.h"

#include "tap.h"

static struct alert_entity entity = {.parts = {SLICE("pc-1"), SLICE("CORP\\an")}, .count = 2};

static bool differs(const struct alert_key *key)
{
    static const uint8_t want[ALERT_ID_BYTES] = {0x68, 0x78, 0xbf, 0xa5, 0xcf, 0x75, 0xc6, 0x32,
                                                 0xcc, 0x62, 0x64, 0x02, 0x56, 0x1a, 0x1d, 0xd5};
    uint8_t id[ALERT_ID_BYTES];

    alert_id(key, id);
    return memcmp(id, want, sizeof(id)) != 0;
}

int main(void)
{
    struct alert_key key = {SLICE("rule-1"), 0x12ab, &entity, 3600 * TIME_SECOND}, other;

    ok(!differs(&key), "the id, as another program computes it");
    other = key;
    other.rule = SLICE("rule-2");
    ok(differs(&other), "another rule");
    other = key;
    other.rule_hash++;
    ok(differs(&other), "another content");
    other = key;
    other.window += TIME_HOUR;
    ok(differs(&other), "another window");
    entity.parts[1] = SLICE("CORP\\ba");
    ok(differs(&key), "another user");
    is_int(alert_window(TIME_NONE, 0), 0, "no time");
    is_int(alert_window(0, 0), 0, "1970");
    is_int(alert_window(2 * TIME_HOUR - 1, 0), TIME_HOUR, "an hour");
    is_int(alert_window(-1, 0), -TIME_HOUR, "before 1970");
    is_int(alert_window(TIME_HOUR - 1, 15 * TIME_MINUTE), 45 * TIME_MINUTE, "a quarter");
    is_int(alert_window(7, 1), 7, "the shortest");
    is_int(alert_window(INT64_MIN + 1, 0), INT64_MIN, "the first instant");
    return tap_done();
}
