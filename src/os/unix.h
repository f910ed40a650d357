/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_UNIX_H
#define CANH_OS_UNIX_H
/*
 * A Unix socket that other programs of this machine connect to.
 */
#include "base/attr.h"
#include "base/err.h"

/*
 * A listening stream socket, non-blocking, made anew for this user and the group (NULL: this
 * process's). What nobody listens on goes. -CE_EXISTS: something else is there, or somebody
 * listens; -CE_NOT_FOUND: no such group; -CE_DENIED: this user is not in it; -CE_TOO_BIG: the path.
 */
CANH_MUST_USE int unix_listen(const char *path, const char *group, int *ret_fd, struct err *err);

#endif
