/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe status: how every check stands, with the age of each figure, and the outage ledger;
 * canh probe cause: what people write into that. */
#include "base/time.h"
#include "check/says.h"
#include "cli/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "lang/msg_register.h"

struct telling {
    struct probing *p;
    struct tabular t;
    struct err err;
    int64_t from;
    unsigned bad;
};

/* Tenths of a percent of the span. */
static void put_share(struct tabular *t, int64_t part, int64_t whole)
{
    struct buf text = BUF_INIT(32);

    lang_put_decimal(&text, t->app->lang, whole > 0 ? 100.0 * (double)part / (double)whole : 0, 1);
    if (t->json)
        tabular_number(t, whole > 0 ? part * 1000 / whole : 0);
    else
        tabular_text(t, buf_slice(&text));
    buf_done(&text);
}

static void put_state(struct telling *k, const struct record_probe_state *s)
{
    const struct probe_word *word = probe_outcome_word(s->outcome);

    if (!s->known)
        tabular_word(&k->t, "never", MSG_PROBE_NEVER);
    else if (s->silent)
        tabular_word(&k->t, "silent", MSG_PROBE_SILENT);
    else
        tabular_word(&k->t, word->key, word->text);
    k->bad +=
        !s->known || s->silent || s->outcome == CHECK_CRITICAL || s->outcome == CHECK_NO_ANSWER;
}

static void put_check(struct telling *k, const struct state_check *x,
                      const struct record_probe_state *s)
{
    struct tabular *t = &k->t;
    int64_t whole = k->p->at - k->from;

    tabular_text(t, probe_unit_code(k->p, x->unit));
    tabular_text(t, x->code);
    put_state(k, s);
    if (s->known)
        tabular_span(t, k->p->at - s->at);
    else
        tabular_none(t);
    put_share(t, s->share.up, whole);
    put_share(t, s->share.down, whole);
    put_share(t, s->share.unknown, whole);
    tabular_text(t, s->seen_from);
    tabular_text(t, x->name.n ? x->name : x->target);
    tabular_text(t, says_text(&k->p->l.arena, t->app->lang, s->text));
    tabular_row(t);
}

static int tell_checks(struct telling *k, const struct operands *codes)
{
    static const struct tabular_column columns[] = {
        {"unit", MSG_PROBE_COL_UNIT, false},      {"code", MSG_PROBE_COL_CODE, false},
        {"state", MSG_PROBE_COL_STATE, false},    {"age", MSG_PROBE_COL_AGE, true},
        {"up", MSG_PROBE_COL_UP, true},           {"down", MSG_PROBE_COL_DOWN, true},
        {"unknown", MSG_PROBE_COL_UNKNOWN, true}, {"seen_from", MSG_PROBE_COL_SEEN, false},
        {"name", MSG_PROBE_COL_NAME, false},      {"text", MSG_PROBE_COL_TEXT, false},
    };
    struct record_probe_state s;
    struct state_check *checks;
    size_t n = 0;
    int status = probe_list(k->p, codes, &checks, &n), r = 0;

    if (status != 0)
        return status;
    tabular_init(&k->t, k->p->l.app, columns, CANH_LEN(columns), k->p->o->json);
    for (size_t i = 0; i < n && r == 0; i++) {
        r = record_probe_look(&k->p->rec, &checks[i], k->from, k->p->at, &s, &k->err);
        if (r == 0)
            put_check(k, &checks[i], &s);
    }
    tabular_done(&k->t);
    return r < 0 ? ledger_fail(&k->p->l, &k->err) : 0;
}

/* -- the ledger ------------------------------------------------------------------------------ */

static int put_outage(void *u, const struct state_outage *x)
{
    struct telling *k = u;
    struct tabular *t = &k->t;
    struct ledger *l = &k->p->l;
    struct state_check check;

    if (id_is_none(x->check) ||
        state_check_get(l->s, &l->actor, x->check, &l->arena, &check, &ERR_INIT) < 0)
        check.code = SLICE("");
    tabular_id(t, x->id);
    tabular_text(t, probe_unit_code(k->p, x->unit));
    tabular_text(t, check.code);
    tabular_time(t, x->start);
    tabular_time(t, x->stop);
    tabular_span(t, CANH_MIN(x->stop, k->p->at) - x->start);
    tabular_text(t, x->seen_from);
    tabular_flag(t, x->planned);
    tabular_text(t, x->cause);
    tabular_row(t);
    return 0;
}

static int tell_outages(struct telling *k)
{
    static const struct tabular_column columns[] = {
        {"outage", MSG_PROBE_COL_ID, false},      {"unit", MSG_PROBE_COL_UNIT, false},
        {"code", MSG_PROBE_COL_CODE, false},      {"start", MSG_PROBE_COL_START, false},
        {"stop", MSG_PROBE_COL_STOP, false},      {"length", MSG_PROBE_COL_LENGTH, true},
        {"seen_from", MSG_PROBE_COL_SEEN, false}, {"planned", MSG_PROBE_COL_PLANNED, false},
        {"cause", MSG_PROBE_COL_CAUSE, false},
    };
    struct state_query q = {.unit = k->p->unit.id,
                            .below = k->p->o->unit != NULL,
                            .from = k->p->at - k->p->o->days * TIME_DAY,
                            .to = k->p->at + 1};
    struct app *app = k->p->l.app;
    int r;

    if (!k->p->o->json)
        lang_put(&app->out.buf, app->lang, MSG_PROBE_LEDGER, (unsigned)k->p->o->days);
    tabular_init(&k->t, app, columns, CANH_LEN(columns), k->p->o->json);
    r = state_outage_each(k->p->l.s, &k->p->l.actor, &q, put_outage, k, &k->err);
    tabular_done(&k->t);
    return r < 0 ? ledger_fail(&k->p->l, &k->err) : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct probe_options *o = values;
    struct probing p;
    struct telling k = {.p = &p};
    int status = probe_begin(app, o, STATE_READ, &p);

    if (status != 0)
        return status;
    k.from = p.at - TIME_DAY;
    status = tell_checks(&k, operands);
    if (status == 0)
        status = tell_outages(&k);
    return probe_end(&p, status ? status : k.bad ? EXIT_FOUND : 0, &k.err);
}

/* -- cause ----------------------------------------------------------------------------------- */

struct wanted {
    struct slice prefix;
    struct arena *arena;
    struct state_outage found;
    unsigned count;
};

static int compare_id(void *u, const struct state_outage *x)
{
    struct wanted *w = u;

    if (!id_begins(x->id, w->prefix) || w->count++ > 0)
        return 0;
    w->found = *x;
    w->found.seen_from = arena_dup(w->arena, x->seen_from);
    w->found.cause = arena_dup(w->arena, x->cause);
    w->found.note = arena_dup(w->arena, x->note);
    return 0;
}

static int explain(struct probing *p, const char *id)
{
    struct wanted w = {.prefix = slice_str(id), .arena = &p->l.arena};
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;
    int status;

    if (w.prefix.n < TABULAR_ID_MIN || w.prefix.n > STATE_ID_TEXT)
        return app_usage(p->l.app, MSG_REGISTER_BAD_ID, id);
    if (state_outage_each(p->l.s, &p->l.actor, &q, compare_id, &w, &err) < 0)
        return ledger_fail(&p->l, &err);
    if (w.count != 1) {
        app_say(p->l.app, MSG_PROBE_NO_OUTAGE, id);
        return EX_NOINPUT;
    }
    if (p->o->cause)
        w.found.cause = slice_str(p->o->cause);
    if (p->o->note)
        w.found.note = slice_str(p->o->note);
    w.found.planned = w.found.planned || p->o->planned;
    status = ledger_person(&p->l, w.found.unit, p->o->person, &w.found.person);
    if (status != 0)
        return status;
    return state_outage_put(p->l.s, &p->l.actor, &w.found, &err) < 0 ? ledger_fail(&p->l, &err) : 0;
}

static int run_cause(struct app *app, const void *values, const struct operands *operands)
{
    const struct probe_options *o = values;
    struct err err = ERR_INIT;
    struct probing p;
    int status;

    if (o->cause == NULL && o->note == NULL && !o->planned)
        return app_usage(app, MSG_CLI_NO_OPTION, "cause");
    status = probe_begin(app, o, STATE_WRITE, &p);
    if (status != 0)
        return status;
    return probe_end(&p, explain(&p, operands->items[0]), &err);
}

static const struct probe_options week = {.days = 7};

static const struct option_spec status_specs[] = {
    PROBE_STATE,
    PROBE_UNIT,
    OPTION_NUMBER("days", 'd', struct probe_options, days, "N", 1, 3650, MSG_PROBE_OPT_DAYS),
    PROBE_TEXT("at", 0, at, "TIME", MSG_PROBE_OPT_AT),
    PROBE_JSON,
};

const struct verb verb_probe_status = {
    .name = "status",
    .summary = MSG_PROBE_STATUS,
    .about = MSG_PROBE_STATUS_ABOUT,
    .operands = "[CODE…]",
    .max_operands = OPERANDS_ANY,
    VERB_OPTIONS(status_specs),
    VERB_DEFAULTS(struct probe_options, &week),
    .run = run_status,
};

static const struct option_spec cause_specs[] = {
    PROBE_STATE,
    PROBE_TEXT("cause", 0, cause, "TEXT", MSG_PROBE_OPT_CAUSE),
    PROBE_TEXT("note", 0, note, "TEXT", MSG_PROBE_OPT_NOTE),
    OPTION_FLAG("planned", 0, struct probe_options, planned, MSG_PROBE_OPT_PLANNED),
    PROBE_TEXT("person", 0, person, "CODE", MSG_PROBE_OPT_PERSON),
};

const struct verb verb_probe_cause = {
    .name = "cause",
    .summary = MSG_PROBE_CAUSE,
    .operands = "OUTAGE",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(cause_specs),
    .options_size = sizeof(struct probe_options),
    .run = run_cause,
};
