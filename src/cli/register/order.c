/* SPDX-License-Identifier: Apache-2.0 */
/* canh order: written orders of a competent authority. A number and a deadline; no text of what
 * they are about, no subscriber. */
#include "register/order.h"
#include "cli/register/register.h"
#include "lang/msg_register.h"

static const char *const outcomes[] = {"done", "queried", "refused", NULL};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit},
                                        {"authority", o->authority},
                                        {"due", o->due}};
    struct order_draft draft;
    struct state_order x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, o, STATE_WRITE, required, 3, &y);

    if (status != 0)
        return status;
    draft = (struct order_draft){.unit = y.unit.id,
                                 .number = slice_str(operands->items[0]),
                                 .authority = slice_str(o->authority),
                                 .basis = register_text(o->basis)};
    status = session_time(app, "due", o->due, true, &draft.deadline);
    if (status == 0)
        status = order_enter(&y.act, &y.l.actor, &draft, &x, &err);
    if (status == 0)
        register_say(&y, MSG_REGISTER_ORDER_ADDED, operands->items[0]);
    return register_end(&y, status, &err);
}

static int say_refused(struct register_job *y, const char *number, int r, const struct err *err)
{
    if (r == -CE_NOT_FOUND)
        app_say(y->l.app, MSG_REGISTER_NO_ORDER, number, y->o->unit);
    else if (r == -CE_EXISTS)
        app_say(y->l.app, MSG_REGISTER_ORDER_ENDED, number);
    else
        return r;
    return app_status(err);
}

static int run_done(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}};
    struct order_answer answer = {.number = slice_str(operands->items[0]),
                                  .outcome = STATE_ORDER_DONE + (unsigned)o->choice,
                                  .replace = o->replace};
    struct state_order x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, o, STATE_WRITE, required, 1, &y), r;

    if (status != 0)
        return status;
    answer.unit = y.unit.id;
    answer.person = y.person;
    r = order_answer(&y.act, &y.l.actor, &answer, &x, &err);
    if (r == 0)
        register_say(&y, MSG_REGISTER_ORDER_CLOSED, operands->items[0]);
    return register_end(&y, r < 0 ? say_refused(&y, operands->items[0], r, &err) : 0, &err);
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
