/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_SCAN_STREAM_H
#define CANH_DETECT_SCAN_STREAM_H
/*
 * Correlations of a stream on standard input, which may never end: told when they begin and not
 * when all is read, by the rule of a live node (live.h). In the order of the input, by the writer.
 */
#include "base/attr.h"
#include "base/slice.h"
#include "detect/correlate.h"
#include "detect/generation.h"

struct scan_stream;

/* Holds a reference. NULL without memory. */
CANH_MUST_USE struct scan_stream *scan_stream_new(struct generation *g);
struct scan_stream *scan_stream_free(struct scan_stream *s); /* returns NULL */

/* What correlate_match() wrote of one event. 0, -CE_NOMEM, or -CE_PEER when the sink stopped. */
CANH_MUST_USE int scan_stream_feed(struct scan_stream *s, struct slice matches,
                                   const struct correlate_sink *sink);
/* Adds to `to`: matches, alerts, late, ahead, forgotten, crowded. */
void scan_stream_count(const struct scan_stream *s, struct correlate_counts *to);

#endif
