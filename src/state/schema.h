/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SCHEMA_H
#define CANH_STATE_SCHEMA_H
/*
 * The migrations schema/NNN.sql, built in: script i takes a database of version i to i + 1.
 */
#include "base/attr.h"
#include "base/err.h"

struct db;

enum { SCHEMA_NAME = 64 };

extern const unsigned schema_count;
extern const char *const schema_scripts[];

/*
 * Brings a database to version `count` by `scripts` (schema_scripts, schema_count; others in
 * tests), each script with its version in one transaction. Before the first script of a database
 * that has a version already, a copy is kept beside it: path + ".before-NNN". A newer version than
 * count is -CE_UNKNOWN.
 */
CANH_MUST_USE int schema_migrate(struct db *db, const char *path, const char *const *scripts,
                                 unsigned count, struct err *err);

/* An empty database of this program's schema, in memory, with room for so many statements. The
 * caller closes it. */
CANH_MUST_USE int schema_make(struct db **ret, unsigned slots, struct err *err);
/*
 * Whether a database has the tables and indexes of another one and no more, in the same words; if
 * not, ret_name names the first that differs (cut to fit). What SQLite keeps for itself does not
 * count.
 */
CANH_MUST_USE int schema_compare(struct db *db, struct db *like, bool *ret_same,
                                 char ret_name[SCHEMA_NAME], struct err *err);

#endif
