/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ZONE_H
#define CANH_CALENDAR_ZONE_H
/*
 * Time zones as data. Plans, days and hours know zones of one fixed offset: ±hh:mm, or the names in
 * zone.c. Where a clock may change (recurrences, calendars from elsewhere) a zone is its changes,
 * from a rule as POSIX writes it ("CET-1CEST,M3.5.0,M10.5.0/3", the last line of every file of the
 * IANA database, RFC 8536 §3.3) or from a calendar's VTIMEZONE. Nothing here reads a file.
 *
 * Wall time: nanoseconds since 1970-01-01 00:00 of the zone's own clock.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "yaml/yaml.h"

/* Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. False, *ret_offset_s untouched, else. */
bool zone_offset(struct slice s, int *ret_offset_s);
/* A scalar like Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. */
CANH_MUST_USE int zone_parse(const struct yaml_node *node, int *ret_offset_s, struct err *err);

struct zone_change {
    int64_t at; /* UTC */
    int offset_s;
};

struct zone {
    int offset_s; /* before the first change */
    const struct zone_change *changes;
    size_t change_count; /* ascending */
};

/* Seconds east of UTC at an instant. */
int zone_at(const struct zone *z, int64_t t);
int64_t zone_to_wall(const struct zone *z, int64_t t);
/* The instant of a wall time. One that the clock shows twice is the first; one that it leaves out
 * is reckoned with the offset from before (RFC 5545 §3.3.5). */
int64_t zone_from_wall(const struct zone *z, int64_t wall);

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
/* Whether a text can be the name of a file of that database: Area/Place, no dots. */
bool zone_is_name(struct slice s);

#endif
