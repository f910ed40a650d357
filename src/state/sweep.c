/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence files against the rows that name them. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "lang/err_state.h"
#include "state/evidence.h"
#include "state/internal.h"
#include "state/store.h"

static int is_named(struct state *s, const uint8_t sha256[STORE_HASH], bool *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_EVIDENCE_NAMED, &st, err);

    if (r < 0)
        return r;
    db_bind_blob(st, 1, slice_of(sha256, STORE_HASH));
    r = db_step(st, err);
    db_done(&st);
    *ret = r > 0;
    return r < 0 ? r : 0;
}

int state_evidence_forget(struct state *s, const uint8_t sha256[STORE_HASH])
{
    bool named = true;
    int r = write_begin(s, NULL); /* so that no other writer names it meanwhile */

    if (r < 0)
        return r;
    r = is_named(s, sha256, &named, NULL);
    if (r == 0 && !named)
        r = store_remove(s->dir, sha256, NULL);
    return write_end(s, r, NULL);
}

struct sweep {
    struct state *s;
    struct state_evidence_check *rep;
    bool remove;
    struct err *err;
};

/* Files under way belong to a writer that may still be at work: only old ones are orphans. */
static bool is_old(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && time_now() - (int64_t)st.st_mtime * TIME_SECOND > TIME_HOUR;
}

static int sweep_one(void *u, const uint8_t *sha256, const char *path)
{
    struct sweep *w = u;
    bool named = false;
    int r = sha256 ? is_named(w->s, sha256, &named, w->err) : 0;

    if (r < 0 || named)
        return r;
    w->rep->orphans++;
    if (!w->remove || !is_old(path))
        return 0;
    return sha256 ? state_evidence_forget(w->s, sha256) : file_remove(path, w->err);
}

static int check_file(struct state *s, struct slice sha256, struct state_evidence_check *rep)
{
    CANH_CLEANUP(fd_closep) int fd = -1;
    struct stat st;
    int r;

    if (sha256.n != STORE_HASH)
        return -CE_CORRUPT;
    r = store_open(s->dir, sha256.p, true, &fd, NULL);
    if (r == 0 && fstat(fd, &st) == 0)
        rep->bytes += (uint64_t)st.st_size;
    return r;
}

int state_evidence_verify(struct state *s, bool remove_orphans, struct state_evidence_check *ret,
                          struct err *err)
{
    struct sweep w = {s, ret, remove_orphans && s->writable, err};
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_EVIDENCE_FILES, &st, err);

    *ret = (struct state_evidence_check){.files = 0};
    if (r < 0)
        return r;
    while ((r = db_step(st, err)) > 0) {
        int c = check_file(s, db_blob(st, 0), ret);

        ret->files++;
        ret->missing += c == -CE_NOT_FOUND;
        ret->damaged += c < 0 && c != -CE_NOT_FOUND;
    }
    db_done(&st);
    if (r == 0)
        r = store_each(s->dir, sweep_one, &w, err);
    if (r == 0 && (ret->missing || ret->damaged))
        r = err_fail(err, CE_CORRUPT, ERR_STATE_EVIDENCE_FILES_MISSING_DAMAGED, ret->missing,
                     ret->damaged);
    return r;
}
