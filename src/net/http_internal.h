/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_HTTP_INTERNAL_H
#define CANH_NET_HTTP_INTERNAL_H
/*
 * What the files of the HTTP server share: http.c takes requests in, http_route.c finds what they
 * take, http_peer.c knows who asks, http_listen.c opens sockets, http_reply.c has what routes use,
 * http_stream.c answers without an end. Only for this room.
 */
#include <microhttpd.h>

#include "net/http.h"

/* Where a connection stands; each has its deadline. */
enum phase {
    PHASE_IDLE, /* nothing of the next request has come */
    PHASE_HEAD, /* connected, or a request line has come */
    PHASE_BODY,
    PHASE_REPLY,
    PHASE_OWNER, /* a reply that comes later, or a stream: the owner's business */
};

struct http_conn {
    struct http_conn *next, **link;
    int fd;
    enum phase phase;
    bool shut;
    bool proxied;            /* by a reverse proxy */
    struct ip peer;          /* all zero: a Unix socket */
    int64_t since;           /* ms */
    struct request *request; /* that is not over */
};

struct http_stream {
    struct http_stream *next, **link;
    struct http_server *server;
    struct MHD_Connection *con;
    int fd;
    struct buf waiting;
    size_t sent;
    bool suspended, closing;
    void (*ended)(void *user);
    void *user;
};

/* An exchange and what only the server knows of it. */
struct request {
    struct http_exchange x; /* first */
    struct MHD_Connection *con;
    struct http_conn *conn;
    struct request *next, **link; /* of those that wait for their owner */
    struct buf body;
    size_t drained;
    bool begun, entered, refused, later, waiting, queued;
    struct buf peer;
    size_t raw_size;
    char raw[]; /* the target as sent */
};

struct http_server {
    struct MHD_Daemon *daemon;
    const struct http_owner *owner;
    struct http_limits limits;
    bool proxied;
    const struct ip *proxies;
    size_t proxy_count;
    struct http_conn *conns;
    struct http_stream *streams;
    struct request *waiting;
    struct http_counts counts;
    int64_t ticked;
    int fd;
    bool runs;
};

static inline struct request *request_of(struct http_exchange *x)
{
    return (struct request *)x;
}

/* http_peer.c: MHD's question whether one may connect; who it is, once it is connected. */
enum MHD_Result http_accept(void *cls, const struct sockaddr *address, socklen_t size);
void http_conn_note(struct http_server *s, struct http_conn *c, struct MHD_Connection *con);

/* Leaves of a target what stands behind the owner's prefix (NULL: none); false: it is not under it.
 */
bool http_cut_prefix(struct slice *target, const char *prefix);
/* q->x.route for its method and target; 404 or 405 when there is none. */
unsigned http_find_route(struct request *q);

/* The library goes on with it, in http_server_run(). */
void http_resume(struct http_server *s, struct MHD_Connection *con);
/* It no longer waits for its owner. */
void http_wait_end(struct request *q);
/* What MHD is to send; the reply's bytes are then its. NULL without memory. */
struct MHD_Response *http_response(struct http_reply *r);
/* MHD's reader of a stream, and its end. */
ssize_t http_stream_read(void *cls, uint64_t at, char *to, size_t max);
void http_stream_end(void *cls);

#endif
