/* SPDX-License-Identifier: Apache-2.0 */
#include "state/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "lang/err_state.h"
#include "state/internal.h"
#include "state/schema.h"

enum { BUSY_MS = 5000 };
#define EVIDENCE_MAX (UINT64_C(64) << 20)

static int64_t wall_clock(void *u)
{
    (void)u;
    return time_now();
}

/*
 * Where names cannot be exchanged, a restore that was cut off leaves no state under its name for a
 * moment: nothing new is begun there while the old one stands beside it.
 */
static int refuse_half_restored(const char *dir, struct err *err)
{
    struct buf aside = BUF_INIT(PATH_MAX);
    int r = 0;

    for (unsigned i = 1; r == 0 && i < 100 && access(dir, F_OK) < 0; i++) {
        buf_clear(&aside);
        buf_printf(&aside, "%s.before-restore-%u/state.db", dir, i);
        if (access(buf_cstr(&aside), F_OK) == 0)
            r = err_fail(err, CE_CONFLICT, ERR_STATE_NOT_BUT_BEFORE_RESTORE_RESTORE, dir, dir, i);
    }
    buf_done(&aside);
    return r;
}

static int resolve_dir(struct state *s, const struct state_options *opt, struct err *err)
{
    char real[PATH_MAX];
    int r = 0;

    if (opt->mode == STATE_CREATE)
        r = refuse_half_restored(opt->dir, err);
    if (r == 0 && opt->mode == STATE_CREATE)
        r = file_mkdirs(opt->dir, 0700, err);
    if (r == 0 && realpath(opt->dir, real) == NULL)
        r = errno == ENOENT ? err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_STATE_HERE, opt->dir)
                            : err_fail_sys(err, errno, ERR_BASE_FILE, opt->dir);
    if (r == 0 && strlen(real) >= sizeof(s->dir))
        r = err_fail(err, CE_TOO_BIG, ERR_STATE_PATH_TOO_LONG, real);
    if (r == 0)
        memcpy(s->dir, real, strlen(real) + 1);
    return r;
}

/* Who else may write to the folder or read the database is who the state believes. */
static int refuse_loose(const char *dir, const char *path, struct err *err)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
    char part[PATH_MAX + 16];
    struct stat folder, file;

    if (stat(dir, &folder) == 0 && (folder.st_mode & 022))
        return err_fail(err, CE_DENIED, ERR_STATE_FOLDER_LOOSE, dir, dir);
    for (size_t i = 0; i < CANH_LEN(parts); i++) {
        (void)snprintf(part, sizeof(part), "%s%s", path, parts[i]);
        if (stat(part, &file) == 0 && (file.st_mode & 066))
            return err_fail(err, CE_DENIED, ERR_STATE_DATABASE_LOOSE, part, part);
    }
    return 0;
}

static int open_db(struct state *s, const struct state_options *opt, struct err *err)
{
    struct db_options db = {
        .write = opt->mode != STATE_READ,
        .create = opt->mode == STATE_CREATE,
        .busy_ms = opt->busy_ms ? opt->busy_ms : BUSY_MS,
        .slots = SQL_MAX + E_MAX * OP_MAX,
    };
    unsigned version = 0;
    char path[PATH_MAX];
    struct stat st;
    int r;

    (void)snprintf(path, sizeof(path), "%s/state.db", s->dir);
    if (!db.create && stat(path, &st) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_NO_STATE_HERE, s->dir);
    r = refuse_loose(s->dir, path, err);
    if (r == 0)
        r = db_open(&s->db, path, &db, err);
    if (r < 0)
        return r;
    if (db.write) {
        r = schema_migrate(s->db, path, schema_scripts, schema_count, err);
    } else {
        r = db_get_version(s->db, &version, err);
        if (r == 0 && version > schema_count)
            r = err_fail(err, CE_UNKNOWN, ERR_STATE_SCHEMA_VERSION_THIS_PROGRAM_READS, s->dir,
                         version, schema_count);
        else if (r == 0 && version < schema_count)
            r = err_fail(err, CE_CONFLICT, ERR_STATE_SCHEMA_VERSION_OLDER_THAN_THIS, s->dir,
                         version, schema_count);
    }
    return r;
}

static int meta_get(struct state *s, struct slice name, bool *ret_there, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_META_GET, &st, err);

    if (r < 0)
        return r;
    db_bind_text(st, 1, name);
    r = db_step(st, err);
    db_done(&st);
    *ret_there = r > 0;
    return CANH_MIN(r, 0);
}

/* What has an audit entry has been used: its mark is decided. */
static int mark_demo(struct state *s, struct err *err)
{
    struct state_audit_head head;
    int r = state_audit_head(s, &head, err);

    if (r == 0 && head.seq > 0)
        r = err_fail(err, CE_DENIED, ERR_STATE_STATE_USE_DOES_NOT_BECOME, s->dir);
    if (r == 0)
        r = meta_write(s, "demo", SLICE("1"), err);
    s->demo = r == 0;
    return r;
}

static int load_demo(struct state *s, const struct state_options *opt, struct err *err)
{
    int r = meta_get(s, SLICE("demo"), &s->demo, err);

    return r == 0 && opt->demo && opt->mode == STATE_CREATE && !s->demo ? mark_demo(s, err) : r;
}

bool state_is_demo(const struct state *s)
{
    return s->demo;
}

static int64_t demo_clock(void *u)
{
    const struct state *s = u;

    return s->demo_now;
}

int state_demo_clock(struct state *s, int64_t now, struct err *err)
{
    if (!s->demo)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_DEMONSTRATION_SO_CLOCK_MACHINE, s->dir);
    s->demo_now = now;
    s->clock = demo_clock;
    s->clock_user = s;
    return 0;
}

static void read_clock(struct state *s, const struct state_options *opt)
{
    s->clock = opt->clock ? opt->clock : wall_clock;
    s->clock_user = opt->clock_user;
    if (opt->clock_rules)
        s->rules = *opt->clock_rules;
    else if (opt->clock == NULL)
        s->rules = (struct state_clock_rules){clock_built(), clock_synchronised,
                                              opt->clock_is_right, opt->clock_go_on};
}

int state_open(struct state **ret, const struct state_options *opt, struct err *err)
{
    struct state *s;
    int r;

    if (sodium_init() < 0)
        return err_fail(err, CE_BUG, ERR_STATE_LIBSODIUM_DOES_NOT_START);
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return err_nomem(err);
    s->content = BUF_INIT(CONTENT_MAX);
    read_clock(s, opt);
    s->evidence_max = opt->evidence_max ? opt->evidence_max : EVIDENCE_MAX;
    s->writable = opt->mode != STATE_READ;
    if (s->writable)
        identity_read(&s->identity);
    r = resolve_dir(s, opt, err);
    if (r == 0)
        r = open_db(s, opt, err);
    if (r == 0)
        r = load_demo(s, opt, err);
    if (r == 0 && !opt->without_key)
        r = key_load(s, opt->mode == STATE_CREATE, err);
    if (r < 0) {
        state_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

struct state *state_free(struct state *s)
{
    if (s == NULL)
        return NULL;
    if (s->db != NULL)
        db_rollback(s->db);
    db_close(s->db);
    db_close(s->made);
    scope_done(&s->scope);
    waiting_done(&s->waiting);
    units_memo_done(&s->units);
    for (size_t i = 0; i < STATE_KEPT; i++)
        if (s->kept[i].key)
            s->kept[i].drop(s->kept[i].thing);
    buf_done(&s->content);
    sodium_memzero(s->key, sizeof(s->key));
    free(s);
    return NULL;
}

void *state_kept(const struct state *s, const void *key)
{
    for (size_t i = 0; i < STATE_KEPT; i++)
        if (s->kept[i].key == key)
            return s->kept[i].thing;
    return NULL;
}

int state_keep(struct state *s, const void *key, void *thing, void (*drop)(void *x))
{
    for (size_t i = 0; i < STATE_KEPT; i++) {
        if (s->kept[i].key)
            continue;
        s->kept[i] = (struct state_thing){key, thing, drop};
        return 0;
    }
    drop(thing);
    return -CE_TOO_BIG;
}

const char *state_dir(const struct state *s)
{
    return s->dir;
}

uint64_t state_waits(const struct state *s)
{
    return db_waits(s->db);
}

int64_t state_now(struct state *s)
{
    return s->write_depth > 0 ? s->write_now : s->clock(s->clock_user);
}

int state_stmt(struct state *s, enum sql_id id, struct db_stmt **ret, struct err *err)
{
    return db_stmt(s->db, id, statements[id].sql, ret, err);
}

/* What was read or written since is not there any more. */
static void state_forget(struct state *s)
{
    scope_forget(&s->scope);
    meta_forget(s);
    s->clock_confirmed = false;
}

int state_begin(struct state *s, struct err *err)
{
    int r;

    if (!s->writable)
        return err_fail(err, CE_DENIED, ERR_STATE_STATE_OPEN_FOR_READING_ONLY);
    if (s->explicit_tx)
        return err_fail(err, CE_BUG, ERR_STATE_TRANSACTION_OPEN_ALREADY);
    state_read_end(s);
    r = db_begin(s->db, err);
    s->explicit_tx = r == 0;
    s->act_id = STATE_ID_NONE;
    if (r == 0 && (r = clock_begin(s, err)) < 0)
        state_rollback(s);
    return r;
}

int state_commit(struct state *s, struct err *err)
{
    int r;

    if (!s->explicit_tx || !db_in_transaction(s->db)) {
        state_rollback(s);
        return err_fail(err, CE_CONFLICT, ERR_STATE_TRANSACTION_WAS_ROLLED_BACK_ALREADY);
    }
    r = db_commit(s->db, err);
    s->explicit_tx = false;
    if (r < 0)
        state_forget(s);
    return r;
}

void state_rollback(struct state *s)
{
    db_rollback(s->db);
    s->explicit_tx = false;
    state_forget(s);
}

int state_read_begin(struct state *s, struct err *err)
{
    int r;

    if (db_in_transaction(s->db))
        return 0;
    r = db_begin_read(s->db, err);
    s->reading = r == 0;
    s->scope.compared = false;
    if (!s->writable)
        s->spans_loaded = false; /* whoever writes them does so elsewhere */
    return r;
}

void state_read_end(struct state *s)
{
    if (s->reading && db_in_transaction(s->db) && db_commit(s->db, NULL) < 0)
        db_rollback(s->db);
    s->reading = false;
}

int state_act_begin(struct state *s, struct err *err)
{
    int r;

    if (!s->explicit_tx) {
        r = state_begin(s, err);
        s->act_owns = r == 0;
    } else {
        r = db_save(s->db, err);
    }
    canh_assert(r < 0 || s->explicit_tx); /* an act is always inside a transaction */
    s->act_depth += r == 0;
    return r;
}

struct state_id state_act_id(struct state *s)
{
    if (!s->explicit_tx)
        return id_new();
    if (id_is_none(s->act_id))
        s->act_id = id_new();
    return s->act_id;
}

int state_act_end(struct state *s, int r, struct err *err)
{
    bool outer;
    int c = 0;

    canh_assert(s->act_depth > 0);
    outer = --s->act_depth == 0 && s->act_owns;

    if (outer)
        s->act_owns = false;
    if (outer && r >= 0)
        return (c = state_commit(s, err)) < 0 ? c : r;
    if (outer) {
        state_rollback(s);
    } else if (r < 0) {
        db_undo(s->db);
        state_forget(s);
    } else {
        c = db_release(s->db, err);
    }
    return c < 0 ? c : r;
}

void state_act_undo(struct state *s)
{
    struct err none = ERR_INIT;

    (void)!state_act_end(s, -CE_CONFLICT, &none);
}

int write_begin(struct state *s, struct err *err)
{
    int r = 0;

    if (!s->writable)
        return err_fail(err, CE_DENIED, ERR_STATE_STATE_OPEN_FOR_READING_ONLY);
    if (s->explicit_tx && !db_in_transaction(s->db))
        return err_fail(err, CE_CONFLICT, ERR_STATE_TRANSACTION_WAS_ROLLED_BACK_ALREADY);
    if (s->write_depth == 0 && !s->explicit_tx)
        state_read_end(s);
    if (s->write_depth == 0)
        r = s->explicit_tx ? db_save(s->db, err) : db_begin(s->db, err);
    if (r < 0)
        return r;
    if (s->write_depth == 0)
        s->write_now = state_now(s);
    s->write_depth++;
    if (s->write_depth == 1 && !s->explicit_tx && (r = clock_begin(s, err)) < 0)
        return write_end(s, r, err);
    return 0;
}

int write_end(struct state *s, int r, struct err *err)
{
    canh_assert(s->write_depth > 0);
    if (--s->write_depth > 0)
        return r;
    if (r >= 0) {
        int c = s->explicit_tx ? db_release(s->db, err) : db_commit(s->db, err);

        r = c < 0 ? c : r;
    } else if (s->explicit_tx) {
        db_undo(s->db);
    } else {
        db_rollback(s->db);
    }
    if (r < 0)
        state_forget(s);
    return r;
}

static const char *const role_names[STATE_ROLE_MAX] = {
    [STATE_ROLE_NONE] = "none",      [STATE_OBSERVER] = "observer",
    [STATE_OFFICIAL] = "official",   [STATE_DUTY] = "duty",
    [STATE_SYSADMIN] = "sysadmin",   [STATE_HEAD] = "head",
    [STATE_RESPONDER] = "responder", [STATE_COORDINATOR] = "coordinator",
    [STATE_ADMIN] = "admin",         [STATE_SYSTEM] = "system",
};

const char *state_role_to_str(enum state_role r)
{
    return (unsigned)r < STATE_ROLE_MAX ? role_names[r] : "unknown";
}

enum state_role state_role_from_str(struct slice s)
{
    for (unsigned i = 1; i < STATE_ROLE_MAX; i++)
        if (slice_is(s, role_names[i]))
            return (enum state_role)i;
    return STATE_ROLE_NONE;
}

struct state_actor state_actor_system(void)
{
    return (struct state_actor){.role = STATE_SYSTEM};
}

struct state_actor state_actor_local(void)
{
    return (struct state_actor){.role = STATE_ADMIN};
}

bool state_may_read(struct state *s, const struct state_actor *a, struct state_id unit)
{
    struct scope_view v;

    return scope_view(s, a, &v, NULL) == 0 && scope_sees(&v, unit);
}

bool state_may_write(struct state *s, const struct state_actor *a, struct state_id unit)
{
    struct scope_view v;

    return a->role != STATE_OBSERVER && scope_view(s, a, &v, NULL) == 0 &&
           scope_writes(&v, unit, false);
}

bool state_sees_all(struct state *s, const struct state_actor *a)
{
    struct scope_view v;
    uint32_t i = 0;

    if (scope_view(s, a, &v, NULL) < 0)
        return false;
    while (i < v.scope->count && scope_sees_at(&v, i))
        i++;
    return v.all || (v.scope->count > 0 && i == v.scope->count);
}
