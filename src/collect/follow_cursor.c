/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/follow_cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"

/* Constant: it is stored. */
#define HEAD_SEED UINT64_C(0x63616e68)

void follow_cursor_write(const struct follow_cursor *c, struct buf *out)
{
    buf_printf(out, "2 %llx %llu %llu %llu %u %llx %lld", (unsigned long long)c->dev,
               (unsigned long long)c->ino, (unsigned long long)c->generation,
               (unsigned long long)c->offset, c->head_n, (unsigned long long)c->head,
               (long long)c->written);
}

int follow_cursor_read(struct slice s, struct follow_cursor *ret)
{
    struct follow_cursor c = {.dev = 0};
    uint64_t head_n = 0;
    struct slice part[7];

    for (size_t i = 0; i < CANH_LEN(part); i++)
        if (!slice_cut(&s, ' ', &part[i]))
            return -CE_SYNTAX;
    if (slice_is(part[0], "2") ? num_i64(s, &c.written) < 0 : s.n || !slice_is(part[0], "1"))
        return -CE_SYNTAX;
    if (num_hex(part[1], &c.dev) < 0 || num_u64(part[2], &c.ino) < 0 ||
        num_u64(part[3], &c.generation) < 0 || num_u64(part[4], &c.offset) < 0 ||
        num_u64(part[5], &head_n) < 0 || num_hex(part[6], &c.head) < 0 || head_n > FOLLOW_HEAD ||
        c.offset > INT64_MAX)
        return -CE_SYNTAX;
    c.head_n = (uint32_t)head_n;
    *ret = c;
    return 0;
}

int follow_open(const char *path, struct stat *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

    if (fd >= 0 && (fstat(fd, ret) < 0 || !S_ISREG(ret->st_mode))) {
        fd_closep(&fd);
        errno = EINVAL;
        return -1;
    }
    return fd;
}

int64_t follow_written(const struct stat *st)
{
    return st->st_mtim.tv_sec * TIME_SECOND + st->st_mtim.tv_nsec;
}

bool follow_head(int fd, uint32_t n, uint64_t *ret)
{
    uint8_t head[FOLLOW_HEAD];

    if (n > FOLLOW_HEAD || pread(fd, head, n, 0) != (ssize_t)n)
        return false;
    *ret = hash_bytes(head, n, HEAD_SEED);
    return true;
}

bool follow_begins_as(int fd, const struct follow_cursor *c)
{
    uint64_t h;

    return c->head_n == 0 || (follow_head(fd, c->head_n, &h) && h == c->head);
}
