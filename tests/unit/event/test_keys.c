/* SPDX-License-Identifier: Apache-2.0 */
#include "event/keys.h"

#include "base/buf.h"
#include "tap.h"

static void test_data(struct keys *k)
{
    static const char *const systems[] = {
        "EventID",
        "Version",
        "Level",
        "Task",
        "Opcode",
        "Keywords",
        "Computer",
        "Provider_Name",
        "Provider_Guid",
        "EventRecordID",
        "Security_UserID",
        "TimeCreated_SystemTime",
        "Correlation_ActivityID",
        "Execution_ProcessID",
    };
    static const char *const others[] = {"ProcessId", "UserId",   "User",
                                         "Provider",  "Security", "EventIDs"};

    for (size_t i = 0; i < CANH_LEN(systems); i++) {
        ok(keys_intern(k, slice_str(systems[i])) != KEY_NONE, "mentioned");
        is_int(keys_find_data(k, slice_str(systems[i])), KEY_NONE, "%s is System's", systems[i]);
    }
    for (size_t i = 0; i < CANH_LEN(others); i++)
        ok(keys_intern(k, slice_str(others[i])) != KEY_NONE &&
               keys_find_data(k, slice_str(others[i])) == keys_find(k, slice_str(others[i])),
           "%s may be the data's", others[i]);
    is_int(keys_find_data(k, SLICE("Channel")), KEY_DATA_CHANNEL, "Channel is told apart");
    is_int(keys_find_data(k, SLICE("nobody's")), KEY_NONE, "a name that nobody mentions");
}

int main(void)
{
    struct keys *k = keys_new();
    struct buf name = BUF_INIT(100);
    uint32_t first, last = 0;

    is_int(keys_find(k, SLICE("EventID")), KEY_EVENT_ID, "well-known names have their numbers");
    is_int(keys_find(k, SLICE("eventid")), KEY_NONE, "names are case-sensitive");
    test_data(k);
    first = keys_count(k) + 1;
    for (uint32_t i = 0; i < KEYS_MAX + 10; i++) {
        buf_clear(&name);
        buf_printf(&name, "field%u", i);
        last = keys_intern(k, buf_slice(&name));
        if (last == KEY_NONE)
            break;
    }
    is_int(last, KEY_NONE, "the table has a maximum");
    is_int(keys_count(k), KEYS_MAX, "which it reaches");
    is_int(keys_intern(k, SLICE("field0")), first, "known names are found when full");
    is_slice(keys_name(k, KEY_CHANNEL), SLICE("Channel"), "a number has its name");
    buf_done(&name);
    k = keys_free(k);
    ok(k == NULL && keys_free(k) == NULL, "free gives NULL, of nothing, too");
    return tap_done();
}
