/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * Every column of every table changed beside the program, every table with a row taken out, every
 * index dropped: verify sees each of them, but for the tables that it says it does not compare.
 */
#include <sqlite3.h>

#include "err_words.h"
#include "rows.h"

static struct rows rows;

enum { COLUMNS_MAX = 1024 };

struct place {
    char table[64], column[64];
    bool gap;
    int64_t rows;
};

static struct place places[COLUMNS_MAX];
static size_t place_count;

static bool is_gap(const char *table)
{
    for (size_t i = 0; i < state_audit_gap_count; i++)
        if (strcmp(table, state_audit_gaps[i].table) == 0)
            return true;
    return false;
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t v = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return v;
}

/* The text with # as the table and @ as the column. */
static void put_sql(struct buf *out, const char *text, const struct place *p)
{
    for (; *text; text++) {
        if (*text != '#' && *text != '@')
            buf_putc(out, (uint8_t)*text);
        else
            buf_printf(out, "\"%s\"", *text == '#' ? p->table : p->column);
    }
}

/* The names are read by a connection of its own, with nothing of the program between. */
static void read_places(const struct world *w)
{
    struct buf sql = BUF_INIT(200);
    char path[128];
    sqlite3_stmt *st = NULL;
    sqlite3 *db = NULL;

    (void)snprintf(path, sizeof(path), "%s/state.db", w->dir);
    ok(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, "opened beside");
    ok(sqlite3_prepare_v2(db,
                          "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
                          " WHERE m.type = 'table' ORDER BY 1, c.cid",
                          -1, &st, NULL) == SQLITE_OK,
       "its columns can be read");
    for (place_count = 0; place_count < COLUMNS_MAX && sqlite3_step(st) == SQLITE_ROW;) {
        struct place *p = &places[place_count++];

        (void)snprintf(p->table, sizeof(p->table), "%s", sqlite3_column_text(st, 0));
        (void)snprintf(p->column, sizeof(p->column), "%s", sqlite3_column_text(st, 1));
        buf_clear(&sql);
        put_sql(&sql, "SELECT count(*) FROM #", p);
        p->gap = is_gap(p->table);
        p->rows = ask(db, buf_cstr(&sql));
    }
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(db);
    buf_done(&sql);
}

static void run(struct world *w, const char *sql)
{
    struct err err = ERR_INIT;

    must(db_exec(w->s->db, sql, &err), &err, sql);
}

/* Whether verify sees the change, which is undone. 1: seen, 0: not, -1: there is none to be seen.
 */
static int seen(struct world *w, const char *sql, bool of_rows)
{
    struct state_audit_report rep;
    struct err err = ERR_INIT;
    int r;

    run(w, "SAVEPOINT x");
    r = db_exec(w->s->db, sql, &err);
    if (r < 0 || (of_rows && db_changes(w->s->db) == 0))
        r = -1;
    else
        r = state_audit_verify(w->s, NULL, &rep, &err) == -CE_CORRUPT;
    run(w, "ROLLBACK TO x");
    run(w, "RELEASE x");
    return r;
}

/* What a cell is changed to, @ being its column: whatever it holds, something else of another kind.
 */
static const char *const changes[] = {
    "iif(typeof(@) = 'integer' OR typeof(@) = 'real', @ + iif(@ > 9e18, -1, 1),"
    " iif(typeof(@) = 'text', @ || 'x',"
    " iif(typeof(@) = 'blob', zeroblob(32), 1)))",
    "iif(typeof(@) = 'null', 'x', @)",
    "iif(typeof(@) = 'null', zeroblob(16), @)",
    "iif(typeof(@) = 'integer', @ + 4294967296, @)",
    "iif(typeof(@) = 'text' OR typeof(@) = 'null', '', @)",
};

static void change(struct world *w, const struct place *p, unsigned *tried)
{
    bool by_name = strcmp(p->table, "meta") == 0 || strcmp(p->table, "counter") == 0 ||
                   strcmp(p->table, "value") == 0; /* tables without rowid */
    struct buf sql = BUF_INIT(4096);

    /* a sanitizer looks at the program's memory: one change of each column is enough for it */
    for (size_t i = 0; i < CANH_LEN(changes) && (TAP_EVERY(2) == 1 || *tried == 0); i++) {
        int r;

        buf_clear(&sql);
        put_sql(&sql, "UPDATE # SET @ = ", p);
        put_sql(&sql, changes[i], p);
        put_sql(&sql,
                by_name ? " WHERE @ IS NOT "
                        : " WHERE rowid = (SELECT max(rowid) FROM # WHERE @ IS NOT ",
                p);
        put_sql(&sql, changes[i], p);
        buf_puts(&sql, by_name ? "" : ")");
        r = seen(w, buf_cstr(&sql), true);
        *tried += r >= 0;
        if (r == 0)
            ok(false, "%s.%s is not seen: %s", p->table, p->column, changes[i]);
    }
    buf_done(&sql);
}

static void test_columns(struct world *w)
{
    unsigned compared = 0, left = 0;

    for (size_t i = 0; i < place_count; i++) {
        const struct place *p = &places[i];
        unsigned tried = 0;

        if (p->gap) {
            left++;
            continue;
        }
        if (p->rows <= 0)
            ok(false, "%s has no row to change", p->table);
        change(w, p, &tried);
        if (tried == 0)
            ok(false, "%s.%s was not changed", p->table, p->column);
        compared++;
    }
    ok(compared > 500, "%u columns changed, %u of tables that are named", compared, left);
}

static void test_rows(struct world *w)
{
    struct buf sql = BUF_INIT(200);

    for (size_t i = 0; i < place_count; i++) {
        const struct place *p = &places[i];

        if (p->gap || (i > 0 && strcmp(places[i - 1].table, p->table) == 0))
            continue;
        buf_clear(&sql);
        put_sql(&sql, "DELETE FROM #", p);
        ok(seen(w, buf_cstr(&sql), true) == 1, "%s emptied", p->table);
    }
    ok(seen(w, "DELETE FROM asset_role WHERE created = 0 AND code = 'users'", true) == 1,
       "a role that came with the schema taken out");
    ok(seen(w, "UPDATE asset_role SET name_en = 'x' WHERE created = 0 AND code = 'users'", true) ==
           1,
       "or renamed");
    ok(seen(w,
            "INSERT INTO asset_role (id, version, created, changed, code, name_vi, name_en)"
            " VALUES (x'c00000000000000000000000000000ff', 1, 0, 0, 'x', 'x', 'x')",
            true) == 1,
       "or put in");
    ok(seen(w, "INSERT INTO meta VALUES ('demo', '1')", true) == 1, "a state made a demonstration");
    ok(seen(w, "UPDATE result SET sealed = 0", true) == 1, "results taken out of their entry");
    ok(seen(w, "DELETE FROM result WHERE at = (SELECT min(at) FROM result)", true) == 1,
       "one result taken out");
    buf_done(&sql);
}

static void test_schema(struct world *w)
{
    ok(seen(w, "DROP INDEX proof_unit", false) == 1, "an index dropped");
    ok(seen(w, "CREATE TABLE more (x) STRICT", false) == -1, "a table of no type is refused");
    ok(seen(w, "CREATE TABLE more (x INTEGER) STRICT", false) == 1, "a table more");
    ok(seen(w, "ALTER TABLE post ADD COLUMN more TEXT", false) == 1, "a column more");
    ok(seen(w, "CREATE TRIGGER t AFTER INSERT ON post BEGIN DELETE FROM audit; END", false) == 1,
       "a trigger, which does not run");
    ok(seen(w, "CREATE VIEW v AS SELECT 1", false) == 1, "a view");
}

/* A result that no entry holds yet is counted, and the entries before it are not touched. */
static void test_unsealed(struct world *w)
{
    struct state_result x = *(struct state_result *)rows_at(&rows, E_RESULT);
    struct state_actor sys = state_actor_system();
    struct state_audit_report rep;
    struct err err = ERR_INIT;
    int64_t n = 0;

    is_int(state_audit_verify(w->s, NULL, &rep, &err), 0, "all results are held");
    is_int(rep.unsealed, 0, "none is left over");
    is_int(rep.results, 1, "one is compared");
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.at += TIME_MINUTE;
    must(state_result_put(w->s, &sys, &x, &err), &err, "a result");
    is_int(state_audit_verify(w->s, NULL, &rep, &err), 0, "a new one breaks nothing");
    is_int(rep.unsealed, 1, "and is told to be uncovered");
    is_int(state_result_seal(w->s, &n, &err), 0, "it comes under an entry");
    is_int(n, 1, "alone");
    is_int(state_result_seal(w->s, &n, &err), 0, "once more");
    is_int(n, 0, "nothing is left");
    is_int(state_audit_verify(w->s, NULL, &rep, &err), 0, "the chain holds");
    is_int(rep.results, 2, "two are compared");
}

static void fill(struct world *w)
{
    struct state_value v[] = {
        {.field = SLICE("sites"), .kind = STATE_VALUE_NUMBER, .number = 3, .text = SLICE("3")},
    };
    struct state_submission x;
    struct err err = ERR_INIT;
    int64_t n = 0;

    rows_fill(w, &rows);
    x = *(struct state_submission *)rows_at(&rows, E_SUBMISSION);
    must(state_submission_put_all(w->s, &w->local, &x, v, CANH_LEN(v), &err), &err, "values");
    must(state_result_seal(w->s, &n, &err), &err, "seal");
    is_int(n, 1, "the result is under an entry");
}

int main(void)
{
    struct world w;

    world_open(&w);
    fill(&w);
    read_places(&w);
    run(&w, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    test_unsealed(&w);
    test_columns(&w);
    test_rows(&w);
    test_schema(&w);
    world_close(&w);
    return tap_done();
}
