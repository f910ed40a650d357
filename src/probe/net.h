/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_NET_H
#define CANH_PROBE_NET_H
/* What the checks over plain sockets share. On failure each sets the result. */
#include "probe/probe_run.h"

struct addrinfo;

/* The addresses of a name (a port of 0: none); NULL on failure. Free with freeaddrinfo(). */
CANH_MUST_USE struct addrinfo *net_resolve(struct probe_run *run, const char *host, unsigned port,
                                           int type);
/* A non-blocking socket, connected to the first address that takes it, and how long that took;
 * negative on failure. */
CANH_MUST_USE int net_connect(struct probe_run *run, const char *host, unsigned port,
                              double *ret_ms);
/* Waits for poll() events on fd until the deadline; false when it passes. Sets no result. */
bool net_wait(const struct probe_run *run, int fd, short events);

#endif
