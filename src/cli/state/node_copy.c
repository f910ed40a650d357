/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/state/node_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/blake2b.h"
#include "base/file.h"
#include "base/hex.h"
#include "lang/err_cli.h"

enum { LIST_MAX = 64 << 20, DEPTH_MAX = 6, HASH = BLAKE2B_BYTES, PIECE = 64 * 1024 };

static const char list_name[] = "NODE";

/* Files beside the journal, by their names in the backup. */
static const struct part {
    const char *name;
    bool key;
} parts[] = {
    {"canh.conf", false},       {"keys/ca.crt", false},     {"keys/console.crt", false},
    {"keys/ingest.crt", false}, {"keys/ca.key", true},      {"keys/console.key", true},
    {"keys/ingest.key", true},  {"keys/journal.key", true},
};

struct path {
    char text[PLACE_PATH + 300];
};

static const char *node_copy_join(struct path *to, const char *folder, const char *name)
{
    if (snprintf(to->text, sizeof(to->text), "%s/%s", folder, name) >= (int)sizeof(to->text))
        to->text[0] = '\0'; /* there is none of that name */
    return to->text;
}

/* Where a file of the backup belongs; false: nowhere. */
static bool place_of(const struct place *p, struct slice name, struct path *ret)
{
    bool conf = slice_is(name, "canh.conf");

    if (!conf && !slice_starts(name, SLICE("keys/")) && !slice_starts(name, SLICE("journal/")))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] <= ' ' || name.p[i] >= 0x7f ||
            (name.p[i] == '.' && i + 1 < name.n && name.p[i + 1] == '.'))
            return false;
    if (name.n > 200)
        return false;
    if (conf)
        (void)snprintf(ret->text, sizeof(ret->text), "%s", p->conf);
    else
        (void)snprintf(ret->text, sizeof(ret->text), "%s/" SLICE_FMT, p->dir, SLICE_ARG(name));
    return true;
}

static int hash_file(const char *path, uint8_t ret[HASH], uint64_t *bytes, struct err *err)
{
    static uint8_t piece[PIECE];
    struct blake2b b;
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    blake2b_init(&b);
    while (fd >= 0 && (n = read(fd, piece, sizeof(piece))) > 0) {
        blake2b_update(&b, slice_of(piece, (size_t)n));
        *bytes += (uint64_t)n;
    }
    blake2b_final(&b, ret);
    if (n < 0)
        (void)err_fail_sys(err, errno, ERR_BASE_FILE, path);
    fd_closep(&fd);
    return n < 0 ? -CE_IO : 0;
}

struct save_ctx {
    const char *to;
    struct node_copy *copy;
    struct buf list;
};

static int save_file(struct save_ctx *s, const char *from, const char *name, struct err *err)
{
    struct path to, folder;
    uint8_t hash[HASH];
    int r;

    (void)node_copy_join(&to, s->to, name);
    folder = to;
    *strrchr(folder.text, '/') = '\0';
    r = file_mkdirs(folder.text, 0700, err);
    if (r == 0)
        r = file_copy(from, to.text, 0600, err);
    if (r == 0)
        r = hash_file(to.text, hash, &s->copy->bytes, err);
    if (r < 0)
        return r;
    buf_append_hex(&s->list, hash, sizeof(hash));
    buf_printf(&s->list, "  %s\n", name);
    s->copy->files++;
    return 0;
}

/* Files that are made anew wherever a journal is opened. */
static bool is_left_out(const char *name)
{
    return strcmp(name, "lock") == 0 || strcmp(name, "reserve") == 0;
}

static int save_tree(struct save_ctx *s, const char *from, const char *name, unsigned depth,
                     struct err *err)
{
    DIR *d = depth < DEPTH_MAX ? opendir(from) : NULL;
    struct dirent *e;
    struct path path, inner;
    int r = 0;

    while (d && r == 0 && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.' || is_left_out(e->d_name))
            continue;
        (void)node_copy_join(&path, from, e->d_name);
        (void)node_copy_join(&inner, name, e->d_name);
        r = e->d_type == DT_DIR ? save_tree(s, path.text, inner.text, depth + 1, err)
                                : save_file(s, path.text, inner.text, err);
    }
    if (d)
        (void)closedir(d);
    return r;
}

int node_copy_save(const struct place *p, const char *to, struct node_copy *c, struct err *err)
{
    struct save_ctx s = {.to = to, .copy = c, .list = BUF_INIT(LIST_MAX)};
    struct path path;
    int r = 0;

    for (size_t i = 0; r == 0 && i < CANH_LEN(parts); i++) {
        if ((parts[i].key && !c->keys) || !place_of(p, slice_str(parts[i].name), &path) ||
            access(path.text, F_OK) < 0)
            continue;
        r = save_file(&s, path.text, parts[i].name, err);
    }
    if (r == 0 && c->journal)
        r = save_tree(&s, p->journal, "journal", 0, err);
    if (r == 0)
        r = s.list.err
                ? err_nomem(err)
                : file_replace(node_copy_join(&path, to, list_name), buf_slice(&s.list), 0600, err);
    if (r == 0)
        r = file_sync_all(to, err);
    buf_done(&s.list);
    return r;
}

bool node_copy_is(const char *from)
{
    struct path path;

    return access(node_copy_join(&path, from, list_name), F_OK) == 0;
}

/* One line of the list: checked, or (dest) put where it belongs. */
static int load_line(const char *from, const struct place *p, struct slice line, bool dest,
                     struct node_copy *c, struct err *err)
{
    static const struct place nowhere;
    struct slice name = slice_from(line, CANH_MIN(line.n, (size_t)2 * HASH + 2));
    struct path source, to;
    uint8_t want[HASH], have[HASH];
    char text[201];
    int r;

    if (line.n < 2 * HASH + 3 || !hex_get(slice_head(line, 2 * HASH), want, HASH) ||
        !place_of(p ? p : &nowhere, name, &to))
        return err_fail(err, CE_CORRUPT, ERR_CLI_BACKUP_LIST_CANNOT_READ, from);
    (void)snprintf(text, sizeof(text), SLICE_FMT, SLICE_ARG(name));
    (void)node_copy_join(&source, from, text);
    if (dest) {
        struct path folder = to;

        *strrchr(folder.text, '/') = '\0';
        r = file_mkdirs(folder.text, 0700, err);
        return r < 0 ? r : file_copy(source.text, to.text, 0600, err);
    }
    c->keys = c->keys || slice_is(name, "keys/journal.key");
    c->journal = c->journal || slice_starts(name, SLICE("journal/"));
    c->files++;
    r = hash_file(source.text, have, &c->bytes, err);
    if (r == 0 && memcmp(want, have, HASH) != 0)
        r = err_fail(err, CE_CORRUPT, ERR_CLI_BACKUP_FILE_CHANGED, source.text);
    return r;
}

int node_copy_load(const char *from, const struct place *p, struct node_copy *c, struct err *err)
{
    struct buf list = BUF_INIT(LIST_MAX);
    struct path path;
    int r = file_read(node_copy_join(&path, from, list_name), &list, err);

    *c = (struct node_copy){.files = 0};
    for (int pass = 0; r == 0 && pass < (p ? 2 : 1); pass++) {
        struct slice rest = buf_slice(&list), line;

        while (r == 0 && slice_cut(&rest, '\n', &line))
            if (line.n)
                r = load_line(from, p, line, pass == 1, c, err);
    }
    buf_done(&list);
    return r;
}
