/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe status: how every check stands, with the age of each figure, and the outage ledger;
 * canh probe cause: what people write into that. */
#include "base/time.h"
#include "cli/probe/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "lang/msg_register.h"
#include "record/check.h"

struct status_options {
    struct probe_scope scope;
    int64_t days;
    struct listing_options listing;
};

/* How the checks stand, and the outages of the last --days. */
static int show_status(struct probe_job *p, const struct status_options *o,
                       const struct operands *codes, struct err *err)
{
    const struct listing_options *as = &o->listing;
    struct view_query since = {.from = p->at - TIME_DAY};
    struct view_query ledger = {.unit = p->unit.id,
                                .below = !id_is_none(p->unit.id),
                                .from = p->at - o->days * TIME_DAY,
                                .to = p->at + 1};
    struct view_ctx ctx = probe_ctx(p);
    struct app *app = p->l.app;
    struct table checks, outages;
    const struct table *both[] = {&checks, &outages};
    struct state_check *list;
    unsigned bad;
    size_t n = 0;
    int status = probe_list(p, codes, false, &list, &n), r, s;

    if (status != 0)
        return status;
    r = view_probe_status(&ctx, &since, list, n, &checks, &bad, err);
    s = view_outages(&ctx, &ledger, &outages, err);
    if (!listing_is_plain(as)) {
        status = listing_print_all(app, both, 2, as);
    } else {
        status = listing_print(app, &checks, as);
        lang_write(&app->out.buf, app->lang, MSG_PROBE_LEDGER, (unsigned)o->days);
        if (status == 0)
            status = listing_print(app, &outages, as);
    }
    table_done(&checks);
    table_done(&outages);
    return r < 0 ? r : s < 0 ? s : status ? status : bad ? EXIT_FOUND : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    const struct status_options *o = values;
    struct err err = ERR_INIT;
    struct probe_job p;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = probe_begin(app, &o->scope, STATE_READ, &p);
    if (status != 0)
        return status;
    status = session_listed(&p.l, o->scope.unit, &p.unit);
    return probe_end(&p, status ? status : show_status(&p, o, operands, &err), &err);
}

struct cause_options {
    struct probe_scope scope;
    const char *cause, *note, *person;
    bool planned;
};

struct wanted {
    struct slice prefix;
    struct state_outage found;
    unsigned count;
};

static int compare_id(void *u, const struct state_outage *x)
{
    struct wanted *w = u;

    if (!id_begins(x->id, w->prefix) || w->count++ > 0)
        return 0;
    w->found = *x;
    return 0;
}

static int status_explain(struct probe_job *p, const struct cause_options *o, const char *id)
{
    struct wanted w = {.prefix = slice_str(id)};
    struct record_outage_note note = {.cause = slice_str(o->cause),
                                      .note = slice_str(o->note),
                                      .planned = o->planned};
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;
    int status;

    if (w.prefix.n < LISTING_ID_MIN || w.prefix.n > STATE_ID_TEXT)
        return app_usage(p->l.app, MSG_REGISTER_BAD_ID, id);
    if (state_outage_each(p->l.s, &p->l.actor, &q, compare_id, &w, &err) < 0)
        return session_fail(&p->l, &err);
    if (w.count != 1) {
        app_print(p->l.app, MSG_PROBE_NO_OUTAGE, id);
        return EX_NOINPUT;
    }
    note.outage = w.found.id;
    status = session_person(&p->l, w.found.unit, o->person, &note.person);
    if (status != 0)
        return status;
    return record_outage_explain(&p->rec, &note, &err) < 0 ? session_fail(&p->l, &err) : 0;
}

static int run_cause(struct app *app, const void *values, const struct operands *operands)
{
    const struct cause_options *o = values;
    struct err err = ERR_INIT;
    struct probe_job p;
    int status;

    if (o->cause == NULL && o->note == NULL && !o->planned)
        return app_usage(app, MSG_CLI_NO_OPTION, "cause");
    status = probe_begin(app, &o->scope, STATE_WRITE, &p);
    if (status != 0)
        return status;
    return probe_end(&p, status_explain(&p, o, operands->items[0]), &err);
}

static const struct status_options week = {.days = 7};

static const struct option_spec status_specs[] = {
    PROBE_STATE(struct status_options),
    PROBE_UNIT(struct status_options),
    OPTION_NUMBER("days", 'd', struct status_options, days, "N", 1, 3650, MSG_PROBE_OPT_DAYS),
    PROBE_TEXT(struct status_options, "at", 0, scope.at, "TIME", MSG_PROBE_OPT_AT),
    LISTING_OPTIONS(struct status_options, listing),
};

const struct verb verb_probe_status = {
    .name = "status",
    .summary = MSG_PROBE_STATUS,
    .about = MSG_PROBE_STATUS_ABOUT,
    .operands = "[CODE…]",
    .max_operands = OPERANDS_ANY,
    VERB_OPTIONS(status_specs),
    VERB_DEFAULTS(struct status_options, &week),
    .run = run_status,
};

static const struct option_spec cause_specs[] = {
    PROBE_STATE(struct cause_options),
    PROBE_TEXT(struct cause_options, "cause", 0, cause, "TEXT", MSG_PROBE_OPT_CAUSE),
    PROBE_TEXT(struct cause_options, "note", 0, note, "TEXT", MSG_PROBE_OPT_NOTE),
    OPTION_FLAG("planned", 0, struct cause_options, planned, MSG_PROBE_OPT_PLANNED),
    PROBE_TEXT(struct cause_options, "person", 0, person, "CODE", MSG_PROBE_OPT_PERSON),
};

const struct verb verb_probe_cause = {
    .name = "cause",
    .summary = MSG_PROBE_CAUSE,
    .operands = "OUTAGE",
    .min_operands = 1,
    .max_operands = 1,
    VERB_OPTIONS(cause_specs),
    .options_size = sizeof(struct cause_options),
    .run = run_cause,
};
