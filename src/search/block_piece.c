/* SPDX-License-Identifier: Apache-2.0 */
#include "search/block_piece.h"

#include <stdlib.h>

#include "search/session_internal.h"

struct block_pool {
    struct block_piece *free;
    void (*release)(struct slice bytes);
};

struct block_pool *block_pool_new(void)
{
    return calloc(1, sizeof(struct block_pool));
}

struct block_pool *block_pool_free(struct block_pool *pool)
{
    while (pool && pool->free) {
        struct block_piece *p = pool->free;

        pool->free = p->next;
        buf_done(&p->stored);
        free(p);
    }
    free(pool);
    return NULL;
}

struct block_piece *block_piece_new(struct block_pool *pool)
{
    struct block_piece *p = pool->free;

    if (p) {
        pool->free = p->next;
        return p;
    }
    p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->pool = pool;
    p->stored = BUF_INIT(BLOCK_STORED_MAX);
    return p;
}

void block_piece_done(void *piece)
{
    struct block_piece *p = piece;

    if (p->given.n)
        p->pool->release(p->given);
    p->given = SLICE_NULL;
    p->pending = NULL;
    cipher_wipe(&p->cipher);
    p->next = p->pool->free;
    p->pool->free = p;
}

static int open_piece(struct search_piece *piece, struct search_session *s,
                      const struct block **ret, struct err *err)
{
    struct block_piece *p = piece->u;
    const struct block *b = p->pending ? p->pending : &s->block;
    struct slice stored = p->given.n ? p->given : buf_slice(&p->stored);
    int r = 0;

    piece->opened = 0;
    if (s->coder == NULL && (s->coder = block_coder_new()) == NULL)
        return err_nomem(err);
    if (p->pending == NULL)
        r = block_decode(s->coder, &p->head, stored, &p->cipher, &s->block, err);
    if (r < 0 || !session_wants_any(s, b))
        return r;
    if (p->pending == NULL)
        r = block_load(s->coder, &p->head, stored, &p->cipher, &s->block, err);
    if (r < 0)
        return r;
    piece->opened = 1;
    *ret = b;
    return 0;
}

struct search_piece block_piece_release(struct block_piece *p)
{
    return (struct search_piece){.open = open_piece, .done = block_piece_done, .u = p};
}

int block_pool_piece(struct block_pool *pool, struct slice bytes,
                     void (*release)(struct slice bytes), struct search_piece *ret, struct err *err)
{
    struct block_piece *p = block_piece_new(pool);
    int r;

    if (p == NULL) {
        release(bytes);
        return err_nomem(err);
    }
    pool->release = release;
    p->given = bytes;
    cipher_plain(&p->cipher);
    r = block_head_get(bytes, &p->head, err);
    if (r == 0 && block_size(&p->head) != bytes.n)
        r = err_code(err, CE_PEER);
    if (r < 0)
        block_piece_done(p);
    *ret = block_piece_release(p);
    return r;
}
