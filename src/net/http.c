/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* POLLRDHUP */
#include "net/http_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/assert.h"
#include "lang/err_net.h"

enum { ARENA_MAX = 1 << 20, TICK_MS = 500, QUIET_MS = 60000, HALF_OPEN_MS = 5000, PEER_MAX = 64 };

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void enter_phase(struct http_conn *c, enum phase phase)
{
    if (c == NULL)
        return;
    c->phase = phase;
    c->since = now_ms();
}

static int64_t allowed_ms(const struct http_server *s, enum phase phase)
{
    switch (phase) {
    case PHASE_IDLE:
        return s->limits.idle_ms;
    case PHASE_HEAD:
        return s->limits.header_ms;
    case PHASE_BODY:
        return s->limits.body_ms;
    case PHASE_REPLY:
        return s->limits.reply_ms;
    case PHASE_OWNER:
        break;
    }
    return INT64_MAX;
}

/* The library does not look at a connection that waits for us: a reader that left is found here. */
static void end_left_streams(struct http_server *s)
{
    for (struct http_stream *st = s->streams, *next; st; st = next) {
        struct pollfd p = {.fd = st->fd, .events = POLLRDHUP};

        next = st->next;
        if (st->suspended && poll(&p, 1, 0) > 0)
            http_stream_close(st);
    }
}

static void end_late_ones(struct http_server *s)
{
    int64_t now = now_ms();

    if (now - s->ticked < TICK_MS)
        return;
    s->ticked = now;
    for (struct http_conn *c = s->conns; c; c = c->next) {
        if (c->shut || now - c->since < allowed_ms(s, c->phase))
            continue;
        c->shut = true;
        s->counts.timed_out += c->phase != PHASE_IDLE;
        (void)shutdown(c->fd, SHUT_RDWR); /* the daemon sees the end and closes */
    }
    end_left_streams(s);
}

/* Connections. */

static void request_end(struct http_server *s, struct request *q)
{
    if (q->conn)
        q->conn->request = NULL;
    http_wait_end(q);
    if (q->entered && s->owner->leave)
        s->owner->leave(&q->x);
    if (q->x.reply.stream)
        http_stream_end(q->x.reply.stream);
    enter_phase(q->conn, PHASE_IDLE);
    buf_done(&q->x.reply.body);
    buf_done(&q->body);
    buf_done(&q->peer);
    arena_done(&q->x.arena);
    free(q);
}

static void on_connection(void *cls, struct MHD_Connection *con, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = cls;
    struct http_conn *c = *socket_context;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        s->counts.open--;
        if (c == NULL) /* there was no memory for it */
            return;
        if (c->request) /* the library completes none of which it has refused the request line */
            request_end(s, c->request);
        *c->link = c->next;
        if (c->next)
            c->next->link = c->link;
        free(c);
        *socket_context = NULL;
        return;
    }
    c = calloc(1, sizeof(*c));
    s->counts.open++;
    s->counts.connections++;
    if (c == NULL)
        return;
    c->fd = MHD_get_connection_info(con, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    http_conn_note(s, c, con);
    enter_phase(c, PHASE_HEAD);
    c->next = s->conns;
    c->link = &s->conns;
    if (c->next)
        c->next->link = &c->next;
    s->conns = c;
    *socket_context = c;
}

/* Requests: from the request line on. */

static void *on_target(void *cls, const char *uri, struct MHD_Connection *con)
{
    struct http_server *s = cls;
    size_t n = strnlen(uri, URI_TARGET_MAX + 1);
    struct request *q = calloc(1, sizeof(*q) + n + 1);
    const union MHD_ConnectionInfo *info;

    if (q == NULL)
        return NULL;
    memcpy(q->raw, uri, n);
    q->raw_size = n;
    q->con = con;
    q->x.server = s;
    q->x.owner = s->owner->owner;
    q->x.arena = ARENA_INIT(ARENA_MAX);
    q->x.reply = (struct http_reply){.status = 500, .body = BUF_INIT(s->limits.reply_max)};
    q->peer = BUF_INIT(PEER_MAX);
    info = MHD_get_connection_info(con, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    q->conn = info ? info->socket_context : NULL;
    if (q->conn && q->conn->request)
        request_end(s, q->conn->request);
    if (q->conn)
        q->conn->request = q;
    enter_phase(q->conn, PHASE_HEAD);
    return q;
}

static void on_completed(void *cls, struct MHD_Connection *con, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    struct request *q = *con_cls;

    (void)con, (void)code;
    *con_cls = NULL;
    if (q != NULL)
        request_end(cls, q);
}

static enum MHD_Result give_up(struct http_server *s)
{
    s->counts.refused++;
    return MHD_NO;
}

/* Hands the reply to the daemon. */
static enum MHD_Result http_queue(struct request *q)
{
    struct http_reply *r = &q->x.reply;
    struct MHD_Response *response;
    enum MHD_Result done = MHD_YES;

    if (r->body.err < 0) {
        buf_done(&r->body);
        buf_clear(&r->body);
        r->status = 500;
    }
    response = http_response(r);
    if (response == NULL)
        return give_up(q->x.server);
    if (r->type)
        done = MHD_add_response_header(response, "Content-Type", r->type);
    for (size_t i = 0; done == MHD_YES && i < r->header_count; i++)
        done = MHD_add_response_header(response, (const char *)r->headers[i].name.p,
                                       (const char *)r->headers[i].value.p);
    if (done == MHD_YES && q->refused)
        done = MHD_add_response_header(response, "Connection", "close");
    enter_phase(q->conn, r->stream ? PHASE_OWNER : PHASE_REPLY);
    r->stream = NULL; /* the response's now */
    q->queued = true;
    if (done == MHD_YES)
        done = MHD_queue_response(q->con, r->status, response);
    MHD_destroy_response(response);
    return done;
}

static void http_refuse(struct request *q, unsigned status)
{
    struct http_server *s = q->x.server;

    q->refused = true;
    s->counts.refused++;
    http_reply_status(&q->x, status);
    if (s->owner->refuse)
        s->owner->refuse(&q->x, status);
}

/* What the headers say of the body: its size, or UINT64_MAX when they do not; -1 nonsense. */
static int body_size(struct request *q, uint64_t *ret)
{
    struct slice length = http_header(&q->x, "Content-Length");
    struct slice coding = http_header(&q->x, "Transfer-Encoding");
    uint64_t n = 0;

    *ret = coding.n > 0 ? UINT64_MAX : 0;
    if (coding.n > 0 && length.n > 0)
        return -CE_CONFLICT; /* two peers would cut the stream in two ways */
    for (size_t i = 0; i < length.n; i++) {
        if (!ascii_is_digit(length.p[i]) || n > UINT64_MAX / 16)
            return -CE_SYNTAX;
        n = n * 10 + (uint64_t)(length.p[i] - '0');
    }
    if (length.n > 0)
        *ret = n;
    return 0;
}

/* Steps 1 and 2. */
static unsigned http_begin(struct request *q, const char *method, uint64_t size)
{
    struct http_server *s = q->x.server;
    unsigned status;
    int r;

    q->x.method = arena_dup(&q->x.arena, slice_str(method));
    if (q->x.method.p == NULL)
        return 500;
    q->x.asked = slice_of(q->raw, q->raw_size);
    q->x.outside = !http_cut_prefix(&q->x.asked, s->owner->prefix);
    if (q->x.outside)
        return 404;
    r = uri_target_parse(q->x.asked, &q->x.arena, &q->x.target);
    if (r < 0)
        return r == -CE_TOO_BIG ? 414 : 400;
    status = http_find_route(q);
    if (status != 0)
        return status;
    q->entered = true;
    if (s->owner->enter && !s->owner->enter(&q->x)) {
        q->refused = true;
        s->counts.refused++;
        return 0;
    }
    if (size != UINT64_MAX && size > q->x.route->body_max)
        return 413;
    q->body = BUF_INIT(q->x.route->body_max + 1);
    return 0;
}

static enum MHD_Result first_call(struct request *q, const char *method)
{
    struct http_server *s = q->x.server;
    uint64_t size = 0, drain = s->limits.drain_max;
    bool odd = body_size(q, &size) < 0;
    unsigned status;

    q->begun = true;
    s->counts.requests++;
    status = odd ? 400 : http_begin(q, method, size);
    if (status != 0)
        http_refuse(q, status);
    enter_phase(q->conn, PHASE_BODY);
    if (q->x.reply.status == 401)
        drain = s->limits.stranger_max;
    if (q->refused && (odd || size > drain || http_header(&q->x, "Expect").n > 0))
        return http_queue(q);
    return MHD_YES;
}

static enum MHD_Result receive_body(struct request *q, const char *data, size_t *n)
{
    struct http_server *s = q->x.server;

    if (!q->refused && *n > q->x.route->body_max - q->body.len)
        http_refuse(q, 413);
    if (q->refused) {
        q->drained += *n;
        if (q->drained > s->limits.drain_max)
            return give_up(s);
    } else {
        buf_append(&q->body, data, *n);
    }
    *n = 0;
    return MHD_YES;
}

static enum MHD_Result last_call(struct request *q)
{
    struct http_server *s = q->x.server;

    if (q->refused || q->later)
        return q->waiting ? MHD_YES : http_queue(q);
    (void)buf_cstr(&q->body);
    if (q->body.err < 0) {
        http_refuse(q, 503);
        return http_queue(q);
    }
    q->x.body = buf_slice(&q->body);
    q->x.reply.status = 200;
    q->waiting = true;
    q->next = s->waiting;
    q->link = &s->waiting;
    if (q->next)
        q->next->link = &q->next;
    s->waiting = q;
    if (q->x.route->run(&q->x) == HTTP_LATER && q->waiting) {
        q->later = true;
        enter_phase(q->conn, PHASE_OWNER);
        MHD_suspend_connection(q->con);
        return MHD_YES;
    }
    http_wait_end(q);
    return http_queue(q);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *con, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **con_cls)
{
    struct request *q = *con_cls;

    (void)cls, (void)con, (void)url, (void)version;
    if (q == NULL || q->queued)
        return MHD_NO;
    if (!q->begun)
        return first_call(q, method);
    return *size > 0 ? receive_body(q, data, size) : last_call(q);
}

/* Targets are decoded here (uri.h), not by the library. */
static size_t keep_escapes(void *cls, struct MHD_Connection *con, char *s)
{
    (void)cls, (void)con;
    return strlen(s);
}

/* The server. */

static void fill_limits(struct http_limits *l)
{
#define DEFAULT(field, value) l->field = l->field ? l->field : (value)
    DEFAULT(connections, 1024);
    DEFAULT(connections_of_one, 128);
    DEFAULT(header_bytes, 32 * 1024);
    DEFAULT(idle_ms, 60000);
    DEFAULT(header_ms, 15000);
    DEFAULT(body_ms, 60000);
    DEFAULT(reply_ms, 120000);
    DEFAULT(drain_max, (size_t)8 << 20);
    DEFAULT(stranger_max, l->drain_max);
    DEFAULT(reply_max, (size_t)8 << 20);
    DEFAULT(stream_max, (size_t)256 << 10);
#undef DEFAULT
}

static struct MHD_Daemon *http_start(struct http_server *s, const struct http_options *opt)
{
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, opt->tls ? (void *)(uintptr_t)opt->tls->cert : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, opt->tls ? (void *)(uintptr_t)opt->tls->key : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities(opt->tls_1_2)},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (opt->tls ? MHD_USE_TLS : 0);

    return MHD_start_daemon(flags, 0, http_accept, s, on_request, s, MHD_OPTION_LISTEN_SOCKET,
                            opt->listen_fd, MHD_OPTION_CONNECTION_LIMIT, s->limits.connections,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)s->limits.header_bytes,
                            MHD_OPTION_CONNECTION_TIMEOUT, s->limits.idle_ms / 1000 + 1,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target,
                            s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
                            MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, s, MHD_OPTION_ARRAY,
                            opt->tls ? tls : &tls[CANH_LEN(tls) - 1], MHD_OPTION_END);
}

int http_server_new(struct http_server **ret, const struct http_options *opt, struct err *err)
{
    const union MHD_DaemonInfo *info;
    struct http_server *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return err_nomem(err);
    s->owner = opt->owner;
    s->limits = opt->limits;
    s->proxied = opt->proxied;
    s->proxies = opt->proxies;
    s->proxy_count = opt->proxy_count;
    fill_limits(&s->limits);
    s->daemon = http_start(s, opt);
    if (s->daemon == NULL) {
        free(s);
        return err_fail(err, CE_IO, ERR_NET_HTTP_SERVER_COULD_NOT_START);
    }
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    s->fd = info->epoll_fd;
    *ret = s;
    return 0;
}

struct http_server *http_server_free(struct http_server *s)
{
    if (s == NULL)
        return NULL;
    while (s->waiting) { /* the library ends no connection that is suspended */
        struct request *q = s->waiting;

        http_wait_end(q);
        http_reply_status(&q->x, 503);
        MHD_resume_connection(q->con);
    }
    for (struct http_stream *st = s->streams; st; st = st->next) {
        if (st->suspended)
            MHD_resume_connection(st->con);
        st->suspended = false;
        st->closing = true;
    }
    MHD_stop_daemon(s->daemon);
    free(s);
    return NULL;
}

int http_server_fd(const struct http_server *s)
{
    return s->fd;
}

int http_server_wait(const struct http_server *s)
{
    MHD_UNSIGNED_LONG_LONG most = s->counts.open ? TICK_MS : QUIET_MS, ms = most;

    return MHD_get_timeout(s->daemon, &ms) == MHD_YES && ms < most ? (int)ms : (int)most;
}

void http_server_run(struct http_server *s)
{
    s->runs = true;
    (void)MHD_run(s->daemon);
    end_late_ones(s);
    s->runs = false;
}

void http_resume(struct http_server *s, struct MHD_Connection *con)
{
    MHD_resume_connection(con);
    if (!s->runs && s->owner->due)
        s->owner->due(s->owner->owner);
}

void http_server_drain(struct http_server *s)
{
    MHD_socket fd = MHD_quiesce_daemon(s->daemon);

    if (fd != MHD_INVALID_SOCKET)
        (void)close(fd);
    for (struct http_stream *st = s->streams, *next; st; st = next) {
        next = st->next;
        http_stream_close(st);
    }
}

struct http_counts http_server_counts(const struct http_server *s)
{
    struct http_counts n = s->counts;
    int64_t now = now_ms();

    for (const struct http_conn *c = s->conns; c; c = c->next) {
        n.half_open += c->phase == PHASE_HEAD && now - c->since > HALF_OPEN_MS;
        n.idle += c->phase == PHASE_IDLE;
    }
    return n;
}
