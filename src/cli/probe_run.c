/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe run: what is due, for a timer; or all. */
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "base/width.h"
#include "check/many.h"
#include "check/says.h"
#include "cli/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"

enum { STATION_MAX = 64 };

struct running {
    struct probing *p;
    const struct state_check *checks;
    struct check_spec *specs;
    size_t count;
    struct slice station;
    char name[STATION_MAX + 1];
    struct tabular t;
    unsigned down;
    struct err err;
};

/* The name of this machine, or --station: letters, digits, dots and dashes. */
static int take_station(struct app *app, const struct probe_options *o, struct running *k)
{
    if (o->station && strlen(o->station) > STATION_MAX)
        return app_usage(app, MSG_PROBE_BAD_STATION, o->station);
    if (o->station)
        (void)memcpy(k->name, o->station, strlen(o->station));
    else if (gethostname(k->name, STATION_MAX) < 0 || k->name[0] == 0)
        (void)memcpy(k->name, "?", 1);
    for (const char *c = k->name; *c; c++) {
        bool fine = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                    (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' || *c == '_';

        if (!fine && o->station)
            return app_usage(app, MSG_PROBE_BAD_STATION, o->station);
    }
    k->station = slice_str(k->name);
    return 0;
}

static int choose(struct running *k, const struct operands *codes)
{
    struct probing *p = k->p;
    struct state_check *all;
    size_t n, kept = 0;
    int status = probe_list(p, codes, &all, &n);

    if (status != 0)
        return status;
    for (size_t i = 0; i < n; i++) {
        bool due = p->o->all || codes->count > 0;

        if (!due && record_probe_due(&p->rec, &all[i], k->station, p->at, &due, &k->err) < 0)
            return ledger_fail(&p->l, &k->err);
        if (due)
            all[kept++] = all[i];
    }
    k->checks = all;
    k->count = kept;
    k->specs = arena_new_array(&p->l.arena, kept + 1, struct check_spec);
    if (k->specs == NULL) {
        app_say(p->l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (size_t i = 0; i < kept; i++)
        k->specs[i] = record_probe_spec(&all[i]);
    return 0;
}

static void put_result(struct running *k, const struct state_check *x, const struct check_result *r,
                       const struct record_probe_change *change)
{
    const struct probe_word *word = probe_outcome_word(r->outcome);
    struct tabular *t = &k->t;

    k->down += r->outcome == CHECK_CRITICAL;
    if (k->p->o->quiet && !change->began && !change->ended)
        return;
    tabular_text(t, probe_unit_code(k->p, x->unit));
    tabular_text(t, x->code);
    tabular_word(t, word->key, word->text);
    if (change->began)
        tabular_word(t, "began", MSG_PROBE_BEGAN);
    else if (change->ended)
        tabular_word(t, "ended", MSG_PROBE_ENDED);
    else
        tabular_none(t);
    tabular_number(t, r->took / (TIME_SECOND / 1000));
    tabular_text(t, says_text(&k->p->l.arena, t->app->lang, buf_slice(&r->text)));
    tabular_row(t);
}

static int one_done(void *u, size_t i, const struct check_result *r)
{
    struct running *k = u;
    struct record_probe_change change;
    int status = record_probe_save(&k->p->rec, &k->checks[i], r, k->station, &change, &k->err);

    if (status == 0)
        put_result(k, &k->checks[i], r, &change);
    return status;
}

static int run_run(struct app *app, const void *values, const struct operands *operands)
{
    static const struct tabular_column columns[] = {
        {"unit", MSG_PROBE_COL_UNIT, false},     {"code", MSG_PROBE_COL_CODE, false},
        {"outcome", MSG_PROBE_COL_STATE, false}, {"outage", MSG_PROBE_COL_OUTAGE, false},
        {"ms", MSG_PROBE_COL_TOOK, true},        {"text", MSG_PROBE_COL_TEXT, false},
    };
    const struct probe_options *o = values;
    struct probing p;
    struct running k = {.p = &p};
    int status = take_station(app, o, &k), r = 0;

    if (status == 0)
        status = probe_begin(app, o, STATE_WRITE, &p);
    if (status != 0)
        return status;
    status = choose(&k, operands);
    if (status != 0)
        return probe_end(&p, status, &k.err);
    tabular_init(&k.t, app, columns, CANH_LEN(columns), o->json);
    r = check_many(k.specs, k.count, (unsigned)o->parallel, one_done, &k, &k.err);
    if (k.t.rows > 0 || (!o->quiet && k.count > 0))
        tabular_done(&k.t);
    else if (!o->quiet && !o->json)
        lang_put(&app->out.buf, app->lang, MSG_PROBE_NOTHING_DUE);
    return probe_end(&p, r < 0 ? r : k.down ? EXIT_FOUND : 0, &k.err);
}

static const struct probe_options defaults = {.parallel = 16};

static const struct option_spec specs[] = {
    PROBE_STATE,
    PROBE_UNIT,
    OPTION_FLAG("all", 0, struct probe_options, all, MSG_PROBE_OPT_ALL),
    PROBE_TEXT("station", 's', station, "NAME", MSG_PROBE_OPT_STATION),
    OPTION_NUMBER("parallel", 'n', struct probe_options, parallel, "N", 1, CHECK_PARALLEL_MAX,
                  MSG_PROBE_OPT_PARALLEL),
    OPTION_FLAG("quiet", 'q', struct probe_options, quiet, MSG_PROBE_OPT_QUIET),
    PROBE_JSON,
};

const struct verb verb_probe_run = {
    .name = "run",
    .summary = MSG_PROBE_RUN,
    .about = MSG_PROBE_RUN_ABOUT,
    .operands = "[CODE…]",
    .max_operands = OPERANDS_ANY,
    VERB_OPTIONS(specs),
    VERB_DEFAULTS(struct probe_options, &defaults),
    .run = run_run,
};
