/* SPDX-License-Identifier: Apache-2.0 */
/* canh order: written orders of a competent authority. A number and a deadline; no text of what
 * they are about, no subscriber. */
#include "cli/registers.h"
#include "lang/msg_register.h"
#include "state/reviews.h"

static const char *const outcomes[] = {"done", "queried", "refused", NULL};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit},
                                        {"authority", o->authority},
                                        {"due", o->due}};
    struct state_order x = {.outcome = STATE_ORDER_OPEN}, old;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y), r;

    if (status != 0)
        return status;
    status = ledger_time(app, "due", o->due, true, &x.deadline);
    x.unit = y.unit.id;
    x.number = slice_str(operands->items[0]);
    x.authority = slice_str(o->authority);
    x.basis = register_text(o->basis);
    x.received = y.at;
    if (status == 0 &&
        state_order_find(y.l.s, &y.l.actor, x.unit, x.number, &y.l.arena, &old, &ERR_INIT) == 0) {
        app_say(app, MSG_REGISTER_ORDER_EXISTS, operands->items[0]);
        status = EX_DATAERR;
    }
    r = status ? status : state_order_put(y.l.s, &y.l.actor, &x, &err);
    return register_end(&y, r, &err);
}

static int put_outcome(struct registering *y, const char *number, struct err *err)
{
    struct state_order x;
    int r =
        state_order_find(y->l.s, &y->l.actor, y->unit.id, slice_str(number), &y->l.arena, &x, err);

    if (r == -CE_NOT_FOUND) {
        app_say(y->l.app, MSG_REGISTER_NO_ORDER, number, y->o->unit);
        return EX_NOINPUT;
    }
    if (r < 0)
        return r;
    if (x.outcome > STATE_ORDER_OPEN && x.outcome != STATE_ORDER_QUERIED && !y->o->replace) {
        app_say(y->l.app, MSG_REGISTER_ORDER_ENDED, number);
        return EX_DATAERR;
    }
    if (y->at < x.received) {
        app_say(y->l.app, MSG_REGISTER_ORDER_BEFORE, number);
        return EX_DATAERR;
    }
    x.outcome = STATE_ORDER_DONE + y->o->choice;
    x.done_at = y->at;
    x.person = y->person;
    return state_order_put(y->l.s, &y->l.actor, &x, err);
}

static int run_done(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}};
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_WRITE, required, 1, &y);

    if (status != 0)
        return status;
    return register_end(&y, put_outcome(&y, operands->items[0], &err), &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_orders);
}

static const struct option_spec add_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    REGISTER_TEXT("authority", 0, authority, "TEXT", MSG_REGISTER_OPT_AUTHORITY),
    REGISTER_TEXT("basis", 0, basis, "TEXT", MSG_REGISTER_OPT_BASIS),
    REGISTER_TEXT("due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT,
};

static const struct option_spec done_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    OPTION_CHOICE("outcome", 0, struct register_options, choice, outcomes,
                  MSG_REGISTER_OPT_OUTCOME),
    OPTION_FLAG("replace", 0, struct register_options, replace, MSG_REGISTER_OPT_REPLACE),
    REGISTER_WHO,
    REGISTER_AT,
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    OPTION_FLAG("open", 0, struct register_options, open, MSG_REGISTER_OPT_ORDER_OPEN),
    REGISTER_LISTING,
};

static const struct verb verb_add = {.name = "add",
                                     .summary = MSG_REGISTER_ORDER_ADD,
                                     .about = MSG_REGISTER_ORDER_ABOUT,
                                     .operands = "NUMBER",
                                     .min_operands = 1,
                                     .max_operands = 1,
                                     VERB_OPTIONS(add_specs),
                                     REGISTER_VERB,
                                     .run = run_add};
static const struct verb verb_done =
    REGISTER_ONE("done", MSG_REGISTER_ORDER_CLOSE, "NUMBER", done_specs, run_done);
static const struct verb verb_list =
    REGISTER_PLAIN("list", MSG_REGISTER_ORDER_LIST, list_specs, run_list);

static const struct verb *const subs[] = {&verb_add, &verb_done, &verb_list, NULL};

const struct verb verb_order = {.name = "order", .summary = MSG_REGISTER_ORDER, .subs = subs};
