/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_ZONE_TEXT_H
#define CANH_CLI_ZONE_TEXT_H
/* A time zone as an option's value. */
#include <stdbool.h>

#include "base/arena.h"
#include "base/zone.h"

/*
 * Asia/Ho_Chi_Minh and what else this machine's IANA database names, UTC, Z, +07, -0330, +07:00;
 * NULL is UTC. Its changes are in the arena. False: none of these.
 */
bool zone_text_read(const char *text, struct arena *arena, struct zone *ret);

#endif
