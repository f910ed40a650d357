/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/time.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

#define BURST_AGE (250 * TIME_SECOND / 1000) /* a block in less: 4 MiB a second */

void segment_close(struct stream *s)
{
    fd_closep(&s->fd);
    cipher_wipe(&s->cipher);
}

/* The last segment goes on if it is young and small and its key is the present one. */
static bool goes_on(const struct journal *j, const struct stream *s, int64_t received)
{
    return s->fd >= 0 && s->end < j->options.segment_size &&
           received - s->segment_since < j->options.segment_age &&
           received / TIME_DAY == s->segment_since / TIME_DAY;
}

static int make_folder(const struct journal *j, const struct stream *s, struct err *err)
{
    struct path path;
    char *slash;
    int r = file_mkdirs(journal_path(j, &path, "streams/%s", s->name), 0700, err);

    while (r == 0 && (slash = strrchr(path.text, '/')) != NULL) {
        *slash = 0;
        r = file_sync_folder(path.text, err);
        if (strcmp(path.text, j->folder) == 0)
            break;
    }
    return r;
}

static int start_segment(struct journal *j, struct stream *s, int64_t now, struct buf *out,
                         struct err *err)
{
    struct path path;
    int r = 0;

    segment_close(s);
    if (s->segment_count == 0)
        r = make_folder(j, s, err);
    if (r < 0)
        return r;
    s->head = (struct journal_head){.kind = FILE_SEGMENT, .number = s->sealed, .created = now};
    memcpy(s->head.journal, j->id, JOURNAL_ID_SIZE);
    memcpy(s->head.prev, s->hash, JOURNAL_HASH_SIZE);
    memcpy(s->head.stream, s->name, sizeof(s->head.stream));
    head_write(&s->head, journal_master(j), &s->cipher, out);
    r = stream_add_segment(s, s->sealed);
    if (r < 0)
        return err_nomem(err);
    r = file_open_new(segment_path(j, s, s->sealed, &path), 0600, &s->fd, err);
    if (r < 0)
        s->segment_count--;
    return r;
}

/*
 * The segment keeps what was sealed before; what may stand behind it is cut off now or, if that
 * cannot be, at the next start.
 */
static void segment_abandon(struct journal *j, struct stream *s, bool fresh)
{
    struct path path;

    (void)segment_path(j, s, s->segments[s->segment_count - 1], &path);
    if (!fresh)
        (void)file_cut(s->fd, path.text, s->end, NULL);
    segment_close(s);
    if (fresh) {
        (void)file_remove(path.text, NULL);
        s->segment_count--;
    }
}

static int write_block(struct journal *j, struct stream *s, bool fresh, struct slice bytes,
                       struct err *err)
{
    uint64_t at = fresh ? 0 : s->end;
    struct path path, folder;
    int r;

    (void)segment_path(j, s, s->segments[s->segment_count - 1], &path);
    r = file_write_at(s->fd, path.text, at, bytes, err);
    if (r == 0)
        r = file_sync_data(s->fd, path.text, err);
    if (r == 0 && fresh)
        r = file_sync_folder(journal_path(j, &folder, "streams/%s", s->name), err);
    if (r < 0)
        segment_abandon(j, s, fresh);
    else
        s->end = at + bytes.n;
    return r;
}

/* Whether blocks come so quickly that how long one takes counts more than how large it is. */
static bool is_burst(const struct journal *j, const struct stream *s, int64_t now)
{
    return s->pending.raw.len >= j->options.block_size && now - s->pending_since < BURST_AGE;
}

/* Where the part of the pending block that begins with this record ends; what is left behind it is
 * no small one. */
static uint32_t part_end(const struct block *b, uint32_t from, uint64_t size)
{
    uint64_t start = b->metas[from].start;
    uint32_t to = from + 1;

    if (b->raw.len - start < size + size / 2)
        return b->count;
    while (to < b->count && b->metas[to].start - start < size)
        to++;
    return to;
}

static int part_fill(const struct block *b, uint32_t from, uint32_t to, struct block *part)
{
    int r = 0;

    block_clear(part, b->first + from);
    part->fast = b->fast;
    for (uint32_t i = from; i < to && r == 0; i++) {
        struct journal_record x;

        block_record(b, i, &x);
        r = block_add(part, &x);
    }
    return r;
}

/* The pending block as stored; several where it has become large, by one group or because it could
 * not be sealed: whoever looks for a word opens no more than has to be. */
static int encode_pending(struct journal *j, const struct stream *s, struct block_head *ret)
{
    const struct block *b = &s->pending;
    uint64_t size = j->options.block_size;
    uint8_t prev[JOURNAL_HASH_SIZE];
    int r = 0;

    if (b->raw.len < 2 * size)
        return block_encode(j->coder, b, &s->cipher, s->hash, ret, &j->block);
    memcpy(prev, s->hash, sizeof(prev));
    for (uint32_t from = 0, to; r == 0 && from < b->count; from = to) {
        to = part_end(b, from, size);
        r = part_fill(b, from, to, &j->part);
        if (r == 0)
            r = block_encode(j->coder, &j->part, &s->cipher, prev, ret, &j->block);
        memcpy(prev, ret->hash, sizeof(prev));
    }
    return r;
}

int segment_seal(struct journal *j, struct stream *s, int64_t now, struct err *err)
{
    struct buf *out = &j->block;
    struct block_head head;
    bool fresh;
    int r = 0;

    if (s->pending.count == 0)
        return 0;
    buf_clear(out);
    fresh = !goes_on(j, s, s->pending.metas[0].received);
    if (fresh)
        r = start_segment(j, s, now, out, err);
    if (r < 0)
        return r;
    s->pending.fast = is_burst(j, s, now);
    r = encode_pending(j, s, &head);
    if (r < 0) {
        segment_abandon(j, s, fresh);
        return err_fail(err, (enum ce) - r, ERR_JOURNAL_SEALING, s->name, ERR_KIND(r));
    }
    r = write_block(j, s, fresh, buf_slice(out), err);
    if (r < 0)
        return r;
    if (fresh)
        s->segment_since = s->pending.metas[0].received;
    memcpy(s->hash, head.hash, JOURNAL_HASH_SIZE);
    s->sealed += s->pending.count;
    block_clear(&s->pending, s->sealed);
    return 0;
}

static int cut_last(struct journal *j, struct stream *s, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = -1;
    struct path path;
    int r = file_open_write(segment_path(j, s, s->segments[s->segment_count - 1], &path), &fd, err);

    if (r == 0)
        r = file_cut(fd, path.text, s->end, err);
    return r == 0 ? file_sync_data(fd, path.text, err) : r;
}

int segment_trim(struct journal *j, struct stream *s, struct err *err)
{
    struct path path;
    int r = 0;

    while (r == 0 && s->segment_count && s->segments[s->segment_count - 1] >= s->sealed) {
        r = file_remove(segment_path(j, s, s->segments[s->segment_count - 1], &path), err);
        s->segment_count--;
    }
    if (r == 0 && s->segment_count && s->end)
        r = cut_last(j, s, err);
    return r == 0 ? segments_remove(j, s, err) : r;
}
