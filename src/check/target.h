/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CHECK_TARGET_H
#define CANH_CHECK_TARGET_H
/*
 * Whether a target is well formed, one function for each way in which kinds are aimed: 0, or
 * -CE_SYNTAX and how it is written. The target has 1 to CHECK_TARGET_MAX bytes, none of them 0.
 * Only for this room.
 */
#include "check/check.h"

CANH_MUST_USE int target_url(const struct check_kind *kind, struct slice target, struct err *err);
CANH_MUST_USE int target_host(const struct check_kind *kind, struct slice target, struct err *err);
CANH_MUST_USE int target_path(const struct check_kind *kind, struct slice target, struct err *err);
CANH_MUST_USE int target_command(const struct check_kind *kind, struct slice target,
                                 struct err *err);

#endif
