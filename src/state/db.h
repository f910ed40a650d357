/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_DB_H
#define CANH_STATE_DB_H
/*
 * The database below this room: one connection, statements, transactions, copies. db.c is the only
 * file that knows SQLite; another database is another db.c.
 *
 * Only files of this room include this header. SQL handed in is always a constant of the program.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/slice.h"
#include "state/id.h"

struct db;
struct db_stmt; /* a statement being bound or stepped */

struct db_options {
    bool write, create;
    int busy_ms;
    unsigned slots; /* how many statements are kept prepared */
};

/* A new file can be read by its owner alone. */
CANH_MUST_USE int db_open(struct db **ret, const char *path, const struct db_options *opt,
                          struct err *err);
/* NULL is fine. */
void db_close(struct db *db);
/* How often the connection stood still until another one had written. */
uint64_t db_waits(const struct db *db);

/* Runs a script of constant SQL (migrations). */
CANH_MUST_USE int db_exec(struct db *db, const char *sql, struct err *err);
CANH_MUST_USE int db_get_version(struct db *db, unsigned *ret, struct err *err);
CANH_MUST_USE int db_set_version(struct db *db, unsigned version, struct err *err);
/* A number that changes when another connection has committed. */
CANH_MUST_USE int db_data_version(struct db *db, int64_t *ret, struct err *err);
/* The whole check (slow) or the quick one; -CE_CORRUPT with the first complaint. */
CANH_MUST_USE int db_check(struct db *db, bool quick, struct err *err);

/*
 * The statement of a slot, prepared on first use, ready to bind. A slot in use is prepared once
 * more, so callbacks may use the same statement. Give it back with db_done (NULL is fine).
 */
CANH_MUST_USE int db_stmt(struct db *db, unsigned slot, const char *sql, struct db_stmt **ret,
                          struct err *err);
void db_done(struct db_stmt **st);

/* Parameters count from 1; bytes must live until db_done. Failures stick and appear in db_step. */
void db_bind_int(struct db_stmt *st, unsigned i, int64_t v);
void db_bind_real(struct db_stmt *st, unsigned i, double v);
void db_bind_text(struct db_stmt *st, unsigned i, struct slice v);         /* empty: NULL */
void db_bind_blob(struct db_stmt *st, unsigned i, struct slice v);         /* empty: NULL */
void db_bind_id(struct db_stmt *st, unsigned i, const struct state_id *v); /* none: NULL */

/* 1: a row; 0: done; else an error. */
CANH_MUST_USE int db_step(struct db_stmt *st, struct err *err);
/* Binds nothing, steps to the end. */
CANH_MUST_USE int db_run(struct db_stmt *st, struct err *err);
/* Rows changed by the last run. */
int64_t db_changes(struct db *db);
/* By this connection since it was opened. */
int64_t db_written(struct db *db);

/* Columns count from 0; texts live until the next step. NULL reads as zero or empty. */
int64_t db_int(struct db_stmt *st, unsigned i);
double db_real(struct db_stmt *st, unsigned i);
struct slice db_text(struct db_stmt *st, unsigned i);
struct slice db_blob(struct db_stmt *st, unsigned i);
struct state_id db_id(struct db_stmt *st, unsigned i);
unsigned db_columns(struct db_stmt *st);
/* One letter for the stored type of a column: n(ull) i(nteger) r(eal) t(ext) b(lob). */
char db_type(struct db_stmt *st, unsigned i);

CANH_MUST_USE int db_begin(struct db *db, struct err *err);
/* Everything read until the rollback is of one instant. */
CANH_MUST_USE int db_begin_read(struct db *db, struct err *err);
CANH_MUST_USE int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
/* A part of a transaction that can be undone on its own; not nested. */
CANH_MUST_USE int db_save(struct db *db, struct err *err);
CANH_MUST_USE int db_release(struct db *db, struct err *err);
void db_undo(struct db *db);
/* False also when the database rolled back by itself (full disk). */
bool db_in_transaction(struct db *db);

/* A consistent copy of the database as of now, complete and synced when this returns. */
CANH_MUST_USE int db_copy(struct db *db, const char *to, struct err *err);

#endif
