/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_SCHEMA_H
#define CANH_STATE_SCHEMA_H
/*
 * The migrations schema/NNN.sql, built in: script i takes a database of version i to i + 1.
 */
#include "base/attr.h"
#include "base/err.h"

struct db;

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

#endif
