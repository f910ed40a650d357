/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_COLLECT_ZSTD_FRAME_H
#define CANH_COLLECT_ZSTD_FRAME_H
/*
 * How frames of zstd begin: RFC 8878, 3.1. The library would also read those of versions before
 * 0.8, whose decoders give bytes that nobody wrote where a frame is damaged; here they are damage.
 */
#include <stdbool.h>
#include <string.h>

#include "base/attr.h"
#include "base/slice.h"

enum { ZSTD_FRAME_MAGIC = 4 };

/* Whether s may be the beginning of a frame, or of one that is to be skipped; of s only as much as
 * is there counts. */
CANH_INLINE bool zstd_frame_begins(struct slice s)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd}, skipped[] = {0x2a, 0x4d, 0x18};

    return s.n == 0 || memcmp(s.p, magic, s.n < sizeof(magic) ? s.n : sizeof(magic)) == 0 ||
           (s.p[0] >> 4 == 5 &&
            memcmp(s.p + 1, skipped, s.n - 1 < sizeof(skipped) ? s.n - 1 : sizeof(skipped)) == 0);
}

#endif
