/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_LUMBERJACK_H
#define CANH_COLLECT_LUMBERJACK_H
/*
 * Lumberjack, version 2: what `output.logstash` of Beats speaks. Source: go-lumber, protocol/v2 and
 * server/v2 (github.com/elastic/go-lumber).
 *
 *     '2' 'W' u32 events that follow        a window
 *     '2' 'J' u32 number u32 length JSON    an event
 *     '2' 'C' u32 length zlib               such frames, packed
 *     '2' 'A' u32 number                    the answer: events of the window up to this one are
 * kept
 *
 * Big endian. A frame over its limit is an error; what is packed is bounded, too. Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum {
    LUMBERJACK_EVENT_MAX = 4 << 20,
    LUMBERJACK_PACKED_MAX = 8 << 20,
    LUMBERJACK_PLAIN_MAX = 16 << 20,
    LUMBERJACK_ACK = 6, /* bytes */
};

struct lumberjack_event {
    struct slice json; /* valid until the next call */
    uint32_t number;
    bool last; /* of its window */
};

struct lumberjack_stream {
    struct buf have, plain; /* read; unpacked of a frame C */
    size_t at, plain_at;
    bool packed;     /* events come out of plain now */
    uint32_t window; /* events of it that are to come */
};

void lumberjack_init(struct lumberjack_stream *s);
void lumberjack_done(struct lumberjack_stream *s);
/* Bytes that it holds; what is read through is given back by lumberjack_rest(). */
size_t lumberjack_held(const struct lumberjack_stream *s);
/* Between two windows a connection that may last for months keeps nothing. */
void lumberjack_rest(struct lumberjack_stream *s);
/* As syslog_stream_room() and syslog_stream_consume(). */
uint8_t *lumberjack_room(struct lumberjack_stream *s, size_t *ret_n);
void lumberjack_consume(struct lumberjack_stream *s, size_t n);
/* 1; 0: more bytes are needed; -CE_SYNTAX, -CE_TOO_BIG, -CE_CORRUPT …: no more can be read. */
CANH_MUST_USE int lumberjack_next(struct lumberjack_stream *s, struct lumberjack_event *ret);
void lumberjack_ack(uint32_t number, uint8_t ret[LUMBERJACK_ACK]);

#endif
