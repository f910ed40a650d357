/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "state/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/array.h"
#include "base/file.h"
#include "lang/err_state.h"
#include "state/filetype.h"

enum { PART = 64 * 1024 };

/* The folder that a path lies in. */
static void folder_of(const char *path, char to[STORE_PATH])
{
    size_t n = (size_t)(strrchr(path, '/') - path);

    memcpy(to, path, n);
    to[n] = 0;
}

/* A folder of the store is one, or is not there yet: nothing is read or written through a link. */
static int refuse_link(const char *path, struct err *err)
{
    struct stat st;

    if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_BEHIND_LINK, path);
    return 0;
}

/* evidence, and the folder of a file in it; path: the file. */
static int refuse_links(const char *dir, const char *path, struct err *err)
{
    char folder[STORE_PATH];
    int r;

    folder_of(path, folder);
    r = refuse_link(folder, err);
    (void)snprintf(folder, sizeof(folder), "%s/evidence", dir);
    return r < 0 ? r : refuse_link(folder, err);
}

void store_path(const char *dir, const uint8_t sha256[STORE_HASH], char to[STORE_PATH])
{
    char hex[2 * STORE_HASH + 1];

    sodium_bin2hex(hex, sizeof(hex), sha256, STORE_HASH);
    (void)snprintf(to, STORE_PATH, "%s/evidence/%.2s/%s", dir, hex, hex + 2);
}

/* Reads all of fd from its start, hashing; out < 0: only that. */
static int store_pour(int fd, int out, uint64_t max, struct store_file *f, struct err *err)
{
    crypto_hash_sha256_state h;
    uint8_t part[PART];
    uint64_t at = 0;

    crypto_hash_sha256_init(&h);
    for (;;) {
        ssize_t n = pread(fd, part, sizeof(part), (off_t)at);
        int r = 0;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_fail_sys(err, errno, ERR_STATE_READING_EVIDENCE);
        if (at == 0)
            f->type = filetype_of(slice_head(slice_of(part, (size_t)n), FILETYPE_HEAD));
        if (at == 0 && f->type == NULL && out >= 0)
            return err_fail(err, CE_DENIED, ERR_STATE_FILE_EMPTY_OR_TYPE_NOT);
        if (n == 0)
            break;
        at += (uint64_t)n;
        if (at > max)
            return err_fail(err, CE_TOO_BIG, ERR_STATE_FILE_LARGER_THAN_BYTES, max);
        crypto_hash_sha256_update(&h, part, (unsigned long long)n);
        if (out >= 0)
            r = file_write_fd(out, "evidence", slice_of(part, (size_t)n), err);
        if (r < 0)
            return r;
    }
    crypto_hash_sha256_final(&h, f->sha256);
    f->size = at;
    return 0;
}

int store_hash(int fd, uint8_t to[STORE_HASH], uint64_t *ret_size, struct err *err)
{
    struct store_file f = {.size = 0};
    int r = store_pour(fd, -1, UINT64_MAX, &f, err);

    if (r < 0)
        return r;
    memcpy(to, f.sha256, STORE_HASH);
    *ret_size = f.size;
    return 0;
}

static bool store_chown(int fd, const struct stat *owner)
{
    return fd >= 0 && fchown(fd, owner->st_uid, owner->st_gid) == 0;
}

/*
 * What root puts into somebody's state is theirs, as SQLite has it with its own files: the node
 * runs as that user. folder: in evidence/. No link is gone through.
 */
static int store_chown_all(const char *dir, const char *folder, int file, struct err *err)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    CANH_CLEANUP(fd_closep) int state = -1;
    CANH_CLEANUP(fd_closep) int evidence = -1;
    CANH_CLEANUP(fd_closep) int part = -1;
    struct stat owner;

    if (geteuid() != 0 || stat(dir, &owner) < 0 || owner.st_uid == 0)
        return 0;
    state = open(dir, flags);
    evidence = openat(state, "evidence", flags);
    part = openat(evidence, folder, flags);
    if (!store_chown(evidence, &owner) || !store_chown(part, &owner) || !store_chown(file, &owner))
        return err_fail_sys(err, errno, ERR_STATE_EVIDENCE);
    return 0;
}

/* From the temporary name to the one of its hash; an equal file that is there already stays. */
static int store_settle(const char *dir, const char *temp, int fd, struct store_file *f,
                        struct err *err)
{
    char path[STORE_PATH], folder[STORE_PATH];
    struct stat st;
    int r;

    store_path(dir, f->sha256, path);
    r = refuse_links(dir, path, err);
    if (r < 0)
        return r;
    if (lstat(path, &st) == 0) {
        f->is_new = false;
        return S_ISREG(st.st_mode) ? file_remove(temp, err)
                                   : err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_BEHIND_LINK, path);
    }
    folder_of(path, folder);
    r = file_mkdirs(folder, 0700, err);
    if (r == 0)
        r = store_chown_all(dir, strrchr(folder, '/') + 1, fd, err);
    if (r == 0)
        r = file_rename(temp, path, err);
    if (r == 0) {
        *strrchr(folder, '/') = 0;
        r = file_sync_folder(folder, err);
    }
    f->is_new = r == 0;
    return r;
}

static int make_folder(const char *path, struct err *err)
{
    char folder[STORE_PATH];

    folder_of(path, folder);
    return file_mkdirs(folder, 0700, err);
}

int store_add(const char *dir, int fd, uint64_t max, struct store_file *ret, struct err *err)
{
    char temp[STORE_PATH];
    CANH_CLEANUP(fd_closep) int out = -1;
    struct stat st;
    int r;

    *ret = (struct store_file){.size = 0};
    if (fstat(fd, &st) < 0)
        return err_fail_sys(err, errno, ERR_STATE_EVIDENCE);
    if (!S_ISREG(st.st_mode))
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_MUST_REGULAR_FILE);
    if ((uint64_t)st.st_size > max)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_FILE_LARGER_THAN_BYTES, max);
    (void)snprintf(temp, sizeof(temp), "%s/evidence/tmp/XXXXXX", dir);
    r = refuse_links(dir, temp, err);
    if (r == 0)
        r = make_folder(temp, err);
    if (r < 0)
        return r;
    out = mkostemp(temp, O_CLOEXEC);
    if (out < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, temp);
    r = store_chown_all(dir, "tmp", out, err);
    if (r == 0)
        r = store_pour(fd, out, max, ret, err);
    if (r == 0 && fsync(out) < 0)
        r = err_fail_sys(err, errno, ERR_STATE_EVIDENCE);
    if (r == 0)
        r = store_settle(dir, temp, out, ret, err);
    if (r < 0)
        (void)file_remove(temp, NULL);
    return r;
}

int store_open(const char *dir, const uint8_t sha256[STORE_HASH], bool check, int *ret_fd,
               struct err *err)
{
    char path[STORE_PATH];
    CANH_CLEANUP(fd_closep) int fd = -1;
    uint8_t is[STORE_HASH];
    uint64_t size;
    int r;

    store_path(dir, sha256, path);
    r = refuse_links(dir, path, err);
    if (r < 0)
        return r;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP)
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_BEHIND_LINK, path);
    if (fd < 0)
        return errno == ENOENT ? err_fail(err, CE_NOT_FOUND, ERR_STATE_EVIDENCE_FILE_MISSING)
                               : err_fail_sys(err, errno, ERR_STATE_EVIDENCE);
    if (check) {
        r = store_hash(fd, is, &size, err);
        if (r < 0)
            return r;
        if (memcmp(is, sha256, STORE_HASH) != 0)
            return err_fail(err, CE_CORRUPT, ERR_STATE_EVIDENCE_FILE_NOT_WHAT_WAS);
    }
    *ret_fd = fd_take(&fd);
    return 0;
}

int store_remove(const char *dir, const uint8_t sha256[STORE_HASH], struct err *err)
{
    char path[STORE_PATH];
    int r;

    store_path(dir, sha256, path);
    r = refuse_links(dir, path, err);
    return r < 0 ? r : file_remove(path, err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

/* The entries of a folder, sorted. A folder that is not there has none; a link is none. */
static int names_of(const char *folder, char ***ret, size_t *ret_n, struct err *err)
{
    DIR *d;
    char **names = NULL;
    size_t n = 0, cap = 0;
    struct dirent *e;

    *ret = NULL;
    *ret_n = 0;
    if (refuse_link(folder, err) < 0)
        return -CE_DENIED;
    d = opendir(folder);
    if (d == NULL)
        return errno == ENOENT ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, folder);
    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        if (!array_room(names, n, cap, SIZE_MAX))
            break;
        names[n] = strdup(e->d_name);
        if (names[n] == NULL)
            break;
        n++;
    }
    (void)closedir(d);
    if (e != NULL) {
        names_free(names, n);
        return err_nomem(err);
    }
    if (n)
        qsort(names, n, sizeof(*names), by_name);
    *ret = names;
    *ret_n = n;
    return 0;
}

static int store_report(const char *folder, const char *name,
                        int (*fn)(void *u, const uint8_t *sha256, const char *path), void *u)
{
    char hex[2 * STORE_HASH], path[STORE_PATH];
    const char *last = strrchr(folder, '/') + 1;
    uint8_t hash[STORE_HASH];
    size_t n = 0;
    bool good;

    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return -CE_TOO_BIG;
    good = strlen(last) == 2 && strlen(name) == 2 * STORE_HASH - 2;
    if (good) {
        memcpy(hex, last, 2);
        memcpy(hex + 2, name, 2 * STORE_HASH - 2);
    }
    good = good && sodium_hex2bin(hash, sizeof(hash), hex, sizeof(hex), NULL, &n, NULL) == 0 &&
           n == sizeof(hash);
    return fn(u, good ? hash : NULL, path);
}

int store_each(const char *dir, int (*fn)(void *u, const uint8_t *sha256, const char *path),
               void *u, struct err *err)
{
    char top[STORE_PATH], folder[STORE_PATH];
    char **folders = NULL, **files = NULL;
    size_t n = 0, m = 0;
    int r;

    (void)snprintf(top, sizeof(top), "%s/evidence", dir);
    r = names_of(top, &folders, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (snprintf(folder, sizeof(folder), "%s/%s", top, folders[i]) >= (int)sizeof(folder))
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_PATH_TOO_LONG, top);
        if (r == 0)
            r = names_of(folder, &files, &m, err);
        for (size_t k = 0; r == 0 && k < m; k++)
            r = store_report(folder, files[k], fn, u);
        names_free(files, m);
        files = NULL;
        m = 0;
    }
    names_free(folders, n);
    return r;
}
