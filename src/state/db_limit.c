/* SPDX-License-Identifier: Apache-2.0 */
#include "state/db_limit.h"

#include "base/natural.h"

/* Set once on every connection; none can be undone by SQL. */
static const struct {
    int option, value;
} configs[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
};

static const struct {
    int limit, value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 << 20},
    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20},
    {SQLITE_LIMIT_COLUMN, 64},
    {SQLITE_LIMIT_EXPR_DEPTH, 32},
    {SQLITE_LIMIT_COMPOUND_SELECT, 8},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 64},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static int compare_natural(void *u, int a_n, const void *a, int b_n, const void *b)
{
    (void)u;
    return slice_cmp_natural(slice_of(a, (size_t)a_n), slice_of(b, (size_t)b_n));
}

bool db_limit(sqlite3 *h)
{
    for (size_t i = 0; i < CANH_LEN(configs); i++)
        if (sqlite3_db_config(h, configs[i].option, configs[i].value, NULL) != SQLITE_OK)
            return false;
    for (size_t i = 0; i < CANH_LEN(limits); i++)
        (void)sqlite3_limit(h, limits[i].limit, limits[i].value);
    return sqlite3_create_collation(h, "numbered", SQLITE_UTF8, NULL, compare_natural) == SQLITE_OK;
}
