/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_JSON_ECS_H
#define CANH_DECODE_JSON_ECS_H
/*
 * Fields of Windows events that Winlogbeat's modules (Sysmon, PowerShell, Security) rename to the
 * Elastic Common Schema, and names that mean something else in other records (Id, channel). Which
 * field such a name stands for depends on the event, so it is decided when the record is complete.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum { ECS_NONE = UINT8_MAX };

/* The number of an ECS name, or ECS_NONE. */
uint8_t ecs_find(const struct slice *path, size_t n);

/* It is the event's id, or its log, where the record has none under a Windows name. */
bool ecs_is_event_id(uint8_t ecs);
bool ecs_is_channel(uint8_t ecs);
/* It is such an id, and with a log beside it one of Windows. */
bool ecs_tells_windows(uint8_t ecs);

/* The log that a value tells of the event with this id; empty: none. May lie in the text. */
struct slice ecs_log(uint8_t ecs, struct slice text, uint32_t id);

/*
 * The Windows name it stands for in the event with this provider (or, without one, channel) and id;
 * empty: none.
 */
struct slice ecs_name(uint8_t ecs, struct slice provider, uint32_t id);

/* What is put together of several values. */
enum ecs_part { ECS_PART_NONE, ECS_USER_DOMAIN, ECS_USER_NAME, ECS_HASH };

/* Which part of a composed value the name is; *ret_hash: "MD5" for process.hash.md5. */
enum ecs_part ecs_part(uint8_t ecs, struct slice *ret_hash);

#endif
