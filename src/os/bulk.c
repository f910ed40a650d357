/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "os/bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lang/err_os.h"

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

int bulk_make(struct slice s, int *ret_fd, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r;

    if (s.n > BULK_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_OS_BYTES_BETWEEN_PROCESSES, s.n);
    fd = memfd_create("canh", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_OS_MEMFD);
    r = file_write_fd(fd, "memfd", s, err);
    if (r < 0)
        return r;
    if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
        return err_fail_sys(err, errno, ERR_OS_MEMFD);
    *ret_fd = fd_take(&fd);
    return 0;
}

int bulk_map(int fd, size_t max, struct slice *ret, struct err *err)
{
    struct stat st;
    int seals = fcntl(fd, F_GET_SEALS);
    void *p;

    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &st) < 0)
        return err_fail(err, CE_PEER, ERR_OS_BYTES_NOT_SEALED);
    if (st.st_size < 0 || (uint64_t)st.st_size > max)
        return err_fail(err, CE_PEER, ERR_OS_BYTES_TOO_MANY, st.st_size);
    if (st.st_size == 0) {
        *ret = SLICE_NULL;
        return 0;
    }
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (p == MAP_FAILED)
        return err_fail_sys(err, errno, ERR_OS_MEMFD);
    *ret = slice_of(p, (size_t)st.st_size);
    return 0;
}

void bulk_unmap(struct slice s)
{
    void *p;

    memcpy(&p, &s.p, sizeof(p));
    if (s.n)
        (void)munmap(p, s.n);
}
