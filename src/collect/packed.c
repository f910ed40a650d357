/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/packed.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/file.h"
#include "base/slice.h"
#include "collect/layout.h"

enum { STEP = 64 * 1024, BEGINNING = LAYOUT_SAMPLE + 4 /* and a byte order mark */ };

bool is_packed_name(const char *suffix)
{
    static const char *const ends[] = {".gz", ".xz", ".zst", ".bz2"};
    struct slice s = slice_str(suffix);

    for (size_t i = 0; i < CANH_LEN(ends); i++)
        if (slice_ends(s, slice_str(ends[i])))
            return s.n > strlen(ends[i]);
    return false;
}

static gzFile open_gzip(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    gzFile z = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? gzdopen(fd, "rb") : NULL;

    if (z == NULL)
        fd_closep(&fd);
    if (z != NULL && gzdirect(z)) {
        (void)gzclose(z);
        return NULL;
    }
    return z;
}

static bool write_part(int fd, const uint8_t *p, uint64_t at, uint64_t from, uint64_t to)
{
    if (from >= to)
        return true;
    return pwrite(fd, p + (from - at), (size_t)(to - from), (off_t)from) == (ssize_t)(to - from);
}

/* What stands behind `at` of the beginning, and from a little before offset on. */
static bool unpack_rest(gzFile z, int fd, uint64_t at, uint64_t offset)
{
    uint64_t from = offset > LAYOUT_BACK ? offset - LAYOUT_BACK : 0;
    uint8_t bytes[STEP];
    int n;

    while ((n = gzread(z, bytes, sizeof(bytes))) > 0) {
        uint64_t end = at + (uint64_t)n;

        if (end > PACKED_MAX || (end > offset && end - offset > PACKED_REST) ||
            !write_part(fd, bytes, at, at, CANH_MIN(end, (uint64_t)BEGINNING)) ||
            !write_part(fd, bytes, at, CANH_MAX(at, from), end))
            return false;
        at = end;
    }
    return n == 0 && at >= offset;
}

static bool unpack_head(gzFile z, int fd, uint32_t head)
{
    uint8_t bytes[STEP];

    return head <= sizeof(bytes) && gzread(z, bytes, head) == (int)head &&
           pwrite(fd, bytes, head, 0) == (ssize_t)head;
}

int packed_open(const char *path, uint64_t offset, uint32_t head,
                bool (*begins)(int fd, const void *ctx), const void *ctx)
{
    gzFile z = open_gzip(path);
    int fd = z ? memfd_create("packed log", MFD_CLOEXEC) : -1;

    if (fd < 0 || !unpack_head(z, fd, head) || !begins(fd, ctx) ||
        !unpack_rest(z, fd, head, offset))
        fd_closep(&fd);
    if (z != NULL)
        (void)gzclose(z);
    return fd;
}
