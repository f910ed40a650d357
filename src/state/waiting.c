/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many alerts wait, by unit: every page of the duty officer says it, and after a storm it is a
 * walk over a hundred thousand entries of an index. So it is kept while nothing was written; from
 * MANY on also for a second in which something was.
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/time.h"
#include "state/alerts.h"
#include "state/internal.h"

enum { MANY = 1000 };
#define MANY_LAST TIME_SECOND

void waiting_done(struct waiting *w)
{
    free(w->rows);
    *w = (struct waiting){.rows = NULL};
}

static bool is_current(const struct waiting *w, int64_t data_version, int64_t written, int64_t now)
{
    if (!w->valid)
        return false;
    if (w->data_version == data_version && w->written == written)
        return true;
    return w->total >= MANY && now >= w->at && now - w->at < MANY_LAST;
}

static int add_row(struct waiting *w, struct state_id unit, size_t n, struct err *err)
{
    if (!array_room(w->rows, w->count, w->room, UINT32_MAX))
        return err_nomem(err);
    w->rows[w->count++] = (struct waiting_unit){unit, n};
    w->total += n;
    return 0;
}

static int count_anew(struct state *s, struct waiting *w, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = state_stmt(s, SQL_ALERT_COUNTS, &st, err);

    w->count = 0;
    w->total = 0;
    if (r < 0)
        return r;
    db_bind_int(st, 1, STATE_ALERT_NEW);
    while ((r = db_step(st, err)) > 0 &&
           (r = add_row(w, db_id(st, 0), (size_t)db_int(st, 1), err)) == 0)
        ;
    db_done(&st);
    return r;
}

int waiting_read(struct state *s, const struct waiting **ret, struct err *err)
{
    struct waiting *w = &s->waiting;
    int64_t version, written = db_written(s->db), now = state_now(s);
    int r = db_data_version(s->db, &version, err);

    *ret = w;
    if (r < 0 || is_current(w, version, written, now))
        return r;
    r = count_anew(s, w, err);
    w->data_version = version;
    w->written = written;
    w->at = now;
    w->valid = r == 0 && s->write_depth == 0 && !s->explicit_tx; /* what may be rolled back */
    return r;
}
