/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"

const struct decode_limits decode_default_limits = {
    .max_record = 4 * 1024 * 1024,
    .max_fields = EVENT_FIELDS_MAX,
    .max_depth = 64,
};
