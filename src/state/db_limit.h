/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_DB_LIMIT_H
#define CANH_STATE_DB_LIMIT_H
/* What every connection gets before its first statement. */
#include <stdbool.h>

#include <sqlite3.h>

#include "base/attr.h"

/*
 * Security options, limits, and the collation `numbered` (slice_cmp_natural()) for orders in
 * statements; no schema has it. False: one of them was refused.
 */
CANH_MUST_USE bool db_limit(sqlite3 *h);

#endif
