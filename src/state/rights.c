/* SPDX-License-Identifier: Apache-2.0 */
#include "state/rights.h"

#include "lang/err_state.h"
#include "state/internal.h"
#include "state/people.h"
#include "state/units.h"

/* A right: the roles that have it, and where they must be held. */
static const struct {
    uint32_t roles;
    bool led;       /* also in a lead authority, for the units that it leads */
    bool elsewhere; /* not by a role of the unit itself */
    unsigned who;   /* the text that names them */
} rights[STATE_RIGHT_MAX] = {
    [STATE_MAY_APPROVE_ROSTER] = {R_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OR_ABOVE},
    [STATE_MAY_APPROVE_LEAVE] = {R_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OR_ABOVE},
    [STATE_MAY_APPROVE_SWAP] = {R_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OR_ABOVE},
    [STATE_MAY_REPLACE] = {R_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OR_ABOVE},
    [STATE_MAY_COVER] = {W_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OF_COVERING},
    [STATE_MAY_ACCEPT] = {W_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OF_UNIT},
    [STATE_MAY_CONFIRM] = {W_HEAD, false, false, ERR_STATE_RIGHT_HEAD_OF_UNIT},
    [STATE_MAY_EXEMPT] = {W_LEAD, true, true, ERR_STATE_RIGHT_LEAD},
    [STATE_MAY_ATTEST] = {R_HEAD, true, true, ERR_STATE_RIGHT_ANOTHER_UNIT},
    [STATE_MAY_APPROVE_FORM] = {R_HEAD, true, true, ERR_STATE_RIGHT_ANOTHER_UNIT},
};

/* Whether a role held at a unit reaches another one. */
static bool rights_reaches(struct state *s, struct state_id at, enum state_role role,
                           struct state_id unit, enum state_right right)
{
    /* what is led hangs on the coordinator's role alone (scope.h): heads of lead authorities decide
       about the led as coordinators do */
    struct state_actor a = {.unit = at, .role = rights[right].led ? STATE_COORDINATOR : role};
    struct scope_view v;

    if (rights[right].elsewhere && id_eq(at, unit))
        return false;
    return scope_view(s, &a, &v, NULL) == 0 && scope_writes(&v, unit, rights[right].led);
}

/* *ret_unit: where the person holds the role; 1 found, 0 not. */
static int find_grant(struct state *s, struct state_id person, struct state_id unit,
                      enum state_role role, enum state_right right, struct state_id *ret_unit,
                      struct err *err)
{
    struct db_stmt *st = NULL;
    bool found = false;
    int r = state_stmt(s, SQL_GRANTS_NOW, &st, err);

    if (r < 0)
        return r;
    db_bind_id(st, 1, &person);
    db_bind_int(st, 2, role);
    db_bind_int(st, 3, state_now(s));
    while (!found && (r = db_step(st, err)) > 0) {
        *ret_unit = db_id(st, 0);
        found = rights_reaches(s, *ret_unit, role, unit, right);
    }
    db_done(&st);
    return r < 0 ? r : found;
}

/* Whether the person belongs to the unit, whatever roles they hold elsewhere. */
static int rights_belongs(struct state *s, struct state_id person, struct state_id unit, bool *ret,
                          struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_person p;
    int r = state_person_get(s, &all, person, &arena, &p, err);

    *ret = r == 0 && id_eq(p.unit, unit);
    arena_done(&arena);
    return r;
}

static int rights_refuse(struct state *s, struct state_id person, struct state_id unit,
                         enum state_right right, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_person p = {.name = SLICE("?")};
    struct state_unit u = {.code = SLICE("?")};
    int r;

    if (state_person_get(s, &all, person, &arena, &p, NULL) < 0)
        p.name = SLICE("?");
    if (state_unit_get(s, &all, unit, &arena, &u, NULL) < 0)
        u.code = SLICE("?");
    r = err_fail(err, CE_DENIED, ERR_STATE_RIGHT_NO_ROLE, p.name, ERR_ID(rights[right].who),
                 u.code);
    arena_done(&arena);
    return r;
}

/* Others who may decide, as they are looked for and named. */
struct others_ctx {
    struct state *s;
    struct state_id whose, unit;
    enum state_right right;
    struct buf names;
    unsigned count;
};

enum { OTHERS_NAMED = 3 };

static int name_other(void *u, const struct state_grant *x)
{
    const struct state_actor all = state_actor_system();
    struct arena arena = ARENA_INIT(1u << 20);
    struct others_ctx *o = u;
    struct state_person p;
    struct state_unit at;

    if (x->role <= STATE_ROLE_NONE || x->role >= STATE_ROLE_MAX || id_eq(x->person, o->whose) ||
        !(rights[o->right].roles & 1u << x->role) ||
        !rights_reaches(o->s, x->unit, (enum state_role)x->role, o->unit, o->right))
        return 0;
    if (state_person_get(o->s, &all, x->person, &arena, &p, NULL) == 0 &&
        !(rights[o->right].elsewhere && id_eq(p.unit, o->unit)) &&
        state_unit_get(o->s, &all, x->unit, &arena, &at, NULL) == 0) {
        buf_puts(&o->names, o->count++ ? ", " : "");
        buf_append_slice(&o->names, p.name);
        buf_puts(&o->names, " (");
        buf_append_slice(&o->names, at.code);
        buf_putc(&o->names, ')');
    }
    arena_done(&arena);
    return o->count == OTHERS_NAMED;
}

static int refuse_own(struct state *s, struct state_id person, struct state_id unit,
                      enum state_right right, struct err *err)
{
    const struct state_actor all = state_actor_system();
    const struct state_query now = {.from = state_now(s), .to = state_now(s) + 1};
    struct arena arena = ARENA_INIT(1u << 20);
    struct others_ctx o = {
        .s = s, .whose = person, .unit = unit, .right = right, .names = BUF_INIT(4096)};
    struct state_person p;
    int r;

    if (state_person_get(s, &all, person, &arena, &p, NULL) < 0)
        p.name = SLICE("?");
    r = state_grant_each(s, &all, &now, name_other, &o, err);
    if (r >= 0 && o.count > 0)
        r = err_fail(err, CE_DENIED, ERR_STATE_RIGHT_OWN_MATTER, p.name, buf_cstr(&o.names));
    else if (r >= 0)
        r = err_fail(err, CE_DENIED, ERR_STATE_RIGHT_OWN_MATTER_ALONE, p.name,
                     ERR_ID(rights[right].who));
    buf_done(&o.names);
    arena_done(&arena);
    return r;
}

int right_own(struct state *s, struct state_id decides, struct state_id whose, struct state_id unit,
              enum state_right right, struct err *err)
{
    if (id_is_none(decides) || !id_eq(decides, whose))
        return 0;
    return refuse_own(s, decides, unit, right, err);
}

int right_outside(struct state *s, struct state_id decides, struct state_id unit,
                  enum state_right right, struct err *err)
{
    bool own = false;
    int r = id_is_none(decides) ? 0 : rights_belongs(s, decides, unit, &own, err);

    return r == 0 && own ? refuse_own(s, decides, unit, right, err) : r;
}

int state_right_of(struct state *s, const struct state_actor *a, struct state_id person,
                   struct state_id unit, enum state_right right, struct state_actor *ret,
                   struct err *err)
{
    static const enum state_role order[] = {STATE_HEAD, STATE_COORDINATOR, STATE_ADMIN};
    struct state_id at;

    if (!actor_on_behalf(a)) {
        if (!id_is_none(person) && !id_eq(person, a->person))
            return err_fail(err, CE_DENIED, ERR_STATE_RIGHT_NOT_FOR_OTHERS);
        person = a->person;
    }
    if (id_is_none(person))
        return err_fail(err, CE_MISSING, ERR_STATE_RIGHT_NOBODY_NAMED);
    if (rights[right].elsewhere) {
        int r = right_outside(s, person, unit, right, err);

        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < CANH_LEN(order); i++) {
        int r = rights[right].roles & 1u << order[i]
                    ? find_grant(s, person, unit, order[i], right, &at, err)
                    : 0;

        if (r < 0)
            return r;
        if (r > 0) {
            *ret = (struct state_actor){.person = person,
                                        .unit = at,
                                        .role = order[i],
                                        .purpose = a->purpose,
                                        .account = a->account};
            return 0;
        }
    }
    return rights_refuse(s, person, unit, right, err);
}
