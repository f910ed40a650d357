/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_TRACE_H
#define CANH_DETECT_TRACE_H
/*
 * What becomes of one event: by which mappings it is led, which rules look at it, which of them it
 * matches. For people who ask why nothing was found, one event after the other; a scan does not
 * need it.
 */
#include "base/arena.h"
#include "base/attr.h"
#include "detect/detector.h"

struct trace_rule {
    uint32_t rule; /* of the generation's ruleset */
    bool matches;
};

struct trace {
    struct slice *mappings; /* that lead the event to some rule, each once */
    uint32_t mapping_count;
    struct trace_rule *rules; /* that look at it, ascending, each once */
    uint32_t rule_count, matched;
};

/* 0, or -CE_NOMEM. The lists lie in the arena; names belong to the generation. */
CANH_MUST_USE int detector_trace(struct detector *d, const struct event *e, struct arena *arena,
                                 struct trace *ret);

#endif
