/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_EVENT_ALERT_RECORD_H
#define CANH_EVENT_ALERT_RECORD_H
/*
 * One match of a rule as it stands in the journal's stream `alerts`: an object of JSON without
 * nesting, format 1. Fields that a reader does not know are passed over. Matches with one id are
 * one alert; who keeps alerts counts them (docs/alert-json.md has what canh scan prints).
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "event/alert.h"

enum {
    ALERT_RECORD_VERSION = 1,
    ALERT_RECORD_MAX = 64 * 1024, /* bytes of one record */
    ALERT_RECORD_TEXT = 1000,     /* bytes of one of its texts; what is longer is cut */
};

struct alert_record {
    uint8_t id[ALERT_ID_BYTES]; /* alert_id() */
    struct slice rule;          /* its id, else its path */
    struct slice title;
    struct slice title_vi, advice, advice_vi; /* where the rule has them */
    int32_t level;                            /* 1 informational … 5 critical */
    struct slice about; /* the entity: host, and the user acted as where the event names one */
    struct slice host, user, address;
    int64_t start;                   /* of the window in which repeats are one alert */
    int64_t time;                    /* of the event, or received */
    struct slice event;              /* its id, hexadecimal */
    struct slice stream;             /* where the event stands */
    struct slice asset, suppression; /* ids, hexadecimal, or empty */
    bool history;
};

/* BLAKE2b, 128 bits, of a source's id and a position in it. */
void event_id(const uint8_t source[16], struct slice base, uint64_t at, uint8_t ret[16]);

/* Appends the object. */
void alert_record_write(struct buf *out, const struct alert_record *x);
/* Reads one; texts lie in the arena. -CE_SYNTAX, -CE_MISSING, -CE_TOO_BIG. */
CANH_MUST_USE int alert_record_read(struct slice json, struct arena *arena,
                                    struct alert_record *ret, struct err *err);

#endif
