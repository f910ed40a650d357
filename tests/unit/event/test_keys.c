/* SPDX-License-Identifier: Apache-2.0 */
#include "event/keys.h"

#include "base/buf.h"
#include "tap.h"

int main(void)
{
    struct keys *k = keys_new();
    struct buf name = BUF_INIT(100);
    uint32_t last = 0;

    is_int(keys_find(k, SLICE("EventID")), KEY_EVENT_ID, "well-known names have their numbers");
    is_int(keys_find(k, SLICE("eventid")), KEY_NONE, "names are case-sensitive");
    for (uint32_t i = 0; i < KEYS_MAX + 10; i++) {
        buf_clear(&name);
        buf_printf(&name, "field%u", i);
        last = keys_intern(k, buf_slice(&name));
        if (last == KEY_NONE)
            break;
    }
    is_int(last, KEY_NONE, "the table has a maximum");
    is_int(keys_count(k), KEYS_MAX, "which it reaches");
    is_int(keys_intern(k, SLICE("field0")), KEY_WELL_KNOWN_END, "known names are found when full");
    is_slice(keys_name(k, KEY_CHANNEL), SLICE("Channel"), "a number has its name");
    buf_done(&name);
    k = keys_free(k);
    ok(k == NULL, "free gives NULL");
    return tap_done();
}
