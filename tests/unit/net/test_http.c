/* SPDX-License-Identifier: Apache-2.0 */
/* The server against a client that writes bytes: sizes, deadlines, refusals, streams. */
#include "net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"
#include "err_words.h"
#include "tap.h"

static struct http_exchange *later;
static struct http_stream *stream;
static int left, ended, due;

static enum http_done run_echo(struct http_exchange *x)
{
    x->reply.type = "text/plain";
    buf_append_slice(&x->reply.body, x->body);
    buf_append_slice(&x->reply.body, x->params[0]);
    return HTTP_NOW;
}

static enum http_done run_later(struct http_exchange *x)
{
    later = x;
    return HTTP_LATER;
}

static void on_ended(void *user)
{
    (void)user;
    stream = NULL;
    ended++;
}

static enum http_done run_stream(struct http_exchange *x)
{
    stream = http_stream_open(x, on_ended, NULL);
    (void)http_stream_send(stream, SLICE(": hello\n\n"));
    return HTTP_NOW;
}

static bool enter(struct http_exchange *x)
{
    if (x->route->access == 0)
        return true;
    http_reply_status(x, 401);
    return false;
}

static void leave(struct http_exchange *x)
{
    (void)x;
    left++;
}

static void on_due(void *u)
{
    (void)u;
    due++;
}

static const struct http_route routes[] = {
    {"GET", "/echo/{}", 0, 0, run_echo},      {"POST", "/echo", 0, 100, run_echo},
    {"POST", "/locked", 1, 100000, run_echo}, {"GET", "/later", 0, 0, run_later},
    {"GET", "/stream", 0, 0, run_stream},
};
static const struct http_owner owner = {.routes = routes,
                                        .route_count = CANH_LEN(routes),
                                        .enter = enter,
                                        .leave = leave,
                                        .due = on_due};

static struct http_server *server;
static uint16_t port;

static int connect_to(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
        ok(false, "connected");
    return fd;
}

/* Runs the server once. */
static void turn(int ms)
{
    struct pollfd p = {.fd = http_server_fd(server), .events = POLLIN};

    (void)poll(&p, 1, CANH_MIN(ms, http_server_wait(server)));
    http_server_run(server);
}

/* What the server answers until it closes, or `until` has come. */
static struct slice answer(int fd, const char *until)
{
    static char text[1 << 16];
    size_t n = 0;

    for (int i = 0; i < 2000; i++) {
        ssize_t got;

        turn(10);
        got = recv(fd, text + n, sizeof(text) - n, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            break;
        n += got > 0 ? (size_t)got : 0;
        if (until && slice_find(slice_of(text, n), slice_str(until)) != SIZE_MAX)
            break;
    }
    return slice_of(text, n);
}

static void say(int fd, const char *s)
{
    ok(send(fd, s, strlen(s), MSG_NOSIGNAL) == (ssize_t)strlen(s), "sent");
}

static bool has(struct slice s, const char *what)
{
    bool yes = slice_find(s, slice_str(what)) != SIZE_MAX;

    if (!yes)
        tap_note("no %s in: " SLICE_FMT, what, SLICE_ARG(s));
    return yes;
}

static void one(const char *request, const char *want, const char *name)
{
    int fd = connect_to();

    say(fd, request);
    ok(has(answer(fd, NULL), want), "%s", name);
    (void)close(fd);
}

#define H "Host: h\r\nConnection: close\r\n"

static void test_requests(void)
{
    one("GET /echo/abc HTTP/1.1\r\n" H "\r\n", "\r\n\r\nabc", "a parameter comes back");
    one("POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nxyz", "\r\n\r\nxyz", "a body");
    one("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n",
        "\r\n\r\nxyz", "a body in chunks");
    one("HEAD /echo/abc HTTP/1.1\r\n" H "\r\n", "Content-Length: 3\r\n", "HEAD is GET's head");
    one("GET /no HTTP/1.1\r\n" H "\r\n", "HTTP/1.1 404", "no such path");
    one("GET /echo HTTP/1.1\r\n" H "\r\n", "Allow: POST", "no such method");
    one("GET /%2e%2e/a HTTP/1.1\r\n" H "\r\n", "HTTP/1.1 400", "a path that climbs");
    one("POST /echo HTTP/1.1\r\n" H
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n",
        "HTTP/1.1 400", "two lengths");
    one("GARBAGE\r\n\r\n", "", "garbage ends the connection");
    one("GET /echo/abc HTTP/1.1\r\n" H "\r\n", "\r\n\r\nabc", "and nothing else");
}

/* Everything is written before anything is read; a reset would swallow the answer. */
static void write_all(const char *head, size_t size, const char *want, const char *name)
{
    char block[4096];
    int fd = connect_to();

    memset(block, 'a', sizeof(block));
    say(fd, head);
    for (size_t sent = 0; sent < size;) {
        ssize_t n =
            send(fd, block, CANH_MIN(sizeof(block), size - sent), MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n < 0 && errno != EAGAIN)
            break;
        sent += n > 0 ? (size_t)n : 0;
        turn(1);
    }
    ok(has(answer(fd, NULL), want), "%s", name);
    (void)close(fd);
}

static void test_refused_bodies(void)
{
    write_all("POST /locked HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n", 90000,
              "HTTP/1.1 401", "who may not come in reads so after writing everything");
    write_all("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n", 5000000,
              "HTTP/1.1 413", "too much is said so after writing everything");
    one("POST /locked HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n",
        "HTTP/1.1 401", "who asks first is told at once");
    one("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", "HTTP/1.1 413",
        "nobody waits for what is far too much");
}

static void test_deadlines(void)
{
    int slow = connect_to(), body = connect_to(), rounds = 0;
    uint64_t before = http_server_counts(server).timed_out;

    say(body, "POST /echo HTTP/1.1\r\n" H "Content-Length: 50\r\n\r\n");
    /* A byte now and then keeps the library's own timeout from ever coming. */
    while (http_server_counts(server).timed_out < before + 2 && rounds++ < 2000) {
        (void)send(slow, "G", 1, MSG_NOSIGNAL);
        if (rounds % 10 == 0)
            (void)send(body, "x", 1, MSG_NOSIGNAL);
        turn(0);
        (void)poll(NULL, 0, 10);
    }
    is_int((int64_t)(http_server_counts(server).timed_out - before), 2,
           "headers and bodies that never end are ended");
    (void)close(slow);
    (void)close(body);
}

static void test_later(void)
{
    int fd = connect_to();

    say(fd, "GET /later HTTP/1.1\r\n" H "\r\n");
    for (int i = 0; i < 100 && later == NULL; i++)
        turn(10);
    ok(later != NULL, "the owner has it");
    buf_puts(&later->reply.body, "done");
    due = 0;
    http_reply_now(later);
    is_int(due, 1, "its owner is told to run the server, as nothing else would");
    ok(has(answer(fd, NULL), "\r\n\r\ndone"), "and answers when it likes");
    (void)close(fd);
}

static void test_streams(void)
{
    int fd = connect_to(), before = ended;
    char big[5000];

    say(fd, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    ok(has(answer(fd, "hello"), ": hello"), "what is sent at once comes");
    turn(10);
    due = 0;
    ok(http_stream_send(stream, SLICE("data: 1\n\n")), "later more");
    ok(http_stream_send(stream, SLICE("data: 2\n\n")), "and more");
    is_int(due, 1, "the server is to run, once");
    ok(has(answer(fd, "data: 2"), "data: 1\n\ndata: 2"), "comes, too");
    is_int(due, 1, "it runs by itself then");
    (void)close(fd);
    for (int i = 0; i < 500 && stream; i++) {
        turn(0);
        (void)poll(NULL, 0, 10);
    }
    is_int(ended - before, 1, "a client that goes ends the stream, though nothing is sent");

    fd = connect_to();
    say(fd, "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int i = 0; i < 100 && stream == NULL; i++)
        turn(10);
    memset(big, 'a', sizeof(big));
    for (int i = 0; i < 100000 && stream && http_stream_send(stream, slice_of(big, sizeof(big)));
         i++)
        turn(0);
    (void)shutdown(fd, SHUT_RDWR);
    for (int i = 0; i < 100 && stream; i++)
        turn(10);
    is_int(ended - before, 2, "one that does not read, too");
    (void)close(fd);
}

static void test_tls(void)
{
    static const char *const names[] = {"may-chu", "127.0.0.1", NULL};
    struct buf cert = BUF_INIT(8192), key = BUF_INIT(8192);
    char print[TLS_FINGERPRINT];
    struct err err = ERR_INIT;
    int64_t now = time_now(), end = 0;

    is_int(tls_make_own(names, now, 30, &cert, &key, &err), 0, "a certificate of its own");
    is_int(tls_fingerprint(buf_slice(&cert), print, &err), 0, "has a fingerprint");
    is_int((int64_t)strlen(print), 95, "of 32 bytes");
    is_int(tls_cert_end(buf_slice(&cert), &end, &err), 0, "and an end");
    ok(end > now + 29 * TIME_DAY && end < now + 31 * TIME_DAY, "in thirty days");
    ok(tls_fingerprint(SLICE("no certificate"), print, &err) < 0, "nonsense has none");
    buf_done(&cert);
    buf_done(&key);
}

int main(void)
{
    struct http_options opt = {
        .owner = &owner,
        .limits = {.header_ms = 600, .body_ms = 600, .idle_ms = 5000, .stream_max = 65536}};
    struct err err = ERR_INIT;

    if (http_listen("127.0.0.1", &port, &opt.listen_fd, &err) < 0 ||
        http_server_new(&server, &opt, &err) < 0) {
        ok(false, "server: %s", err_words(&err));
        return tap_done();
    }
    test_requests();
    test_refused_bodies();
    test_deadlines();
    test_later();
    test_streams();
    test_tls();
    server = http_server_free(server);
    ok(left > 0, "every exchange is left");
    return tap_done();
}
