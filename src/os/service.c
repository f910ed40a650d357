/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/service.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"

bool service_notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = path ? strlen(path) : 0;
    CANH_CLEANUP(fd_closep) int fd = -1;

    if (n < 2 || n >= sizeof(at.sun_path) || (path[0] != '/' && path[0] != '@'))
        return false;
    memcpy(at.sun_path, path, n);
    if (path[0] == '@') /* an abstract name */
        at.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&at,
                             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) >= 0;
}

int64_t service_watchdog(void)
{
    const char *every = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    int64_t us = 0, who = 0;

    if (every == NULL || num_range(slice_str(every), 1, INT64_MAX / 1000, &us) < 0)
        return 0;
    if (pid && (num_i64(slice_str(pid), &who) < 0 || who != getpid()))
        return 0;
    return us * 1000;
}
