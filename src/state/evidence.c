/* SPDX-License-Identifier: Apache-2.0 */
#include "state/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"
#include "lang/err_state.h"
#include "state/filetype.h"
#include "state/internal.h"
#include "state/marking.h"
#include "state/rights.h"
#include "state/store.h"

#define EVIDENCE(X, T)                                                                             \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, asset, COL_OWN, E_ASSET)                                                                  \
    X(T, kind, COL_NEED, 0)                                                                        \
    X(T, title, 0, 0)                                                                              \
    X(T, name, 0, 0)                                                                               \
    X(T, type, 0, 0)                                                                               \
    X(T, sha256, COL_BYTES, 0)                                                                     \
    X(T, size, 0, 0)                                                                               \
    X(T, method, COL_NEED, 0)                                                                      \
    X(T, strength, COL_NEED, 0)                                                                    \
    X(T, collected, COL_NOW, 0)                                                                    \
    X(T, expires, 0, 0)                                                                            \
    X(T, origin, 0, 0)                                                                             \
    X(T, source, 0, 0)                                                                             \
    X(T, text, COL_MEMO, 0)                                                                        \
    X(T, marking, 0, 0)                                                                            \
    X(T, retain_until, 0, 0)                                                                       \
    X(T, signer, COL_SELF, E_PERSON)                                                               \
    X(T, revises, COL_OWN, E_EVIDENCE)

static const char *const markings[] = {"clear",        "green", "amber",
                                       "amber+strict", "red",   EVIDENCE_UNREAD};

/*
 * What a person says of their own unit is declared; somebody of another unit who may attest it
 * confirms it, under their name and by another hand (else it stays declared); only machines
 * measure. A lead authority writes nothing else.
 */
/*
 * Whose hand confirms: who signed in writes as themself. Whoever has the machine's own rights and
 * names a person enters a paper, unless it answers a declaration that came from another hand.
 */
static int one_hand(struct state *s, const struct state_actor *a, const struct state_evidence *x,
                    bool *ret, struct err *err)
{
    *ret = actor_on_behalf(a) && a->account.n == 0;
    return id_is_none(x->revises)
               ? 0
               : audit_one_hand(s, a, "evidence", x->revises, x->signer, ret, err);
}

static int evidence_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                          struct err *err)
{
    struct state_evidence *x = row;
    bool known = x->marking.n == 0, one = false;
    struct state_actor attests;
    struct scope_view v;
    int r;

    (void)old;
    if (x->strength == STATE_MEASURED && a->role != STATE_SYSTEM)
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_ONLY_MACHINES_MEASURE);
    if (x->strength == STATE_CONFIRMED) {
        r = state_right_of(s, a, x->signer, x->unit, STATE_MAY_ATTEST, &attests, err);
        if (r == 0)
            r = one_hand(s, a, x, &one, err);
        if (r < 0)
            return r;
        x->strength = one ? STATE_DECLARED : STATE_CONFIRMED;
    } else if (scope_view(s, a, &v, NULL) == 0 && !scope_writes(&v, x->unit, false)) {
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_LED_ONLY_CONFIRMED);
    }
    if (x->expires && x->collected && x->expires <= x->collected)
        return err_fail(err, CE_RANGE, ERR_STATE_EVIDENCE_EXPIRES_BEFORE_WAS_COLLECTED);
    if (x->collected > state_now(s) + INT64_C(300000000000))
        return err_fail(err, CE_RANGE, ERR_STATE_EVIDENCE_COLLECTED_FUTURE);
    for (size_t i = 0; i < CANH_LEN(markings); i++)
        known = known || slice_is(x->marking, markings[i]);
    if (!known)
        return err_fail(err, CE_UNKNOWN, ERR_STATE_EVIDENCE_NO_MARKING, x->marking);
    return 0;
}

ENTITY_COLUMNS(evidence, EVIDENCE)
const struct entity evidence_entity = {
    ENTITY_COMMON(evidence, E_EVIDENCE),
    .unit = evidence_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND | ENT_LED,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = evidence_check,
    .sql = {ENTITY_SQL(evidence, EVIDENCE, WHEN_AT("collected"), "collected, id"),
            ENTITY_REF(evidence, EVIDENCE, "asset", WHEN_AT("collected"), "collected, id")},
};
STATE_DEFINE_READ(evidence)

bool evidence_is_confirmation(const struct state_evidence *x)
{
    return slice_is(x->kind, EVIDENCE_CONFIRMATION);
}

static const struct slice event_head = SLICE_INIT("event."), event_tail = SLICE_INIT(".all");

void evidence_event_write(struct buf *out, struct slice name, bool everywhere)
{
    buf_append_slice(out, event_head);
    buf_append_slice(out, name);
    buf_append_slice(out, everywhere ? event_tail : SLICE_NULL);
}

bool evidence_event_read(struct slice kind, struct slice *ret_name, bool *ret_everywhere)
{
    bool is = slice_starts(kind, event_head);

    *ret_name = slice_from(kind, is ? event_head.n : kind.n);
    *ret_everywhere = slice_ends(*ret_name, event_tail);
    if (*ret_everywhere)
        *ret_name = slice_head(*ret_name, ret_name->n - event_tail.n);
    return is;
}

int state_evidence_put(struct state *s, const struct state_actor *a, struct state_evidence *x,
                       struct err *err)
{
    if (x->sha256.n || x->size || x->name.n || x->type.n)
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_FILE_ADDED_FILE);
    return entity_write(s, a, &evidence_entity, x, err);
}

static int evidence_marked(struct state *s, const struct store_file *f, struct err *err)
{
    struct buf text = BUF_INIT(4u << 20);
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r = store_open(s->dir, f->sha256, false, &fd, err);

    if (r == 0)
        r = file_read_fd(fd, "evidence", &text, err);
    if (r == -CE_TOO_BIG)
        r = 0; /* its first 4 MiB are enough for a marking */
    if (r == 0 && marking_find(buf_slice(&text)) != MARKING_NONE)
        r = err_fail(err, CE_DENIED, ERR_STATE_FILE_MARKED_AS_CLASSIFIED_NOTHING);
    buf_done(&text);
    return r;
}

static int write_file(struct state *s, const struct state_actor *a, const struct store_file *f,
                      struct slice name, struct state_evidence *x, struct err *err)
{
    struct buf clean = BUF_INIT(1000);
    struct state_evidence row = *x;
    int r;

    filename_clean(&clean, name);
    row.name = buf_slice(&clean);
    row.sha256 = slice_of(f->sha256, sizeof(f->sha256));
    row.size = (int64_t)f->size;
    row.type = slice_str(f->type);
    r = entity_write(s, a, &evidence_entity, &row, err);
    if (r == 0) {
        x->id = row.id;
        x->version = row.version;
        x->created = row.created;
        x->changed = row.changed;
        x->collected = row.collected;
        x->size = row.size;
        x->type = row.type; /* constant text */
        x->strength = row.strength;
    }
    buf_done(&clean);
    return r;
}

int state_evidence_add(struct state *s, const struct state_actor *a, int fd, struct slice name,
                       struct state_evidence *x, struct err *err)
{
    struct store_file f;
    int r;

    if (!s->writable)
        return err_fail(err, CE_DENIED, ERR_STATE_STATE_OPEN_FOR_READING_ONLY);
    /* Refuse before anything is written: who may not add a row may not fill the disk either. */
    if (a->role >= STATE_ROLE_MAX || !(W_DUTY & 1u << a->role) || !state_may_write(s, a, x->unit))
        return err_fail(err, CE_DENIED, ERR_STATE_EVIDENCE_UNIT_OUTSIDE_ACTORS_SCOPE);
    r = store_add(s->dir, fd, s->evidence_max, &f, err);
    if (r < 0)
        return r;
    if (slice_is(slice_str(f.type), "text/plain"))
        r = evidence_marked(s, &f, err);
    if (r == 0)
        r = write_file(s, a, &f, name, x, err);
    /*
     * Refused: the file goes. After a failure of the disk it stays, since a commit that could not
     * be synced may yet turn out to have happened; if not, the sweep finds it.
     */
    if (r < 0 && r != -CE_IO && f.is_new)
        (void)state_evidence_forget(s, f.sha256);
    return r;
}

int state_evidence_open(struct state *s, const struct state_actor *a, struct state_id id,
                        int *ret_fd, struct err *err)
{
    struct arena arena = ARENA_INIT(256 << 10);
    struct state_evidence x;
    int r = state_evidence_get(s, a, id, &arena, &x, err);

    if (r == 0 && x.sha256.n != STORE_HASH)
        r = err_fail(err, CE_NOT_FOUND, ERR_STATE_THIS_EVIDENCE_NO_FILE);
    if (r == 0)
        r = store_open(s->dir, x.sha256.p, true, ret_fd, err);
    arena_done(&arena);
    return r;
}

#define PROOF(X, T)                                                                                \
    X(T, unit, COL_NEED | COL_FIXED, E_UNIT)                                                       \
    X(T, obligation, COL_NEED | COL_FIXED, E_OBLIGATION)                                           \
    X(T, evidence, COL_NEED | COL_FIXED, E_EVIDENCE)                                               \
    X(T, start, COL_NEED, 0)                                                                       \
    X(T, stop, COL_NEED, 0)                                                                        \
    X(T, collected, 0, 0)                                                                          \
    X(T, expires, 0, 0)                                                                            \
    X(T, verdict, COL_NEED, 0)                                                                     \
    X(T, strength, 0, 0)

/* Time and strength are the evidence's own, whatever the caller says. */
static int proof_check(struct state *s, const struct state_actor *a, void *row, const void *old,
                       struct err *err)
{
    struct state_proof *x = row;
    struct state_evidence e;
    int r = entity_load(s, &evidence_entity, x->evidence, NULL, &e, err);

    (void)a, (void)old;
    if (r < 0)
        return r == -CE_NOT_FOUND ? err_fail(err, CE_MISSING, ERR_STATE_PROOF_NO_SUCH_EVIDENCE) : r;
    x->collected = e.collected;
    x->expires = e.expires ? e.expires : STATE_FOREVER;
    x->strength = e.strength;
    return 0;
}

ENTITY_COLUMNS(proof, PROOF)
const struct entity proof_entity = {
    ENTITY_COMMON(proof, E_PROOF),
    .unit = proof_unit,
    .other = COLUMN_NONE,
    .flags = ENT_APPEND,
    .readers = R_WORK,
    .writers = W_DUTY,
    .check = proof_check,
    .sql = {ENTITY_SQL(proof, PROOF, WHEN_SPAN, "obligation, start, id"),
            ENTITY_REF(proof, PROOF, "obligation", WHEN_SPAN, "start, id")},
};
STATE_DEFINE(proof)

static void read_proof(struct db_stmt *st, struct state_proof *x)
{
    *x = (struct state_proof){
        .unit = db_id(st, 0),
        .obligation = db_id(st, 1),
        .start = db_int(st, 2),
        .stop = db_int(st, 3),
        .collected = db_int(st, 4),
        .expires = db_int(st, 5),
        .verdict = (int32_t)db_int(st, 6),
        .strength = (int32_t)db_int(st, 7),
        .evidence = db_id(st, 8),
    };
}

static int may_read_proofs(const struct state_actor *a, struct err *err)
{
    if (a->role > STATE_ROLE_NONE && a->role < STATE_ROLE_MAX && (R_WORK & 1u << a->role))
        return 0;
    return err_fail(err, CE_DENIED, ERR_STATE_ROLE_MAY_NOT_READ_PROOF, state_role_to_str(a->role));
}

int state_proof_of(struct state *s, const struct state_actor *a, struct state_id obligation,
                   struct state_id unit, int64_t from, int64_t to,
                   int (*fn)(void *u, const struct state_proof *x), void *u, struct err *err)
{
    struct db_stmt *st = NULL;
    struct scope_view v;
    int r = may_read_proofs(a, err);

    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0 && !scope_sees(&v, unit))
        r = err_fail(err, CE_DENIED, ERR_STATE_PROOF_UNIT_OUTSIDE_ACTORS_SCOPE);
    if (r == 0)
        r = state_stmt(s, SQL_PROOF_OF, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &unit);
    db_bind_id(st, 2, &obligation);
    db_bind_int(st, 3, from);
    db_bind_int(st, 4, to);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_proof x;

        read_proof(st, &x);
        r = fn(u, &x);
    }
    db_done(&st);
    return r;
}

int state_proof_scan(struct state *s, const struct state_actor *a, int64_t from, int64_t to,
                     int (*fn)(void *u, const struct state_proof *x), void *u, struct err *err)
{
    struct state_id last = STATE_ID_NONE;
    struct db_stmt *st = NULL;
    struct scope_view v;
    bool seen = false;
    int r = may_read_proofs(a, err);

    if (r == 0)
        r = scope_view(s, a, &v, err);
    if (r == 0)
        r = state_stmt(s, SQL_PROOF_SCAN, &st, err);
    if (r < 0)
        return r;
    db_bind_int(st, 1, from);
    db_bind_int(st, 2, to);
    while (r == 0 && (r = db_step(st, err)) > 0) {
        struct state_proof x;

        read_proof(st, &x);
        r = 0;
        if (!id_eq(x.unit, last)) { /* rows come by unit: the scope is asked once for each */
            last = x.unit;
            r = scope_view(s, a, &v, err);
            seen = r == 0 && scope_sees(&v, x.unit);
        }
        if (r == 0 && seen)
            r = fn(u, &x);
    }
    db_done(&st);
    return r;
}
