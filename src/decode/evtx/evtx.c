/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/evtx/evtx.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/crc32.h"
#include "decode/evtx/binxml.h"
#include "lang/err_decode.h"

enum {
    CHUNK_HEADER = 512,
    HEADER_CRC_SKIP = 120, /* flags and the checksum itself stand at 120..127 */
    HEADER_CRC_REST = 128,
    RECORD_HEADER = 24,
    RECORD_MIN = RECORD_HEADER + 4, /* the size stands once more at its end */
    FILE_DIRTY = 1,
    FILE_FULL = 2,
    FILE_NO_CRC = 4,
};

/* FILETIMEs of recovered records: 2000-01-01 to 2100-01-01, before and after is rubbish. */
#define TIME_FIRST 125911584000000000ull
#define TIME_LAST  157469184000000000ull

static const uint8_t record_magic[4] = {0x2A, 0x2A, 0, 0};

enum phase { PHASE_LIVE, PHASE_SLACK, PHASE_DONE };

struct evtx_decoder {
    struct bx bx;
    struct slice chunk;
    uint64_t offset;
    struct evtx_chunk_report *report;
    enum phase phase;
    uint32_t at;   /* next byte to look at */
    uint32_t used; /* end of the records as the header has it */
    uint64_t last_id;
    bool any;
    bool recover, closed;
    struct field fields[EVENT_FIELDS_MAX];
};

static bool has_magic(struct slice chunk)
{
    return chunk.n >= 8 && memcmp(chunk.p, "ElfChnk", 8) == 0;
}

int evtx_file_header(struct slice s, struct evtx_file_info *ret, struct err *err)
{
    uint32_t flags;

    if (s.n < 128)
        return err_fail(err, CE_TRUNCATED, ERR_DECODE_EVTX_FILE_HEADER_CUT_OFF, s.n);
    if (memcmp(s.p, "ElfFile", 8) != 0)
        return err_fail(err, CE_SYNTAX, ERR_DECODE_NOT_EVTX_FILE);
    flags = bx_u32(s.p + 120);
    *ret = (struct evtx_file_info){
        .first_chunk = bx_u64(s.p + 8),
        .last_chunk = bx_u64(s.p + 16),
        .next_record = bx_u64(s.p + 24),
        .minor = bx_u16(s.p + 36),
        .major = bx_u16(s.p + 38),
        .chunks = bx_u16(s.p + 42),
        .dirty = (flags & FILE_DIRTY) != 0,
        .full = (flags & FILE_FULL) != 0,
        .bad_crc = !(flags & FILE_NO_CRC) &&
                   crc32_update(0, slice_head(s, HEADER_CRC_SKIP)) != bx_u32(s.p + 124),
    };
    if (ret->major != 3)
        return err_fail(err, CE_UNKNOWN, ERR_DECODE_EVTX_VERSION, ret->major, ret->minor);
    return 0;
}

bool evtx_recognise(struct slice s)
{
    return has_magic(s) || (s.n >= 8 && memcmp(s.p, "ElfFile", 8) == 0);
}

/* A record's size at `at`, or 0 when nothing there looks like one. */
static uint32_t record_size(struct slice chunk, uint32_t at)
{
    uint32_t size;

    if (at > chunk.n || chunk.n - at < RECORD_MIN || memcmp(chunk.p + at, record_magic, 4) != 0)
        return 0;
    size = bx_u32(chunk.p + at + 4);
    return size >= RECORD_MIN && size <= chunk.n - at ? size : 0;
}

static bool size_repeated(struct slice chunk, uint32_t at, uint32_t size)
{
    return bx_u32(chunk.p + at + size - 4) == size;
}

/* The first place from `at` on, in steps of `step`, where a whole record stands; else `end`. */
static uint32_t find_record(struct slice chunk, uint32_t at, uint32_t end, uint32_t step)
{
    for (; at < end && end - at >= RECORD_MIN; at += step) {
        uint32_t size = record_size(chunk, at);

        if (size > 0 && size_repeated(chunk, at, size))
            return at;
    }
    return end;
}

static size_t find_magic(struct slice window, size_t at)
{
    for (; at + 8 <= window.n; at += EVTX_CHUNK_ALIGN) {
        if (has_magic(slice_from(window, at)))
            return at;
    }
    return window.n;
}

size_t evtx_chunk_find(struct slice window)
{
    uint32_t end;
    size_t magic;

    window = slice_head(window, EVTX_CHUNK);
    magic = find_magic(window, 0);
    end = (uint32_t)magic;
    if (end > CHUNK_HEADER && find_record(slice_head(window, end), CHUNK_HEADER, end, 8) < end)
        return 0;
    return magic;
}

size_t evtx_chunk_size(struct slice window)
{
    window = slice_head(window, EVTX_CHUNK);
    if (has_magic(window))
        return window.n;
    return find_magic(window, EVTX_CHUNK_ALIGN);
}

struct evtx_decoder *evtx_decoder_new(const struct keys *keys, const struct decode_limits *limits)
{
    struct evtx_decoder *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return NULL;
    d->phase = PHASE_DONE;
    return bx_init(&d->bx, keys, limits) < 0 ? evtx_decoder_free(d) : d;
}

struct evtx_decoder *evtx_decoder_free(struct evtx_decoder *d)
{
    if (d != NULL) {
        bx_done(&d->bx);
        free(d);
    }
    return NULL;
}

void evtx_decoder_recover(struct evtx_decoder *d, bool on)
{
    d->recover = on;
}

void evtx_decoder_closed(struct evtx_decoder *d, bool closed)
{
    d->closed = closed;
}

void evtx_decoder_plans(struct evtx_decoder *d, bool on)
{
    d->bx.planless = !on;
}

static void check_crcs(struct evtx_decoder *d)
{
    struct slice c = d->chunk;
    struct evtx_chunk_report *r = d->report;
    uint32_t crc;

    if (bx_u32(c.p + 120) & FILE_NO_CRC)
        return;
    crc = crc32_update(0, slice_head(c, HEADER_CRC_SKIP));
    crc = crc32_update(crc, slice_of(c.p + HEADER_CRC_REST, CHUNK_HEADER - HEADER_CRC_REST));
    r->bad_header_crc = crc != bx_u32(c.p + 124);
    if (d->used > 0)
        crc = crc32_update(0, slice_of(c.p + CHUNK_HEADER, d->used - CHUNK_HEADER));
    r->bad_data_crc = d->used == 0 || crc != bx_u32(c.p + 52);
}

/* Without a header every whole record counts; the first one says where to begin. */
static void begin_headless(struct evtx_decoder *d)
{
    uint32_t end = (uint32_t)d->chunk.n;

    d->report->bad_magic = true;
    d->at = find_record(d->chunk, CHUNK_HEADER, end, 8);
    d->used = d->at;
}

static void begin_chunk(struct evtx_decoder *d)
{
    const uint8_t *p = d->chunk.p;
    uint32_t used = bx_u32(p + 48);

    d->report->first_record = bx_u64(p + 24);
    d->report->last_record = bx_u64(p + 32);
    d->at = CHUNK_HEADER;
    d->used = used >= CHUNK_HEADER && used <= d->chunk.n ? used : 0;
    check_crcs(d);
}

bool evtx_chunk_numbers(struct slice header, uint64_t *ret_first, uint64_t *ret_last)
{
    if (header.n < 40 || !has_magic(header))
        return false;
    *ret_first = bx_u64(header.p + 24);
    *ret_last = bx_u64(header.p + 32);
    return *ret_first != UINT64_MAX && *ret_first <= *ret_last && *ret_last != UINT64_MAX;
}

size_t evtx_chunk_begin(struct evtx_decoder *d, struct slice window, uint64_t offset,
                        struct evtx_chunk_report *report)
{
    bool magic = has_magic(window);

    window = slice_head(window, evtx_chunk_size(window));
    *report = (struct evtx_chunk_report){.offset = offset};
    report->truncated = window.n < EVTX_CHUNK;
    d->chunk = window;
    d->offset = offset;
    d->report = report;
    d->any = false;
    bx_chunk(&d->bx, window);
    d->phase = window.n < CHUNK_HEADER ? PHASE_DONE : PHASE_LIVE;
    if (d->phase == PHASE_LIVE && magic)
        begin_chunk(d);
    else if (d->phase == PHASE_LIVE)
        begin_headless(d);
    return window.n;
}

static int evtx_bad(struct evtx_decoder *d, struct err *err, int code, uint32_t at, unsigned reason)
{
    d->report->bad++;
    (void)err_fail(err, (enum ce)code, ERR_DECODE_EVTX, ERR_ID(reason));
    if (err != NULL)
        err->offset = d->offset + at;
    return -code;
}

/*
 * A record that cannot be decoded. Where the fault lies in a template that stands elsewhere the
 * record's own place is told as well, or all records with that template would look like one.
 */
static int bad_record(struct evtx_decoder *d, struct err *err, int code, uint32_t at, uint32_t size)
{
    uint32_t fault = d->bx.fail_offset ? d->bx.fail_offset : at;

    if (fault >= at && fault - at < size)
        return evtx_bad(d, err, code, fault, d->bx.reason);
    d->report->bad++;
    (void)err_fail(err, (enum ce)code, ERR_DECODE_EVTX_TEMPLATE_AT, ERR_ID(d->bx.reason),
                   d->offset + fault);
    if (err != NULL)
        err->offset = d->offset + at;
    return -code;
}

static int evtx_decode(struct evtx_decoder *d, uint32_t at, uint32_t size, struct event *e)
{
    const uint8_t *p = d->chunk.p + at;
    bool whole = size_repeated(d->chunk, at, size);

    *e = (struct event){.fields = d->fields,
                        .raw = slice_of(p, size),
                        .sequence = bx_u64(p + 8),
                        .offset = d->offset + at,
                        .flags = whole ? 0 : EVENT_DAMAGED};
    return bx_fields(&d->bx, at + RECORD_HEADER, at + size - (whole ? 4 : 0), e);
}

/* Whether the record at d->at belongs to the log, or is a leftover behind its end. */
static bool is_live(struct evtx_decoder *d, uint32_t size)
{
    uint64_t id = bx_u64(d->chunk.p + d->at + 8);

    bool sound = d->used > 0 && !d->report->bad_header_crc && !d->report->bad_data_crc;

    if (d->at < d->used || d->report->bad_magic)
        return true;
    if (d->closed && sound)
        return false;
    if (!d->any)
        return true;
    if (id != d->last_id + 1 || !size_repeated(d->chunk, d->at, size))
        return false;
    d->report->stale = d->used > 0;
    return true;
}

static int next_live(struct evtx_decoder *d, struct event *e, struct err *err);

/* Bytes that are no record: on to the next that is one, and a complaint about what lies between. */
static int next_gap(struct evtx_decoder *d, struct event *e, struct err *err)
{
    uint32_t at = d->at, end = d->report->bad_magic ? (uint32_t)d->chunk.n : d->used;

    d->at = find_record(d->chunk, at + 1, end, 1);
    if (!d->report->bad_magic)
        return evtx_bad(d, err, CE_CORRUPT, at, ERR_DECODE_EVTX_NO_RECORD);
    if (d->at == end)
        d->phase = PHASE_DONE;
    return d->phase == PHASE_DONE ? 0 : next_live(d, e, err);
}

static int next_live(struct evtx_decoder *d, struct event *e, struct err *err)
{
    uint32_t at = d->at, size = record_size(d->chunk, at);
    int r;

    if (size > 0 && is_live(d, size)) {
        d->at = at + size;
        d->last_id = bx_u64(d->chunk.p + at + 8);
        d->any = true;
        r = evtx_decode(d, at, size, e);
        if (r < 0)
            return bad_record(d, err, -r, at, size);
        if (d->report->bad_magic)
            e->flags |= EVENT_RECOVERED;
        d->report->records++;
        d->report->damaged += (e->flags & EVENT_DAMAGED) != 0;
        d->report->recovered += d->report->bad_magic;
        return 1;
    }
    if (at >= d->used && !d->report->bad_magic) {
        d->phase = d->recover ? PHASE_SLACK : PHASE_DONE;
        d->bx.leftovers = true;
        return 0;
    }
    return next_gap(d, e, err);
}

/* Leftovers: whole and of a believable time; else silently not. */
static int next_slack(struct evtx_decoder *d, struct event *e, struct err *err)
{
    uint32_t end = (uint32_t)d->chunk.n;
    int r;

    while ((d->at = find_record(d->chunk, (d->at + 7) & ~7u, end, 8)) < end) {
        const uint8_t *p = d->chunk.p + d->at;
        uint32_t at = d->at, size = bx_u32(p + 4);
        uint64_t id = bx_u64(p + 8), time = bx_u64(p + 16);

        d->at += 8;
        if (id == 0 || time < TIME_FIRST || time > TIME_LAST)
            continue;
        r = evtx_decode(d, at, size, e);
        e->flags |= EVENT_RECOVERED;
        if (r < 0)
            return bad_record(d, err, -r, at, size);
        d->at = at + size;
        d->report->records++;
        d->report->recovered++;
        return 1;
    }
    d->phase = PHASE_DONE;
    return 0;
}

int evtx_next(struct evtx_decoder *d, struct event *e, struct err *err)
{
    int r = 0;

    if (d->phase == PHASE_LIVE)
        r = next_live(d, e, err);
    if (r == 0 && d->phase == PHASE_SLACK)
        r = next_slack(d, e, err);
    return r;
}

int evtx_record_json(struct evtx_decoder *d, struct buf *out, struct err *err)
{
    int r = bx_json(&d->bx, out);

    if (r == -CE_NOT_FOUND)
        return err_fail(err, CE_NOT_FOUND, ERR_DECODE_EVTX_NO_CURRENT_RECORD);
    if (r < 0) {
        (void)(d->bx.reason ? err_fail(err, (enum ce) - r, ERR_DECODE_EVTX, ERR_ID(d->bx.reason))
                            : err_fail(err, (enum ce) - r, ERR_DECODE_EVTX, ERR_KIND(r)));
        if (err != NULL)
            err->offset = d->offset + d->bx.fail_offset;
    }
    return r;
}
