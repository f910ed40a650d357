/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "state/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "state/internal.h"
#include "state/manifest.h"
#include "state/schema.h"
#include "state/store.h"

#define T(name, key)                                                                               \
    {                                                                                              \
        name, "SELECT * FROM \"" name "\" ORDER BY " key                                           \
    }

/* Every table, as it is stored, in the order of its key: what is hashed and compared. */
static const struct {
    const char *name, *sql;
} tables[] = {
    T("meta", "name"),
    T("counter", "name, year"),
    T("audit", "seq"),
    T("unit", "id"),
    T("unit_name", "id"),
    T("unit_link", "id"),
    T("person", "id"),
    T("grant", "id"),
    T("contact", "id"),
    T("leave", "id"),
    T("asset_role", "id"),
    T("asset", "id"),
    T("post", "id"),
    T("coverage", "id"),
    T("layer", "id"),
    T("turn", "id"),
    T("roster", "id"),
    T("swap", "id"),
    T("override", "id"),
    T("shift", "id"),
    T("mark", "id"),
    T("line", "id"),
    T("handover", "id"),
    T("plan", "id"),
    T("clause", "id"),
    T("phase", "id"),
    T("obligation", "id"),
    T("assignment", "id"),
    T("exemption", "id"),
    T("task", "id"),
    T("status", "unit, obligation"),
    T("evidence", "id"),
    T("proof", "id"),
    T("check", "id"),
    T("result", "id"),
    T("outage", "id"),
    T("finding", "id"),
    T("exception", "id"),
    T("form", "id"),
    T("submission", "id"),
    T("value", "submission, field, \"row\""),
    T("request", "id"),
    T("note", "id"),
    T("notice", "id"),
    T("delivery", "id"),
    T("ack", "id"),
    T("campaign", "id"),
    T("review", "id"),
    T("order", "id"),
};

#define EVIDENCE_SQL                                                                               \
    "SELECT DISTINCT sha256, size FROM evidence WHERE sha256 IS NOT NULL ORDER BY 1"
enum { SLOT_EVIDENCE = CANH_LEN(tables), SLOT_COUNT };

struct path {
    char s[STORE_PATH];
};

static struct path path_of(const char *dir, const char *name)
{
    struct path p;

    (void)snprintf(p.s, sizeof(p.s), "%.3900s%s%s", dir, name[0] ? "/" : "", name);
    return p;
}

/* -- hashing a database ---------------------------------------------------------------------- */

static void hash_cell(crypto_generichash_state *h, struct db_stmt *st, unsigned i)
{
    uint8_t head[9] = {(uint8_t)db_type(st, i)};
    struct slice bytes = head[0] == 't' ? db_text(st, i) : SLICE_NULL;
    int64_t v = 0;
    double d;

    if (head[0] == 'b')
        bytes = db_blob(st, i);
    if (head[0] == 'i')
        v = db_int(st, i);
    if (head[0] == 'r') {
        d = db_real(st, i);
        memcpy(&v, &d, sizeof(v));
    }
    if (bytes.n)
        v = (int64_t)bytes.n;
    for (unsigned k = 0; k < 8; k++)
        head[1 + k] = (uint8_t)((uint64_t)v >> (8 * k));
    crypto_generichash_update(h, head, sizeof(head));
    if (bytes.n)
        crypto_generichash_update(h, bytes.p, bytes.n);
}

static int hash_table(struct db *db, unsigned i, struct manifest_table *ret, struct err *err)
{
    crypto_generichash_state h;
    struct db_stmt *st = NULL;
    int r = db_stmt(db, i, tables[i].sql, &st, err);

    if (r < 0)
        return r;
    *ret = (struct manifest_table){.name = slice_str(tables[i].name)};
    crypto_generichash_init(&h, NULL, 0, MANIFEST_HASH);
    while ((r = db_step(st, err)) > 0) {
        for (unsigned k = 0; k < db_columns(st); k++)
            hash_cell(&h, st, k);
        ret->rows++;
    }
    db_done(&st);
    crypto_generichash_final(&h, ret->hash, MANIFEST_HASH);
    return r;
}

static int hash_file(const char *path, uint8_t to[STORE_HASH], uint64_t *ret_size, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return err_sys(err, errno, "%s", path);
    return store_hash(fd, to, ret_size, err);
}

/* -- copying evidence ------------------------------------------------------------------------ */

/* 0 when the copy is what its name says, -CE_NOT_FOUND or -CE_CORRUPT when there is none to be. */
static int copy_evidence(const char *from, const char *to, const uint8_t sha256[STORE_HASH],
                         struct err *err)
{
    char in[STORE_PATH], out[STORE_PATH], folder[STORE_PATH];
    uint8_t is[STORE_HASH];
    uint64_t size;
    int r;

    store_path(from, sha256, in);
    store_path(to, sha256, out);
    memcpy(folder, out, sizeof(folder));
    *strrchr(folder, '/') = 0;
    if (access(in, F_OK) < 0)
        return err_set(err, CE_NOT_FOUND, "%s: missing", in);
    r = file_mkdirs(folder, 0700, err);
    if (r == 0)
        r = file_copy(in, out, 0600, err);
    if (r == 0)
        r = hash_file(out, is, &size, err);
    if (r == 0 && memcmp(is, sha256, STORE_HASH) != 0) {
        file_remove(out, NULL);
        r = err_set(err, CE_CORRUPT, "%s: damaged", in);
    }
    return r;
}

/* -- making ---------------------------------------------------------------------------------- */

static int list_evidence(struct db *db, struct arena *arena, struct manifest *m, struct err *err)
{
    struct manifest_file *v = NULL;
    struct db_stmt *st = NULL;
    size_t n = 0, cap = 0;
    int r = db_stmt(db, SLOT_EVIDENCE, EVIDENCE_SQL, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct slice hash = db_blob(st, 0);

        if (n == cap) {
            struct manifest_file *more = realloc(v, (cap = cap ? 2 * cap : 64) * sizeof(*v));

            if (more == NULL) {
                r = err_set(err, CE_NOMEM, "backup");
                break;
            }
            v = more;
        }
        v[n] = (struct manifest_file){.size = (uint64_t)db_int(st, 1)};
        r = hash.n == STORE_HASH ? 0 : err_set(err, CE_CORRUPT, "an evidence row has no hash");
        if (r == 0)
            memcpy(v[n++].sha256, hash.p, STORE_HASH);
    }
    db_done(&st);
    if (r == 0) {
        m->files = arena_array(arena, n + 1, sizeof(*v));
        if (m->files == NULL)
            r = err_set(err, CE_TOO_BIG, "backup: too many files");
        else if (n)
            memcpy(m->files, v, n * sizeof(*v));
        m->file_count = n;
    }
    free(v);
    return r;
}

/* The copy of the database is read, not the live one: what is hashed is what was saved. */
static int describe(struct state *s, const char *part, struct arena *arena, struct manifest *m,
                    struct err *err)
{
    struct db_options opt = {.slots = SLOT_COUNT};
    struct path file = path_of(part, "state.db");
    struct db *db = NULL;
    int r = hash_file(file.s, m->database, &m->database_size, err);

    if (r == 0)
        r = db_open(&db, file.s, &opt, err);
    if (r < 0)
        return r;
    m->made_at = state_now(s);
    m->tables = arena_array(arena, CANH_LEN(tables), sizeof(*m->tables));
    if (m->tables == NULL)
        r = err_set(err, CE_NOMEM, "backup");
    if (r == 0)
        r = db_get_version(db, &m->schema, err);
    for (unsigned i = 0; r == 0 && i < CANH_LEN(tables); i++)
        r = hash_table(db, i, &m->tables[m->table_count++], err);
    if (r == 0)
        r = list_evidence(db, arena, m, err);
    db_close(db);
    return r;
}

static int copy_key(const char *from, const char *to, struct err *err)
{
    struct path in = path_of(from, "key"), out = path_of(to, "key");

    return file_copy(in.s, out.s, 0600, err);
}

static void fill_report(const struct manifest *m, struct state_backup_report *ret)
{
    *ret = (struct state_backup_report){
        .tables = m->table_count,
        .bytes = m->database_size,
        .made_at = m->made_at,
        .audit_entries = m->audit_seq,
        .with_key = m->key,
    };
    for (size_t i = 0; i < m->table_count; i++)
        ret->rows += m->tables[i].rows;
    for (size_t i = 0; i < m->file_count; i++) {
        ret->absent += m->files[i].absent;
        ret->files += !m->files[i].absent;
        ret->bytes += m->files[i].absent ? 0 : m->files[i].size;
    }
}

/* Of the copied audit: its last entry goes into the manifest. */
static int head_of_copy(const char *part, struct manifest *m, struct err *err)
{
    struct state_options opt = {.dir = part, .mode = STATE_READ, .without_key = true};
    struct state_audit_head head = {.seq = 0};
    struct state *copy = NULL;
    int r = state_open(&copy, &opt, err);

    if (r == 0)
        r = state_audit_head(copy, &head, err);
    copy = state_free(copy);
    m->audit_seq = head.seq;
    memcpy(m->audit_hash, head.hash, MANIFEST_HASH);
    return r;
}

static int fill_part(struct state *s, const char *part, bool with_key, struct manifest *m,
                     struct arena *arena, struct err *err)
{
    struct path file = path_of(part, "state.db"), list = path_of(part, "MANIFEST");
    struct buf text = BUF_INIT(MANIFEST_MAX);
    int r = db_copy(s->db, file.s, err);

    if (r == 0)
        r = describe(s, part, arena, m, err);
    if (r == 0)
        r = head_of_copy(part, m, err);
    for (size_t i = 0; r == 0 && i < m->file_count; i++) {
        r = copy_evidence(s->dir, part, m->files[i].sha256, err);
        m->files[i].absent = r == -CE_NOT_FOUND || r == -CE_CORRUPT;
        if (m->files[i].absent) /* the rest is worth saving; the manifest says what is not there */
            r = 0;
    }
    m->key = with_key;
    if (r == 0 && with_key)
        r = copy_key(s->dir, part, err);
    if (r == 0) {
        manifest_write(m, &text);
        r = text.err < 0 ? err_set(err, CE_TOO_BIG, "MANIFEST")
                         : file_replace(list.s, buf_slice(&text), 0600, err);
    }
    if (r == 0)
        r = file_sync_all(part, err);
    buf_done(&text);
    return r;
}

/* Room for a new folder at `to`: nothing there, or an empty folder. */
static int must_be_free(const char *to, struct err *err)
{
    struct err e = ERR_INIT;

    if (file_rmdir(to, &e) == 0 || e.sys == ENOENT)
        return 0;
    if (e.sys == ENOTEMPTY || e.sys == EEXIST || e.sys == ENOTDIR)
        return err_set(err, CE_EXISTS, "%s: there is something already", to);
    return err_sys(err, e.sys, "%s", to);
}

int state_backup(struct state *s, const struct state_actor *a, const char *to, bool with_key,
                 struct state_backup_report *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(512u << 20);
    struct manifest m = {.made_at = 0};
    char part[STORE_PATH];
    int r;

    if (!id_is_none(a->unit) || (a->role != STATE_ADMIN && a->role != STATE_SYSTEM))
        return err_set(err, CE_DENIED, "a backup is made by who may see everything");
    if (snprintf(part, sizeof(part), "%s.part-XXXXXX", to) >= 3900)
        return err_set(err, CE_TOO_BIG, "%s: path too long", to);
    r = must_be_free(to, err);
    if (r == 0 && s->writable)
        r = state_audit_add(s, a, with_key ? "backup with key" : "backup", "state", STATE_ID_NONE,
                            SLICE_NULL, err);
    if (r == 0 && mkdtemp(part) == NULL)
        r = err_sys(err, errno, "%s", part);
    if (r < 0)
        return r;
    r = fill_part(s, part, with_key, &m, &arena, err);
    if (r == 0)
        r = file_rename(part, to, err);
    if (r == 0)
        fill_report(&m, ret);
    else
        file_remove_tree(part, NULL);
    arena_done(&arena);
    return r;
}

/* -- restoring ------------------------------------------------------------------------------- */

static int read_manifest(const char *from, struct arena *arena, struct manifest *m, struct err *err)
{
    struct path file = path_of(from, "MANIFEST");
    struct buf text = BUF_INIT(MANIFEST_MAX);
    struct slice kept;
    int r = file_read(file.s, &text, err);

    if (r == 0) {
        kept = arena_dup(arena, buf_slice(&text)); /* the manifest's names point into it */
        r = kept.p == NULL ? err_set(err, CE_TOO_BIG, "MANIFEST")
                           : manifest_read(kept, arena, m, err);
    }
    buf_done(&text);
    return r;
}

static int copy_all(const char *from, const char *to, const struct manifest *m, struct err *err)
{
    struct path in = path_of(from, "state.db"), out = path_of(to, "state.db");
    uint8_t is[STORE_HASH] = {0};
    uint64_t size = 0;
    int r = file_copy(in.s, out.s, 0600, err);

    if (r == 0)
        r = hash_file(out.s, is, &size, err);
    if (r == 0 && (size != m->database_size || memcmp(is, m->database, STORE_HASH) != 0))
        r = err_set(err, CE_CORRUPT, "%s: not the file that was backed up", in.s);
    for (size_t i = 0; r == 0 && i < m->file_count; i++)
        if (!m->files[i].absent)
            r = copy_evidence(from, to, m->files[i].sha256, err);
    if (r == 0 && m->key)
        r = copy_key(from, to, err);
    return r;
}

static int compare_tables(const char *dir, const struct manifest *m, struct err *err)
{
    struct db_options opt = {.slots = SLOT_COUNT};
    struct path file = path_of(dir, "state.db");
    struct db *db = NULL;
    unsigned schema = 0;
    int r = db_open(&db, file.s, &opt, err);

    if (r == 0)
        r = db_check(db, false, err);
    if (r == 0)
        r = db_get_version(db, &schema, err);
    if (r == 0 && schema != m->schema)
        r = err_set(err, CE_CORRUPT, "schema %u, the manifest says %u", schema, m->schema);
    for (size_t i = 0; r == 0 && i < m->table_count; i++) {
        struct manifest_table is;
        unsigned k = 0;

        while (k < CANH_LEN(tables) && !slice_is(m->tables[i].name, tables[k].name))
            k++;
        if (k == CANH_LEN(tables))
            r = err_set(err, CE_UNKNOWN, "unknown table " SLICE_FMT, SLICE_ARG(m->tables[i].name));
        if (r == 0)
            r = hash_table(db, k, &is, err);
        if (r == 0 && (is.rows != m->tables[i].rows ||
                       memcmp(is.hash, m->tables[i].hash, MANIFEST_HASH) != 0))
            r = err_set(err, CE_CORRUPT, "table %s is not what was backed up", tables[k].name);
    }
    db_close(db);
    return r;
}

/* Opens the restored state as the program would, migrating an old one, and walks its audit. */
static int try_out(const char *dir, const struct manifest *m, struct err *err)
{
    struct state_options opt = {.dir = dir, .mode = STATE_WRITE, .without_key = true};
    struct state_audit_head head = {.seq = m->audit_seq};
    struct state_audit_report rep = {0};
    struct state *s = NULL;
    int r;

    if (m->schema > schema_count)
        return err_set(err, CE_UNKNOWN, "the backup is of schema %u, this program knows %u",
                       m->schema, schema_count);
    memcpy(head.hash, m->audit_hash, STATE_HASH);
    r = state_open(&s, &opt, err);
    if (r == 0)
        r = state_audit_verify(s, &head, &rep, err);
    s = state_free(s);
    return r;
}

static int restore_to(const char *from, const char *dir, struct state_backup_report *ret,
                      struct err *err)
{
    struct arena arena = ARENA_INIT(512u << 20);
    struct manifest m;
    int r = read_manifest(from, &arena, &m, err);

    if (r == 0)
        r = copy_all(from, dir, &m, err);
    if (r == 0)
        r = compare_tables(dir, &m, err);
    if (r == 0)
        r = try_out(dir, &m, err);
    if (r == 0)
        fill_report(&m, ret);
    arena_done(&arena);
    return r;
}

int state_backup_verify(const char *from, const char *scratch, struct state_backup_report *ret,
                        struct err *err)
{
    const char *tmp = scratch ? scratch : getenv("TMPDIR");
    char dir[STORE_PATH];
    int r;

    if (sodium_init() < 0)
        return err_set(err, CE_BUG, "libsodium does not start");
    if (snprintf(dir, sizeof(dir), "%s/canh-verify-XXXXXX", tmp && tmp[0] ? tmp : "/tmp") >= 3900)
        return err_set(err, CE_TOO_BIG, "%s: path too long", tmp);
    if (mkdtemp(dir) == NULL)
        return err_sys(err, errno, "%s", dir);
    r = restore_to(from, dir, ret, err);
    if (r == 0)
        return file_remove_tree(dir, err);
    file_remove_tree(dir, NULL);
    return r;
}

/* The key of the folder that is there, when the backup came without and it is the right one. */
static int take_old_key(const char *dir, const char *part, struct err *err)
{
    struct path key = path_of(part, "key"), old = path_of(dir, "key");
    struct state_options opt = {.dir = part, .mode = STATE_READ};
    struct state *s = NULL;
    int r;

    if (access(key.s, F_OK) == 0 || access(old.s, F_OK) < 0)
        return 0;
    r = copy_key(dir, part, err);
    if (r < 0)
        return r;
    r = state_open(&s, &opt, NULL);
    s = state_free(s);
    return r == -CE_CONFLICT ? file_remove(key.s, err) : 0;
}

static int free_aside(const char *dir, char aside[STORE_PATH], struct err *err)
{
    for (unsigned i = 1; i < 1000; i++) {
        if (snprintf(aside, STORE_PATH, "%s.before-restore-%u", dir, i) >= 3900)
            return err_set(err, CE_TOO_BIG, "%s: path too long", dir);
        if (access(aside, F_OK) < 0)
            return 0;
    }
    return err_set(err, CE_EXISTS, "%s: too many old states beside it", dir);
}

/* The new state takes the name of the old one at one instant: cut off here, one of them has it. */
static int take_place(const char *part, const char *dir, char aside[STORE_PATH], struct err *err)
{
    int r = free_aside(dir, aside, err);

    if (r == 0)
        r = file_exchange(part, dir, err);
    if (r == 0) {
        r = file_rename(part, aside, err);
        if (r < 0) /* back: what the caller removes must not be the old state */
            r = CANH_MIN(r, file_exchange(part, dir, NULL));
        return r;
    }
    if (r != -CE_UNKNOWN)
        return r;
    r = file_rename(dir, aside, err);
    return r < 0 ? r : file_rename(part, dir, err);
}

int state_restore(const char *from, const char *dir, bool overwrite,
                  struct state_backup_report *ret, struct err *err)
{
    struct path db = path_of(dir, "state.db");
    char part[STORE_PATH], aside[STORE_PATH] = "";
    bool there = access(db.s, F_OK) == 0;
    int r = 0;

    if (sodium_init() < 0)
        return err_set(err, CE_BUG, "libsodium does not start");
    if (there && !overwrite)
        return err_set(err, CE_EXISTS, "%s: there is a state already", dir);
    if (!there)
        r = must_be_free(dir, err);
    if (r == 0 && snprintf(part, sizeof(part), "%s.restore-XXXXXX", dir) >= 3900)
        r = err_set(err, CE_TOO_BIG, "%s: path too long", dir);
    if (r == 0 && mkdtemp(part) == NULL)
        r = err_sys(err, errno, "%s", part);
    if (r < 0)
        return r;
    r = restore_to(from, part, ret, err);
    if (r == 0 && there)
        r = take_old_key(dir, part, err);
    if (r == 0)
        r = file_sync_all(part, err);
    if (r == 0)
        r = there ? take_place(part, dir, aside, err) : file_rename(part, dir, err);
    if (r < 0)
        file_remove_tree(part, NULL);
    return r;
}
