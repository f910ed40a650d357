/* SPDX-License-Identifier: Apache-2.0 */
/* Frames: bodies, tables of what is allowed, descriptors, a slow peer, a peer that misbehaves. */
#define _GNU_SOURCE
#include "os/frame.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "os/bulk.h"
#include "tap.h"

enum { T_TEXT = 1, T_FD = 2, T_REFUSED = 3, T_UNKNOWN = 9 };

struct seen {
    unsigned texts, fds, lost;
    uint8_t last;
    struct loop *loop;
};

static int take_text(void *u, struct frame *f, struct err *err)
{
    struct seen *s = u;

    (void)err;
    s->texts++;
    s->last = f->body.n ? f->body.p[0] : 0;
    return 0;
}

static int take_fd(void *u, struct frame *f, struct err *err)
{
    struct seen *s = u;
    struct slice bytes;
    int r = bulk_map(f->fds[0], 100, &bytes, err);

    if (r < 0)
        return r;
    s->fds += slice_is(bytes, "hello");
    bulk_unmap(bytes);
    return 0;
}

static int take_refused(void *u, struct frame *f, struct err *err)
{
    (void)u;
    (void)f;
    return err_code(err, CE_PEER);
}

static const struct frame_rule rules[] = {
    {.type = T_TEXT, .max = 1000, .take = take_text},
    {.type = T_FD, .fds = 1, .take = take_fd},
    {.type = T_REFUSED, .take = take_refused},
};

static void lost(void *u, struct channel *c, const struct err *err)
{
    struct seen *s = u;

    s->lost++;
    ok(!channel_is_open(c) && err->code == CE_PEER, "a lost channel is closed, and says why");
    loop_stop(s->loop);
}

static void test_bodies(void)
{
    struct buf b = BUF_INIT(100);
    struct frame_reader r;

    frame_put_u8(&b, 7);
    frame_put_u64(&b, UINT64_MAX);
    frame_put_i64(&b, -5);
    frame_put_text(&b, SLICE("abc"));
    r = frame_reader(buf_slice(&b));
    is_int(frame_get_u8(&r), 7, "u8");
    ok(frame_get_u64(&r) == UINT64_MAX, "u64");
    is_int(frame_get_i64(&r), -5, "i64");
    is_slice(frame_get_text(&r, 3), SLICE("abc"), "text");
    is_int(frame_end(&r), 0, "all read");
    r = frame_reader(buf_slice(&b));
    (void)frame_get_u8(&r);
    is_int(frame_end(&r), -CE_PEER, "bytes left over are an error");
    r = frame_reader(SLICE("\x05\0\0\0abcde"));
    is_int((int64_t)frame_get_text(&r, 4).n, 0, "a text over its limit is none");
    is_int(frame_get_u8(&r), 0, "and nothing is read after it");
    is_int(frame_end(&r), -CE_PEER, "and it is told");
    buf_done(&b);
}

static struct channel a, b;
static struct seen seen;

static void pair(struct loop *l)
{
    int fds[2];

    memset(&seen, 0, sizeof(seen));
    seen.loop = l;
    ok(channel_pair(fds, NULL) == 0 &&
           channel_open(&a, fds[0], rules, CANH_LEN(rules), &seen, l, lost, NULL) == 0 &&
           channel_open(&b, fds[1], NULL, 0, NULL, NULL, NULL, NULL) == 0,
       "a pair");
}

static void test_frames(struct loop *l)
{
    int fd = -1;

    pair(l);
    ok(channel_send(&b, T_TEXT, SLICE("x"), NULL, 0, NULL) == 0 &&
           bulk_make(SLICE("hello"), &fd, NULL) == 0 &&
           channel_send(&b, T_FD, SLICE_NULL, &fd, 1, NULL) == 0,
       "sent");
    fd_closep(&fd);
    is_int(loop_turn(l, TIME_SECOND, NULL), 0, "a turn");
    is_int(seen.texts, 1, "the text came");
    is_int(seen.fds, 1, "and the bytes in a memfd");
    channel_close(&b);
    is_int(loop_run(l, NULL), 0, "run");
    is_int(seen.lost, 1, "the end is told once");
}

static void test_rest(struct loop *l)
{
    pair(l);
    channel_rest(&a);
    ok(channel_send(&b, T_TEXT, SLICE("x"), NULL, 0, NULL) == 0, "sent to one that rests");
    (void)loop_turn(l, 0, NULL);
    is_int(seen.texts, 0, "it is not taken");
    ok(channel_send(&a, T_TEXT, SLICE("y"), NULL, 0, NULL) == 0, "who sends rests no more");
    (void)loop_turn(l, TIME_SECOND, NULL);
    is_int(seen.texts, 1, "and takes what came");
    channel_rest(&a);
    ok(channel_send(&b, T_TEXT, SLICE("x"), NULL, 0, NULL) == 0, "sent");
    channel_wake(&a);
    (void)loop_turn(l, TIME_SECOND, NULL);
    is_int(seen.texts, 2, "one that was woken takes it, too");
    channel_rest(&a);
    ok(channel_send(&b, T_TEXT, SLICE("x"), NULL, 0, NULL) == 0, "sent");
    channel_close(&b);
    is_int(loop_run(l, NULL), 0, "run");
    is_int(seen.texts, 3, "what was sent last is taken");
    is_int(seen.lost, 1, "and that the peer has gone is told though it rests");
}

static void refused(struct loop *l, uint16_t type, struct slice body, const char *what)
{
    pair(l);
    ok(channel_send(&b, type, body, NULL, 0, NULL) == 0, "%s: sent", what);
    (void)loop_turn(l, TIME_SECOND, NULL);
    is_int(seen.lost, 1, "%s ends the connection", what);
    channel_close(&b);
}

static void test_refused(struct loop *l)
{
    uint8_t big[1001] = {0};

    refused(l, T_UNKNOWN, SLICE_NULL, "an unknown type");
    refused(l, T_TEXT, slice_of(big, sizeof(big)), "a body over the table's size");
    refused(l, T_FD, SLICE_NULL, "a missing descriptor");
    refused(l, T_REFUSED, SLICE_NULL, "what the rule refuses");
    pair(l);
    ok(send(b.fd, "junk", 4, 0) == 4, "junk");
    (void)loop_turn(l, TIME_SECOND, NULL);
    is_int(seen.lost, 1, "junk ends the connection");
    channel_close(&b);
}

static void test_slow_peer(struct loop *l)
{
    uint8_t body[1000] = {1};
    unsigned sent = 0;
    struct err err = ERR_INIT;
    int r = 0;

    pair(l);
    while ((r = channel_send(&b, T_TEXT, slice_of(body, sizeof(body)), NULL, 0, &err)) == 0)
        sent++;
    ok(r == -CE_BUSY && channel_is_waiting(&b), "what waits for a slow peer is bounded");
    for (unsigned i = 0; seen.texts < sent && i < 100000; i++) {
        (void)loop_turn(l, 0, NULL);
        (void)channel_wait(&b, 0, NULL);
    }
    is_int(seen.texts, sent, "all that was taken arrives, in order");
    channel_close(&b);
    (void)loop_turn(l, TIME_SECOND, NULL);
}

static void test_not_sealed(void)
{
    int fds[2];
    struct slice s;

    ok(pipe(fds) == 0, "a pipe");
    is_int(bulk_map(fds[0], 10, &s, NULL), -CE_PEER, "is no sealed memfd");
    fd_closep(&fds[0]);
    fd_closep(&fds[1]);
}

int main(void)
{
    struct loop *l = NULL;

    if (!ok(loop_new(&l, NULL) == 0, "a loop"))
        return tap_done();
    test_bodies();
    test_frames(l);
    test_rest(l);
    test_refused(l);
    test_slow_peer(l);
    test_not_sealed();
    l = loop_free(l);
    return tap_done();
}
