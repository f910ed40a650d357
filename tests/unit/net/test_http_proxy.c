/* SPDX-License-Identifier: Apache-2.0 */
/* The server behind a reverse proxy: a prefix, whose address counts, a Unix socket. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "net/http.h"
#include "tap.h"

static enum http_done run_peer(struct http_exchange *x)
{
    x->reply.type = "text/plain";
    buf_printf(&x->reply.body, "[" SLICE_FMT "] %s", SLICE_ARG(http_peer(x)),
               http_is_proxied(x) ? "for somebody" : "itself");
    return HTTP_NOW;
}

static enum http_done run_goto(struct http_exchange *x)
{
    http_reply_goto(x, SLICE("/peer?a=b"));
    return HTTP_NOW;
}

static void refuse(struct http_exchange *x, unsigned status)
{
    x->reply.status = status;
    buf_puts(&x->reply.body, x->outside ? "outside" : "inside");
}

static const struct http_route routes[] = {
    {"GET", "/peer", 0, 0, run_peer},
    {"GET", "/goto", 0, 0, run_goto},
    {"GET", "/", 0, 0, run_peer},
};
static const struct http_owner plain = {.routes = routes, .route_count = CANH_LEN(routes)};
static const struct http_owner under = {.routes = routes,
                                        .route_count = CANH_LEN(routes),
                                        .prefix = "/watch",
                                        .refuse = refuse};

static struct http_server *server;
static char folder[] = "/tmp/canh-test-proxy-XXXXXX";
static char path[100];
static uint16_t port;

static void turn(void)
{
    struct pollfd p = {.fd = http_server_fd(server), .events = POLLIN};

    (void)poll(&p, 1, CANH_MIN(10, http_server_wait(server)));
    http_server_run(server);
}

static int connect_unix(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
        ok(false, "connected");
    return fd;
}

static int connect_tcp(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
        ok(false, "connected");
    return fd;
}

/* A GET with these headers has this in its answer. */
static void get(int fd, const char *target, const char *headers, const char *want)
{
    char text[4096];
    size_t n = 0;
    int len =
        snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n%s\r\n",
                 target, headers);

    ok(send(fd, text, (size_t)len, MSG_NOSIGNAL) == len, "sent");
    for (int i = 0; i < 2000; i++) {
        ssize_t got;

        turn();
        got = recv(fd, text + n, sizeof(text) - n, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    (void)close(fd);
    if (!ok(slice_find(slice_of(text, n), slice_str(want)) != SIZE_MAX, "%s %s: %s", target,
            headers, want))
        tap_note("%.*s", (int)n, text);
}

static void test_prefix(void)
{
    struct http_options opt = {.owner = &under};

    port = 0;
    is_int(http_listen("127.0.0.1", &port, &opt.listen_fd, NULL), 0, "a port");
    is_int(http_server_new(&server, &opt, NULL), 0, "a server under /watch");
    get(connect_tcp(), "/watch/peer", "", "[127.0.0.1] itself");
    get(connect_tcp(), "/watch", "", "[127.0.0.1] itself");
    get(connect_tcp(), "/watch/", "", "[127.0.0.1] itself");
    get(connect_tcp(), "/watch/goto", "", "Location: /watch/peer?a=b\r\n");
    get(connect_tcp(), "/watch/none", "", "\r\n\r\ninside");
    get(connect_tcp(), "/peer", "", "HTTP/1.1 404");
    get(connect_tcp(), "/peer", "", "\r\n\r\noutside");
    get(connect_tcp(), "/watchpeer", "", "\r\n\r\noutside");
    get(connect_tcp(), "/watch/watch/peer", "", "\r\n\r\ninside");
    get(connect_tcp(), "/w%61tch/peer", "", "\r\n\r\noutside");
    get(connect_tcp(), "/watch/../peer", "", "HTTP/1.1 400");
    server = http_server_free(server);
}

/* Whom a proxy asks for; strangers say of themselves what they like. */
static void test_peers(void)
{
    struct ip proxy;
    struct http_options opt = {.owner = &plain, .proxies = &proxy, .limits.connections_of_one = 1};
    int held;

    is_int(ip_parse(SLICE("127.0.0.2"), &proxy), 0, "a proxy elsewhere");
    port = 0;
    is_int(http_listen("127.0.0.1", &port, &opt.listen_fd, NULL), 0, "a port");
    opt.proxy_count = 1;
    is_int(http_server_new(&server, &opt, NULL), 0, "a server");
    get(connect_tcp(), "/peer", "X-Forwarded-For: 203.0.113.9\r\n", "[127.0.0.1] itself");
    held = connect_tcp();
    turn();
    get(connect_tcp(), "/peer", "", ""); /* beyond one connection of one */
    is_int((int64_t)http_server_counts(server).connections, 2, "which was never taken");
    (void)close(held);
    server = http_server_free(server);

    is_int(ip_parse(SLICE("127.0.0.1"), &proxy), 0, "a proxy here");
    port = 0;
    is_int(http_listen("127.0.0.1", &port, &opt.listen_fd, NULL), 0, "a port");
    is_int(http_server_new(&server, &opt, NULL), 0, "a server");
    held = connect_tcp();
    turn();
    get(connect_tcp(), "/peer", "X-Forwarded-For: 203.0.113.9\r\n", "[203.0.113.9] for somebody");
    get(connect_tcp(), "/peer", "X-Forwarded-For: 9.9.9.9, 203.0.113.9\r\n", "[203.0.113.9]");
    get(connect_tcp(), "/peer", "x-forwarded-for: 9.9.9.9\r\nX-Forwarded-For: fd00::1\r\n",
        "[fd00::1] for somebody");
    get(connect_tcp(), "/peer", "Forwarded: for=9.9.9.9\r\n", "[] for somebody");
    get(connect_tcp(), "/peer", "X-Forwarded-For: 9.9.9.9, unknown\r\n", "[] for somebody");
    get(connect_tcp(), "/peer", "X-Forwarded-For: 9.9.9.9,\r\n", "[] for somebody");
    get(connect_tcp(), "/peer", "X-Real-IP: 9.9.9.9\r\n", "[] for somebody");
    (void)close(held);
    server = http_server_free(server);
}

static int listen_unix(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    (void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
    ok(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, 5) == 0, "a socket");
    return fd;
}

static void test_socket(void)
{
    const struct http_options opt = {.listen_fd = listen_unix(), .owner = &plain, .proxied = true};

    is_int(http_server_new(&server, &opt, NULL), 0, "a server");
    get(connect_unix(), "/peer", "X-Forwarded-For: 203.0.113.9\r\n", "[203.0.113.9] for somebody");
    get(connect_unix(), "/peer", "", "[] for somebody");
    server = http_server_free(server);
    (void)unlink(path);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof(path), "%s/console.sock", folder);
    test_prefix();
    test_peers();
    test_socket();
    (void)rmdir(folder);
    return tap_done();
}
