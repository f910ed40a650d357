/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/coder.h"

#include <stdlib.h>

enum {
    LEVEL_SMALL = 3, /* of zstd */
    LEVEL_FAST = 1,
};

struct block_coder *block_coder_new(void)
{
    struct block_coder *c = calloc(1, sizeof(*c));

    if (c == NULL)
        return NULL;
    c->plain = BUF_INIT(BLOCK_COLUMNS_MAX);
    c->packed = c->opened = BUF_INIT(BLOCK_STORED_MAX);
    return c;
}

void block_coder_rest(struct block_coder *c)
{
    (void)ZSTD_freeCCtx(c->compress);
    (void)ZSTD_freeDCtx(c->expand);
    c->compress = NULL;
    c->expand = NULL;
    buf_done(&c->plain);
    buf_done(&c->packed);
    buf_done(&c->opened);
    block_words_done(&c->words);
}

struct block_coder *block_coder_free(struct block_coder *c)
{
    if (c == NULL)
        return NULL;
    block_coder_rest(c);
    free(c);
    return NULL;
}

int coder_pack(struct block_coder *c, struct slice s, bool fast)
{
    size_t bound = ZSTD_compressBound(s.n), n;
    uint8_t *to;

    if (c->compress == NULL) {
        c->compress = ZSTD_createCCtx();
        if (c->compress == NULL)
            return -CE_NOMEM;
        (void)ZSTD_CCtx_setParameter(c->compress, ZSTD_c_checksumFlag, 1);
    }
    (void)ZSTD_CCtx_setParameter(c->compress, ZSTD_c_compressionLevel,
                                 fast ? LEVEL_FAST : LEVEL_SMALL);
    buf_clear(&c->packed);
    to = buf_reserve(&c->packed, bound);
    if (to == NULL)
        return c->packed.err;
    n = ZSTD_compress2(c->compress, to, bound, s.p, s.n);
    if (ZSTD_isError(n))
        return -CE_NOMEM;
    c->packed.len = n;
    return 0;
}

int coder_unpack(struct block_coder *c, struct slice s, size_t n, struct buf *out)
{
    uint8_t none, *to;
    size_t got;

    if (c->expand == NULL && (c->expand = ZSTD_createDCtx()) == NULL)
        return -CE_NOMEM;
    to = n ? buf_reserve(out, n) : &none;
    if (to == NULL)
        return out->err;
    got = ZSTD_decompressDCtx(c->expand, to, n, s.p, s.n);
    if (ZSTD_isError(got) || got != n)
        return -CE_CORRUPT;
    out->len += n;
    return 0;
}
