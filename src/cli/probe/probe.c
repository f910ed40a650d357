/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe: services, names, certificates and backups looked at from outside. list and remove
 * stand here. */
#include "cli/probe/probe.h"

#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "record/check.h"

static int open_all(struct app *app, const struct probe_scope *scope, struct probe_job *p)
{
    int status = scope->unit ? session_unit(&p->l, scope->unit, &p->unit) : 0;

    p->rec = (struct record){.s = p->l.s,
                             .actor = p->l.actor,
                             .arena = &p->l.arena,
                             .zone = ZONE_OWN,
                             .lang = app->lang};
    p->at = state_now(p->l.s);
    return status ? status : session_time(app, "at", scope->at, false, &p->at);
}

int probe_begin(struct app *app, const struct probe_scope *scope, enum state_mode mode,
                struct probe_job *ret)
{
    int status;

    *ret = (struct probe_job){.at = 0};
    status = session_open(app, scope->state, mode, &ret->l);
    if (status != 0)
        return status;
    status = open_all(app, scope, ret);
    if (status != 0)
        session_close(&ret->l);
    return status;
}

int probe_end(struct probe_job *p, int r, const struct err *err)
{
    int status = r < 0 ? session_fail(&p->l, err) : r;

    session_close(&p->l);
    return status;
}

struct view_ctx probe_ctx(struct probe_job *p)
{
    return listing_ctx(&p->l, p->at);
}

static bool probe_wanted(const struct operands *codes, struct slice code, bool *seen)
{
    for (uint32_t i = 0; codes && i < codes->count; i++) {
        if (slice_is(code, codes->items[i])) {
            seen[i] = true;
            return true;
        }
    }
    return codes == NULL || codes->count == 0;
}

int probe_list(struct probe_job *p, const struct operands *codes, bool off,
               struct state_check **ret, size_t *ret_n)
{
    struct state_query q = {.unit = p->unit.id, .below = !id_is_none(p->unit.id)};
    bool *seen = arena_new_array(&p->l.arena, codes ? codes->count + 1 : 1, bool);
    struct state_check *all;
    struct err err = ERR_INIT;
    size_t n, kept = 0;

    if (seen == NULL || state_check_list(p->l.s, &p->l.actor, &q, &p->l.arena, &all, &n, &err) < 0)
        return session_fail(&p->l, &err);
    for (size_t i = 0; i < n; i++) {
        if (!record_probe_stands(&all[i], p->at) || !probe_wanted(codes, all[i].code, seen))
            continue;
        if (all[i].enabled || off) {
            all[kept++] = all[i];
        } else if (codes && codes->count > 0) {
            app_print(p->l.app, MSG_PROBE_IS_OFF, SLICE_ARG(all[i].code), SLICE_ARG(all[i].code));
            return EX_NOINPUT;
        }
    }
    for (uint32_t i = 0; codes && i < codes->count; i++) {
        if (!seen[i]) {
            app_print(p->l.app, MSG_PROBE_NO_CODE, codes->items[i]);
            return EX_NOINPUT;
        }
    }
    *ret = all;
    *ret_n = kept;
    return 0;
}

struct list_options {
    struct probe_scope scope;
    struct listing_options listing;
};

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct list_options *o = values;
    struct state_check *checks;
    struct err err = ERR_INIT;
    struct view_ctx ctx;
    struct probe_job p;
    struct table t;
    size_t n = 0;
    int status = listing_check(app, &o->listing), r = 0;

    (void)operands;
    if (status == 0)
        status = probe_begin(app, &o->scope, STATE_READ, &p);
    if (status != 0)
        return status;
    status = session_listed(&p.l, o->scope.unit, &p.unit);
    if (status == 0)
        status = probe_list(&p, NULL, true, &checks, &n);
    if (status != 0)
        return probe_end(&p, status, &err);
    ctx = probe_ctx(&p);
    r = view_probes(&ctx, checks, n, &t, &err);
    status = listing_print(app, &t, &o->listing);
    table_done(&t);
    return probe_end(&p, r < 0 ? r : status, &err);
}

/* Results and outages stay on record; the code may be used again. */
typedef int check_act(const struct record *c, struct state_id unit, struct slice code,
                      struct err *err);

struct act_options {
    struct probe_scope scope;
};

/* What is done with one check of a unit by its code. */
static int run_act(struct app *app, const void *values, const struct operands *operands,
                   check_act *act)
{
    const struct act_options *o = values;
    struct err err = ERR_INIT;
    struct probe_job p;
    int status, r;

    if (o->scope.unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = probe_begin(app, &o->scope, STATE_WRITE, &p);
    if (status != 0)
        return status;
    r = act(&p.rec, p.unit.id, slice_str(operands->items[0]), &err);
    if (r == -CE_NOT_FOUND) {
        app_print(app, MSG_PROBE_NONE, operands->items[0], o->scope.unit);
        r = EX_NOINPUT;
    }
    return probe_end(&p, r, &err);
}

static int run_remove(struct app *app, const void *values, const struct operands *operands)
{
    return run_act(app, values, operands, record_check_remove);
}

static int run_enable(struct app *app, const void *values, const struct operands *operands)
{
    return run_act(app, values, operands, record_check_enable);
}

static const struct option_spec list_specs[] = {
    PROBE_STATE(struct list_options),
    PROBE_UNIT(struct list_options),
    LISTING_OPTIONS(struct list_options, listing),
};
static const struct option_spec act_specs[] = {PROBE_STATE(struct act_options),
                                               PROBE_UNIT(struct act_options)};

static const struct verb verb_list = {.name = "list",
                                      .summary = MSG_PROBE_LIST,
                                      VERB_OPTIONS(list_specs),
                                      .options_size = sizeof(struct list_options),
                                      .run = run_list};
static const struct verb verb_remove = {.name = "remove",
                                        .summary = MSG_PROBE_REMOVE,
                                        .operands = "CODE",
                                        .min_operands = 1,
                                        .max_operands = 1,
                                        VERB_OPTIONS(act_specs),
                                        .options_size = sizeof(struct act_options),
                                        .run = run_remove};

static const struct verb verb_enable = {.name = "enable",
                                        .summary = MSG_PROBE_ENABLE,
                                        .operands = "CODE",
                                        .min_operands = 1,
                                        .max_operands = 1,
                                        VERB_OPTIONS(act_specs),
                                        .options_size = sizeof(struct act_options),
                                        .run = run_enable};

static const struct verb *const subs[] = {&verb_probe_add,   &verb_list,
                                          &verb_probe_run,   &verb_probe_status,
                                          &verb_probe_cause, &verb_enable,
                                          &verb_remove,      NULL};

const struct verb verb_probe = {.name = "probe",
                                .summary = MSG_PROBE_SUMMARY,
                                .about = MSG_PROBE_ABOUT,
                                .subs = subs};
