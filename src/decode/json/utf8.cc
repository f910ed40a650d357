/* SPDX-License-Identifier: Apache-2.0 */
#include <cstddef>

extern "C" {
#include "decode/json/utf8.h"
}

/* As the header of simdjson declares it, which takes 3 s to read, as much as 20 files of canh. */
namespace simdjson {
bool validate_utf8(const char *buf, size_t len) noexcept;
}

bool json_utf8_valid(const uint8_t *p, size_t n)
{
    return simdjson::validate_utf8(reinterpret_cast<const char *>(p), n);
}
