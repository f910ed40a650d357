/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog over UDP, TCP and TLS (RFC 5426, 6587, 5425). The protocol knows no answer: what is read
 * counts as ours. So nothing is read that cannot be put into the batch at once; it waits in the
 * system's buffers, and of datagrams the system counts what it had no room for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "collect/syslog.h"
#include "decode/decoder.h"
#include "node/watch/listen.h"

#define SHAKE_TIME (15 * TIME_SECOND)

enum {
    CONNECTIONS_MAX = 4096,
    CONNECTIONS_OF_ONE = 256, /* by address */
    DATAGRAMS_AT_ONCE = 256,
    DATAGRAMS_BUSY = 64,    /* between two batches: as BUSY_BYTES */
    DEEP_BYTES = 4 << 20,   /* of a socket's buffer */
    READS_AT_END = 64,      /* of a connection that is closed by us */
    BUSY_BYTES = 32 * 1024, /* between two batches: it is read whenever there is something */
    BASE_MAX = 64,
};

struct line_conn {
    struct watch *watch;
    struct line_conn *next, **link;
    int fd;
    bool over_tls, paused, reading;
    bool resting, busy; /* it is read when the batch goes, not line by line; it is not */
    size_t since_batch; /* bytes */
    struct tls_peer *tls;
    struct sender sender;
    const struct snapshot_source *source;
    struct syslog_stream stream;
    char base[2 * BASE_MAX];
    uint64_t at;
    int64_t since;
};

struct syslog_server {
    int udp, tcp, tls;            /* borrowed of network; -1: does not listen */
    bool udp_paused, udp_resting; /* dropped from the loop: no room; read when the batch goes */
    bool udp_deep;                /* what comes while it rests finds room */
    unsigned udp_since_batch;     /* datagrams */
    uint32_t dropped;             /* as the system counted last */
    char base[BASE_MAX];
    uint64_t at, connections;
    int64_t began;
    struct line_conn *conns;
    unsigned count;
    const struct format *format;
};

/* x: whose it is, where it stands and when it came. */
static void write_message(struct watch *w, struct received_record x, const struct syslog_message *m)
{
    const struct format *format = w->network->syslog->format;

    x.format = &format;
    x.text = m->text;
    x.count = COUNT_RECORD;
    x.flags = m->truncated ? (uint32_t)FLAG_TRUNCATED : 0;
    x.not_before = TIME_NONE;
    network_add(w, &x);
}

/* How many datagrams the system has dropped so far, as it says beside one. */
static bool find_dropped(struct msghdr *m, uint32_t *ret)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            memcpy(ret, CMSG_DATA(c), sizeof(*ret));
            return true;
        }
    }
    return false;
}

/* Whose they were nobody knows: the gap stands with the source whose message tells of it. */
static void note_dropped(struct watch *w, const struct snapshot_source *source, uint32_t total)
{
    struct syslog_server *s = w->network->syslog;
    uint32_t n = total - s->dropped;
    struct received_record at = {.source = source,
                                 .base = slice_str(s->base),
                                 .at = s->at++,
                                 .received = time_now()};

    s->dropped = total;
    w->network->counts[NETWORK_DROPPED] += n;
    role_log(&w->role, "%u datagrams found no room and are lost", (unsigned)n);
    network_add_gap(w, &at, "udp-dropped", n);
}

static void receive_datagram(struct watch *w, struct msghdr *m, struct slice packet)
{
    struct syslog_server *s = w->network->syslog;
    struct syslog_message message = {syslog_datagram(packet), (m->msg_flags & MSG_TRUNC) != 0};
    const struct snapshot_source *source;
    struct sender sender;
    uint32_t dropped = s->dropped;

    network_sender(m->msg_name, &sender);
    source = network_identify(w, "syslog", NULL, &sender);
    if (source == NULL)
        return;
    if (find_dropped(m, &dropped) && dropped != s->dropped)
        note_dropped(w, source, dropped);
    if (message.text.n)
        write_message(w,
                      (struct received_record){.source = source,
                                               .base = slice_str(s->base),
                                               .at = s->at++,
                                               .received = time_now()},
                      &message);
}

/* Reads what has come; false: no room for the rest. */
static bool udp_receive(struct watch *w, int fd)
{
    static uint8_t packet[SYSLOG_MAX];

    for (unsigned i = 0; i < DATAGRAMS_AT_ONCE; i++) {
        struct sockaddr_storage from = {0};
        _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(uint32_t))];
        struct iovec part = {packet, sizeof(packet)};
        struct msghdr m = {.msg_name = &from,
                           .msg_namelen = sizeof(from),
                           .msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof(control)};
        ssize_t n;

        if (!network_has_room(w))
            return false;
        n = recvmsg(fd, &m, 0);
        if (n < 0)
            return true;
        w->network->syslog->udp_since_batch++;
        receive_datagram(w, &m, slice_of(packet, (size_t)n));
    }
    return true;
}

static void udp_rest(struct watch *w, bool rests)
{
    w->network->syslog->udp_resting = rests;
    w->network->hurry = rests && !w->network->syslog->udp_deep;
}

static void udp_ready(void *u, int fd, uint32_t events)
{
    struct watch *w = u;
    struct syslog_server *s = w->network->syslog;

    (void)events;
    s->udp_paused = !udp_receive(w, fd);
    udp_rest(w, !s->udp_paused && s->udp_since_batch < DATAGRAMS_BUSY);
    if (s->udp_paused || s->udp_resting)
        loop_drop(w->role.loop, fd);
    if (s->udp_resting)
        network_collect(w);
}

/* What rests is read now; whether it rests on: it had something, and not much. What waits in the
 * socket is not lost with this process, which what was read would be. */
static bool udp_collect(struct watch *w)
{
    struct syslog_server *s = w->network->syslog;
    unsigned before = s->udp_since_batch, n;

    s->udp_since_batch = 0;
    if (!s->udp_resting)
        return false;
    s->udp_paused = !udp_receive(w, s->udp);
    n = s->udp_since_batch;
    udp_rest(w, !s->udp_paused && n > 0 && before + n < DATAGRAMS_BUSY);
    if (!s->udp_resting && !s->udp_paused)
        s->udp_paused = loop_add(w->role.loop, s->udp, EPOLLIN, udp_ready, w, NULL) < 0;
    return s->udp_resting;
}

static void conn_close(struct line_conn *c)
{
    struct syslog_server *s = c->watch->network->syslog;

    if (c->reading)
        loop_drop(c->watch->role.loop, c->fd);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    s->count--;
    c->tls = tls_peer_free(c->tls);
    fd_closep(&c->fd);
    syslog_stream_done(&c->stream);
    free(c);
}

/* Bytes, 0 at the end, -CE_BUSY, -CE_PEER. */
static int conn_read(struct line_conn *c, uint8_t *to, size_t n)
{
    ssize_t got;

    if (c->tls)
        return tls_peer_read(c->tls, to, n);
    got = recv(c->fd, to, n, 0);
    if (got >= 0)
        return (int)got;
    return errno == EAGAIN || errno == EINTR ? -CE_BUSY : -CE_PEER;
}

/* What its records are, that come now. */
static struct received_record conn_record(const struct line_conn *c)
{
    return (struct received_record){.source = c->source,
                                    .base = slice_str(c->base),
                                    .at = c->at,
                                    .received = time_now()};
}

/* Puts whole messages into the batch; false: no room, the rest waits. */
static bool conn_pump(struct line_conn *c)
{
    struct received_record x = conn_record(c);
    struct syslog_message m;

    while (network_has_room(c->watch)) {
        if (!syslog_stream_next(&c->stream, &m))
            return true;
        x.at = c->at++;
        write_message(c->watch, x, &m);
    }
    return false;
}

/* Who it is: of TLS known after the handshake, with the certificate. False: nobody we know. */
static bool conn_identify(struct line_conn *c)
{
    if (c->source == NULL)
        c->source = network_identify(c->watch, "syslog", c->over_tls ? c->tls : NULL, &c->sender);
    return c->source != NULL;
}

/* Reads once; 1: there may be more, 0: nothing now, -1: the connection is at its end. */
static int conn_receive(struct line_conn *c)
{
    struct syslog_message m;
    size_t room;
    uint8_t *to = syslog_stream_room(&c->stream, &room);
    int n;

    if (to == NULL)
        return -1;
    n = conn_read(c, to, room);
    if (n == -CE_BUSY)
        return 0;
    if (n < 0) {
        c->watch->network->counts[NETWORK_HANDSHAKES] += c->over_tls && !tls_peer_is_shaken(c->tls);
        return -1;
    }
    if (!conn_identify(c))
        return -1;
    syslog_stream_consume(&c->stream, (size_t)n);
    c->since_batch += (size_t)n;
    if (!conn_pump(c)) {
        c->paused = true;
        return 0;
    }
    if (n == 0 && syslog_stream_rest(&c->stream, &m))
        write_message(c->watch, conn_record(c), &m);
    return n == 0 ? -1 : 1;
}

static void conn_pause(struct line_conn *c)
{
    if (c->reading)
        loop_drop(c->watch->role.loop, c->fd);
    c->reading = false;
}

/* Of TLS a record a read, in which there is often one message only: until there are no more, or
 * many, and all that it has taken from the socket, because nobody would tell of that. */
static int conn_receive_all(struct line_conn *c)
{
    int r;

    do
        r = conn_receive(c);
    while (r > 0 && c->tls && (c->since_batch < BUSY_BYTES || tls_peer_has_more(c->tls)));
    return r;
}

static void conn_rest(struct line_conn *c)
{
    conn_pause(c);
    c->resting = true;
    network_collect(c->watch);
}

static void conn_ready(void *u, int fd, uint32_t events)
{
    struct line_conn *c = u;
    int r = conn_receive_all(c);

    (void)fd;
    (void)events;
    if (r < 0)
        conn_close(c);
    else if (c->paused)
        conn_pause(c);
    else if (c->source && !c->busy && c->since_batch > 0)
        conn_rest(c);
    else if (c->tls)
        (void)!loop_change(c->watch->role.loop, c->fd,
                           EPOLLIN | (!tls_peer_is_shaken(c->tls) && tls_peer_wants_write(c->tls)
                                          ? (uint32_t)EPOLLOUT
                                          : 0),
                           NULL);
}

static bool is_crowd(const struct syslog_server *s, const struct sender *sender)
{
    unsigned same = 0;

    for (const struct line_conn *c = s->conns; c; c = c->next)
        same += memcmp(&c->sender.address, &sender->address, sizeof(sender->address)) == 0;
    return s->count >= CONNECTIONS_MAX || same >= CONNECTIONS_OF_ONE;
}

static void conn_new(struct watch *w, int fd, const struct sender *sender, bool over_tls)
{
    struct syslog_server *s = w->network->syslog;
    struct line_conn *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        fd_closep(&fd);
        return;
    }
    *c = (struct line_conn){.watch = w,
                            .fd = fd,
                            .over_tls = over_tls,
                            .sender = *sender,
                            .since = loop_clock(),
                            .next = s->conns,
                            .link = &s->conns};
    syslog_stream_init(&c->stream);
    (void)snprintf(c->base, sizeof(c->base), "%s:%llu", s->base,
                   (unsigned long long)++s->connections);
    if (c->next)
        c->next->link = &c->next;
    s->conns = c;
    s->count++;
    if (over_tls)
        c->tls = tls_peer_new(w->network->tls, fd);
    c->reading = loop_add(w->role.loop, fd, EPOLLIN, conn_ready, c, NULL) == 0;
    if (!c->reading || (over_tls && c->tls == NULL) || (!over_tls && !conn_identify(c)))
        conn_close(c);
}

static void accept_conn(struct watch *w, int listener, bool over_tls)
{
    struct sockaddr_storage from = {0};
    socklen_t n = sizeof(from);
    int fd = accept4(listener, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct sender sender;
    int one = 1;

    if (fd < 0)
        return;
    network_sender(&from, &sender);
    if (is_crowd(w->network->syslog, &sender)) {
        w->network->counts[NETWORK_CROWD]++;
        fd_closep(&fd);
        return;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
    conn_new(w, fd, &sender, over_tls);
}

static void tcp_ready(void *u, int fd, uint32_t events)
{
    (void)events;
    accept_conn(u, fd, false);
}

static void tls_ready(void *u, int fd, uint32_t events)
{
    (void)events;
    accept_conn(u, fd, true);
}

/* The system may give less than was asked for (net.core.rmem_max): some hundred datagrams, which a
 * firewall sends in less time than a socket rests. */
static bool is_deep(int fd)
{
    int room = 0;
    socklen_t n = sizeof(room);

    return fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, &n) == 0 && room >= DEEP_BYTES;
}

static int listen_one(struct watch *w, enum wire_socket slot, const struct config_address *at,
                      loop_fn *fn)
{
    int fd = at->port ? network_socket(w, slot, at, slot == SOCKET_SYSLOG_UDP) : -1;

    return fd >= 0 && loop_add(w->role.loop, fd, EPOLLIN, fn, w, NULL) == 0 ? fd : -1;
}

void syslog_listen(struct watch *w)
{
    struct syslog_server *s = w->network->syslog;
    const struct config *c = &w->role.config;

    if (s == NULL)
        return;
    if (s->udp < 0) {
        s->udp = listen_one(w, SOCKET_SYSLOG_UDP, &c->syslog, udp_ready);
        s->udp_deep = is_deep(s->udp);
    }
    if (s->tcp < 0)
        s->tcp = listen_one(w, SOCKET_SYSLOG_TCP, &c->syslog, tcp_ready);
    if (s->tls < 0 && w->network->tls)
        s->tls = listen_one(w, SOCKET_SYSLOG_TLS, &c->syslog_tls, tls_ready);
}

static void listeners_open(struct watch *w)
{
    struct syslog_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return;
    w->network->syslog = s;
    s->began = time_now();
    s->format = format_by_name(SLICE("syslog"));
    (void)snprintf(s->base, sizeof(s->base), "syslog:%llx", (unsigned long long)s->began);
    s->udp = s->tcp = s->tls = -1;
    syslog_listen(w);
}

/* Sources are others now: a connection whose source has gone ends. */
static void identify_again(struct watch *w)
{
    for (struct line_conn *c = w->network->syslog->conns, *next; c; c = next) {
        bool known = c->source != NULL;

        next = c->next;
        c->source = NULL;
        if (known && !conn_identify(c))
            conn_close(c);
    }
}

void syslog_begin(struct watch *w, bool wanted)
{
    if (wanted && w->network->syslog == NULL)
        listeners_open(w);
    else if (wanted)
        identify_again(w);
    else
        syslog_end(w, false);
}

void syslog_resume(struct watch *w)
{
    struct syslog_server *s = w->network->syslog;

    if (s == NULL)
        return;
    if (s->udp_paused && network_has_room(w))
        s->udp_paused = loop_add(w->role.loop, s->udp, EPOLLIN, udp_ready, w, NULL) < 0;
    for (struct line_conn *c = s->conns, *next; c && network_has_room(w); c = next) {
        next = c->next;
        if (!c->paused || !conn_pump(c))
            continue;
        c->paused = false;
        c->reading = loop_add(w->role.loop, c->fd, EPOLLIN, conn_ready, c, NULL) == 0;
        if (c->reading)
            conn_ready(c, c->fd, EPOLLIN);
        else
            conn_close(c);
    }
}

/* One that said nothing, or much, is read again when it has something. Whether it rests on. */
static bool conn_collect(struct line_conn *c)
{
    size_t before = c->since_batch;
    int r = conn_receive_all(c);
    bool some = c->since_batch > before;

    c->busy = c->since_batch >= BUSY_BYTES;
    c->since_batch = 0;
    c->resting = r >= 0 && some && !c->busy && !c->paused;
    if (r >= 0 && !c->resting && !c->paused)
        c->reading = loop_add(c->watch->role.loop, c->fd, EPOLLIN, conn_ready, c, NULL) == 0;
    if (c->resting)
        return true;
    if (r < 0 || !(c->paused || c->reading))
        conn_close(c);
    return false;
}

bool syslog_collect(struct watch *w)
{
    struct syslog_server *s = w->network->syslog;
    bool rest = s && udp_collect(w);

    for (struct line_conn *c = s ? s->conns : NULL, *next; c; c = next) {
        next = c->next;
        if (c->resting) {
            rest |= conn_collect(c);
        } else {
            c->busy = c->since_batch >= BUSY_BYTES;
            c->since_batch = 0;
        }
    }
    return rest;
}

/* Handshakes that do not come to an end. */
void syslog_tick(struct watch *w)
{
    struct syslog_server *s = w->network->syslog;

    for (struct line_conn *c = s ? s->conns : NULL, *next; c; c = next) {
        next = c->next;
        if (c->tls && !tls_peer_is_shaken(c->tls) && loop_clock() - c->since > SHAKE_TIME) {
            w->network->counts[NETWORK_HANDSHAKES]++;
            conn_close(c);
        }
    }
}

/* What has arrived already is read before the connection is closed. */
static void read_rest(struct line_conn *c)
{
    for (unsigned i = 0; i < READS_AT_END && !c->paused && conn_receive(c) > 0; i++)
        ;
}

void syslog_end(struct watch *w, bool read)
{
    struct syslog_server *s = w->network->syslog;
    const int listeners[] = {s ? s->udp : -1, s ? s->tcp : -1, s ? s->tls : -1};

    if (s == NULL)
        return;
    for (unsigned i = 0; i < CANH_LEN(listeners); i++)
        if (listeners[i] >= 0 && !(i == 0 && (s->udp_paused || s->udp_resting)))
            loop_drop(w->role.loop, listeners[i]);
    while (s->conns) {
        if (read && (s->conns->source || s->conns->tls))
            read_rest(s->conns);
        conn_close(s->conns);
    }
    free(s);
    w->network->hurry = false;
    w->network->syslog = NULL;
    network_forget(w, SOCKET_SYSLOG_UDP);
    network_forget(w, SOCKET_SYSLOG_TCP);
    network_forget(w, SOCKET_SYSLOG_TLS);
}
