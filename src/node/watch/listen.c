/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "node/watch/listen.h"
#include "node/watch/correlate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_node.h"

#define FLUSH_TIME   (5 * INT64_C(1000000))   /* so long records wait for others of their batch */
#define GATHER_TIME  (160 * INT64_C(1000000)) /* and so long at least between two small ones */
#define HURRY_TIME   (20 * INT64_C(1000000))  /* or so long, where datagrams have little room */
#define SAY_TIME     TIME_MINUTE
#define LISTEN_EVERY (5 * TIME_SECOND)

enum { PEM_MAX = 64 << 10, DATAGRAM_ROOM = 8 << 20, QUEUE = 512, SENT_QUIET = 12 };

const char *const network_count_names[NETWORK_COUNTS] = {
    [NETWORK_TAKEN] = "network taken",
    [NETWORK_UNKNOWN] = "network unknown senders",
    [NETWORK_HANDSHAKES] = "network failed handshakes",
    [NETWORK_TRUNCATED] = "network truncated",
    [NETWORK_DROPPED] = "network dropped datagrams",
    [NETWORK_CROWD] = "network connections over limits",
    [NETWORK_REFUSED] = "network refused keys",
    [NETWORK_BUSY] = "network told to wait",
    [NETWORK_BAD] = "network bad requests",
};

static bool read_pem(const struct watch *w, const char *name, struct buf *to)
{
    struct buf path = BUF_INIT(PLACE_PATH + 32);
    bool there;

    buf_printf(&path, "%s/%s", w->role.place.keys, name);
    buf_clear(to);
    there = file_read(buf_cstr(&path), to, NULL) == 0;
    buf_done(&path);
    (void)buf_cstr(to);
    return there;
}

void network_read_keys(struct watch *w)
{
    struct network *n = w->network;
    struct tls_server_options o = {.tls_1_2 = true};
    struct err err = ERR_INIT;

    n->cert.max = n->key.max = n->authority.max = PEM_MAX;
    if (!read_pem(w, "ingest.crt", &n->cert) || !read_pem(w, "ingest.key", &n->key) ||
        !read_pem(w, "ca.crt", &n->authority)) {
        role_log(&w->role, "without keys/ingest.crt, ingest.key and ca.crt nothing listens by TLS");
        return;
    }
    o.files = (struct tls_files){buf_cstr(&n->cert), buf_cstr(&n->key)};
    o.authority = buf_cstr(&n->authority);
    if (tls_server_new(&n->tls, &o, &err) < 0)
        role_log_err(&w->role, "keys/ingest.crt", &err);
}

void network_keep_socket(struct watch *w, unsigned slot, int fd)
{
    fd_closep(&w->network->sockets[slot]);
    w->network->sockets[slot] = fd;
}

static socklen_t socket_address(const struct config_address *at, struct sockaddr_storage *to)
{
    struct sockaddr_in a4 = {.sin_family = AF_INET, .sin_port = htons(at->port)};
    struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(at->port)};

    memset(to, 0, sizeof(*to));
    if (inet_pton(AF_INET, at->host, &a4.sin_addr) == 1) {
        memcpy(to, &a4, sizeof(a4));
        return sizeof(a4);
    }
    (void)inet_pton(AF_INET6, at->host, &a6.sin6_addr);
    memcpy(to, &a6, sizeof(a6));
    return sizeof(a6);
}

static bool is_bound_to(int fd, const struct sockaddr_storage *want, socklen_t size)
{
    struct sockaddr_storage at = {0};
    socklen_t n = sizeof(at);

    if (fd < 0 || getsockname(fd, (struct sockaddr *)&at, &n) < 0 || n != size)
        return false;
    if (at.ss_family == AF_INET6) {
        ((struct sockaddr_in6 *)&at)->sin6_flowinfo = 0;
        ((struct sockaddr_in6 *)&at)->sin6_scope_id = 0;
    }
    return memcmp(&at, want, size) == 0;
}

static int bind_new(const struct sockaddr_storage *at, socklen_t size, bool datagrams)
{
    int type = (datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
    CANH_CLEANUP(fd_closep) int fd = socket(at->ss_family, type, 0);
    int one = 1, room = DATAGRAM_ROOM;

    if (fd < 0)
        return -1;
    if (datagrams) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one));
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    } else {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    }
    if (bind(fd, (const struct sockaddr *)at, size) < 0 || (!datagrams && listen(fd, QUEUE) < 0))
        return -1;
    return fd_take(&fd);
}

static void network_deaf(struct watch *w, enum wire_socket slot, int sys)
{
    const uint32_t before = w->network->deaf, bit = 1u << slot;

    w->network->deaf = sys ? before | bit : before & ~bit;
    if (w->network->deaf != before)
        role_deaf(&w->role, slot, sys);
}

void network_forget(struct watch *w, enum wire_socket slot)
{
    network_deaf(w, slot, 0);
}

int network_socket(struct watch *w, enum wire_socket slot, const struct config_address *at,
                   bool datagrams)
{
    int *kept = &w->network->sockets[slot];
    struct sockaddr_storage address;
    socklen_t size = socket_address(at, &address);

    if (is_bound_to(*kept, &address, size))
        return *kept;
    fd_closep(kept);
    *kept = bind_new(&address, size, datagrams);
    if (*kept < 0) {
        network_deaf(w, slot, errno);
        return -1;
    }
    network_forget(w, slot);
    (void)!channel_send(&w->role.parent, (uint16_t)(WIRE_SOCKET_FIRST + slot), SLICE_NULL, kept, 1,
                        NULL);
    return *kept;
}

void network_sender(const struct sockaddr_storage *a, struct sender *ret)
{
    const struct sockaddr_in *a4 = (const struct sockaddr_in *)a;
    const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a;

    *ret = (struct sender){.has_cert = false};
    ret->address.v6 = a->ss_family == AF_INET6;
    if (ret->address.v6)
        memcpy(ret->address.bytes, &a6->sin6_addr, 16);
    else
        memcpy(ret->address.bytes, &a4->sin_addr, 4);
}

/* An address or a network (10.1.0.0/16) of a source's list. */
static bool line_covers(struct slice line, const struct ip *address)
{
    struct ip net;
    unsigned bits;

    return ip_net_parse(line, &net, &bits) == 0 && ip_in_net(address, net.bytes, bits, net.v6);
}

static bool list_covers(struct slice list, const struct ip *address)
{
    struct slice line;

    while (slice_cut(&list, '\n', &line))
        if (line_covers(slice_trim(line), address))
            return true;
    return false;
}

static bool has_cert(const struct snapshot_source *x)
{
    return x->key_hash.n == SNAPSHOT_KEY_HASH;
}

/*
 * A certificate names its source for certain; else the first whose list has the address, else the
 * first that has neither list nor certificate: whoever sends.
 */
static const struct snapshot_source *find_source(const struct watch *w, const char *transport,
                                                 const struct sender *sender)
{
    const struct snapshot_source *listed = NULL, *open = NULL;

    for (uint32_t i = 0; i < w->snapshot.source_count; i++) {
        const struct snapshot_source *x = &w->snapshot.sources[i];

        if (!slice_is(x->transport, transport))
            continue;
        if (sender->has_cert && has_cert(x) &&
            memcmp(x->key_hash.p + SNAPSHOT_CERT_AT, sender->cert, TLS_PEER_HASH) == 0)
            return x;
        if (x->address.n && listed == NULL && list_covers(x->address, &sender->address))
            listed = x;
        if (x->address.n == 0 && !has_cert(x) && open == NULL)
            open = x;
    }
    return listed ? listed : open;
}

static void log_unknown(struct watch *w, const struct sender *sender)
{
    struct buf text = BUF_INIT(64);

    w->network->counts[NETWORK_UNKNOWN]++;
    if (loop_clock() - w->network->said < SAY_TIME && w->network->said)
        return;
    w->network->said = loop_clock();
    ip_write(&text, &sender->address);
    role_log(&w->role, SLICE_FMT " sends, and no source names it", SLICE_ARG(buf_slice(&text)));
    buf_done(&text);
}

const struct snapshot_source *network_identify(struct watch *w, const char *transport,
                                               const struct tls_peer *tls, struct sender *sender)
{
    const struct snapshot_source *source;

    if (tls)
        sender->has_cert = tls_peer_certificate(tls, sender->cert);
    source = find_source(w, transport, sender);
    if (source == NULL)
        log_unknown(w, sender);
    return source;
}

static void network_answered(struct watch *w, const struct sent *s, int code, struct slice taken)
{
    (void)s;
    (void)taken;
    w->network->sent--;
    if (code < 0)
        role_log(&w->role, "messages from the network could not be kept");
}

static void flush_batch(struct watch *w)
{
    static const uint8_t nobody[16];
    struct batch_out *o = &w->network->batch;
    struct err err = ERR_INIT;

    if (o->records == 0 || !send_has_place(w) || w->network->sent >= SYSLOG_SENT)
        return;
    if (send_end(o, network_answered, nobody, NULL, true, &err) == 0)
        w->network->sent++;
    else
        role_log_err(&w->role, "messages from the network could not be kept", &err);
    w->network->flushed = loop_clock();
    o->records = 0;
}

/* Of a few batches of plain messages nobody waits for the answers: the next tick takes them. */
static bool is_quiet(const struct watch *w)
{
    const struct network *n = w->network;

    return n->sent == w->sent_count && n->sent < SENT_QUIET && !n->batch.urgent &&
           !send_is_urgent(w) && !correlate_is_reading(w) && w->unopened == 0 && !w->draining;
}

static void flush_due(void *u, struct loop_timer *t)
{
    struct watch *w = u;
    bool rest = syslog_collect(w), quiet = rest && is_quiet(w);

    (void)t;
    w->network->flush_set = false;
    w->network->batch.later = quiet;
    flush_batch(w);
    if (rest)
        network_collect(w);
    if (quiet)
        channel_rest(&w->keep);
}

bool network_has_room(struct watch *w)
{
    struct batch_out *o = &w->network->batch;

    if (o->records && o->bytes.len >= WIRE_BATCH_RAW)
        flush_batch(w);
    return o->records == 0 || o->bytes.len < WIRE_BATCH_RAW;
}

void network_collect(struct watch *w)
{
    struct network *n = w->network;
    int64_t now = loop_clock(), at = n->flushed + (n->hurry ? HURRY_TIME : GATHER_TIME);

    at = CANH_MAX(at, now + FLUSH_TIME);
    if (n->flush_set && n->flush_at <= at)
        return;
    n->flush_set = loop_timer_set(n->flush, at - now, 0, NULL) == 0;
    n->flush_at = at;
}

static void before_write(struct watch *w)
{
    bool first = w->network->batch.records == 0;

    if (first)
        send_begin(&w->network->batch);
    if (first || !w->network->flush_set)
        network_collect(w);
}

void network_add(struct watch *w, const struct received_record *x)
{
    before_write(w);
    send_record(&w->network->batch, x);
    w->network->counts[NETWORK_TAKEN]++;
    w->network->counts[NETWORK_TRUNCATED] += (x->flags & FLAG_TRUNCATED) != 0;
}

void network_add_gap(struct watch *w, const struct received_record *at, const char *reason,
                     uint64_t count)
{
    before_write(w);
    send_gap(&w->network->batch, at, reason, count);
}

static bool is_wanted(const struct watch *w, const char *transport)
{
    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        if (slice_is(w->snapshot.sources[i].transport, transport))
            return true;
    return false;
}

/* What another program had may be free now. */
static void listen_again(struct watch *w)
{
    if (w->network->deaf == 0 || w->draining || loop_clock() < w->network->listen_at)
        return;
    w->network->listen_at = loop_clock() + LISTEN_EVERY;
    syslog_listen(w);
    beats_listen(w);
    ingest_begin(w);
}

static void listen_tick(void *u, struct loop_timer *t)
{
    struct watch *w = u;

    (void)t;
    channel_wake(&w->keep);
    syslog_tick(w);
    beats_tick(w);
    listen_again(w);
}

static int make_timers(struct watch *w, struct err *err)
{
    struct network *n = w->network;
    int r = 0;

    if (n->flush)
        return 0;
    r = loop_timer_add(w->role.loop, TIME_DAY, 0, flush_due, w, &n->flush, err);
    if (r == 0)
        r = loop_timer_add(w->role.loop, TIME_SECOND, TIME_SECOND, listen_tick, w, &n->tick, err);
    return r;
}

void network_begin(struct watch *w)
{
    struct err err = ERR_INIT;

    w->network->batch.w = w;
    w->network->batch.bytes.max = WIRE_BATCH_MAX;
    if (make_timers(w, &err) < 0) {
        role_log_err(&w->role, "", &err);
        return;
    }
    syslog_begin(w, is_wanted(w, "syslog"));
    beats_begin(w, is_wanted(w, "lumberjack"));
    ingest_begin(w);
}

void network_resume(struct watch *w)
{
    if (w->network->flush == NULL)
        return;
    if (!w->network->flush_set || w->draining) /* its time came, and there was no room */
        flush_batch(w);
    if (w->draining)
        return;
    syslog_resume(w);
    beats_tick(w);
}

void network_drain(struct watch *w)
{
    syslog_end(w, true);
    flush_batch(w);
    beats_drain(w);
    ingest_drain(w);
}

void network_end(struct watch *w)
{
    struct network *n = w->network;

    syslog_end(w, false);
    beats_end(w);
    ingest_end(w);
    n->tls = tls_server_free(n->tls);
    buf_done(&n->batch.bytes);
    buf_done(&n->cert);
    buf_done(&n->key);
    buf_done(&n->authority);
    for (unsigned i = 0; i < WIRE_SOCKETS; i++)
        fd_closep(&n->sockets[i]);
}

void network_write_status(const struct watch *w, struct buf *out)
{
    for (unsigned i = 0; i < NETWORK_COUNTS; i++)
        status_add(out, network_count_names[i], w->network->counts[i]);
    status_add(out, "network deaf listeners", (uint64_t)__builtin_popcount(w->network->deaf));
    ingest_write_status(w, out);
}
