/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_FIND_H
#define CANH_HUNT_FIND_H
/*
 * Events, hit or not, that a query fits (search/query.h): each is given as the caller writes it, in
 * the order of the input.
 *
 *     find_parse(&f, text, zone_s, &err);   find_intern() before decoders are made
 *     find_begin(&f, keys, threads, &err);  workers: find_write()
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "detect/scan.h"
#include "search/query.h"

struct find {
    struct query query;
    struct arena arena;
    bool wants_text; /* the record's own text decides, too */
    bool records;    /* instead of write(): the record itself is appended, a line each */
    struct query_matcher *matchers[SCAN_THREADS_MAX];
    struct buf raw[SCAN_THREADS_MAX];
    _Atomic uint64_t found;
    /* Appends an event; raw: the record in bytes that can be read, or empty. Several threads. */
    void (*write)(void *ctx, const struct scan_event *e, struct slice raw, struct buf *out);
    void *ctx;
};

/* Sources and units mean nothing in files: refused. 0, or negative with err.col in the query. */
CANH_MUST_USE int find_parse(struct find *f, struct slice text, int zone_s, struct err *err);
CANH_MUST_USE int find_intern(void *find, struct ruleset *rs, struct err *err);
CANH_MUST_USE int find_begin(struct find *f, const struct keys *keys, struct err *err);
void find_done(struct find *f);

/* scan_keep.event; ctx: struct find. */
void find_write(void *find, const struct scan_event *e, struct buf *out);

#endif
