/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogue and holidays as canh carries them: every page about duties wants them, and to read them
 * took as long as to judge a unit. */
#include <stdlib.h>

#include "calendar/calendar.h"
#include "data/data.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"

struct shipped {
    struct arena arena;
    const struct catalogue *catalogue;
    const struct calendar *calendar;
};
static const char shipped_key;

struct slice proof_data(const char *name)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, slice_str(name)) : NULL;

    return f ? data_bytes(f) : SLICE_NULL;
}

static void shipped_drop(void *x)
{
    struct shipped *t = x;

    arena_done(&t->arena);
    free(t);
}

static int shipped_read(struct state *s, const struct shipped **ret, struct err *err)
{
    struct shipped *t = state_kept(s, &shipped_key);
    int r;

    *ret = t;
    if (t)
        return 0;
    t = calloc(1, sizeof(*t));
    if (t == NULL)
        return err_nomem(err);
    t->arena = ARENA_INIT((size_t)16 << 20);
    r = catalogue_parse(&t->arena, proof_data("catalogue.yaml"), &t->catalogue, err);
    if (r == 0)
        r = calendar_parse(&t->arena, proof_data("holidays-vn.yaml"), &t->calendar, err);
    if (r < 0) {
        shipped_drop(t);
        return r;
    }
    *ret = t;
    r = state_keep(s, &shipped_key, t, shipped_drop);
    return r < 0 ? err_code(err, -r) : 0;
}

int proof_catalogue(struct state *s, const struct catalogue **ret, struct err *err)
{
    const struct shipped *t;
    int r = shipped_read(s, &t, err);

    if (r == 0)
        *ret = t->catalogue;
    return r;
}

int proof_calendar(struct state *s, const struct calendar **ret, struct err *err)
{
    const struct shipped *t;
    int r = shipped_read(s, &t, err);

    if (r == 0)
        *ret = t->calendar;
    return r;
}
