/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ENTITY_H
#define CANH_STATE_ENTITY_H
/*
 * One entity as a table row: its columns, its constant SQL, who may do what. entity.c reads and
 * writes every entity by its descriptor, so that scope, versions, content checks and audit are in
 * one place and cannot be forgotten. Only files of this room include this header.
 *
 * A descriptor is made from the entity's column list (T is the table's name):
 *
 *     #define POST(X, T) X(T, unit, COL_NEED | COL_FIXED, E_UNIT) X(T, code, COL_NEED, 0) …
 *     ENTITY_COLUMNS(post, POST)
 *     const struct entity post_entity = {ENTITY_COMMON(post, E_POST), .unit = post_unit, …
 *     STATE_DEFINE(post)
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/judged.h"
#include "state/occurred.h"
#include "state/state.h"

enum entity_id {
    E_NONE,
    E_UNIT,
    E_UNIT_NAME,
    E_UNIT_LINK,
    E_PERSON,
    E_GRANT,
    E_CONTACT,
    E_LEAVE,
    E_ASSET,
    E_ASSET_ROLE,
    E_POST,
    E_COVERAGE,
    E_LAYER,
    E_TURN,
    E_ROSTER,
    E_SWAP,
    E_OVERRIDE,
    E_SHIFT,
    E_MARK,
    E_LINE,
    E_HANDOVER,
    E_PLAN,
    E_CLAUSE,
    E_PHASE,
    E_OBLIGATION,
    E_ASSIGNMENT,
    E_EXEMPTION,
    E_TASK,
    E_EVIDENCE,
    E_PROOF,
    E_CHECK,
    E_RESULT,
    E_OUTAGE,
    E_FINDING,
    E_EXCEPTION,
    E_FORM,
    E_SUBMISSION,
    E_REQUEST,
    E_NOTE,
    E_NOTICE,
    E_DELIVERY,
    E_ACK,
    E_CAMPAIGN,
    E_REVIEW,
    E_ORDER,
    E_SETTING,
    E_ACCOUNT,
    E_SOURCE,
    E_ALERT,
    E_ALERT_ACK,
    E_SUPPRESSION,
    E_MAINTENANCE,
    E_CALL,
    E_MESSAGE,
    E_AWAKE,
    E_CASE,
    E_CASE_LINE,
    E_CASE_TASK,
    E_CASE_READING,
    E_TELLING,
    E_HEARD,
    E_AVAILABILITY,
    E_CASE_TEXT,
    E_SHIFT_CHANGE,
    E_MAX
};

enum column_type { COL_ID, COL_SLICE, COL_INT64, COL_INT32, COL_BOOL, COL_REAL };

/* Column flags. */
enum {
    COL_NEED = 1,     /* may not be empty, none or 0 */
    COL_FIXED = 2,    /* does not change once written */
    COL_MEMO = 4,     /* text up to 64 KiB instead of 1,000 bytes */
    COL_LONG = 8,     /* text up to 4 MiB */
    COL_BYTES = 16,   /* a slice of bytes, not text */
    COL_SECRET = 32,  /* ciphertext: the audit names only its hash */
    COL_FOREVER = 64, /* 0 is stored as STATE_FOREVER */
    COL_NOW = 128,    /* 0 in a new row becomes the received time */
    COL_OWN = 256,    /* the thing named belongs to the row's unit */
    COL_SELF = 512,  /* when it changes, it names the acting person (or none); ADMIN, SYSTEM: any */
    COL_HEAD = 1024, /* only HEAD, COORDINATOR, ADMIN, SYSTEM may change it */
    COL_OTHER = 2048, /* the thing named belongs to the row's `other` unit */
    COL_ANY = 4096,   /* the thing named need not be within the actor's sight */
    COL_SEAL = 8192,  /* while it is set, only who may set COL_HEAD changes or drops the row */
    COL_STEP = 16384, /* when the step of the column before it was recorded: the store's alone,
                         whatever time that one claims */
};

struct column {
    const char *name;
    uint16_t offset;
    uint16_t flags;
    uint8_t type;   /* enum column_type */
    uint8_t target; /* enum entity_id that an id names; 0: anything */
};

/* Roles as bits. */
#define ROLE(r) (1u << STATE_##r)
enum {
    R_HEAD = ROLE(HEAD) | ROLE(COORDINATOR) | ROLE(ADMIN) | ROLE(SYSTEM),
    R_PRIVATE = R_HEAD | ROLE(DUTY) | ROLE(SYSADMIN) | ROLE(RESPONDER),
    R_WORK = R_PRIVATE | ROLE(OBSERVER),
    R_OPEN = R_WORK | ROLE(OFFICIAL),
    W_NONE = 0,
    W_SYSTEM = ROLE(SYSTEM),
    W_ADMIN = ROLE(ADMIN) | W_SYSTEM,
    W_LEAD = ROLE(COORDINATOR) | W_ADMIN,
    W_HEAD = ROLE(HEAD) | W_ADMIN,
    W_HEAD_LEAD = W_HEAD | W_LEAD,
    W_TECH = ROLE(SYSADMIN) | W_HEAD_LEAD,
    W_DUTY = ROLE(DUTY) | ROLE(RESPONDER) | W_TECH,
    W_ALL = ROLE(OFFICIAL) | W_DUTY,
};

/* Entity flags. */
enum {
    ENT_OPEN = 1,    /* readable whatever the unit: directory, plans, forms, notices */
    ENT_APPEND = 2,  /* no updates */
    ENT_DROP = 4,    /* rows may be dropped */
    ENT_LED = 8,     /* a lead authority may write it for the units it leads */
    ENT_BOTH = 16,   /* the unit in column `other` may write it too */
    ENT_SILENT = 32, /* no audit: machines write it in bulk */
    ENT_INSIDE = 64, /* written by functions of its own only: generic put and drop refuse */
};

enum entity_op {
    OP_INSERT,
    OP_UPDATE,
    OP_GET,
    OP_DROP,
    OP_FIND,
    OP_ALL,
    OP_UNIT,
    OP_REF,
    OP_ROWS,
    OP_BEGINS, /* whose code begins so */
    OP_WALK,   /* from the newest on: a few, the entity's own */
    OP_WALK_END = OP_WALK + 7,
    OP_MAX
};

#define COLUMN_NONE 255

/* No struct of an entity is larger: scratch for any row. */
enum { ROW_MAX = 1024 };

struct entity {
    const char *name;
    enum entity_id id;
    uint16_t size; /* of its struct */
    uint8_t column_count;
    uint8_t unit, other; /* columns with the units, or COLUMN_NONE */
    uint8_t flags;
    uint32_t readers, writers;
    const struct column *columns;
    const char *sql[OP_MAX]; /* NULL where the entity has no such operation */
    /*
     * The entity's own rules, may be NULL. row may be adjusted before it is checked and written;
     * old is NULL for a new one.
     */
    int (*check)(struct state *s, const struct state_actor *a, void *row, const void *old,
                 struct err *err);
};

#define ENTITIES(X)                                                                                \
    X(E_UNIT, unit)                                                                                \
    X(E_UNIT_NAME, unit_name)                                                                      \
    X(E_UNIT_LINK, unit_link)                                                                      \
    X(E_PERSON, person)                                                                            \
    X(E_GRANT, grant)                                                                              \
    X(E_CONTACT, contact)                                                                          \
    X(E_LEAVE, leave)                                                                              \
    X(E_ASSET, asset)                                                                              \
    X(E_ASSET_ROLE, asset_role)                                                                    \
    X(E_POST, post)                                                                                \
    X(E_COVERAGE, coverage)                                                                        \
    X(E_LAYER, layer)                                                                              \
    X(E_TURN, turn)                                                                                \
    X(E_ROSTER, roster)                                                                            \
    X(E_SWAP, swap)                                                                                \
    X(E_OVERRIDE, override)                                                                        \
    X(E_SHIFT, shift)                                                                              \
    X(E_MARK, mark)                                                                                \
    X(E_LINE, line)                                                                                \
    X(E_HANDOVER, handover)                                                                        \
    X(E_PLAN, plan)                                                                                \
    X(E_CLAUSE, clause)                                                                            \
    X(E_PHASE, phase)                                                                              \
    X(E_OBLIGATION, obligation)                                                                    \
    X(E_ASSIGNMENT, assignment)                                                                    \
    X(E_EXEMPTION, exemption)                                                                      \
    X(E_TASK, task)                                                                                \
    X(E_EVIDENCE, evidence)                                                                        \
    X(E_PROOF, proof)                                                                              \
    X(E_CHECK, check)                                                                              \
    X(E_RESULT, result)                                                                            \
    X(E_OUTAGE, outage)                                                                            \
    X(E_FINDING, finding)                                                                          \
    X(E_EXCEPTION, exception)                                                                      \
    X(E_FORM, form)                                                                                \
    X(E_SUBMISSION, submission)                                                                    \
    X(E_REQUEST, request)                                                                          \
    X(E_NOTE, note)                                                                                \
    X(E_NOTICE, notice)                                                                            \
    X(E_DELIVERY, delivery)                                                                        \
    X(E_ACK, ack)                                                                                  \
    X(E_CAMPAIGN, campaign)                                                                        \
    X(E_REVIEW, review)                                                                            \
    X(E_ORDER, order)                                                                              \
    X(E_SETTING, setting)                                                                          \
    X(E_ACCOUNT, account)                                                                          \
    X(E_SOURCE, source)                                                                            \
    X(E_ALERT, alert)                                                                              \
    X(E_ALERT_ACK, alert_ack)                                                                      \
    X(E_SUPPRESSION, suppression)                                                                  \
    X(E_MAINTENANCE, maintenance)                                                                  \
    X(E_CALL, call)                                                                                \
    X(E_MESSAGE, message)                                                                          \
    X(E_AWAKE, awake)                                                                              \
    X(E_CASE, case)                                                                                \
    X(E_CASE_LINE, case_line)                                                                      \
    X(E_CASE_TASK, case_task)                                                                      \
    X(E_CASE_READING, case_reading)                                                                \
    X(E_TELLING, telling)                                                                          \
    X(E_HEARD, heard)                                                                              \
    X(E_AVAILABILITY, availability)                                                                \
    X(E_CASE_TEXT, case_text)                                                                      \
    X(E_SHIFT_CHANGE, shift_change)

#define ENTITY_DECLARE(id, thing) extern const struct entity thing##_entity;
ENTITIES(ENTITY_DECLARE)

extern const struct entity *const entities[E_MAX]; /* entities[E_NONE] is NULL */
/* What its records are called, for errors. */
struct err_id noun_of(const struct entity *e);

/* The fields of STATE_ROW, of any row. */
struct row_head {
    struct state_id id;
    int64_t version, created, changed;
};

int entity_write(struct state *s, const struct state_actor *a, const struct entity *e, void *row,
                 struct err *err);
int entity_get(struct state *s, const struct state_actor *a, const struct entity *e,
               struct state_id id, struct arena *arena, void *row, struct err *err);
int entity_find(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id owner, struct slice code, struct arena *arena, void *row,
                struct err *err);
int entity_each(struct state *s, const struct state_actor *a, const struct entity *e,
                const struct state_query *q, int (*fn)(void *u, const void *row), void *u,
                struct err *err);
int entity_list(struct state *s, const struct state_actor *a, const struct entity *e,
                const struct state_query *q, struct arena *arena, void **ret, size_t *ret_n,
                struct err *err);
int entity_drop(struct state *s, const struct state_actor *a, const struct entity *e,
                struct state_id id, int64_t version, struct err *err);

/*
 * For the room's own functions (inside a transaction; scope already checked or not wanted):
 * load and store without scope, put with everything but ENT_INSIDE and the check function.
 */
int entity_load(struct state *s, const struct entity *e, struct state_id id, struct arena *arena,
                void *row, struct err *err);
int entity_write_inside(struct state *s, const struct state_actor *a, const struct entity *e,
                        void *row, struct err *err);

/*
 * For the check of an entity with approved_by (and approved_at): an approval is of what stood
 * there. Whatever changes in the row, and its time alone, undoes it, unless whoever writes approves
 * anew; who approves names themself. old: NULL for a new row.
 */
void approval_settle(const struct state_actor *a, const struct entity *e, void *row,
                     const void *old);

/* Reads columns first… of a running statement into a row: head, then the entity's columns. */
struct db_stmt;
void entity_read(const struct entity *e, struct db_stmt *st, unsigned first, void *row);
/* Makes the row's slices the arena's. False when it is full. */
bool entity_keep(const struct entity *e, void *row, struct arena *arena);
/* Appends the canonical JSON of a row: columns in order, empty ones left out. */
void entity_canonical(const struct entity *e, const void *row, struct buf *out);
/* True when the row's units let the actor read it. */
bool entity_readable(struct state *s, const struct state_actor *a, const struct entity *e,
                     const void *row);

#define COLUMN_TYPE(T, m)                                                                          \
    _Generic(((struct state_##T *)0)->m, struct state_id                                           \
             : COL_ID, struct slice                                                                \
             : COL_SLICE, struct state_judgement                                                   \
             : COL_SLICE, struct state_occurrences                                                 \
             : COL_SLICE, int64_t                                                                  \
             : COL_INT64, int32_t                                                                  \
             : COL_INT32, bool                                                                     \
             : COL_BOOL, double                                                                    \
             : COL_REAL)
#define COLUMN(T, m, f, t)                                                                         \
    {.name = #m,                                                                                   \
     .offset = offsetof(struct state_##T, m),                                                      \
     .flags = (f),                                                                                 \
     .type = COLUMN_TYPE(T, m),                                                                    \
     .target = (t)},
#define SQL_NAME(T, m, f, t)  ", \"" #m "\""
#define SQL_MARK(T, m, f, t)  ", ?"
#define SQL_SET(T, m, f, t)   ", \"" #m "\" = ?"
#define SQL_INDEX(T, m, f, t) T##_##m,

/*
 * The constant SQL of table T with column list L. Parameters: insert id, version, created,
 * changed, columns; update version, changed, columns, id, old version; lists from, to, key.
 * when: the time condition on ?1 and ?2; by: the order inside a unit.
 */
#define SQL_COLUMNS(T, L) "id, version, created, changed" L(SQL_NAME, T)
#define SQL_INSERT(T, L)                                                                           \
    "INSERT INTO \"" #T "\" (" SQL_COLUMNS(T, L) ") VALUES (?, ?, ?, ?" L(SQL_MARK, T) ")"
#define SQL_UPDATE(T, L)                                                                           \
    "UPDATE \"" #T "\" SET version = ?, changed = ?" L(SQL_SET, T) " WHERE id = ? AND version = ?"
#define SQL_GET(T, L)       "SELECT " SQL_COLUMNS(T, L) " FROM \"" #T "\" WHERE id = ?"
#define SQL_ROWS(T, L)      "SELECT " SQL_COLUMNS(T, L) " FROM \"" #T "\" ORDER BY id"
#define SQL_DROP(T)         "DELETE FROM \"" #T "\" WHERE id = ? AND version = ?"
#define SQL_FIND(T, L, key) "SELECT " SQL_COLUMNS(T, L) " FROM \"" #T "\" WHERE " key " LIMIT 1"
#define SQL_LIST(T, L, when, order)                                                                \
    "SELECT " SQL_COLUMNS(T, L) " FROM \"" #T "\" WHERE " when " ORDER BY " order

/* Time conditions. */
#define WHEN_ANY   "?1 <= ?2"
#define WHEN_AT(c) "\"" c "\" >= ?1 AND \"" c "\" < ?2"
#define WHEN_SPAN  "start < ?2 AND stop > ?1"
#define WHEN_VALID "valid_from < ?2 AND valid_to > ?1"

#define ORDER_CODE "code COLLATE numbered, id" /* S2 before S10 */

#define ENTITY_COLUMNS(T, L)                                                                       \
    enum { L(SQL_INDEX, T) };                                                                      \
    _Static_assert(sizeof(struct state_##T) <= ROW_MAX, "a row fits its scratch");                 \
    static const struct column T##_columns[] = {L(COLUMN, T)};

#define ENTITY_COMMON(T, E)                                                                        \
    .name = #T, .id = (E), .size = sizeof(struct state_##T),                                       \
    .column_count = CANH_LEN(T##_columns), .columns = T##_columns

#define ENTITY_SQL_AS(T, L, when, order, of_unit)                                                  \
    [OP_INSERT] = SQL_INSERT(T, L), [OP_UPDATE] = SQL_UPDATE(T, L), [OP_GET] = SQL_GET(T, L),      \
    [OP_DROP] = SQL_DROP(T), [OP_ROWS] = SQL_ROWS(T, L),                                           \
    [OP_ALL] = SQL_LIST(T, L, when, "unit, " order),                                               \
    [OP_UNIT] = SQL_LIST(T, L, of_unit " AND " when, order)
#define ENTITY_SQL(T, L, when, order) ENTITY_SQL_AS(T, L, when, order, "unit = ?3")
/* Of an entity with two units. */
#define ENTITY_SQL_BOTH(T, L, when, order)                                                         \
    ENTITY_SQL_AS(T, L, when, order, "(unit = ?3 OR other = ?3)")

#define ENTITY_FIND(T, L, key) [OP_FIND] = SQL_FIND(T, L, key)
#define ENTITY_REF(T, L, ref, when, order)                                                         \
    [OP_REF] = SQL_LIST(T, L, "\"" ref "\" = ?3 AND " when, "unit, " order)

/* The public functions of STATE_THING(thing) over its descriptor `thing_entity`. */
#define STATE_DEFINE(thing)                                                                        \
    int state_##thing##_put(struct state *s, const struct state_actor *a, struct state_##thing *x, \
                            struct err *err)                                                       \
    {                                                                                              \
        return entity_write(s, a, &thing##_entity, x, err);                                        \
    }                                                                                              \
    STATE_DEFINE_READ(thing)

#define STATE_DEFINE_READ(thing)                                                                   \
    int state_##thing##_get(struct state *s, const struct state_actor *a, struct state_id id,      \
                            struct arena *arena, struct state_##thing *ret, struct err *err)       \
    {                                                                                              \
        return entity_get(s, a, &thing##_entity, id, arena, ret, err);                             \
    }                                                                                              \
    int state_##thing##_find(struct state *s, const struct state_actor *a, struct state_id owner,  \
                             struct slice code, struct arena *arena, struct state_##thing *ret,    \
                             struct err *err)                                                      \
    {                                                                                              \
        return entity_find(s, a, &thing##_entity, owner, code, arena, ret, err);                   \
    }                                                                                              \
    int state_##thing##_list(struct state *s, const struct state_actor *a,                         \
                             const struct state_query *q, struct arena *arena,                     \
                             struct state_##thing **ret, size_t *ret_n, struct err *err)           \
    {                                                                                              \
        void *rows = NULL;                                                                         \
        int r = entity_list(s, a, &thing##_entity, q, arena, &rows, ret_n, err);                   \
                                                                                                   \
        if (r == 0)                                                                                \
            *ret = rows;                                                                           \
        return r;                                                                                  \
    }                                                                                              \
    struct thing##_each {                                                                          \
        int (*fn)(void *u, const struct state_##thing *x);                                         \
        void *u;                                                                                   \
    };                                                                                             \
    static int thing##_one(void *u, const void *row)                                               \
    {                                                                                              \
        const struct thing##_each *e = u;                                                          \
                                                                                                   \
        return e->fn(e->u, row);                                                                   \
    }                                                                                              \
    int state_##thing##_each(struct state *s, const struct state_actor *a,                         \
                             const struct state_query *q,                                          \
                             int (*fn)(void *u, const struct state_##thing *x), void *u,           \
                             struct err *err)                                                      \
    {                                                                                              \
        struct thing##_each e = {fn, u};                                                           \
                                                                                                   \
        return entity_each(s, a, &thing##_entity, q, thing##_one, &e, err);                        \
    }                                                                                              \
    int state_##thing##_drop(struct state *s, const struct state_actor *a, struct state_id id,     \
                             int64_t version, struct err *err)                                     \
    {                                                                                              \
        return entity_drop(s, a, &thing##_entity, id, version, err);                               \
    }

#endif
