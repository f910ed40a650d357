/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "collect/journald.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>

#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"
#include "lang/err_collect.h"

enum {
    PATH_BYTES = 1024,
    FILES_MAX = 4096,    /* of one chain */
    FIELDS_MAX = 1024,   /* of one entry */
    NAME_MAX_BYTES = 64, /* of a field, as systemd has it */
};

/* File systems keep times to the kernel's tick. */
#define TICK (50 * INT64_C(1000000))

struct journald {
    char path[PATH_BYTES];
    char folder[PATH_BYTES];
    sd_journal *files;    /* NULL: not open */
    struct timespec seen; /* when the folder had changed when they were opened */
    char *cursor;         /* of the last entry given; NULL: none yet */
    bool begun;           /* its place at first sight is settled */
    bool all, caught_up;
    bool have;    /* stands on an entry that was not given yet */
    bool seeking; /* the next entry tells whether the cursor's own is still there */
    int64_t since;
    uint32_t record_max;
    uint64_t lost;
    char base[JOURNALD_BASE_MAX];
    struct buf text;
};

size_t journald_stem(struct slice file)
{
    size_t at = slice_find_byte(file, '@');

    if (slice_ends(file, SLICE(".journal~")))
        return at == SIZE_MAX ? file.n - strlen(".journal~") : at;
    if (!slice_ends(file, SLICE(".journal")))
        return 0;
    return at == SIZE_MAX ? file.n - strlen(".journal") : at;
}

/* "1 CAUGHT-UP CURSOR"; an empty cursor: it begins with the first entry there is. */
void journald_cursor_write(const struct journald *j, struct buf *out)
{
    buf_printf(out, "1 %d %s", j->caught_up, j->cursor ? j->cursor : "");
}

static int cursor_read(struct journald *j, struct slice s)
{
    struct slice version, caught_up;

    if (!slice_cut(&s, ' ', &version) || !slice_is(version, "1") ||
        !slice_cut(&s, ' ', &caught_up) || s.n > JOURNALD_CURSOR_MAX)
        return -CE_CORRUPT;
    j->caught_up = slice_is(caught_up, "1");
    j->begun = true;
    if (s.n)
        j->cursor = strndup((const char *)s.p, s.n);
    return s.n && j->cursor == NULL ? -CE_NOMEM : 0;
}

int journald_open(const struct journald_request *x, struct journald **ret, struct err *err)
{
    struct journald *j = calloc(1, sizeof(*j));
    const char *slash = strrchr(x->path, '/');
    int r = 0;

    if (j == NULL)
        return err_nomem(err);
    j->all = x->all;
    j->since = x->since;
    j->record_max = x->record_max;
    j->text = BUF_INIT(x->record_max);
    if (slash == NULL || strlen(x->path) >= sizeof(j->path))
        r = err_fail(err, CE_RANGE, ERR_COLLECT_PATH_TOO_LONG, x->path);
    if (r == 0 && x->cursor.n && cursor_read(j, x->cursor) < 0)
        r = err_fail(err, CE_CORRUPT, ERR_COLLECT_POSITION_CANNOT_READ, x->path);
    if (r < 0) {
        journald_free(j);
        return r;
    }
    (void)snprintf(j->path, sizeof(j->path), "%s", x->path);
    (void)snprintf(j->folder, sizeof(j->folder), "%.*s", (int)(slash - x->path), x->path);
    *ret = j;
    return 0;
}

static void close_files(struct journald *j)
{
    if (j->files)
        sd_journal_close(j->files);
    j->files = NULL;
    j->have = false;
}

struct journald *journald_free(struct journald *j)
{
    if (j == NULL)
        return NULL;
    close_files(j);
    free(j->cursor);
    buf_done(&j->text);
    free(j);
    return NULL;
}

/* The chain's files. */
struct chain {
    char *paths[FILES_MAX];
    const char *list[FILES_MAX + 1]; /* for sd_journal_open_files() */
    size_t count;
};

static void chain_done(struct chain *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->paths[i]);
    c->count = 0;
}

static void chain_find(const struct journald *j, struct chain *c)
{
    struct slice own = slice_str(j->path + strlen(j->folder) + 1);
    size_t stem = journald_stem(own);
    DIR *d = opendir(j->folder);
    struct dirent *e;

    while (d && c->count < FILES_MAX && (e = readdir(d)) != NULL) {
        struct slice name = slice_str(e->d_name);
        char *path;

        if (journald_stem(name) != stem || !slice_eq(slice_head(name, stem), slice_head(own, stem)))
            continue;
        if (asprintf(&path, "%s/%s", j->folder, e->d_name) >= 0)
            c->paths[c->count++] = path;
    }
    if (d)
        (void)closedir(d);
}

/* Leaves out the files that cannot be opened by themselves, as a damaged one. */
static void chain_drop_bad(struct chain *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->count; i++) {
        const char *one[] = {c->paths[i], NULL};
        sd_journal *files = NULL;

        if (sd_journal_open_files(&files, one, 0) < 0) {
            free(c->paths[i]);
            continue;
        }
        sd_journal_close(files);
        c->paths[kept++] = c->paths[i];
    }
    c->count = kept;
}

/* 0: there is none. */
static int chain_open(struct chain *c, sd_journal **ret)
{
    for (size_t i = 0; i < c->count; i++)
        c->list[i] = c->paths[i];
    c->list[c->count] = NULL;
    return c->count ? sd_journal_open_files(ret, c->list, 0) : 0;
}

static int open_chain(struct journald *j, struct err *err)
{
    static struct chain c;
    int r;

    c.count = 0;
    chain_find(j, &c);
    r = chain_open(&c, &j->files);
    if (r < 0) {
        chain_drop_bad(&c);
        r = c.count ? chain_open(&c, &j->files) : r;
    }
    if (r >= 0 && j->files)
        r = sd_journal_set_data_threshold(j->files, j->record_max);
    chain_done(&c);
    return r < 0 ? err_fail_sys(err, -r, ERR_COLLECT_JOURNAL_CANNOT_OPEN, j->path) : 0;
}

static int keep_cursor(struct journald *j)
{
    char *cursor = NULL;
    int r = sd_journal_get_cursor(j->files, &cursor);

    if (r < 0)
        return r;
    free(j->cursor);
    j->cursor = cursor;
    return 0;
}

/* Where a first sight begins. */
static int seek_first(struct journald *j)
{
    int r;

    if (j->all && j->since != TIME_NONE)
        return sd_journal_seek_realtime_usec(j->files, (uint64_t)(j->since / 1000));
    if (j->all)
        return sd_journal_seek_head(j->files);
    r = sd_journal_seek_tail(j->files);
    if (r >= 0)
        r = sd_journal_previous(j->files);
    if (r == 0)
        return sd_journal_seek_head(j->files); /* it is empty */
    return r > 0 ? keep_cursor(j) : r;
}

static int journald_seek(struct journald *j)
{
    int r;

    j->have = false;
    j->seeking = j->cursor != NULL;
    if (j->cursor)
        r = sd_journal_seek_cursor(j->files, j->cursor);
    else
        r = j->begun ? sd_journal_seek_head(j->files) : seek_first(j);
    if (r >= 0 && !j->begun && !j->all) {
        j->seeking = false;
        j->caught_up = true;
    }
    j->begun = j->begun || r >= 0;
    return r;
}

/* Moves to the next entry, past the one that the cursor names. 1: j->have. */
static int journald_step(struct journald *j)
{
    int r = sd_journal_next(j->files);

    if (r > 0 && j->seeking) {
        j->seeking = false;
        if (sd_journal_test_cursor(j->files, j->cursor) > 0)
            r = sd_journal_next(j->files);
        else
            j->lost++;
    }
    j->have = r > 0;
    return r;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* When the folder had changed. A change of just now may not be the last one of its tick: then none,
 * and it is looked at again. */
static struct timespec journald_settled(struct timespec changed)
{
    int64_t age = time_now() - (changed.tv_sec * TIME_SECOND + changed.tv_nsec);

    return age > -TICK && age < TICK ? (struct timespec){0} : changed;
}

int journald_poll(struct journald *j, struct err *err)
{
    struct stat s;
    int r = 0;

    if (stat(j->folder, &s) < 0)
        return 0;
    if (j->files == NULL || !same_time(&s.st_mtim, &j->seen)) {
        close_files(j);
        j->seen = journald_settled(s.st_mtim);
        r = open_chain(j, err);
        if (r < 0 || j->files == NULL)
            return r;
        r = journald_seek(j);
    }
    if (r >= 0 && !j->have)
        r = journald_step(j);
    if (r < 0) {
        close_files(j);
        return err_fail_sys(err, -r, ERR_COLLECT_JOURNAL_CANNOT_READ, j->path);
    }
    j->caught_up = j->caught_up || r == 0;
    return j->have;
}

static bool is_text(struct slice value)
{
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] < 0x20 && value.p[i] != '\t')
            return false;
    return utf8_valid(value);
}

/* NAME=value as a line, or in the binary form. False: it has no room. */
static bool append_field(struct buf *out, struct slice field)
{
    size_t equal = slice_find_byte(field, '='), before = out->len;
    struct slice value;
    uint8_t size[8];

    if (equal == SIZE_MAX || equal == 0 || equal > NAME_MAX_BYTES)
        return false;
    value = slice_from(field, equal + 1);
    if (is_text(value)) {
        buf_append_slice(out, field);
    } else {
        for (size_t i = 0; i < sizeof(size); i++)
            size[i] = (uint8_t)(value.n >> 8 * i);
        buf_append_slice(out, slice_head(field, equal));
        buf_putc(out, '\n');
        buf_append(out, size, sizeof(size));
        buf_append_slice(out, value);
    }
    buf_putc(out, '\n');
    if (out->err == 0)
        return true;
    out->len = before;
    out->err = 0;
    return false;
}

/* Of "s=ID;i=NUMBER;b=…": ID into base. */
static bool journald_position(struct journald *j, struct journald_record *ret)
{
    struct slice rest = slice_str(j->cursor), part;

    ret->base = SLICE_NULL;
    while (slice_cut(&rest, ';', &part)) {
        if (slice_starts(part, SLICE("s="))) {
            (void)snprintf(j->base, sizeof(j->base), SLICE_FMT, SLICE_ARG(slice_from(part, 2)));
            ret->base = slice_str(j->base);
        } else if (slice_starts(part, SLICE("i=")) && num_hex(slice_from(part, 2), &ret->at) < 0) {
            return false;
        }
    }
    return ret->base.n > 0;
}

/* What canh itself says must not come back in as an event. */
static bool is_own(struct slice field)
{
    return slice_is(field, "_SYSTEMD_UNIT=canh.service");
}

/* The entry that it stands on. 1, 0: it is canh's own; negative: it cannot be read. */
static int journald_entry(struct journald *j, struct journald_record *ret)
{
    uint64_t time = 0;
    const void *data;
    size_t n, count = 0;
    int r = sd_journal_get_realtime_usec(j->files, &time);
    bool own = false;

    buf_clear(&j->text);
    buf_printf(&j->text, "__CURSOR=%s\n__REALTIME_TIMESTAMP=%llu\n", j->cursor,
               (unsigned long long)time);
    sd_journal_restart_data(j->files);
    while (r >= 0 && !own && (r = sd_journal_enumerate_available_data(j->files, &data, &n)) > 0) {
        struct slice field = slice_of(data, n);

        own = is_own(field);
        if (count++ >= FIELDS_MAX || n >= j->record_max || !append_field(&j->text, field))
            ret->truncated = true;
    }
    if (r < 0)
        return r;
    if (j->text.len && j->text.p[j->text.len - 1] == '\n')
        j->text.len--;
    ret->text = buf_slice(&j->text);
    return !own && ret->text.n > 0;
}

bool journald_next(struct journald *j, struct journald_record *ret)
{
    while (j->files && (j->have || journald_step(j) > 0)) {
        int r;

        *ret = (struct journald_record){.truncated = false};
        j->have = false;
        r = keep_cursor(j);
        if (r >= 0 && journald_position(j, ret))
            r = journald_entry(j, ret);
        if (r > 0)
            return true;
        j->lost += r < 0;
    }
    if (j->files)
        j->caught_up = true;
    return false;
}

bool journald_caught_up(const struct journald *j)
{
    return j->caught_up;
}

uint64_t journald_lost_reset(struct journald *j)
{
    uint64_t lost = j->lost;

    j->lost = 0;
    return lost;
}
