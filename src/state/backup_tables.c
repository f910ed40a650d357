/* SPDX-License-Identifier: Apache-2.0 */
/* Every table by its rows' hash, and evidence files from one folder to another. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/backup_internal.h"
#include "state/entity.h"
#include "state/store.h"

#define T(name, key)                                                                               \
    {                                                                                              \
        name, "SELECT * FROM \"" name "\" ORDER BY " key                                           \
    }
#define T_ENTITY(id, thing) T(#thing, "id"),

/* Every table, as it is stored, in the order of its key: what is hashed and compared. */
static const struct {
    const char *name, *sql;
} tables[] = {
    ENTITIES(T_ENTITY) T("meta", "name"),
    T("counter", "name, year"),
    T("consumed", "consumer"),
    T("audit", "seq"),
    T("status", "unit, obligation"),
    T("value", "submission, field, \"row\""),
    T("session", "token"),
    T("invitation", "token"),
    T("attempt", "name"),
    T("account_step", "account"),
};

_Static_assert(BACKUP_TABLES == CANH_LEN(tables), "one slot for each table");

struct path path_of(const char *dir, const char *name)
{
    struct path p;

    (void)snprintf(p.s, sizeof(p.s), "%.3900s%s%s", dir, name[0] ? "/" : "", name);
    return p;
}

unsigned backup_table(struct slice name)
{
    unsigned i = 0;

    while (i < CANH_LEN(tables) && !slice_is(name, tables[i].name))
        i++;
    return i;
}

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

int backup_hash_table(struct db *db, unsigned i, struct manifest_table *ret, struct err *err)
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

int backup_hash_file(const char *path, uint8_t to[STORE_HASH], uint64_t *ret_size, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return err_fail_sys(err, errno, ERR_BASE_FILE, path);
    return store_hash(fd, to, ret_size, err);
}

int backup_copy_evidence(const char *from, const char *to, const uint8_t sha256[STORE_HASH],
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
        return err_fail(err, CE_NOT_FOUND, ERR_STATE_MISSING, in);
    r = file_mkdirs(folder, 0700, err);
    if (r == 0)
        r = file_copy(in, out, 0600, err);
    if (r == 0)
        r = backup_hash_file(out, is, &size, err);
    if (r == 0 && memcmp(is, sha256, STORE_HASH) != 0) {
        file_remove(out, NULL);
        r = err_fail(err, CE_CORRUPT, ERR_STATE_DAMAGED, in);
    }
    return r;
}
