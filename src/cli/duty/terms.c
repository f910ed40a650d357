/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty terms: the terms that a unit's duty goes by; a file of its own instead of canh's. */
#include "cli/duty/duty.h"
#include "duty/terms_state.h"
#include "lang/msg_cli.h"
#include "lang/msg_duty.h"
#include "proof/plan_store.h"
#include "view/shifts.h"

#define DUTY_TYPE struct terms_options

struct terms_options {
    struct duty_where where;
    struct listing_options listing;
    const char *source;
    bool apply, drop, yaml;
};

static const struct option_spec options[] = {
    DUTY_STATE,
    DUTY_TEXT("unit", 'u', where.unit, "CODE", MSG_DUTY_OPT_TERMS_UNIT),
    DUTY_FLAG("apply", 'a', apply, MSG_DUTY_OPT_TERMS_APPLY),
    DUTY_FLAG("drop", 0, drop, MSG_DUTY_OPT_TERMS_DROP),
    DUTY_TEXT("source", 0, source, "TEXT", MSG_DUTY_OPT_TERMS_SOURCE),
    DUTY_FLAG("yaml", 'y', yaml, MSG_DUTY_OPT_TERMS_YAML),
    DUTY_LISTING,
};

struct run {
    struct app *app;
    const struct terms_options *o;
    struct session st;
    struct state_unit unit; /* of --unit; zeroed: the whole province */
    struct duty_terms_found found;
};

static struct slice code_of(struct run *r, struct state_id unit)
{
    const struct state_actor all = state_actor_system();
    struct state_unit u;

    return state_unit_get(r->st.s, &all, unit, &r->st.arena, &u, NULL) < 0 ? SLICE("?") : u.code;
}

static void write_head(struct run *r, struct slice of)
{
    struct buf line = BUF_INIT(64 * 1024);

    if (of.n)
        lang_write(&line, r->app->lang, MSG_DUTY_TERMS_OF, SLICE_ARG(of),
                   SLICE_ARG(r->found.source));
    else
        lang_write(&line, r->app->lang, MSG_DUTY_TERMS_CANH);
    duty_write_line(r->app, &line);
}

static int terms_show(struct run *r)
{
    struct view_ctx ctx = listing_ctx(&r->st, state_now(r->st.s));
    struct slice of = id_is_none(r->found.unit) ? SLICE_NULL : code_of(r, r->found.unit);
    struct err err = ERR_INIT;
    struct table t;
    int status;

    if (r->o->yaml) {
        buf_append_slice(&r->app->out.buf, r->found.yaml);
        return 0;
    }
    if (listing_is_plain(&r->o->listing))
        write_head(r, of);
    status = view_duty_terms(&ctx, &r->found, of, &t, &err) < 0
                 ? session_fail(&r->st, &err)
                 : listing_print(r->app, &t, &r->o->listing);
    table_done(&t);
    return status;
}

static int find_in_force(struct run *r)
{
    struct err err = ERR_INIT;

    return duty_terms_of(r->st.s, r->unit.id, proof_data("duty.yaml"), &r->st.arena, &r->found,
                         &err) < 0
               ? session_fail(&r->st, &err)
               : 0;
}

/* Checked, shown, and kept with --apply. */
static int write_file(struct run *r, const char *path)
{
    struct act_ctx act = session_act(&r->st, 0);
    struct terms_request x = {.unit = r->unit.id,
                              .source = slice_str(r->o->source ? r->o->source : path)};
    struct err err = ERR_INIT;
    int status = session_read(r->app, &r->st.arena, path, &x.yaml);

    if (status != 0)
        return status;
    if (duty_terms_parse(x.yaml, &r->found.terms, &err) < 0)
        return app_fail(r->app, path, &err);
    r->found.yaml = x.yaml;
    r->found.source = x.source;
    r->found.unit = r->unit.id;
    if (r->o->apply && terms_keep(&act, &r->st.actor, &x, &r->found, &err) < 0)
        return session_fail(&r->st, &err);
    status = terms_show(r);
    if (status == 0 && r->o->apply)
        app_print(r->app, MSG_DUTY_TERMS_KEPT);
    else if (status == 0)
        app_print(r->app, MSG_DUTY_TERMS_PREVIEW);
    return status;
}

static int drop_own(struct run *r)
{
    struct act_ctx act = session_act(&r->st, 0);
    struct err err = ERR_INIT;
    int q = terms_drop(&act, &r->st.actor, r->unit.id, &err), status;

    if (q == -CE_NOT_FOUND)
        return app_usage(r->app, MSG_DUTY_TERMS_NONE, r->o->where.unit);
    if (q < 0)
        return session_fail(&r->st, &err);
    status = find_in_force(r);
    return status == 0 ? terms_show(r) : status;
}

static int run_terms(struct app *app, const void *values, const struct operands *operands)
{
    const struct terms_options *o = values;
    struct run r = {.app = app, .o = o};
    bool put = operands->count > 0;
    int status = listing_check(app, &o->listing);

    if (status != 0)
        return status;
    if (put && o->drop)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "drop", "FILE");
    if (o->apply && !put)
        return app_usage(app, MSG_CLI_NO_OPERAND, "FILE");
    if ((put || o->drop) && !o->where.unit)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status =
        session_open(app, o->where.state, o->apply || o->drop ? STATE_WRITE : STATE_READ, &r.st);
    if (status != 0)
        return status;
    if (o->where.unit)
        status = session_unit(&r.st, o->where.unit, &r.unit);
    if (status == 0 && put)
        status = write_file(&r, operands->items[0]);
    else if (status == 0 && o->drop)
        status = drop_own(&r);
    else if (status == 0 && (status = find_in_force(&r)) == 0)
        status = terms_show(&r);
    session_close(&r.st);
    return status;
}

const struct verb duty_terms_verb = {.name = "terms",
                                     .summary = MSG_DUTY_TERMS_SUMMARY,
                                     .about = MSG_DUTY_TERMS_ABOUT,
                                     .operands = "[FILE]",
                                     .max_operands = 1,
                                     VERB_OPTIONS(options),
                                     .options_size = sizeof(struct terms_options),
                                     .run = run_terms};
