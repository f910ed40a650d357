/* SPDX-License-Identifier: Apache-2.0 */
#include "state/schema.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/db.h"
#include "state/statements.h"

static int keep_copy(struct db *db, const char *path, unsigned version, struct err *err)
{
    char copy[PATH_MAX], part[PATH_MAX + 8];
    int r;

    if (snprintf(copy, sizeof(copy), "%s.before-%03u", path, version + 1) >= (int)sizeof(copy))
        return err_fail(err, CE_TOO_BIG, ERR_STATE_PATH_TOO_LONG, path);
    if (access(copy, F_OK) == 0) /* an attempt was cut off after its copy, which is as good */
        return 0;
    (void)snprintf(part, sizeof(part), "%s.part", copy);
    r = file_remove(part, err);
    if (r == 0)
        r = db_copy(db, part, err);
    return r < 0 ? r : file_rename(part, copy, err);
}

static int migrate_one(struct db *db, const char *script, unsigned version, struct err *err)
{
    unsigned now = 0;
    int r = db_begin(db, err);

    if (r == 0)
        r = db_get_version(db, &now, err);
    /* Another program may have migrated while we waited for the lock. */
    if (r == 0 && now == version) {
        r = db_exec(db, script, err);
        if (r == 0)
            r = db_set_version(db, version + 1, err);
    }
    if (r == 0)
        r = db_commit(db, err);
    db_rollback(db);
    return r;
}

int schema_migrate(struct db *db, const char *path, const char *const *scripts, unsigned count,
                   struct err *err)
{
    unsigned version = 0;
    int r = db_get_version(db, &version, err);

    if (r < 0)
        return r;
    if (version > count)
        return err_fail(err, CE_UNKNOWN, ERR_STATE_SCHEMA_VERSION_NEWER_THAN_THIS, path, version,
                        count);
    if (version > 0 && version < count)
        r = keep_copy(db, path, version, err);
    for (; r == 0 && version < count; version++)
        r = migrate_one(db, scripts[version], version, err);
    return r;
}

int schema_make(struct db **ret, unsigned slots, struct err *err)
{
    const struct db_options opt = {.write = true, .slots = slots};
    struct db *db = NULL;
    int r = db_open(&db, ":memory:", &opt, err);

    for (unsigned i = 0; r == 0 && i < schema_count; i++)
        r = db_exec(db, schema_scripts[i], err);
    if (r < 0)
        db_close(db);
    else
        *ret = db;
    return r;
}

/* 0: both are at their end, or the rows are alike. */
static bool rows_differ(struct db_stmt *a, int more_a, struct db_stmt *b, int more_b)
{
    if (more_a != more_b)
        return true;
    for (unsigned i = 0; more_a > 0 && i < 4; i++)
        if (!slice_eq(db_text(a, i), db_text(b, i)))
            return true;
    return false;
}

int schema_compare(struct db *db, struct db *like, bool *ret_same, char ret_name[SCHEMA_NAME],
                   struct err *err)
{
    struct db_stmt *a = NULL, *b = NULL;
    int r = db_stmt(db, SQL_SCHEMA, statements[SQL_SCHEMA].sql, &a, err);
    int more_a = 1, more_b = 1;

    *ret_same = true;
    if (r == 0)
        r = db_stmt(like, SQL_SCHEMA, statements[SQL_SCHEMA].sql, &b, err);
    while (r == 0 && *ret_same && more_a > 0) {
        more_a = db_step(a, err);
        more_b = more_a < 0 ? 0 : db_step(b, err);
        r = CANH_MIN(CANH_MIN(more_a, more_b), 0);
        *ret_same = r < 0 || !rows_differ(a, more_a, b, more_b);
    }
    if (r == 0 && !*ret_same) {
        struct slice name = more_a > 0 ? db_text(a, 0) : db_text(b, 0);

        name = slice_head(name, CANH_MIN(name.n, (size_t)SCHEMA_NAME - 1));
        memcpy(ret_name, name.p, name.n);
        ret_name[name.n] = 0;
    }
    db_done(&a);
    db_done(&b);
    return r;
}
