/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CALENDAR_ZONE_H
#define CANH_CALENDAR_ZONE_H
/*
 * Time zones as data. Pure rooms know zones of one fixed offset: ±hh:mm, or the names below.
 * A zone with summer time is refused by name: its offset would have to be looked up by date.
 */
#include "base/attr.h"
#include "base/err.h"
#include "yaml/yaml.h"

/* A scalar like Asia/Ho_Chi_Minh, UTC or +07:00 → seconds east of UTC. */
CANH_MUST_USE int zone_parse(const struct yaml_node *node, int *ret_offset_s, struct err *err);

#endif
