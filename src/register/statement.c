/* SPDX-License-Identifier: Apache-2.0 */
#include "register/statement.h"

#include "lang/err_register.h"
#include "register/evidence.h"
#include "state/evidence.h"
#include "state/rights.h"

/* The unit's assignment of the plan; a new one when it was never given. */
static int assignment_of(const struct act_ctx *ctx, const struct state_actor *actor,
                         struct state_id unit, struct state_id plan, struct state_assignment *ret,
                         struct err *err)
{
    struct state_query q = {.unit = unit, .ref = plan};
    struct state_assignment *rows;
    size_t n;
    int r = state_assignment_list(ctx->s, actor, &q, ctx->arena, &rows, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        if (id_eq(rows[i].unit, unit)) {
            *ret = rows[i];
            return 0;
        }
    }
    *ret = (struct state_assignment){.unit = unit, .plan = plan};
    return 0;
}

static int accept_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct statement_acceptance *acceptance,
                         struct state_assignment *ret, struct err *err)
{
    struct state_assignment x;
    struct state_actor head;
    bool again;
    int r = state_right_of(ctx->s, actor, acceptance->person, acceptance->unit, STATE_MAY_ACCEPT,
                           &head, err);

    if (r == 0)
        r = assignment_of(ctx, &head, acceptance->unit, acceptance->plan, &x, err);
    if (r < 0)
        return r;
    again = x.accepted_at != 0;
    if (again && (id_is_none(acceptance->deputy) || id_eq(acceptance->deputy, x.deputy))) {
        *ret = x;
        return 1;
    }
    if (!id_is_none(acceptance->deputy))
        x.deputy = acceptance->deputy;
    if (!again) {
        x.accepted_at = act_at(ctx);
        x.accepted_by = head.person;
        x.note = acceptance->paper.n ? acceptance->paper : x.note;
    }
    r = state_assignment_put(ctx->s, &head, &x, err);
    if (r == 0)
        *ret = x;
    return r < 0 ? r : again;
}

int statement_accept(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct statement_acceptance *acceptance, struct state_assignment *ret,
                     struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, accept_inside(ctx, actor, acceptance, ret, err), err);
}

static int confirm_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct statement_confirmation *confirmation, struct err *err)
{
    struct evidence_draft draft = {.unit = confirmation->unit,
                                   .kind = SLICE(EVIDENCE_CONFIRMATION),
                                   .title = confirmation->title,
                                   .method = STATE_INTERVIEW,
                                   .obligation_count = 1,
                                   .verdict = STATE_SHOWS_MET};
    struct state_evidence e;
    struct state_actor head;
    int r = state_right_of(ctx->s, actor, confirmation->person, confirmation->unit,
                           STATE_MAY_CONFIRM, &head, err);

    for (size_t i = 0; i < confirmation->count && r == 0; i++) {
        draft.obligations = &confirmation->obligations[i];
        r = evidence_add(ctx, &head, &draft, &e, err);
    }
    return r;
}

int statement_confirm(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct statement_confirmation *confirmation, struct err *err)
{
    int r = state_act_begin(ctx->s, err);

    return r < 0 ? r : state_act_end(ctx->s, confirm_inside(ctx, actor, confirmation, err), err);
}

/* What the unit said of the same obligation and time before, which is now said anew. */
static int find_given(const struct act_ctx *ctx, const struct state_actor *actor,
                      struct state_task *x, struct err *err)
{
    struct state_query q = {.unit = x->unit, .ref = x->obligation};
    struct state_task *rows;
    size_t n;
    int r = state_task_list(ctx->s, actor, &q, ctx->arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (rows[i].start == x->start) {
            x->id = rows[i].id;
            x->version = rows[i].version;
        }
    }
    return r;
}

static int check_span(const struct statement_about *about, struct err *err)
{
    return about->stop > about->start ? 0
                                      : err_fail(err, CE_RANGE, ERR_REGISTER_ENDS_BEFORE_IT_BEGINS);
}

static int not_yet_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                          struct state_task *x, struct err *err)
{
    int r = find_given(ctx, actor, x, err);

    return r < 0 ? r : state_task_put(ctx->s, actor, x, err);
}

int statement_not_yet(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct statement_about *about, struct state_task *ret, struct err *err)
{
    struct state_task x = {
        .unit = about->unit,
        .obligation = about->obligation,
        .start = about->start,
        .stop = about->stop,
        .promised = about->stop,
        .state = STATE_TASK_NOT_YET,
        .reason = about->reason,
        .person = act_person(actor, about->person),
    };
    int r = check_span(about, err);

    if (r == 0)
        r = state_act_begin(ctx->s, err);
    if (r == 0)
        r = state_act_end(ctx->s, not_yet_inside(ctx, actor, &x, err), err);
    if (r == 0)
        *ret = x;
    return r;
}

/* 1: what is asked for lies within an exemption that is in force, *ret. */
static int find_exempt(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct statement_about *about, struct state_exemption *ret,
                       struct err *err)
{
    struct state_query q = {.unit = about->unit, .ref = about->obligation};
    struct state_exemption *rows;
    size_t n;
    int r = state_exemption_list(ctx->s, actor, &q, ctx->arena, &rows, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        if (id_eq(rows[i].unit, about->unit) && id_eq(rows[i].obligation, about->obligation) &&
            rows[i].approved_at != 0 && rows[i].start <= about->start &&
            rows[i].stop >= about->stop) {
            *ret = rows[i];
            return 1;
        }
    }
    return r;
}

static int exempt_inside(const struct act_ctx *ctx, const struct state_actor *lead,
                         const struct statement_about *about, struct state_exemption *ret,
                         struct err *err)
{
    struct state_exemption x = {
        .unit = about->unit,
        .obligation = about->obligation,
        .start = about->start,
        .stop = about->stop,
        .reason = about->reason,
        .approved_by = lead->person,
        .approved_at = act_at(ctx),
    };
    int r = find_exempt(ctx, lead, about, ret, err);

    if (r == 0) {
        r = state_exemption_put(ctx->s, lead, &x, err);
        *ret = x;
    }
    return r;
}

int statement_exempt(const struct act_ctx *ctx, const struct state_actor *actor,
                     const struct statement_about *about, struct state_exemption *ret,
                     struct err *err)
{
    struct state_actor lead;
    int r = check_span(about, err);

    if (r == 0)
        r = state_right_of(ctx->s, actor, about->person, about->unit, STATE_MAY_EXEMPT, &lead, err);
    if (r == 0)
        r = state_act_begin(ctx->s, err);
    return r < 0 ? r : state_act_end(ctx->s, exempt_inside(ctx, &lead, about, ret, err), err);
}

int statement_event(const struct act_ctx *ctx, const struct state_actor *actor,
                    const struct statement_event *event, struct state_evidence *ret,
                    struct err *err)
{
    const struct evidence_draft draft = {.unit = event->unit,
                                         .kind = event->kind,
                                         .title = event->title,
                                         .method = STATE_INTERVIEW,
                                         .signer = event->person,
                                         .verdict = STATE_SHOWS_MET};

    return evidence_add(ctx, actor, &draft, ret, err);
}
