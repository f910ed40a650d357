/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan import: a checked plan into the state; canh plan list: what is there. */
#include "cli/listing.h"
#include "cli/plan/plan.h"
#include "lang/msg_cli.h"
#include "lang/msg_plan.h"
#include "proof/plan_store.h"
#include "view/plans.h"

struct import_options {
    const char *state, *unit;
    bool activate, unchecked;
};

static const struct option_spec import_specs[] = {
    SESSION_OPTION(struct import_options, state),
    OPTION_TEXT("unit", 'u', struct import_options, unit, "CODE", COMPLETE_NONE,
                MSG_PLAN_OPT_ISSUER),
    OPTION_FLAG("activate", 'a', struct import_options, activate, MSG_PLAN_OPT_ACTIVATE),
    OPTION_FLAG("unchecked", 0, struct import_options, unchecked, MSG_PLAN_OPT_UNCHECKED),
};

/* Units of which the plan, as it stands now or will at its beginning, asks anything at all. */
static uint32_t count_asked(const struct proof_world *w)
{
    int64_t at = CANH_MAX(w->in.now, w->plan->start);
    uint32_t units = 0;

    for (uint32_t u = 0; u < w->unit_count; u++) {
        uint32_t i = 0;

        while (i < w->plan->obligation_count && !status_applies(w->status, &w->facts[u], i, at))
            i++;
        units += i < w->plan->obligation_count;
    }
    return units;
}

static int describe_given(struct session *st, const char *plan)
{
    struct proof_world w;
    int status = plan_world(st, plan, NULL, 0, 0, &w);

    if (status != 0)
        return status;
    lang_write(&st->app->out.buf, st->app->lang, MSG_PLAN_GIVEN, count_asked(&w));
    proof_close(&w);
    return 0;
}

static int plan_import(struct session *st, const struct import_options *o, const char *name)
{
    struct plan_store_options opt = {.activate = o->activate, .unchecked = o->unchecked};
    struct plan_store_result res;
    const struct catalogue *catalogue;
    const struct plan *p = NULL;
    struct state_unit unit;
    struct err err = ERR_INIT;
    struct slice text;
    const char *path;
    int status = session_unit(st, o->unit, &unit);

    if (status == 0)
        status =
            plan_read(st->app, &st->arena, st->s, &st->actor, name, &catalogue, &text, &p, &path);
    if (status != 0)
        return status;
    opt.unit = unit.id;
    if (plan_store_import(&st->arena, st->s, &st->actor, p, text, &opt, &res, &err) < 0)
        return app_fail(st->app, path, &err);
    lang_write(&st->app->out.buf, st->app->lang, MSG_PLAN_IMPORTED, (int)p->id.n,
               (const char *)p->id.p, res.clauses, res.obligations, res.parts);
    if (res.off > 0)
        lang_write(&st->app->out.buf, st->app->lang, MSG_PLAN_SWITCHED_OFF, res.off);
    return o->activate ? describe_given(st, (const char *)arena_dup(&st->arena, p->id).p) : 0;
}

static int run_import(struct app *app, const void *values, const struct operands *operands)
{
    const struct import_options *o = values;
    struct session st;
    int status;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = session_open(app, o->state, STATE_WRITE, &st);
    if (status != 0)
        return status;
    status = plan_import(&st, o, operands->items[0]);
    session_close(&st);
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
    struct listing_options listing;
};

static const struct option_spec list_specs[] = {
    SESSION_OPTION(struct list_options, state),
    LISTING_OPTIONS(struct list_options, listing),
};

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct table t;
    struct session st;
    int status = listing_check(app, &o->listing), r;

    (void)operands;
    if (status == 0)
        status = session_open(app, o->state, STATE_READ, &st);
    if (status != 0)
        return status;
    ctx = listing_ctx(&st, state_now(st.s));
    r = view_plans(&ctx, &t, &err);
    status = listing_print(app, &t, &o->listing);
    if (r < 0)
        status = session_fail(&st, &err);
    table_done(&t);
    session_close(&st);
    return status;
}

const struct verb verb_plan_list = {
    .name = "list",
    .summary = MSG_PLAN_LIST_SUMMARY,
    VERB_OPTIONS(list_specs),
    .options_size = sizeof(struct list_options),
    .run = run_list,
};
