/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "probe/net.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct addrinfo *net_resolve(struct probe_run *run, const char *host, unsigned port, int type)
{
    struct addrinfo hints = {.ai_socktype = type}, *list = NULL;
    char service[8], ascii[CHECK_HOST_MAX];
    int r;

    if (check_host_ascii(host, ascii) < 0) {
        probe_report_args(run, CHECK_CRITICAL, 0, RESULT_NO_NAME, NULL, 0);
        return NULL;
    }
    (void)snprintf(service, sizeof(service), "%u", port);
    r = getaddrinfo(ascii, port ? service : NULL, &hints, &list);
    if (r == 0)
        return list;
    probe_report_args(run, r == EAI_MEMORY ? CHECK_NO_ANSWER : CHECK_CRITICAL, 0,
                      r == EAI_AGAIN                       ? RESULT_NO_RESOLVER
                      : r == EAI_NONAME || r == EAI_NODATA ? RESULT_NO_NAME
                                                           : RESULT_FAILED,
                      NULL, 0);
    probe_detail(run, gai_strerror(r));
    return NULL;
}

bool net_wait(const struct probe_run *run, int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    int r;

    do
        r = poll(&p, 1, (int)probe_time_left_ms(run));
    while (r < 0 && errno == EINTR);
    return r > 0;
}

/* A connected socket, or -1 with errno. */
static int connect_one(const struct probe_run *run, const struct addrinfo *to)
{
    int fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error = 0;
    socklen_t n = sizeof(error);

    if (fd < 0)
        return -1;
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return fd;
    if (errno != EINPROGRESS)
        error = errno;
    else if (!net_wait(run, fd, POLLOUT))
        error = ETIMEDOUT;
    else
        (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
    if (error == 0)
        return fd;
    (void)close(fd);
    errno = error;
    return -1;
}

int net_connect(struct probe_run *run, const char *host, unsigned port, double *ret_ms)
{
    struct addrinfo *list = net_resolve(run, host, port, SOCK_STREAM);
    int64_t start = probe_monotonic();
    int fd = -1, error;

    if (list == NULL)
        return -1;
    for (struct addrinfo *to = list; to != NULL && fd < 0; to = to->ai_next)
        fd = connect_one(run, to);
    error = errno;
    *ret_ms = probe_ms_since(start);
    freeaddrinfo(list);
    if (fd < 0)
        probe_report_errno(run, CHECK_CRITICAL, *ret_ms, error);
    return fd;
}
