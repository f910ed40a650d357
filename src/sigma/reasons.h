/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_REASONS_H
#define CANH_SIGMA_REASONS_H
/*
 * Which fields made a rule match, for alerts: what explain_reasons() says of the whole tree, found
 * without making one. Nothing below a NOT is looked at, nothing for a field that is told already.
 * That the condition holds is known: where a part of it that must hold asks of one field only, and
 * the event has one value of it, that is the reason. What else must be evaluated has its texts
 * folded and regexes compiled once a rule, and values are folded once an event. One per thread.
 *
 *     reasons_begin(r, event);
 *     told = reasons_find(r, found.variants[i]);      for each rule that the event matches
 */
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "event/event.h"
#include "sigma/ruleset.h"

enum { REASONS_MAX = 32 };

struct reason {
    struct slice field;        /* empty: a keyword, somewhere in the event */
    const struct field *value; /* of the event; NULL where it is absent, null or has no text */
};

struct match_reasons {
    const struct reason *reasons; /* each field once, in the order of the condition */
    uint32_t count;
    struct slice mapping; /* of the variant */
};

struct reasons;

/* The ruleset is borrowed. NULL without memory. */
CANH_MUST_USE struct reasons *reasons_new(const struct ruleset *rs);
struct reasons *reasons_free(struct reasons *r); /* returns NULL */

/* The event that the next calls ask about; it is borrowed until the next call. */
void reasons_begin(struct reasons *r, const struct event *e);

/*
 * Of a variant that holds for the event (match_result.variants). Valid until the next call of
 * either. Without memory nothing is told.
 */
struct match_reasons reasons_find(struct reasons *r, uint32_t variant);

#endif
