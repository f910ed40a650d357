/* SPDX-License-Identifier: Apache-2.0 */
#include "state/people.h"

#include <string.h>

#include <sodium.h>

#include "base/utf.h"
#include "lang/err_state.h"
#include "lang/phone.h"
#include "state/internal.h"

enum { VALUE_MAX = 320 };

#define PERSON(X, T)                                                                               \
    X(T, unit, COL_NEED, E_UNIT)                                                                   \
    X(T, code, COL_NEED, 0)                                                                        \
    X(T, name, COL_NEED, 0)                                                                        \
    X(T, title, 0, 0)                                                                              \
    X(T, skills, 0, 0)                                                                             \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, invented, COL_FIXED, 0)                                                                   \
    X(T, lang, 0, 0)
ENTITY_COLUMNS(person, PERSON)
const struct entity person_entity = {
    ENTITY_COMMON(person, E_PERSON),
    .unit = person_unit,
    .other = COLUMN_NONE,
    .readers = R_WORK,
    .writers = W_HEAD,
    .sql = {ENTITY_SQL(person, PERSON, WHEN_VALID, ORDER_CODE),
            ENTITY_FIND(person, PERSON, "code = ?1 AND unit = ?2")},
};
STATE_DEFINE(person)

enum lang state_lang(int32_t stored)
{
    return stored == STATE_LANG_EN ? LANG_EN : LANG_VI;
}

int32_t state_lang_of(enum lang lang)
{
    return lang == LANG_EN ? STATE_LANG_EN : STATE_LANG_VI;
}

#define GRANT(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_NEED | COL_FIXED, E_PERSON)                                                   \
    X(T, role, COL_NEED | COL_FIXED, 0)                                                            \
    X(T, valid_from, COL_NOW, 0)                                                                   \
    X(T, valid_to, COL_FOREVER, 0)                                                                 \
    X(T, source, 0, 0)

/* Nobody grants more than they may give, nor SYSTEM, nor anything to themself. */
static int grant_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    const struct state_grant *x = row;

    (void)s, (void)old;
    if (x->role <= STATE_ROLE_NONE || x->role >= STATE_SYSTEM)
        return err_fail(err, CE_RANGE, ERR_STATE_GRANT_NO_SUCH_ROLE);
    if (a->role == STATE_HEAD && x->role > STATE_SYSADMIN)
        return err_fail(err, CE_DENIED, ERR_STATE_GRANT_HEAD_GRANTS_UP_SYSADMIN);
    if (!id_is_none(a->person) && id_eq(a->person, x->person))
        return err_fail(err, CE_DENIED, ERR_STATE_GRANT_NOBODY_GRANTS_THEMSELF);
    return 0;
}

ENTITY_COLUMNS(grant, GRANT)
const struct entity grant_entity = {
    ENTITY_COMMON(grant, E_GRANT),
    .unit = grant_unit,
    .other = COLUMN_NONE,
    .readers = R_PRIVATE,
    .writers = W_HEAD,
    .check = grant_check,
    .sql = {ENTITY_SQL(grant, GRANT, WHEN_VALID, "valid_from, id"),
            ENTITY_REF(grant, GRANT, "person", WHEN_VALID, "valid_from, id")},
};
STATE_DEFINE(grant)

int state_actor_of(struct state *s, struct state_id person, struct state_id unit,
                   enum state_role role, struct state_actor *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    struct state_actor a = {.person = person, .unit = unit, .role = role};
    bool found = false;
    int r = state_stmt(s, SQL_GRANTS_NOW, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, role);
    db_bind_int(st, 3, state_now(s));
    while (!found && (r = db_step(st, err)) > 0) {
        struct state_actor whole = {.unit = db_id(st, 0), .role = role};
        struct scope_view v;

        if (id_is_none(unit)) {
            a.unit = whole.unit;
            found = true;
        } else if (scope_view(s, &whole, &v, NULL) == 0) {
            found = scope_writes(&v, unit, false);
        }
    }
    db_done(&st);
    if (r < 0)
        return r;
    if (!found)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_GRANT_ROLE, state_role_to_str(role));
    *ret = a;
    return 0;
}

#define CONTACT(X, T)                                                                              \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_FIXED | COL_OWN, E_PERSON)                                                    \
    X(T, label, 0, 0)                                                                              \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, position, 0, 0)                                                                           \
    X(T, hint, 0, 0)                                                                               \
    X(T, value, COL_BYTES | COL_SECRET, 0)                                                         \
    X(T, proven_at, 0, 0)                                                                          \
    X(T, proven_how, 0, 0)                                                                         \
    X(T, proven_by, COL_SELF, E_PERSON)
ENTITY_COLUMNS(contact, CONTACT)
const struct entity contact_entity = {
    ENTITY_COMMON(contact, E_CONTACT),
    .unit = contact_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_PRIVATE,
    .writers = W_TECH,
    .sql = {ENTITY_SQL(contact, CONTACT, WHEN_ANY, "label, position, id"),
            ENTITY_REF(contact, CONTACT, "person", WHEN_ANY, "position, id"),
            [OP_FIND] =
                SQL_FIND(contact, CONTACT, "label = ?1 AND unit = ?2 ORDER BY position, id")},
};
STATE_DEFINE_READ(contact)

int state_phone(struct slice in, struct buf *out)
{
    char number[PHONE_SIZE];

    if (phone_e164(in, number) < 0 && phone_short(in, number) < 0)
        return -CE_SYNTAX;
    buf_puts(out, number);
    return out->err;
}

static bool is_phone(int32_t kind)
{
    return kind == STATE_CONTACT_MOBILE || kind == STATE_CONTACT_PHONE;
}

static int people_normalise(int32_t kind, struct slice in, struct buf *out, struct err *err)
{
    size_t at;

    in = slice_trim(in);
    if (in.n > VALUE_MAX || !text_is_clean(in))
        return err_fail(err, CE_SYNTAX, ERR_STATE_CONTACT_NOT_CLEAN_VALUE_AT, VALUE_MAX);
    if (is_phone(kind))
        return state_phone(in, out) < 0
                   ? err_fail(err, CE_SYNTAX, ERR_STATE_CONTACT_NOT_PHONE_NUMBER)
                   : 0;
    at = slice_find_byte(in, '@');
    if (kind == STATE_CONTACT_EMAIL &&
        (at == SIZE_MAX || at == 0 || at + 1 >= in.n || slice_find_byte(in, ' ') != SIZE_MAX ||
         slice_find_byte(slice_from(in, at + 1), '@') != SIZE_MAX))
        return err_fail(err, CE_SYNTAX, ERR_STATE_CONTACT_NOT_MAIL_ADDRESS);
    buf_append_slice(out, in);
    return out->err;
}

/* What rows show of a value: enough to tell two apart, too little to call. */
static void people_mask(int32_t kind, struct slice v, struct buf *out)
{
    size_t at = slice_find_byte(v, '@'), n = is_phone(kind) ? 3 : 1;

    if (v.n == 0)
        return;
    if (kind == STATE_CONTACT_EMAIL && at != SIZE_MAX) {
        buf_putc(out, v.p[0] < 0x80 ? v.p[0] : '?');
        buf_puts(out, "•••");
        buf_append_slice(out, slice_from(v, at));
        return;
    }
    if (v.n < 7 || !is_ascii(v)) {
        buf_puts(out, "•••");
        return;
    }
    buf_append_slice(out, slice_head(v, n));
    buf_puts(out, "•••••");
    buf_append_slice(out, slice_from(v, v.n - 2));
}

/* Replaces the plain value of x by what is stored: sealed, with its hint, proof gone. */
static int people_seal(struct state *s, struct state_contact *x, struct buf *sealed,
                       struct buf *hint, struct err *err)
{
    struct buf plain = BUF_INIT(VALUE_MAX + 16);
    int r = people_normalise(x->kind, x->value, &plain, err);

    if (r == 0 && plain.len > 0)
        r = key_seal(s, x->id, buf_slice(&plain), sealed, err);
    if (r == 0)
        people_mask(x->kind, buf_slice(&plain), hint);
    if (plain.p != NULL)
        sodium_memzero(plain.p, plain.cap);
    buf_done(&plain);
    x->value = buf_slice(sealed);
    x->hint = buf_slice(hint);
    x->proven_at = 0;
    x->proven_how = SLICE_NULL;
    x->proven_by = STATE_ID_NONE;
    return r;
}

int state_contact_put(struct state *s, const struct state_actor *a, struct state_contact *x,
                      struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct buf sealed = BUF_INIT(1000), hint = BUF_INIT(1000);
    struct state_contact row = *x, old;
    int r = 0;

    if (row.version == 0 && id_is_none(row.id))
        row.id = id_new();
    if (row.value.p != NULL) {
        r = people_seal(s, &row, &sealed, &hint, err);
    } else if (row.version != 0) { /* value, hint and proof stay */
        r = entity_load(s, &contact_entity, row.id, &arena, &old, err);
        if (r == 0 && (old.kind != row.kind)) /* the value was checked for its kind */
            r = err_fail(err, CE_DENIED, ERR_STATE_CONTACT_KIND_CHANGES_ONLY_TOGETHER);
        if (r == 0) {
            row.value = old.value;
            row.hint = old.hint;
            row.proven_at = old.proven_at;
            row.proven_how = old.proven_how;
            row.proven_by = old.proven_by;
        }
    } else {
        row.hint = SLICE_NULL;
        row.proven_at = 0;
    }
    if (r == 0)
        r = entity_write(s, a, &contact_entity, &row, err);
    if (r == 0) {
        x->id = row.id;
        x->version = row.version;
        x->created = row.created;
        x->changed = row.changed;
        x->value = SLICE_NULL;
    }
    arena_done(&arena);
    buf_done(&sealed);
    buf_done(&hint);
    return r;
}

static int contact_for(struct state *s, const struct state_actor *a, struct state_id id,
                       struct arena *arena, struct state_contact *x, struct err *err)
{
    int r;

    if (a->role >= STATE_ROLE_MAX || !(R_PRIVATE & 1u << a->role))
        return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_USE_CONTACTS,
                        state_role_to_str(a->role));
    r = entity_load(s, &contact_entity, id, arena, x, err);
    if (r == 0 && !entity_readable(s, a, &contact_entity, x))
        r = err_fail(err, CE_DENIED, ERR_STATE_CONTACT_UNIT_OUTSIDE_ACTORS_SCOPE);
    return r;
}

int state_contact_prove(struct state *s, const struct state_actor *a, struct state_id id,
                        int64_t at, struct slice how, struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct state_contact x = {0};
    int r = write_begin(s, err);

    if (r < 0)
        return r;
    r = contact_for(s, a, id, &arena, &x, err);
    if (r == 0 && x.value.n == 0)
        r = err_fail(err, CE_MISSING, ERR_STATE_CONTACT_NO_VALUE_PROVE);
    if (r == 0 && at > state_now(s))
        r = err_fail(err, CE_RANGE, ERR_STATE_CONTACT_PROVEN_FUTURE);
    if (r == 0) {
        x.proven_at = at ? at : state_now(s);
        x.proven_how = how;
        x.proven_by = a->person;
        r = entity_write_inside(s, a, &contact_entity, &x, err);
    }
    r = write_end(s, r, err);
    arena_done(&arena);
    return r;
}

int state_contact_same(struct state *s, const struct state_actor *a, struct state_id id,
                       struct slice value, bool *ret, struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct buf mine = BUF_INIT(VALUE_MAX + 16), theirs = BUF_INIT(1000);
    struct state_contact x = {0};
    int r = contact_for(s, a, id, &arena, &x, err);

    if (r == 0 && (!(W_TECH & 1u << a->role) || !state_may_write(s, a, x.unit)))
        r = err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_WRITE_CONTACT,
                     state_role_to_str(a->role));
    if (r == 0)
        r = people_normalise(x.kind, value, &mine, err);
    if (r == 0 && x.value.n > 0)
        r = key_open(s, id, x.value, &theirs, err);
    if (r == 0)
        *ret = slice_eq(buf_slice(&mine), buf_slice(&theirs));
    if (theirs.p != NULL)
        sodium_memzero(theirs.p, theirs.cap);
    buf_done(&mine);
    buf_done(&theirs);
    arena_done(&arena);
    return r;
}

int state_contact_reveal(struct state *s, const struct state_actor *a, struct state_id id,
                         struct buf *out, struct err *err)
{
    struct arena arena = ARENA_INIT(64 << 10);
    struct buf plain = BUF_INIT(1000);
    struct state_contact x = {0};
    int r;

    if (slice_trim(a->purpose).n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_READING_CONTACT_NEEDS_PURPOSE_OR);
    r = write_begin(s, err);
    if (r < 0)
        return r;
    r = contact_for(s, a, id, &arena, &x, err);
    if (r == 0)
        r = audit_append(s, a, "reveal", "contact", id, x.unit, x.version, SLICE_NULL, err);
    if (r == 0 && x.value.n > 0)
        r = key_open(s, id, x.value, &plain, err);
    r = write_end(s, r, err);
    if (r == 0)
        buf_append_slice(out, buf_slice(&plain)); /* only once the audit is on disk */
    if (plain.p != NULL)
        sodium_memzero(plain.p, plain.cap);
    buf_done(&plain);
    arena_done(&arena);
    return r == 0 && out->err < 0 ? err_fail(err, CE_TOO_BIG, ERR_STATE_CONTACT_VALUE) : r;
}

#define LEAVE(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, person, COL_NEED | COL_FIXED | COL_OWN, E_PERSON)                                         \
    X(T, start, COL_NEED, 0)                                                                       \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, approved_by, COL_SELF | COL_HEAD, E_PERSON)                                               \
    X(T, approved_at, COL_HEAD | COL_SEAL, 0)                                                      \
    X(T, approved_recorded, COL_STEP, 0)

static int leave_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    const struct state_leave *x = row;

    approval_settle(a, &leave_entity, row, old);
    return right_own(s, x->approved_by, x->person, x->unit, STATE_MAY_APPROVE_LEAVE, err);
}

ENTITY_COLUMNS(leave, LEAVE)
const struct entity leave_entity = {
    ENTITY_COMMON(leave, E_LEAVE),
    .unit = leave_unit,
    .other = COLUMN_NONE,
    .flags = ENT_DROP,
    .readers = R_PRIVATE,
    .writers = W_DUTY,
    .check = leave_check,
    .sql = {ENTITY_SQL(leave, LEAVE, WHEN_SPAN, "start, id"),
            ENTITY_REF(leave, LEAVE, "person", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(leave)
