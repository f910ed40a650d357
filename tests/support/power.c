/* SPDX-License-Identifier: Apache-2.0 */
#include "power.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECTOR = 512, FILES_MAX = 8, NOTES_MAX = 1 << 16 };

struct note {
    enum { NOTE_WRITE, NOTE_CUT, NOTE_SYNC, NOTE_REMOVE, NOTE_PROMISE } what;
    unsigned file;
    int64_t at; /* of a write; the size of a cut; what was promised */
    size_t n;
    uint8_t *bytes;
};

static struct note notes[NOTES_MAX];
static size_t note_count;
static char names[FILES_MAX][64];  /* below the folder */
static uint8_t *before[FILES_MAX]; /* what they held at the beginning */
static size_t before_size[FILES_MAX], file_count;
static char root[200];
static sqlite3_vfs *system_vfs, power_vfs;

struct file {
    sqlite3_file base;
    sqlite3_io_methods methods;
    int index; /* below 0: not noted */
    sqlite3_file *real;
};

static void add(unsigned file, int what, int64_t at, const void *bytes, size_t n)
{
    struct note *x = &notes[note_count];

    if (note_count == NOTES_MAX)
        abort();
    *x = (struct note){.what = what, .file = file, .at = at, .n = n};
    if (n) {
        x->bytes = malloc(n);
        if (x->bytes == NULL)
            abort();
        memcpy(x->bytes, bytes, n);
    }
    note_count++;
}

static void load(const char *path, unsigned i)
{
    FILE *f = fopen(path, "rb");
    long n;

    if (f == NULL)
        return;
    (void)fseek(f, 0, SEEK_END);
    n = ftell(f);
    (void)fseek(f, 0, SEEK_SET);
    before[i] = malloc((size_t)n + 1);
    if (before[i] == NULL || fread(before[i], 1, (size_t)n, f) != (size_t)n)
        abort();
    before_size[i] = (size_t)n;
    (void)fclose(f);
}

static int index_of(const char *path)
{
    size_t n = strlen(root);

    if (path == NULL || strncmp(path, root, n) != 0 || path[n] != '/')
        return -1;
    for (size_t i = 0; i < file_count; i++)
        if (strcmp(names[i], path + n + 1) == 0)
            return (int)i;
    if (file_count == FILES_MAX)
        abort();
    (void)snprintf(names[file_count], sizeof(names[0]), "%s", path + n + 1);
    load(path, (unsigned)file_count);
    return (int)file_count++;
}

static struct file *of(sqlite3_file *f)
{
    return (struct file *)(void *)f;
}

static int power_close(sqlite3_file *f)
{
    return of(f)->real->pMethods->xClose(of(f)->real);
}
static int power_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return of(f)->real->pMethods->xRead(of(f)->real, to, n, at);
}
static int power_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (of(f)->index >= 0)
        add((unsigned)of(f)->index, NOTE_WRITE, at, from, (size_t)n);
    return of(f)->real->pMethods->xWrite(of(f)->real, from, n, at);
}
static int power_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (of(f)->index >= 0)
        add((unsigned)of(f)->index, NOTE_CUT, size, NULL, 0);
    return of(f)->real->pMethods->xTruncate(of(f)->real, size);
}
static int power_sync(sqlite3_file *f, int flags)
{
    if (of(f)->index >= 0)
        add((unsigned)of(f)->index, NOTE_SYNC, 0, NULL, 0);
    (void)flags; /* nothing here needs the real disk */
    return SQLITE_OK;
}
static int power_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return of(f)->real->pMethods->xFileSize(of(f)->real, ret);
}
static int power_lock(sqlite3_file *f, int level)
{
    return of(f)->real->pMethods->xLock(of(f)->real, level);
}
static int power_unlock(sqlite3_file *f, int level)
{
    return of(f)->real->pMethods->xUnlock(of(f)->real, level);
}
static int power_reserved(sqlite3_file *f, int *ret)
{
    return of(f)->real->pMethods->xCheckReservedLock(of(f)->real, ret);
}
static int power_control(sqlite3_file *f, int op, void *arg)
{
    return of(f)->real->pMethods->xFileControl(of(f)->real, op, arg);
}
static int power_sector(sqlite3_file *f)
{
    return of(f)->real->pMethods->xSectorSize(of(f)->real);
}
static int power_traits(sqlite3_file *f)
{
    return of(f)->real->pMethods->xDeviceCharacteristics(of(f)->real);
}
static int power_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
    return of(f)->real->pMethods->xShmMap(of(f)->real, page, size, extend, ret);
}
static int power_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return of(f)->real->pMethods->xShmLock(of(f)->real, offset, n, flags);
}
static void power_shm_barrier(sqlite3_file *f)
{
    of(f)->real->pMethods->xShmBarrier(of(f)->real);
}
static int power_shm_unmap(sqlite3_file *f, int remove)
{
    return of(f)->real->pMethods->xShmUnmap(of(f)->real, remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory maps */
    .xClose = power_close,
    .xRead = power_read,
    .xWrite = power_write,
    .xTruncate = power_truncate,
    .xSync = power_sync,
    .xFileSize = power_size,
    .xLock = power_lock,
    .xUnlock = power_unlock,
    .xCheckReservedLock = power_reserved,
    .xFileControl = power_control,
    .xSectorSize = power_sector,
    .xDeviceCharacteristics = power_traits,
    .xShmMap = power_shm_map,
    .xShmLock = power_shm_lock,
    .xShmBarrier = power_shm_barrier,
    .xShmUnmap = power_shm_unmap,
};

static int power_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
                      int *ret_flags)
{
    struct file *file = of(f);
    int rc;

    (void)vfs;
    file->real = (sqlite3_file *)(void *)(file + 1);
    file->index = index_of(name);
    rc = system_vfs->xOpen(system_vfs, name, file->real, flags, ret_flags);
    f->pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static int power_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    int i = index_of(name), rc = system_vfs->xDelete(system_vfs, name, sync);

    (void)vfs;
    if (rc == SQLITE_OK && i >= 0)
        add((unsigned)i, NOTE_REMOVE, 0, NULL, 0);
    return rc;
}

bool power_begin(const char *folder)
{
    note_count = file_count = 0;
    (void)snprintf(root, sizeof(root), "%s", folder);
    system_vfs = sqlite3_vfs_find(NULL);
    if (system_vfs == NULL)
        return false;
    power_vfs = *system_vfs;
    power_vfs.zName = "power";
    power_vfs.pNext = NULL;
    power_vfs.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
    power_vfs.xOpen = power_open;
    power_vfs.xDelete = power_delete;
    return sqlite3_vfs_register(&power_vfs, 1) == SQLITE_OK;
}

void power_promise(int64_t promised)
{
    add(0, NOTE_PROMISE, promised, NULL, 0);
}

size_t power_notes(void)
{
    return note_count;
}

struct image {
    uint8_t *bytes;
    size_t size, cap;
    bool there;
};

static void grow(struct image *m, size_t size)
{
    if (size > m->cap) {
        m->cap = 2 * size;
        m->bytes = realloc(m->bytes, m->cap);
        if (m->bytes == NULL)
            abort();
    }
    if (size > m->size) {
        memset(m->bytes + m->size, 0, size - m->size);
        m->size = size;
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void apply(struct image *m, const struct note *x, uint64_t *torn)
{
    m->there = true;
    if (x->what == NOTE_CUT) {
        grow(m, (size_t)x->at);
        m->size = (size_t)x->at;
        return;
    }
    grow(m, (size_t)x->at + x->n);
    for (size_t i = 0, n; i < x->n; i += n) {
        n = SECTOR - ((size_t)x->at + i) % SECTOR;
        n = n < x->n - i ? n : x->n - i;
        if (torn == NULL || next(torn) % 2)
            memcpy(m->bytes + x->at + i, x->bytes + i, n);
    }
}

/* What was not synced, shuffled: each part is there, is not, or half. */
static void apply_loose(struct image *m, const struct note **loose, size_t n, uint64_t *seed)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = next(seed) % i;
        const struct note *x = loose[k];

        loose[k] = loose[i - 1];
        loose[i - 1] = x;
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t fate = next(seed) % 3;

        if (fate > 0)
            apply(m, loose[i], fate == 1 ? seed : NULL);
    }
}

static struct image image_of(unsigned file, size_t n, uint64_t *seed)
{
    static const struct note *loose[NOTES_MAX];
    struct image m = {.there = before[file] != NULL};
    size_t count = 0;

    grow(&m, before_size[file]);
    if (before_size[file])
        memcpy(m.bytes, before[file], before_size[file]);
    for (size_t i = 0; i < n; i++) {
        const struct note *x = &notes[i];

        if (x->file != file || x->what == NOTE_PROMISE)
            continue;
        if (x->what == NOTE_WRITE || x->what == NOTE_CUT) {
            loose[count++] = x;
            continue;
        }
        for (size_t k = 0; k < count && x->what == NOTE_SYNC; k++)
            apply(&m, loose[k], NULL);
        count = 0;
        if (x->what == NOTE_REMOVE) {
            m.size = 0;
            m.there = false;
        }
    }
    apply_loose(&m, loose, count, seed);
    return m;
}

bool power_cut(size_t n, uint64_t seed, const char *to, int64_t *ret_promised)
{
    bool good = true;

    seed = seed * 0x9E3779B97F4A7C15u + 1;
    *ret_promised = 0;
    for (size_t i = 0; i < n; i++)
        if (notes[i].what == NOTE_PROMISE)
            *ret_promised = notes[i].at;
    for (unsigned i = 0; i < file_count; i++) {
        struct image m = image_of(i, n, &seed);
        char path[300];
        FILE *f;

        (void)snprintf(path, sizeof(path), "%s/%s", to, names[i]);
        (void)remove(path);
        if (m.there) {
            f = fopen(path, "wb");
            good = good && f != NULL && fwrite(m.bytes, 1, m.size, f) == m.size;
            if (f != NULL)
                (void)fclose(f);
            (void)chmod(path, 0600);
        }
        free(m.bytes);
    }
    return good;
}

void power_end(void)
{
    (void)sqlite3_vfs_register(system_vfs, 1);
    (void)sqlite3_vfs_unregister(&power_vfs);
    for (size_t i = 0; i < note_count; i++)
        free(notes[i].bytes);
    for (size_t i = 0; i < file_count; i++)
        free(before[i]);
    memset(before, 0, sizeof(before));
    memset(before_size, 0, sizeof(before_size));
    note_count = file_count = 0;
}
