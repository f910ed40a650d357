/* SPDX-License-Identifier: Apache-2.0 */
/* tcp connects, and may wait for a text. The value is the time in milliseconds. */
#include <poll.h>
#include <sys/socket.h>

#include "base/file.h"
#include "probe/net.h"

enum { ANSWER_MAX = 4096 };

static bool answer_contains(const struct probe_run *run, int fd, const char *text)
{
    uint8_t answer[ANSWER_MAX];
    size_t n = 0;

    while (n < sizeof(answer) && net_wait(run, fd, POLLIN)) {
        ssize_t got = recv(fd, answer + n, sizeof(answer) - n, 0);

        if (got <= 0)
            break;
        n += (size_t)got;
        if (slice_find(slice_of(answer, n), slice_str(text)) != SIZE_MAX)
            return true;
    }
    return false;
}

void probe_run_tcp(struct probe_run *run)
{
    const char *contains = probe_text(run, "contains");
    char host[256];
    unsigned port;
    CANH_CLEANUP(fd_closep) int fd = -1;
    double ms = 0;

    if (check_host_port(run->target, 0, host, &port) < 0) {
        probe_report(run, CHECK_NO_ANSWER, 0, RESULT_UNUSABLE, RESULT_TEXT("not host:port"));
        return;
    }
    fd = net_connect(run, host, port, &ms);
    if (fd < 0)
        return;
    probe_report(run, CHECK_OK, ms, RESULT_CONNECTED, RESULT_NUMBER(ms, 0));
    if (contains != NULL && !answer_contains(run, fd, contains))
        probe_worsen_args(run, CHECK_CRITICAL, RESULT_NO_TEXT, NULL, 0);
    if (ms > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, RESULT_SLOW, NULL, 0);
}
