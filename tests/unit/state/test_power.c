/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * Power goes at any moment: what was promised is there, what is there is whole, and the audit
 * holds. CANH_POWER_CUTS: how many moments are tried.
 */
#include <stdlib.h>

#include "power.h"
#include "state/audit.h"
#include "state/checks.h"
#include "state/internal.h"
#include "world.h"

enum { UNITS = 14 };

static int put_unit(struct world *w, unsigned i)
{
    char code[16], name[2000];
    struct state_unit x = {.parent = w->root, .kind = SLICE("agency"), .valid_from = T0 - TIME_DAY};
    struct err err = ERR_INIT;

    (void)snprintf(code, sizeof(code), "M%u", i);
    memset(name, 'x', sizeof(name) - 1);
    name[900] = 0;
    x.code = slice_str(code);
    x.name = slice_str(name);
    return state_unit_put(w->s, &w->local, &x, &err);
}

/* Writes, promising each one when it is done; closes in between, which empties the log. */
static void write_some(struct world *w)
{
    struct err err = ERR_INIT;

    for (unsigned i = 0; i < UNITS; i++) {
        if (i == UNITS / 2)
            world_reopen(w, STATE_WRITE);
        if (i == UNITS / 2 + 3)
            must(db_exec(w->s->db, "PRAGMA wal_checkpoint(RESTART)", &err), &err, "checkpoint");
        ok(put_unit(w, i) == 0, "written");
        power_promise((int64_t)i + 1);
    }
    w->s = state_free(w->s);
}

static int count_unit(void *u, const struct state_unit *x)
{
    *(int64_t *)u += slice_starts(x->code, SLICE("M"));
    return 0;
}

/* 0: everything promised is there; else what is wrong. */
static const char *look(struct world *w, const char *dir, int64_t promised)
{
    struct state_options opt = {.dir = dir,
                                .mode = STATE_WRITE,
                                .clock = world_clock,
                                .clock_user = w,
                                .without_key = true};
    struct state_audit_report rep;
    struct state_query q = {.limit = 0};
    struct state *s = NULL;
    int64_t found = 0;
    const char *wrong = NULL;

    if (state_open(&s, &opt, NULL) < 0)
        return "it does not open";
    if (db_check(s->db, false, NULL) < 0)
        wrong = "its pages are damaged";
    else if (state_audit_verify(s, NULL, &rep, NULL) < 0)
        wrong = "the audit does not hold";
    else if (state_unit_each(s, &w->local, &q, count_unit, &found, NULL) < 0)
        wrong = "units cannot be read";
    else if (found < promised)
        wrong = "what was promised is not there";
    else if (found > promised + 1)
        wrong = "more is there than was written";
    s = state_free(s);
    return wrong;
}

int main(void)
{
    const char *text = getenv("CANH_POWER_CUTS");
    size_t cuts = text ? (size_t)strtoul(text, NULL, 10) : 120, bad = 0;
    char to[80], extra[100];
    struct world w;

    world_open(&w);
    w.s = state_free(w.s);
    if (!ok(power_begin(w.dir), "a disk of our own"))
        return tap_done();
    world_reopen(&w, STATE_WRITE);
    write_some(&w);
    (void)snprintf(to, sizeof(to), "%s-cut", w.dir);
    ok(file_mkdirs(to, 0700, NULL) == 0, "a folder for what is found");
    for (size_t i = 0; i < cuts; i += TAP_EVERY(4)) {
        size_t n = i * (power_notes() + 1) / cuts;
        int64_t promised = 0;
        const char *wrong;

        (void)snprintf(extra, sizeof(extra), "%s/state.db-shm", to);
        (void)remove(extra);
        if (!power_cut(n, i, to, &promised)) {
            ok(false, "the image could not be written");
            break;
        }
        wrong = look(&w, to, promised);
        bad += wrong != NULL;
        if (wrong != NULL)
            tap_note("cut %zu after %zu notes, %lld promised: %s", i, n, (long long)promised,
                     wrong);
    }
    ok(power_notes() > 100, "%zu writes, cuts and syncs were noted", power_notes());
    ok(bad == 0, "%zu moments without power, %zu bad", cuts / TAP_EVERY(4), bad);
    power_end();
    rm_tree(to);
    world_close(&w);
    return tap_done();
}
