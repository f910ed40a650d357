/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ZONE_H
#define CANH_CALENDAR_ZONE_H
/*
 * Time zones as data. Plans, days and hours know zones of one fixed offset: ±hh:mm, or the names in
 * zone.c. Where a clock may change (recurrences, calendars from elsewhere) a zone is its changes,
 * from a rule as POSIX writes it ("CET-1CEST,M3.5.0,M10.5.0/3", the last line of every file of the
 * IANA database, RFC 8536 §3.3) or from a calendar's VTIMEZONE. Nothing here reads a file.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/zone.h"
#include "yaml/yaml.h"

/* Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. False, *ret_offset_s untouched, else. */
bool zone_offset(struct slice s, int *ret_offset_s);
/* A scalar like Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. */
CANH_MUST_USE int zone_parse(const struct yaml_node *node, int *ret_offset_s, struct err *err);

/*
 * A zone as text: what zone_offset() takes, or a POSIX rule, or a name and its rule
 * ("Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3"; the name is for people). Changes of the years 1970
 * to 2199 are in the arena. -CE_SYNTAX, -CE_NOMEM.
 */
CANH_MUST_USE int zone_read(struct arena *arena, struct slice text, struct zone *ret);

/*
 * The rule of a file of the IANA database. -CE_CORRUPT: no such file. -CE_UNKNOWN: since 2020 the
 * zone has changed in ways that its rule does not say (Africa/Casablanca).
 */
CANH_MUST_USE int zone_rule_of_file(struct slice bytes, struct slice *ret);
/*
 * All that such a file knows: its changes, and those of its rule from the last one to the year
 * 2199. In the arena. -CE_CORRUPT, -CE_NOMEM.
 */
CANH_MUST_USE int zone_of_file(struct arena *arena, struct slice bytes, struct zone *ret);
/* Whether a text can be the name of a file of that database: Area/Place, no dots. */
bool zone_is_name(struct slice s);

#endif
