/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_EVENT_STREAM_H
#define CANH_EVENT_STREAM_H
/*
 * Names of the journal's streams: those that every node's journal has from its first start, and
 * that of what is done to the journal itself. Streams of events are many, one a purpose.
 */
#include <stdbool.h>

#include "base/slice.h"

#define STREAM_EVENTS  "events/default"
#define STREAM_ALERTS  "alerts"
#define STREAM_RESULTS "results"
#define STREAM_WINDOWS "windows"
#define STREAM_AUDIT   "audit"

/* Events were written by others, of people: who looks at them gives a reason. */
static inline bool stream_has_events(struct slice name)
{
    return slice_starts(name, SLICE("events/"));
}

#endif
