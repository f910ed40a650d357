/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hunt/hunt.h"

#include <malloc.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/zone_text.h"
#include "lang/msg_hunt.h"
#include "lang/msg_scan.h"

enum { ZONES_MAX = 1024 * 1024 };

int hunt_open(struct hunt_run *x, struct app *app, const struct hunt_options *options,
              struct paths inputs)
{
    const struct scan_options *o = &options->scan;
    struct err err = ERR_INIT;
    int status;

    *x = (struct hunt_run){.app = app, .options = options, .file = {.fd = -1}};
    x->view = (struct scan_view){.app = app,
                                 .options = o,
                                 .inputs = inputs,
                                 .no_match = true,
                                 .zones = ARENA_INIT(ZONES_MAX)};
    if (o->json + o->csv + o->xlsx > 1)
        return app_usage(app, MSG_HUNT_ONE_FORMAT);
    if (o->xlsx && o->output == NULL && app->out_tty)
        return app_usage(app, MSG_SCAN_XLSX_NEEDS_OUTPUT);
    status = scan_read_times(&x->view);
    if (status != 0)
        return status;
    status = scope_options_read(app, &o->scope, &x->view.zone, &x->scope);
    if (status != 0)
        return status;
    if (!scope_is_all(&x->scope))
        x->view.scope = &x->scope;
    status = scan_read_passwords(app, o->password_file, &x->view.passwords);
    if (status == 0 && hunt_session_init(&x->session, &err) < 0)
        status = app_fail(app, NULL, &err);
    return status;
}

int hunt_load(struct hunt_run *x, const struct load_names *names)
{
    (void)mallopt(M_ARENA_MAX, 1); /* workers seldom allocate: see canh scan */
    return load_ruleset_and(x->app, &x->view.options->load, names, &x->view.loaded);
}

int hunt_scan(struct hunt_run *x)
{
    const struct scan_options *o = x->view.options;
    int status = scan_open_output(&x->view, o->output, &x->file);

    if (status != 0)
        return status;
    x->view.progress_on = x->app->err_tty && !o->quiet && !o->no_progress;
    if (x->view.progress_on)
        x->view.bytes_total = walk_total(x->view.inputs);
    return scan_view_run(&x->view);
}

int hunt_close(struct hunt_run *x, int status)
{
    status = scan_close_output(&x->view, &x->file, status);
    scan_view_done(&x->view);
    load_done(&x->view.loaded);
    buf_done(&x->view.passwords.text);
    arena_done(&x->view.zones);
    hunt_session_done(&x->session);
    return status;
}

static bool hunt_settle(void *ctx)
{
    return out_settle(ctx);
}

struct list_request hunt_list(struct hunt_run *x)
{
    const struct scan_options *o = x->view.options;
    bool terminal = x->view.out == &x->app->out;

    return (struct list_request){.face = o->json   ? LIST_JSON
                                         : o->csv  ? LIST_CSV
                                         : o->xlsx ? LIST_XLSX
                                                   : LIST_TEXT,
                                 .lang = x->app->lang,
                                 .zone_s = zone_at(&x->view.zone, time_now()),
                                 .columns = terminal ? x->app->columns : 0,
                                 .colour = terminal && x->app->colour,
                                 .limit = (uint64_t)x->options->limit,
                                 .out = &x->view.out->buf,
                                 .settle = hunt_settle,
                                 .ctx = x->view.out};
}

int hunt_status(struct hunt_run *x, bool found)
{
    struct out err;

    if (!out_flush(x->view.out))
        return EX_IOERR;
    if (!x->options->scan.quiet) {
        out_init(&err, STDERR_FILENO);
        scan_write_summary(&x->view, &err.buf);
        (void)out_flush(&err);
        out_done(&err);
    }
    return found ? EXIT_FOUND : scan_status(&x->view);
}
