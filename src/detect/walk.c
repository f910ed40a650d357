/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "detect/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"

struct walk_level {
    int fd;
    struct arena names;
    const char **sorted;
    uint32_t count, next;
    size_t path_len; /* of the folder's path, its slash included */
};

int walk_init(struct walk *w, struct paths operands)
{
    *w = (struct walk){.operands = operands, .path = BUF_INIT(1024 * 1024)};
    w->levels = calloc(WALK_DEPTH_MAX, sizeof(*w->levels));
    return w->levels ? 0 : -CE_NOMEM;
}

static void walk_leave(struct walk *w)
{
    struct walk_level *level = &w->levels[--w->depth];

    fd_closep(&level->fd);
    arena_done(&level->names);
    free(level->sorted);
    *level = (struct walk_level){.fd = -1};
}

void walk_done(struct walk *w)
{
    while (w->depth > 0)
        walk_leave(w);
    free(w->levels);
    buf_done(&w->path);
    w->levels = NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_name(struct walk_level *level, const char *name, size_t *cap)
{
    struct slice copy = arena_dup(&level->names, slice_str(name));

    if (copy.p == NULL)
        return E2BIG;
    if (!array_room(level->sorted, level->count, *cap, SIZE_MAX))
        return ENOMEM;
    level->sorted[level->count++] = (const char *)copy.p;
    return 0;
}

/* Reads all names of a folder. Returns an errno. */
static int read_names(struct walk_level *level)
{
    int copy = dup(level->fd), failed = 0;
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;
    size_t cap = 0;

    if (dir == NULL) {
        failed = errno;
        fd_closep(&copy);
        return failed;
    }
    while (failed == 0 && (errno = 0, entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            failed = add_name(level, entry->d_name, &cap);
    }
    if (failed == 0)
        failed = errno;
    (void)closedir(dir);
    if (level->count)
        qsort(level->sorted, level->count, sizeof(*level->sorted), by_name);
    return failed;
}

static enum walk_kind walk_problem(struct walk *w, struct walk_item *ret, int sys)
{
    ret->path = buf_cstr(&w->path);
    (void)err_fail_sys(&ret->err, sys, ERR_BASE_FILE, ret->path);
    return WALK_ERROR;
}

/* Takes over fd, a folder whose path stands in w->path. What cannot be read of it is one error. */
static enum walk_kind walk_enter(struct walk *w, int fd, struct walk_item *ret)
{
    struct walk_level *level = &w->levels[w->depth];
    int failed;

    if (w->depth == WALK_DEPTH_MAX) {
        fd_closep(&fd);
        return walk_problem(w, ret, ELOOP);
    }
    *level = (struct walk_level){.fd = fd, .names = ARENA_INIT(WALK_NAMES_MAX)};
    w->depth++;
    if (w->path.len == 0 || w->path.p[w->path.len - 1] != '/')
        buf_putc(&w->path, '/');
    level->path_len = w->path.len;
    failed = read_names(level);
    return failed ? walk_problem(w, ret, failed) : WALK_END;
}

static enum walk_kind walk_emit(struct walk *w, int fd, const struct stat *st,
                                struct walk_item *ret)
{
    ret->path = buf_cstr(&w->path);
    ret->fd = fd;
    ret->regular = S_ISREG(st->st_mode);
    ret->size = ret->regular && st->st_size > 0 ? (uint64_t)st->st_size : 0;
    return WALK_FILE;
}

/* WALK_END here: nothing to give out, go on. */
static enum walk_kind walk_read(struct walk *w, int fd, struct walk_item *ret)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        int failed = errno;

        fd_closep(&fd);
        return walk_problem(w, ret, failed);
    }
    if (S_ISDIR(st.st_mode))
        return walk_enter(w, fd, ret);
    if (w->skip && st.st_dev == w->skip_dev && st.st_ino == w->skip_ino) {
        fd_closep(&fd);
        return WALK_END;
    }
    return walk_emit(w, fd, &st, ret);
}

/* True when the file is dealt with by adding its size. A pipe must not be opened only to look. */
static bool walk_measured(struct walk *w, const struct stat *st)
{
    if (!w->measure || S_ISDIR(st->st_mode))
        return false;
    if (S_ISREG(st->st_mode) && st->st_size > 0)
        w->total += (uint64_t)st->st_size;
    if (w->seen)
        w->seen(w->ctx, buf_cstr(&w->path), st);
    return true;
}

/* A pipe is there at once, also when nobody writes into it yet: who reads it can be interrupted. */
static int open_named(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), flags;

    if (fd >= 0 && (flags = fcntl(fd, F_GETFL)) >= 0)
        (void)fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    return fd;
}

static enum walk_kind next_operand(struct walk *w, struct walk_item *ret)
{
    const char *path = w->operands.items[w->next_operand++];
    bool input = strcmp(path, "-") == 0;
    struct stat st;
    int fd;

    ret->operand = true;
    buf_clear(&w->path);
    buf_puts(&w->path, path);
    if (w->measure && (input ? fstat(STDIN_FILENO, &st) : stat(path, &st)) < 0) {
        w->missing = true;
        return WALK_END;
    }
    if (w->measure && walk_measured(w, &st))
        return WALK_END;
    fd = input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open_named(path);
    return fd < 0 ? walk_problem(w, ret, errno) : walk_read(w, fd, ret);
}

static enum walk_kind next_name(struct walk *w, struct walk_item *ret)
{
    struct walk_level *level = &w->levels[w->depth - 1];
    const char *name = level->sorted[level->next++];
    struct stat st;
    int fd;

    if (w->skip_hidden && name[0] == '.')
        return WALK_END;
    w->path.len = level->path_len;
    buf_puts(&w->path, name);
    if (fstatat(level->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return walk_problem(w, ret, errno);
    if (S_ISLNK(st.st_mode)) {
        w->links++;
        return WALK_END;
    }
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        w->special++;
        return WALK_END;
    }
    if (S_ISREG(st.st_mode) && w->wants && !w->wants(name))
        return WALK_END;
    if (walk_measured(w, &st))
        return WALK_END;
    /* it may have become something else meanwhile: no link is followed, no pipe waited for */
    fd = openat(level->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
    return fd < 0 ? walk_problem(w, ret, errno) : walk_read(w, fd, ret);
}

enum walk_kind walk_next(struct walk *w, struct walk_item *ret)
{
    *ret = (struct walk_item){.fd = -1};
    for (;;) {
        enum walk_kind kind;

        if (w->depth > 0 && w->levels[w->depth - 1].next == w->levels[w->depth - 1].count) {
            walk_leave(w);
            continue;
        }
        if (w->depth == 0 && w->next_operand == w->operands.count)
            return WALK_END;
        kind = w->depth > 0 ? next_name(w, ret) : next_operand(w, ret);
        if (w->path.err != 0) {
            fd_closep(&ret->fd);
            w->path.err = 0;
            return walk_problem(w, ret, ENAMETOOLONG);
        }
        if (kind != WALK_END)
            return kind;
        ret->operand = false;
    }
}

uint64_t walk_total(struct paths operands)
{
    struct walk_item item;
    struct walk w;

    if (walk_init(&w, operands) < 0)
        return 0;
    w.measure = true;
    while (walk_next(&w, &item) != WALK_END)
        continue;
    walk_done(&w);
    return w.total;
}
