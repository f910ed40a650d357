/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Files of a folder or an archive → files of the collection; only what looks like a rule. */
#include "detect/rule_import.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "detect/generation.h"
#include "detect/import_path.h"
#include "detect/unpack.h"
#include "detect/walk.h"
#include "detect/zip_index.h"
#include "lang/err_detect.h"

enum { PATH_BYTES = 64 * 1024, LICENCES_SHOWN = 4, ZIP_INDEX_MAX = 64 * 1024 * 1024 };

struct import {
    const struct rule_import_request *request;
    struct rule_import_result *result;
    const char *source;
    struct buf name;    /* of the collection */
    struct buf staging; /* where it is built */
    struct buf text;    /* of one file */
    struct buf path;    /* scratch */
    uint64_t entries, bytes;
    uint32_t licence_count;
    struct map members;   /* names in the archive that were wanted */
    struct arena names;   /* their texts */
    rule_import_put *put; /* takes the files, instead of a folder; NULL */
    void *put_ctx;
};

/* Nothing is imported, and the caller says why. */
static int rule_import_refuse(struct import *m, enum rule_import_refusal refusal, enum ce code,
                              struct err *err)
{
    m->result->refusal = refusal;
    return err_fail(err, code, ERR_BASE_FILE, m->source);
}

/* Adds one file's text under its name; 0, or negative when it cannot be written. */
static int rule_import_keep(struct import *m, struct slice name, struct err *err)
{
    struct rule_import_result *result = m->result;
    enum import_kind kind = import_kind_of(name);
    size_t slash;

    if (kind == IMPORT_RULE && !rule_text_likely(buf_slice(&m->text)))
        return 0;
    buf_clear(&m->path);
    buf_append_slice(&m->path, buf_slice(&m->staging));
    buf_putc(&m->path, '/');
    slash = m->path.len;
    if (!import_safe_path(name, &m->path)) {
        result->unsafe_names++;
        return 0;
    }
    if (m->put == NULL && access(buf_cstr(&m->path), F_OK) == 0) {
        result->duplicates++; /* the first one stays */
        return 0;
    }
    if (kind == IMPORT_RULE && result->rules == RULE_IMPORT_RULES_MAX)
        return rule_import_refuse(m, RULE_IMPORT_RULES, CE_TOO_BIG, err);
    if (kind == IMPORT_RULE) {
        result->rules++;
    } else if (m->licence_count++ < LICENCES_SHOWN) {
        buf_puts(&result->licences, result->licences.len ? ", " : "");
        buf_append_slice(&result->licences, slice_from(buf_slice(&m->path), slash));
    }
    if (m->put)
        return m->put(m->put_ctx, slice_from(buf_slice(&m->path), slash), buf_slice(&m->text),
                      kind == IMPORT_RULE, err);
    return file_create(buf_cstr(&m->path), buf_slice(&m->text), 0644, err);
}

/* Limits that end the whole are errors. */
static int count_entry(struct import *m, struct err *err)
{
    if (++m->entries > RULE_IMPORT_ENTRIES_MAX)
        return rule_import_refuse(m, RULE_IMPORT_ENTRIES, CE_TOO_BIG, err);
    if (m->bytes > RULE_IMPORT_BYTES_MAX)
        return rule_import_refuse(m, RULE_IMPORT_BYTES, CE_TOO_BIG, err);
    return 0;
}

static bool wanted_name(const char *name)
{
    return import_kind_of(slice_str(name)) != IMPORT_OTHER;
}

static int import_file(struct import *m, struct walk_item *item, size_t skip, struct err *err)
{
    int r = count_entry(m, err);

    if (r == 0 && item->size > RULE_IMPORT_FILE_MAX) {
        m->result->too_big++;
        return 0;
    }
    if (r == 0) {
        buf_clear(&m->text);
        r = file_read_fd(item->fd, item->path, &m->text, err);
    }
    m->bytes += m->text.len;
    return r < 0 ? r : rule_import_keep(m, slice_from(slice_str(item->path), skip), err);
}

/* A single rule file, named itself. */
static int import_one(struct import *m, int fd, struct err *err)
{
    const char *slash = strrchr(m->source, '/');
    int r = file_read_fd(fd, m->source, &m->text, err);

    return r < 0 ? r : rule_import_keep(m, slice_str(slash ? slash + 1 : m->source), err);
}

static int import_folder(struct import *m, struct err *err)
{
    size_t n = strlen(m->source), skip = n && m->source[n - 1] == '/' ? n : n + 1;
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    int r = walk_init(&w, (struct paths){&m->source, 1});

    w.wants = wanted_name;
    w.skip_hidden = true;
    while (r == 0 && (kind = walk_next(&w, &item)) != WALK_END) {
        if (kind == WALK_ERROR && m->request->problem)
            m->request->problem(m->request->ctx, &item.err);
        else if (kind == WALK_FILE)
            r = import_file(m, &item, skip, err);
        fd_closep(&item.fd);
    }
    m->result->links = (uint32_t)CANH_MIN(w.links, (uint64_t)UINT32_MAX);
    walk_done(&w);
    return r;
}

/* Reads one entry's content into m->text. False: over the limit, and left out. */
static int read_entry(struct import *m, struct archive *a, bool *ret_fits, struct err *err)
{
    static const size_t step = 64 * 1024;
    la_ssize_t n;

    buf_clear(&m->text);
    *ret_fits = true;
    for (;;) {
        uint8_t *to = buf_reserve(&m->text, step);

        if (to == NULL) {
            *ret_fits = false;
            return 0;
        }
        n = archive_read_data(a, to, step);
        if (n < 0)
            return err_fail(err, CE_CORRUPT, ERR_DETECT_ARCHIVE_DAMAGED, m->source,
                            ERR_ID(unpack_why(a)));
        if (n == 0)
            return 0;
        m->text.len += (size_t)n;
        m->bytes += (uint64_t)n;
    }
}

static int import_entry(struct import *m, struct archive *a, struct archive_entry *e,
                        struct err *err)
{
    const char *name = archive_entry_pathname_utf8(e);
    struct slice member;
    bool fits;
    int r = count_entry(m, err);

    if (r < 0)
        return r;
    if (name == NULL)
        name = archive_entry_pathname(e);
    if (name == NULL || !wanted_name(name))
        return 0;
    member = arena_dup(&m->names, slice_str(name));
    if (member.p == NULL || map_put(&m->members, member, 0) < 0)
        return err_nomem(err);
    if (archive_entry_filetype(e) == AE_IFLNK || archive_entry_hardlink(e) != NULL) {
        m->result->links++;
        return 0;
    }
    if (archive_entry_filetype(e) != AE_IFREG)
        return 0;
    r = read_entry(m, a, &fits, err);
    if (r < 0)
        return r;
    if (!fits) {
        m->result->too_big++;
        return 0;
    }
    return rule_import_keep(m, slice_str(name), err);
}

static bool is_ascii_name(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80)
            return false;
    }
    return s.n > 0;
}

/* An index names what should be there. Names in other alphabets are turned into UTF-8 on reading,
 * so only those in ASCII can be compared. */
static int check_index(struct import *m, struct slice index, struct err *err)
{
    struct slice name;
    uint32_t at;

    while (zip_index_next(&index, &name)) {
        if (is_ascii_name(name) && import_kind_of(name) != IMPORT_OTHER &&
            !map_get(&m->members, name, &at))
            return err_fail(err, CE_CORRUPT, ERR_DETECT_ARCHIVE_LACKS, m->source,
                            slice_brief(name));
    }
    return 0;
}

static bool read_at(int fd, uint64_t at, size_t n, struct buf *ret)
{
    uint8_t *to = buf_reserve(ret, n);

    ret->len = to ? n : 0;
    return to != NULL && pread(fd, to, n, (off_t)at) == (ssize_t)n;
}

/* Members of a ZIP archive whose own headers are damaged are passed over on reading. */
static int find_lost_members(struct import *m, int fd, struct err *err)
{
    struct buf tail = BUF_INIT(ZIP_TAIL_MAX), index = BUF_INIT(ZIP_INDEX_MAX);
    struct stat st;
    uint64_t at, bytes;
    size_t n;
    int r = 0;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        n = (size_t)CANH_MIN((uint64_t)st.st_size, (uint64_t)ZIP_TAIL_MAX);
        if (read_at(fd, (uint64_t)st.st_size - n, n, &tail) &&
            zip_index_find(buf_slice(&tail), (uint64_t)st.st_size, &at, &bytes) &&
            bytes <= ZIP_INDEX_MAX && read_at(fd, at, (size_t)bytes, &index))
            r = check_index(m, buf_slice(&index), err);
    }
    buf_done(&tail);
    buf_done(&index);
    return r;
}

static bool is_format(struct archive *a, int format)
{
    return (archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) == format;
}

/* A tar archive ends with blocks of zeros: one without was cut between two members. */
static void judge_end(struct import *m, struct archive *a, int64_t before)
{
    m->result->cut = is_format(a, ARCHIVE_FORMAT_TAR) && archive_filter_bytes(a, 0) == before;
}

/* Whether the file begins like one that gzip, bzip2, xz or zstd wrote. */
static bool is_packed(int fd)
{
    static const struct slice marks[] = {SLICE_INIT("\x1f\x8b"), SLICE_INIT("BZh"),
                                         SLICE_INIT("\xfd"
                                                    "7zXZ"),
                                         SLICE_INIT("\x28\xb5\x2f\xfd")};
    uint8_t head[8];
    ssize_t n = pread(fd, head, sizeof(head), 0);
    bool found = false;

    for (size_t i = 0; i < CANH_LEN(marks) && n > 0; i++)
        found = found || slice_starts(slice_of(head, (size_t)n), marks[i]);
    return found;
}

/* Nothing more can be read: not an archive from the beginning, or a damaged one. */
static int rule_import_unreadable(struct import *m, struct archive *a, int fd, struct err *err)
{
    if (m->entries > 0)
        return err_fail(err, CE_CORRUPT, ERR_DETECT_ARCHIVE_DAMAGED, m->source,
                        ERR_ID(unpack_why(a)));
    if (is_packed(fd))
        return err_fail(err, CE_CORRUPT, ERR_DETECT_ARCHIVE_CUT, m->source);
    return rule_import_refuse(m, RULE_IMPORT_NO_ARCHIVE, CE_UNKNOWN, err);
}

static int read_archive(struct import *m, int fd, struct err *err)
{
    int64_t before = 0;
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    int r = 0, got;

    if (a == NULL)
        return err_nomem(err);
    if (archive_read_support_format_zip(a) != ARCHIVE_OK ||
        archive_read_support_format_tar(a) != ARCHIVE_OK ||
        archive_read_support_filter_all(a) < 0 ||
        archive_read_open_fd(a, fd, 64 * 1024) != ARCHIVE_OK)
        r = rule_import_unreadable(m, a, fd, err);
    while (r == 0 && (got = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
        if (got < ARCHIVE_WARN)
            r = rule_import_unreadable(m, a, fd, err);
        else
            r = import_entry(m, a, e, err);
        if (r == 0 && archive_read_data_skip(a) < ARCHIVE_WARN)
            r = err_fail(err, CE_CORRUPT, ERR_DETECT_ARCHIVE_DAMAGED, m->source,
                         ERR_ID(unpack_why(a)));
        before = archive_filter_bytes(a, 0);
    }
    if (r == 0 && is_format(a, ARCHIVE_FORMAT_ZIP))
        r = find_lost_members(m, fd, err);
    if (r == 0)
        judge_end(m, a, before);
    (void)archive_read_free(a);
    return r;
}

/* libarchive turns names into the locale's characters; ours are always UTF-8. */
static int import_archive(struct import *m, int fd, struct err *err)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before;
    int r;

    if (utf8 == (locale_t)0)
        return read_archive(m, fd, err);
    before = uselocale(utf8);
    r = read_archive(m, fd, err);
    (void)uselocale(before);
    freelocale(utf8);
    return r;
}

static int import_all(struct import *m, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(m->source, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, m->source);
    if (S_ISDIR(st.st_mode))
        return import_folder(m, err);
    return import_kind_of(slice_str(m->source)) == IMPORT_RULE ? import_one(m, fd, err)
                                                               : import_archive(m, fd, err);
}

/* Where the file system cannot exchange names: for an instant there is no collection. */
static int replace_in_steps(const char *staging, const char *final, struct err *err)
{
    struct buf old = BUF_INIT(PATH_BYTES);
    int r;

    buf_printf(&old, "%s.old", staging);
    r = file_rename(final, buf_cstr(&old), err);
    if (r == 0) {
        r = file_rename(staging, final, err);
        if (r == 0)
            r = file_remove_tree(buf_cstr(&old), err);
        else if (file_rename(buf_cstr(&old), final, NULL) < 0)
            r = err_fail(err, CE_IO, ERR_DETECT_COLLECTION_BEFORE_STANDS, final, buf_cstr(&old));
    }
    buf_done(&old);
    return r;
}

/* Puts the finished collection in its place; an older one of that name goes. */
static int write_in_place(struct import *m, struct err *err)
{
    const char *staging = buf_cstr(&m->staging), *final = buf_cstr(&m->result->path);
    int r = file_sync_all(staging, err);

    if (r < 0)
        return r;
    if (access(final, F_OK) < 0)
        return file_rename(staging, final, err);
    r = file_exchange(staging, final, err);
    if (r == 0)
        return file_remove_tree(staging, err);
    return r == -CE_UNKNOWN ? replace_in_steps(staging, final, err) : r;
}

/* How many files of rules a collection has. */
static uint32_t count_rules(const char *path)
{
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    uint32_t count = 0;

    if (access(path, F_OK) < 0 || walk_init(&w, (struct paths){&path, 1}) < 0)
        return 0;
    while ((kind = walk_next(&w, &item)) != WALK_END) {
        count += kind == WALK_FILE && import_kind_of(slice_str(item.path)) == IMPORT_RULE;
        fd_closep(&item.fd);
    }
    walk_done(&w);
    return count;
}

static int fill_paths(struct import *m, struct err *err)
{
    const struct rule_import_request *request = m->request;

    if (!import_name_of(slice_str(request->name ? request->name : m->source), &m->name))
        return rule_import_refuse(m, RULE_IMPORT_NO_NAME, CE_RANGE, err);
    buf_printf(&m->staging, "%s/.new-%s-%ld", request->folder, buf_cstr(&m->name), (long)getpid());
    buf_printf(&m->result->path, "%s/%s", request->folder, buf_cstr(&m->name));
    return m->result->path.err;
}

static int detect_import(struct import *m, struct err *err)
{
    struct rule_import_result *result = m->result;
    struct err ignored = ERR_INIT;
    int r = fill_paths(m, err);

    if (r == 0)
        r = file_mkdirs(buf_cstr(&m->staging), 0755, err);
    if (r == 0)
        r = import_all(m, err);
    if (r == 0 && result->rules == 0)
        r = rule_import_refuse(m, RULE_IMPORT_NO_RULES, CE_UNKNOWN, err);
    result->before = r == 0 ? count_rules(buf_cstr(&result->path)) : 0;
    if (r == 0 && result->rules < result->before && !m->request->shrink)
        r = rule_import_refuse(m, RULE_IMPORT_SHRINKS, CE_CONFLICT, err);
    if (r == 0)
        r = write_in_place(m, err);
    if (r < 0 && m->staging.len && file_remove_tree(buf_cstr(&m->staging), &ignored) < 0 &&
        m->request->problem)
        m->request->problem(m->request->ctx, &ignored);
    return r;
}

static void rule_import_init(struct import *m, struct rule_import_result *ret)
{
    m->result = ret;
    m->name = m->staging = m->path = BUF_INIT(PATH_BYTES);
    m->text = BUF_INIT(RULE_IMPORT_FILE_MAX);
    m->names = ARENA_INIT(ZIP_INDEX_MAX);
    *ret =
        (struct rule_import_result){.path = BUF_INIT(PATH_BYTES), .licences = BUF_INIT(PATH_BYTES)};
    map_init(&m->members, RULE_IMPORT_ENTRIES_MAX);
}

static void rule_import_done(struct import *m)
{
    map_done(&m->members);
    arena_done(&m->names);
    buf_done(&m->name);
    buf_done(&m->staging);
    buf_done(&m->text);
    buf_done(&m->path);
}

int rule_import(const struct rule_import_request *request, struct rule_import_result *ret,
                struct err *err)
{
    struct import m = {.request = request, .source = request->source};
    int r;

    rule_import_init(&m, ret);
    r = detect_import(&m, err);
    rule_import_done(&m);
    return r;
}

int rule_import_read(int fd, rule_import_put *put, void *ctx, struct rule_import_result *ret,
                     struct err *err)
{
    struct import m = {.source = "", .put = put, .put_ctx = ctx};
    int r;

    rule_import_init(&m, ret);
    r = import_archive(&m, fd, err);
    if (r == 0 && ret->rules == 0)
        r = rule_import_refuse(&m, RULE_IMPORT_NO_RULES, CE_UNKNOWN, err);
    rule_import_done(&m);
    return r;
}

void rule_import_result_done(struct rule_import_result *r)
{
    buf_done(&r->path);
    buf_done(&r->licences);
}
