/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_ROSTER_HOURS_H
#define CANH_ROSTER_HOURS_H
/*
 * Hours of a week, one line of text:
 *
 *     hours = "24/7" | group { ";" group }
 *     group = [ days ] times { "," times }        without days: every day
 *     days  = day [ "-" day ] { "," day [ "-" day ] }      mon tue wed thu fri sat sun
 *     times = hh:mm "-" hh:mm                     an end at or before the start is on the next day
 *
 *     mon-fri 07:30-17:00          mon-fri 07:30-11:30,13:30-17:00; sat 07:30-11:30
 *     22:00-06:00                  every night
 *
 * Local time of a zone of fixed offset; times are half-open.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "yaml/yaml.h"

enum { HOURS_WEEK = 7 * 24 * 60, HOURS_PARTS_MAX = 64, HOURS_TEXT_MAX = 400 };

/* Minutes of the week from Monday 00:00: sorted, apart from each other. */
struct hours {
    uint16_t count;
    struct {
        uint16_t from, until;
    } parts[HOURS_PARTS_MAX];
};

/* err.col is the place in s, from 1. -CE_SYNTAX, -CE_RANGE, -CE_TOO_BIG. */
CANH_MUST_USE int hours_parse(struct slice s, struct hours *ret, struct err *err);

/* The text at a key that the map must have; err stands at its place in the file. */
CANH_MUST_USE int hours_of(const struct yaml_node *map, const char *key, struct hours *ret,
                           struct err *err);

/*
 * Whether t is inside. [*lo, *hi) is narrowed to where the answer stays the same around t; both
 * must hold t on entry.
 */
bool hours_at(const struct hours *h, int offset_s, int64_t t, int64_t *lo, int64_t *hi);

#endif
