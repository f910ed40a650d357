/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * Packed inputs (gzip, zstd, xz, bzip2, tar, zip): whatever they hold, every entry can be read to
 * its end, the row of entries ends, and nothing stays behind. Much that unpacks is cut here.
 */
#include "detect/unpack.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

enum { INPUT_MAX = 64 * 1024, READ_MAX = 4 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t drain(int fd)
{
    uint8_t bytes[16 * 1024];
    size_t all = 0;
    ssize_t n;

    while (all < READ_MAX && (n = read(fd, bytes, sizeof(bytes))) > 0)
        all += (size_t)n;
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const passwords[] = {"infected"};
    _Atomic uint64_t bytes_read = 0;
    struct unpack_request request = {.path = "in",
                                     .fd = memfd_create("in", MFD_CLOEXEC),
                                     .regular = true,
                                     .passwords = passwords,
                                     .password_count = 1,
                                     .bytes_read = &bytes_read};
    struct err err = ERR_INIT;
    struct cancel cancel;
    struct unpack_entry entry;
    struct unpack *u;

    if (size > INPUT_MAX) {
        fd_closep(&request.fd);
        return 0;
    }
    if (request.fd < 0 || file_write_fd(request.fd, "in", slice_of(data, size), &err) < 0 ||
        lseek(request.fd, 0, SEEK_SET) < 0)
        abort();
    if (cancel_init(&cancel) < 0)
        abort();
    request.cancel = &cancel;
    u = unpack_start(&request);
    while (u && unpack_next(u, &entry)) {
        if (entry.path == NULL || entry.fd < 0)
            abort();
        (void)drain(entry.fd);
        fd_closep(&entry.fd);
    }
    if (u)
        (void)!unpack_end(u, &err);
    cancel_done(&cancel);
    fd_closep(&request.fd);
    return 0;
}
