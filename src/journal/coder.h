/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_JOURNAL_CODER_H
#define CANH_JOURNAL_CODER_H
/* What blocks are packed and unpacked with: memory that goes on from one to the next. */
#include <zstd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/slice.h"
#include "journal/block.h"
#include "journal/block_words.h"

struct block_coder {
    ZSTD_CCtx *compress;
    ZSTD_DCtx *expand;
    struct buf plain, packed, opened;
    struct block_words words;
};

/* s as one zstd frame with its length and check sum, in c->packed. fast: see struct block. */
CANH_MUST_USE int coder_pack(struct block_coder *c, struct slice s, bool fast);
/* The zstd frame s, of which exactly n bytes must come, at the end of out. */
CANH_MUST_USE int coder_unpack(struct block_coder *c, struct slice s, size_t n, struct buf *out);

#endif
