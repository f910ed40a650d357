/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

void view_init(struct view *v)
{
    *v = (struct view){.fd = -1, .stored = BUF_INIT(BLOCK_STORED_MAX)};
}

void view_done(struct view *v)
{
    fd_closep(&v->fd);
    cipher_wipe(&v->cipher);
    buf_done(&v->stored);
    view_init(v);
}

/* Puts the segment's name and the place in it before what is wrong there. */
static int at_place(const struct journal *j, const struct stream *s, const struct view *v, int r,
                    struct err *err)
{
    struct err cause = err ? *err : ERR_INIT;
    struct path path;

    if (err == NULL)
        return r;
    (void)err_fail(err, (enum ce) - r, ERR_JOURNAL_AT_BYTE, segment_path(j, s, v->first, &path),
                   &cause, v->at);
    err->sys = cause.sys;
    err->offset = v->at;
    return r;
}

/* n bytes at v->at, or as many as there are, in v->stored. */
static int read_bytes(struct view *v, uint64_t n, struct err *err)
{
    uint8_t *to;

    n = v->at >= v->end ? 0 : CANH_MIN(n, v->end - v->at);
    buf_clear(&v->stored);
    to = n ? buf_reserve(&v->stored, (size_t)n) : NULL;
    if (n && to == NULL)
        return err_code(err, v->stored.err);
    while (v->stored.len < n) {
        ssize_t got = pread(v->fd, to + v->stored.len, (size_t)n - v->stored.len,
                            (off_t)(v->at + v->stored.len));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_fail_sys(err, errno, ERR_JOURNAL_READING);
        if (got == 0)
            break;
        v->stored.len += (size_t)got;
    }
    return 0;
}

static uint32_t segment_of(const struct stream *s, uint64_t offset)
{
    uint32_t low = 0, high = s->segment_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (s->segments[mid] <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : 0;
}

static int open_file(struct journal *j, const struct stream *s, uint32_t i, struct view *v,
                     struct err *err)
{
    struct path path;
    struct stat st;
    size_t size;
    int r;

    fd_closep(&v->fd);
    cipher_wipe(&v->cipher);
    v->first = s->segments[i];
    v->opening++;
    v->block = (struct block_head){.first = 0};
    v->at = 0;
    v->fd = open(segment_path(j, s, v->first, &path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (v->fd < 0 || fstat(v->fd, &st) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path.text);
    v->end = (uint64_t)st.st_size;
    if (i + 1 == s->segment_count && s->end)
        v->end = CANH_MIN(v->end, s->end);
    r = read_bytes(v, HEAD_SIZE_MAX + FRAME_OPEN, err);
    if (r == 0)
        r = head_get(buf_slice(&v->stored), &v->head, &size, err);
    if (r == 0 && (v->head.kind != FILE_SEGMENT || v->head.number != v->first))
        r = err_fail(err, CE_CORRUPT, ERR_JOURNAL_NOT_SEGMENT_NAME_SAYS);
    if (r < 0) {
        r = at_place(j, s, v, r, err);
        fd_closep(&v->fd);
        return r;
    }
    v->at = size;
    return 0;
}

int view_open(struct journal *j, const struct stream *s, uint64_t offset, struct view *v,
              struct err *err)
{
    int r;

    if (s->segment_count == 0 || offset >= s->sealed)
        return 0;
    r = open_file(j, s, segment_of(s, offset), v, err);
    return r < 0 ? r : 1;
}

int view_find(struct journal *j, const struct stream *s, struct view *v, uint64_t offset,
              struct err *err)
{
    int r;

    for (; v->at < v->end; v->at += block_size(&v->block)) {
        r = read_bytes(v, BLOCK_HEAD_SIZE, err);
        if (r == 0)
            r = block_head_get(buf_slice(&v->stored), &v->block, err);
        if (r < 0)
            return at_place(j, s, v, r, err);
        if (v->block.first + v->block.count > offset)
            return 1;
    }
    return 0;
}

/* The first offset of the segment behind this one; UINT64_MAX when it is the last. */
static uint64_t view_behind(const struct stream *s, uint64_t first)
{
    uint64_t next = UINT64_MAX;

    for (uint32_t i = s->segment_count; i-- > 0 && s->segments[i] > first;)
        next = s->segments[i];
    return next;
}

/* The view can be read on to reach the offset. */
static bool leads_to(const struct stream *s, const struct view *v, uint64_t offset)
{
    return v->fd >= 0 && offset >= v->first && offset >= v->block.first &&
           offset < view_behind(s, v->first);
}

int view_seek(struct journal *j, const struct stream *s, struct view *v, uint64_t *offset,
              struct err *err)
{
    int r = 1;

    if (!leads_to(s, v, *offset))
        r = view_open(j, s, *offset, v, err);
    else if (s->segments[s->segment_count - 1] == v->first && s->end)
        v->end = s->end;
    while (r == 1) {
        uint64_t next;

        r = view_find(j, s, v, *offset, err);
        if (r == 1)
            *offset = CANH_MAX(*offset, v->block.first);
        if (r != 0)
            return r;
        next = view_behind(s, v->first);
        if (next == UINT64_MAX)
            return 0;
        *offset = CANH_MAX(*offset, next);
        r = view_open(j, s, *offset, v, err);
    }
    return r;
}

uint64_t view_skip(const struct stream *s, const struct view *v, uint64_t offset)
{
    uint64_t next = view_behind(s, offset < v->first ? offset : v->first);

    if (v->fd >= 0 && v->block.count && v->block.first <= offset &&
        offset < v->block.first + v->block.count)
        return v->block.first + v->block.count;
    return CANH_MIN(next, s->sealed);
}

int view_read(struct journal *j, const struct stream *s, struct view *v, uint64_t size,
              struct err *err)
{
    int r = read_bytes(v, size, err);

    if (r == 0 && v->stored.len < size)
        r = err_fail(err, CE_TRUNCATED, ERR_JOURNAL_ENDS_INSIDE_BLOCK);
    return r < 0 ? at_place(j, s, v, r, err) : 0;
}

int view_unlock(struct journal *j, const struct stream *s, struct view *v, struct err *err)
{
    int r = head_unlock(&v->head, j->options.keys, j->options.key_count, &v->cipher, err);

    return r < 0 ? at_place(j, s, v, r, err) : 0;
}
