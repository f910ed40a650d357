/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/time.h"
#include "lang/err_os.h"

/* A frame that the peer has no room for yet. */
struct channel_queued {
    struct channel_queued *next;
    int fds[FRAME_FDS];
    unsigned fd_count;
    size_t n;
    uint8_t packet[];
};

static uint64_t get_le(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static void write_le(struct buf *b, uint64_t v, unsigned n)
{
    uint8_t *p = buf_reserve(b, n);

    if (p == NULL)
        return;
    for (unsigned i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
    b->len += n;
}

int frame_take_fd(struct frame *f, unsigned i)
{
    return i < f->fd_count ? fd_take(&f->fds[i]) : -1;
}

static void frame_close_fds(struct frame *f)
{
    for (unsigned i = 0; i < f->fd_count; i++)
        fd_closep(&f->fds[i]);
    f->fd_count = 0;
}

int frame_parse(struct slice packet, struct frame *ret, struct err *err)
{
    if (packet.n < FRAME_HEAD || packet.n > FRAME_HEAD + FRAME_MAX)
        return err_fail(err, CE_PEER, ERR_OS_FRAME_BYTES, packet.n);
    if (get_le(packet.p, 2) != FRAME_VERSION)
        return err_fail(err, CE_PEER, ERR_OS_FRAME_VERSION, get_le(packet.p, 2));
    ret->type = (uint16_t)get_le(packet.p + 2, 2);
    ret->body = slice_from(packet, FRAME_HEAD);
    if (get_le(packet.p + 4, 4) != ret->body.n)
        return err_fail(err, CE_PEER, ERR_OS_FRAME_NOT_AS_LONG_AS);
    return 0;
}

const struct frame_rule *frame_rule_for(const struct frame_rule *rules, size_t n,
                                        const struct frame *f)
{
    for (size_t i = 0; i < n; i++)
        if (rules[i].type == f->type && f->body.n <= rules[i].max && rules[i].fds == f->fd_count)
            return &rules[i];
    return NULL;
}

int frame_end(const struct frame_reader *r)
{
    return r->bad || r->rest.n ? -CE_PEER : 0;
}

int channel_pair(int ret[2], struct err *err)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ret) < 0)
        return err_fail_sys(err, errno, ERR_OS_SOCKETPAIR);
    return 0;
}

static void waiting_drop(struct channel *c)
{
    struct channel_queued *w = c->waiting;

    c->waiting = w->next;
    if (c->waiting == NULL)
        c->waiting_end = &c->waiting;
    c->waiting_bytes -= w->n;
    for (unsigned i = 0; i < w->fd_count; i++)
        fd_closep(&w->fds[i]);
    free(w);
}

void channel_close(struct channel *c)
{
    if (c->fd < 0)
        return;
    if (c->loop)
        loop_drop(c->loop, c->fd);
    fd_closep(&c->fd);
    c->fd = -1;
    while (c->waiting)
        waiting_drop(c);
}

/* 1 sent, 0 no room, negative: nobody there. */
static int send_packet(int fd, struct slice packet, const int *fds, unsigned fd_count,
                       struct err *err)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int) * FRAME_FDS)];
    } control = {{0}};
    struct iovec iov = {.iov_len = packet.n};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};

    memcpy(&iov.iov_base, &packet.p, sizeof(iov.iov_base));
    if (fd_count) {
        struct cmsghdr *h;

        canh_assert(fd_count <= FRAME_FDS);
        msg.msg_control = control.room;
        msg.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        h = CMSG_FIRSTHDR(&msg);
        h->cmsg_level = SOL_SOCKET;
        h->cmsg_type = SCM_RIGHTS;
        h->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(h), fds, sizeof(int) * fd_count);
    }
    for (;;) {
        if (sendmsg(fd, &msg, MSG_NOSIGNAL) >= 0)
            return 1;
        if (errno == EINTR)
            continue;
        if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
            return 0;
        return err_fail(err, CE_PEER, ERR_OS_OTHER_SIDE_GONE);
    }
}

static int channel_watch(struct channel *c, struct err *err)
{
    uint32_t events = (c->resting ? 0 : (uint32_t)EPOLLIN) | (c->waiting ? (uint32_t)EPOLLOUT : 0);

    return c->loop ? loop_change(c->loop, c->fd, events, err) : 0;
}

static void channel_set_rest(struct channel *c, bool rests)
{
    bool before = c->resting;

    if (c->fd < 0 || c->loop == NULL || rests == before)
        return;
    c->resting = rests;
    if (channel_watch(c, NULL) < 0)
        c->resting = before;
}

void channel_rest(struct channel *c)
{
    channel_set_rest(c, true);
}

void channel_wake(struct channel *c)
{
    channel_set_rest(c, false);
}

/* Sends what waits, in order. */
static int channel_flush(struct channel *c, struct err *err)
{
    int r = 1;

    while (c->waiting) {
        struct channel_queued *w = c->waiting;

        r = send_packet(c->fd, slice_of(w->packet, w->n), w->fds, w->fd_count, err);
        if (r <= 0)
            break;
        waiting_drop(c);
    }
    return r < 0 ? r : 0;
}

static int channel_keep(struct channel *c, struct slice packet, const int *fds, unsigned fd_count,
                        struct err *err)
{
    struct channel_queued *w;

    if (c->waiting_bytes + packet.n > CHANNEL_WAITING_MAX)
        return err_fail(err, CE_BUSY, ERR_OS_OTHER_SIDE_DOES_NOT_KEEP);
    w = malloc(sizeof(*w) + packet.n);
    if (w == NULL)
        return err_nomem(err);
    *w = (struct channel_queued){.n = packet.n};
    memcpy(w->packet, packet.p, packet.n);
    for (; w->fd_count < fd_count; w->fd_count++) {
        w->fds[w->fd_count] = fcntl(fds[w->fd_count], F_DUPFD_CLOEXEC, 3);
        if (w->fds[w->fd_count] < 0) {
            int sys = errno;

            while (w->fd_count > 0)
                fd_closep(&w->fds[--w->fd_count]);
            free(w);
            return err_fail_sys(err, sys, ERR_OS_FRAME);
        }
    }
    *c->waiting_end = w;
    c->waiting_end = &w->next;
    c->waiting_bytes += packet.n;
    return 0;
}

int channel_send(struct channel *c, uint16_t type, struct slice body, const int *fds,
                 unsigned fd_count, struct err *err)
{
    struct buf packet = BUF_INIT(FRAME_HEAD + FRAME_MAX);
    bool was_waiting = c->waiting != NULL;
    int r;

    if (c->fd < 0)
        return err_fail(err, CE_PEER, ERR_OS_OTHER_SIDE_GONE);
    channel_wake(c);
    write_le(&packet, FRAME_VERSION, 2);
    write_le(&packet, type, 2);
    write_le(&packet, body.n, 4);
    buf_append_slice(&packet, body);
    if (packet.err || fd_count > FRAME_FDS) {
        buf_done(&packet);
        return err_fail(err, CE_TOO_BIG, ERR_OS_FRAME_BYTES, body.n);
    }
    r = was_waiting ? 0 : send_packet(c->fd, buf_slice(&packet), fds, fd_count, err);
    if (r == 0) {
        r = channel_keep(c, buf_slice(&packet), fds, fd_count, err);
        if (r == 0 && !was_waiting)
            r = channel_watch(c, err);
    }
    buf_done(&packet);
    return r < 0 ? r : 0;
}

static void collect_fds(struct msghdr *msg, struct frame *f)
{
    for (struct cmsghdr *h = CMSG_FIRSTHDR(msg); h; h = CMSG_NXTHDR(msg, h)) {
        size_t n;

        if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
            continue;
        n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(h) + i * sizeof(int), sizeof(int));
            if (f->fd_count < FRAME_FDS)
                f->fds[f->fd_count++] = fd;
            else
                fd_closep(&fd);
        }
    }
}

/* 1: a packet; 0: none yet. */
static int receive_packet(int fd, struct slice room, struct slice *ret, struct frame *f,
                          struct err *err)
{
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int) * FRAME_FDS)];
    } control;
    struct iovec iov = {.iov_len = room.n};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = control.room,
                         .msg_controllen = sizeof(control.room)};
    ssize_t n;

    memcpy(&iov.iov_base, &room.p, sizeof(iov.iov_base));
    do /* a reset is told before what the peer sent last, and once */
        n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
    while (n < 0 && (errno == EINTR || errno == ECONNRESET));
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 0;
    if (n <= 0)
        return err_fail(err, CE_PEER, ERR_OS_OTHER_SIDE_GONE);
    collect_fds(&msg, f);
    if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        frame_close_fds(f);
        return err_fail(err, CE_PEER, ERR_OS_FRAME_OVER_LIMIT);
    }
    *ret = slice_of(room.p, (size_t)n);
    return 1;
}

/* Takes one frame: 1, 0 none there, negative. */
static int channel_receive(struct channel *c, struct err *err)
{
    uint8_t room[FRAME_HEAD + FRAME_MAX];
    struct frame f = {.fd_count = 0};
    const struct frame_rule *rule;
    struct slice packet;
    int r = receive_packet(c->fd, slice_of(room, sizeof(room)), &packet, &f, err);

    if (r <= 0)
        return r;
    r = frame_parse(packet, &f, err);
    if (r == 0) {
        rule = frame_rule_for(c->rules, c->rule_count, &f);
        r = rule ? rule->take(c->u, &f, err)
                 : err_fail(err, CE_PEER, ERR_OS_FRAME_TYPE_NOT_ALLOWED_HERE, f.type);
    }
    frame_close_fds(&f);
    return r < 0 ? r : 1;
}

static void channel_end(struct channel *c, const struct err *err)
{
    channel_close(c);
    if (c->lost)
        c->lost(c->u, c, err);
}

static void channel_event(void *u, int fd, uint32_t events)
{
    struct channel *c = u;
    struct err err = ERR_INIT;
    int r = 1;

    if (events & EPOLLOUT) {
        r = channel_flush(c, &err);
        if (r == 0)
            r = channel_watch(c, &err);
        if (r == 0)
            r = 1;
    }
    /* A few at a time, so that one peer does not starve the others. */
    for (unsigned i = 0; i < 16 && r > 0 && c->fd == fd && (events & (EPOLLIN | EPOLLHUP)); i++)
        r = channel_receive(c, &err);
    if (r >= 0 && (events & EPOLLERR))
        r = err_fail(&err, CE_PEER, ERR_OS_OTHER_SIDE_GONE);
    if (r < 0 && c->fd == fd)
        channel_end(c, &err);
}

int channel_open(struct channel *c, int fd, const struct frame_rule *rules, size_t rule_count,
                 void *u, struct loop *loop, channel_lost_fn *lost, struct err *err)
{
    int r;

    *c = (struct channel){
        .fd = fd, .rules = rules, .rule_count = rule_count, .u = u, .loop = loop, .lost = lost};
    c->waiting_end = &c->waiting;
    if (loop == NULL)
        return 0;
    r = loop_add(loop, fd, EPOLLIN, channel_event, c, err);
    if (r < 0)
        fd_closep(&c->fd);
    return r;
}

int channel_wait(struct channel *c, int64_t wait, struct err *err)
{
    int64_t until = wait < 0 ? INT64_MAX : loop_clock() + wait;
    int r = channel_flush(c, err);

    while (r == 0 && (r = channel_receive(c, err)) == 0) {
        struct pollfd p = {.fd = c->fd, .events = (short)(POLLIN | (c->waiting ? POLLOUT : 0))};
        int64_t left = until - loop_clock();

        if (wait >= 0 && left <= 0)
            return 0;
        if (poll(&p, 1, wait < 0 ? -1 : (int)(left / 1000000) + 1) < 0 && errno != EINTR)
            return err_fail_sys(err, errno, ERR_OS_POLL);
        r = channel_flush(c, err);
    }
    return r;
}
