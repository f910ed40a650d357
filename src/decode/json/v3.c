/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/json/scan.h"
#include "decode/json/walk.h"

const struct json_engine json_engine_v3 = {.scan = hot_scan, .walk = hot_walk};
