/* SPDX-License-Identifier: Apache-2.0 */
#include "record/check.h"

#include "base/time.h"
#include "lang/err_record.h"
#include "record/probe.h"

enum { CODES_MAX = 10000 };

/* A node that waits on a lock or a slow disk still keeps up with it. */
#define EVERY_MIN (5 * TIME_SECOND)

/* The first code that was never used. */
static int read_free_code(const struct record *c, struct state_check *x, struct err *err)
{
    struct state_check old;

    for (unsigned n = 1; n < CODES_MAX; n++) {
        struct buf code = BUF_INIT(16);
        int r;

        buf_printf(&code, "P%u", n);
        x->code = arena_dup(c->arena, buf_slice(&code));
        buf_done(&code);
        if (x->code.p == NULL)
            return err_nomem(err);
        r = state_check_find(c->s, &c->actor, x->unit, x->code, c->arena, &old, err);
        if (r < 0)
            return r == -CE_NOT_FOUND ? 0 : r;
    }
    return err_fail(err, CE_TOO_BIG, ERR_RECORD_NO_CODE_FREE);
}

/* With the code of a check that was taken off that one goes on. */
static int read_code(const struct record *c, struct state_check *x, struct err *err)
{
    struct state_check old;
    int r;

    if (x->code.n == 0)
        return read_free_code(c, x, err);
    r = state_check_find(c->s, &c->actor, x->unit, x->code, c->arena, &old, err);
    if (r == -CE_NOT_FOUND)
        return 0;
    if (r < 0)
        return r;
    if (record_probe_is_on(&old, state_now(c->s)))
        return err_fail(err, CE_EXISTS, ERR_RECORD_CHECK_IN_FORCE, x->code);
    x->id = old.id;
    x->version = old.version;
    x->invented = old.invented;
    return 0;
}

static int read_target(const struct record_check_draft *draft, struct state_check *x,
                       struct err *err)
{
    const struct check_kind *kind;

    x->target = draft->target;
    kind =
        draft->kind.n ? check_kind_find(draft->kind) : check_kind_guess(draft->target, &x->target);
    if (kind == NULL && draft->kind.n == 0)
        return err_fail(err, CE_UNKNOWN, ERR_RECORD_CHECK_KIND_UNTOLD, draft->target);
    x->kind = kind ? slice_str(kind->name) : draft->kind;
    if (kind && check_has_login(kind, x->target))
        return err_fail(err, CE_SYNTAX, ERR_RECORD_CHECK_LOGIN_IN_TARGET);
    x->every = draft->every ? draft->every : kind ? kind->every_minutes * TIME_MINUTE : TIME_MINUTE;
    x->timeout = draft->timeout ? draft->timeout
                 : kind         ? kind->timeout_seconds * TIME_SECOND
                                : TIME_SECOND;
    if (x->every < EVERY_MIN || x->every > 31 * TIME_DAY)
        return err_fail(err, CE_RANGE, ERR_RECORD_CHECK_INTERVAL);
    return 0;
}

static int add_inside(const struct record *c, struct state_check *x, struct err *err)
{
    struct check_spec spec;
    int r = read_code(c, x, err);

    if (r < 0)
        return r;
    spec = record_probe_spec(x);
    r = check_validate(&spec, err);
    return r < 0 ? r : state_check_put(c->s, &c->actor, x, err);
}

int record_check_add(const struct record *c, const struct record_check_draft *draft,
                     struct state_check *ret, struct err *err)
{
    struct state_check x = {
        .unit = draft->unit,
        .asset = draft->asset,
        .code = draft->code,
        .name = draft->name,
        .params = draft->params,
        .enabled = true,
        .valid_from = state_now(c->s),
        .valid_to = draft->until ? draft->until : STATE_FOREVER,
        .drill = draft->drill,
    };
    int r = read_target(draft, &x, err);

    if (r == 0)
        r = state_act_begin(c->s, err);
    if (r == 0)
        r = state_act_end(c->s, add_inside(c, &x, err), err);
    if (r == 0)
        *ret = x;
    return r;
}

static int remove_inside(const struct record *c, struct state_id unit, struct slice code,
                         struct err *err)
{
    struct state_check x;
    int64_t now = state_now(c->s);
    int r = state_check_find(c->s, &c->actor, unit, code, c->arena, &x, err);

    if (r == 0 && !record_probe_stands(&x, now))
        return err_fail(err, CE_NOT_FOUND, ERR_RECORD_NO_CHECK, code);
    if (r < 0)
        return r;
    x.enabled = false;
    x.valid_to = CANH_MAX(now, x.valid_from + 1);
    return state_check_put(c->s, &c->actor, &x, err);
}

int record_check_remove(const struct record *c, struct state_id unit, struct slice code,
                        struct err *err)
{
    int r = state_act_begin(c->s, err);

    return r < 0 ? r : state_act_end(c->s, remove_inside(c, unit, code, err), err);
}

static int enable_inside(const struct record *c, struct state_id unit, struct slice code,
                         struct err *err)
{
    struct state_check x;
    int r = state_check_find(c->s, &c->actor, unit, code, c->arena, &x, err);

    if (r == 0 && (x.enabled || x.valid_to <= state_now(c->s)))
        return err_fail(err, CE_NOT_FOUND, ERR_RECORD_NO_CHECK, code);
    if (r < 0)
        return r;
    x.enabled = true;
    return state_check_put(c->s, &c->actor, &x, err);
}

int record_check_enable(const struct record *c, struct state_id unit, struct slice code,
                        struct err *err)
{
    int r = state_act_begin(c->s, err);

    return r < 0 ? r : state_act_end(c->s, enable_inside(c, unit, code, err), err);
}

static int explain_inside(const struct record *c, const struct record_outage_note *note,
                          struct err *err)
{
    struct state_outage x;
    int r = state_outage_get(c->s, &c->actor, note->outage, c->arena, &x, err);

    if (r < 0)
        return r;
    if (note->cause.p)
        x.cause = note->cause;
    if (note->note.p)
        x.note = note->note;
    x.planned = x.planned || note->planned;
    if (!id_is_none(note->person))
        x.person = note->person;
    return state_outage_put(c->s, &c->actor, &x, err);
}

int record_outage_explain(const struct record *c, const struct record_outage_note *note,
                          struct err *err)
{
    int r = state_act_begin(c->s, err);

    return r < 0 ? r : state_act_end(c->s, explain_inside(c, note, err), err);
}
