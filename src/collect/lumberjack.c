/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/lumberjack.h"

#include "collect/body.h"

enum { READ_STEP = 64 * 1024, HEAD = 6, EVENT_HEAD = 10, HAVE_MAX = LUMBERJACK_PACKED_MAX + HEAD };

void lumberjack_init(struct lumberjack_stream *s)
{
    *s = (struct lumberjack_stream){.have = BUF_INIT(HAVE_MAX + READ_STEP),
                                    .plain = BUF_INIT(LUMBERJACK_PLAIN_MAX)};
}

void lumberjack_done(struct lumberjack_stream *s)
{
    buf_done(&s->have);
    buf_done(&s->plain);
}

size_t lumberjack_held(const struct lumberjack_stream *s)
{
    return s->have.cap + s->plain.cap;
}

void lumberjack_rest(struct lumberjack_stream *s)
{
    if (s->plain_at == s->plain.len) {
        buf_done(&s->plain);
        s->plain_at = 0;
        s->packed = false;
    }
    if (s->at == s->have.len) {
        buf_done(&s->have);
        s->at = 0;
    }
}

uint8_t *lumberjack_room(struct lumberjack_stream *s, size_t *ret_n)
{
    if (s->at > 0) {
        memmove(s->have.p, s->have.p + s->at, s->have.len - s->at);
        s->have.len -= s->at;
        s->at = 0;
    }
    *ret_n = CANH_MIN((size_t)READ_STEP, s->have.max - s->have.len);
    return *ret_n ? buf_reserve(&s->have, *ret_n) : NULL;
}

void lumberjack_consume(struct lumberjack_stream *s, size_t n)
{
    s->have.len += n;
}

static uint32_t number_at(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* An event at the start of rest: its bytes with the head; 0: not all of it is there. */
static int read_event(struct lumberjack_stream *s, struct slice rest, size_t *ret_taken,
                      struct lumberjack_event *ret)
{
    uint32_t n;

    *ret_taken = 0;
    if (rest.n < EVENT_HEAD)
        return 0;
    n = number_at(rest.p + 6);
    if (n > LUMBERJACK_EVENT_MAX)
        return -CE_TOO_BIG;
    if (rest.n - EVENT_HEAD < n)
        return 0;
    if (s->window == 0)
        return -CE_SYNTAX; /* more than were announced */
    s->window--;
    *ret = (struct lumberjack_event){.json = slice_of(rest.p + EVENT_HEAD, n),
                                     .number = number_at(rest.p + 2),
                                     .last = s->window == 0};
    *ret_taken = EVENT_HEAD + n;
    return 1;
}

/* The next event of what was packed: 1, 0 when there is none left, negative. */
static int next_packed(struct lumberjack_stream *s, struct lumberjack_event *ret)
{
    struct slice rest = slice_from(buf_slice(&s->plain), s->plain_at);
    size_t taken;
    int r;

    if (rest.n == 0) {
        s->packed = false;
        return 0;
    }
    if (rest.n < 2 || rest.p[0] != '2' || rest.p[1] != 'J')
        return -CE_SYNTAX;
    r = read_event(s, rest, &taken, ret);
    s->plain_at += taken;
    return r == 0 ? -CE_TRUNCATED : r;
}

/* Unpacks a frame C: 1, 0 when not all of it is there, negative. */
static int lumberjack_unpack(struct lumberjack_stream *s, struct slice rest)
{
    uint32_t n = number_at(rest.p + 2);
    int r;

    if (n > LUMBERJACK_PACKED_MAX)
        return -CE_TOO_BIG;
    if (rest.n - HEAD < n)
        return 0;
    buf_clear(&s->plain);
    r = body_decode(SLICE("deflate"), slice_of(rest.p + HEAD, n), &s->plain);
    s->at += HEAD + n;
    s->plain_at = 0;
    s->packed = true;
    return r < 0 ? r : 1;
}

int lumberjack_next(struct lumberjack_stream *s, struct lumberjack_event *ret)
{
    for (;;) {
        struct slice rest = slice_from(buf_slice(&s->have), s->at);
        size_t taken;
        int r = s->packed ? next_packed(s, ret) : 0;

        if (r != 0)
            return r;
        if (rest.n < HEAD)
            return 0;
        if (rest.p[0] != '2')
            return -CE_SYNTAX;
        if (rest.p[1] == 'J') {
            r = read_event(s, rest, &taken, ret);
            s->at += taken;
            return r;
        }
        if (rest.p[1] == 'C') {
            r = lumberjack_unpack(s, rest);
            if (r <= 0)
                return r;
        } else if (rest.p[1] == 'W') {
            if (s->window > 0)
                return -CE_SYNTAX; /* fewer than were announced */
            s->window = number_at(rest.p + 2);
            s->at += HEAD;
        } else {
            return -CE_SYNTAX;
        }
    }
}

void lumberjack_ack(uint32_t number, uint8_t ret[LUMBERJACK_ACK])
{
    ret[0] = '2';
    ret[1] = 'A';
    for (unsigned i = 0; i < 4; i++)
        ret[2 + i] = (uint8_t)(number >> (24 - 8 * i));
}
