/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lumberjack, plain or by TLS, on one port: the first byte tells. Events are answered once they are
 * on disk; until then nothing more is read of the connection, so that a sender waits for us.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "collect/lumberjack.h"
#include "decode/decoder.h"
#include "node/watch/listen.h"

#define SHAKE_TIME (15 * TIME_SECOND)

enum {
    CONNECTIONS_MAX = 4096,
    CONNECTIONS_OF_ONE = 256, /* by address */
    HELD_FREE = 1 << 20,      /* of a connection; beyond it, what others hold counts */
    HELD_OF_ONE = 48 << 20,   /* of an address */
    HELD_MAX = 192 << 20,
    BATCH_MAX = 4 << 20, /* of records and alerts, answered together */
    EVENTS_MAX = 4096,
    BASE_MAX = 96,
    TLS_HELLO = 0x16,
};

struct beats_conn {
    struct watch *watch;
    struct beats_conn *next, **link;
    int fd;
    bool known, reading, sent; /* whether it speaks TLS; is polled; a batch waits for keep */
    bool gone;                 /* closed while its batch waits */
    struct tls_peer *tls;
    struct sender sender;
    const struct snapshot_source *source;
    struct lumberjack_stream stream;
    struct batch_out out;
    uint32_t records, number; /* in the batch; of its last event */
    uint8_t ack[LUMBERJACK_ACK];
    unsigned ack_at; /* sent of it */
    char base[BASE_MAX];
    uint64_t at;
    int64_t since;
};

struct beats_server {
    int fd;
    char base[BASE_MAX / 2];
    uint64_t connections;
    struct beats_conn *conns;
    unsigned count;
    const struct format *json;
};

static bool is_same(const struct beats_conn *c, const struct sender *sender)
{
    return memcmp(&c->sender.address, &sender->address, sizeof(sender->address)) == 0;
}

/* Windows that are begun and not ended, from everywhere or from one address, fill no memory: the
 * connection ends, and its sender comes again with all that was not answered. */
static bool is_too_much(const struct beats_conn *c)
{
    size_t of_one = 0, all = 0;

    if (lumberjack_held(&c->stream) <= HELD_FREE)
        return false;
    for (const struct beats_conn *x = c->watch->network->beats->conns; x; x = x->next) {
        size_t held = lumberjack_held(&x->stream);

        all += held;
        of_one += is_same(x, &c->sender) ? held : 0;
    }
    return of_one > HELD_OF_ONE || all > HELD_MAX;
}

static void conn_pause(struct beats_conn *c)
{
    if (c->reading)
        loop_drop(c->watch->role.loop, c->fd);
    c->reading = false;
}

static void conn_free(struct beats_conn *c)
{
    buf_done(&c->out.bytes);
    lumberjack_done(&c->stream);
    free(c);
}

static void conn_close(struct beats_conn *c)
{
    struct beats_server *s = c->watch->network->beats;

    conn_pause(c);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    s->count--;
    c->tls = tls_peer_free(c->tls);
    fd_closep(&c->fd);
    c->gone = true;
    if (!c->sent)
        conn_free(c);
}

static int conn_read(struct beats_conn *c, uint8_t *to, size_t n)
{
    ssize_t got;

    if (c->tls)
        return tls_peer_read(c->tls, to, n);
    got = recv(c->fd, to, n, 0);
    return got >= 0 ? (int)got : errno == EAGAIN || errno == EINTR ? -CE_BUSY : -CE_PEER;
}

/* Sends the rest of the answer; false: the connection is at its end. */
static bool send_ack(struct beats_conn *c)
{
    while (c->ack_at < LUMBERJACK_ACK) {
        const uint8_t *from = c->ack + c->ack_at;
        size_t n = LUMBERJACK_ACK - c->ack_at;
        ssize_t r = c->tls ? tls_peer_write(c->tls, from, n) : send(c->fd, from, n, MSG_NOSIGNAL);

        if (r < 0 && (c->tls ? r == -CE_BUSY : errno == EAGAIN))
            return true;
        if (r <= 0)
            return false;
        c->ack_at += (unsigned)r;
    }
    return true;
}

static void conn_ready(void *u, int fd, uint32_t events);

/* Answered: the sender is told, and what it has sent meanwhile is read. */
static void lumberjack_answered(struct watch *w, const struct sent *s, int code, struct slice taken)
{
    struct beats_conn *c = s->u;

    (void)taken;
    c->sent = false;
    lumberjack_rest(&c->stream);
    if (c->gone) {
        conn_free(c);
        return;
    }
    if (code < 0 || w->draining) { /* without an answer it sends everything again elsewhere */
        if (code == 0) {
            lumberjack_ack(c->number, c->ack);
            c->ack_at = 0;
            (void)send_ack(c);
        }
        conn_close(c);
        return;
    }
    lumberjack_ack(c->number, c->ack);
    c->ack_at = 0;
    c->reading = loop_add(w->role.loop, c->fd, EPOLLIN, conn_ready, c, NULL) == 0;
    if (!c->reading || !send_ack(c))
        conn_close(c);
    else
        conn_ready(c, c->fd, EPOLLIN);
}

static void write_event(struct beats_conn *c, const struct lumberjack_event *e)
{
    const struct format *format = c->watch->network->beats->json;
    size_t limit = (size_t)c->watch->role.config.record;
    struct received_record x = {.source = c->source,
                                .format = &format,
                                .text = slice_head(e->json, limit),
                                .base = slice_str(c->base),
                                .at = c->at++,
                                .count = COUNT_RECORD,
                                .received = time_now(),
                                .flags = e->json.n > limit ? (uint32_t)FLAG_TRUNCATED : 0,
                                .not_before = TIME_NONE};

    if (c->records == 0)
        send_begin(&c->out);
    send_record(&c->out, &x);
    c->records++;
    c->number = e->number;
    c->watch->network->counts[NETWORK_TAKEN]++;
}

/* Sends what was put; false: the connection is at its end. */
static bool conn_flush(struct beats_conn *c)
{
    struct err err = ERR_INIT;
    int r = send_end(&c->out, lumberjack_answered, c->source->id, c, false, &err);

    c->records = 0;
    c->sent = r == 0;
    conn_pause(c);
    return r == 0;
}

/* Puts events into a batch, up to a window's end. 1: a batch was sent, 0: more bytes are needed. */
static int conn_pump(struct beats_conn *c)
{
    struct lumberjack_event e;
    int r;

    while ((r = lumberjack_next(&c->stream, &e)) > 0) {
        write_event(c, &e);
        if (e.last || c->records == EVENTS_MAX || c->out.bytes.len > BATCH_MAX)
            return conn_flush(c) ? 1 : -CE_BUSY;
    }
    if (r < 0)
        c->watch->network->counts[NETWORK_BAD]++;
    return r;
}

static bool conn_identify(struct beats_conn *c)
{
    if (c->source == NULL)
        c->source = network_identify(c->watch, "lumberjack", c->tls, &c->sender);
    return c->source != NULL;
}

/* Whether the first byte is that of TLS; 0: nothing has come. */
static int conn_take(struct beats_conn *c)
{
    uint8_t first;
    ssize_t n = recv(c->fd, &first, 1, MSG_PEEK);

    if (n < 0)
        return errno == EAGAIN ? 0 : -1;
    if (n == 0)
        return -1;
    c->known = true;
    if (first == TLS_HELLO && c->watch->network->tls)
        c->tls = tls_peer_new(c->watch->network->tls, c->fd);
    return first == TLS_HELLO && c->tls == NULL ? -1 : 1;
}

/* 1: there may be more, 0: not now, -1: the connection is at its end. */
static int conn_receive(struct beats_conn *c)
{
    size_t room;
    uint8_t *to;
    int n = c->known ? 1 : conn_take(c);

    if (n <= 0)
        return n;
    n = conn_pump(c); /* what was read before */
    if (n != 0)
        return n < 0 ? -1 : 0;
    to = lumberjack_room(&c->stream, &room);
    n = to ? conn_read(c, to, room) : -1;
    if (n == -CE_BUSY)
        return 0;
    if (n <= 0) {
        c->watch->network->counts[NETWORK_HANDSHAKES] += c->tls && !tls_peer_is_shaken(c->tls);
        return -1;
    }
    if (!conn_identify(c))
        return -1;
    lumberjack_consume(&c->stream, (size_t)n);
    n = conn_pump(c);
    if (n == 0 && is_too_much(c)) {
        c->watch->network->counts[NETWORK_CROWD]++;
        return -1;
    }
    return n < 0 ? -1 : n == 0;
}

static void conn_ready(void *u, int fd, uint32_t events)
{
    struct beats_conn *c = u;
    int r;

    (void)fd;
    (void)events;
    if (!send_ack(c)) {
        conn_close(c);
        return;
    }
    if (!send_has_room(c->watch)) { /* looked at again by the tick and after an answer */
        conn_pause(c);
        return;
    }
    do
        r = conn_receive(c);
    while (r > 0);
    if (r < 0)
        conn_close(c);
}

static void conn_new(struct watch *w, int fd, const struct sender *sender)
{
    struct beats_server *s = w->network->beats;
    struct beats_conn *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        fd_closep(&fd);
        return;
    }
    *c = (struct beats_conn){.watch = w,
                             .fd = fd,
                             .ack_at = LUMBERJACK_ACK,
                             .out = {.w = w, .bytes = BUF_INIT(WIRE_BATCH_MAX)},
                             .sender = *sender,
                             .since = loop_clock(),
                             .next = s->conns,
                             .link = &s->conns};
    lumberjack_init(&c->stream);
    (void)snprintf(c->base, sizeof(c->base), "%s:%llu", s->base,
                   (unsigned long long)++s->connections);
    if (c->next)
        c->next->link = &c->next;
    s->conns = c;
    s->count++;
    c->reading = loop_add(w->role.loop, fd, EPOLLIN, conn_ready, c, NULL) == 0;
    if (!c->reading)
        conn_close(c);
}

static bool is_crowd(const struct beats_server *s, const struct sender *sender)
{
    unsigned same = 0;

    for (const struct beats_conn *c = s->conns; c; c = c->next)
        same += is_same(c, sender);
    return s->count >= CONNECTIONS_MAX || same >= CONNECTIONS_OF_ONE;
}

static void accept_ready(void *u, int listener, uint32_t events)
{
    struct watch *w = u;
    struct sockaddr_storage from = {0};
    socklen_t n = sizeof(from);
    int fd = accept4(listener, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct sender sender = {.has_cert = false};

    (void)events;
    if (fd < 0)
        return;
    network_sender(&from, &sender);
    if (is_crowd(w->network->beats, &sender)) {
        w->network->counts[NETWORK_CROWD]++;
        fd_closep(&fd);
        return;
    }
    conn_new(w, fd, &sender);
}

void beats_listen(struct watch *w)
{
    struct beats_server *s = w->network->beats;

    if (s == NULL || s->fd >= 0)
        return;
    s->fd = network_socket(w, SOCKET_LUMBERJACK, &w->role.config.lumberjack, false);
    if (s->fd < 0 || loop_add(w->role.loop, s->fd, EPOLLIN, accept_ready, w, NULL) < 0)
        s->fd = -1;
}

static void server_open(struct watch *w)
{
    struct beats_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return;
    s->json = format_by_name(SLICE("json"));
    (void)snprintf(s->base, sizeof(s->base), "beats:%llx", (unsigned long long)time_now());
    w->network->beats = s;
    s->fd = -1;
    beats_listen(w);
}

void beats_begin(struct watch *w, bool wanted)
{
    struct beats_server *s = w->network->beats;

    if (!wanted || w->role.config.lumberjack.port == 0) {
        beats_end(w);
        return;
    }
    if (s == NULL)
        server_open(w);
    for (struct beats_conn *c = s ? s->conns : NULL, *next; c; c = next) {
        bool known = c->source != NULL;

        next = c->next;
        c->source = NULL;
        if (known && !conn_identify(c))
            conn_close(c);
    }
}

/* Goes on with connections that found no room; ends handshakes that do not come to an end. */
void beats_tick(struct watch *w)
{
    struct beats_server *s = w->network->beats;

    for (struct beats_conn *c = s ? s->conns : NULL, *next; c; c = next) {
        bool late = !c->source && loop_clock() - c->since > SHAKE_TIME;

        next = c->next;
        if (late) {
            w->network->counts[NETWORK_HANDSHAKES]++;
            conn_close(c);
        } else if (!c->reading && !c->sent && send_has_room(w)) {
            c->reading = loop_add(w->role.loop, c->fd, EPOLLIN, conn_ready, c, NULL) == 0;
            conn_ready(c, c->fd, EPOLLIN);
        }
    }
}

/* Those that wait for no answer close now, the others once they have it. */
void beats_drain(struct watch *w)
{
    struct beats_server *s = w->network->beats;

    if (s == NULL)
        return;
    if (s->fd >= 0)
        loop_drop(w->role.loop, s->fd);
    s->fd = -1;
    for (struct beats_conn *c = s->conns, *next; c; c = next) {
        next = c->next;
        if (!c->sent)
            conn_close(c);
    }
}

void beats_end(struct watch *w)
{
    struct beats_server *s = w->network->beats;

    if (s == NULL)
        return;
    beats_drain(w);
    while (s->conns)
        conn_close(s->conns);
    free(s);
    w->network->beats = NULL;
    network_forget(w, SOCKET_LUMBERJACK);
}
