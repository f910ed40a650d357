/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_FRAME_H
#define CANH_OS_FRAME_H
/*
 * Frames between processes: one packet of a SOCK_SEQPACKET socket each.
 *
 *     u16 version (1)   u16 type   u32 length of the body   body
 *
 * little endian, body at most FRAME_MAX, descriptors beside it; what is larger goes as a sealed
 * memfd (bulk.h). Each receiver has a const table of the types that it takes; anything else is
 * -CE_PEER, and the connection is at its end: a peer that breaks its word is not listened to again.
 *
 * A body is made with frame_put_*() and read with frame_get_*(), whose first failure sticks:
 *
 *     struct frame_reader r = frame_reader(f);
 *     uint64_t offset = frame_get_u64(&r);
 *     struct slice name = frame_get_text(&r, 64);
 *     if (frame_end(&r) < 0) return -CE_PEER;     also when bytes are left over
 */
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "os/loop.h"

enum {
    FRAME_VERSION = 1,
    FRAME_HEAD = 8,
    FRAME_MAX = 64 * 1024,
    FRAME_FDS = 3,
    CHANNEL_WAITING_MAX = 4 * 1024 * 1024, /* bytes that a slow peer may leave unsent */
};

struct frame {
    uint16_t type;
    struct slice body;  /* valid while the frame is being taken */
    int fds[FRAME_FDS]; /* closed afterwards, unless taken with frame_take_fd() */
    unsigned fd_count;
};

/* The descriptor becomes the caller's; -1 when there is none. */
int frame_take_fd(struct frame *f, unsigned i);

struct frame_rule {
    uint16_t type;
    uint8_t fds;  /* exactly so many descriptors */
    uint32_t max; /* bytes of body */
    /* 0, or negative: the connection ends. */
    int (*take)(void *u, struct frame *f, struct err *err);
};

/* Splits a packet; -CE_PEER when it is none. Pure. */
CANH_MUST_USE int frame_parse(struct slice packet, struct frame *ret, struct err *err);
/* The row that takes the frame; NULL: none. Pure. */
const struct frame_rule *frame_rule_for(const struct frame_rule *rules, size_t n,
                                        const struct frame *f);

CANH_INLINE void frame_put_u8(struct buf *b, uint8_t v)
{
    buf_putc(b, v);
}

CANH_INLINE void frame_put_u32(struct buf *b, uint32_t v)
{
    v = htole32(v);
    buf_append(b, &v, sizeof(v));
}

CANH_INLINE void frame_put_u64(struct buf *b, uint64_t v)
{
    v = htole64(v);
    buf_append(b, &v, sizeof(v));
}

CANH_INLINE void frame_put_i64(struct buf *b, int64_t v)
{
    frame_put_u64(b, (uint64_t)v);
}

CANH_INLINE void frame_put_bytes(struct buf *b, const void *p, size_t n)
{
    buf_append(b, p, n);
}

/* Length (u32), then the bytes. */
CANH_INLINE void frame_put_text(struct buf *b, struct slice s)
{
    if (s.n > UINT32_MAX)
        b->err = -CE_TOO_BIG;
    frame_put_u32(b, (uint32_t)s.n);
    buf_append_slice(b, s);
}

struct frame_reader {
    struct slice rest;
    bool bad;
};

CANH_INLINE struct frame_reader frame_reader(struct slice body)
{
    return (struct frame_reader){.rest = body};
}

/* Exactly n bytes into to (zeroed on failure). */
CANH_INLINE void frame_get_bytes(struct frame_reader *r, void *to, size_t n)
{
    if (CANH_UNLIKELY(r->bad || r->rest.n < n)) {
        r->bad = true;
        memset(to, 0, n);
        return;
    }
    if (n)
        memcpy(to, r->rest.p, n);
    r->rest = slice_from(r->rest, n);
}

CANH_INLINE uint8_t frame_get_u8(struct frame_reader *r)
{
    uint8_t v;

    frame_get_bytes(r, &v, sizeof(v));
    return v;
}

CANH_INLINE uint32_t frame_get_u32(struct frame_reader *r)
{
    uint32_t v;

    frame_get_bytes(r, &v, sizeof(v));
    return le32toh(v);
}

CANH_INLINE uint64_t frame_get_u64(struct frame_reader *r)
{
    uint64_t v;

    frame_get_bytes(r, &v, sizeof(v));
    return le64toh(v);
}

CANH_INLINE int64_t frame_get_i64(struct frame_reader *r)
{
    return (int64_t)frame_get_u64(r);
}

/* Empty when it is longer than max. Borrows from the body. */
CANH_INLINE struct slice frame_get_text(struct frame_reader *r, size_t max)
{
    size_t n = frame_get_u32(r);
    struct slice ret = slice_head(r->rest, n);

    if (CANH_UNLIKELY(n > max || r->bad || r->rest.n < n)) {
        r->bad = true;
        return SLICE_NULL;
    }
    r->rest = slice_from(r->rest, n);
    return ret;
}
/* 0 when everything was there and nothing is left, else -CE_PEER. */
CANH_MUST_USE int frame_end(const struct frame_reader *r);

struct channel;
typedef void channel_lost_fn(void *u, struct channel *c, const struct err *err);

struct channel_queued;

/* One end of a connection. Zeroed with fd = -1: closed. */
struct channel {
    int fd;
    const struct frame_rule *rules;
    size_t rule_count;
    void *u;
    struct loop *loop; /* NULL: used without one */
    channel_lost_fn *lost;
    struct channel_queued *waiting, **waiting_end;
    size_t waiting_bytes;
    bool resting;
};

/* A connected pair, both close-on-exec and non-blocking. */
CANH_MUST_USE int channel_pair(int ret[2], struct err *err);

/*
 * Takes fd. With a loop, frames are taken as they come, and `lost` is called once when the
 * connection ends (peer gone, a frame not allowed, a rule that failed): the channel is closed
 * then. Without one: channel_wait().
 */
CANH_MUST_USE int channel_open(struct channel *c, int fd, const struct frame_rule *rules,
                               size_t rule_count, void *u, struct loop *loop, channel_lost_fn *lost,
                               struct err *err);
void channel_close(struct channel *c);
CANH_INLINE bool channel_is_open(const struct channel *c)
{
    return c->fd >= 0;
}

/*
 * Sends, or keeps the frame until the peer has room: -CE_BUSY when too much is waiting, -CE_PEER
 * when nobody is there. Descriptors are duplicated, the caller keeps his.
 */
CANH_MUST_USE int channel_send(struct channel *c, uint16_t type, struct slice body, const int *fds,
                               unsigned fd_count, struct err *err);
/* Whether frames wait for the peer. */
CANH_INLINE bool channel_is_waiting(const struct channel *c)
{
    return c->waiting != NULL;
}
/* Of a channel with a loop: nothing is taken until the next frame is sent or channel_wake(), so
 * that answers nobody waits for wake nobody up. That the peer has gone is told as ever. */
void channel_rest(struct channel *c);
void channel_wake(struct channel *c);
/* Takes one frame, waiting at most `wait` nanoseconds (negative: for ever): 1, or 0 when none
 * came. */
int channel_wait(struct channel *c, int64_t wait, struct err *err);

#endif
