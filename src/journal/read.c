/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/time.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

struct journal_reader {
    struct journal *j;
    uint32_t stream;
    uint64_t next;
    struct view view;
    struct block block; /* the sealed one that was read last; count 0: none */
};

int journal_reader_new(struct journal *j, uint32_t stream, uint64_t from,
                       struct journal_reader **ret, struct err *err)
{
    struct journal_reader *r;

    *ret = NULL;
    if (stream >= j->stream_count)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_STREAM_NOT_OPEN, stream);
    r = calloc(1, sizeof(*r));
    if (r == NULL)
        return err_nomem(err);
    r->j = j;
    r->stream = stream;
    r->next = from;
    view_init(&r->view);
    block_init(&r->block, 0);
    *ret = r;
    return 0;
}

struct journal_reader *journal_reader_free(struct journal_reader *r)
{
    if (r == NULL)
        return NULL;
    view_done(&r->view);
    block_done(&r->block);
    free(r);
    return NULL;
}

static int load_found(struct journal_reader *r, const struct stream *s, struct err *err)
{
    struct view *v = &r->view;
    int e = view_read(r->j, s, v, block_size(&v->block), err);

    if (e == 0)
        e = view_unlock(r->j, s, v, err);
    if (e == 0)
        e = block_decode(r->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &r->block, err);
    if (e == 0)
        e = block_load(r->j->coder, &v->block, buf_slice(&v->stored), &v->cipher, &r->block, err);
    if (e < 0)
        block_done(&r->block);
    return e < 0 ? e : 1;
}

/*
 * Reads the sealed block that holds the reader's next record. 1; 0: it is not sealed. After a
 * failure the reader goes on behind what cannot be read.
 */
static int load_sealed(struct journal_reader *r, const struct stream *s, struct err *err)
{
    uint64_t from = r->next;
    int e;

    block_done(&r->block);
    e = view_seek(r->j, s, &r->view, &r->next, err);
    if (e == 1)
        e = load_found(r, s, err);
    if (e < 0)
        r->next = CANH_MAX(view_skip(s, &r->view, from), from + 1);
    return e;
}

static int read_emit(struct journal_reader *r, const struct block *b, struct journal_record *ret)
{
    block_record(b, (uint32_t)(r->next - b->first), ret);
    ret->stream = r->stream;
    r->next++;
    return 1;
}

static bool read_holds(const struct block *b, uint64_t offset)
{
    return offset >= b->first && offset < b->first + b->count;
}

int journal_read(struct journal_reader *r, struct journal_record *ret, struct err *err)
{
    const struct stream *s = r->j->streams[r->stream];
    int e;

    if (!read_holds(&r->block, r->next) && r->next < s->sealed) {
        e = load_sealed(r, s, err);
        if (e < 0)
            return e;
        if (e == 0)
            r->next = s->sealed;
        else if (r->next < r->block.first)
            r->next = r->block.first;
    }
    if (read_holds(&r->block, r->next))
        return read_emit(r, &r->block, ret);
    return read_holds(&s->pending, r->next) ? read_emit(r, &s->pending, ret) : 0;
}

/* Received times of the first and the last sealed block. */
static int sealed_times(struct journal *j, const struct stream *s, struct journal_stream_state *ret,
                        struct err *err)
{
    struct view v;
    int r;

    view_init(&v);
    r = view_open(j, s, 0, &v, err);
    if (r == 1)
        r = view_find(j, s, &v, 0, err);
    if (r == 1) {
        ret->first = v.block.first;
        ret->oldest = v.block.received_min;
        r = view_open(j, s, s->sealed - 1, &v, err);
    }
    if (r == 1)
        r = view_find(j, s, &v, s->sealed - 1, err);
    if (r == 1)
        ret->newest = v.block.received_max;
    view_done(&v);
    return r < 0 ? r : 0;
}

const char *journal_stream_name(const struct journal *j, uint32_t stream)
{
    return stream < j->stream_count ? j->streams[stream]->name : NULL;
}

uint64_t journal_stream_first(const struct journal *j, uint32_t stream)
{
    const struct stream *s = stream < j->stream_count ? j->streams[stream] : NULL;

    return s == NULL ? 0 : s->segment_count ? s->segments[0] : s->sealed;
}

uint64_t journal_stream_next(const struct journal *j, uint32_t stream)
{
    return stream < j->stream_count ? stream_next(j->streams[stream]) : 0;
}

int journal_stream_state(struct journal *j, uint32_t stream, struct journal_stream_state *ret,
                         struct err *err)
{
    const struct stream *s;
    int r;

    if (stream >= j->stream_count)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_STREAM_NOT_OPEN, stream);
    s = j->streams[stream];
    *ret = (struct journal_stream_state){.name = s->name,
                                         .first = s->sealed,
                                         .next = stream_next(s),
                                         .sealed = s->sealed,
                                         .segments = s->segment_count,
                                         .oldest = TIME_NONE,
                                         .newest = TIME_NONE};
    r = sealed_times(j, s, ret, err);
    for (uint32_t i = 0; i < s->segment_count; i++)
        ret->stored += segment_size(j, s, i);
    for (uint32_t i = 0; i < s->pending.count; i++) {
        int64_t t = s->pending.metas[i].received;

        if (ret->oldest == TIME_NONE || t < ret->oldest)
            ret->oldest = t;
        ret->newest = CANH_MAX(ret->newest, t);
    }
    return r;
}
