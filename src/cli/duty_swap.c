/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty swap: asked by one, agreed to by the other, approved by the head. */
#include "cli/duty_change.h"
#include "lang/msg_duty.h"

static const char *const swap_words[] = {"list",   "ask",    "agree", "approve",
                                         "refuse", "cancel", NULL};
static const struct option_spec swap_options[] = {
    DUTY_WHERE,
    DUTY_WHO,
    DUTY_TEXT("with", 'w', name, "CODE", MSG_DUTY_OPT_WITH),
    CHANGE_FROM,
    CHANGE_UNTIL,
    DUTY_TEXT("back-from", 0, back_from, "TIME", MSG_DUTY_OPT_BACK_FROM),
    DUTY_TEXT("back-until", 0, back_until, "TIME", MSG_DUTY_OPT_BACK_UNTIL),
    DUTY_REASON,
    CHANGE_ID,
    CHANGE_BY,
    DUTY_JSON};

static const msg_id swap_states[] = {MSG_DUTY_STATE_ASKED,   MSG_DUTY_STATE_ASKED,
                                     MSG_DUTY_STATE_AGREED,  MSG_DUTY_STATE_APPROVED,
                                     MSG_DUTY_STATE_REFUSED, MSG_DUTY_STATE_CANCELLED};

static void show_swap(struct change *c, const void *row)
{
    static const char *const keys[] = {"asked",    "asked",   "agreed",
                                       "approved", "refused", "cancelled"};
    const struct state_swap *x = row;
    int32_t state = CANH_MIN(CANH_MAX(x->state, 0), STATE_SWAP_CANCELLED);
    struct buf line = BUF_INIT(64 * 1024);

    if (c->r.o->json) {
        struct json_write w = JSON_WRITE_INIT(&c->r.app->out.buf);

        buf_done(&line);
        change_json_head(&w, x->id, x->start, x->stop, keys[state]);
        change_json_name(c, &w, "person", x->person);
        change_json_name(c, &w, "other", x->other);
        duty_json_time(&w, "back_from", x->back_start);
        duty_json_time(&w, "back_until", x->back_stop);
        change_json_end(&w);
        return;
    }
    change_put_head(c, &line, x->id, x->start, x->stop, swap_states[state]);
    lang_put(&line, c->r.app->lang, MSG_DUTY_SWAP_OF, SLICE_ARG(duty_name(&c->r, x->other)),
             SLICE_ARG(duty_name(&c->r, x->person)));
    if (x->back_stop > x->back_start) {
        lang_put(&line, c->r.app->lang, MSG_DUTY_SWAP_BACK);
        duty_put_span(&line, x->back_start, x->back_stop, LEDGER_ZONE);
    }
    duty_put_line(c->r.app, &line);
}

static int ask_swap(struct change *c)
{
    const struct duty_options *o = c->r.o;
    const struct state_post *post = &c->r.load.posts[c->r.post];
    struct state_swap x = {.unit = post->unit,
                           .post = post->id,
                           .start = c->start,
                           .stop = c->stop,
                           .state = STATE_SWAP_ASKED,
                           .reason = slice_str(o->reason)};
    int status = change_need_span(c);

    if (status == 0)
        status = duty_person(&c->r, "person", o->person, &x.person);
    if (status == 0)
        status = duty_person(&c->r, "with", o->name, &x.other);
    if (status == 0)
        status = ledger_time(c->r.app, "back-from", o->back_from, false, &x.back_start);
    if (status == 0)
        status = ledger_time(c->r.app, "back-until", o->back_until, true, &x.back_stop);
    if (status == 0 && id_eq(x.person, x.other))
        status = app_usage(c->r.app, MSG_DUTY_SAME_PERSON);
    if (status == 0 && x.back_stop < x.back_start)
        status = app_usage(c->r.app, MSG_DUTY_EMPTY_TIME);
    if (status == 0 && state_swap_put(c->r.st->s, &c->r.st->actor, &x, &c->err) < 0)
        status = change_failed(c);
    if (status != 0)
        return status;
    show_swap(c, &x);
    status = change_idle(c, x.person, x.start, x.stop);
    return x.back_stop > x.back_start
               ? CANH_MAX(status, change_idle(c, x.other, x.back_start, x.back_stop))
               : status;
}

/* What may follow what: nothing comes back from refused or cancelled, and only what was asked is
 * agreed to. */
static int next_state(struct change *c, const struct state_swap *x, int32_t *ret)
{
    static const struct {
        const char *word;
        int32_t to;
        unsigned from; /* bits of states */
    } steps[] = {
        {"agree", STATE_SWAP_AGREED, 1u << STATE_SWAP_ASKED},
        {"approve", STATE_SWAP_APPROVED, 1u << STATE_SWAP_AGREED},
        {"refuse", STATE_SWAP_REFUSED, 1u << STATE_SWAP_ASKED | 1u << STATE_SWAP_AGREED},
        {"cancel", STATE_SWAP_CANCELLED,
         1u << STATE_SWAP_ASKED | 1u << STATE_SWAP_AGREED | 1u << STATE_SWAP_APPROVED},
    };
    size_t i = 0;

    while (i + 1 < CANH_LEN(steps) && !change_is(c, steps[i].word))
        i++;
    *ret = steps[i].to;
    if (steps[i].from >> x->state & 1)
        return 0;
    if (x->state == STATE_SWAP_ASKED)
        return app_usage(c->r.app, MSG_DUTY_NOT_AGREED, SLICE_ARG(duty_name(&c->r, x->other)));
    return app_usage(c->r.app, MSG_DUTY_SWAP_SETTLED,
                     lang_text(c->r.app->lang, swap_states[x->state]));
}

static int act_swap(struct change *c, void *row)
{
    struct state_swap *x = row;
    int32_t state;
    int status = next_state(c, x, &state);

    if (status == 0 && state == STATE_SWAP_APPROVED)
        status = change_approver(c, x->unit, &x->approved_by);
    if (status != 0)
        return status;
    x->state = state;
    if (state == STATE_SWAP_AGREED) {
        x->agreed_by = x->other;
        x->agreed_at = c->r.now;
    } else if (state == STATE_SWAP_APPROVED) {
        x->approved_at = c->r.now;
    }
    if (state_swap_put(c->r.st->s, &c->r.st->actor, x, &c->err) < 0)
        return change_failed(c);
    show_swap(c, x);
    if (state != STATE_SWAP_APPROVED)
        return 0;
    status = change_warn(c, x->other, x->start, x->stop);
    return x->back_stop > x->back_start && status <= EXIT_FOUND
               ? CANH_MAX(status, change_warn(c, x->person, x->back_start, x->back_stop))
               : status;
}

static int list_swaps(struct change *c, const struct state_query *q, void **ret, size_t *ret_n)
{
    return state_swap_list(c->r.st->s, &c->r.st->actor, q, &c->r.st->arena,
                           (struct state_swap **)ret, ret_n, &c->err);
}

static int run_swap(struct app *app, const void *values, const struct operands *operands)
{
    static const char *const ask[] = {"ask", NULL};
    static const struct change_kind kind = {.ask = ask,
                                            .row_size = sizeof(struct state_swap),
                                            .post = offsetof(struct state_swap, post),
                                            .list = list_swaps,
                                            .make = ask_swap,
                                            .act = act_swap,
                                            .show = show_swap};

    return change_run(app, values, operands, &kind);
}

const struct verb duty_swap = {.name = "swap",
                               .summary = MSG_DUTY_SWAP_SUMMARY,
                               .about = MSG_DUTY_SWAP_ABOUT,
                               CHANGE_VERB(swap_words, swap_options),
                               .run = run_swap};
