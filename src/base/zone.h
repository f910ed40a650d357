/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ZONE_H
#define CANH_BASE_ZONE_H
/*
 * A time zone as the changes of its clock; where they come from is calendar/zone.h's matter.
 *
 * Wall time: nanoseconds since 1970-01-01 00:00 of the zone's own clock.
 */
#include <stddef.h>
#include <stdint.h>

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

#endif
