/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * The state room at the size of a province: 1,000 units × 24 machine-proven obligations × 90 days
 * of proofs read in bulk; one proof added and read back; rows written with their audit; the audit
 * verified. Prints rates; touches only a scratch folder.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/file.h"
#include "base/time.h"
#include "state/evidence.h"
#include "state/internal.h"
#include "state/plans.h"
#include "state/units.h"

enum { UNITS = 1000, OBLIGATIONS = 24, DAYS = 90 };

static void die(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "%s: %s\n", what, err_words(err));
    exit(1);
}

static double since(int64_t t)
{
    return (double)(time_now() - t) / 1e9;
}

static void say(const char *what, double n, double s)
{
    (void)printf("%-44s %10.0f in %7.3f s  %12.0f/s\n", what, n, s, n / s);
}

static struct state_id add_units(struct state *s, const struct state_actor *a)
{
    struct state_unit root = {.code = SLICE("R"), .name = SLICE("Gốc"), .kind = SLICE("authority")};
    struct err err = ERR_INIT;
    int64_t t = time_now();

    if (state_begin(s, &err) < 0 || state_unit_put(s, a, &root, &err) < 0)
        die("unit", &err);
    for (int i = 1; i < UNITS; i++) {
        char code[16];
        struct state_unit x = {.parent = root.id,
                               .name = SLICE("Đơn vị"),
                               .kind = SLICE("commune")};

        (void)snprintf(code, sizeof(code), "U%d", i);
        x.code = slice_str(code);
        if (state_unit_put(s, a, &x, &err) < 0)
            die("unit", &err);
    }
    if (state_commit(s, &err) < 0)
        die("commit", &err);
    say("units put (3 rows and entries each)", UNITS, since(t));
    return root.id;
}

static void add_plan(struct state *s, const struct state_actor *a, struct state_id root)
{
    struct state_plan plan = {.unit = root, .code = SLICE("p"), .title = SLICE("P"), .state = 1};
    struct state_evidence e = {.unit = root, .kind = SLICE("k"), .method = 1, .strength = 1};
    struct err err = ERR_INIT;

    if (state_begin(s, &err) < 0 || state_plan_put(s, a, &plan, &err) < 0 ||
        state_evidence_put(s, a, &e, &err) < 0)
        die("plan", &err);
    for (int i = 0; i < OBLIGATIONS; i++) {
        char code[16];
        struct state_obligation o = {.unit = root, .plan = plan.id, .title = SLICE("O")};

        (void)snprintf(code, sizeof(code), "O%d", i);
        o.code = slice_str(code);
        if (state_obligation_put(s, a, &o, &err) < 0)
            die("obligation", &err);
    }
    if (state_commit(s, &err) < 0)
        die("commit", &err);
}

/* Straight SQL: writing two million proofs one by one is not what is measured. */
static void add_proofs(struct state *s)
{
    struct err err = ERR_INIT;
    int64_t t = time_now();

    if (db_exec(s->db,
                "WITH RECURSIVE day(d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM day WHERE d < 89)"
                "INSERT INTO proof (id, version, created, changed, unit, obligation, evidence,"
                " start, stop, collected, expires, verdict, strength)"
                " SELECT randomblob(16), 1, 0, 0, u.id, o.id, (SELECT id FROM evidence),"
                " d * 86400000000000, (d + 1) * 86400000000000, d * 86400000000000,"
                " 9223372036854775807, 1, 3 FROM unit u, obligation o, day ORDER BY u.id, o.id, d",
                &err) < 0)
        die("proofs", &err);
    say("proofs filled in by SQL", (double)UNITS * OBLIGATIONS * DAYS, since(t));
}

static int count_proof(void *u, const struct state_proof *x)
{
    *(int64_t *)u += x->verdict;
    return 0;
}

static void measure(struct state *s)
{
    struct state_actor sys = state_actor_system();
    struct state_id unit = STATE_ID_NONE, obligation = STATE_ID_NONE, evidence = STATE_ID_NONE;
    struct db_stmt *st = NULL;
    struct err err = ERR_INIT;
    int64_t n = 0, t = time_now();

    if (state_proof_scan(s, &sys, INT64_MIN, INT64_MAX, count_proof, &n, &err) < 0)
        die("scan", &err);
    say("proofs scanned", (double)n, since(t));
    if (state_stmt(s, SQL_PROOF_SCAN, &st, &err) == 0) {
        db_bind_int(st, 1, INT64_MIN);
        db_bind_int(st, 2, INT64_MAX);
        if (db_step(st, &err) > 0) {
            unit = db_id(st, 0);
            obligation = db_id(st, 1);
            evidence = db_id(st, 8);
        }
    }
    db_done(&st);
    t = time_now();
    for (int i = 0; i < 200; i++) {
        struct state_proof x = {.unit = unit,
                                .obligation = obligation,
                                .evidence = evidence,
                                .start = i * TIME_DAY + 1,
                                .stop = (i + 1) * TIME_DAY,
                                .verdict = STATE_SHOWS_MET};

        n = 0;
        if (state_proof_put(s, &sys, &x, &err) < 0 ||
            state_proof_of(s, &sys, obligation, unit, 0, 90 * TIME_DAY, count_proof, &n, &err) < 0)
            die("one proof", &err);
    }
    say("one proof put, synced, its 90 days read back", 200, since(t));
}

static void measure_audit(struct state *s, const struct state_actor *a)
{
    struct state_audit_report rep;
    struct state_evidence e = {.kind = SLICE("k"), .method = 1, .strength = 1};
    struct state_unit *units = NULL;
    struct arena arena = ARENA_INIT(64u << 20);
    struct err err = ERR_INIT;
    size_t count = 0;
    int64_t t;

    if (state_units_at(s, a, 0, &arena, &units, &count, &err) < 0 || state_begin(s, &err) < 0)
        die("units", &err);
    t = time_now();
    for (int i = 0; i < 20000; i++) {
        e.unit = units[(size_t)i % count].id;
        e.id = STATE_ID_NONE;
        e.version = 0;
        if (state_evidence_put(s, a, &e, &err) < 0)
            die("evidence", &err);
    }
    say("evidence put in one transaction", 20000, since(t));
    if (state_commit(s, &err) < 0)
        die("commit", &err);
    if (db_exec(s->db, "DELETE FROM proof WHERE created = 0", &err) < 0)
        die("delete", &err);
    t = time_now();
    if (state_audit_verify(s, NULL, &rep, &err) < 0)
        die("verify", &err);
    say("audit entries verified, rows compared", (double)rep.entries, since(t));
    arena_done(&arena);
}

int main(void)
{
    char dir[] = "/tmp/canh-bench-XXXXXX";
    struct state_options opt = {.dir = dir, .mode = STATE_CREATE};
    struct state_actor local = state_actor_local();
    struct state *s = NULL;
    struct err err = ERR_INIT;

    if (mkdtemp(dir) == NULL || state_open(&s, &opt, &err) < 0)
        die("open", &err);
    add_plan(s, &local, add_units(s, &local));
    add_proofs(s);
    measure(s);
    measure_audit(s, &local);
    s = state_free(s);
    file_remove_tree(dir, NULL);
    return 0;
}
