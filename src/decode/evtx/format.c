/* SPDX-License-Identifier: Apache-2.0 */
/* EVTX as a row of the table of formats: a block is whole chunks, the first one with the header. */
#include "decode/evtx/format.h"
#include "lang/msg_decode.h"

#include <stdlib.h>

#include "decode/evtx/evtx.h"

/* Bits of decode_block.state. */
enum { STATE_CLOSED = 1, STATE_CUT = 2 /* the file ends behind the block, too early */ };

struct evtx_cutter {
    uint64_t at;    /* offset of what is not yet taken */
    uint64_t end;   /* as far as the file's header says that there are chunks; 0: unknown */
    uint32_t state; /* as the file's header has it */
};

struct evtx_format_decoder {
    struct decoder base;
    struct evtx_decoder *evtx;
    struct decode_block block;
    size_t at;     /* in the block's text */
    bool in_chunk; /* evtx_next() may have more */
    bool told;     /* of the present chunk: what its report says */
    struct evtx_chunk_report report;
    uint64_t lost, lost_at; /* bytes between chunks that are neither records nor zero */
    bool cut;               /* the file ends behind the block, too early, and that is to be told */
};

static bool has_file_header(struct slice s)
{
    return slice_starts(s, SLICE("ElfFile\0"));
}

static int format_recognise(const struct decode_sample *sample)
{
    if (evtx_recognise(sample->bytes))
        return RECOGNISE_SURE;
    return sample->bytes.n < 8 && !sample->ends ? RECOGNISE_MORE : RECOGNISE_NO;
}

static void *new_cutter(const struct decode_limits *limits, const struct decode_context *context)
{
    (void)limits;
    (void)context;
    return calloc(1, sizeof(struct evtx_cutter));
}

/* Bytes of the chunk at the start of the window, or of what lies before the next one. */
static size_t format_step(struct slice window)
{
    size_t skip = evtx_chunk_find(window);

    return skip ? skip : evtx_chunk_size(window);
}

static void read_header(struct evtx_cutter *c, struct slice header)
{
    struct evtx_file_info info;

    if (evtx_file_header(header, &info, NULL) < 0 || info.bad_crc)
        return;
    c->state = info.dirty ? 0 : STATE_CLOSED;
    c->end = EVTX_FILE_HEADER + (uint64_t)info.chunks * EVTX_CHUNK;
}

static int format_cut(void *cutter, struct slice have, bool last, struct decode_block *ret,
                      size_t *ret_taken, struct err *err)
{
    struct evtx_cutter *c = cutter;
    size_t at = 0;

    (void)err;
    if (c->at == 0 && has_file_header(have)) {
        read_header(c, have);
        at = CANH_MIN((size_t)EVTX_FILE_HEADER, have.n);
    }
    /* something stays for the last block, which knows whether the file ends too early */
    while (at < have.n && (last || have.n - at > EVTX_CHUNK))
        at += format_step(slice_head(slice_from(have, at), EVTX_CHUNK));
    if (at == 0 || (!last && at == have.n))
        return 0;
    ret->text = slice_head(have, at);
    ret->offset = c->at;
    c->at += at;
    ret->state = c->state | (last && c->at < c->end ? (uint32_t)STATE_CUT : 0);
    *ret_taken = at;
    return 1;
}

static void free_decoder(struct decoder *d)
{
    struct evtx_format_decoder *f = (struct evtx_format_decoder *)d;

    f->evtx = evtx_decoder_free(f->evtx);
    free(f);
}

static struct decoder *new_decoder(const struct keys *keys, const struct decode_limits *limits)
{
    struct evtx_format_decoder *f = calloc(1, sizeof(*f));

    if (f == NULL)
        return NULL;
    f->evtx = evtx_decoder_new(keys, limits);
    if (f->evtx != NULL)
        return &f->base;
    free(f);
    return NULL;
}

static void open_block(struct decoder *d, const struct decode_block *block)
{
    struct evtx_format_decoder *f = (struct evtx_format_decoder *)d;

    f->block = *block;
    f->at = 0;
    f->in_chunk = false;
    f->told = true;
    f->report = (struct evtx_chunk_report){0};
    f->lost = f->lost_at = 0;
    f->cut = block->state & STATE_CUT && !block->leftovers;
    evtx_decoder_recover(f->evtx, block->leftovers);
    evtx_decoder_closed(f->evtx, (block->state & STATE_CLOSED) != 0);
}

static int part_fault(struct decode_fault *ret, enum decode_fault_kind kind, unsigned damage,
                      uint64_t offset)
{
    *ret = (struct decode_fault){.kind = kind,
                                 .damage = damage,
                                 .err = {.code = CE_CORRUPT, .offset = offset}};
    return -CE_CORRUPT;
}

/* The file header at the block's start. Negative: something to tell about it. */
static int pass_header(struct evtx_format_decoder *f, struct decode_fault *ret_fault)
{
    struct evtx_file_info info;
    int r;

    ret_fault->err = ERR_INIT;
    r = evtx_file_header(f->block.text, &info, &ret_fault->err);
    f->at = CANH_MIN((size_t)EVTX_FILE_HEADER, f->block.text.n);
    if (r < 0 && !f->block.leftovers) {
        ret_fault->kind = FAULT_PART;
        ret_fault->damage = 0;
        return r;
    }
    return 0;
}

static bool all_zero(struct slice s)
{
    return s.n == 0 || (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0);
}

/* Goes to the next chunk. 1; 0: there is none. */
static int next_chunk(struct evtx_format_decoder *f)
{
    while (f->at < f->block.text.n) {
        struct slice window = slice_head(slice_from(f->block.text, f->at), EVTX_CHUNK);
        size_t skip = evtx_chunk_find(window);

        if (skip == 0) {
            f->at += evtx_chunk_begin(f->evtx, window, f->block.offset + f->at, &f->report);
            f->in_chunk = true;
            f->told = f->block.leftovers;
            return 1;
        }
        if (!all_zero(slice_head(window, skip))) {
            f->lost_at = f->lost ? f->lost_at : f->block.offset + f->at;
            f->lost += skip;
        }
        f->at += skip;
    }
    return 0;
}

static int next_record(struct evtx_format_decoder *f, struct event *ret, struct decode_fault *fault)
{
    int r;

    for (;;) {
        ret->flags = 0;
        r = evtx_next(f->evtx, ret, &fault->err);
        if (r == 0 || !f->block.leftovers || ret->flags & EVENT_RECOVERED)
            break;
    }
    if (r < 0) {
        fault->kind = f->block.leftovers ? FAULT_LOST : FAULT_RECORD;
        fault->damage = 0;
        fault->sequence = ret->sequence;
        f->base.counts.bad++;
    } else if (r > 0) {
        f->base.counts.records++;
        f->base.counts.fields_lost += (ret->flags & EVENT_FIELDS_LOST) != 0;
    }
    return r;
}

/* What is to be told of the chunk that is done; 0: nothing (more). */
static int chunk_faults(struct evtx_format_decoder *f, struct decode_fault *ret_fault)
{
    struct evtx_chunk_report *r = &f->report;
    unsigned damage = (r->bad_magic ? DAMAGE_SIGNATURE : 0) |
                      (r->bad_header_crc ? DAMAGE_HEADER : 0) |
                      (r->bad_data_crc ? DAMAGE_DATA : 0) | (r->truncated ? DAMAGE_CUT : 0);

    if (r->stale && !f->told) {
        r->stale = false;
        return part_fault(ret_fault, FAULT_STALE, 0, r->offset);
    }
    if (damage == 0 || f->told)
        return 0;
    f->told = true;
    f->cut = f->cut && !r->truncated; /* said once */
    return part_fault(ret_fault, FAULT_PART, damage, r->offset);
}

static int lost_fault(struct evtx_format_decoder *f, struct decode_fault *ret_fault)
{
    uint64_t lost = f->lost;

    f->lost = 0;
    if (f->cut && lost == 0) {
        f->cut = false;
        return part_fault(ret_fault, FAULT_PART, DAMAGE_CUT, f->block.offset + f->block.text.n);
    }
    if (lost == 0 || f->block.leftovers)
        return 0;
    (void)part_fault(ret_fault, FAULT_PART, DAMAGE_LOST, f->lost_at);
    ret_fault->bytes = lost;
    return -CE_CORRUPT;
}

static int format_next(struct decoder *d, struct event *ret, struct decode_fault *ret_fault)
{
    struct evtx_format_decoder *f = (struct evtx_format_decoder *)d;
    int r = 0;

    if (f->at == 0 && f->block.offset == 0 && has_file_header(f->block.text))
        r = pass_header(f, ret_fault);
    while (r == 0) {
        if (f->in_chunk) {
            r = next_record(f, ret, ret_fault);
            f->in_chunk = r != 0;
            continue;
        }
        r = chunk_faults(f, ret_fault);
        if (r == 0 && next_chunk(f) == 0)
            return lost_fault(f, ret_fault);
    }
    return r;
}

static int format_raw(struct decoder *d, const struct event *e, struct buf *out, struct err *err)
{
    (void)e;
    return evtx_record_json(((struct evtx_format_decoder *)d)->evtx, out, err);
}

const struct format format_evtx = {
    .name = "evtx",
    .text = MSG_DECODE_FORMAT_EVTX,
    .recognised = "ElfFile, chunks",
    .fields = "channel, event id, provider, computer, record number, System and data by name",
    .tested = "libevtx, python-evtx and evtx_dump on public logs",
    .stored = "json",
    .leftovers = true,
    .recognise = format_recognise,
    .cutter_new = new_cutter,
    .cutter_free = free,
    .cut = format_cut,
    .decoder_new = new_decoder,
    .decoder_free = free_decoder,
    .begin = open_block,
    .next = format_next,
    .raw = format_raw,
};
