/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and ports: tcp connects (and may wait for a text), dns resolves, icmp pings. The value is
 * the time in milliseconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ip.h"
#include "base/time.h"
#include "probe/probe_run.h"

enum { ANSWER_MAX = 4096, PINGS_MAX = 10 };

/* RFC 792 and RFC 4443; the kernel fills in checksum and id. */
enum { ECHO4_REQUEST = 8, ECHO4_REPLY = 0, ECHO6_REQUEST = 128, ECHO6_REPLY = 129 };

struct echo {
    uint8_t type, code;
    uint16_t checksum, id, sequence;
};

static struct addrinfo *net_resolve(struct probe_run *run, const char *host, unsigned port,
                                    int type)
{
    struct addrinfo hints = {.ai_socktype = type}, *list = NULL;
    char service[8], ascii[CHECK_HOST_MAX];
    int r;

    if (check_host_ascii(host, ascii) < 0) {
        probe_report_args(run, CHECK_CRITICAL, 0, SAYS_NO_NAME, NULL, 0);
        return NULL;
    }
    (void)snprintf(service, sizeof(service), "%u", port);
    r = getaddrinfo(ascii, port ? service : NULL, &hints, &list);
    if (r == 0)
        return list;
    probe_report_args(run, r == EAI_MEMORY ? CHECK_NO_ANSWER : CHECK_CRITICAL, 0,
                      r == EAI_AGAIN                       ? SAYS_NO_RESOLVER
                      : r == EAI_NONAME || r == EAI_NODATA ? SAYS_NO_NAME
                                                           : SAYS_FAILED,
                      NULL, 0);
    probe_detail(run, gai_strerror(r));
    return NULL;
}

/* Waits for an event on fd until the deadline; false when it passes. */
static bool wait_for(const struct probe_run *run, int fd, short events)
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
    else if (!wait_for(run, fd, POLLOUT))
        error = ETIMEDOUT;
    else
        (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
    if (error == 0)
        return fd;
    (void)close(fd);
    errno = error;
    return -1;
}

static bool answer_contains(const struct probe_run *run, int fd, const char *text)
{
    uint8_t answer[ANSWER_MAX];
    size_t n = 0;

    while (n < sizeof(answer) && wait_for(run, fd, POLLIN)) {
        ssize_t got = recv(fd, answer + n, sizeof(answer) - n, 0);

        if (got <= 0)
            break;
        n += (size_t)got;
        if (slice_find(slice_of(answer, n), slice_str(text)) != SIZE_MAX)
            return true;
    }
    return false;
}

static double ms_since(int64_t start)
{
    return (double)(probe_monotonic() - start) / 1e6;
}

void probe_run_tcp(struct probe_run *run)
{
    const char *contains = probe_text(run, "contains");
    char host[256];
    unsigned port;
    struct addrinfo *list;
    CANH_CLEANUP(fd_closep) int fd = -1;
    int64_t start;
    double ms;
    int error;

    if (check_host_port(run->target, 0, host, &port) < 0) {
        probe_report(run, CHECK_NO_ANSWER, 0, SAYS_UNUSABLE, SAYS_TEXT("not host:port"));
        return;
    }
    list = net_resolve(run, host, port, SOCK_STREAM);
    if (list == NULL)
        return;
    start = probe_monotonic();
    for (struct addrinfo *to = list; to != NULL && fd < 0; to = to->ai_next)
        fd = connect_one(run, to);
    error = errno;
    ms = ms_since(start);
    freeaddrinfo(list);
    if (fd < 0) {
        probe_report_errno(run, CHECK_CRITICAL, ms, error);
        return;
    }
    probe_report(run, CHECK_OK, ms, SAYS_CONNECTED, SAYS_NUMBER(ms, 0));
    if (contains != NULL && !answer_contains(run, fd, contains))
        probe_worsen_args(run, CHECK_CRITICAL, SAYS_NO_TEXT, NULL, 0);
    if (ms > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, SAYS_SLOW, NULL, 0);
}

static bool is_address(const struct addrinfo *a, const char *text)
{
    struct ip want;
    char seen[64];
    struct ip got;

    if (getnameinfo(a->ai_addr, a->ai_addrlen, seen, sizeof(seen), NULL, 0, NI_NUMERICHOST) != 0)
        return false;
    return ip_parse(slice_str(text), &want) == 0 && ip_parse(slice_str(seen), &got) == 0 &&
           want.v6 == got.v6 && memcmp(want.bytes, got.bytes, sizeof(want.bytes)) == 0;
}

void probe_run_dns(struct probe_run *run)
{
    const char *address = probe_text(run, "address");
    int64_t start = probe_monotonic();
    struct addrinfo *list = net_resolve(run, run->target, 0, SOCK_STREAM);
    bool found = address == NULL;
    unsigned count = 0;
    double ms;

    if (list == NULL)
        return;
    for (struct addrinfo *a = list; a != NULL; a = a->ai_next, count++)
        found = found || is_address(a, address);
    freeaddrinfo(list);
    ms = ms_since(start);
    probe_report(run, CHECK_OK, ms, SAYS_ADDRESSES, SAYS_NUMBER(count, 0), SAYS_NUMBER(ms, 0));
    if (!found)
        probe_worsen(run, CHECK_CRITICAL, SAYS_NOT_AMONG, SAYS_TEXT(address));
}

/* One echo on an unprivileged ICMP socket; its time in milliseconds, or negative. */
static double ping_once(const struct probe_run *run, int fd, const struct addrinfo *to,
                        uint16_t sequence)
{
    bool v6 = to->ai_family == AF_INET6;
    struct echo request = {.type = v6 ? ECHO6_REQUEST : ECHO4_REQUEST, .sequence = htons(sequence)};
    struct echo answer;
    int64_t start = probe_monotonic();

    if (sendto(fd, &request, sizeof(request), 0, to->ai_addr, to->ai_addrlen) < 0)
        return -1;
    while (wait_for(run, fd, POLLIN)) {
        ssize_t n = recv(fd, &answer, sizeof(answer), 0);

        if (n < (ssize_t)sizeof(answer))
            return -1;
        if (answer.type == (v6 ? ECHO6_REPLY : ECHO4_REPLY) && answer.sequence == request.sequence)
            return ms_since(start);
    }
    return -1;
}

void probe_run_icmp(struct probe_run *run)
{
    struct addrinfo *list = net_resolve(run, run->target, 0, SOCK_DGRAM);
    unsigned count = (unsigned)CANH_MAX(1.0, CANH_MIN(probe_number(run, "count"), PINGS_MAX));
    CANH_CLEANUP(fd_closep) int fd = -1;
    unsigned answers = 0;
    double worst = 0;

    if (list == NULL)
        return;
    fd = socket(list->ai_family, SOCK_DGRAM | SOCK_CLOEXEC,
                list->ai_family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    if (fd < 0) {
        int error = errno;

        probe_report_args(run, CHECK_NO_ANSWER, 0, SAYS_NO_PINGS, NULL, 0);
        probe_detail(run, strerror(error));
        freeaddrinfo(list);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        double ms = ping_once(run, fd, list, (uint16_t)(i + 1));

        answers += ms >= 0;
        worst = CANH_MAX(worst, ms);
    }
    freeaddrinfo(list);
    probe_report(run, CHECK_OK, worst, SAYS_PINGS, SAYS_NUMBER(answers, 0), SAYS_NUMBER(count, 0),
                 SAYS_NUMBER(worst, 1));
    if (answers == 0)
        probe_worsen_args(run, CHECK_CRITICAL, SAYS_NO_ANSWER, NULL, 0);
    else if (answers < count || worst > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, answers < count ? SAYS_LOST : SAYS_SLOW, NULL, 0);
}
