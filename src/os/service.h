/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_SERVICE_H
#define CANH_OS_SERVICE_H
/*
 * What a service tells the manager that started it: sd_notify(3)'s protocol, a line in a datagram
 * to the Unix socket that $NOTIFY_SOCKET names. Without one nothing happens.
 */
#include <stdint.h>

#include <stdbool.h>

#include "base/attr.h"

/* "READY=1", "RELOADING=1", "STOPPING=1", "WATCHDOG=1". False: nobody was told. */
bool service_notify(const char *state);

/* Nanoseconds within which the manager wants to hear WATCHDOG=1 from this process; 0: never. */
int64_t service_watchdog(void);

#endif
