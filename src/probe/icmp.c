/* SPDX-License-Identifier: Apache-2.0 */
/* icmp pings. The value is the time of the slowest answer in milliseconds. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/file.h"
#include "probe/net.h"

enum { PINGS_MAX = 10 };

/* RFC 792 and RFC 4443; the kernel fills in checksum and id. */
enum { ECHO4_REQUEST = 8, ECHO4_REPLY = 0, ECHO6_REQUEST = 128, ECHO6_REPLY = 129 };

struct echo {
    uint8_t type, code;
    uint16_t checksum, id, sequence;
};

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
    while (net_wait(run, fd, POLLIN)) {
        ssize_t n = recv(fd, &answer, sizeof(answer), 0);

        if (n < (ssize_t)sizeof(answer))
            return -1;
        if (answer.type == (v6 ? ECHO6_REPLY : ECHO4_REPLY) && answer.sequence == request.sequence)
            return probe_ms_since(start);
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

        probe_report_args(run, CHECK_NO_ANSWER, 0, RESULT_NO_PINGS, NULL, 0);
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
    probe_report(run, CHECK_OK, worst, RESULT_PINGS, RESULT_NUMBER(answers, 0),
                 RESULT_NUMBER(count, 0), RESULT_NUMBER(worst, 1));
    if (answers == 0)
        probe_worsen_args(run, CHECK_CRITICAL, RESULT_NO_ANSWER, NULL, 0);
    else if (answers < count || worst > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, answers < count ? RESULT_LOST : RESULT_SLOW, NULL, 0);
}
