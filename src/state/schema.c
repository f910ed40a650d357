/* SPDX-License-Identifier: Apache-2.0 */
#include "state/schema.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/db.h"

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
