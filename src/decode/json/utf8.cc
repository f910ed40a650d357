/* SPDX-License-Identifier: Apache-2.0 */
#include <simdjson.h>

extern "C" {
#include "decode/json/utf8.h"
}

bool json_utf8_valid(const uint8_t *p, size_t n)
{
    return simdjson::validate_utf8(reinterpret_cast<const char *>(p), n);
}
