/* SPDX-License-Identifier: Apache-2.0 */
/* Making a backup: a consistent copy, what is in it, and the folder's name only when it is whole.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/file.h"
#include "lang/err_state.h"
#include "state/backup_internal.h"
#include "state/internal.h"
#include "state/workdir.h"

#define EVIDENCE_SQL                                                                               \
    "SELECT DISTINCT sha256, size FROM evidence WHERE sha256 IS NOT NULL ORDER BY 1"

static int list_evidence(struct db *db, struct arena *arena, struct manifest *m, struct err *err)
{
    struct manifest_file *v = NULL;
    struct db_stmt *st = NULL;
    size_t n = 0, cap = 0;
    int r = db_stmt(db, SLOT_EVIDENCE, EVIDENCE_SQL, &st, err);

    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct slice hash = db_blob(st, 0);

        if (!array_room(v, n, cap, SIZE_MAX)) {
            r = err_nomem(err);
            break;
        }
        v[n] = (struct manifest_file){.size = (uint64_t)db_int(st, 1)};
        r = hash.n == STORE_HASH ? 0 : err_fail(err, CE_CORRUPT, ERR_STATE_EVIDENCE_ROW_NO_HASH);
        if (r == 0)
            memcpy(v[n++].sha256, hash.p, STORE_HASH);
    }
    db_done(&st);
    if (r == 0) {
        m->files = arena_array(arena, n + 1, sizeof(*v));
        if (m->files == NULL)
            r = err_fail(err, CE_TOO_BIG, ERR_STATE_BACKUP_TOO_MANY_FILES);
        else if (n)
            memcpy(m->files, v, n * sizeof(*v));
        m->file_count = n;
    }
    free(v);
    return r;
}

/* The copy of the database is read, not the live one: what is hashed is what was saved. */
static int backup_describe(struct state *s, const char *part, struct arena *arena,
                           struct manifest *m, struct err *err)
{
    struct db_options opt = {.slots = SLOT_COUNT};
    struct path file = path_of(part, "state.db");
    struct db *db = NULL;
    int r = backup_hash_file(file.s, m->database, &m->database_size, err);

    if (r == 0)
        r = db_open(&db, file.s, &opt, err);
    if (r < 0)
        return r;
    m->made_at = state_now(s);
    m->tables = arena_array(arena, BACKUP_TABLES, sizeof(*m->tables));
    if (m->tables == NULL)
        r = err_nomem(err);
    if (r == 0)
        r = db_get_version(db, &m->schema, err);
    for (unsigned i = 0; r == 0 && i < BACKUP_TABLES; i++)
        r = backup_hash_table(db, i, &m->tables[m->table_count++], err);
    if (r == 0)
        r = list_evidence(db, arena, m, err);
    db_close(db);
    return r;
}

int backup_copy_key(const char *from, const char *to, struct err *err)
{
    struct path in = path_of(from, "key"), out = path_of(to, "key");

    return file_copy(in.s, out.s, 0600, err);
}

void backup_report_fill(const struct manifest *m, struct state_backup_report *ret)
{
    *ret = (struct state_backup_report){
        .tables = m->table_count,
        .bytes = m->database_size,
        .made_at = m->made_at,
        .audit_entries = m->audit_seq,
        .with_key = m->key,
    };
    memcpy(ret->audit_hash, m->audit_hash, sizeof(ret->audit_hash));
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
        r = backup_describe(s, part, arena, m, err);
    if (r == 0)
        r = head_of_copy(part, m, err);
    for (size_t i = 0; r == 0 && i < m->file_count; i++) {
        r = backup_copy_evidence(s->dir, part, m->files[i].sha256, err);
        m->files[i].absent = r == -CE_NOT_FOUND || r == -CE_CORRUPT;
        if (m->files[i].absent) /* the rest is worth saving; the manifest says what is not there */
            r = 0;
    }
    m->key = with_key;
    if (r == 0 && with_key)
        r = backup_copy_key(s->dir, part, err);
    if (r == 0) {
        manifest_write(m, &text);
        r = text.err < 0 ? err_fail(err, CE_TOO_BIG, ERR_STATE_MANIFEST)
                         : file_replace(list.s, buf_slice(&text), 0600, err);
    }
    if (r == 0)
        r = file_sync_all(part, err);
    buf_done(&text);
    return r;
}

int backup_must_be_free(const char *to, struct err *err)
{
    struct err e = ERR_INIT;

    if (file_rmdir(to, &e) == 0 || e.sys == ENOENT)
        return 0;
    if (e.sys == ENOTEMPTY || e.sys == EEXIST || e.sys == ENOTDIR)
        return err_fail(err, CE_EXISTS, ERR_STATE_SOMETHING_ALREADY, to);
    return err_fail_sys(err, e.sys, ERR_BASE_FILE, to);
}

static int may_back_up(struct state *s, const struct state_actor *a, struct err *err)
{
    bool role = a->role == STATE_ADMIN || a->role == STATE_SYSADMIN || a->role == STATE_SYSTEM;

    return role && state_sees_all(s, a)
               ? 0
               : err_fail(err, CE_DENIED, ERR_STATE_BACKUP_MADE_BY_WHO_MAY);
}

int state_backup_note(struct state *s, const struct state_actor *a, bool with_key, struct err *err)
{
    int r = may_back_up(s, a, err);

    return r < 0 ? r
                 : state_audit_add(s, a, with_key ? "backup with key" : "backup", "state",
                                   STATE_ID_NONE, SLICE_NULL, err);
}

int state_backup(struct state *s, const struct state_actor *a, const char *to, bool with_key,
                 struct state_backup_report *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(512u << 20);
    struct manifest m = {.made_at = 0};
    struct workdir part = WORKDIR_INIT;
    unsigned swept;
    int r = may_back_up(s, a, err);

    if (r == 0)
        r = backup_must_be_free(to, err);
    if (r < 0)
        return r;
    swept = workdir_sweep(to, WORKDIR_ANY, WORKDIR_BACKUP);
    if (s->writable)
        r = state_backup_note(s, a, with_key, err);
    if (r == 0)
        r = workdir_make(&part, to, WORKDIR_BACKUP, err);
    if (r == 0)
        r = fill_part(s, part.path, with_key, &m, &arena, err);
    if (r == 0)
        r = file_rename(part.path, to, err);
    if (r == 0) {
        backup_report_fill(&m, ret);
        ret->swept = swept;
    }
    workdir_done(&part, r < 0);
    arena_done(&arena);
    return r;
}
