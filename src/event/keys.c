/* SPDX-License-Identifier: Apache-2.0 */
#include "event/keys.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/assert.h"
#include "base/map.h"

enum { NAME_BYTES_MAX = 16 * 1024 * 1024 };

struct known_name {
    struct slice text;
    bool of_system; /* System of a Windows event has a value of that name */
};

struct keys {
    struct arena arena;
    struct map by_name;
    struct known_name *names; /* [0] unused */
    uint32_t count, cap;
};

/* A name that ends with _ stands for all that begin so. Source: Event.xsd, SystemPropertiesType. */
static const char *const system_names[] = {
    "EventID",       "Version",      "Level",      "Task",          "Opcode",
    "Keywords",      "Channel",      "Computer",   "Provider_Name", "Provider_Guid",
    "EventRecordID", "TimeCreated_", "Execution_", "Correlation_",  "Security_UserID",
};

static const char *const well_known[] = {
    [KEY_CHANNEL] = "Channel",
    [KEY_EVENT_ID] = "EventID",
    [KEY_PROVIDER] = "Provider_Name",
    [KEY_COMPUTER] = "Computer",
    [KEY_RECORD_ID] = "EventRecordID",
    [KEY_DATA_CHANNEL] = "\xFF"
                         "Channel",
    [KEY_EVENT_TYPE] = "EventType",
    [KEY_SYSTEM_TIME] = "TimeCreated_SystemTime",
    [KEY_UTC_TIME] = "UtcTime",
    [KEY_TIMESTAMP] = "@timestamp",
    [KEY_EVENT_TIME] = "EventTime",
    [KEY_HOST] = "host.hostname",
    [KEY_MODULE] = "event.module",
    [KEY_PROGRAM] = "process.name",
};

struct keys *keys_new(void)
{
    struct keys *k = calloc(1, sizeof(*k));

    if (k == NULL)
        return NULL;
    k->arena = ARENA_INIT(NAME_BYTES_MAX);
    map_init(&k->by_name, KEYS_MAX);
    for (uint32_t i = 1; i < KEY_WELL_KNOWN_END; i++) {
        if (keys_intern(k, slice_str(well_known[i])) != i)
            return keys_free(k);
    }
    k->names[KEY_DATA_CHANNEL].text = SLICE("Channel (data)"); /* for people */
    return k;
}

struct keys *keys_free(struct keys *k)
{
    if (k != NULL) {
        arena_done(&k->arena);
        map_done(&k->by_name);
        free(k->names);
        free(k);
    }
    return NULL;
}

static bool is_of_system(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(system_names); i++) {
        struct slice known = slice_str(system_names[i]);

        if (known.p[known.n - 1] == '_' ? slice_starts(name, known) : slice_eq(name, known))
            return true;
    }
    return false;
}

static bool make_room(struct keys *k)
{
    return array_room(k->names, k->count + 1, k->cap, SIZE_MAX);
}

uint32_t keys_intern(struct keys *k, struct slice name)
{
    uint32_t key = keys_find(k, name);

    if (key != KEY_NONE)
        return key;
    if (k->count >= KEYS_MAX || !make_room(k))
        return KEY_NONE;
    name = arena_dup(&k->arena, name);
    if (name.p == NULL || map_put(&k->by_name, name, k->count + 1) < 0)
        return KEY_NONE;
    canh_assert(k->count + 1 < k->cap);
    k->names[++k->count] = (struct known_name){name, is_of_system(name)};
    return k->count;
}

uint32_t keys_find(const struct keys *k, struct slice name)
{
    uint32_t key = KEY_NONE;

    (void)map_get(&k->by_name, name, &key);
    return key;
}

uint32_t keys_find_data(const struct keys *k, struct slice name)
{
    uint32_t key = keys_find(k, name);

    if (key == KEY_NONE || !k->names[key].of_system)
        return key;
    return key == KEY_CHANNEL ? KEY_DATA_CHANNEL : KEY_NONE;
}

struct slice keys_name(const struct keys *k, uint32_t key)
{
    return k->names[key].text;
}

uint32_t keys_count(const struct keys *k)
{
    return k->count;
}
