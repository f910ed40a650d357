/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan import: a checked plan into the state; canh plan list: what is there. */
#include "cli/plan.h"
#include "cli/tabular.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "proof/plan_store.h"

struct import_options {
    const char *state, *unit;
    bool activate, unchecked;
};

static const struct option_spec import_specs[] = {
    LEDGER_OPTION(struct import_options),
    OPTION_TEXT("unit", 'u', struct import_options, unit, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_ISSUER),
    OPTION_FLAG("activate", 'a', struct import_options, activate, MSG_PLAN_OPT_ACTIVATE),
    OPTION_FLAG("unchecked", 0, struct import_options, unchecked, MSG_PLAN_OPT_UNCHECKED),
};

static int import(struct ledger *st, const struct import_options *o, const char *name)
{
    struct plan_store_options opt = {.activate = o->activate, .unchecked = o->unchecked};
    struct plan_store_result res;
    const struct catalogue *catalogue;
    const struct plan *p = NULL;
    struct state_unit unit;
    struct err err = ERR_INIT;
    struct slice text;
    const char *path;
    int status = ledger_unit(st, o->unit, &unit);

    if (status == 0)
        status =
            plan_read(st->app, &st->arena, st->s, &st->actor, name, &catalogue, &text, &p, &path);
    if (status != 0)
        return status;
    opt.unit = unit.id;
    if (plan_store_import(&st->arena, st->s, &st->actor, p, text, &opt, &res, &err) < 0)
        return app_fail(st->app, path, &err);
    lang_put(&st->app->out.buf, st->app->lang, MSG_PLAN_IMPORTED, (int)p->id.n,
             (const char *)p->id.p, res.clauses, res.obligations, res.parts);
    if (o->activate)
        lang_put(&st->app->out.buf, st->app->lang, MSG_PLAN_GIVEN, res.units);
    if (res.off > 0)
        lang_put(&st->app->out.buf, st->app->lang, MSG_PLAN_SWITCHED_OFF, res.off);
    return 0;
}

static int run_import(struct app *app, const void *values, const struct operands *operands)
{
    const struct import_options *o = values;
    struct ledger st;
    int status;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = ledger_open(app, o->state, STATE_WRITE, &st);
    if (status != 0)
        return status;
    status = import(&st, o, operands->items[0]);
    ledger_close(&st);
    return status;
}

const struct verb verb_plan_import = {
    .name = "import",
    .summary = MSG_PLAN_IMPORT_SUMMARY,
    .about = MSG_PLAN_IMPORT_ABOUT,
    .operands = "FILE|NAME",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(import_specs),
    .options_size = sizeof(struct import_options),
    .run = run_import,
};

struct list_options {
    const char *state;
    bool json;
};

static const struct option_spec list_specs[] = {
    LEDGER_OPTION(struct list_options),
    OPTION_FLAG("json", 'j', struct list_options, json, MSG_PLAN_OPT_JSON),
};

static const struct tabular_column columns[] = {
    {"plan", MSG_PLAN_COL_PLAN, false},   {"state", MSG_PLAN_COL_STATE, false},
    {"start", MSG_PLAN_COL_START, false}, {"end", MSG_PLAN_COL_END, false},
    {"title", MSG_PLAN_COL_TITLE, false},
};

static int put_plan(void *u, const struct state_plan *x)
{
    static const struct {
        const char *key;
        msg_id text;
    } states[] = {
        [STATE_PLAN_DRAFT] = {"draft", MSG_PLAN_IS_DRAFT},
        [STATE_PLAN_APPROVED] = {"approved", MSG_PLAN_IS_APPROVED},
        [STATE_PLAN_ACTIVE] = {"active", MSG_PLAN_IS_ACTIVE},
        [STATE_PLAN_CLOSED] = {"closed", MSG_PLAN_IS_CLOSED},
    };
    struct tabular *t = u;
    size_t i =
        x->state > 0 && (size_t)x->state < CANH_LEN(states) ? (size_t)x->state : STATE_PLAN_DRAFT;

    tabular_text(t, x->code);
    tabular_word(t, states[i].key, states[i].text);
    tabular_time(t, x->start);
    tabular_time(t, x->stop == STATE_FOREVER ? 0 : x->stop);
    tabular_text(t, x->title);
    tabular_row(t);
    return 0;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct state_query all = {.limit = 0};
    struct err err = ERR_INIT;
    struct tabular t;
    struct ledger st;
    int status = ledger_open(app, o->state, STATE_READ, &st);

    (void)operands;
    if (status != 0)
        return status;
    tabular_init(&t, app, columns, CANH_LEN(columns), o->json);
    if (state_plan_each(st.s, &st.actor, &all, put_plan, &t, &err) < 0)
        status = ledger_fail(&st, &err);
    tabular_done(&t);
    ledger_close(&st);
    return status;
}

const struct verb verb_plan_list = {
    .name = "list",
    .summary = MSG_PLAN_LIST_SUMMARY,
    VERB_OPTIONS(list_specs),
    .options_size = sizeof(struct list_options),
    .run = run_list,
};
