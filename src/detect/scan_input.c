/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "detect/scan_input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/utf.h"

enum {
    READ_MAX = 1024 * 1024,
    UTF16_READ = 32 * 1024, /* bytes at a time; as UTF-8 at most half as many again */
    PEEK_ENOUGH = 6,        /* tells what a packed stream is */
    REST_MAX = 64 * 1024 * 1024,
};

void input_init(struct input *s, struct scan *scan, struct scan_input_file *file, int fd,
                bool regular)
{
    *s = (struct input){.scan = scan,
                        .file = file,
                        .fd = fd,
                        .regular = regular,
                        .began = regular ? lseek(fd, 0, SEEK_CUR) : -1,
                        .rest = BUF_INIT(REST_MAX),
                        .text = BUF_INIT(2 * SCAN_BLOCK)};
}

void input_done(struct input *s)
{
    buf_done(&s->rest);
    buf_done(&s->text);
}

void scan_add_note(struct scan_block *b, const struct scan_note *note)
{
    if (b->note_count == SCAN_NOTES ||
        (note->trouble == TROUBLE_BAD_RECORD && b->note_count >= SCAN_NOTES_BAD))
        b->notes_lost[note->trouble]++;
    else
        b->notes[b->note_count++] = *note;
}

bool input_fit(struct input *s, size_t n)
{
    struct scan_block *b = s->block;
    uint8_t *p;

    if (n <= b->store->cap)
        return true;
    p = realloc(b->store->data, n + DECODE_PADDING); /* decoders may look behind the text */
    if (p == NULL) {
        s->scan->no_memory = true;
        return false;
    }
    b->store->data = p;
    b->store->cap = n;
    return true;
}

bool input_begin_block(struct input *s)
{
    void *store;
    struct scan_block *b = ring_fill(&s->scan->ring, &store);

    if (b == NULL)
        return false;
    b->store = store;
    b->file = s->file;
    b->records = false;
    b->file_ends = false;
    b->note_count = 0;
    b->known = false;
    b->names[0] = 0;
    memset(b->notes_lost, 0, sizeof(b->notes_lost));
    s->block = b;
    if (b->store->cap > 2 * SCAN_BLOCK) { /* one long record must not keep its memory for ever */
        free(b->store->data);
        b->store->data = NULL;
        b->store->cap = 0;
    }
    if (!input_fit(s, CANH_MAX(s->rest.len, (size_t)SCAN_BLOCK)))
        return false;
    canh_assert(s->rest.len <= b->store->cap);
    if (s->rest.len)
        memcpy(b->store->data, s->rest.p, s->rest.len);
    b->len = s->rest.len;
    buf_clear(&s->rest);
    return true;
}

void input_end_block(struct input *s)
{
    struct scan_block *b = s->block;

    memset(b->store->data + b->len, 0, DECODE_PADDING);
    s->block = NULL;
    ring_filled(&s->scan->ring, b);
}

bool input_keep(struct input *s, size_t taken)
{
    struct scan_block *b = s->block;

    buf_clear(&s->rest);
    buf_append(&s->rest, b->store->data + taken, b->len - taken);
    b->len = taken;
    s->at += taken;
    if (s->rest.err != 0)
        s->scan->no_memory = true;
    return s->rest.err == 0;
}

void input_drop(struct input *s, size_t taken)
{
    struct scan_block *b = s->block;

    canh_assert(taken <= b->len);
    memmove(b->store->data, b->store->data + taken, b->len - taken);
    b->len -= taken;
    s->at += taken;
}

/* True when fd has something to read before anyone wants an early end. */
static bool wait_input(struct input *s, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = s->fd, .events = POLLIN},
                            {.fd = s->scan->request->cancel->fd, .events = POLLIN}};

    if (s->regular)
        return true;
    while (poll(fds, 2, timeout_ms) < 0 && errno == EINTR)
        continue;
    return fds[1].revents == 0 && fds[0].revents != 0;
}

/* read(2), with what it says noted. 0 at the end, whatever the reason. */
static size_t read_bytes(struct input *s, uint8_t *to, size_t n)
{
    ssize_t got;

    do
        got = read(s->fd, to, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        s->failed = errno;
    if (got <= 0) {
        s->ended = true;
        return 0;
    }
    if (!s->again && !s->unpacked)
        atomic_fetch_add_explicit(&s->scan->bytes_read, (uint64_t)got, memory_order_relaxed);
    return (size_t)got;
}

/* How many of n bytes of UTF-16 are whole characters: no odd byte, no half of a pair at the end. */
static size_t whole_characters(const struct input *s, const uint8_t *p, size_t n)
{
    uint8_t high;

    n &= ~(size_t)1;
    if (n == 0)
        return 0;
    high = s->coding == UTF_16LE ? p[n - 1] : p[n - 2];
    return (high & 0xFC) == 0xD8 ? n - 2 : n;
}

/* Appends UTF-16 to the block as UTF-8; what is no whole character waits for the next bytes. */
static void write_utf16(struct input *s, const uint8_t *p, size_t n)
{
    size_t whole = s->ended ? n : whole_characters(s, p, n);

    buf_clear(&s->text);
    if (s->coding == UTF_16LE)
        utf16le_to_utf8(slice_of(p, whole), &s->text);
    else
        utf16be_to_utf8(slice_of(p, whole), &s->text);
    s->split_len = CANH_MIN(n - whole, sizeof(s->split));
    if (s->split_len)
        memcpy(s->split, p + whole, s->split_len);
    if (s->text.err || !input_fit(s, s->block->len + s->text.len)) {
        s->scan->no_memory = s->ended = true;
        return;
    }
    if (s->text.len)
        memcpy(s->block->store->data + s->block->len, s->text.p, s->text.len);
    s->block->len += s->text.len;
}

static void read_utf16(struct input *s)
{
    uint8_t part[UTF16_READ + sizeof(s->split)];
    size_t n = s->split_len;

    canh_assert(n <= sizeof(s->split));
    memcpy(part, s->split, n);
    n += read_bytes(s, part + n, UTF16_READ);
    write_utf16(s, part, n);
}

void input_read(struct input *s, size_t want)
{
    struct scan_block *b = s->block;
    size_t had = s->peeked ? 0 : b->len; /* what was peeked at need not wait for more */

    s->peeked = false;
    while (b->len < want && !s->ended) {
        if (cancel_asked(s->scan->request->cancel) || !wait_input(s, b->len > had ? 0 : -1))
            break;
        if (s->coding != UTF_8)
            read_utf16(s);
        else
            b->len +=
                read_bytes(s, b->store->data + b->len, CANH_MIN(want - b->len, (size_t)READ_MAX));
    }
}

void input_read_full(struct input *s, size_t want)
{
    while (s->block->len < want && !s->ended && !cancel_asked(s->scan->request->cancel))
        input_read(s, want);
}

struct slice input_peek(struct input *s, size_t n)
{
    uint8_t *to = s->rest.len < n ? buf_reserve(&s->rest, n) : NULL;

    while (to && s->rest.len < n && !s->ended && wait_input(s, s->rest.len >= PEEK_ENOUGH ? 0 : -1))
        s->rest.len += read_bytes(s, s->rest.p + s->rest.len, n - s->rest.len);
    s->peeked = s->rest.len > 0;
    return buf_slice(&s->rest);
}

bool input_rewind(struct input *s)
{
    if (s->began < 0 || lseek(s->fd, s->began, SEEK_SET) < 0)
        return false;
    s->again = true;
    s->ended = false;
    s->at = 0;
    s->block->len = 0;
    buf_clear(&s->rest);
    return true;
}

void input_detect_coding(struct input *s)
{
    struct scan_block *b = s->block;
    struct slice first = slice_of(b->store->data, b->len);
    struct buf raw = BUF_INIT(2 * SCAN_BLOCK);
    size_t mark;

    s->coding = utf_kind_of(first, &mark);
    if (s->coding == UTF_8)
        return;
    buf_append_slice(&raw, slice_from(first, mark));
    b->len = 0;
    if (raw.err)
        s->scan->no_memory = s->ended = true;
    else
        write_utf16(s, raw.p, raw.len);
    buf_done(&raw);
}
