/* SPDX-License-Identifier: Apache-2.0 */
/* canh probe run: what is due, for a timer; or all. */
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/probe/probe.h"
#include "lang/msg_cli.h"
#include "lang/msg_probe.h"
#include "probe/many.h"

enum { STATION_MAX = 64 };

struct run_options {
    struct probe_scope scope;
    const char *station;
    int64_t parallel;
    bool all, quiet;
    struct listing_options listing;
};

struct run_ctx {
    const struct run_options *o;
    struct probe_job *p;
    const struct state_check *checks;
    struct check_spec *specs;
    size_t count;
    struct slice station;
    char name[STATION_MAX + 1];
    struct view_ctx ctx;
    struct table t;
    unsigned down;
    struct err err;
};

/* The name of this machine, or --station: letters, digits, dots and dashes. */
static int read_station(struct app *app, const struct run_options *o, struct run_ctx *k)
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

static int run_choose(struct run_ctx *k, const struct operands *codes)
{
    struct probe_job *p = k->p;
    struct state_check *all;
    size_t n, kept = 0;
    int status = probe_list(p, codes, false, &all, &n);

    if (status != 0)
        return status;
    for (size_t i = 0; i < n; i++) {
        bool due = k->o->all || codes->count > 0;

        if (!due && record_probe_due(&p->rec, &all[i], k->station, p->at, &due, &k->err) < 0)
            return session_fail(&p->l, &k->err);
        if (due)
            all[kept++] = all[i];
    }
    k->checks = all;
    k->count = kept;
    k->specs = arena_new_array(&p->l.arena, kept + 1, struct check_spec);
    if (k->specs == NULL) {
        app_print(p->l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (size_t i = 0; i < kept; i++)
        k->specs[i] = record_probe_spec(&all[i]);
    return 0;
}

static void write_result(struct run_ctx *k, const struct state_check *x,
                         const struct check_result *r, const struct record_probe_change *change)
{
    struct view_probe_result row = {.check = x,
                                    .outcome = r->outcome,
                                    .began = change->began,
                                    .ended = change->ended,
                                    .took = r->took,
                                    .text = buf_slice(&r->text)};

    k->down += r->outcome == CHECK_CRITICAL;
    if (!k->o->quiet || change->began || change->ended)
        view_probe_result_write(&k->ctx, &k->t, &row);
}

static int one_done(void *u, size_t i, const struct check_result *r)
{
    struct run_ctx *k = u;
    struct record_probe_change change;
    int status = record_probe_save(&k->p->rec, &k->checks[i], r, k->station, &change, &k->err);

    if (status == 0)
        write_result(k, &k->checks[i], r, &change);
    return status;
}

static int run_run(struct app *app, const void *values, const struct operands *operands)
{
    const struct run_options *o = values;
    struct probe_job p;
    struct run_ctx k = {.o = o, .p = &p};
    int status = listing_check(app, &o->listing), r = 0;

    if (status == 0)
        status = read_station(app, o, &k);
    if (status == 0)
        status = probe_begin(app, &o->scope, STATE_WRITE, &p);
    if (status != 0)
        return status;
    status = run_choose(&k, operands);
    if (status != 0)
        return probe_end(&p, status, &k.err);
    k.ctx = probe_ctx(&p);
    view_probe_results(&k.ctx, &k.t);
    r = probe_many(k.specs, k.count, (unsigned)o->parallel, one_done, &k, &k.err);
    if (r == 0)
        r = record_probe_seal(&p.rec, &k.err);
    if (k.t.rows > 0 || (!o->quiet && k.count > 0))
        status = listing_print(app, &k.t, &o->listing);
    else if (!o->quiet && listing_is_plain(&o->listing))
        lang_write(&app->out.buf, app->lang, MSG_PROBE_NOTHING_DUE);
    table_done(&k.t);
    return probe_end(&p, r < 0 ? r : status ? status : k.down ? EXIT_FOUND : 0, &k.err);
}

static const struct run_options defaults = {.parallel = 16};

static const struct option_spec specs[] = {
    PROBE_STATE(struct run_options),
    PROBE_UNIT(struct run_options),
    OPTION_FLAG("all", 0, struct run_options, all, MSG_PROBE_OPT_ALL),
    PROBE_TEXT(struct run_options, "station", 's', station, "NAME", MSG_PROBE_OPT_STATION),
    OPTION_NUMBER("parallel", 'n', struct run_options, parallel, "N", 1, PROBE_PARALLEL_MAX,
                  MSG_PROBE_OPT_PARALLEL),
    OPTION_FLAG("quiet", 'q', struct run_options, quiet, MSG_PROBE_OPT_QUIET),
    LISTING_OPTIONS(struct run_options, listing),
};

const struct verb verb_probe_run = {
    .name = "run",
    .summary = MSG_PROBE_RUN,
    .about = MSG_PROBE_RUN_ABOUT,
    .operands = "[CODE…]",
    .max_operands = OPERANDS_ANY,
    VERB_OPTIONS(specs),
    VERB_DEFAULTS(struct run_options, &defaults),
    .run = run_run,
};
