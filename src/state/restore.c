/* SPDX-License-Identifier: Apache-2.0 */
/* Restoring: into a folder under way, compared with what was saved, then put in place. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "base/hex.h"
#include "lang/err_state.h"
#include "state/backup_internal.h"
#include "state/calls.h"
#include "state/checks.h"
#include "state/internal.h"
#include "state/schema.h"
#include "state/store.h"
#include "state/workdir.h"

static int read_manifest(const char *from, struct arena *arena, struct manifest *m, struct err *err)
{
    struct path file = path_of(from, "MANIFEST");
    struct buf text = BUF_INIT(MANIFEST_MAX);
    struct slice kept;
    int r = file_read(file.s, &text, err);

    if (r == 0) {
        kept = arena_dup(arena, buf_slice(&text)); /* the manifest's names point into it */
        r = kept.p == NULL ? err_fail(err, CE_TOO_BIG, ERR_STATE_MANIFEST)
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
        r = backup_hash_file(out.s, is, &size, err);
    if (r == 0 && (size != m->database_size || memcmp(is, m->database, STORE_HASH) != 0))
        r = err_fail(err, CE_CORRUPT, ERR_STATE_NOT_FILE_WAS_BACKED_UP, in.s);
    for (size_t i = 0; r == 0 && i < m->file_count; i++)
        if (!m->files[i].absent)
            r = backup_copy_evidence(from, to, m->files[i].sha256, err);
    if (r == 0 && m->key)
        r = backup_copy_key(from, to, err);
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
        r = err_fail(err, CE_CORRUPT, ERR_STATE_SCHEMA_MANIFEST_SAYS, schema, m->schema);
    for (size_t i = 0; r == 0 && i < m->table_count; i++) {
        unsigned k = backup_table(m->tables[i].name);
        struct manifest_table is;

        if (k == BACKUP_TABLES)
            r = err_fail(err, CE_UNKNOWN, ERR_STATE_UNKNOWN_TABLE, m->tables[i].name);
        if (r == 0)
            r = backup_hash_table(db, k, &is, err);
        if (r == 0 && (is.rows != m->tables[i].rows ||
                       memcmp(is.hash, m->tables[i].hash, MANIFEST_HASH) != 0))
            r = err_fail(err, CE_CORRUPT, ERR_STATE_TABLE_NOT_WHAT_WAS_BACKED, m->tables[i].name);
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
        return err_fail(err, CE_UNKNOWN, ERR_STATE_BACKUP_SCHEMA_THIS_PROGRAM_KNOWS, m->schema,
                        schema_count);
    memcpy(head.hash, m->audit_hash, STATE_HASH);
    r = state_open(&s, &opt, err);
    if (r == 0)
        r = state_audit_verify(s, &head, &rep, err);
    s = state_free(s);
    return r;
}

static bool is_named(const struct manifest *m, const uint8_t *sha256)
{
    for (size_t i = 0; sha256 && i < m->file_count; i++)
        if (!m->files[i].absent && memcmp(m->files[i].sha256, sha256, MANIFEST_HASH) == 0)
            return true;
    return false;
}

struct extra {
    const struct manifest *m;
    struct state_backup_report *rep;
};

static void note_extra(struct state_backup_report *rep, const char *path)
{
    if (rep->extra++ == 0)
        (void)snprintf(rep->first_extra, sizeof(rep->first_extra), "%.511s", path);
}

static int look_extra(void *u, const uint8_t *sha256, const char *path)
{
    struct extra *x = u;

    if (!is_named(x->m, sha256))
        note_extra(x->rep, path);
    return 0;
}

/* What lies in a backup besides what it says it holds is carried nowhere, but told. */
static int find_extra(const char *from, const struct manifest *m, struct state_backup_report *rep,
                      struct err *err)
{
    static const char *const known[] = {"state.db", "evidence", "MANIFEST", "key"};
    struct extra x = {m, rep};
    DIR *d = opendir(from);
    struct dirent *e;

    if (d == NULL)
        return err_fail_sys(err, errno, ERR_BASE_FILE, from);
    while ((e = readdir(d)) != NULL) {
        bool good = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;

        for (size_t i = 0; i < CANH_LEN(known); i++)
            good = good || (strcmp(e->d_name, known[i]) == 0 && (i < 3 || m->key));
        if (!good)
            note_extra(rep, e->d_name);
    }
    (void)closedir(d);
    return store_each(from, look_extra, &x, err);
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
    if (r == 0) {
        backup_report_fill(&m, ret);
        r = find_extra(from, &m, ret, err);
    }
    arena_done(&arena);
    return r;
}

int state_backup_verify(const char *from, const char *scratch, struct state_backup_report *ret,
                        struct err *err)
{
    const char *tmp = scratch ? scratch : getenv("TMPDIR");
    struct path beside = path_of(tmp && tmp[0] ? tmp : "/tmp", "canh");
    struct workdir dir = WORKDIR_INIT;
    unsigned swept;
    int r;

    if (sodium_init() < 0)
        return err_fail(err, CE_BUG, ERR_STATE_LIBSODIUM_DOES_NOT_START);
    swept = workdir_sweep(beside.s, WORKDIR_SAME, WORKDIR_VERIFY);
    r = workdir_make(&dir, beside.s, WORKDIR_VERIFY, err);
    if (r == 0)
        r = restore_to(from, dir.path, ret, err);
    if (r == 0)
        ret->swept = swept;
    workdir_done(&dir, true);
    return r;
}

/* The key of the folder that is there, when the backup came without and it is the right one. */
static int read_old_key(const char *dir, const char *part, struct err *err)
{
    struct path key = path_of(part, "key"), old = path_of(dir, "key");
    struct state_options opt = {.dir = part, .mode = STATE_READ};
    struct state *s = NULL;
    bool wrong;
    int r;

    if (access(key.s, F_OK) == 0 || access(old.s, F_OK) < 0)
        return 0;
    r = backup_copy_key(dir, part, err);
    if (r < 0)
        return r;
    wrong = state_open(&s, &opt, NULL) == 0 && state_key_place(s) == STATE_KEY_WRONG;
    s = state_free(s);
    return wrong ? file_remove(key.s, err) : 0;
}

static int free_aside(const char *dir, char aside[STORE_PATH], struct err *err)
{
    for (unsigned i = 1; i < 1000; i++) {
        if (snprintf(aside, STORE_PATH, "%s.before-restore-%u", dir, i) >= 3900)
            return err_fail(err, CE_TOO_BIG, ERR_STATE_PATH_TOO_LONG, dir);
        if (access(aside, F_OK) < 0)
            return 0;
    }
    return err_fail(err, CE_EXISTS, ERR_STATE_TOO_MANY_OLD_STATES_BESIDE, dir);
}

/*
 * The new state takes the name of the old one at one instant. It waits under the name that the old
 * one will have: cut off anywhere here, both are whole and neither is taken for a left-over.
 */
static int read_place(struct workdir *part, const char *dir, struct err *err)
{
    char aside[STORE_PATH];
    struct err e = ERR_INIT;
    int r = free_aside(dir, aside, err);

    if (r == 0)
        r = workdir_rename(part, aside, err);
    if (r < 0)
        return r;
    r = file_exchange(aside, dir, &e);
    if (r != -CE_UNKNOWN) {
        if (r < 0 && err != NULL)
            *err = e;
        return r;
    }
    /* A file system without exchange: for an instant there is no state, and open says so. */
    r = free_aside(dir, aside, err);
    if (r == 0)
        r = file_rename(dir, aside, err);
    if (r < 0)
        return r;
    r = workdir_rename(part, dir, err);
    return r < 0 ? CANH_MIN(r, file_rename(aside, dir, NULL)) : 0;
}

/* Whether the backup is of the state in the folder: its chain has the backup's last entry. */
static bool is_of(struct state *s, const struct state_backup_report *rep)
{
    struct db_stmt *st = NULL;
    bool same = false;

    if (state_stmt(s, SQL_AUDIT_AT, &st, NULL) < 0)
        return false;
    db_bind_int(st, 1, rep->audit_entries);
    if (db_step(st, NULL) > 0) {
        struct slice hash = db_blob(st, 0);

        same = hash.n == STATE_HASH && memcmp(hash.p, rep->audit_hash, STATE_HASH) == 0;
    }
    db_done(&st);
    return same;
}

/* What somebody else wrote down does not run here before a person has looked at it. */
static int turn_off_plugins(struct state *s, unsigned *ret_count, struct err *err)
{
    struct state_actor local = state_actor_local();
    struct arena arena = ARENA_INIT(256u << 20);
    struct state_query q = {.limit = 0};
    struct state_check *all = NULL;
    size_t n = 0;
    int r = state_check_list(s, &local, &q, &arena, &all, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (!all[i].enabled || !slice_is(all[i].kind, STATE_CHECK_PROGRAM))
            continue;
        all[i].enabled = false;
        r = state_check_put(s, &local, &all[i], err);
        *ret_count += r == 0;
    }
    arena_done(&arena);
    return r;
}

/* The restored chain goes on with what happened to it, and names the state that it replaced. */
static int note_restore(const char *part, const char *dir, bool there,
                        struct state_backup_report *rep, struct err *err)
{
    struct state_options opt = {.dir = part,
                                .mode = STATE_WRITE,
                                .without_key = true,
                                .clock_go_on = true};
    struct state_options was = {.dir = dir, .mode = STATE_READ, .without_key = true};
    struct state_actor local = state_actor_local();
    struct state_audit_head head = {.seq = 0};
    struct buf text = BUF_INIT(1000);
    struct state *s = NULL;
    bool own = false;
    int r;

    if (there && state_open(&s, &was, NULL) == 0) {
        own = is_of(s, rep);
        if (state_audit_head(s, &head, NULL) < 0)
            head.seq = 0;
    }
    s = state_free(s);
    buf_printf(&text, "{\"made\":%lld,\"replaced\":\"%lld:", (long long)rep->made_at,
               (long long)head.seq);
    buf_append_hex(&text, head.hash, head.seq ? STATE_HASH : 0);
    buf_puts(&text, "\"}");
    r = state_open(&s, &opt, err);
    if (r == 0)
        r = state_audit_add(s, &local, "restore", "state", STATE_ID_NONE, buf_slice(&text), err);
    if (r == 0)
        r = state_call_end_all(s, err);
    if (r == 0 && !own)
        r = turn_off_plugins(s, &rep->plugins_off, err);
    s = state_free(s);
    buf_done(&text);
    return r;
}

static int restore_here(const char *from, const char *dir, bool there, struct workdir *part,
                        struct state_backup_report *ret, struct err *err)
{
    int r = restore_to(from, part->path, ret, err);

    if (r == 0 && there)
        r = read_old_key(dir, part->path, err);
    if (r == 0)
        r = note_restore(part->path, dir, there, ret, err);
    if (r == 0)
        r = file_sync_all(part->path, err);
    if (r < 0)
        return r;
    return there ? read_place(part, dir, err) : workdir_rename(part, dir, err);
}

int state_restore(const char *from, const char *dir, bool overwrite,
                  struct state_backup_report *ret, struct err *err)
{
    struct path db = path_of(dir, "state.db");
    struct workdir part = WORKDIR_INIT;
    bool there = access(db.s, F_OK) == 0;
    unsigned swept = 0;
    int r = 0;

    if (sodium_init() < 0)
        return err_fail(err, CE_BUG, ERR_STATE_LIBSODIUM_DOES_NOT_START);
    if (there && !overwrite)
        return err_fail(err, CE_EXISTS, ERR_STATE_STATE_ALREADY, dir);
    if (!there)
        r = backup_must_be_free(dir, err);
    if (r == 0) {
        swept = workdir_sweep(dir, WORKDIR_SAME, WORKDIR_RESTORE);
        r = workdir_make(&part, dir, WORKDIR_RESTORE, err);
    }
    if (r == 0)
        r = restore_here(from, dir, there, &part, ret, err);
    if (r == 0)
        ret->swept = swept;
    workdir_done(&part, r < 0);
    return r;
}
