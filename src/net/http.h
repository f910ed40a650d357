/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NET_HTTP_H
#define CANH_NET_HTTP_H
/*
 * An HTTP/1.1 server in the owner's event loop: poll http_server_fd() for reading, call
 * http_server_run() when it is ready and after http_server_wait() milliseconds.
 *
 *     static const struct http_route routes[] = {
 *         {"GET", "/alerts", ROLE_DUTY, 0, show_alerts},
 *         {"POST", "/api/v1/alerts/{}/ack", ROLE_DUTY, 4096, ack_alert},
 *     };
 *
 * A request takes these steps, each only after the one before:
 *   1 its headers, within limits.header_ms
 *   2 its route; then owner->enter(), which says who it is and may refuse: no byte of the body has
 *     been read yet, let alone decompressed
 *   3 its body, up to the route's body_max, within limits.body_ms
 *   4 the route's run(), which fills x->reply
 * A refusal in step 2 or 3 still takes the rest of the body, up to limits.drain_max, and forgets
 * it: who writes everything before reading would else see a reset connection and no answer.
 *
 * Not thread-safe; one server has one thread.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ip.h"
#include "net/tls.h"
#include "net/uri.h"

struct http_server;
struct http_exchange;
struct http_stream;

/* What run() returns: the reply is filled; or it comes later, by http_reply_now(). */
enum http_done { HTTP_NOW, HTTP_LATER };

struct http_route {
    const char *method;  /* GET serves HEAD too */
    const char *pattern; /* see route_fits() */
    uint32_t access;     /* the owner's own word: who may come in */
    size_t body_max;     /* 0: no body */
    enum http_done (*run)(struct http_exchange *x);
};

struct http_header {
    struct slice name, value;
};

enum { HTTP_HEADERS_MAX = 24 };

struct http_reply {
    unsigned status;
    const char *type; /* constant text */
    struct buf body;
    struct slice constant; /* instead of body: bytes that outlive the server */
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t header_count;
    struct http_stream *stream; /* instead of body */
};

struct http_exchange {
    struct http_server *server;
    void *owner; /* of struct http_owner */
    const struct http_route *route;
    struct slice method;
    struct slice asked; /* the target as sent, without owner.prefix, also when it cannot be read */
    struct uri_target target; /* of asked */
    bool outside;             /* asked is not under owner.prefix: 404 */
    struct slice params[ROUTE_PARAMS_MAX];
    struct slice body;  /* zero-terminated outside the slice */
    struct arena arena; /* lives as long as the exchange */
    void *visitor;      /* the owner's: who it is, from enter() on */
    struct http_reply reply;
};

struct http_owner {
    void *owner;
    const struct http_route *routes;
    size_t route_count;
    const char *prefix; /* "/watch": what every target begins with; NULL or empty: nothing */
    /*
     * Step 2. False: refused, x->reply is filled. May be NULL. Called for every request that has a
     * route; x->route is set.
     */
    bool (*enter)(struct http_exchange *x);
    /* Fills x->reply for what the server itself refuses (400, 404, 405, 413 …); may be NULL. */
    void (*refuse)(struct http_exchange *x, unsigned status);
    /* The exchange is over, answered or not; forget x and x->visitor. May be NULL. */
    void (*leave)(struct http_exchange *x);
    /* Outside of http_server_run() a reply or a stream that had waited was given something to send:
     * it is due, whatever http_server_fd() says. May be NULL. */
    void (*due)(void *owner);
};

struct http_limits {
    unsigned connections;        /* 0: 1,024 */
    unsigned connections_of_one; /* by address, proxies and Unix sockets exempt; 0: 128 */
    unsigned header_bytes;       /* 0: 32 KiB, the rest of the connection's memory included */
    unsigned idle_ms;            /* between requests; 0: 60,000 */
    unsigned header_ms;          /* from the first byte, TLS included; 0: 15,000 */
    unsigned body_ms;            /* 0: 60,000 */
    unsigned reply_ms;           /* 0: 120,000; streams are exempt */
    size_t drain_max;            /* of a refused body, read so that the reply is seen; 0: 8 MiB */
    size_t stranger_max;         /* the same of one answered 401; beyond, it is answered before its
                                    body is read, and closed; 0: drain_max */
    size_t reply_max;            /* 0: 8 MiB */
    size_t stream_max;           /* waiting to be sent in one stream; 0: 256 KiB */
};

struct http_options {
    int listen_fd;               /* bound, listening, non-blocking; the server closes it */
    const struct tls_files *tls; /* NULL: plain, for a Unix socket or tests */
    bool tls_1_2;
    bool proxied;             /* listen_fd is a Unix socket that reverse proxies connect to */
    const struct ip *proxies; /* the addresses of others; borrowed, outlives the server */
    size_t proxy_count;
    const struct http_owner *owner; /* borrowed, outlives the server */
    struct http_limits limits;
};

CANH_MUST_USE int http_server_new(struct http_server **ret, const struct http_options *opt,
                                  struct err *err);
/* Ends every connection. NULL is fine. Returns NULL. */
struct http_server *http_server_free(struct http_server *s);
int http_server_fd(const struct http_server *s);
/* Milliseconds until run() is due though nothing is ready; at most 500 while there is a connection.
 */
int http_server_wait(const struct http_server *s);
void http_server_run(struct http_server *s);
/* Takes no new connections; those that are there end after their reply. */
void http_server_drain(struct http_server *s);

struct http_counts {
    uint64_t connections, requests, refused, timed_out;
    unsigned open, streams;
    unsigned half_open; /* that were opened a while ago and have not asked for anything yet */
    unsigned idle;      /* that wait between two requests */
};
struct http_counts http_server_counts(const struct http_server *s);

/* A listening TCP socket of an address and port (0: any free one, told in *port). */
CANH_MUST_USE int http_listen(const char *address, uint16_t *port, int *ret_fd, struct err *err);

/* A request's header, empty when there is none; lives as long as the exchange. */
struct slice http_header(const struct http_exchange *x, const char *name);
/*
 * The address that asks, as text ("127.0.0.1"). Of a reverse proxy it is the last one in
 * X-Forwarded-For, which that proxy itself wrote; empty where it wrote none. Forwarded (RFC 7239)
 * is not read: a proxy that writes one of the two passes on the other as a stranger sent it.
 */
struct slice http_peer(struct http_exchange *x);
/* Whether a reverse proxy asks, for somebody else. */
bool http_is_proxied(const struct http_exchange *x);

/* name is constant; value is copied. Control characters in it, or too many headers, make it a 500.
 */
void http_reply_header(struct http_exchange *x, const char *name, struct slice value);
/* An empty reply of this status. */
void http_reply_status(struct http_exchange *x, unsigned status);
/* 303, to a path of this server (without owner.prefix). */
void http_reply_goto(struct http_exchange *x, struct slice path);
/* After HTTP_LATER: x->reply is filled. */
void http_reply_now(struct http_exchange *x);

/*
 * The reply becomes a stream (Content-Type as reply.type) that stays open. ended() tells that
 * nothing more can be sent; the stream is gone when it returns. NULL: no memory.
 */
struct http_stream *http_stream_open(struct http_exchange *x, void (*ended)(void *user),
                                     void *user);
/* False: too much is waiting already, the stream will end. */
bool http_stream_send(struct http_stream *st, struct slice s);
/* Sends what is waiting, then ends; ended() still comes. */
void http_stream_close(struct http_stream *st);

#endif
