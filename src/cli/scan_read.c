/* SPDX-License-Identifier: Apache-2.0 */
/* The reading thread: walks the inputs, recognises logs by content, cuts blocks of whole records.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/scan.h"
#include "cli/walk.h"
#include "decode/evtx.h"
#include "decode/json_split.h"

enum {
    SNIFF_BYTES = 4096,
    READ_MAX = 1024 * 1024,
};

/* One input while it is read. */
struct source {
    struct scan *scan;
    struct scan_file *file;
    struct scan_block *block; /* being filled */
    int fd;
    bool regular, ended;
    int failed;      /* errno of a read */
    uint64_t at;     /* file offset of block->data[0] */
    struct buf rest; /* read, but belongs to the next block */
    bool gave;       /* some block has been given away */
};

void scan_note(struct scan_block *b, enum scan_trouble trouble, const struct err *err, bool placed)
{
    struct scan_note *note;

    if (b->note_count == SCAN_NOTES) {
        b->notes_lost[trouble]++;
        return;
    }
    note = &b->notes[b->note_count++];
    *note = (struct scan_note){.trouble = trouble, .placed = placed};
    if (err == NULL)
        return;
    note->offset = err->offset;
    note->line = err->line;
    note->sys = err->sys;
    (void)snprintf(note->text, sizeof(note->text), "%.*s", (int)sizeof(note->text) - 1, err->msg);
}

/* Room for n bytes and the padding that decoders want behind them. */
static bool block_fit(struct scan_block *b, size_t n)
{
    uint8_t *p;

    if (n <= b->cap)
        return true;
    p = realloc(b->data, n + JSON_PADDING);
    if (p == NULL)
        return false;
    b->data = p;
    b->cap = n;
    return true;
}

/* A block for the source, empty but for what the last one left over. False: stop. */
static bool begin_block(struct source *s)
{
    struct scan_block *b = ring_fill(&s->scan->ring);

    if (b == NULL)
        return false;
    b->file = s->file;
    b->kind = SCAN_KIND_NONE;
    b->len = 0;
    b->file_ends = false;
    b->chunk_count = 0;
    b->note_count = 0;
    memset(b->notes_lost, 0, sizeof(b->notes_lost));
    s->block = b;
    if (b->cap > 2 * SCAN_BLOCK) { /* one long record must not keep its memory for ever */
        free(b->data);
        b->data = NULL;
        b->cap = 0;
    }
    if (!block_fit(b, CANH_MAX(s->rest.len, (size_t)SCAN_BLOCK))) {
        s->scan->no_memory = true;
        return false;
    }
    memcpy(b->data, s->rest.p ? s->rest.p : b->data, s->rest.len);
    b->len = s->rest.len;
    buf_clear(&s->rest);
    return true;
}

static void give_block(struct source *s)
{
    struct scan_block *b = s->block;

    memset(b->data + b->len, 0, JSON_PADDING);
    s->block = NULL;
    s->gave = true;
    ring_filled(&s->scan->ring, b);
}

/* Keeps what stands behind the first `taken` bytes of the block for the next one. */
static bool keep_rest(struct source *s, size_t taken)
{
    struct scan_block *b = s->block;

    buf_clear(&s->rest);
    buf_put(&s->rest, b->data + taken, b->len - taken);
    b->len = taken;
    s->at += taken;
    if (s->rest.err != 0)
        s->scan->no_memory = true;
    return s->rest.err == 0;
}

/* True when fd has something to read before anyone wants an early end. */
static bool wait_input(struct source *s, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = s->fd, .events = POLLIN},
                            {.fd = s->scan->wake_fd, .events = POLLIN}};

    if (s->regular)
        return true;
    while (poll(fds, 2, timeout_ms) < 0 && errno == EINTR)
        continue;
    return fds[1].revents == 0 && fds[0].revents != 0;
}

/* Reads until the block holds `want` bytes, the input ends, or a live stream has no more for now.
 */
static void read_some(struct source *s, size_t want)
{
    struct scan_block *b = s->block;
    size_t had = b->len;

    while (b->len < want && !s->ended) {
        ssize_t n;

        if (scan_interrupted || !wait_input(s, b->len > had ? 0 : -1)) {
            s->ended = scan_interrupted;
            break;
        }
        n = read(s->fd, b->data + b->len, CANH_MIN(want - b->len, (size_t)READ_MAX));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            s->failed = errno;
        if (n <= 0) {
            s->ended = true;
            break;
        }
        b->len += (size_t)n;
        atomic_fetch_add_explicit(&s->scan->bytes_read, (uint64_t)n, memory_order_relaxed);
    }
}

/* Reads on until there are `want` bytes or no more. */
static void read_full(struct source *s, size_t want)
{
    while (s->block->len < want && !s->ended)
        read_some(s, want);
}

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

    json_split_init(&split, &decode_default_limits, s->scan->format != SCAN_TABLE);
    if (s->regular)
        read_full(s, want);
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
            b->kind = SCAN_KIND_JSON;
            if (!keep_rest(s, taken))
                return false;
            give_block(s);
            if (!begin_block(s))
                return false;
            want = CANH_MAX((size_t)SCAN_BLOCK, s->block->len);
            if (s->block->len == want && !s->ended)
                continue;
        } else if (taken > 0) {
            memmove(b->data, b->data + taken, b->len - taken);
            b->len -= taken;
            s->at += taken;
        } else if (s->ended) {
            b->len = 0;
            return true;
        } else if (b->len == want) {
            want = CANH_MIN(want * 2, (size_t)decode_default_limits.max_record + SCAN_BLOCK);
        }
        if (!block_fit(s->block, want)) {
            s->scan->no_memory = true;
            return false;
        }
        read_some(s, want);
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
    if (lost) {
        struct err err = ERR_INIT;

        (void)err_set(&err, CE_CORRUPT, "%zu bytes are no chunk", lost);
        err.offset = s->at + lost_at;
        scan_note(b, TROUBLE_DAMAGED, &err, true);
    }
    return at;
}

static bool read_evtx(struct source *s)
{
    struct evtx_file_info info;
    struct err err = ERR_INIT;
    size_t at = 0;

    read_full(s, EVTX_FILE_HEADER);
    if (slice_starts(slice_of(s->block->data, s->block->len), SLICE("ElfFile"))) {
        if (evtx_file_header(slice_of(s->block->data, s->block->len), &info, &err) < 0)
            scan_note(s->block, TROUBLE_DAMAGED, &err, true);
        at = CANH_MIN((size_t)EVTX_FILE_HEADER, s->block->len);
    }
    while (!scan_interrupted) {
        struct scan_block *b = s->block;

        at = list_chunks(s, at);
        if (b->chunk_count > 0 || b->note_count > 0) {
            b->kind = SCAN_KIND_EVTX;
            b->offset = s->at;
            if (!keep_rest(s, at))
                return false;
            give_block(s);
            if (!begin_block(s))
                return false;
        } else if (at > 0) {
            memmove(b->data, b->data + at, b->len - at);
            b->len -= at;
            s->at += at;
        } else if (s->ended) {
            return true;
        }
        at = 0;
        read_some(s, SCAN_BLOCK);
    }
    return true;
}

/* A log is what begins like one, blanks and a byte order mark aside. */
static enum scan_kind recognise(struct slice s)
{
    if (evtx_recognise(s))
        return SCAN_KIND_EVTX;
    if (slice_starts(s, SLICE("\xEF\xBB\xBF")))
        s = slice_from(s, 3);
    if (slice_starts(s, SLICE("\xFF\xFE")) || slice_starts(s, SLICE("\xFE\xFF")))
        return SCAN_KIND_JSON; /* to be refused with its reason */
    s = slice_trim(s);
    s = slice_trim(slice_from(s, json_record_line(s)));
    return s.n && (s.p[0] == '{' || s.p[0] == '[') ? SCAN_KIND_JSON : SCAN_KIND_NONE;
}

/* What comes first decides, as soon as it is more than blanks. */
static enum scan_kind sniff(struct source *s)
{
    struct slice seen;

    do {
        read_some(s, CANH_MIN(s->block->len + SNIFF_BYTES, (size_t)SCAN_BLOCK));
        seen = slice_of(s->block->data, s->block->len);
    } while (!s->ended && s->block->len < SCAN_BLOCK &&
             (slice_trim(seen).n < 8 || slice_starts(seen, SLICE("Record "))));
    return recognise(seen);
}

/* False: stop everything. The file's last block is begun, not given. */
static bool read_log(struct source *s)
{
    s->file->kind = sniff(s);
    switch (s->file->kind) {
    case SCAN_KIND_JSON:
        return read_json(s);
    case SCAN_KIND_EVTX:
        return read_evtx(s);
    default:
        if (!s->failed && !scan_interrupted)
            scan_note(s->block,
                      slice_trim(slice_of(s->block->data, s->block->len)).n ? TROUBLE_NO_LOG
                                                                            : TROUBLE_EMPTY,
                      NULL, false);
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
    struct source s = {.scan = scan,
                       .fd = item->fd,
                       .regular = item->regular,
                       .rest = BUF_INIT(64 * 1024 * 1024),
                       .file = new_file(item)};
    bool go_on = s.file != NULL && begin_block(&s);

    if (s.file == NULL)
        scan->no_memory = true;
    if (go_on && kind == WALK_ERROR)
        scan_note(s.block, TROUBLE_UNREADABLE, &item->err, false);
    else if (go_on)
        go_on = read_log(&s);
    if (go_on) {
        if (s.failed)
            note_read_failure(&s);
        s.block->kind = SCAN_KIND_NONE;
        s.block->len = 0;
        s.block->file_ends = true;
        give_block(&s);
    } else {
        scan->unfinished = s.file;
    }
    fd_closep(&item->fd);
    buf_done(&s.rest);
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
