/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_REPORT_H
#define CANH_HUNT_REPORT_H
/*
 * The report of a scan as one HTML page for a person who is no analyst: the three things that
 * matter most, when, on which computers, and for each rule what it means and what to do. Nothing in
 * it comes from elsewhere: no script, no picture, no font; every text of a log is inert. Prints on
 * A4.
 *
 *     report_begin(&r, …); report_add(&r, hit) for all hits, in any order; report_write(&r, out)
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "detect/scan.h"
#include "hunt/face.h"

enum {
    REPORT_BARS = 60,    /* of the chart */
    REPORT_EXAMPLES = 3, /* of a rule */
    REPORT_TEXT = 700,   /* bytes of an example */
    REPORT_HOSTS = 50,   /* rows */
    REPORT_RULES = 400,  /* rules told in full; of the others the count */
    REPORT_FIRST = 3,    /* things that matter most */
};

struct report_example {
    int64_t time;
    bool local;
    struct slice host, text;
};

struct report_rule {
    struct report_example examples[REPORT_EXAMPLES];
    uint32_t count;
};

struct report {
    const struct ruleset *rules;
    const struct scan_result *result;
    enum lang lang;
    const struct zone *zone;
    struct paths inputs;
    int64_t now;
    struct report_rule *by_rule; /* of tally.rule_count */
    uint32_t *order;             /* rules that found something, most weight first */
    uint32_t order_count;
    int64_t first, last; /* of all hits; TIME_NONE */
    uint64_t bars[REPORT_BARS][LEVEL_MAX];
    struct arena arena;
    struct face_job *job; /* words and language of details */
};

/* The tally must be complete. 0 or -CE_NOMEM. */
CANH_MUST_USE int report_begin(struct report *r);
void report_done(struct report *r);
void report_add(struct report *r, const struct hit *h);
void report_write(const struct report *r, struct buf *out);

/* A layer for the ATT&CK Navigator: techniques of rules that found something, with counts. */
void navigator_write(const struct ruleset *rules, const struct tally *tally, enum lang lang,
                     struct buf *out);

#endif
