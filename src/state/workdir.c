/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "state/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_state.h"

enum { TRIES = 20, RANDOM = 6, PATH_ROOM = 3900 };

static const char *const infix[] = {
    [WORKDIR_BACKUP] = ".part-",
    [WORKDIR_RESTORE] = ".restore-",
    [WORKDIR_VERIFY] = "-verify-",
};

/* What a state's folder can hold while it is filled; by how the names begin. */
static const char *const parts[] = {"state.db", "key", "evidence", "MANIFEST"};

/* The name still leads to what is open: nobody took it for a left-over meanwhile. */
static bool is_still(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && lstat(path, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int workdir_make(struct workdir *w, const char *beside, enum workdir_kind kind, struct err *err)
{
    for (int i = 0; i < TRIES; i++) {
        if (snprintf(w->path, sizeof(w->path), "%s%sXXXXXX", beside, infix[kind]) >= PATH_ROOM) {
            w->path[0] = 0;
            return err_fail(err, CE_TOO_BIG, ERR_STATE_PATH_TOO_LONG, beside);
        }
        if (mkdtemp(w->path) == NULL) {
            int sys = errno;

            w->path[0] = 0;
            return err_fail_sys(err, sys, ERR_BASE_FILE, beside);
        }
        w->fd = open_folder(w->path);
        if (w->fd >= 0 && (flock(w->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
            is_still(w->fd, w->path))
            return 0;
        fd_closep(&w->fd);
        w->path[0] = 0;
    }
    return err_fail(err, CE_BUSY, ERR_STATE_NO_FOLDER_WORK, beside);
}

int workdir_rename(struct workdir *w, const char *to, struct err *err)
{
    int r = file_rename(w->path, to, err);

    if (r == 0)
        (void)snprintf(w->path, sizeof(w->path), "%s", to);
    return r;
}

void workdir_done(struct workdir *w, bool remove)
{
    if (remove && w->path[0] && w->fd >= 0 && is_still(w->fd, w->path))
        (void)file_remove_tree(w->path, NULL);
    fd_closep(&w->fd);
    w->path[0] = 0;
}

static bool is_part(const char *name)
{
    for (size_t i = 0; i < CANH_LEN(parts); i++)
        if (strncmp(name, parts[i], strlen(parts[i])) == 0)
            return true;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Nothing in it but parts of a state. */
static bool is_ours(int fd)
{
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again < 0 ? NULL : fdopendir(again);
    struct dirent *e;
    bool ours = d != NULL;

    if (d == NULL) {
        fd_closep(&again);
        return false;
    }
    while (ours && (e = readdir(d)) != NULL)
        ours = is_part(e->d_name);
    (void)closedir(d);
    return ours;
}

static bool remove_left(const char *path)
{
    CANH_CLEANUP(fd_closep) int fd = open_folder(path);
    struct stat st;

    return fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
           flock(fd, LOCK_EX | LOCK_NB) == 0 && is_still(fd, path) && is_ours(fd) &&
           file_remove_tree(path, NULL) == 0;
}

/* …INFIX and six letters, after `base` or anything. */
static bool is_named(const char *name, const char *base, enum workdir_whose whose,
                     enum workdir_kind kind)
{
    size_t n = strlen(name), m = strlen(infix[kind]), head = strlen(base);

    if (n <= m + RANDOM || memcmp(name + n - m - RANDOM, infix[kind], m) != 0)
        return false;
    return whose == WORKDIR_ANY || (n == head + m + RANDOM && memcmp(name, base, head) == 0);
}

unsigned workdir_sweep(const char *beside, enum workdir_whose whose, enum workdir_kind kind)
{
    const char *slash = strrchr(beside, '/'), *base = slash ? slash + 1 : beside;
    char folder[STORE_PATH], path[STORE_PATH];
    unsigned count = 0;
    struct dirent *e;
    DIR *d;

    if (slash == NULL)
        (void)snprintf(folder, sizeof(folder), ".");
    else if (snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - beside), beside) >= PATH_ROOM)
        return 0;
    d = opendir(folder);
    while (d != NULL && (e = readdir(d)) != NULL)
        if (is_named(e->d_name, base, whose, kind) &&
            snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) < (int)sizeof(path))
            count += remove_left(path);
    if (d != NULL)
        (void)closedir(d);
    return count;
}
