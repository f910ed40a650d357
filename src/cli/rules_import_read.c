/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Files of a folder or an archive → files of the collection; only what looks like a rule. */
#include "cli/rules_import.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/import_path.h"
#include "cli/load.h"
#include "cli/walk.h"
#include "lang/msg_rules.h"
#include "lang/say.h"

enum {
    ENTRIES_MAX = 200000,
    TOTAL_BYTES = 1024 * 1024 * 1024, /* of what is read */
    LICENCES_SHOWN = 4,
};

/* Adds one file's text under its name; 0, or negative when it cannot be written. */
static int keep(struct import *m, struct slice name, struct err *err)
{
    enum import_kind kind = import_kind_of(name);
    size_t slash;

    if (kind == IMPORT_RULE && !load_looks_like_rule(buf_slice(&m->text)))
        return 0;
    buf_clear(&m->path);
    buf_put_slice(&m->path, buf_slice(&m->staging));
    buf_putc(&m->path, '/');
    slash = m->path.len;
    if (!import_safe_path(name, &m->path)) {
        m->refused_names++;
        return 0;
    }
    if (kind == IMPORT_RULE)
        m->rules++;
    else if (m->licence_count++ < LICENCES_SHOWN) {
        buf_puts(&m->licences, m->licences.len ? ", " : "");
        buf_put_slice(&m->licences, slice_from(buf_slice(&m->path), slash));
    }
    return file_create(buf_cstr(&m->path), buf_slice(&m->text), 0644, err);
}

/* True when the next entry may be looked at; limits that end the whole are errors. */
static int count_entry(struct import *m, struct err *err)
{
    if (++m->entries > ENTRIES_MAX)
        return say_fail(err, m->app->lang, CE_TOO_BIG, 0, 0, MSG_RULES_IMPORT_ENTRIES, m->source,
                        ENTRIES_MAX);
    if (m->bytes > TOTAL_BYTES)
        return say_fail(err, m->app->lang, CE_TOO_BIG, 0, 0, MSG_RULES_IMPORT_BYTES, m->source,
                        TOTAL_BYTES >> 20);
    return 0;
}

static bool wanted_name(const char *name)
{
    return import_kind_of(slice_str(name)) != IMPORT_OTHER;
}

static int import_file(struct import *m, struct walk_item *item, size_t skip, struct err *err)
{
    int r = count_entry(m, err);

    if (r == 0 && item->size > IMPORT_FILE_MAX) {
        m->too_big++;
        return 0;
    }
    if (r == 0) {
        buf_clear(&m->text);
        r = file_read_fd(item->fd, item->path, &m->text, err);
    }
    m->bytes += m->text.len;
    return r < 0 ? r : keep(m, slice_from(slice_str(item->path), skip), err);
}

/* A single rule file, named itself. */
static int import_one(struct import *m, int fd, struct err *err)
{
    const char *slash = strrchr(m->source, '/');
    int r = file_read_fd(fd, m->source, &m->text, err);

    return r < 0 ? r : keep(m, slice_str(slash ? slash + 1 : m->source), err);
}

static int import_folder(struct import *m, struct err *err)
{
    size_t n = strlen(m->source), skip = n && m->source[n - 1] == '/' ? n : n + 1;
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    int r = walk_init(&w, (struct operands){&m->source, 1});

    w.wants = wanted_name;
    w.skip_hidden = true;
    while (r == 0 && (kind = walk_next(&w, &item)) != WALK_END) {
        if (kind == WALK_ERROR)
            (void)app_fail(m->app, NULL, &item.err);
        else
            r = import_file(m, &item, skip, err);
        fd_closep(&item.fd);
    }
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
            return err_set(err, CE_CORRUPT, "%s: %s", m->source, archive_error_string(a));
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
    bool fits;
    int r = count_entry(m, err);

    if (r < 0)
        return r;
    if (name == NULL)
        name = archive_entry_pathname(e);
    if (archive_entry_filetype(e) != AE_IFREG || name == NULL || !wanted_name(name) ||
        archive_entry_hardlink(e) != NULL)
        return 0;
    r = read_entry(m, a, &fits, err);
    if (r < 0)
        return r;
    if (!fits) {
        m->too_big++;
        return 0;
    }
    return keep(m, slice_str(name), err);
}

static int read_archive(struct import *m, int fd, struct err *err)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    int r = 0, got;

    if (a == NULL)
        return err_set(err, CE_NOMEM, "%s", ce_to_str(CE_NOMEM));
    if (archive_read_support_format_zip(a) != ARCHIVE_OK ||
        archive_read_support_format_tar(a) != ARCHIVE_OK ||
        archive_read_support_filter_all(a) < 0 ||
        archive_read_open_fd(a, fd, 64 * 1024) != ARCHIVE_OK)
        r = say_fail(err, m->app->lang, CE_UNKNOWN, 0, 0, MSG_RULES_IMPORT_NO_ARCHIVE, m->source);
    while (r == 0 && (got = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
        if (got < ARCHIVE_WARN)
            r = err_set(err, m->entries ? CE_CORRUPT : CE_UNKNOWN, "%s: %s", m->source,
                        archive_error_string(a));
        else
            r = import_entry(m, a, e, err);
    }
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

int import_all(struct import *m, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(m->source, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_sys(err, errno, "%s", m->source);
    if (S_ISDIR(st.st_mode))
        return import_folder(m, err);
    return import_kind_of(slice_str(m->source)) == IMPORT_RULE ? import_one(m, fd, err)
                                                               : import_archive(m, fd, err);
}
