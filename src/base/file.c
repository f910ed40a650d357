/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 64 * 1024 };

int fd_take(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

void fd_closep(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

int file_read_fd(int fd, const char *name, struct buf *out, struct err *err)
{
    for (;;) {
        size_t room = out->max - out->len;
        size_t step = CANH_MIN(room + 1, (size_t)READ_STEP);
        uint8_t spare = 0, *to = room ? buf_reserve(out, CANH_MIN(step, room)) : &spare;
        ssize_t n;

        if (to == NULL)
            return err_fail(err, (enum ce) - out->err, ERR_BASE_BOTH, name, ERR_KIND(out->err));
        n = read(fd, to, room ? CANH_MIN(step, room) : 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, name);
        if (n == 0)
            return 0;
        if (room == 0)
            return err_fail(err, CE_TOO_BIG, ERR_BASE_FILE_TOO_BIG, name, out->max);
        out->len += (size_t)n;
    }
}

int file_read(const char *path, struct buf *out, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        return err_fail_sys(err, EISDIR, ERR_BASE_FILE, path);
    return file_read_fd(fd, path, out, err);
}

int file_write_fd(int fd, const char *name, struct slice s, struct err *err)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, name);
        s = slice_from(s, (size_t)n);
    }
    return 0;
}

static int sync_folder_of(const char *path, struct err *err)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    CANH_CLEANUP(fd_closep) int fd = -1;

    if (n >= sizeof(folder))
        return err_fail(err, CE_TOO_BIG, ERR_BASE_FILE_PATH_LONG, path);
    memcpy(folder, path, n);
    folder[n] = 0;
    fd = open(slash == NULL ? "." : n == 0 ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return 0;
}

static int write_and_rename(int fd, const char *temp, const char *path, struct slice s,
                            unsigned mode, struct err *err)
{
    int r = file_write_fd(fd, path, s, err);

    if (r < 0)
        return r;
    /* as mkostemp() made it nothing is to change, which a sandbox may refuse */
    if ((mode != 0600 && fchmod(fd, mode) < 0) || fsync(fd) < 0 || rename(temp, path) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return sync_folder_of(path, err);
}

int file_replace(const char *path, struct slice s, unsigned mode, struct err *err)
{
    char temp[PATH_MAX];
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r;

    if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp))
        return err_fail(err, CE_TOO_BIG, ERR_BASE_FILE_PATH_LONG, path);
    fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    r = write_and_rename(fd, temp, path, s, mode, err);
    if (r < 0)
        (void)unlink(temp);
    return r;
}

int file_sync_folder(const char *folder, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, folder);
    return 0;
}

int file_sync_all(const char *folder, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || syncfs(fd) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, folder);
    return 0;
}

/* Into what is there, or where a link points to: nothing is replaced. */
static int write_through(const char *path, int flags, struct slice s, unsigned mode,
                         struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, mode);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return file_write_fd(fd, path, s, err);
}

static bool is_stdout(const struct stat *at)
{
    struct stat out;

    return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == at->st_dev && out.st_ino == at->st_ino;
}

int file_open_result(const char *path, unsigned mode, int *ret_fd, struct err *err)
{
    struct stat at;
    int fd = stat(path, &at) == 0 && is_stdout(&at)
                 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    *ret_fd = fd;
    return 0;
}

int file_deliver(const char *path, struct slice s, unsigned mode, struct err *err)
{
    char target[PATH_MAX];
    struct stat at;

    if (lstat(path, &at) < 0)
        return errno == ENOENT ? file_replace(path, s, mode, err)
                               : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (S_ISREG(at.st_mode))
        return file_replace(path, s, mode, err);
    if (!S_ISLNK(at.st_mode))
        return write_through(path, 0, s, mode, err);
    if (stat(path, &at) < 0)
        return errno == ENOENT ? write_through(path, O_CREAT, s, mode, err)
                               : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (is_stdout(&at))
        return file_write_fd(STDOUT_FILENO, path, s, err); /* where the shell has it stand */
    /* a link of /proc/self/fd may name a file that has no path any more */
    if (!S_ISREG(at.st_mode) || realpath(path, target) == NULL || access(target, F_OK) < 0)
        return write_through(path, O_TRUNC, s, mode, err);
    return file_replace(target, s, mode, err);
}

int file_rename(const char *from, const char *to, struct err *err)
{
    int r;

    if (rename(from, to) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, to);
    r = sync_folder_of(from, err);
    return r < 0 ? r : sync_folder_of(to, err);
}

int file_exchange(const char *a, const char *b, struct err *err)
{
    int r;

    if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) < 0)
        return errno == EINVAL || errno == ENOSYS
                   ? err_fail(err, CE_UNKNOWN, ERR_BASE_FILE_NO_EXCHANGE, b)
                   : err_fail_sys(err, errno, ERR_BASE_FILE, b);
    r = sync_folder_of(a, err);
    return r < 0 ? r : sync_folder_of(b, err);
}

int file_remove(const char *path, struct err *err)
{
    if (unlink(path) < 0 && errno != ENOENT)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return 0;
}

int file_rmdir(const char *path, struct err *err)
{
    if (rmdir(path) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *walk)
{
    (void)st, (void)flag, (void)walk;
    (void)remove(path);
    return 0;
}

int file_remove_tree(const char *path, struct err *err)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0 && errno != ENOENT)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (access(path, F_OK) == 0)
        return err_fail(err, CE_IO, ERR_BASE_FILE_NOT_REMOVED, path);
    return 0;
}

static int copy_fd(int in, const char *from, int out, const char *to, struct err *err)
{
    uint8_t part[READ_STEP];

    for (;;) {
        ssize_t n = read(in, part, sizeof(part));
        int r;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, from);
        if (n == 0)
            break;
        r = file_write_fd(out, to, slice_of(part, (size_t)n), err);
        if (r < 0)
            return r;
    }
    if (fsync(out) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, to);
    return 0;
}

int file_copy(const char *from, const char *to, unsigned mode, struct err *err)
{
    CANH_CLEANUP(fd_closep) int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    CANH_CLEANUP(fd_closep) int out = -1;
    struct stat st;
    int r;

    if (in < 0 || fstat(in, &st) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, from);
    if (!S_ISREG(st.st_mode))
        return err_fail(err, CE_RANGE, ERR_BASE_FILE_NOT_REGULAR, from);
    out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (out < 0)
        return errno == EEXIST ? err_fail(err, CE_EXISTS, ERR_BASE_FILE_EXISTS, to)
                               : err_fail_sys(err, errno, ERR_BASE_FILE, to);
    r = copy_fd(in, from, out, to, err);
    if (r < 0)
        (void)unlink(to);
    return r;
}

int file_open_new(const char *path, unsigned mode, int *ret_fd, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode);

    if (fd < 0)
        return errno == EEXIST ? err_fail(err, CE_EXISTS, ERR_BASE_FILE_EXISTS, path)
                               : err_fail_sys(err, errno, ERR_BASE_FILE, path);
    *ret_fd = fd;
    return 0;
}

int file_open_write(const char *path, int *ret_fd, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    *ret_fd = fd;
    return 0;
}

int file_write_at(int fd, const char *name, uint64_t offset, struct slice s, struct err *err)
{
    while (s.n) {
        ssize_t n = pwrite(fd, s.p, s.n, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_fail_sys(err, errno, ERR_BASE_FILE, name);
        s = slice_from(s, (size_t)n);
        offset += (uint64_t)n;
    }
    return 0;
}

int file_sync_data(int fd, const char *name, struct err *err)
{
    return fdatasync(fd) < 0 ? err_fail_sys(err, errno, ERR_BASE_FILE, name) : 0;
}

int file_cut(int fd, const char *name, uint64_t size, struct err *err)
{
    return ftruncate(fd, (off_t)size) < 0 ? err_fail_sys(err, errno, ERR_BASE_FILE, name) : 0;
}

int file_allocate(int fd, const char *name, uint64_t size, struct err *err)
{
    int r = posix_fallocate(fd, 0, (off_t)size);

    return r != 0 ? err_fail_sys(err, r, ERR_BASE_FILE, name) : 0;
}

/* Where the file system knows no files without a name: one that loses it at once. */
static int open_unlinked(const char *folder)
{
    char path[PATH_MAX];
    int fd;

    if (snprintf(path, sizeof(path), "%s/canh-XXXXXX", folder) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

int file_temporary(int *ret_fd, struct err *err)
{
    const char *folder = getenv("TMPDIR");
    int fd;

    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        fd = open_unlinked(folder);
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, folder);
    *ret_fd = fd;
    return 0;
}

int file_lock(const char *path, unsigned mode, int *ret_fd, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int sys = errno;

        (void)close(fd);
        return sys == EWOULDBLOCK ? err_fail(err, CE_BUSY, ERR_BASE_FILE_IN_USE, path)
                                  : err_fail_sys(err, sys, ERR_BASE_FILE, path);
    }
    *ret_fd = fd;
    return 0;
}

int file_mkdirs(const char *path, unsigned mode, struct err *err)
{
    char part[PATH_MAX];
    size_t n = strlen(path);
    struct stat st;

    if (n == 0 || n >= sizeof(part))
        return err_fail(err, CE_RANGE, ERR_BASE_FILE_PATH_BAD, path);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, mode) < 0 && errno != EEXIST)
            return err_fail_sys(err, errno, ERR_BASE_FILE, part);
    }
    if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
        return err_fail_sys(err, ENOTDIR, ERR_BASE_FILE, path);
    return 0;
}

static int make_parents(const char *path, struct err *err)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;

    if (n == 0)
        return 0;
    if (n >= sizeof(folder))
        return err_fail(err, CE_TOO_BIG, ERR_BASE_FILE_PATH_LONG, path);
    memcpy(folder, path, n);
    folder[n] = 0;
    return file_mkdirs(folder, 0777, err);
}

int file_create(const char *path, struct slice s, unsigned mode, struct err *err)
{
    int r = make_parents(path, err), fd;

    if (r < 0)
        return r;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, mode);
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    r = file_write_fd(fd, path, s, err);
    if (close(fd) < 0 && r == 0)
        r = err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return r;
}
