/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/block.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/crc32.h"
#include "base/cur.h"
#include "base/time.h"
#include "journal/coder.h"
#include "journal/columns.h"
#include "journal/filter.h"
#include "journal/head.h"
#include "lang/err_journal.h"

enum {
    CONTEXTS_BYTES_MAX = 32 * 1024 * 1024,
    BOUND_SIZE = 48,          /* of the head: what encrypted pieces are bound to */
    HASHED_FROM = FRAME_OPEN, /* of the head: what the hash covers */
    HASHED_UNTIL = HASHED_FROM + 96,
};

enum piece { PIECE_COLUMNS, PIECE_DATA };

void block_init(struct block *b, uint64_t first)
{
    *b = (struct block){.first = first,
                        .raw = BUF_INIT(BLOCK_RAW_MAX),
                        .arena = ARENA_INIT(CONTEXTS_BYTES_MAX)};
    map_init(&b->map, BLOCK_RECORDS_MAX);
}

void block_done(struct block *b)
{
    free(b->metas);
    free(b->contexts);
    buf_done(&b->raw);
    arena_done(&b->arena);
    map_done(&b->map);
    block_init(b, 0);
}

void block_clear(struct block *b, uint64_t first)
{
    struct block_meta *metas = b->metas;
    uint32_t cap = b->cap;

    free(b->contexts);
    b->contexts = NULL;
    b->context_count = b->context_cap = 0;
    b->first = first;
    b->metas = metas;
    b->cap = cap;
    b->count = 0;
    b->last = 0;
    b->fast = false;
    buf_clear(&b->raw);
    arena_clear(&b->arena);
    map_clear(&b->map);
}

static bool context_is(const struct block_context *x, const struct journal_record *r)
{
    return x->decoder == r->decoder && x->flags == r->flags && x->count == r->position.count &&
           memcmp(x->source, r->source, JOURNAL_ID_SIZE) == 0 &&
           memcmp(x->unit, r->unit, JOURNAL_ID_SIZE) == 0 && slice_eq(x->base, r->position.base);
}

/* The context as one key; its last part is the base. */
static int context_key(struct block *b, const struct journal_record *r, struct slice *ret,
                       struct slice *ret_base)
{
    uint8_t fixed[2 * JOURNAL_ID_SIZE + 12];
    uint8_t *key = arena_alloc(&b->arena, sizeof(fixed) + r->position.base.n);
    uint32_t count = r->position.count;

    if (key == NULL)
        return -CE_TOO_BIG;
    memcpy(fixed, r->source, JOURNAL_ID_SIZE);
    memcpy(fixed + JOURNAL_ID_SIZE, r->unit, JOURNAL_ID_SIZE);
    memcpy(fixed + 2 * JOURNAL_ID_SIZE, &r->decoder, 4);
    memcpy(fixed + 2 * JOURNAL_ID_SIZE + 4, &r->flags, 4);
    memcpy(fixed + 2 * JOURNAL_ID_SIZE + 8, &count, 4);
    memcpy(key, fixed, sizeof(fixed));
    if (r->position.base.n)
        memcpy(key + sizeof(fixed), r->position.base.p, r->position.base.n);
    *ret = slice_of(key, sizeof(fixed) + r->position.base.n);
    *ret_base = slice_of(key + sizeof(fixed), r->position.base.n);
    return 0;
}

static int add_context(struct block *b, const struct journal_record *r, struct slice base)
{
    struct block_context *x;

    if (!array_room(b->contexts, b->context_count, b->context_cap, SIZE_MAX))
        return -CE_NOMEM;
    x = &b->contexts[b->context_count++];
    *x = (struct block_context){.decoder = r->decoder,
                                .flags = r->flags,
                                .count = r->position.count,
                                .base = base};
    memcpy(x->source, r->source, JOURNAL_ID_SIZE);
    memcpy(x->unit, r->unit, JOURNAL_ID_SIZE);
    return 0;
}

static int find_context(struct block *b, const struct journal_record *r, uint32_t *ret)
{
    struct slice key, base;
    int e;

    *ret = b->last;
    if (b->context_count && context_is(&b->contexts[b->last], r))
        return 0;
    e = context_key(b, r, &key, &base);
    if (e < 0)
        return e;
    if (map_get(&b->map, key, ret))
        return 0;
    *ret = b->context_count;
    e = map_put(&b->map, key, *ret);
    return e < 0 ? e : add_context(b, r, base);
}

static int grow_metas(struct block *b)
{
    return array_room(b->metas, b->count, b->cap, SIZE_MAX) ? 0 : -CE_NOMEM;
}

int block_add(struct block *b, const struct journal_record *r)
{
    size_t start = b->raw.len;
    uint32_t context;
    int e;

    if (b->count >= BLOCK_RECORDS_MAX)
        return -CE_TOO_BIG;
    e = grow_metas(b);
    if (e == 0)
        e = find_context(b, r, &context);
    if (e < 0)
        return e;
    buf_append_slice(&b->raw, r->raw);
    buf_putc(&b->raw, '\n');
    if (b->raw.err != 0) {
        e = b->raw.err;
        b->raw.err = 0;
        b->raw.len = start;
        return e;
    }
    b->last = context;
    b->metas[b->count++] = (struct block_meta){.received = r->received,
                                               .claimed = r->claimed,
                                               .at = r->position.at,
                                               .context = context,
                                               .start = (uint32_t)start,
                                               .length = (uint32_t)r->raw.n};
    return 0;
}

void block_cut(struct block *b, uint32_t count)
{
    if (count >= b->count)
        return;
    b->raw.len = b->metas[count].start;
    b->count = count;
}

void block_record(const struct block *b, uint32_t i, struct journal_record *ret)
{
    const struct block_meta *m = &b->metas[i];
    const struct block_context *x = &b->contexts[m->context];

    *ret = (struct journal_record){
        .offset = b->first + i,
        .received = m->received,
        .claimed = m->claimed,
        .position = {.base = x->base, .at = m->at, .count = x->count},
        .decoder = x->decoder,
        .flags = x->flags,
    };
    memcpy(ret->source, x->source, JOURNAL_ID_SIZE);
    memcpy(ret->unit, x->unit, JOURNAL_ID_SIZE);
    if ((size_t)m->start + m->length <= b->raw.len)
        ret->raw = slice_of(b->raw.p + m->start, m->length);
}

void block_measure(const struct block *b, struct block_head *h)
{
    *h = (struct block_head){.first = b->first,
                             .count = b->count,
                             .received_min = INT64_MAX,
                             .received_max = INT64_MIN,
                             .claimed_min = TIME_NONE,
                             .claimed_max = TIME_NONE,
                             .raw_size = (uint32_t)b->raw.len};
    for (uint32_t i = 0; i < b->count; i++) {
        const struct block_meta *m = &b->metas[i];

        h->received_min = CANH_MIN(h->received_min, m->received);
        h->received_max = CANH_MAX(h->received_max, m->received);
        if (m->claimed == TIME_NONE)
            continue;
        if (h->claimed_min == TIME_NONE || m->claimed < h->claimed_min)
            h->claimed_min = m->claimed;
        h->claimed_max = CANH_MAX(h->claimed_max, m->claimed);
    }
}

static void write_head(const struct block_head *h, struct buf *out)
{
    write_uint(out, FRAME_BLOCK, 4);
    write_uint(out, BLOCK_HEAD_SIZE - FRAME_OPEN + h->columns_size + h->filter_size, 4);
    write_uint(out, h->first, 8);
    write_uint(out, h->count, 4);
    write_uint(out, (uint64_t)h->received_min, 8);
    write_uint(out, (uint64_t)h->received_max, 8);
    write_uint(out, (uint64_t)h->claimed_min, 8);
    write_uint(out, (uint64_t)h->claimed_max, 8);
    write_uint(out, h->raw_size, 4);
    write_uint(out, h->columns_plain, 4);
    write_uint(out, h->columns_size, 4);
    write_uint(out, h->filter_size, 4);
    write_uint(out, h->data_size, 4);
    buf_append(out, h->prev, JOURNAL_HASH_SIZE);
    buf_append(out, h->hash, JOURNAL_HASH_SIZE);
}

/* What a piece is bound to: the block's records and times, and which piece it is. */
static struct slice bind_piece(const struct block_head *h, enum piece piece,
                               uint8_t to[BLOCK_HEAD_SIZE])
{
    struct buf b = {.p = to, .cap = BLOCK_HEAD_SIZE, .max = BLOCK_HEAD_SIZE};

    write_head(h, &b);
    to[FRAME_OPEN + BOUND_SIZE] = (uint8_t)piece;
    return slice_of(to + FRAME_OPEN, BOUND_SIZE + 1);
}

static int write_columns(struct block_coder *coder, const struct block *b,
                         const struct journal_cipher *c, struct block_head *h, struct buf *out)
{
    uint8_t bound[BLOCK_HEAD_SIZE];
    size_t from = out->len;
    int r;

    buf_clear(&coder->plain);
    columns_write(b, &coder->plain);
    if (coder->plain.err != 0)
        return coder->plain.err;
    h->columns_plain = (uint32_t)coder->plain.len;
    r = coder_pack(coder, buf_slice(&coder->plain), b->fast);
    if (r < 0)
        return r;
    cipher_seal(c, bind_piece(h, PIECE_COLUMNS, bound), buf_slice(&coder->packed), out);
    h->columns_size = (uint32_t)(out->len - from);
    return out->err;
}

static int write_data(struct block_coder *coder, const struct block *b,
                      const struct journal_cipher *c, struct block_head *h, struct buf *out)
{
    uint8_t bound[BLOCK_HEAD_SIZE];
    size_t from = out->len;
    int r = coder_pack(coder, buf_slice(&b->raw), b->fast);

    if (r < 0)
        return r;
    if (c->kind != CIPHER_NONE) {
        write_uint(out, FRAME_DATA, 4);
        write_uint(out, cipher_size(c, coder->packed.len), 4);
    }
    cipher_seal(c, bind_piece(h, PIECE_DATA, bound), buf_slice(&coder->packed), out);
    h->data_size = (uint32_t)(out->len - from);
    return out->err;
}

static void write_at(struct buf *out, size_t at, const struct block_head *h)
{
    struct buf b = {.p = out->p + at, .cap = BLOCK_HEAD_SIZE, .max = BLOCK_HEAD_SIZE};

    write_head(h, &b);
    write_uint(&b, crc32_update(0, slice_of(b.p + FRAME_OPEN, b.len - FRAME_OPEN)), 4);
}

static void hash_block(struct slice stored, uint8_t ret[JOURNAL_HASH_SIZE])
{
    journal_hash(slice_of(stored.p + HASHED_FROM, HASHED_UNTIL - HASHED_FROM),
                 slice_from(stored, BLOCK_HEAD_SIZE), ret);
}

/* Head and columns, at the end of out. */
static int begin_block(struct block_coder *coder, const struct block *b,
                       const struct journal_cipher *c, const uint8_t prev[JOURNAL_HASH_SIZE],
                       struct block_head *ret, struct buf *out)
{
    block_measure(b, ret);
    memcpy(ret->prev, prev, JOURNAL_HASH_SIZE);
    if (buf_reserve(out, BLOCK_HEAD_SIZE) == NULL)
        return out->err;
    out->len += BLOCK_HEAD_SIZE;
    return write_columns(coder, b, c, ret, out);
}

/* Without hash it is no part of a chain. */
static void end_block_apart(struct buf *out, size_t at, struct block_head *h)
{
    memset(h->hash, 0, JOURNAL_HASH_SIZE);
    write_at(out, at, h);
}

static void end_block(struct buf *out, size_t at, struct block_head *h)
{
    write_at(out, at, h);
    hash_block(slice_of(out->p + at, out->len - at), h->hash);
    write_at(out, at, h);
}

int block_encode(struct block_coder *coder, const struct block *b, const struct journal_cipher *c,
                 const uint8_t prev[JOURNAL_HASH_SIZE], struct block_head *ret, struct buf *out)
{
    size_t at = out->len, filter_at;
    int r = begin_block(coder, b, c, prev, ret, out);

    if (r < 0)
        return r;
    filter_at = out->len;
    filter_write(&coder->words, b, c, out);
    ret->filter_size = (uint32_t)(out->len - filter_at);
    r = write_data(coder, b, c, ret, out);
    if (r == 0)
        end_block(out, at, ret);
    return r;
}

int block_encode_as(struct block_coder *coder, const struct block *b,
                    const struct journal_cipher *c, const uint8_t prev[JOURNAL_HASH_SIZE],
                    uint64_t size, struct block_head *ret, struct buf *out)
{
    CANH_CLEANUP(buf_done) struct buf data = BUF_INIT(BLOCK_STORED_MAX);
    size_t at = out->len, used;
    uint8_t *fill;
    int r = begin_block(coder, b, c, prev, ret, out);

    if (r == 0)
        r = write_data(coder, b, c, ret, &data);
    if (r < 0)
        return r;
    used = out->len - at + data.len;
    if (used > size)
        return -CE_TOO_BIG;
    ret->filter_size = (uint32_t)(size - used);
    fill = buf_reserve(out, ret->filter_size);
    if (fill == NULL && ret->filter_size)
        return out->err;
    if (ret->filter_size)
        memset(fill, 0xFF, ret->filter_size);
    out->len += ret->filter_size;
    buf_append_slice(out, buf_slice(&data));
    if (out->err == 0)
        end_block(out, at, ret);
    return out->err;
}

int block_head_get(struct slice s, struct block_head *ret, struct err *err)
{
    struct cur c = cur_of(s);
    uint32_t magic = cur_u32(&c), size = cur_u32(&c), crc;

    if (s.n < BLOCK_HEAD_SIZE)
        return err_fail(err, CE_TRUNCATED, ERR_JOURNAL_ENDS_INSIDE_BLOCK);
    ret->first = cur_u64(&c);
    ret->count = cur_u32(&c);
    ret->received_min = (int64_t)cur_u64(&c);
    ret->received_max = (int64_t)cur_u64(&c);
    ret->claimed_min = (int64_t)cur_u64(&c);
    ret->claimed_max = (int64_t)cur_u64(&c);
    ret->raw_size = cur_u32(&c);
    ret->columns_plain = cur_u32(&c);
    ret->columns_size = cur_u32(&c);
    ret->filter_size = cur_u32(&c);
    ret->data_size = cur_u32(&c);
    cur_copy(&c, ret->prev, JOURNAL_HASH_SIZE);
    cur_copy(&c, ret->hash, JOURNAL_HASH_SIZE);
    crc = cur_u32(&c);
    if (magic != FRAME_BLOCK ||
        crc32_update(0, slice_of(s.p + FRAME_OPEN, BLOCK_HEAD_SIZE - FRAME_OPEN - 4)) != crc)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_NO_BLOCK_OR_HEAD_DAMAGED);
    if (size != BLOCK_HEAD_SIZE - FRAME_OPEN + (uint64_t)ret->columns_size + ret->filter_size ||
        ret->count > BLOCK_RECORDS_MAX || ret->raw_size > BLOCK_RAW_MAX ||
        ret->columns_plain > BLOCK_COLUMNS_MAX || block_size(ret) > BLOCK_STORED_MAX)
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_BLOCK_IMPOSSIBLE_SIZE);
    return 0;
}

bool block_hash_holds(const struct block_head *h, struct slice stored)
{
    uint8_t hash[JOURNAL_HASH_SIZE];

    if (stored.n != block_size(h))
        return false;
    hash_block(stored, hash);
    return memcmp(hash, h->hash, JOURNAL_HASH_SIZE) == 0;
}

static int open_piece(struct block_coder *coder, const struct block_head *h, enum piece piece,
                      struct slice stored, const struct journal_cipher *c, struct slice *ret)
{
    uint8_t bound[BLOCK_HEAD_SIZE];

    buf_clear(&coder->opened);
    if (cipher_open(c, bind_piece(h, piece, bound), stored, &coder->opened, ret))
        return 0;
    return coder->opened.err != 0 ? coder->opened.err : -CE_CORRUPT;
}

int block_decode(struct block_coder *coder, const struct block_head *h, struct slice stored,
                 const struct journal_cipher *c, struct block *b, struct err *err)
{
    struct slice columns = slice_from(stored, BLOCK_HEAD_SIZE), packed;
    int r;

    block_clear(b, h->first);
    if (columns.n < h->columns_size)
        return err_fail(err, CE_TRUNCATED, ERR_JOURNAL_ENDS_INSIDE_BLOCK);
    r = open_piece(coder, h, PIECE_COLUMNS, slice_head(columns, h->columns_size), c, &packed);
    buf_clear(&coder->plain);
    if (r == 0)
        r = coder_unpack(coder, packed, h->columns_plain, &coder->plain);
    if (r == 0)
        r = columns_get(buf_slice(&coder->plain), h->count, h->raw_size, b);
    if (r < 0)
        return err_fail(err, (enum ce) - r, ERR_JOURNAL_COLUMNS_BLOCK, h->first, ERR_KIND(r));
    return 0;
}

int block_load(struct block_coder *coder, const struct block_head *h, struct slice stored,
               const struct journal_cipher *c, struct block *b, struct err *err)
{
    struct slice data = slice_from(stored, BLOCK_HEAD_SIZE + h->columns_size + h->filter_size);
    struct slice packed;
    int r = 0;

    if (data.n < h->data_size || (c->kind != CIPHER_NONE && h->data_size < FRAME_OPEN))
        return err_fail(err, CE_TRUNCATED, ERR_JOURNAL_ENDS_INSIDE_BLOCK);
    data = slice_head(data, h->data_size);
    if (c->kind != CIPHER_NONE)
        data = slice_from(data, FRAME_OPEN);
    r = open_piece(coder, h, PIECE_DATA, data, c, &packed);
    buf_clear(&b->raw);
    if (r == 0)
        r = coder_unpack(coder, packed, h->raw_size, &b->raw);
    if (r < 0)
        return err_fail(err, (enum ce) - r, ERR_JOURNAL_RECORDS_BLOCK, h->first, ERR_KIND(r));
    return 0;
}

/* An opened piece at the end of out, and its size there. */
static int copy_piece(struct block_coder *coder, const struct block_head *h, enum piece piece,
                      struct slice stored, const struct journal_cipher *c, struct buf *out,
                      uint32_t *ret_size)
{
    struct slice plain;
    int r = open_piece(coder, h, piece, stored, c, &plain);

    if (r < 0)
        return r;
    buf_append_slice(out, plain);
    *ret_size = (uint32_t)plain.n;
    return out->err;
}

int block_open(struct block_coder *coder, const struct block_head *h, struct slice stored,
               const struct journal_cipher *c, const uint8_t prev[JOURNAL_HASH_SIZE],
               struct block_head *ret, struct buf *out)
{
    struct slice rest = slice_from(stored, BLOCK_HEAD_SIZE), data;
    size_t at = out->len;
    int r;

    *ret = *h;
    ret->filter_size = 0;
    if (prev)
        memcpy(ret->prev, prev, JOURNAL_HASH_SIZE);
    else
        memset(ret->prev, 0, JOURNAL_HASH_SIZE);
    data = slice_from(rest, (size_t)h->columns_size + h->filter_size);
    if (data.n != h->data_size || (c->kind != CIPHER_NONE && data.n < FRAME_OPEN))
        return -CE_TRUNCATED;
    if (c->kind != CIPHER_NONE)
        data = slice_from(data, FRAME_OPEN);
    if (buf_reserve(out, BLOCK_HEAD_SIZE) == NULL)
        return out->err;
    out->len += BLOCK_HEAD_SIZE;
    r = copy_piece(coder, h, PIECE_COLUMNS, slice_head(rest, h->columns_size), c, out,
                   &ret->columns_size);
    if (r == 0)
        r = copy_piece(coder, h, PIECE_DATA, data, c, out, &ret->data_size);
    if (r < 0)
        return r;
    if (prev)
        end_block(out, at, ret);
    else
        end_block_apart(out, at, ret);
    return 0;
}
