/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ZONE_H
#define CANH_CALENDAR_ZONE_H
/*
 * Time zones as data. Pure rooms know zones of one fixed offset: ±hh:mm, or the names below.
 * A zone with summer time is refused by name: its offset would have to be looked up by date.
 */
#include <stdbool.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "yaml/yaml.h"

/* Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. False, *ret_offset_s untouched, else. */
bool zone_offset(struct slice s, int *ret_offset_s);
/* A scalar like Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. */
CANH_MUST_USE int zone_parse(const struct yaml_node *node, int *ret_offset_s, struct err *err);

#endif
