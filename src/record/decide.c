/* SPDX-License-Identifier: Apache-2.0 */
#include "record/decide.h"

#include "record/period.h"
#include "record/send.h"
#include "record/standing.h"
#include "state/checks.h"
#include "state/people.h"
#include "state/rights.h"

/* The person with the strongest of the roles that decide; false: they hold none there. */
static bool find_actor(const struct record *c, const struct record_decide *d,
                       struct state_actor *ret)
{
    static const enum state_role roles[] = {STATE_COORDINATOR, STATE_HEAD, STATE_ADMIN};

    for (size_t i = 0; i < CANH_LEN(roles); i++) {
        if (state_actor_of(c->s, d->person, d->unit, roles[i], ret, NULL) < 0)
            continue;
        ret->purpose = c->actor.purpose;
        ret->account = c->actor.account;
        return true;
    }
    return false;
}

static int find_newest(const struct record *c, const struct state_submission *x,
                       struct state_id *ret, struct err *err)
{
    struct record_period p = {.start = x->start, .stop = x->stop};
    struct state_submission newest = {.version = 0};
    struct state_form form;
    int r = state_form_get(c->s, &c->actor, x->form, c->arena, &form, err);

    if (r == 0)
        r = record_standing(c, form.name, x->unit, &p, &newest, err);
    *ret = newest.id;
    return r;
}

/* Whoever belongs to the unit decides nothing of it, by whatever role elsewhere. */
static bool is_of_unit(const struct record *c, struct state_id person, struct state_id unit)
{
    const struct state_actor all = state_actor_system();
    struct state_person p;

    return state_person_get(c->s, &all, person, c->arena, &p, NULL) == 0 && id_eq(p.unit, unit);
}

static enum record_decided may_decide(const struct record *c, const struct record_decide *d,
                                      const struct state_submission *x, struct state_id newest,
                                      struct state_actor *actor)
{
    bool returned = x->state == STATE_SUBMISSION_RETURNED;
    struct state_actor right;

    if (x->state == STATE_SUBMISSION_DRAFT)
        return DECIDE_NOT_SENT;
    if (id_eq(d->unit, x->unit))
        return DECIDE_OWN_UNIT;
    if (id_eq(d->person, x->person))
        return DECIDE_OWN_HAND;
    if (is_of_unit(c, d->person, x->unit))
        return DECIDE_OWN_UNIT;
    if (!find_actor(c, d, actor))
        return DECIDE_NO_ROLE;
    if (!state_may_read(c->s, actor, x->unit) ||
        state_right_of(c->s, &c->actor, d->person, x->unit, STATE_MAY_APPROVE_FORM, &right, NULL) <
            0)
        return DECIDE_NOT_THEIRS;
    if (x->state == STATE_SUBMISSION_APPROVED)
        return d->approve ? DECIDED_ALREADY : DECIDE_APPROVED;
    if (!id_eq(newest, x->id))
        return DECIDE_SUPERSEDED;
    if (returned && !d->approve && slice_eq(x->note, d->why))
        return DECIDED_ALREADY;
    return DECIDED;
}

struct reopen_ctx {
    const struct record *c;
    struct state_id source;
    struct state_finding *v;
    size_t n, cap;
};

static int note_closed(void *u, const struct state_finding *x)
{
    struct reopen_ctx *k = u;

    if (!id_eq(x->source, k->source) || x->state != STATE_FINDING_FIXED || k->n == k->cap)
        return 0;
    return state_finding_get(k->c->s, &k->c->actor, x->id, k->c->arena, &k->v[k->n++], NULL);
}

/* What it had closed is open again. */
static int decide_reopen(const struct record *c, const struct state_submission *x, uint32_t *ret,
                         struct err *err)
{
    enum { CLOSED_MAX = FORM_FIELDS_MAX * 4 };
    struct state_query q = {.unit = x->unit};
    struct state_actor system = state_actor_system();
    struct reopen_ctx k = {.c = c, .source = x->id, .cap = CLOSED_MAX};
    int r;

    k.v = arena_new_array(c->arena, k.cap, struct state_finding);
    if (k.v == NULL)
        return err_nomem(err);
    r = state_finding_each(c->s, &c->actor, &q, note_closed, &k, err);
    for (size_t i = 0; i < k.n && r == 0; i++) {
        k.v[i].state = STATE_FINDING_OPEN;
        k.v[i].fixed_at = 0;
        r = state_finding_put(c->s, &system, &k.v[i], err);
    }
    *ret = (uint32_t)k.n;
    return r;
}

static int decide_inside(const struct record *c, const struct record_decide *d,
                         struct record_decision *ret, struct err *err)
{
    struct state_submission *x = &ret->submission;
    struct state_id newest;
    struct state_actor actor;
    int r;

    *ret = (struct record_decision){.outcome = DECIDED};
    r = state_submission_get(c->s, &c->actor, d->submission, c->arena, x, err);
    if (r == 0)
        r = find_newest(c, x, &newest, err);
    if (r < 0)
        return r;
    ret->outcome = may_decide(c, d, x, newest, &actor);
    if (ret->outcome != DECIDED)
        return 0;
    x->state = d->approve ? STATE_SUBMISSION_APPROVED : STATE_SUBMISSION_RETURNED;
    x->approved_by = d->person;
    x->approved_at = d->at ? d->at : state_now(c->s);
    x->note = d->approve ? SLICE_NULL : d->why;
    r = state_submission_put(c->s, &actor, x, err);
    if (r == 0 && !d->approve)
        r = decide_reopen(c, x, &ret->reopened, err);
    return r;
}

int record_decide_all(const struct record *c, const struct record_decide *d, size_t count,
                      struct record_decision *ret, bool *ret_refused, struct err *err)
{
    int r = state_act_begin(c->s, err);

    *ret_refused = false;
    if (r < 0)
        return r;
    for (size_t i = 0; i < count && r == 0; i++) {
        r = decide_inside(c, &d[i], &ret[i], err);
        *ret_refused = *ret_refused || (r == 0 && ret[i].outcome > DECIDED_ALREADY);
    }
    if (r < 0 || !*ret_refused)
        return state_act_end(c->s, r, err);
    state_act_undo(c->s); /* one that is refused leaves all as it was */
    return 0;
}

int record_decide(const struct record *c, const struct record_decide *d,
                  struct record_decision *ret, struct err *err)
{
    bool refused;

    return record_decide_all(c, d, 1, ret, &refused, err);
}
