/* SPDX-License-Identifier: Apache-2.0 */
#include "node/wire/batch.h"

#include "base/file.h"
#include "lang/err_node.h"
#include "os/bulk.h"

enum { BATCH_MAGIC = 0x32424e43 /* "CNB2" */, BATCH_BASE_MAX = 1024, BATCH_ONE_MAX = 4096 };

void batch_begin(struct buf *out)
{
    frame_put_u32(out, BATCH_MAGIC);
    for (unsigned i = 0; i < 3; i++)
        frame_put_u32(out, 0);
}

void batch_add_record(struct buf *out, const struct batch_record *x)
{
    frame_put_text(out, x->stream);
    frame_put_u64(out, x->offset);
    frame_put_i64(out, x->received);
    frame_put_i64(out, x->claimed);
    frame_put_bytes(out, x->source, 16);
    frame_put_bytes(out, x->unit, 16);
    frame_put_text(out, x->base);
    frame_put_u64(out, x->at);
    frame_put_u8(out, x->count);
    frame_put_u32(out, x->decoder);
    frame_put_u32(out, x->flags);
    frame_put_text(out, x->raw);
}

void batch_add_input(struct buf *out, const struct batch_input *x)
{
    frame_put_bytes(out, x->id, 16);
    frame_put_text(out, x->cursor);
}

void batch_add_mark(struct buf *out, const struct batch_mark_of *x)
{
    frame_put_bytes(out, x->source, 16);
    frame_put_text(out, x->id);
    frame_put_u32(out, x->first);
    frame_put_u32(out, x->count);
}

void batch_end(struct buf *out, uint32_t records, uint32_t inputs, uint32_t marks)
{
    uint32_t n[3] = {records, inputs, marks};

    for (unsigned i = 0; out->err == 0 && i < 12; i++)
        out->p[4 + i] = (uint8_t)(n[i / 4] >> (8 * (i % 4)));
}

int batch_send_one(struct channel *keep, uint64_t number, const struct batch_record *x,
                   struct err *err)
{
    struct buf batch = BUF_INIT(x->raw.n + BATCH_ONE_MAX), body = BUF_INIT(8);
    int fd = -1, r;

    batch_begin(&batch);
    batch_add_record(&batch, x);
    batch_end(&batch, 1, 0, 0);
    frame_put_u64(&body, number);
    r = bulk_make(buf_slice(&batch), &fd, err);
    if (r == 0)
        r = channel_send(keep, WIRE_APPEND, buf_slice(&body), &fd, 1, err);
    fd_closep(&fd);
    buf_done(&body);
    buf_done(&batch);
    return r;
}

int batch_open(struct batch_reader *b, struct slice bytes, struct err *err)
{
    b->r = frame_reader(bytes);
    if (frame_get_u32(&b->r) != BATCH_MAGIC)
        return err_fail(err, CE_PEER, ERR_NODE_NO_BATCH_RECORDS);
    b->records = frame_get_u32(&b->r);
    b->inputs = frame_get_u32(&b->r);
    b->marks = frame_get_u32(&b->r);
    return 0;
}

int batch_next(struct batch_reader *b, struct batch_record *ret, struct err *err)
{
    if (b->records == 0)
        return 0;
    b->records--;
    ret->stream = frame_get_text(&b->r, WIRE_STREAM_MAX);
    ret->offset = frame_get_u64(&b->r);
    ret->received = frame_get_i64(&b->r);
    ret->claimed = frame_get_i64(&b->r);
    frame_get_bytes(&b->r, ret->source, 16);
    frame_get_bytes(&b->r, ret->unit, 16);
    ret->base = frame_get_text(&b->r, BATCH_BASE_MAX);
    ret->at = frame_get_u64(&b->r);
    ret->count = frame_get_u8(&b->r);
    ret->decoder = frame_get_u32(&b->r);
    ret->flags = frame_get_u32(&b->r);
    ret->raw = frame_get_text(&b->r, WIRE_BATCH_MAX);
    return b->r.bad ? err_fail(err, CE_PEER, ERR_NODE_RECORD_BATCH_CANNOT_READ) : 1;
}

int batch_next_input(struct batch_reader *b, struct batch_input *ret, struct err *err)
{
    if (b->records || b->inputs == 0)
        return 0;
    b->inputs--;
    frame_get_bytes(&b->r, ret->id, 16);
    ret->cursor = frame_get_text(&b->r, WIRE_CURSOR_MAX);
    return b->r.bad ? err_fail(err, CE_PEER, ERR_NODE_INPUT_BATCH_CANNOT_READ) : 1;
}

int batch_next_mark(struct batch_reader *b, struct batch_mark_of *ret, struct err *err)
{
    if (b->records || b->inputs || b->marks == 0)
        return 0;
    b->marks--;
    ret->key = b->r.rest;
    frame_get_bytes(&b->r, ret->source, 16);
    ret->id = frame_get_text(&b->r, BATCH_MARK_MAX);
    ret->key = slice_head(ret->key, ret->key.n - b->r.rest.n);
    ret->first = frame_get_u32(&b->r);
    ret->count = frame_get_u32(&b->r);
    return b->r.bad || ret->id.n == 0 ? err_fail(err, CE_PEER, ERR_NODE_MARK_BATCH_CANNOT_READ) : 1;
}

int batch_close(const struct batch_reader *b, struct err *err)
{
    if (b->records || b->inputs || b->marks || frame_end(&b->r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_BATCH_DOES_NOT_END_WHERE);
    return 0;
}
