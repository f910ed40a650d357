/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty swap: asked by one, agreed to by the other, approved by the head. */
#include "cli/duty/change.h"
#include "lang/msg_duty.h"

#define DUTY_TYPE struct swap_options

struct swap_options {
    struct change_options change;
    const char *person, *with, *reason, *back_from, *back_until;
};

static const char *const swap_words[] = {"list",   "ask",    "agree", "approve",
                                         "refuse", "cancel", NULL};
static const struct option_spec swap_options[] = {
    CHANGE_WHERE,
    CHANGE_WHO,
    DUTY_TEXT("with", 'w', with, "CODE", MSG_DUTY_OPT_WITH),
    CHANGE_FROM,
    CHANGE_UNTIL,
    DUTY_TEXT("back-from", 0, back_from, "TIME", MSG_DUTY_OPT_BACK_FROM),
    DUTY_TEXT("back-until", 0, back_until, "TIME", MSG_DUTY_OPT_BACK_UNTIL),
    CHANGE_REASON,
    CHANGE_ID,
    CHANGE_BY,
    CHANGE_LISTING};

static int ask_swap(struct change *c)
{
    const struct swap_options *o = (const struct swap_options *)c->o;
    struct swap_request x = {.post = c->r.picture.load.posts[c->r.post].id,
                             .start = c->start,
                             .stop = c->stop,
                             .reason = slice_str(o->reason)};
    struct swap_result done;
    int status = change_need_span(c), r;

    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0)
        status = duty_person(&c->r, "with", o->with, &x.other);
    if (status == 0)
        status = session_time(c->r.app, "back-from", o->back_from, false, &x.back_start);
    if (status == 0)
        status = session_time(c->r.app, "back-until", o->back_until, true, &x.back_stop);
    if (status != 0)
        return status;
    r = swap_ask(&c->act, &c->r.st->actor, &x, &done, &c->err);
    if (r == 0)
        r = change_made(c, done.swap.id);
    if (r < 0)
        return r;
    status = change_idle(c, x.person, x.start, x.stop);
    return x.back_stop > x.back_start
               ? CANH_MAX(status, change_idle(c, x.other, x.back_start, x.back_stop))
               : status;
}

static int32_t state_of_word(const struct change *c)
{
    return change_is(c, "agree")     ? STATE_SWAP_AGREED
           : change_is(c, "approve") ? STATE_SWAP_APPROVED
           : change_is(c, "refuse")  ? STATE_SWAP_REFUSED
                                     : STATE_SWAP_CANCELLED;
}

/* A step that does not follow is told by what is there. */
static int describe_refusal(struct change *c, const struct swap_result *done)
{
    static const msg_id states[] = {MSG_DUTY_STATE_ASKED,   MSG_DUTY_STATE_ASKED,
                                    MSG_DUTY_STATE_AGREED,  MSG_DUTY_STATE_APPROVED,
                                    MSG_DUTY_STATE_REFUSED, MSG_DUTY_STATE_CANCELLED};
    const struct state_swap *x = &done->swap;

    if (x->state == STATE_SWAP_ASKED)
        return app_usage(c->r.app, MSG_DUTY_NOT_AGREED, SLICE_ARG(duty_name(&c->r, x->other)));
    return app_usage(c->r.app, MSG_DUTY_SWAP_SETTLED,
                     lang_text(c->r.app->lang,
                               states[CANH_MIN(CANH_MAX(x->state, 0), STATE_SWAP_CANCELLED)]));
}

static int swap_warn(struct change *c, const struct state_swap *x)
{
    int status = change_warn(c, x->other, x->start, x->stop);

    return x->back_stop > x->back_start && status <= EXIT_FOUND
               ? CANH_MAX(status, change_warn(c, x->person, x->back_start, x->back_stop))
               : status;
}

static int act_swap(struct change *c)
{
    struct swap_result *done = change_results(c, struct swap_result);
    struct duty_decision d = change_decision(c);
    int32_t to = state_of_word(c);
    int status = EXIT_FINE, r;
    size_t last = 0;

    if (done == NULL)
        return err_nomem(&c->err);
    r = swap_step(&c->act, &c->r.st->actor, to, &d, done, &c->err);
    for (size_t i = 0; i < c->count; i++)
        last = id_is_none(done[i].swap.id) ? last : i;
    if (r == -CE_CONFLICT)
        return describe_refusal(c, &done[last]);
    for (size_t i = 0; r == 0 && i < c->count && status <= EXIT_FOUND; i++) {
        const struct state_swap *x = &done[i].swap;

        if (done[i].changed && x->one_hand && to == STATE_SWAP_APPROVED)
            app_print(c->r.app, MSG_DUTY_ONE_HAND);
        if (!done[i].changed)
            change_describe_same(c, x->id, to == STATE_SWAP_APPROVED ? x->approved_at : x->changed);
        else if (to == STATE_SWAP_APPROVED)
            status = CANH_MAX(status, swap_warn(c, x));
    }
    return r < 0 ? r : status;
}

static int unit_of(struct change *c, struct state_id row, struct state_id *ret)
{
    struct state_swap x;
    int r = state_swap_get(c->r.st->s, &c->r.st->actor, row, &c->r.st->arena, &x, &c->err);

    *ret = x.unit;
    return r;
}

static int run_swap(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"ask", NULL};
    static const struct change_kind kind = {
        .ask = ask, .view = view_swaps, .unit = unit_of, .make = ask_swap, .act = act_swap};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_swap = {.name = "swap",
                               .summary = MSG_DUTY_SWAP_SUMMARY,
                               .about = MSG_DUTY_SWAP_ABOUT,
                               CHANGE_VERB(swap_words, swap_options),
                               .run = run_swap};
