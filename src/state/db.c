/* SPDX-License-Identifier: Apache-2.0 */
#include "state/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/db_limit.h"

struct db_stmt {
    struct db *db;
    sqlite3_stmt *st;
    unsigned slot;
    int failed; /* the first failed bind */
    bool spare; /* not the one kept for its slot */
};

struct slot {
    struct db_stmt kept;
    bool used;
};

struct db {
    sqlite3 *h;
    sqlite3_stmt *data_version;
    struct slot *slots;
    unsigned slot_count;
    int busy_ms, waited_ms;
    uint64_t waits; /* for another writer */
};

/* SQLite result codes (extended ones first) and what they are here. */
static const struct {
    int sqlite;
    enum ce ce;
    unsigned why;
} codes[] = {
    {SQLITE_CONSTRAINT_UNIQUE, CE_EXISTS, ERR_STATE_DB_THERE_ALREADY},
    {SQLITE_CONSTRAINT_PRIMARYKEY, CE_EXISTS, ERR_STATE_DB_THERE_ALREADY},
    {SQLITE_CONSTRAINT_FOREIGNKEY, CE_MISSING, ERR_STATE_DB_REFERS_NOTHING},
    {SQLITE_CONSTRAINT_NOTNULL, CE_MISSING, ERR_STATE_DB_VALUE_MISSING},
    {SQLITE_CONSTRAINT, CE_RANGE, ERR_STATE_DB_VALUE_OUTSIDE},
    {SQLITE_BUSY, CE_BUSY, ERR_STATE_DB_BUSY},
    {SQLITE_LOCKED, CE_BUSY, ERR_STATE_DB_BUSY},
    {SQLITE_NOMEM, CE_NOMEM, ERR_STATE_DB_NO_MEMORY},
    {SQLITE_FULL, CE_IO, ERR_STATE_DB_FULL},
    {SQLITE_IOERR, CE_IO, ERR_STATE_DB_IO},
    {SQLITE_CANTOPEN, CE_IO, ERR_STATE_DB_NOT_OPENED},
    {SQLITE_CORRUPT, CE_CORRUPT, ERR_STATE_DB_DAMAGED},
    {SQLITE_NOTADB, CE_CORRUPT, ERR_STATE_DB_NONE},
    {SQLITE_READONLY, CE_DENIED, ERR_STATE_DB_READ_ONLY},
    {SQLITE_PERM, CE_DENIED, ERR_STATE_DB_NOT_PERMITTED},
    {SQLITE_TOOBIG, CE_TOO_BIG, ERR_STATE_DB_TOO_BIG},
};

/* What the system said of the database or its log: a quota or a file's limit are no IO errors. */
static int system_error(struct db *db)
{
    sqlite3_file *log = NULL;
    int sys = sqlite3_system_errno(db->h);

    if (sys == 0)
        (void)sqlite3_file_control(db->h, "main", SQLITE_FCNTL_LAST_ERRNO, &sys);
    (void)sqlite3_file_control(db->h, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (sys == 0 && log != NULL && log->pMethods != NULL)
        (void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &sys);
    return sys;
}

static int db_fail(struct db *db, int rc, struct err *err)
{
    size_t i;

    for (i = 0; i < CANH_LEN(codes); i++)
        if (codes[i].sqlite == rc)
            break;
    if (i == CANH_LEN(codes))
        for (i = 0; i < CANH_LEN(codes); i++)
            if (codes[i].sqlite == (rc & 0xff))
                break;
    if (i == CANH_LEN(codes))
        return err_fail(err, CE_BUG, ERR_STATE_DATABASE_2, ERR_ID(ERR_STATE_DB_UNKNOWN), rc);
    (void)err_fail(err, codes[i].ce, ERR_STATE_DATABASE_2, ERR_ID(codes[i].why), rc);
    if (err != NULL)
        err->sys = rc == SQLITE_FULL ? ENOSPC : system_error(db);
    return -(int)codes[i].ce;
}

/* As the library's own, and counted: somebody stands still meanwhile. */
static int db_wait(void *u, int before)
{
    static const int ms[] = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    int next = ms[CANH_MIN((size_t)before, CANH_LEN(ms) - 1)];
    struct db *db = u;

    if (before == 0) {
        db->waits++;
        db->waited_ms = 0;
    }
    if (db->waited_ms + next > db->busy_ms)
        return 0;
    db->waited_ms += next;
    (void)sqlite3_sleep(next);
    return 1;
}

uint64_t db_waits(const struct db *db)
{
    return db->waits;
}

static int db_configure(struct db *db, const struct db_options *opt, struct err *err)
{
    int r;

    if (!db_limit(db->h))
        return err_fail(err, CE_BUG, ERR_STATE_DATABASE_SECURITY_OPTION_REFUSED);
    sqlite3_extended_result_codes(db->h, 1);
    db->busy_ms = opt->busy_ms;
    sqlite3_busy_handler(db->h, db_wait, db);
    /* who only reads stands beside a writer, and the desk has two of them: small caches */
    r = opt->write ? db_exec(db, "PRAGMA journal_mode = WAL; PRAGMA cache_size = -4096", err)
                   : db_exec(db, "PRAGMA cache_size = -2048", err);
    if (r < 0)
        return r;
    return db_exec(db,
                   "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;"
                   "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0",
                   err);
}

int db_open(struct db **ret, const char *path, const struct db_options *opt, struct err *err)
{
    int flags = opt->write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    struct db *db = calloc(1, sizeof(*db));
    int rc, r;

    if (db == NULL)
        return err_nomem(err);
    db->slot_count = opt->slots;
    db->slots = calloc(opt->slots ? opt->slots : 1, sizeof(*db->slots));
    if (db->slots == NULL) {
        free(db);
        return err_nomem(err);
    }
    if (opt->create) {
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

        fd_closep(&fd); /* SQLite gives log and index the mode of the database */
        flags |= SQLITE_OPEN_CREATE;
    }
    rc = sqlite3_open_v2(path, &db->h, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
    if (rc == SQLITE_OK) {
        r = db_configure(db, opt, err);
    } else {
        int sys = db->h ? sqlite3_system_errno(db->h) : 0;

        r = sys ? err_fail_sys(err, sys, ERR_BASE_FILE, path)
                : err_fail(err, CE_IO, ERR_STATE_CANNOT_OPENED, path);
    }
    if (r < 0) {
        db_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    for (unsigned i = 0; i < db->slot_count; i++)
        (void)sqlite3_finalize(db->slots[i].kept.st);
    (void)sqlite3_finalize(db->data_version);
    (void)sqlite3_close(db->h);
    free(db->slots);
    free(db);
}

int db_exec(struct db *db, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}

/* A pragma that answers with one value. */
static int db_ask(struct db *db, const char *sql, int64_t *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        *ret = sqlite3_column_int64(st, 0);
        rc = SQLITE_OK;
    }
    (void)sqlite3_finalize(st);
    return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}

int db_get_version(struct db *db, unsigned *ret, struct err *err)
{
    int64_t v = 0;
    int r = db_ask(db, "PRAGMA user_version", &v, err);

    if (r == 0)
        *ret = (unsigned)v;
    return r;
}

int db_set_version(struct db *db, unsigned version, struct err *err)
{
    char sql[64];

    /* A pragma takes no parameters; the only thing put into text is our own number. */
    (void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %u", version);
    return db_exec(db, sql, err);
}

int db_data_version(struct db *db, int64_t *ret, struct err *err)
{
    int rc = SQLITE_OK;

    if (db->data_version == NULL)
        rc = sqlite3_prepare_v3(db->h, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
                                &db->data_version, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(db->data_version)) == SQLITE_ROW) {
        *ret = sqlite3_column_int64(db->data_version, 0);
        rc = SQLITE_OK;
    }
    if (db->data_version != NULL)
        (void)sqlite3_reset(db->data_version);
    return rc == SQLITE_OK ? 0 : db_fail(db, rc, err);
}

int db_check(struct db *db, bool quick, struct err *err)
{
    const char *sql = quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)";
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db->h, sql, -1, &st, NULL);
    int r = 0;

    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(st, 0);

        if (text == NULL || strcmp(text, "ok") != 0)
            r = err_fail(err, CE_CORRUPT, ERR_STATE_DATABASE, text ? text : "?");
    } else {
        r = db_fail(db, rc, err);
    }
    (void)sqlite3_finalize(st);
    if (r == 0 && !quick) {
        st = NULL;
        rc = sqlite3_prepare_v2(db->h, "PRAGMA foreign_key_check", -1, &st, NULL);
        if (rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
            r = err_fail(err, CE_CORRUPT, ERR_STATE_DATABASE_ROW_TABLE_REFERS_NOTHING,
                         (const char *)sqlite3_column_text(st, 0));
        (void)sqlite3_finalize(st);
    }
    return r;
}

int db_stmt(struct db *db, unsigned slot, const char *sql, struct db_stmt **ret, struct err *err)
{
    struct db_stmt *st;
    int rc;

    if (slot >= db->slot_count)
        return err_fail(err, CE_BUG, ERR_STATE_DATABASE_STATEMENT, slot, db->slot_count);
    st = &db->slots[slot].kept;
    if (db->slots[slot].used) {
        st = calloc(1, sizeof(*st));
        if (st == NULL)
            return err_nomem(err);
        st->spare = true;
    }
    st->db = db;
    st->slot = slot;
    st->failed = SQLITE_OK;
    if (st->st == NULL) {
        rc = sqlite3_prepare_v3(db->h, sql, -1, st->spare ? 0 : SQLITE_PREPARE_PERSISTENT, &st->st,
                                NULL);
        if (rc != SQLITE_OK) {
            if (st->spare)
                free(st);
            return db_fail(db, rc, err);
        }
    }
    if (!st->spare)
        db->slots[slot].used = true;
    *ret = st;
    return 0;
}

void db_done(struct db_stmt **pst)
{
    struct db_stmt *st = *pst;

    *pst = NULL;
    if (st == NULL)
        return;
    if (st->spare) {
        (void)sqlite3_finalize(st->st);
        free(st);
        return;
    }
    (void)sqlite3_reset(st->st);
    (void)sqlite3_clear_bindings(st->st);
    st->db->slots[st->slot].used = false;
}

static void db_bound(struct db_stmt *st, int rc)
{
    if (rc != SQLITE_OK && st->failed == SQLITE_OK)
        st->failed = rc;
}

void db_bind_int(struct db_stmt *st, unsigned i, int64_t v)
{
    db_bound(st, sqlite3_bind_int64(st->st, (int)i, v));
}

void db_bind_real(struct db_stmt *st, unsigned i, double v)
{
    db_bound(st, sqlite3_bind_double(st->st, (int)i, v));
}

void db_bind_text(struct db_stmt *st, unsigned i, struct slice v)
{
    db_bound(st, v.n ? sqlite3_bind_text64(st->st, (int)i, (const char *)v.p, v.n, SQLITE_STATIC,
                                           SQLITE_UTF8)
                     : sqlite3_bind_null(st->st, (int)i));
}

void db_bind_blob(struct db_stmt *st, unsigned i, struct slice v)
{
    db_bound(st, v.n ? sqlite3_bind_blob64(st->st, (int)i, v.p, v.n, SQLITE_STATIC)
                     : sqlite3_bind_null(st->st, (int)i));
}

void db_bind_id(struct db_stmt *st, unsigned i, const struct state_id *v)
{
    db_bind_blob(st, i, id_is_none(*v) ? SLICE_NULL : id_slice(v));
}

int db_step(struct db_stmt *st, struct err *err)
{
    int rc = st->failed != SQLITE_OK ? st->failed : sqlite3_step(st->st);

    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : db_fail(st->db, rc, err);
}

int db_run(struct db_stmt *st, struct err *err)
{
    int r;

    do
        r = db_step(st, err);
    while (r > 0);
    return r;
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->h);
}

int64_t db_written(struct db *db)
{
    return sqlite3_total_changes64(db->h);
}

int64_t db_int(struct db_stmt *st, unsigned i)
{
    return sqlite3_column_int64(st->st, (int)i);
}

double db_real(struct db_stmt *st, unsigned i)
{
    return sqlite3_column_double(st->st, (int)i);
}

struct slice db_text(struct db_stmt *st, unsigned i)
{
    const void *p = sqlite3_column_text(st->st, (int)i);

    return p ? slice_of(p, (size_t)sqlite3_column_bytes(st->st, (int)i)) : SLICE_NULL;
}

struct slice db_blob(struct db_stmt *st, unsigned i)
{
    const void *p = sqlite3_column_blob(st->st, (int)i);

    return p ? slice_of(p, (size_t)sqlite3_column_bytes(st->st, (int)i)) : SLICE_NULL;
}

struct state_id db_id(struct db_stmt *st, unsigned i)
{
    struct slice s = db_blob(st, i);
    struct state_id id = STATE_ID_NONE;

    if (s.n == sizeof(id.b))
        memcpy(id.b, s.p, sizeof(id.b));
    return id;
}

unsigned db_columns(struct db_stmt *st)
{
    return (unsigned)sqlite3_column_count(st->st);
}

char db_type(struct db_stmt *st, unsigned i)
{
    switch (sqlite3_column_type(st->st, (int)i)) {
    case SQLITE_INTEGER:
        return 'i';
    case SQLITE_FLOAT:
        return 'r';
    case SQLITE_TEXT:
        return 't';
    case SQLITE_BLOB:
        return 'b';
    default:
        return 'n';
    }
}

int db_begin(struct db *db, struct err *err)
{
    return db_exec(db, "BEGIN IMMEDIATE", err);
}

int db_begin_read(struct db *db, struct err *err)
{
    return db_exec(db, "BEGIN", err);
}

int db_commit(struct db *db, struct err *err)
{
    int r = db_exec(db, "COMMIT", err);

    if (r < 0)
        db_rollback(db);
    return r;
}

void db_rollback(struct db *db)
{
    if (db_in_transaction(db))
        (void)sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
}

int db_save(struct db *db, struct err *err)
{
    return db_exec(db, "SAVEPOINT part", err);
}

int db_release(struct db *db, struct err *err)
{
    return db_exec(db, "RELEASE part", err);
}

void db_undo(struct db *db)
{
    if (db_in_transaction(db))
        (void)sqlite3_exec(db->h, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
}

bool db_in_transaction(struct db *db)
{
    return !sqlite3_get_autocommit(db->h);
}

int db_copy(struct db *db, const char *to, struct err *err)
{
    struct db_options opt = {.write = true, .create = true};
    struct db *copy = NULL;
    sqlite3_backup *b;
    int rc = SQLITE_NOMEM, tries = 0, r;

    r = db_open(&copy, to, &opt, err);
    if (r < 0)
        return r;
    b = copy ? sqlite3_backup_init(copy->h, "main", db->h, "main") : NULL;
    if (b != NULL) {
        do
            rc = sqlite3_backup_step(b, -1);
        while ((rc == SQLITE_BUSY || rc == SQLITE_LOCKED) && tries++ < 500 &&
               sqlite3_sleep(20) > 0);
        (void)sqlite3_backup_finish(b);
    }
    /* One file without a write-ahead log, so that it can be copied and hashed as it lies. */
    if (rc == SQLITE_DONE)
        rc = sqlite3_exec(copy->h, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    r = rc == SQLITE_OK ? 0 : db_fail(copy, rc, err);
    db_close(copy);
    return r;
}
