/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_LABEL_H
#define CANH_HUNT_LABEL_H
/*
 * What a field means to a person who investigates, whatever each source calls it. A row: the name
 * in kinds/ and in JSON, its heading's text, and how it is used.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "lang/lang.h"
#include "lang/msg_hunt.h"

enum label_use {
    LABEL_SHOWN = 1 << 0,
    LABEL_PIVOT = 1 << 1,   /* other events with the same value are worth a look */
    LABEL_ENCODED = 1 << 2, /* may hold base64 that hides what is done */
    LABEL_LONG = 1 << 3,    /* a text rather than a name: shown last */
};

#define LABELS(X)                                                                                  \
    X(USER, "user", MSG_HUNT_LABEL_USER, LABEL_SHOWN | LABEL_PIVOT)                                \
    X(BY, "by", MSG_HUNT_LABEL_BY, LABEL_SHOWN)                                                    \
    X(TARGET, "target", MSG_HUNT_LABEL_TARGET, LABEL_SHOWN)                                        \
    X(LOGON_TYPE, "logon_type", MSG_HUNT_LABEL_LOGON_TYPE, LABEL_SHOWN)                            \
    X(HOW, "how", MSG_HUNT_LABEL_HOW, LABEL_SHOWN)                                                 \
    X(STATUS, "status", MSG_HUNT_LABEL_STATUS, LABEL_SHOWN)                                        \
    X(ADDRESS, "address", MSG_HUNT_LABEL_ADDRESS, LABEL_SHOWN | LABEL_PIVOT)                       \
    X(PORT, "port", MSG_HUNT_LABEL_PORT, LABEL_SHOWN)                                              \
    X(WORKSTATION, "workstation", MSG_HUNT_LABEL_WORKSTATION, LABEL_SHOWN | LABEL_PIVOT)           \
    X(DESTINATION, "destination", MSG_HUNT_LABEL_DESTINATION, LABEL_SHOWN | LABEL_PIVOT)           \
    X(DESTINATION_ADDRESS, "destination_address", MSG_HUNT_LABEL_DESTINATION_ADDRESS, LABEL_PIVOT) \
    X(DESTINATION_PORT, "destination_port", MSG_HUNT_LABEL_DESTINATION_PORT, LABEL_SHOWN)          \
    X(PROTOCOL, "protocol", MSG_HUNT_LABEL_PROTOCOL, LABEL_SHOWN)                                  \
    X(QUERY, "query", MSG_HUNT_LABEL_QUERY, LABEL_SHOWN | LABEL_PIVOT)                             \
    X(ANSWER, "answer", MSG_HUNT_LABEL_ANSWER, LABEL_SHOWN)                                        \
    X(METHOD, "method", MSG_HUNT_LABEL_METHOD, LABEL_SHOWN)                                        \
    X(RESULT, "result", MSG_HUNT_LABEL_RESULT, LABEL_SHOWN)                                        \
    X(FROM, "from", MSG_HUNT_LABEL_FROM, LABEL_SHOWN)                                              \
    X(TO, "to", MSG_HUNT_LABEL_TO, LABEL_SHOWN)                                                    \
    X(PACKAGE, "package", MSG_HUNT_LABEL_PACKAGE, LABEL_SHOWN)                                     \
    X(ENCRYPTION, "encryption", MSG_HUNT_LABEL_ENCRYPTION, LABEL_SHOWN)                            \
    X(GROUP, "group", MSG_HUNT_LABEL_GROUP, LABEL_SHOWN)                                           \
    X(SERVICE, "service", MSG_HUNT_LABEL_SERVICE, LABEL_SHOWN)                                     \
    X(TASK, "task", MSG_HUNT_LABEL_TASK, LABEL_SHOWN)                                              \
    X(PARENT, "parent", MSG_HUNT_LABEL_PARENT, LABEL_SHOWN)                                        \
    X(PROCESS, "process", MSG_HUNT_LABEL_PROCESS, LABEL_SHOWN)                                     \
    X(TARGET_PROCESS, "target_process", MSG_HUNT_LABEL_TARGET_PROCESS, LABEL_SHOWN)                \
    X(MODULE, "module", MSG_HUNT_LABEL_MODULE, LABEL_SHOWN)                                        \
    X(SIGNATURE, "signature", MSG_HUNT_LABEL_SIGNATURE, LABEL_SHOWN)                               \
    X(FILE, "file", MSG_HUNT_LABEL_FILE, LABEL_SHOWN)                                              \
    X(SHARE, "share", MSG_HUNT_LABEL_SHARE, LABEL_SHOWN)                                           \
    X(PIPE, "pipe", MSG_HUNT_LABEL_PIPE, LABEL_SHOWN)                                              \
    X(KEY, "key", MSG_HUNT_LABEL_KEY, LABEL_SHOWN)                                                 \
    X(VALUE, "value", MSG_HUNT_LABEL_VALUE, LABEL_SHOWN | LABEL_ENCODED)                           \
    X(ACCESS, "access", MSG_HUNT_LABEL_ACCESS, LABEL_SHOWN)                                        \
    X(ELEVATION, "elevation", MSG_HUNT_LABEL_ELEVATION, LABEL_SHOWN)                               \
    X(RULE, "rule", MSG_HUNT_LABEL_RULE, LABEL_SHOWN)                                              \
    X(ACTION, "action", MSG_HUNT_LABEL_ACTION, LABEL_SHOWN)                                        \
    X(DIRECTORY, "directory", MSG_HUNT_LABEL_DIRECTORY, LABEL_SHOWN)                               \
    X(HASH, "hash", MSG_HUNT_LABEL_HASH, LABEL_PIVOT)                                              \
    X(PID, "pid", MSG_HUNT_LABEL_PID, LABEL_SHOWN)                                                 \
    X(LOGON_ID, "logon_id", MSG_HUNT_LABEL_LOGON_ID, LABEL_SHOWN)                                  \
    X(URL, "url", MSG_HUNT_LABEL_URL, LABEL_SHOWN | LABEL_LONG)                                    \
    X(REFERRER, "referrer", MSG_HUNT_LABEL_REFERRER, LABEL_SHOWN | LABEL_LONG)                     \
    X(AGENT, "agent", MSG_HUNT_LABEL_AGENT, LABEL_SHOWN | LABEL_LONG)                              \
    X(PARENT_COMMAND, "parent_command", MSG_HUNT_LABEL_PARENT_COMMAND, LABEL_LONG)                 \
    X(COMMAND, "command", MSG_HUNT_LABEL_COMMAND, LABEL_SHOWN | LABEL_ENCODED | LABEL_LONG)        \
    X(SCRIPT, "script", MSG_HUNT_LABEL_SCRIPT, LABEL_SHOWN | LABEL_ENCODED | LABEL_LONG)           \
    X(DECODED, "decoded", MSG_HUNT_LABEL_DECODED, LABEL_SHOWN | LABEL_LONG)                        \
    X(MATCHED, "matched", MSG_HUNT_LABEL_MATCHED, LABEL_SHOWN | LABEL_LONG)                        \
    X(PARENT_PID, "parent_pid", MSG_HUNT_LABEL_PARENT_PID, 0)                                      \
    X(GUID, "guid", MSG_HUNT_LABEL_GUID, 0)                                                        \
    X(PARENT_GUID, "parent_guid", MSG_HUNT_LABEL_PARENT_GUID, 0)                                   \
    X(BLOCK, "block", MSG_HUNT_LABEL_BLOCK, 0)                                                     \
    X(PART, "part", MSG_HUNT_LABEL_PART, 0)                                                        \
    X(PARTS, "parts", MSG_HUNT_LABEL_PARTS, 0)

#define LABEL_ENUM(id, key, text, use) LABEL_##id,
enum label { LABELS(LABEL_ENUM) LABEL_COUNT };
#undef LABEL_ENUM

struct label_row {
    const char *key;
    msg_id text;
    unsigned use;
};

extern const struct label_row label_rows[LABEL_COUNT];

/* By its key; LABEL_COUNT: there is none. */
enum label label_find(struct slice key);

#endif
