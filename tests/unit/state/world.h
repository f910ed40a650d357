/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_STATE_WORLD_H
#define CANH_TESTS_STATE_WORLD_H
/*
 * A small invented province in a scratch folder, for the tests of the state room: a root, a lead
 * department, a centre with a section below it, two communes. Every name is made up.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "state/assets.h"
#include "state/people.h"
#include "state/state.h"
#include "state/units.h"
#include "tap.h"

#define UNUSED __attribute__((unused))
/* 2026-11-22T00:00:00Z, where every test begins. */
#define T0 (INT64_C(1795305600) * TIME_SECOND)

struct world {
    char dir[64];
    int64_t now;
    struct state *s;
    struct arena arena;
    struct state_actor local; /* administrator of everything */
    struct state_id root, dept, centre, section, commune_a, commune_b;
    struct state_id person_a, person_a2, person_b, person_c; /* of commune a, a, b, the centre */
};

UNUSED static int64_t world_clock(void *u)
{
    return ((struct world *)u)->now;
}

UNUSED static int world_rm(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st, (void)flag, (void)f;
    return remove(path);
}

UNUSED static void rm_tree(const char *dir)
{
    (void)nftw(dir, world_rm, 16, FTW_DEPTH | FTW_PHYS);
}

UNUSED static bool must(int r, const struct err *err, const char *what)
{
    if (r < 0)
        ok(false, "%s: %s", what, err_words(err));
    return r >= 0;
}

UNUSED static struct state *world_reopen(struct world *w, enum state_mode mode)
{
    struct state_options opt = {.dir = w->dir, .mode = mode, .clock = world_clock, .clock_user = w};
    struct err err = ERR_INIT;

    w->s = state_free(w->s);
    must(state_open(&w->s, &opt, &err), &err, "opening the state");
    return w->s;
}

/* An empty state in a new scratch folder. */
UNUSED static void world_empty(struct world *w)
{
    const char *tmp = getenv("TMPDIR");

    *w = (struct world){.now = T0, .arena = ARENA_INIT(64u << 20)};
    unsetenv("CANH_STATE_KEY");
    unsetenv("CREDENTIALS_DIRECTORY");
    (void)snprintf(w->dir, sizeof(w->dir), "%s/canh-state-XXXXXX",
                   tmp && strlen(tmp) < 30 ? tmp : "/tmp");
    if (mkdtemp(w->dir) == NULL)
        abort();
    w->local = state_actor_local();
    world_reopen(w, STATE_CREATE);
}

UNUSED static struct state_id world_unit(struct world *w, const char *code, const char *name,
                                         const char *kind, struct state_id parent)
{
    struct state_unit x = {
        .parent = parent,
        .code = slice_str(code),
        .name = slice_str(name),
        .kind = slice_str(kind),
        .valid_from = T0 - 1000 * TIME_DAY,
        .invented = true,
    };
    struct err err = ERR_INIT;

    must(state_unit_put(w->s, &w->local, &x, &err), &err, code);
    return x.id;
}

UNUSED static struct state_id world_person(struct world *w, struct state_id unit, const char *code,
                                           const char *name)
{
    struct state_person x = {
        .unit = unit,
        .code = slice_str(code),
        .name = slice_str(name),
        .valid_from = T0 - 100 * TIME_DAY,
        .invented = true,
    };
    struct err err = ERR_INIT;

    must(state_person_put(w->s, &w->local, &x, &err), &err, code);
    return x.id;
}

UNUSED static void world_open(struct world *w)
{
    world_empty(w);
    w->root = world_unit(w, "TINH", "Tỉnh Giả Định", "authority", STATE_ID_NONE);
    w->dept = world_unit(w, "SO", "Sở Giả Định", "authority", w->root);
    w->centre = world_unit(w, "TT", "Trung tâm Giả Định", "centre", w->root);
    w->section = world_unit(w, "TT-1", "Phòng Giả Định 1", "service-unit", w->centre);
    w->commune_a = world_unit(w, "XA-A", "Xã Giả Định A", "commune", w->root);
    w->commune_b = world_unit(w, "XA-B", "Xã Giả Định B", "commune", w->root);
    w->person_a = world_person(w, w->commune_a, "A1", "Người Thử Một");
    w->person_a2 = world_person(w, w->commune_a, "A2", "Người Thử Hai");
    w->person_b = world_person(w, w->commune_b, "B1", "Người Thử Ba");
    w->person_c = world_person(w, w->centre, "C1", "Người Thử Bốn");
}

UNUSED static void world_close(struct world *w)
{
    w->s = state_free(w->s);
    arena_done(&w->arena);
    rm_tree(w->dir);
}

UNUSED static struct state_actor actor(struct state_id person, struct state_id unit,
                                       enum state_role role)
{
    return (struct state_actor){.person = person,
                                .unit = unit,
                                .role = role,
                                .purpose = SLICE("kiểm thử")};
}

#endif
