/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where redirects lead, between near and far: this file stands in for address.c, so that 127.0.0.2
 * counts as an address of the Internet and all others as near.
 */
#include "probe/address.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "check/result_text.h"
#include "err_words.h"
#include "probe/probe.h"
#include "tap.h"

bool address_is_near(const struct sockaddr *a)
{
    struct sockaddr_in in;

    if (a->sa_family != AF_INET)
        return true;
    memcpy(&in, a, sizeof(in));
    return in.sin_addr.s_addr != htonl(INADDR_LOOPBACK + 1);
}

/* One answer: a request of /to?URL is led on there, every other is a page. */
static void answer(int fd)
{
    char request[2000], reply[2200];
    ssize_t n = read(fd, request, sizeof(request) - 1);
    char *end, *to;
    int len;

    request[n > 0 ? n : 0] = 0;
    to = strstr(request, "GET /to?");
    end = to ? strchr(to + 8, ' ') : NULL;
    if (end)
        *end = 0;
    len = snprintf(reply, sizeof(reply), "HTTP/1.0 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                   end ? "302 Found" : "200 OK", end ? to + 8 : "/");
    if (write(fd, reply, (size_t)len) != len)
        tap_note("the answer was not taken");
    (void)close(fd);
}

static void *serve(void *ctx)
{
    int listening = *(int *)ctx, fd;

    while ((fd = accept(listening, NULL, NULL)) >= 0)
        answer(fd);
    return NULL;
}

/* The ways, as hosts: n is near, f is far. */
static void leads(unsigned port, const char *way, enum check_outcome outcome, const char *says)
{
    char target[1000] = "";
    struct check_spec spec = {SLICE("http"), SLICE_NULL, SLICE_NULL, 20 * TIME_SECOND};
    struct check_result r;
    struct buf told = BUF_INIT(4000);

    for (size_t i = 0, len = 0; way[i]; i++)
        len += (size_t)snprintf(target + len, sizeof(target) - len, "http://127.0.0.%d:%u/%s",
                                way[i] == 'f' ? 2 : 1, port, way[i + 1] ? "to?" : "");
    spec.target = slice_str(target);
    probe_execute(&spec, &r);
    result_text_write_words(&told, LANG_EN, buf_slice(&r.text));
    if (!ok(r.outcome == outcome && slice_find(buf_slice(&told), slice_str(says)) != SIZE_MAX,
            "%s: %s", way, check_outcome_to_str(outcome)))
        tap_note("%s: " SLICE_FMT, check_outcome_to_str(r.outcome), SLICE_ARG(buf_slice(&told)));
    check_result_done(&r);
    buf_done(&told);
}

int main(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t n = sizeof(a);
    pthread_t thread;
    unsigned port;

    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 16) < 0 ||
        getsockname(fd, (struct sockaddr *)&a, &n) < 0 ||
        pthread_create(&thread, NULL, serve, &fd) != 0) {
        tap_skip("no loopback");
        return tap_done();
    }
    port = ntohs(a.sin_port);
    leads(port, "n", CHECK_OK, "status 200");
    leads(port, "f", CHECK_OK, "status 200");
    leads(port, "nn", CHECK_OK, "status 200");
    leads(port, "ff", CHECK_OK, "status 200");
    leads(port, "nf", CHECK_WARNING, "another host, 127.0.0.2");
    leads(port, "fn", CHECK_CRITICAL, "private network");
    leads(port, "nfn", CHECK_CRITICAL, "private network");
    leads(port, "fffn", CHECK_CRITICAL, "private network");
    leads(port, "nnnf", CHECK_WARNING, "another host");
    leads(port, "ffffff", CHECK_OK, "status 200");
    leads(port, "fffffff", CHECK_CRITICAL, "circle");
    (void)shutdown(fd, SHUT_RDWR);
    (void)pthread_join(thread, NULL);
    (void)close(fd);
    return tap_done();
}
