/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packed log as a follower reads it: whatever its bytes are, it ends, within its bound, what was
 * unpacked is what the packed file holds, and counting it comes to the same.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "collect/packed.h"

enum { INPUT_MAX = 64 * 1024, LOG_MAX = 4 << 20, PART = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 0, -CE_BUSY, -CE_CORRUPT as packed_more() ends. */
static int read_log(struct packed *p, int log_fd)
{
    unsigned steps = 0;
    int r;

    while ((r = packed_more(p, log_fd, 0)) == 1)
        if (++steps > LOG_MAX / PACKED_STEP + 1)
            abort();
    if (r == -CE_CORRUPT && packed_more(p, log_fd, 0) != 0)
        abort(); /* it is told once */
    return r;
}

/* The log is as much of what the file holds as may be. */
static void compare(const struct packed_about *about, int fd, int log_fd, uint64_t n)
{
    struct unpacker *u = unpack_open(about->kind, fd);
    uint8_t want[PART], got[PART];
    uint64_t at = 0;
    int r;

    if (u == NULL)
        abort();
    while (at < n && (r = unpack_read(u, want, sizeof(want))) > 0) {
        size_t whole = CANH_MIN((size_t)r, (size_t)(n - at));

        if (pread(log_fd, got, whole, (off_t)at) != (ssize_t)whole || memcmp(got, want, whole) != 0)
            abort();
        at += whole;
    }
    if (at != n)
        abort();
    (void)unpack_close(u);
}

static void count(int fd, uint64_t n, bool ended)
{
    struct packed *p = packed_count_open(fd);
    uint64_t counted = 0;
    int r = 1;

    for (unsigned i = 0; p && r == 1 && i <= LOG_MAX / PACKED_COUNT_STEP; i++)
        r = packed_count_more(p, &counted);
    if (ended && (r != 0 || counted != n))
        abort();
    (void)packed_close(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct packed_about about;
    struct packed *p;
    off_t n;
    int fd, log_fd, r;

    if (size > INPUT_MAX)
        return 0;
    fd = memfd_create("in", MFD_CLOEXEC);
    if (fd < 0 || file_write_fd(fd, "in", slice_of(data, size), NULL) < 0)
        abort();
    p = packed_open(fd, LOG_MAX, &log_fd);
    if (p != NULL && packed_about(fd, &about) != PACKED_LOG)
        abort();
    if (p != NULL && log_fd < 0)
        count(fd, 0, true);
    if (p != NULL && log_fd >= 0) {
        r = read_log(p, log_fd);
        n = lseek(log_fd, 0, SEEK_END);
        if (n <= 0 || n > LOG_MAX)
            abort();
        compare(&about, fd, log_fd, (uint64_t)n);
        count(fd, (uint64_t)n, r == 0);
    }
    p = packed_close(p);
    fd_closep(&log_fd);
    fd_closep(&fd);
    if (!packed_has_room())
        abort();
    return 0;
}
