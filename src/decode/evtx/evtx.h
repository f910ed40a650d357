/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_EVTX_H
#define CANH_DECODE_EVTX_H
/*
 * Windows event log files (.evtx), after Metz, "Windows XML Event Log (EVTX) format" (libyal), and
 * [MS-EVEN6]. docs/evtx.md says what is tolerated and how values are rendered.
 *
 * A file is a header of 4 KiB and chunks of 64 KiB. A chunk needs nothing from outside itself, so
 * the caller reads one at a time, in any order, on any thread (one decoder a thread):
 *
 *     for (at = 4096; (window = up to 64 KiB of the file from at).n > 0;) {
 *         size_t skip = evtx_chunk_find(window);
 *         if (skip > 0) { at += skip; continue; }
 *         at += evtx_chunk_begin(d, window, at, &report);
 *         while ((r = evtx_next(d, &e, &err)) != 0)
 *             r > 0 ? use(&e) : complain(&err);
 *     }
 *
 * Field values are slices of the chunk (FORM_UTF16) or of the decoder's memory and stay until the
 * next call with the decoder; the chunk's bytes must stay as long.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "decode/decode.h"
#include "event/event.h"
#include "event/keys.h"

enum {
    EVTX_FILE_HEADER = 4096,
    EVTX_CHUNK = 65536,
    EVTX_CHUNK_ALIGN = 512, /* lost chunks are looked for at multiples of this */
};

struct evtx_file_info {
    uint64_t first_chunk, last_chunk, next_record;
    uint16_t major, minor, chunks;
    bool dirty;   /* was not closed: header and counts may be old */
    bool full;    /* the log had reached its size */
    bool bad_crc; /* the header's checksum is wrong */
};

/*
 * The file header at the start of s: at least 128 bytes. -CE_TRUNCATED, -CE_SYNTAX (it does not
 * begin with "ElfFile") or -CE_UNKNOWN (a version later than 3.x). Chunks can be read without it.
 */
CANH_MUST_USE int evtx_file_header(struct slice s, struct evtx_file_info *ret, struct err *err);

/* True when s begins like an EVTX file or like one of its chunks. */
bool evtx_recognise(struct slice s);

/*
 * Where in the window (at most EVTX_CHUNK bytes count) the first chunk begins: its magic at a
 * multiple of EVTX_CHUNK_ALIGN; or 0 when the magic is damaged but there are records. The window's
 * size when there is nothing.
 */
size_t evtx_chunk_find(struct slice window);

struct evtx_chunk_report {
    uint64_t offset;                    /* of the chunk in the file */
    uint64_t first_record, last_record; /* numbers that its header states */
    uint64_t records;                   /* events returned, recovered ones included */
    uint64_t recovered;                 /* of these, marked EVENT_RECOVERED */
    uint64_t damaged;                   /* of these, marked EVENT_DAMAGED */
    uint64_t bad;                       /* places where no record could be read */
    bool bad_magic;                     /* header lost: every whole record in it is returned */
    bool bad_header_crc, bad_data_crc;
    bool truncated; /* the file ends inside the chunk */
    bool stale;     /* records go on behind what the header states (log was not closed) */
};

/*
 * How many bytes of the window the chunk at its start takes: EVTX_CHUNK, or less at the end of the
 * file and where another chunk begins inside a damaged one. Never 0 for a window that is not empty.
 */
size_t evtx_chunk_size(struct slice window);

/*
 * The numbers of the first and last record that a chunk's header states, of its first 128 bytes.
 * False: no chunk begins there, or its header states none. A log that is being written may state
 * less than its newest chunk has.
 */
bool evtx_chunk_numbers(struct slice header, uint64_t *ret_first, uint64_t *ret_last);

struct evtx_decoder;

/* keys must be complete: names added later are not seen. Borrowed. NULL without memory. */
CANH_MUST_USE struct evtx_decoder *evtx_decoder_new(const struct keys *keys,
                                                    const struct decode_limits *limits);
struct evtx_decoder *evtx_decoder_free(struct evtx_decoder *d); /* returns NULL */

/*
 * Also returns whole records from the unused part of a chunk (deleted or overwritten ones), marked
 * EVENT_RECOVERED; copies of records that stand elsewhere in the file are among them, which the
 * caller tells by their number. Where one cannot be decoded (mostly its template is overwritten),
 * the number and the mark are set in the event all the same. Off at first.
 */
void evtx_decoder_recover(struct evtx_decoder *d, bool on);

/*
 * The file was closed in order: what a sound chunk's header states is where its records end, and
 * what stands behind is left over from before. Else, and at first, the header may be older than the
 * records, and they are read on as long as their numbers go on.
 */
void evtx_decoder_closed(struct evtx_decoder *d, bool closed);

/*
 * Off: no plans are made or used (docs/evtx.md), each record is read and written as the first of
 * its kind. For tests: what comes out is the same.
 */
void evtx_decoder_plans(struct evtx_decoder *d, bool on);

/*
 * Starts on the chunk at the window's start, which is at `offset` of the file. The report is filled
 * in as evtx_next() goes on; it must stay until the chunk is done. Returns evtx_chunk_size().
 */
size_t evtx_chunk_begin(struct evtx_decoder *d, struct slice window, uint64_t offset,
                        struct evtx_chunk_report *report);

/*
 * 1: a record in e (e->fields is the decoder's). 0: the chunk is done. Negative: one place that
 * could not be read, with reason and err->offset in the file; go on calling.
 */
CANH_MUST_USE int evtx_next(struct evtx_decoder *d, struct event *e, struct err *err);

/*
 * Appends the record that evtx_next() returned last as JSON in evtx_dump's shape, one line without
 * a line feed. 0 or negative.
 */
CANH_MUST_USE int evtx_record_json(struct evtx_decoder *d, struct buf *out, struct err *err);

#endif
