/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/spill.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"

enum {
    PENDING = 256 * 1024,        /* bytes between two writes */
    TEXT_MAX = 64 * 1024 * 1024, /* one put while memory still has room to keep it */
};

void spill_init(struct spill *s, struct spill_budget *budget, size_t keep)
{
    *s = (struct spill){.budget = budget,
                        .kept = keep,
                        .memory = BUF_INIT(keep + PENDING + TEXT_MAX),
                        .fd = -1};
}

void spill_done(struct spill *s)
{
    buf_done(&s->memory);
    fd_closep(&s->fd);
}

/* Where in the file the bytes behind those kept in memory begin that are not yet written. */
static uint64_t spill_written(const struct spill *s)
{
    return s->memory.len > s->kept ? s->size - (s->memory.len - s->kept) : s->size;
}

static bool spill_flush(struct spill *s)
{
    struct slice bytes = slice_from(buf_slice(&s->memory), s->kept);
    struct spill_budget *budget = s->budget;

    if (bytes.n > budget->left)
        return false;
    if (s->fd < 0 && file_temporary(&s->fd, &budget->err) < 0)
        return false;
    if (file_write_at(s->fd, "$TMPDIR", spill_written(s) - s->kept, bytes, &budget->err) < 0)
        return false;
    budget->left -= bytes.n;
    s->memory.len = s->kept;
    return true;
}

/* Large parts go to disk as they are. */
static bool write_through(struct spill *s, struct slice bytes)
{
    struct spill_budget *budget = s->budget;

    if (!spill_flush(s) || bytes.n > budget->left ||
        file_write_at(s->fd, "$TMPDIR", s->size - s->kept, bytes, &budget->err) < 0)
        return false;
    budget->left -= bytes.n;
    s->size += bytes.n;
    return true;
}

uint64_t spill_add(struct spill *s, struct slice bytes)
{
    uint64_t at = s->size;

    if (s->budget->exceeded)
        return UINT64_MAX;
    if (s->memory.len >= s->kept && bytes.n >= PENDING) {
        s->budget->exceeded = !write_through(s, bytes);
        return s->budget->exceeded ? UINT64_MAX : at;
    }
    if (s->memory.len >= s->kept + PENDING && !spill_flush(s)) {
        s->budget->exceeded = true;
        return UINT64_MAX;
    }
    buf_append_slice(&s->memory, bytes);
    if (s->memory.err) {
        s->memory.err = 0;
        s->budget->exceeded = true;
        return UINT64_MAX;
    }
    s->size += bytes.n;
    return at;
}

static bool read_disk(struct spill *s, uint64_t offset, uint8_t *to, size_t n)
{
    while (n > 0) {
        ssize_t got = pread(s->fd, to, n, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            (void)err_fail_sys(&s->budget->err, got < 0 ? errno : EIO, ERR_BASE_FILE, "$TMPDIR");
            s->budget->exceeded = true;
            return false;
        }
        to += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

bool spill_get(struct spill *s, uint64_t offset, void *ret, size_t n)
{
    uint64_t disk_ends = spill_written(s);
    uint8_t *to = ret;
    size_t part;

    canh_assert(offset + n <= s->size);
    if (offset < s->kept) {
        part = CANH_MIN(n, s->kept - (size_t)offset);
        memcpy(to, s->memory.p + offset, part);
        to += part;
        offset += part;
        n -= part;
    }
    part = offset < disk_ends ? (size_t)CANH_MIN((uint64_t)n, disk_ends - offset) : 0;
    if (part && !read_disk(s, offset - s->kept, to, part))
        return false;
    if (n > part)
        memcpy(to + part, s->memory.p + s->kept + (offset + part - disk_ends), n - part);
    return true;
}

uint64_t spill_add_text(struct spill *s, struct slice text)
{
    uint32_t n = (uint32_t)text.n;
    uint64_t at = spill_add(s, slice_of((const uint8_t *)&n, sizeof(n)));

    return at == UINT64_MAX || spill_add(s, text) == UINT64_MAX ? UINT64_MAX : at;
}

bool spill_get_text(struct spill *s, uint64_t offset, struct buf *to)
{
    uint8_t *bytes;
    uint32_t n;

    buf_clear(to);
    if (!spill_get(s, offset, &n, sizeof(n)))
        return false;
    bytes = n ? buf_reserve(to, n) : NULL;
    if (n && (bytes == NULL || !spill_get(s, offset + sizeof(n), bytes, n)))
        return false;
    to->len = n;
    return true;
}
