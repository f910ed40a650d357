/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ENTITY_INTERNAL_H
#define CANH_STATE_ENTITY_INTERNAL_H
/*
 * What the files of entity.h share:
 *
 *     entity_column.c   a row's columns, and the row as canonical text
 *     entity_check.c    what a row may contain, who may read and write it
 *     entity_read.c     get, find, each, list
 *     entity.c          put and drop
 */
#include "state/entity.h"
#include "state/internal.h"

/* A row is a struct of the entity's table of columns; these read and write one column of it. */
void *column_field_of(const struct column *c, void *row);
struct state_id column_id(const struct column *c, const void *row);
struct slice column_slice(const struct column *c, const void *row);
int64_t column_int(const struct column *c, const void *row);
double column_real(const struct column *c, const void *row);
bool column_is_empty(const struct column *c, const void *row);
bool column_same(const struct column *c, const void *a, const void *b);

/* Id, version and times, which every row begins with. */
struct row_head *row_head_of(void *row);
const struct row_head *row_head_in(const void *row);

/* The unit that owns the row, and the one that may see it besides; none: the null id. */
struct state_id row_unit(const struct entity *e, const void *row);
struct state_id row_other(const struct entity *e, const void *row);

/* Binds all columns from parameter `first` on. */
void row_bind(const struct entity *e, struct db_stmt *st, unsigned first, const void *row);

/* Every value clean, short enough, present where it must be. */
CANH_MUST_USE int row_check_columns(struct state *s, const struct entity *e, void *row,
                                    struct err *err);
/* Columns that are fixed, or that only their owner may set. old: as it is; NULL: a new row. */
CANH_MUST_USE int row_check_changes(const struct state_actor *a, const struct entity *e,
                                    const void *row, const void *old, struct err *err);
/* An approval holds: -CE_DENIED for who could not give it. */
CANH_MUST_USE int row_check_seal(const struct state_actor *a, const struct entity *e,
                                 const void *old, struct err *err);
/* What the columns name exists, in a unit that may be named. */
CANH_MUST_USE int row_check_targets(struct state *s, const struct state_actor *a,
                                    const struct entity *e, const void *row, const void *old,
                                    struct err *err);

/* Whether the actor's role reads or writes such things at all, and whether it writes this row. */
CANH_MUST_USE int entity_may(const struct state_actor *a, const struct entity *e, bool write,
                             struct err *err);
CANH_MUST_USE int row_may_write(struct state *s, const struct state_actor *a,
                                const struct entity *e, const void *row, struct err *err);

/* The entity's prepared statement for an operation. */
CANH_MUST_USE int entity_stmt(struct state *s, const struct entity *e, enum entity_op op,
                              struct db_stmt **ret, struct err *err);

#endif
