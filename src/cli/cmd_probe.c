/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe: services, names, certificates and backups looked at from outside. list and remove
 * stand here. */
#include "cli/probe.h"

#include "base/time.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"

/* -- what the subverbs share ----------------------------------------------------------------- */

static int open_all(struct app *app, const struct probe_options *o, struct probing *p)
{
    int status = o->unit ? ledger_unit(&p->l, o->unit, &p->unit) : 0;

    p->rec = (struct record){.s = p->l.s,
                             .actor = p->l.actor,
                             .arena = &p->l.arena,
                             .zone = LEDGER_ZONE,
                             .lang = app->lang};
    p->at = state_now(p->l.s);
    return status ? status : ledger_time(app, "at", o->at, false, &p->at);
}

int probe_begin(struct app *app, const struct probe_options *o, enum state_mode mode,
                struct probing *ret)
{
    int status;

    *ret = (struct probing){.o = o};
    status = ledger_open(app, o->state, mode, &ret->l);
    if (status != 0)
        return status;
    status = open_all(app, o, ret);
    if (status != 0)
        ledger_close(&ret->l);
    return status;
}

int probe_end(struct probing *p, int r, const struct err *err)
{
    int status = r < 0 ? ledger_fail(&p->l, err) : r;

    ledger_close(&p->l);
    return status;
}

struct slice probe_unit_code(struct probing *p, struct state_id unit)
{
    struct state_unit u;

    return state_unit_get(p->l.s, &p->l.actor, unit, &p->l.arena, &u, &ERR_INIT) < 0 ? SLICE("?")
                                                                                     : u.code;
}

const struct probe_word *probe_outcome_word(enum check_outcome o)
{
    static const struct probe_word words[] = {
        [CHECK_OK] = {"up", MSG_PROBE_UP},
        [CHECK_WARNING] = {"warning", MSG_PROBE_WARNING},
        [CHECK_CRITICAL] = {"down", MSG_PROBE_DOWN},
        [CHECK_NO_ANSWER] = {"no-answer", MSG_PROBE_NO_ANSWER},
    };

    return &words[CANH_MIN(CANH_MAX(o, CHECK_OK), CHECK_NO_ANSWER)];
}

int probe_find(struct probing *p, const char *code, struct state_check *ret)
{
    struct err err = ERR_INIT;
    int r =
        state_check_find(p->l.s, &p->l.actor, p->unit.id, slice_str(code), &p->l.arena, ret, &err);

    if (r == -CE_NOT_FOUND) {
        app_say(p->l.app, MSG_PROBE_NONE, code, p->o->unit);
        return EX_NOINPUT;
    }
    return r < 0 ? ledger_fail(&p->l, &err) : 0;
}

static bool wanted(const struct operands *codes, struct slice code, bool *seen)
{
    for (uint32_t i = 0; codes && i < codes->count; i++) {
        if (slice_is(code, codes->items[i])) {
            seen[i] = true;
            return true;
        }
    }
    return codes == NULL || codes->count == 0;
}

int probe_list(struct probing *p, const struct operands *codes, struct state_check **ret,
               size_t *ret_n)
{
    struct state_query q = {.unit = p->unit.id, .below = p->o->unit != NULL};
    bool *seen = arena_new_array(&p->l.arena, codes ? codes->count + 1 : 1, bool);
    struct state_check *all;
    struct err err = ERR_INIT;
    size_t n, kept = 0;

    if (seen == NULL || state_check_list(p->l.s, &p->l.actor, &q, &p->l.arena, &all, &n, &err) < 0)
        return ledger_fail(&p->l, &err);
    for (size_t i = 0; i < n; i++) {
        if (record_probe_is_on(&all[i], p->at) && wanted(codes, all[i].code, seen))
            all[kept++] = all[i];
    }
    for (uint32_t i = 0; codes && i < codes->count; i++) {
        if (!seen[i]) {
            app_say(p->l.app, MSG_PROBE_NO_CODE, codes->items[i]);
            return EX_NOINPUT;
        }
    }
    *ret = all;
    *ret_n = kept;
    return 0;
}

/* -- list ------------------------------------------------------------------------------------ */

static void put_check(struct probing *p, struct tabular *t, const struct state_check *x)
{
    struct state_asset asset;

    tabular_text(t, probe_unit_code(p, x->unit));
    tabular_text(t, x->code);
    tabular_text(t, x->kind);
    tabular_span(t, x->every);
    tabular_span(t, x->timeout);
    if (id_is_none(x->asset) ||
        state_asset_get(p->l.s, &p->l.actor, x->asset, &p->l.arena, &asset, &ERR_INIT) < 0)
        asset.code = SLICE("");
    tabular_text(t, asset.code);
    tabular_text(t, x->target);
    tabular_text(t, x->params);
    tabular_text(t, x->name);
    tabular_row(t);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    static const struct tabular_column columns[] = {
        {"unit", MSG_PROBE_COL_UNIT, false},      {"code", MSG_PROBE_COL_CODE, false},
        {"kind", MSG_PROBE_COL_KIND, false},      {"every", MSG_PROBE_COL_EVERY, true},
        {"timeout", MSG_PROBE_COL_TIMEOUT, true}, {"asset", MSG_PROBE_COL_ASSET, false},
        {"target", MSG_PROBE_COL_TARGET, false},  {"params", MSG_PROBE_COL_PARAMS, false},
        {"name", MSG_PROBE_COL_NAME, false},
    };
    const struct probe_options *o = values;
    struct state_check *checks;
    struct err err = ERR_INIT;
    struct probing p;
    struct tabular t;
    size_t n = 0;
    int status = probe_begin(app, o, STATE_READ, &p);

    (void)operands;
    if (status != 0)
        return status;
    status = probe_list(&p, NULL, &checks, &n);
    if (status == 0) {
        tabular_init(&t, app, columns, CANH_LEN(columns), o->json);
        for (size_t i = 0; i < n; i++)
            put_check(&p, &t, &checks[i]);
        tabular_done(&t);
    }
    return probe_end(&p, status, &err);
}

/* -- remove ---------------------------------------------------------------------------------- */

/* Results and outages stay on record; the code may be used again. */
static int run_remove(struct app *app, const void *values, const struct operands *operands)
{
    const struct probe_options *o = values;
    struct state_check x;
    struct err err = ERR_INIT;
    struct probing p;
    int status, r;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = probe_begin(app, o, STATE_WRITE, &p);
    if (status != 0)
        return status;
    status = probe_find(&p, operands->items[0], &x);
    if (status == 0 && !record_probe_is_on(&x, p.at)) {
        app_say(app, MSG_PROBE_NONE, operands->items[0], o->unit);
        status = EX_NOINPUT;
    }
    if (status != 0)
        return probe_end(&p, status, &err);
    x.enabled = false;
    x.valid_to = CANH_MAX(p.at, x.valid_from + 1);
    r = state_check_put(p.l.s, &p.l.actor, &x, &err);
    return probe_end(&p, r, &err);
}

static const struct option_spec list_specs[] = {PROBE_STATE, PROBE_UNIT, PROBE_JSON};
static const struct option_spec remove_specs[] = {PROBE_STATE, PROBE_UNIT};

static const struct verb verb_list = {.name = "list",
                                      .summary = MSG_PROBE_LIST,
                                      VERB_OPTIONS(list_specs),
                                      .options_size = sizeof(struct probe_options),
                                      .run = run_list};
static const struct verb verb_remove = {.name = "remove",
                                        .summary = MSG_PROBE_REMOVE,
                                        .operands = "CODE",
                                        .min_operands = 1,
                                        .max_operands = 1,
                                        VERB_OPTIONS(remove_specs),
                                        .options_size = sizeof(struct probe_options),
                                        .run = run_remove};

static const struct verb *const subs[] = {
    &verb_probe_add, &verb_list, &verb_probe_run, &verb_probe_status, &verb_probe_cause,
    &verb_remove,    NULL};

const struct verb verb_probe = {.name = "probe",
                                .summary = MSG_PROBE_SUMMARY,
                                .about = MSG_PROBE_ABOUT,
                                .subs = subs};
