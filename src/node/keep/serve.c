/* SPDX-License-Identifier: Apache-2.0 */
/* Records by stream and offset, in blocks. */
#include "base/file.h"
#include "base/time.h"
#include "event/stream.h"
#include "lang/err_node.h"
#include "node/keep/keep.h"
#include "os/bulk.h"

enum { BLOCK_RECORDS = 4096 };

static void notify_of(struct peer *p, uint32_t stream, uint64_t end)
{
    struct buf body = BUF_INIT(200);

    frame_put_text(&body, slice_str(journal_stream_name(p->keep->journal, stream)));
    frame_put_u64(&body, end);
    (void)!channel_send(&p->channel, WIRE_MORE, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
}

void keep_notify_more(struct keep *k)
{
    for (struct peer *p = k->peers; p; p = p->next) {
        unsigned left = 0;

        for (unsigned i = 0; i < p->wait_count; i++) {
            uint64_t end = journal_stream_next(k->journal, p->waits[i].stream);

            if (end > p->waits[i].end)
                notify_of(p, p->waits[i].stream, end);
            else
                p->waits[left++] = p->waits[i];
        }
        p->wait_count = left;
    }
}

void keep_write_record(struct buf *out, const struct journal_record *x, struct slice stream)
{
    struct batch_record to = {
        .stream = stream,
        .offset = x->offset,
        .received = x->received,
        .claimed = x->claimed,
        .base = x->position.base,
        .at = x->position.at,
        .count = (uint8_t)x->position.count,
        .decoder = x->decoder,
        .flags = x->flags,
        .raw = x->raw,
    };

    memcpy(to.source, x->source, 16);
    memcpy(to.unit, x->unit, 16);
    batch_add_record(out, &to);
}

static int block_fill(struct keep *k, uint32_t stream, struct slice name, uint64_t *offset,
                      uint32_t wanted, struct buf *out, uint32_t *ret_records, struct err *err)
{
    struct journal_reader *reader = NULL;
    struct journal_record x;
    uint32_t n = 0;
    int r = journal_reader_new(k->journal, stream, *offset, &reader, err);

    batch_begin(out);
    while (r >= 0 && n < BLOCK_RECORDS && out->len < wanted &&
           (r = journal_read(reader, &x, err)) > 0) {
        keep_write_record(out, &x, name);
        *offset = x.offset + 1;
        n++;
    }
    batch_end(out, n, 0, 0);
    reader = journal_reader_free(reader);
    *ret_records = n;
    return r < 0 ? r : out->err;
}

void keep_wait_for(struct peer *p, uint32_t stream)
{
    unsigned i = 0;

    while (i < p->wait_count && p->waits[i].stream != stream)
        i++;
    if (i == READS_MAX)
        return;
    p->waits[i] = (struct keep_wait){stream, journal_stream_next(p->keep->journal, stream)};
    p->wait_count = CANH_MAX(p->wait_count, i + 1);
}

static int send_block(struct peer *p, struct slice name, uint64_t next, uint64_t end,
                      struct slice bytes, struct err *err)
{
    struct buf body = BUF_INIT(200);
    uint64_t journal;
    int fd = -1, r = bulk_make(bytes, &fd, err);

    memcpy(&journal, journal_identity(p->keep->journal), sizeof(journal));
    frame_put_text(&body, name);
    frame_put_u64(&body, next);
    frame_put_u64(&body, end);
    frame_put_u64(&body, journal);
    if (r == 0)
        r = channel_send(&p->channel, WIRE_BLOCK, buf_slice(&body), &fd, 1, err);
    fd_closep(&fd);
    buf_done(&body);
    return r;
}

int keep_receive_read(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct keep *k = p->keep;
    struct frame_reader fr = frame_reader(f->body);
    struct slice name = frame_get_text(&fr, WIRE_STREAM_MAX);
    uint64_t offset = frame_get_u64(&fr);
    uint32_t wanted = frame_get_u32(&fr), stream = 0, records = 0;
    struct buf out = BUF_INIT(WIRE_BATCH_MAX + (1 << 20));
    int r = frame_end(&fr);

    if (r == 0 && p->role == ROLE_WATCH && !slice_is(name, STREAM_WINDOWS))
        r = err_fail(err, CE_DENIED, ERR_NODE_STREAM_NOT_YOURS, name);
    if (r == 0)
        r = keep_stream(k, name, &stream, err);
    if (r == 0)
        r = block_fill(k, stream, name, &offset, CANH_MIN(wanted, (uint32_t)WIRE_BATCH_RAW * 4),
                       &out, &records, err);
    if (r == 0)
        r = send_block(p, name, offset, journal_stream_next(k->journal, stream), buf_slice(&out),
                       err);
    if (r == 0 && records == 0)
        keep_wait_for(p, stream);
    if (p->role == ROLE_DESK && slice_is(name, STREAM_ALERTS))
        k->alerts_taken = r == 0 && records == 0;
    buf_done(&out);
    return r;
}

int keep_receive_heads(void *u, struct frame *f, struct err *err)
{
    struct peer *p = u;
    struct buf body = BUF_INIT(FRAME_MAX);
    struct err why = ERR_INIT;
    int r = journal_heads(p->keep->journal, time_now(), &body, &why);

    (void)f;
    if (r == 0)
        r = channel_send(&p->channel, WIRE_HEADS_ARE, buf_slice(&body), NULL, 0, err);
    else /* a full disk, for one: the desk asks again */
        role_log_err(&p->keep->role, "the heads of the journal", &why);
    buf_done(&body);
    return r == -CE_PEER ? r : 0;
}
