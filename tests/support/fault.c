/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    NOTE_SIZE = 4096,
    CALLS_MAX = 16384,
    BYTES_MAX = 64 * 1024 * 1024,
    PATH_SHORT = 120,
    SECTOR = 512,
};

enum op {
    OP_CREATE,
    OP_MKDIR,
    OP_WRITE,
    OP_CUT,
    OP_SYNC,
    OP_SYNC_LOST,
    OP_SYNC_FOLDER,
    OP_RENAME,
    OP_REMOVE
};

struct call {
    enum op op;
    bool done; /* it had its effect */
    uint64_t inode, offset;
    size_t at, size;        /* of the bytes written */
    char name[24];          /* of the function */
    char path[PATH_SHORT];  /* below the folder */
    char other[PATH_SHORT]; /* of a rename: the new one */
};

struct fault_log {
    uint8_t note[NOTE_SIZE];
    struct call calls[CALLS_MAX];
    uint32_t count;
    size_t used;
    uint8_t bytes[BYTES_MAX];
};

static struct {
    struct fault_log *log;
    char folder[PATH_MAX];
    uint32_t at;
    enum fault_kind kind;
    int full_left;          /* calls that still find the disk full */
    ino_t files[CALLS_MAX]; /* that were made, in order */
    uint32_t file_count;
} now;

struct fault_log *fault_log_new(void)
{
    void *p = mmap(NULL, sizeof(struct fault_log), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

struct fault_log *fault_log_free(struct fault_log *log)
{
    if (log)
        (void)munmap(log, sizeof(*log));
    return NULL;
}

void fault_log_clear(struct fault_log *log)
{
    log->count = 0;
    log->used = 0;
    memset(log->note, 0, sizeof(log->note));
}

void *fault_note(struct fault_log *log)
{
    return log->note;
}

void fault_begin(struct fault_log *log, const char *folder, uint32_t at, enum fault_kind kind)
{
    now.log = log;
    now.at = at;
    now.kind = kind;
    now.full_left = 0;
    now.file_count = 0;
    (void)snprintf(now.folder, sizeof(now.folder), "%s", folder);
}

void fault_end(void)
{
    now.log = NULL;
}

uint32_t fault_calls(const struct fault_log *log)
{
    return log->count;
}

/* Digits are left out of names, so that calls of one kind have one. */
const char *fault_call_name(const struct fault_log *log, uint32_t call)
{
    static char name[200];
    const struct call *c = &log->calls[call];
    size_t n = (size_t)snprintf(name, sizeof(name), "%s ", c->name);
    bool digits = false;

    for (const char *p = c->path; *p && *p != '.' && n + 1 < sizeof(name); p++) {
        bool hex = (*p >= '0' && *p <= '9') || (digits && *p >= 'a' && *p <= 'f');

        if (!hex || !digits)
            name[n++] = *p;
        digits = hex;
    }
    name[n] = 0;
    return name;
}

/* The part of a path below the folder; NULL when it is elsewhere. */
static const char *below(const char *path)
{
    size_t n = strlen(now.folder);

    if (now.log == NULL || strncmp(path, now.folder, n) != 0)
        return NULL;
    return path[n] == '/' ? path + n + 1 : path[n] == 0 ? path + n : NULL;
}

static const char *below_fd(int fd, char to[PATH_MAX])
{
    char link[64];
    ssize_t n;

    if (now.log == NULL)
        return NULL;
    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, to, PATH_MAX - 1);
    if (n <= 0)
        return NULL;
    to[n] = 0;
    return below(to);
}

/* The number under which a file is known here: the system gives inodes of removed files anew. */
static uint64_t inode_of(int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return 0;
    for (uint32_t i = now.file_count; i-- > 0;)
        if (now.files[i] == st.st_ino)
            return i + 1;
    return 0;
}

static uint64_t new_file(int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0 || now.file_count == CALLS_MAX)
        abort();
    now.files[now.file_count++] = st.st_ino;
    return now.file_count;
}

static struct call *note_call(enum op op, const char *name, const char *path)
{
    struct fault_log *log = now.log;
    struct call *c;

    if (log->count == CALLS_MAX)
        abort();
    c = &log->calls[log->count++];
    *c = (struct call){.op = op};
    (void)snprintf(c->name, sizeof(c->name), "%s", name);
    if (snprintf(c->path, sizeof(c->path), "%s", path) >= (int)sizeof(c->path))
        abort();
    return c;
}

static void note_bytes(struct call *c, const void *p, size_t n)
{
    struct fault_log *log = now.log;

    if (n > BYTES_MAX - log->used)
        abort();
    memcpy(log->bytes + log->used, p, n);
    c->at = log->used;
    c->size = n;
    log->used += n;
}

static bool is_now(void)
{
    return now.log->count == now.at;
}

/* Before the call: kills, or the errno with which it is to fail. */
static int meet(bool needs_space)
{
    if (is_now() && now.kind == FAULT_KILL)
        (void)kill(getpid(), SIGKILL);
    if (is_now() && now.kind == FAULT_EIO)
        return EIO;
    if (is_now() && now.kind == FAULT_ENOSPC)
        now.full_left = FAULT_ENOSPC_CALLS;
    if (needs_space && now.full_left > 0) {
        now.full_left--;
        return ENOSPC;
    }
    return 0;
}

static void after(struct call *c, bool done)
{
    c->done = done;
    if (is_now() && now.kind == FAULT_KILL_AFTER)
        (void)kill(getpid(), SIGKILL);
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __real_mkostemp64(char *path, int flags);
int __wrap_mkostemp64(char *path, int flags);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __real_pwrite64(int fd, const void *p, size_t n, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t offset);
int __real_ftruncate64(int fd, off_t size);
int __wrap_ftruncate64(int fd, off_t size);
int __real_posix_fallocate64(int fd, off_t offset, off_t size);
int __wrap_posix_fallocate64(int fd, off_t offset, off_t size);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);

static int failed(int e)
{
    errno = e;
    return -1;
}

static ssize_t write_at(int fd, const void *p, size_t n, off_t offset, const char *name,
                        const char *path)
{
    struct call *c = note_call(OP_WRITE, name, path);
    int e = meet(true);
    ssize_t done;

    if (is_now() && now.kind == FAULT_SHORT && n > 1)
        n /= 2;
    c->inode = inode_of(fd);
    c->offset = (uint64_t)offset;
    note_bytes(c, p, n);
    if (e)
        return failed(e);
    done = __real_pwrite64(fd, p, n, offset);
    after(c, done == (ssize_t)n);
    return done;
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
    char full[PATH_MAX];
    const char *path = below_fd(fd, full);
    ssize_t done;

    if (path == NULL)
        return __real_write(fd, p, n);
    done = write_at(fd, p, n, lseek(fd, 0, SEEK_CUR), "write", path);
    if (done > 0)
        (void)lseek(fd, done, SEEK_CUR);
    return done;
}

ssize_t __wrap_pwrite64(int fd, const void *p, size_t n, off_t offset)
{
    char full[PATH_MAX];
    const char *path = below_fd(fd, full);

    return path ? write_at(fd, p, n, offset, "pwrite", path) : __real_pwrite64(fd, p, n, offset);
}

/* A file that open() makes; others are only opened. */
int __wrap_open64(const char *path, int flags, ...)
{
    const char *name = flags & O_CREAT ? below(path) : NULL;
    struct stat st;
    va_list ap;
    mode_t mode;
    struct call *c;
    int e, fd;

    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    if (name == NULL || stat(path, &st) == 0)
        return __real_open64(path, flags, mode);
    c = note_call(OP_CREATE, "create", name);
    e = meet(true);
    if (e)
        return failed(e);
    fd = __real_open64(path, flags, mode);
    if (fd >= 0)
        c->inode = new_file(fd);
    after(c, fd >= 0);
    return fd;
}

int __wrap_mkostemp64(char *path, int flags)
{
    const char *name = below(path);
    struct call *c;
    int e, fd;

    if (name == NULL)
        return __real_mkostemp64(path, flags);
    c = note_call(OP_CREATE, "create", "temporary");
    e = meet(true);
    if (e)
        return failed(e);
    fd = __real_mkostemp64(path, flags);
    if (fd >= 0) {
        c->inode = new_file(fd);
        (void)snprintf(c->path, sizeof(c->path), "%s", below(path));
    }
    after(c, fd >= 0);
    return fd;
}

int __wrap_ftruncate64(int fd, off_t size)
{
    char full[PATH_MAX];
    const char *path = below_fd(fd, full);
    struct call *c;
    int e, r;

    if (path == NULL)
        return __real_ftruncate64(fd, size);
    c = note_call(OP_CUT, "truncate", path);
    c->inode = inode_of(fd);
    c->offset = (uint64_t)size;
    e = meet(false);
    if (e)
        return failed(e);
    r = __real_ftruncate64(fd, size);
    after(c, r == 0);
    return r;
}

int __wrap_posix_fallocate64(int fd, off_t offset, off_t size)
{
    char full[PATH_MAX];
    const char *path = below_fd(fd, full);
    struct call *c;
    int e, r;

    if (path == NULL)
        return __real_posix_fallocate64(fd, offset, size);
    c = note_call(OP_CUT, "allocate", path);
    c->inode = inode_of(fd);
    c->offset = (uint64_t)(offset + size);
    e = meet(true);
    if (e)
        return e;
    r = __real_posix_fallocate64(fd, offset, size);
    after(c, r == 0);
    return r;
}

static int sync_fd(int fd, const char *name, int (*real)(int))
{
    char full[PATH_MAX];
    const char *path = below_fd(fd, full);
    struct stat st;
    struct call *c;
    int e, r;

    if (path == NULL)
        return real(fd);
    c = note_call(OP_SYNC, name, *path ? path : ".");
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        c->op = OP_SYNC_FOLDER;
        c->path[strlen(path)] = 0;
        (void)snprintf(c->path, sizeof(c->path), "%s", path);
    }
    c->inode = inode_of(fd);
    e = meet(false);
    if (e && c->op == OP_SYNC)
        c->op = OP_SYNC_LOST;
    c->done = e && c->op == OP_SYNC_LOST;
    if (e)
        return failed(e);
    r = real(fd);
    after(c, r == 0);
    return r;
}

int __wrap_fsync(int fd)
{
    return sync_fd(fd, "fsync", __real_fsync);
}

int __wrap_fdatasync(int fd)
{
    return sync_fd(fd, "fdatasync", __real_fdatasync);
}

int __wrap_rename(const char *from, const char *to)
{
    const char *name = below(from);
    struct call *c;
    int e, r;

    if (name == NULL)
        return __real_rename(from, to);
    c = note_call(OP_RENAME, "rename", name);
    (void)snprintf(c->other, sizeof(c->other), "%s", below(to));
    e = meet(true);
    if (e)
        return failed(e);
    r = __real_rename(from, to);
    after(c, r == 0);
    return r;
}

int __wrap_unlink(const char *path)
{
    const char *name = below(path);
    struct call *c;
    int e, r;

    if (name == NULL)
        return __real_unlink(path);
    c = note_call(OP_REMOVE, "unlink", name);
    e = meet(false);
    if (e)
        return failed(e);
    r = __real_unlink(path);
    after(c, r == 0);
    return r;
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    const char *name = below(path);
    struct call *c;
    int e, r;

    if (name == NULL || access(path, F_OK) == 0)
        return __real_mkdir(path, mode);
    c = note_call(OP_MKDIR, "mkdir", name);
    e = meet(true);
    if (e)
        return failed(e);
    r = __real_mkdir(path, mode);
    after(c, r == 0);
    return r;
}

/* The power-off: names and bytes as they would be found. */
struct found_name {
    char path[PATH_SHORT];
    uint64_t inode; /* 0: a folder */
    bool gone;
};

enum { NAMES_MAX = 4096, FILE_MOST = 8 * 1024 * 1024 };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static bool same_folder(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    const char *slash = strrchr(path, '/');
    size_t own = slash ? (size_t)(slash - path) : 0;

    return own == n && strncmp(path, folder, n) == 0;
}

/* Whether a call that changes a name is durable: its folder was synced later. */
static bool name_synced(const struct fault_log *log, uint32_t i)
{
    const char *path = log->calls[i].op == OP_RENAME ? log->calls[i].other : log->calls[i].path;

    for (uint32_t k = i + 1; k < log->count; k++)
        if (log->calls[k].op == OP_SYNC_FOLDER && log->calls[k].done &&
            same_folder(path, log->calls[k].path))
            return true;
    return false;
}

/* Of the names of one folder that are not durable, those before some call are there. */
static uint32_t last_name_kept(const struct fault_log *log, const char *path, uint64_t seed)
{
    uint64_t h = seed | 1;
    const char *slash = strrchr(path, '/');

    for (const char *p = path; slash && p < slash; p++)
        h = (h ^ (uint64_t)*p) * 0x9E3779B97F4A7C15u;
    (void)next_random(&h);
    switch (h % 4) {
    case 0:
        return 0;
    case 1:
        return log->count;
    default:
        return (uint32_t)(next_random(&h) % (log->count + 1));
    }
}

static struct found_name *find_name(struct found_name *names, uint32_t count, const char *path)
{
    for (uint32_t i = count; i-- > 0;)
        if (!names[i].gone && strcmp(names[i].path, path) == 0)
            return &names[i];
    return NULL;
}

static void set_name(struct found_name *names, uint32_t *count, const char *path, uint64_t inode)
{
    struct found_name *old = find_name(names, *count, path);

    if (old == NULL && *count == NAMES_MAX)
        abort();
    if (old == NULL)
        old = &names[(*count)++];
    *old = (struct found_name){.inode = inode};
    (void)snprintf(old->path, sizeof(old->path), "%s", path);
}

static uint32_t find_names(const struct fault_log *log, uint64_t seed, struct found_name *names)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < log->count; i++) {
        const struct call *c = &log->calls[i];
        const char *path = c->op == OP_RENAME ? c->other : c->path;
        struct found_name *old;

        if (!c->done ||
            (c->op != OP_CREATE && c->op != OP_MKDIR && c->op != OP_RENAME && c->op != OP_REMOVE))
            continue;
        if (!name_synced(log, i) && i >= last_name_kept(log, path, seed))
            continue;
        old = c->op == OP_RENAME || c->op == OP_REMOVE ? find_name(names, count, c->path) : NULL;
        if (old)
            old->gone = true;
        if (c->op == OP_RENAME && old)
            set_name(names, &count, c->other, old->inode);
        else if (c->op == OP_CREATE || c->op == OP_MKDIR)
            set_name(names, &count, c->path, c->op == OP_MKDIR ? 0 : c->inode);
    }
    return count;
}

/* Whether the bytes of a call are durable (1), lost by a failed sync (-1), or perhaps there (0). */
static int bytes_synced(const struct fault_log *log, uint32_t i)
{
    for (uint32_t k = i + 1; k < log->count; k++) {
        const struct call *c = &log->calls[k];

        if (c->inode != log->calls[i].inode || !c->done)
            continue;
        if (c->op == OP_SYNC)
            return 1;
        if (c->op == OP_SYNC_LOST)
            return -1;
    }
    return 0;
}

static size_t apply_write(uint8_t *file, size_t size, const struct call *c, const uint8_t *bytes,
                          size_t from, size_t n)
{
    size_t at = (size_t)c->offset + from;

    if (at + n > FILE_MOST)
        abort();
    if (at > size)
        memset(file + size, 0, at - size);
    memcpy(file + at, bytes + from, n);
    return at + n > size ? at + n : size;
}

/* A write that was not synced: nothing, all, its start, or its end with zeros before. */
static size_t torn_write(uint8_t *file, size_t size, const struct call *c, const uint8_t *bytes,
                         uint64_t *seed)
{
    size_t cut = (size_t)(next_random(seed) % (c->size / SECTOR + 1)) * SECTOR;

    switch (next_random(seed) % 4) {
    case 0:
        return size;
    case 1:
        return apply_write(file, size, c, bytes, 0, c->size);
    case 2:
        return apply_write(file, size, c, bytes, 0, cut);
    default:
        return apply_write(file, size, c, bytes, cut, c->size - cut);
    }
}

static size_t find_bytes(const struct fault_log *log, uint64_t inode, uint64_t *seed, uint8_t *file)
{
    size_t size = 0;

    for (uint32_t i = 0; i < log->count; i++) {
        const struct call *c = &log->calls[i];
        int synced;

        if (c->inode != inode || (c->op != OP_WRITE && c->op != OP_CUT))
            continue;
        synced = bytes_synced(log, i);
        if (synced < 0 || (c->op == OP_CUT && (!c->done || (synced == 0 && *seed % 3 == 0))))
            continue;
        if (c->op == OP_WRITE && synced && c->done)
            size = apply_write(file, size, c, log->bytes + c->at, 0, c->size);
        else if (c->op == OP_WRITE && c->done)
            size = torn_write(file, size, c, log->bytes + c->at, seed);
        else if (c->op == OP_CUT && c->offset <= FILE_MOST) {
            if (c->offset > size)
                memset(file + size, 0, (size_t)c->offset - size);
            size = (size_t)c->offset;
        }
    }
    return size;
}

static bool make_file(const char *path, const uint8_t *bytes, size_t n)
{
    int fd = __real_open64(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    bool good = fd >= 0 && __real_write(fd, bytes, n) == (ssize_t)n;

    if (fd >= 0)
        (void)close(fd);
    return good || errno == ENOENT; /* its folder's name was lost */
}

bool fault_power_off(const struct fault_log *log, const char *folder, const char *to, uint64_t seed)
{
    struct found_name *names = calloc(NAMES_MAX, sizeof(*names));
    uint8_t *file = malloc(FILE_MOST);
    bool good = names && file && __real_mkdir(to, 0700) == 0;
    uint32_t count;

    (void)folder;
    seed = seed * 0x9E3779B97F4A7C15u | 1;
    count = good ? find_names(log, seed, names) : 0;
    for (uint32_t i = 0; good && i < count; i++) {
        char path[PATH_MAX];

        (void)snprintf(path, sizeof(path), "%s/%s", to, names[i].path);
        if (names[i].gone)
            continue;
        if (names[i].inode == 0)
            good = __real_mkdir(path, 0700) == 0 || errno == ENOENT;
        else
            good = make_file(path, file, find_bytes(log, names[i].inode, &seed, file));
    }
    free(names);
    free(file);
    return good;
}
