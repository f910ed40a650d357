/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file: a head, then entries: a name, how many bytes (32 bits), so many bytes of yaml/pack.h.
 */
#include "detect/rule_cache.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"

enum {
    FILE_MAX = 64 * 1024 * 1024,
    KEPT_MAX = 32 * 1024 * 1024, /* what lies beyond that and was not asked for is dropped */
    ENTRIES_MAX = 1 << 20,
    /* Raised when head, entries, yaml/pack.c or struct yaml_node's meaning change, and when yaml.c
     * makes another tree of a text, or none. */
    FORM = 2,
};

struct head {
    uint8_t magic[8];
    uint32_t form, one; /* one: 1 as this machine writes it */
    uint64_t sum;       /* of all behind the head */
};

static const uint8_t magic[8] = "canhyaml";

struct entry {
    size_t at, n; /* of all of it, in the file */
    bool used;
};

struct rule_cache {
    struct buf path, file, fresh; /* fresh: entries that are new */
    struct map known;             /* name → entry */
    struct entry *entries;
    size_t count, cap;
    bool no_memory; /* for the entries of the file */
    struct yaml_keeper keeper;
};

/* What an entry begins with. */
struct entry_head {
    uint8_t name[YAML_NAME_BYTES];
    uint32_t n;
};

/*
 * Against damage only: who can write the file can also hash it, and nothing that memory depends on
 * is taken on trust. That base/hash.h may differ in another version of canh is as it should be.
 */
static uint64_t sum_of(struct slice entries)
{
    return hash_slice(entries, FORM);
}

bool rule_cache_each(struct slice entries,
                     void (*each)(void *ctx, struct slice name, struct slice packed), void *ctx)
{
    struct entry_head head;

    while (entries.n > 0) {
        struct slice name = slice_head(entries, sizeof(head.name));

        if (entries.n < sizeof(head))
            return false;
        memcpy(&head, entries.p, sizeof(head));
        entries = slice_from(entries, sizeof(head));
        if (head.n > entries.n)
            return false;
        if (each)
            each(ctx, name, slice_head(entries, head.n));
        entries = slice_from(entries, head.n);
    }
    return true;
}

static void note_entry(void *ctx, struct slice name, struct slice packed)
{
    struct rule_cache *c = ctx;

    if (!array_room(c->entries, c->count, c->cap, ENTRIES_MAX) ||
        map_put(&c->known, name, (uint32_t)c->count) < 0) {
        c->no_memory = true;
        return;
    }
    c->entries[c->count++] = (struct entry){.at = (size_t)(name.p - c->file.p),
                                            .n = sizeof(struct entry_head) + packed.n};
}

/* Whether the file is what this program wrote, to the last byte. */
static bool is_whole(struct slice file)
{
    const struct head want = {.form = FORM, .one = 1};
    struct head head;

    if (file.n < sizeof(head))
        return false;
    memcpy(&head, file.p, sizeof(head));
    return memcmp(head.magic, magic, sizeof(magic)) == 0 && head.form == want.form &&
           head.one == want.one && head.sum == sum_of(slice_from(file, sizeof(head)));
}

/* Of this user alone: others can neither read nor write it. */
static bool is_own(const struct stat *st)
{
    return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

/* The bytes behind the head of a file; false: none that this program wrote. */
static bool read_whole(const char *path, struct buf *file, struct slice *ret)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct err err = ERR_INIT;
    struct stat st;
    bool whole;

    if (fd < 0)
        return false;
    whole = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && is_own(&st) &&
            file_read_fd(fd, path, file, &err) == 0 && is_whole(buf_slice(file));
    fd_closep(&fd);
    *ret = whole ? slice_from(buf_slice(file), sizeof(struct head)) : SLICE_NULL;
    return whole;
}

static void read_file(struct rule_cache *c)
{
    struct slice entries;

    if (!read_whole(buf_cstr(&c->path), &c->file, &entries) ||
        !rule_cache_each(entries, note_entry, c) || c->no_memory) {
        map_clear(&c->known);
        c->count = 0;
    }
}

/* Makes a folder in one of this user's, and so many above it, where they are missing. */
static void make_folder(const char *folder, unsigned above)
{
    const char *slash = strrchr(folder, '/');
    struct buf parent = BUF_INIT(PATH_MAX);
    struct stat st;

    if (slash != NULL && slash > folder && stat(folder, &st) < 0) {
        buf_append(&parent, folder, (size_t)(slash - folder));
        if (above > 0)
            make_folder(buf_cstr(&parent), above - 1);
        if (stat(buf_cstr(&parent), &st) == 0 && st.st_uid == geteuid())
            (void)mkdir(folder, 0700);
    }
    buf_done(&parent);
}

bool rule_cache_usable(const char *folder)
{
    struct stat st;

    make_folder(folder, 1);
    return lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) && is_own(&st);
}

static struct slice find_entry(void *ctx, const uint8_t name[YAML_NAME_BYTES])
{
    struct rule_cache *c = ctx;
    struct entry *e;
    uint32_t at;

    if (!map_get(&c->known, slice_of(name, YAML_NAME_BYTES), &at))
        return SLICE_NULL;
    e = &c->entries[at];
    e->used = true;
    return slice_of(c->file.p + e->at + sizeof(struct entry_head),
                    e->n - sizeof(struct entry_head));
}

static void keep_entry(void *ctx, const uint8_t name[YAML_NAME_BYTES], struct slice packed)
{
    struct rule_cache *c = ctx;
    struct entry_head head = {.n = (uint32_t)packed.n};

    memcpy(head.name, name, sizeof(head.name));
    buf_append(&c->fresh, &head, sizeof(head));
    buf_append_slice(&c->fresh, packed);
}

struct rule_cache *rule_cache_open(const char *folder)
{
    struct rule_cache *c = rule_cache_usable(folder) ? calloc(1, sizeof(*c)) : NULL;

    if (c == NULL)
        return NULL;
    c->path = BUF_INIT(PATH_MAX);
    c->file = BUF_INIT(FILE_MAX);
    c->fresh = BUF_INIT(FILE_MAX);
    c->keeper = (struct yaml_keeper){c, find_entry, keep_entry};
    map_init(&c->known, ENTRIES_MAX);
    buf_printf(&c->path, "%s/rules", folder);
    if (c->path.err == 0)
        read_file(c);
    return c;
}

/* A buffer that begins with room for the head. */
static struct buf begin_file(void)
{
    const struct head head = {.form = FORM, .one = 1};
    struct buf out = BUF_INIT(FILE_MAX);

    buf_append(&out, &head, sizeof(head));
    return out;
}

/* Fills in the head, writes the file and frees the buffer. False: the next run parses again, too.
 */
static bool end_file(struct buf *out, const char *path)
{
    struct head head = {.form = FORM, .one = 1};
    struct err err = ERR_INIT;
    bool written = false;

    if (out->err == 0) {
        memcpy(head.magic, magic, sizeof(magic));
        head.sum = sum_of(slice_from(buf_slice(out), sizeof(head)));
        memcpy(out->p, &head, sizeof(head));
        written = file_replace(path, buf_slice(out), 0600, &err) == 0;
    }
    buf_done(out);
    return written;
}

/* Old entries, all or those that were used, then the new ones. */
static void write_file(struct rule_cache *c)
{
    bool all = c->file.len + c->fresh.len <= KEPT_MAX;
    struct buf out = begin_file();

    for (size_t i = 0; i < c->count; i++) {
        if (all || c->entries[i].used)
            buf_append(&out, c->file.p + c->entries[i].at, c->entries[i].n);
    }
    buf_append_slice(&out, buf_slice(&c->fresh));
    (void)end_file(&out, buf_cstr(&c->path));
}

struct rule_cache *rule_cache_close(struct rule_cache *c)
{
    if (c == NULL)
        return NULL;
    if (c->fresh.len > 0 && c->fresh.err == 0 && c->path.err == 0)
        write_file(c);
    buf_done(&c->path);
    buf_done(&c->file);
    buf_done(&c->fresh);
    map_done(&c->known);
    free(c->entries);
    free(c);
    return NULL;
}

const struct yaml_keeper *rule_cache_keeper(const struct rule_cache *c)
{
    return c ? &c->keeper : NULL;
}

/* The file of a set: one of a few, so that those of sets no longer used do not pile up. */
static bool set_path(const char *folder, const uint8_t name[YAML_NAME_BYTES], struct buf *path)
{
    buf_printf(path, "%s/set-%u", folder, name[0] % RULE_SETS);
    return path->err == 0 && rule_cache_usable(folder);
}

bool rule_cache_find_set(const char *folder, const uint8_t name[YAML_NAME_BYTES], struct buf *file,
                         struct slice *ret)
{
    struct buf path = BUF_INIT(PATH_MAX);
    bool found = set_path(folder, name, &path) && read_whole(buf_cstr(&path), file, ret) &&
                 slice_starts(*ret, slice_of(name, YAML_NAME_BYTES));

    if (found)
        *ret = slice_from(*ret, YAML_NAME_BYTES);
    buf_done(&path);
    return found;
}

void rule_cache_keep_set(const char *folder, const uint8_t name[YAML_NAME_BYTES],
                         struct slice packed)
{
    struct buf path = BUF_INIT(PATH_MAX);
    struct buf out = begin_file();

    buf_append(&out, name, YAML_NAME_BYTES);
    buf_append_slice(&out, packed);
    if (set_path(folder, name, &path))
        (void)end_file(&out, buf_cstr(&path));
    else
        buf_done(&out);
    buf_done(&path);
}
