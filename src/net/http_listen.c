/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets to listen on. */
#include "net/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_net.h"

enum { LISTEN_QUEUE = 512 };

int http_listen(const char *address, uint16_t *port, int *ret_fd, struct err *err)
{
    struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
    struct sockaddr_in a4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
    bool is6 = inet_pton(AF_INET6, address, &a6.sin6_addr) == 1;
    struct sockaddr *a = is6 ? (struct sockaddr *)&a6 : (struct sockaddr *)&a4;
    socklen_t size = is6 ? sizeof(a6) : sizeof(a4);
    CANH_CLEANUP(fd_closep) int fd = -1;
    int one = 1;

    if (!is6 && inet_pton(AF_INET, address, &a4.sin_addr) != 1)
        return err_fail(err, CE_SYNTAX, ERR_NET_NOT_ADDRESS, address);
    fd = socket(is6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
        bind(fd, a, size) < 0 || listen(fd, LISTEN_QUEUE) < 0 || getsockname(fd, a, &size) < 0)
        return err_fail_sys(err, errno, ERR_NET_PORT, address, (unsigned)*port);
    *port = ntohs(is6 ? a6.sin6_port : a4.sin_port);
    *ret_fd = fd_take(&fd);
    return 0;
}
