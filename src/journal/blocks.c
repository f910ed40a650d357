/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/blocks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal/filter.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum loaded { LOADED_NOTHING, LOADED_COLUMNS, LOADED_ALL };

struct journal_blocks {
    struct journal *j;
    const struct stream *stream;
    uint64_t next;   /* offset of the next block's first record */
    bool pending;    /* the present block is not sealed */
    bool unlocked;   /* the view's cipher is that of its segment */
    uint64_t opened; /* segment for which it is */
    enum loaded loaded;
    struct view view;
    struct block block;
};

int journal_blocks_new(struct journal *j, uint32_t stream, uint64_t from,
                       struct journal_blocks **ret, struct err *err)
{
    struct journal_blocks *b;

    *ret = NULL;
    if (stream >= j->stream_count)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_STREAM_NOT_OPEN, stream);
    b = calloc(1, sizeof(*b));
    if (b == NULL)
        return err_nomem(err);
    b->j = j;
    b->stream = j->streams[stream];
    b->next = from;
    view_init(&b->view);
    block_init(&b->block, 0);
    *ret = b;
    return 0;
}

struct journal_blocks *journal_blocks_free(struct journal_blocks *b)
{
    if (b == NULL)
        return NULL;
    view_done(&b->view);
    block_done(&b->block);
    free(b);
    return NULL;
}

static int next_pending(struct journal_blocks *b, struct block_head *ret)
{
    const struct block *p = &b->stream->pending;

    if (p->count == 0 || b->next >= p->first + p->count)
        return 0;
    block_measure(p, ret);
    b->pending = true;
    b->next = p->first + p->count;
    return 1;
}

int journal_blocks_next(struct journal_blocks *b, struct block_head *ret, struct err *err)
{
    const struct stream *s = b->stream;
    uint64_t from = b->next;
    int r;

    b->pending = false;
    b->loaded = LOADED_NOTHING;
    if (b->next >= s->sealed)
        return next_pending(b, ret);
    r = view_seek(b->j, s, &b->view, &b->next, err);
    if (r < 0) { /* behind what is damaged */
        b->next = CANH_MAX(view_skip(s, &b->view, from), from + 1);
        return r;
    }
    if (r == 0) {
        b->next = CANH_MAX(b->next, s->sealed);
        return next_pending(b, ret);
    }
    *ret = b->view.block;
    b->next = ret->first + ret->count;
    return 1;
}

static int blocks_unlock(struct journal_blocks *b, struct err *err)
{
    int r;

    if (b->unlocked && b->opened == b->view.opening)
        return 0;
    r = view_unlock(b->j, b->stream, &b->view, err);
    b->unlocked = r == 0;
    b->opened = b->view.opening;
    return r;
}

/* Reads the one line of the filter that decides. */
static bool may_hold(struct journal_blocks *b, uint64_t hash)
{
    const struct block_head *h = &b->view.block;
    uint8_t line[FILTER_LINE];
    uint64_t at = b->view.at + BLOCK_HEAD_SIZE + h->columns_size;

    if (h->filter_size < FILTER_LINE)
        return true;
    at += filter_line(h->filter_size, hash);
    return pread(b->view.fd, line, sizeof(line), (off_t)at) != (ssize_t)sizeof(line) ||
           filter_may_hold(line, hash);
}

bool journal_blocks_may_hold(struct journal_blocks *b, struct slice word)
{
    return b->pending || blocks_unlock(b, NULL) < 0 ||
           may_hold(b, filter_word(&b->view.cipher, word));
}

bool journal_blocks_may_hold_ip(struct journal_blocks *b, const struct ip *ip)
{
    return b->pending || blocks_unlock(b, NULL) < 0 || may_hold(b, filter_ip(&b->view.cipher, ip));
}

int journal_blocks_columns(struct journal_blocks *b, const struct block **ret, struct err *err)
{
    struct view *v = &b->view;
    int r = 0;

    *ret = b->pending ? &b->stream->pending : &b->block;
    if (b->pending || b->loaded != LOADED_NOTHING)
        return 0;
    r = view_read(b->j, b->stream, v, BLOCK_HEAD_SIZE + (uint64_t)v->block.columns_size, err);
    if (r == 0)
        r = blocks_unlock(b, err);
    if (r == 0)
        r = block_decode(b->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &b->block, err);
    if (r == 0)
        b->loaded = LOADED_COLUMNS;
    return r;
}

int journal_blocks_load(struct journal_blocks *b, const struct block **ret, struct err *err)
{
    struct view *v = &b->view;
    int r = 0;

    *ret = b->pending ? &b->stream->pending : &b->block;
    if (b->pending || b->loaded == LOADED_ALL)
        return 0;
    r = view_read(b->j, b->stream, v, block_size(&v->block), err);
    if (r == 0)
        r = blocks_unlock(b, err);
    if (r == 0 && b->loaded == LOADED_NOTHING)
        r = block_decode(b->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &b->block, err);
    if (r == 0)
        r = block_load(b->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &b->block, err);
    if (r == 0)
        b->loaded = LOADED_ALL;
    return r;
}

int journal_blocks_fetch(struct journal_blocks *b, struct buf *ret,
                         struct journal_cipher *ret_cipher, const struct block **ret_pending,
                         struct err *err)
{
    struct view *v = &b->view;
    struct buf stored;
    int r = 0;

    buf_clear(ret);
    *ret_pending = b->pending ? &b->stream->pending : NULL;
    if (b->pending)
        return 0;
    r = view_read(b->j, b->stream, v, block_size(&v->block), err);
    if (r == 0)
        r = blocks_unlock(b, err);
    if (r < 0)
        return r;
    *ret_cipher = v->cipher;
    stored = v->stored; /* each goes on with the other's memory */
    v->stored = *ret;
    *ret = stored;
    return 0;
}

bool journal_blocks_is_sealed(const struct journal_blocks *b)
{
    return !b->pending;
}

int journal_blocks_open(struct journal_blocks *b, const uint8_t prev[JOURNAL_HASH_SIZE],
                        struct block_head *ret, struct buf *out, struct err *err)
{
    struct view *v = &b->view;
    struct journal_cipher plain;
    int r;

    if (b->pending) {
        cipher_plain(&plain);
        r = block_encode(b->j->coder, &b->stream->pending, &plain, prev, ret, out);
        return r < 0 ? err_code(err, r) : 0;
    }
    r = view_read(b->j, b->stream, v, block_size(&v->block), err);
    if (r == 0)
        r = blocks_unlock(b, err);
    if (r < 0)
        return r;
    r = block_open(b->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, prev, ret, out);
    return r < 0 ? err_fail(err, (enum ce) - r, ERR_JOURNAL_BLOCK, v->block.first, ERR_KIND(r)) : 0;
}
