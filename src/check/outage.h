/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_OUTAGE_H
#define CANH_CHECK_OUTAGE_H
/*
 * From results to outages: when was the target out, for how long, and what share of a span is
 * known to be up, down, or unknown. Pure: results in, spans out.
 *
 * A result speaks for its target until the next one, but no longer than `hold` (results stop when
 * a station falls silent; silence is unknown, never up). CHECK_WARNING counts as up. An outage
 * begins at the first CHECK_CRITICAL of `confirm` in a row and ends at the first result that is
 * up; results without an answer neither begin nor end one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/check.h"

struct outage_sample {
    int64_t at;
    enum check_outcome outcome;
};

struct outage_rules {
    unsigned confirm; /* ≥ 1 */
    int64_t hold;     /* nanoseconds */
};

struct outage {
    int64_t start, stop; /* stop INT64_MAX: still out */
};

/*
 * samples in time order. Stores up to max outages and returns how many there are, which may be
 * more.
 */
size_t outage_find(const struct outage_sample *samples, size_t count,
                   const struct outage_rules *rules, struct outage *ret, size_t max);

struct outage_share {
    int64_t up, down, unknown; /* nanoseconds; together the span */
};

/* How the span from..to divides; samples in time order, those before `from` count where they hold.
 */
struct outage_share outage_divide(const struct outage_sample *samples, size_t count,
                                  const struct outage_rules *rules, int64_t from, int64_t to);

#endif
