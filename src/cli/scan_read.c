/* SPDX-License-Identifier: Apache-2.0 */
/* The reading thread: walks the inputs, recognises logs by content, cuts blocks of whole records.
 */
#include <stdlib.h>

#include "base/file.h"
#include "cli/scan_source.h"
#include "cli/walk.h"
#include "decode/evtx/evtx.h"
#include "decode/json/split.h"
#include "lang/msg_scan.h"
#include "lang/say.h"

enum {
    SNIFF_BYTES = 4096,
};

static void note_read_failure(struct source *s)
{
    struct err err = ERR_INIT;

    (void)err_sys(&err, s->failed, "%s", "read");
    err.offset = s->at;
    scan_note(s->block, TROUBLE_UNREADABLE, &err, true);
}

/* After an early end whole lines still count; one that is cut is nobody's fault. */
static void drop_open_line(struct scan_block *b)
{
    while (b->len > 0 && b->data[b->len - 1] != '\n')
        b->len--;
}

static bool read_json(struct source *s)
{
    struct json_split split;
    struct err err = ERR_INIT;
    size_t want = SCAN_BLOCK;

    json_split_init(&split, &decode_default_limits);
    if (s->regular)
        source_read_full(s, want);
    for (;;) {
        struct scan_block *b = s->block;
        size_t taken;
        int r;

        if (scan_interrupted)
            drop_open_line(b);
        r = json_split_cut(&split, slice_of(b->data, b->len), s->ended, &b->json, &taken, &err);
        if (r < 0) {
            scan_note(b, TROUBLE_NO_LOG, &err, true);
            b->len = 0;
            return true;
        }
        if (r > 0) {
            b->kind = LOG_JSON;
            if (!source_keep(s, taken))
                return false;
            source_give(s);
            if (!source_begin(s))
                return false;
            want = CANH_MAX((size_t)SCAN_BLOCK, s->block->len);
            if (s->block->len >= want && !s->ended)
                continue;
        } else if (taken > 0) {
            source_drop(s, taken);
        } else if (s->ended) {
            b->len = 0;
            return true;
        } else if (b->len >= want) {
            want = CANH_MIN(want * 2, (size_t)decode_default_limits.max_record + SCAN_BLOCK);
        }
        if (!source_fit(s, want))
            return false;
        source_read(s, want);
    }
}

static bool all_zero(struct slice s)
{
    return s.n == 0 || (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0);
}

/*
 * Lists the chunks of the block from byte `at` on; returns where the first chunk begins that is
 * not whole yet (or the end). What lies between chunks is told once a block.
 */
static size_t list_chunks(struct source *s, size_t at)
{
    struct scan_block *b = s->block;
    size_t lost = 0, lost_at = 0;

    b->chunk_count = 0;
    while (b->chunk_count < SCAN_CHUNKS && at < b->len) {
        struct slice window = slice_head(slice_of(b->data + at, b->len - at), EVTX_CHUNK);
        size_t skip;

        if (window.n < EVTX_CHUNK && !s->ended)
            break;
        skip = evtx_chunk_find(window);
        if (skip > 0) {
            if (!all_zero(slice_head(window, skip))) {
                lost_at = lost ? lost_at : at;
                lost += skip;
            }
        } else {
            b->chunks[b->chunk_count++] = (uint32_t)at;
            skip = evtx_chunk_size(window);
        }
        at += skip;
    }
    if (lost && !s->again) {
        struct err err = ERR_INIT;

        (void)say_fail(&err, s->scan->app->lang, CE_CORRUPT, 0, 0, MSG_SCAN_NO_CHUNK,
                       (uint64_t)lost);
        err.offset = s->at + lost_at;
        scan_note(b, TROUBLE_DAMAGED, &err, true);
    }
    return at;
}

/* Once through the file, in blocks of chunks. False: stop everything. */
static bool pass_evtx(struct source *s)
{
    struct evtx_file_info info;
    struct err err = ERR_INIT;
    size_t at = 0;

    source_read_full(s, EVTX_FILE_HEADER);
    if (slice_starts(slice_of(s->block->data, s->block->len), SLICE("ElfFile"))) {
        if (evtx_file_header(slice_of(s->block->data, s->block->len), &info, &err) < 0 && !s->again)
            scan_note(s->block, TROUBLE_DAMAGED, &err, true);
        at = CANH_MIN((size_t)EVTX_FILE_HEADER, s->block->len);
    }
    while (!scan_interrupted) {
        struct scan_block *b = s->block;

        at = list_chunks(s, at);
        if (b->chunk_count > 0 || b->note_count > 0) {
            b->kind = LOG_EVTX;
            b->offset = s->at;
            if (!source_keep(s, at))
                return false;
            source_give(s);
            if (!source_begin(s))
                return false;
        } else if (at > 0) {
            source_drop(s, at);
        } else if (s->ended) {
            return true;
        }
        at = 0;
        source_read(s, SCAN_BLOCK);
    }
    return true;
}

static bool read_evtx(struct source *s)
{
    if (s->scan->options->recover && s->began < 0)
        scan_note(s->block, TROUBLE_NOT_TWICE, NULL, false);
    else if (s->scan->options->recover && (s->file->recovery = recovery_new()) == NULL)
        s->scan->no_memory = true;
    if (s->scan->no_memory || !pass_evtx(s))
        return false;
    if (s->file->recovery == NULL || s->failed || scan_interrupted || !source_rewind(s))
        return true;
    return pass_evtx(s);
}

/* True when the beginning is too short to tell. */
static bool undecided(struct slice s)
{
    size_t line;

    s = slice_trim(s);
    if (!slice_starts(s, SLICE("Record ")))
        return s.n < 8;
    line = json_record_line(s);
    return line ? slice_trim(slice_from(s, line)).n == 0 : s.n < 64;
}

/* What comes first decides, as soon as it is more than blanks. */
static enum log_kind sniff(struct source *s)
{
    struct slice seen;

    source_read_full(s, 2);
    source_detect_coding(s);
    do {
        source_read(s, CANH_MIN(s->block->len + SNIFF_BYTES, (size_t)SCAN_BLOCK));
        seen = slice_of(s->block->data, s->block->len);
    } while (!s->ended && s->block->len < SCAN_BLOCK && undecided(seen));
    return log_recognise(seen);
}

/* Nothing that can be read here; what people mistake for a log gets a hint what to do. */
static void note_no_log(struct source *s)
{
    static const struct {
        struct slice begins;
        msg_id hint;
    } rows[] = {
        {SLICE_INIT("PK\3\4"), MSG_SCAN_PACKED},
        {SLICE_INIT("\x1F\x8B"), MSG_SCAN_PACKED},
        {SLICE_INIT("7z\xBC\xAF"), MSG_SCAN_PACKED},
        {SLICE_INIT("\xFD"
                    "7zXZ"),
         MSG_SCAN_PACKED},
        {SLICE_INIT("\x28\xB5\x2F\xFD"), MSG_SCAN_PACKED},
        {SLICE_INIT("BZh"), MSG_SCAN_PACKED},
        {SLICE_INIT("Rar!"), MSG_SCAN_PACKED},
        {SLICE_INIT("<"), MSG_SCAN_XML},
    };
    struct slice seen = slice_trim(slice_of(s->block->data, s->block->len));
    struct err err = ERR_INIT;

    if (slice_starts(seen, SLICE("\xEF\xBB\xBF")))
        seen = slice_from(seen, 3);
    for (size_t i = 0; i < CANH_LEN(rows) && err.code == 0; i++) {
        if (slice_starts(seen, rows[i].begins))
            (void)err_set(&err, CE_UNKNOWN, "%s", lang_text(s->scan->app->lang, rows[i].hint));
    }
    scan_note(s->block, seen.n ? TROUBLE_NO_LOG : TROUBLE_EMPTY, &err, false);
}

/* False: stop everything. The file's last block is begun, not given. */
static bool read_log(struct source *s)
{
    s->file->kind = sniff(s);
    switch (s->file->kind) {
    case LOG_JSON:
        return read_json(s);
    case LOG_EVTX:
        return read_evtx(s);
    default:
        if (!s->failed && !scan_interrupted)
            note_no_log(s);
        s->block->len = 0;
        return true;
    }
}

static struct scan_file *new_file(const struct walk_item *item)
{
    struct scan_file *file = calloc(1, sizeof(*file));

    if (file == NULL)
        return NULL;
    file->operand = item->operand;
    file->path = strdup(item->path);
    if (file->path == NULL) {
        free(file);
        return NULL;
    }
    return file;
}

static bool read_item(struct scan *scan, struct walk_item *item, enum walk_kind kind)
{
    struct source s;
    bool go_on;

    source_init(&s, scan, new_file(item), item->fd, item->regular);
    if (s.file == NULL)
        scan->no_memory = true;
    go_on = s.file != NULL && source_begin(&s);
    if (go_on && kind == WALK_ERROR)
        scan_note(s.block, TROUBLE_UNREADABLE, &item->err, false);
    else if (go_on)
        go_on = read_log(&s);
    if (go_on) {
        if (s.failed)
            note_read_failure(&s);
        s.block->kind = LOG_NONE;
        s.block->len = 0;
        s.block->file_ends = true;
        source_give(&s);
    } else {
        scan->unfinished = s.file;
    }
    fd_closep(&item->fd);
    source_done(&s);
    return go_on;
}

void *scan_reader(void *arg)
{
    struct scan *scan = arg;
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;

    if (walk_init(&w, scan->inputs) < 0) {
        scan->no_memory = true;
        ring_stop(&scan->ring);
        return NULL;
    }
    w.skip = scan->output_known;
    w.skip_dev = scan->output_dev;
    w.skip_ino = scan->output_ino;
    while (!scan_interrupted && (kind = walk_next(&w, &item)) != WALK_END) {
        if (!read_item(scan, &item, kind))
            break;
    }
    scan->totals.links = w.links;
    scan->totals.special = w.special;
    walk_done(&w);
    if (scan->no_memory)
        ring_stop(&scan->ring);
    ring_end(&scan->ring);
    return NULL;
}
