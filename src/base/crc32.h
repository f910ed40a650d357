/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_CRC32_H
#define CANH_BASE_CRC32_H
/*
 * CRC-32 as in zlib, gzip and EVTX (reflected polynomial 0xEDB88320).
 */
#include <stdint.h>

#include "base/slice.h"

/* Continues crc (0 to begin) over s. */
uint32_t crc32_update(uint32_t crc, struct slice s);

#endif
