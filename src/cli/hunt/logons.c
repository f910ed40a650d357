/* SPDX-License-Identifier: Apache-2.0 */
/* canh logons: who logged on where, from where, how. */
#include "hunt/logons.h"
#include "base/time.h"
#include "cli/hunt/hunt.h"
#include "lang/msg_cli.h"
#include "lang/msg_hunt.h"

struct logons_options {
    struct hunt_options hunt;
};

static const struct logons_options defaults = {
    .hunt = {.scan = {.spill_max = HUNT_SPILL}, .limit = HUNT_LIMIT},
};

static const struct option_spec options[] = {HUNT_OPTIONS(struct logons_options, hunt)};

struct logons_job {
    struct hunt_run run; /* first */
    struct logons *logons;
    uint64_t rows;
    int failure;
};

static bool logons_read(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct logons_job *x = ctx;

    (void)file;
    x->failure = logons_add(x->logons, bytes);
    return x->failure == 0;
}

static int hunt_logons_write(struct logons_job *x)
{
    struct list_request request = hunt_list(&x->run);
    struct err err = ERR_INIT;
    struct list list;
    int r = x->failure < 0 ? x->failure : logons_end(x->logons), end;

    if (r < 0)
        return app_fail(x->run.app, NULL, (err_code(&err, r), &err));
    r = list_begin(&list, &request, &err);
    if (r == 0)
        r = logons_write_list(x->logons, &x->run.session.words, &list, &x->rows, &err);
    end = list_end(&list, r == 0 ? x->run.view.out->fd : -1, &err);
    r = r == 0 ? end : r;
    if (logons_dropped(x->logons))
        app_print(x->run.app, MSG_HUNT_DROPPED, logons_dropped(x->logons));
    if (r < 0 && r != -CE_PEER)
        return app_fail(x->run.app, NULL, &err);
    return hunt_status(&x->run, x->rows > 0);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct hunt_options *o = &((const struct logons_options *)values)->hunt;
    struct logons_job x = {.failure = 0};
    struct scan_keep keep = {.event = logons_write, .ctx = &x.run.session};
    struct load_names names = {hunt_session_intern, &x.run.session, true};
    int status = hunt_open(&x.run, app, o, (struct paths){operands->items, operands->count});

    x.logons = logons_new((uint64_t)o->scan.spill_max << 20);
    if (status == 0 && x.logons == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        status = EX_OSERR;
    }
    x.run.view.keep = &keep;
    x.run.view.kept = logons_read;
    x.run.view.ctx = &x;
    if (status == 0)
        status = hunt_load(&x.run, &names);
    if (status == 0)
        status = hunt_scan(&x.run);
    if (status == 0)
        status = hunt_logons_write(&x);
    x.logons = logons_free(x.logons);
    return hunt_close(&x.run, status);
}

const struct verb verb_logons = {
    .name = "logons",
    .summary = MSG_HUNT_LOGONS_SUMMARY,
    .about = MSG_HUNT_LOGONS_ABOUT,
    .operands = "PATH…|-",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct logons_options, &defaults),
    .run = run,
};
