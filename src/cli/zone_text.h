/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_ZONE_TEXT_H
#define CANH_CLI_ZONE_TEXT_H
/* A time zone as an option's value. */
#include <stdbool.h>

/*
 * Asia/Ho_Chi_Minh and what else calendar/zone.c names, UTC, Z, +07, -0330, +07:00; NULL is UTC.
 * *ret: seconds east of UTC. False: none of these.
 */
bool zone_text_read(const char *text, int *ret);

#endif
