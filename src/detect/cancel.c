/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/cancel.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"

int cancel_init(struct cancel *c)
{
    *c = (struct cancel){.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    return c->fd < 0 ? -CE_IO : 0;
}

void cancel_done(struct cancel *c)
{
    fd_closep(&c->fd);
}

void cancel_ask(struct cancel *c)
{
    const uint64_t one = 1;
    int saved = errno;
    ssize_t n;

    atomic_store(&c->asked, true);
    n = c->fd >= 0 ? write(c->fd, &one, sizeof(one)) : 0;
    (void)n; /* a full counter is readable, too */
    errno = saved;
}
