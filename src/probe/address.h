/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_PROBE_ADDRESS_H
#define CANH_PROBE_ADDRESS_H
/*
 * Where an address lies. Only for this room.
 */
#include <stdbool.h>
#include <sys/socket.h>

/* Of this machine, of a link, or of a private network: where no page on the Internet may lead. What
 * is no Internet address at all counts as such. */
bool address_is_near(const struct sockaddr *a);

#endif
