/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DETECT_DETECTOR_H
#define CANH_DETECT_DETECTOR_H
/*
 * One thread's decoders, matcher and memory for one generation: records → alerts.
 *
 *     struct detector *d = detector_new(generation);
 *     r = detector_run(d, records, count, &sink, ctx);     as often as wanted
 *     d = detector_free(d);
 *
 * Between two batches a new generation takes over by a new detector. A live node gives records as
 * its collectors received them; a scan uses the same parts block by block.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/map.h"
#include "decode/decoder.h"
#include "detect/alert.h"
#include "detect/generation.h"
#include "sigma/match.h"

enum {
    DETECT_FORMATS_MAX = 64,
    DETECT_UNROUTED_MAX = 4096, /* kinds of unrouted events counted apart */
};

/* A record as a collector received it. DECODE_PADDING bytes behind it are readable. */
struct detect_record {
    const struct format *format;
    struct slice bytes;
    struct slice head;                    /* what its format needs besides, see decode_block */
    const struct decode_context *context; /* may be NULL */
    const struct origin *origin;
    uint64_t offset, line; /* of the record in its source */
    bool truncated;        /* its collector cut it at a limit */
};

struct detect_sink {
    /* Every event, before its alerts; may be NULL. */
    void (*event)(void *ctx, const struct detect_record *record, const struct event *e);
    /* What an event's rules are to correlations, before its alerts; rules that only correlations
     * ask for then alert no more by themselves. NULL: correlations are not looked at. */
    void (*found)(void *ctx, const struct detect_record *record, const struct alert *alert,
                  const struct match_result *found);
    /* One alert; valid during the call. alert_json() and alert_csv() write it. */
    void (*alert)(void *ctx, const struct detect_record *record, const struct alert *alert);
    /* What is wrong with a record; may be NULL. */
    void (*fault)(void *ctx, const struct detect_record *record, const struct decode_fault *fault);
};

struct detector {
    struct generation *generation;
    struct decode_limits limits;                  /* the default ones, until changed */
    struct decoder *decoders[DETECT_FORMATS_MAX]; /* made when first asked for */
    struct matcher *matcher;
    struct alert_writer *alerts;
    struct buf text;     /* scratch */
    struct buf original; /* of records that have no text of their own */
    struct map unrouted;
    struct arena unrouted_names;
    uint64_t *unrouted_counts;
    uint32_t unrouted_count;
    uint64_t truncated, fields_lost, regex_limits;
};

/* Holds a reference. NULL without memory. */
CANH_MUST_USE struct detector *detector_new(struct generation *g);
struct detector *detector_free(struct detector *d); /* returns NULL */

/* The decoder of a format; NULL without memory. */
struct decoder *detector_decoder(struct detector *d, const struct format *format);

/*
 * An event's rules, with what the event adds to the counts. Valid until the next call. *ret_gaps
 * (enum alert_gap) says what of it was not examined fully: that is an alert of its own.
 */
struct match_result detector_match(struct detector *d, const struct event *e, unsigned *ret_gaps);

/*
 * The alert of a record that ends too early and so was not examined, told besides its fault:
 * nothing is known of the event, which the caller keeps, but where it stands. False: it is another
 * fault.
 */
bool detector_cut(struct detector *d, const struct decode_fault *fault, const struct origin *origin,
                  struct event *ret_event, struct alert *ret);

/* Decodes and matches records in order. 0, or -CE_NOMEM. */
CANH_MUST_USE int detector_run(struct detector *d, const struct detect_record *records,
                               size_t count, const struct detect_sink *sink, void *ctx);

/* A field's text in d->text, appended; empty when the event has none. */
struct slice detector_text(struct detector *d, const struct event *e, uint32_t key);

#endif
