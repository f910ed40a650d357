/* SPDX-License-Identifier: Apache-2.0 */
/* canh order: written orders of a competent authority. A number and a deadline; no text of what
 * they are about, no subscriber. */
#include "register/order.h"
#include "cli/register/register.h"
#include "lang/msg_register.h"

static const char *const outcomes[] = {"done", "queried", "refused", NULL};

struct add_options {
    struct register_scope scope;
    const char *authority, *basis, *due;
};

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct add_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"authority", o->authority, REGISTER_NEEDED},
                                           {"due", o->due, REGISTER_NEEDED},
                                           {"basis", o->basis, REGISTER_TYPED}};
    struct order_draft draft;
    struct state_order x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);

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
        register_print(&y, MSG_REGISTER_ORDER_ADDED, operands->items[0]);
    return register_end(&y, status, &err);
}

static int describe_refused(struct register_job *y, const char *number, int r,
                            const struct err *err)
{
    if (r == -CE_NOT_FOUND)
        app_print(y->l.app, MSG_REGISTER_NO_ORDER, number, y->scope.unit);
    else if (r == -CE_EXISTS)
        app_print(y->l.app, MSG_REGISTER_ORDER_ENDED, number);
    else
        return r;
    return app_status(err);
}

struct done_options {
    struct register_scope scope;
    int outcome;
    bool replace;
};

static int run_done(struct app *app, const void *values, const struct operands *operands)
{
    const struct done_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN}};
    struct order_answer answer = {.number = slice_str(operands->items[0]),
                                  .outcome = STATE_ORDER_DONE + (unsigned)o->outcome,
                                  .replace = o->replace};
    struct state_order x;
    struct err err = ERR_INIT;
    struct register_job y;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y), r;

    if (status != 0)
        return status;
    answer.unit = y.unit.id;
    answer.person = y.person;
    r = order_answer(&y.act, &y.l.actor, &answer, &x, &err);
    if (r == 0)
        register_print(&y, MSG_REGISTER_ORDER_CLOSED, operands->items[0]);
    return register_end(&y, r < 0 ? describe_refused(&y, operands->items[0], r, &err) : 0, &err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_orders);
}

static const struct option_spec add_specs[] = {
    REGISTER_STATE(struct add_options),
    REGISTER_UNIT(struct add_options),
    REGISTER_TEXT(struct add_options, "authority", 0, authority, "TEXT",
                  MSG_REGISTER_OPT_AUTHORITY),
    REGISTER_TEXT(struct add_options, "basis", 0, basis, "TEXT", MSG_REGISTER_OPT_BASIS),
    REGISTER_TEXT(struct add_options, "due", 0, due, "TIME", MSG_REGISTER_OPT_DUE),
    REGISTER_AT(struct add_options),
};

static const struct option_spec done_specs[] = {
    REGISTER_STATE(struct done_options),
    REGISTER_UNIT(struct done_options),
    OPTION_CHOICE("outcome", 0, struct done_options, outcome, outcomes, MSG_REGISTER_OPT_OUTCOME),
    OPTION_FLAG("replace", 0, struct done_options, replace, MSG_REGISTER_OPT_REPLACE),
    REGISTER_WHO(struct done_options),
    REGISTER_AT(struct done_options),
};

static const struct option_spec list_specs[] = {
    REGISTER_STATE(struct register_list_options),
    REGISTER_UNIT(struct register_list_options),
    OPTION_FLAG("open", 0, struct register_list_options, open, MSG_REGISTER_OPT_ORDER_OPEN),
    LISTING_OPTIONS(struct register_list_options, listing),
};

static const struct verb verb_add = {.name = "add",
                                     .summary = MSG_REGISTER_ORDER_ADD,
                                     .about = MSG_REGISTER_ORDER_ABOUT,
                                     .operands = "NUMBER",
                                     .min_operands = 1,
                                     .max_operands = 1,
                                     VERB_OPTIONS(add_specs),
                                     .options_size = sizeof(struct add_options),
                                     .run = run_add};
static const struct verb verb_done = REGISTER_ONE("done", MSG_REGISTER_ORDER_CLOSE, "NUMBER",
                                                  done_specs, struct done_options, run_done);
static const struct verb verb_list = REGISTER_PLAIN("list", MSG_REGISTER_ORDER_LIST, list_specs,
                                                    struct register_list_options, run_list);

static const struct verb *const subs[] = {&verb_add, &verb_done, &verb_list, NULL};

const struct verb verb_order = {.name = "order", .summary = MSG_REGISTER_ORDER, .subs = subs};
