/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sends to the server, whole connections of it: a route is only run with what it may
 * get, and every answer is one. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/utf.h"
#include "net/http.h"

enum { BODY_MAX = 200, TURNS = 400, ANSWER_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct http_server *server;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static socklen_t address_size = sizeof(address.sun_family); /* the kernel gives a name */

static bool enter(struct http_exchange *x)
{
    if (x->route->access == 0 || slice_is(uri_cookie(http_header(x, "Cookie"), "canh"), "x"))
        return true;
    http_reply_status(x, 401);
    return false;
}

static void check_target(const struct http_exchange *x)
{
    if (!utf8_valid(x->target.path) || slice_find_byte(x->target.path, 0) != SIZE_MAX)
        abort();
    for (size_t i = 0; i < x->target.segment_count; i++)
        if (slice_is(x->target.segments[i], ".."))
            abort();
}

static enum http_done run(struct http_exchange *x)
{
    check_target(x);
    if (x->body.n > x->route->body_max)
        abort();
    x->reply.status = 200;
    x->reply.type = "text/plain";
    http_reply_header(x, "X-Given", x->params[0]);
    buf_append_slice(&x->reply.body, x->body);
    return HTTP_NOW;
}

static const struct http_route routes[] = {
    {"GET", "/", 0, 0, run},
    {"GET", "/alerts/{}", 1, 0, run},
    {"POST", "/alerts/{}/ack", 1, BODY_MAX, run},
    {"DELETE", "/session", 0, 0, run},
};
static const struct http_owner owner = {.routes = routes,
                                        .route_count = CANH_LEN(routes),
                                        .enter = enter};

static void server_begin(void)
{
    struct http_options o = {.owner = &owner, .limits.drain_max = 1000};

    o.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (o.listen_fd < 0 || bind(o.listen_fd, (struct sockaddr *)&address, address_size) < 0)
        abort();
    address_size = sizeof(address);
    if (getsockname(o.listen_fd, (struct sockaddr *)&address, &address_size) < 0 ||
        listen(o.listen_fd, 8) < 0 || http_server_new(&server, &o, NULL) < 0)
        abort();
}

/* What there is to be read; false: the server has closed. */
static bool take(int fd, char *text, size_t *n)
{
    char more[4096];
    ssize_t got = recv(fd, more, sizeof(more), MSG_DONTWAIT);

    if (got > 0 && *n + (size_t)got <= ANSWER_MAX) {
        memcpy(text + *n, more, (size_t)got);
        *n += (size_t)got;
    }
    return got > 0 || (got < 0 && errno == EAGAIN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[ANSWER_MAX];
    struct slice answer;
    size_t n = 0;
    int fd;

    if (server == NULL)
        server_begin();
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, address_size) < 0)
        abort();
    (void)!send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    for (unsigned i = 0; i < TURNS; i++) {
        http_server_run(server);
        if (!take(fd, text, &n))
            break;
    }
    (void)close(fd);
    http_server_run(server);
    answer = slice_of(text, n);
    if (n > 0 && !slice_starts(answer, SLICE("HTTP/1.")))
        abort();
    return 0;
}
