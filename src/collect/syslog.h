/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_SYSLOG_H
#define CANH_COLLECT_SYSLOG_H
/*
 * Syslog messages out of a stream of bytes (RFC 6587, RFC 5425), both framings, told apart message
 * by message: octet counting ("43 <34>1 2026-…") where digits and a blank begin it, else a line
 * that ends with LF or NUL. What is in a message is for decode/; its bytes are not changed. Pure.
 *
 *     struct syslog_stream s;
 *     syslog_stream_init(&s);
 *     to = syslog_stream_room(&s, &n);  …read at most n bytes to it…  syslog_stream_consume(&s,
 * got); while (syslog_stream_next(&s, &message)) … at the sender's end: syslog_stream_rest(&s,
 * &message)
 *
 * A message over SYSLOG_MAX is cut, marked, and its rest passed over.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"

enum { SYSLOG_MAX = 64 * 1024, SYSLOG_COUNT_DIGITS = 9 };

struct syslog_message {
    struct slice text; /* valid until room is asked for again */
    bool truncated;
};

struct syslog_stream {
    struct buf have;
    size_t at;      /* given of it */
    uint64_t skip;  /* octets of a counted message that is over the limit */
    bool skip_line; /* the rest of a line over the limit */
    uint64_t messages, truncated;
};

void syslog_stream_init(struct syslog_stream *s);
void syslog_stream_done(struct syslog_stream *s);
/* Where bytes are read to; NULL without memory. What was given before is gone. */
uint8_t *syslog_stream_room(struct syslog_stream *s, size_t *ret_n);
void syslog_stream_consume(struct syslog_stream *s, size_t n);
/* False: no whole message is there. Empty ones are passed over. */
bool syslog_stream_next(struct syslog_stream *s, struct syslog_message *ret);
/* Nothing more comes: what is left of a line that was not ended. */
bool syslog_stream_rest(struct syslog_stream *s, struct syslog_message *ret);

/* A datagram's message: without line ends and NULs behind it (RFC 3164 senders put them). */
struct slice syslog_datagram(struct slice packet);

#endif
