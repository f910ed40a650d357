/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_HIT_H
#define CANH_HUNT_HIT_H
/*
 * A hit: a rule that matched an event, or a correlation, with what matters of it. Workers write
 * hits as bytes (hit_write), the timeline keeps them, faces read them one by one (hit_read).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "detect/alert.h"
#include "detect/alert_correlation.h"
#include "hunt/kind.h"

enum {
    HIT_DETAILS = 48,
    HIT_TEXT = 16 * 1024, /* bytes of one detail; longer ones are cut at a character, marked … */
};

struct hit_detail {
    enum label label;
    struct slice name;  /* a field's own name, where no label fits; else empty */
    struct slice value; /* as in the event */
};

struct hit {
    int64_t time; /* TIME_NONE */
    bool local;   /* its zone is not known */
    bool recovered;
    bool correlation;
    uint32_t rule;   /* index of the generation; a correlation's is behind the rules */
    uint64_t offset; /* of the event in its log */
    uint64_t record; /* line or EVTX record number; 0: a correlation's */
    uint64_t count;  /* events of a correlation, else 1 */
    struct slice path, host, channel, event_id;
    struct hit_detail details[HIT_DETAILS];
    uint32_t detail_count;
};

/* A worker's scratch memory; one a thread. */
struct hit_scratch {
    struct buf text, value;
};

void hit_scratch_init(struct hit_scratch *s);
void hit_scratch_done(struct hit_scratch *s);

/* Appends the alert as a hit; nothing where it is suppressed, or no rule's. */
void hit_write(const struct kinds *kinds, struct hit_scratch *scratch, const struct alert *alert,
               struct buf *out);
void hit_write_correlation(const struct correlation_alert *alert, struct buf *out);

/* One record without its length. The hit borrows the bytes. */
void hit_read(struct slice record, struct hit *ret);

/* Another value for a label that the hit has; it is borrowed. */
void hit_set(struct hit *h, enum label label, struct slice value);
/* The value of a label, or empty. */
struct slice hit_get(const struct hit *h, enum label label);

#endif
