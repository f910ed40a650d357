/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Migrations: forward from every earlier version, all or nothing, the old database kept. */
#include "state/schema.h"

#include <sys/stat.h>

#include "state/db.h"
#include "world.h"

static const char *const steps[] = {
    "CREATE TABLE a (x INTEGER NOT NULL) STRICT; INSERT INTO a VALUES (1), (2)",
    "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'v2'",
    "CREATE TABLE b AS SELECT x * 10 AS x10 FROM a",
};
static const char *const broken[] = {
    "CREATE TABLE a (x INTEGER NOT NULL) STRICT; INSERT INTO a VALUES (1), (2)",
    "ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO nowhere VALUES (1)",
};

struct scratch {
    char dir[64], path[100];
    struct db *db;
};

static void reopen(struct scratch *t)
{
    struct db_options opt = {.write = true, .create = true, .slots = 4};
    struct err err = ERR_INIT;

    db_close(t->db);
    t->db = NULL;
    must(db_open(&t->db, t->path, &opt, &err), &err, "database");
}

static void begin(struct scratch *t)
{
    *t = (struct scratch){.dir = "/tmp/canh-schema-XXXXXX"};
    if (mkdtemp(t->dir) == NULL)
        abort();
    (void)snprintf(t->path, sizeof(t->path), "%s/state.db", t->dir);
    reopen(t);
}

static void end(struct scratch *t)
{
    db_close(t->db);
    rm_tree(t->dir);
}

static unsigned version(struct scratch *t)
{
    unsigned v = 999;

    return db_get_version(t->db, &v, NULL) < 0 ? 999 : v;
}

static bool kept(struct scratch *t, const char *suffix)
{
    char path[140];

    (void)snprintf(path, sizeof(path), "%s%s", t->path, suffix);
    return access(path, F_OK) == 0;
}

static void test_from_every_version(void)
{
    for (unsigned from = 0; from <= CANH_LEN(steps); from++) {
        struct scratch t;
        struct db_stmt *st = NULL;
        struct err err = ERR_INIT;
        char suffix[20];

        begin(&t);
        must(schema_migrate(t.db, t.path, steps, from, &err), &err, "older");
        is_int(version(&t), from, "a database of version %u", from);
        reopen(&t);
        is_int(schema_migrate(t.db, t.path, steps, CANH_LEN(steps), &err), 0, "goes forward");
        is_int(version(&t), CANH_LEN(steps), "to the newest");
        must(db_stmt(t.db, 0, "SELECT sum(a.x), min(a.y), (SELECT sum(x10) FROM b) FROM a", &st,
                     &err),
             &err, "select");
        ok(db_step(st, &err) > 0 && db_int(st, 0) == 3 && slice_is(db_text(st, 1), "v2") &&
               db_int(st, 2) == 30,
           "with its rows");
        db_done(&st);
        (void)snprintf(suffix, sizeof(suffix), ".before-%03u", from + 1);
        ok(kept(&t, suffix) == (from > 0 && from < CANH_LEN(steps)), "the old one is kept");
        is_int(schema_migrate(t.db, t.path, steps, CANH_LEN(steps), &err), 0,
               "again: nothing to do");
        end(&t);
    }
}

static void test_failing(void)
{
    struct scratch t;
    struct err err = ERR_INIT;

    begin(&t);
    ok(schema_migrate(t.db, t.path, broken, 2, &err) < 0, "a script fails");
    is_int(version(&t), 1, "and nothing of it stays");
    is_int(db_exec(t.db, "INSERT INTO a (x) VALUES (3)", &err), 0, "the table is as before");
    ok(db_exec(t.db, "SELECT y FROM a", &err) < 0, "without the new column");
    end(&t);
}

static void test_newer(void)
{
    struct scratch t;
    struct err err = ERR_INIT;

    begin(&t);
    must(schema_migrate(t.db, t.path, steps, 3, &err), &err, "new");
    is_int(schema_migrate(t.db, t.path, steps, 2, &err), -CE_UNKNOWN,
           "a newer database is not touched");
    end(&t);
}

/* A copy that was cut off is made again. */
static void test_cut_copy(void)
{
    struct scratch t;
    struct err err = ERR_INIT;
    char part[140];
    struct stat st;

    begin(&t);
    must(schema_migrate(t.db, t.path, steps, 1, &err), &err, "old");
    (void)snprintf(part, sizeof(part), "%s.before-002.part", t.path);
    must(file_replace(part, SLICE("rubbish"), 0600, &err), &err, "part");
    is_int(schema_migrate(t.db, t.path, steps, 3, &err), 0, "an attempt that was cut off");
    ok(access(part, F_OK) < 0, "leaves no part behind");
    part[strlen(part) - 5] = 0;
    ok(stat(part, &st) == 0 && st.st_size > 4000 && (st.st_mode & 0777) == 0600,
       "the copy is whole, and its owner's alone");
    end(&t);
}

/* What is shipped. */
static void test_real(void)
{
    struct scratch t;
    struct err err = ERR_INIT;

    begin(&t);
    for (unsigned v = 1; v <= schema_count; v++) {
        is_int(schema_migrate(t.db, t.path, schema_scripts, v, &err), 0, "schema %03u", v);
        is_int(db_check(t.db, false, &err), 0, "is sound");
    }
    reopen(&t);
    is_int(version(&t), schema_count, "the newest stands");
    end(&t);
}

int main(void)
{
    test_from_every_version();
    test_failing();
    test_newer();
    test_cut_copy();
    test_real();
    return tap_done();
}
