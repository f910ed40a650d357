/* SPDX-License-Identifier: Apache-2.0 */
#include "register/request.h"

#include "base/time.h"
#include "lang/err_register.h"
#include "lang/err_state.h"

enum request_side { ASKER, ASKED, EITHER };

/* What a verb does. */
static const struct {
    enum state_note_kind note; /* that its text becomes */
    int32_t to;                /* the state it brings the request to; 0: no change */
    enum request_side side;
    bool text; /* needs one */
} verbs[REQUEST_VERB_MAX] = {
    [REQUEST_ACCEPT] = {STATE_NOTE_COMMENT, STATE_REQUEST_ACCEPTED, ASKED, false},
    [REQUEST_COMMENT] = {STATE_NOTE_COMMENT, 0, EITHER, true},
    [REQUEST_ANSWER] = {STATE_NOTE_ANSWER, STATE_REQUEST_ANSWERED, ASKED, true},
    [REQUEST_REOPEN] = {STATE_NOTE_COMMENT, STATE_REQUEST_WORKING, ASKER, true},
    [REQUEST_CLOSE] = {STATE_NOTE_AGREEMENT, STATE_REQUEST_CLOSED, ASKER, false},
    [REQUEST_WITHDRAW] = {STATE_NOTE_COMMENT, STATE_REQUEST_WITHDRAWN, ASKER, false},
};

bool request_needs_text(enum request_verb verb)
{
    return verb < REQUEST_VERB_MAX && verbs[verb].text;
}

int request_open(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct request_draft *draft, struct state_request *ret, struct err *err)
{
    struct state_request x = {
        .unit = draft->unit,
        .other = draft->to,
        .kind = draft->kind,
        .clause = draft->clause,
        .title = draft->title,
        .text = draft->text,
        .opened = act_at(ctx),
        .due = draft->due,
        .state = STATE_REQUEST_NEW,
        .asker = act_person(actor, draft->person),
    };
    int r = state_request_put(ctx->s, actor, &x, err);

    if (r < 0)
        return r;
    x.number = arena_dup(ctx->arena, x.number);
    if (x.number.p == NULL)
        return err_nomem(err);
    *ret = x;
    return 0;
}

static int check_side(const struct request_change *change, const struct state_request *x,
                      struct request_result *ret, struct err *err)
{
    enum request_side side = verbs[change->verb].side;
    bool asker = id_eq(change->unit, x->unit), asked = id_eq(change->unit, x->other);

    ret->turn = side == ASKER ? x->unit : side == ASKED ? x->other : STATE_ID_NONE;
    if (id_is_none(change->unit))
        return 0;
    if (side == ASKER ? asker : side == ASKED ? asked : asker || asked)
        return 0;
    return err_fail(err, CE_DENIED, ERR_STATE_REQUEST_OTHER_SIDE_DOES);
}

/* Steps without a claimed time are the store's to stamp. */
static void stamp_step(const struct act_ctx *ctx, const struct request_change *change,
                       struct state_id person, struct state_request *x)
{
    x->state = verbs[change->verb].to;
    if (x->state == STATE_REQUEST_ACCEPTED) {
        x->accepted_at = ctx->claimed;
        x->owner = person;
    } else if (x->state == STATE_REQUEST_ANSWERED) {
        x->answered_at = ctx->claimed;
    } else if (x->state == STATE_REQUEST_CLOSED) {
        x->closed_at = ctx->claimed;
        x->rating = change->rating;
    }
}

static int write_note(const struct act_ctx *ctx, const struct state_actor *actor,
                      const struct request_change *change, const struct state_request *x,
                      struct err *err)
{
    struct state_note n = {
        .unit = x->unit,
        .other = x->other,
        .request = x->id,
        .person = act_person(actor, change->person),
        .at = ctx->claimed,
        .kind = state_note_kind_text(verbs[change->verb].note),
        .text = change->text,
    };

    return change->text.n ? state_note_put(ctx->s, actor, &n, err) : 0;
}

static int step_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct request_change *change, struct request_result *ret,
                       struct err *err)
{
    struct state_request *x = &ret->request, before;
    int32_t to = verbs[change->verb].to;
    int r = state_request_get(ctx->s, actor, change->request, ctx->arena, x, err);

    if (r == 0)
        r = check_side(change, x, ret, err);
    if (r == 0 && to)
        r = state_request_step(ctx->s, actor, x, to, err);
    if (r < 0)
        return r;
    before = *x;
    if (to) {
        stamp_step(ctx, change, act_person(actor, change->person), x);
        r = state_request_put(ctx->s, actor, x, err);
    }
    if (r == 0)
        r = write_note(ctx, actor, change, x, err);
    if (r < 0)
        *x = before;
    return r;
}

int request_step(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct request_change *change, struct request_result *ret, struct err *err)
{
    int r;

    *ret = (struct request_result){.turn = STATE_ID_NONE};
    if (change->verb >= REQUEST_VERB_MAX)
        return err_fail(err, CE_RANGE, ERR_STATE_STEP_NO_SUCH_STATE);
    if (verbs[change->verb].text && change->text.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_REQUEST_NEEDS_TEXT);
    r = state_act_begin(ctx->s, err);
    if (r < 0)
        return r;
    return state_act_end(ctx->s, step_inside(ctx, actor, change, ret, err), err);
}

/* Who takes it on begins anew; what was said stays with it. */
static int pass_inside(const struct act_ctx *ctx, const struct state_actor *actor,
                       const struct request_forward *p, struct request_result *ret, struct err *err)
{
    /* whom it goes to may be outside the scope of whoever hands it on; the audit still names them
     */
    struct state_actor beyond = *actor;
    struct state_request *x = &ret->request;
    struct state_note n = {.request = p->request,
                           .person = actor->person,
                           .at = ctx->claimed,
                           .kind = SLICE("comment"),
                           .text = p->text};
    int r = state_request_get(ctx->s, actor, p->request, ctx->arena, x, err);

    if (r < 0)
        return r;
    if (id_eq(p->to, x->unit) || id_eq(p->to, x->other))
        return err_fail(err, CE_RANGE, ERR_REGISTER_PASS_TO_ANOTHER);
    if (x->state >= STATE_REQUEST_ANSWERED)
        return err_fail(err, CE_CONFLICT, ERR_REGISTER_PASS_OPEN_ONLY);
    r = state_request_step(ctx->s, actor, x, STATE_REQUEST_ANSWERED, err);
    if (r < 0)
        return r;
    beyond.role = STATE_SYSTEM;
    beyond.unit = STATE_ID_NONE;
    x->other = p->to;
    x->owner = STATE_ID_NONE;
    r = state_request_put(ctx->s, &beyond, x, err);
    n.unit = x->unit;
    n.other = x->other;
    return r < 0 ? r : state_note_put(ctx->s, &beyond, &n, err);
}

int request_pass(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct request_forward *passing, struct request_result *ret, struct err *err)
{
    int r;

    *ret = (struct request_result){.turn = passing->to};
    if (passing->text.n == 0)
        return err_fail(err, CE_MISSING, ERR_STATE_REQUEST_NEEDS_TEXT);
    r = state_act_begin(ctx->s, err);
    return r < 0 ? r : state_act_end(ctx->s, pass_inside(ctx, actor, passing, ret, err), err);
}

static struct request_row row_of(const struct state_request *x, int64_t now)
{
    int64_t ended = x->answered_at ? x->answered_at : x->closed_at;

    return (struct request_row){
        .request = *x,
        .waited = (ended ? ended : now) - x->opened,
        .waits = x->state < STATE_REQUEST_ANSWERED,
        .late = time_is_late(x->due, ended, now) && x->state != STATE_REQUEST_WITHDRAWN,
    };
}

int request_list(const struct act_ctx *ctx, const struct state_actor *actor,
                 const struct request_filter *filter, struct request_list *ret, struct err *err)
{
    struct state_query q = {.unit = filter->unit};
    struct state_request *all;
    size_t n;
    int r = state_request_list(ctx->s, actor, &q, ctx->arena, &all, &n, err);

    if (r < 0)
        return r;
    *ret = (struct request_list){.rows = arena_new_array(ctx->arena, n + 1, struct request_row)};
    if (ret->rows == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        struct request_row row = row_of(&all[i], act_at(ctx));

        if (row.waits || !filter->open)
            ret->rows[ret->count++] = row;
    }
    return 0;
}

int request_show(const struct act_ctx *ctx, const struct state_actor *actor,
                 struct state_id request, struct request_view *ret, struct err *err)
{
    struct state_query q = {.ref = request};
    struct state_request x;
    int r = state_request_get(ctx->s, actor, request, ctx->arena, &x, err);

    if (r < 0)
        return r;
    *ret = (struct request_view){.row = row_of(&x, act_at(ctx))};
    return state_note_list(ctx->s, actor, &q, ctx->arena, &ret->notes, &ret->note_count, err);
}
