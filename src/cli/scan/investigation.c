/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan/investigation.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "hunt/report.h"
#include "lang/msg_cli.h"
#include "lang/msg_scan.h"

enum {
    SUPPRESS_FILE_MAX = 4 * 1024 * 1024,
    ARENA_BYTES = 16 * 1024 * 1024,
    REPORT_BYTES = 64 * 1024 * 1024
};

static void say_ended(struct investigation *x, const char *path)
{
    struct app *app = x->view->app;

    for (uint32_t i = 0; i < x->quiet.count; i++) {
        const struct suppression *s = &x->quiet.items[i];
        struct buf day = BUF_INIT(64), id = BUF_INIT(8192);

        if (s->ended) {
            time_format(&day, s->until * TIME_DAY, 0);
            buf_put_slice(&id, s->id);
            day.len = CANH_MIN(day.len, (size_t)10); /* the date */
            app_say(app, MSG_SCAN_SUPPRESSION_ENDED, path, buf_cstr(&id), buf_cstr(&day));
        }
        buf_done(&day);
        buf_done(&id);
    }
}

static int read_suppressions(struct investigation *x, const char *path)
{
    struct buf text = BUF_INIT(SUPPRESS_FILE_MAX);
    struct err err = ERR_INIT;
    int r = file_read(path, &text, &err);
    const char *place = r < 0 ? NULL : path;

    if (r == 0)
        r = suppressions_read(buf_slice(&text), time_now() / TIME_DAY, &x->arena, &x->quiet, &err);
    buf_done(&text);
    if (r < 0)
        return app_fail(x->view->app, place, &err);
    say_ended(x, path);
    x->session.quiet = &x->quiet;
    x->view->quiet = &x->quiet;
    return 0;
}

/* Which face is asked for. 0 or EX_USAGE, said. */
static int choose_face(struct investigation *x)
{
    const struct scan_options *o = x->view->options;

    if (o->json + o->csv + o->xlsx + o->timesketch > 1)
        return app_usage(x->view->app, MSG_SCAN_ONE_FORMAT);
    if (o->xlsx && o->output == NULL && x->view->app->out_tty)
        return app_usage(x->view->app, MSG_SCAN_XLSX_NEEDS_OUTPUT);
    if (o->xlsx)
        x->face = &face_xlsx;
    else if (o->timesketch)
        x->face = &face_timesketch;
    else if (o->timeline)
        x->face = o->json ? &face_json : o->csv ? &face_csv : &face_text;
    return 0;
}

static bool take_hits(void *ctx, struct slice records)
{
    struct investigation *x = ctx;

    x->failure = timeline_add(x->timeline, records);
    return x->failure == 0;
}

static int begin_timeline(struct investigation *x)
{
    struct scan_view *view = x->view;

    x->timeline = timeline_new((uint64_t)view->options->spill_max << 20);
    if (x->timeline == NULL) {
        app_say(view->app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    x->keep = (struct scan_keep){.alert = keep_hit,
                                 .correlation = keep_correlation_hit,
                                 .ctx = &x->session};
    view->keep = &x->keep;
    view->format = SCAN_KEPT;
    view->take = take_hits;
    view->ctx = x;
    return 0;
}

int investigation_init(struct investigation *x, struct scan_view *view)
{
    const struct scan_options *o = view->options;
    struct err err = ERR_INIT;
    int status;

    *x = (struct investigation){.view = view, .arena = ARENA_INIT(ARENA_BYTES)};
    if (hunt_session_init(&x->session, &err) < 0)
        return app_fail(view->app, NULL, &err);
    status = scope_options_read(view->app, &o->scope, &view->zone, &x->scope);
    if (status == 0 && !scope_is_all(&x->scope))
        view->scope = &x->scope;
    if (status == 0 && o->suppress)
        status = read_suppressions(x, o->suppress);
    if (status == 0)
        status = choose_face(x);
    if (status == 0 && o->html && x->face == NULL && (o->json || o->csv))
        status = app_usage(view->app, MSG_SCAN_HTML_ALONE);
    if (status == 0 && (x->face || o->html))
        status = begin_timeline(x);
    return status;
}

void investigation_done(struct investigation *x)
{
    x->timeline = timeline_free(x->timeline);
    hunt_session_done(&x->session);
    arena_done(&x->arena);
}

struct load_names investigation_names(struct investigation *x)
{
    return (struct load_names){.intern = hunt_session_intern, .ctx = &x->session};
}

static struct report new_report(const struct investigation *x, struct face_job *j)
{
    const struct scan_view *view = x->view;

    return (struct report){.rules = view->loaded.rs,
                           .result = &view->result,
                           .lang = view->app->lang,
                           .zone = &view->zone,
                           .inputs = view->inputs,
                           .now = time_now(),
                           .job = j};
}

/* Each hit goes to the timeline's face and into the report, as far as they are asked for. */
static int put_hits(struct investigation *x, struct face_job *j, struct report *report,
                    struct err *err)
{
    const struct hit_face *face = x->face;
    struct hit *h = malloc(sizeof(*h));
    int r = h == NULL ? err_nomem(err) : face ? face->begin(j, err) : 0;

    while (r == 0 && timeline_next(x->timeline, h)) {
        if (report)
            report_add(report, h);
        r = face ? face->put(j, h, err) : 0;
        if (r == 0 && !out_settle(x->view->out))
            r = -CE_PEER;
    }
    free(h);
    if (r == 0 && face)
        return face->end(j, x->view->out->fd, err);
    if (j->book)
        (void)!rows_close(j->book, -1, NULL);
    return r;
}

static int deliver(const char *path, struct buf *text, struct err *err)
{
    int r = text->err ? err_code(err, text->err) : file_deliver(path, buf_slice(text), 0644, err);

    buf_done(text);
    return r;
}

static int put_report(struct investigation *x, struct face_job *j, struct err *err)
{
    const char *path = x->view->options->html;
    struct report report = new_report(x, j);
    struct buf text = BUF_INIT(REPORT_BYTES);
    int r = path ? report_begin(&report) : 0;

    if (r < 0)
        r = err_code(err, r);
    if (r == 0)
        r = put_hits(x, j, path ? &report : NULL, err);
    if (r == 0 && path) {
        report_put(&report, &text);
        r = deliver(path, &text, err);
    }
    report_done(&report);
    return r;
}

static int put_timeline(struct investigation *x, struct err *err)
{
    struct scan_view *view = x->view;
    struct face_job j = {.out = &view->out->buf,
                         .lang = view->app->lang,
                         .zone = &view->zone,
                         .rules = view->loaded.rs,
                         .words = &x->session.words,
                         .columns = view->out == &view->app->out ? view->app->columns : 0,
                         .colour = view->out == &view->app->out && view->app->colour};
    int r = x->failure < 0 ? err_code(err, x->failure) : timeline_end(x->timeline);

    face_job_init(&j);
    if (r == 0)
        r = put_report(x, &j, err);
    face_job_done(&j);
    if (timeline_dropped(x->timeline))
        app_say(view->app, MSG_SCAN_DROPPED, timeline_dropped(x->timeline));
    if (j.timeless)
        app_say(view->app, MSG_SCAN_SKETCH_TIMELESS, j.timeless);
    return r;
}

int investigation_put(struct investigation *x)
{
    const struct scan_view *view = x->view;
    struct err err = ERR_INIT;
    int r = x->timeline ? put_timeline(x, &err) : 0;

    if (r == 0 && view->options->navigator) {
        struct buf text = BUF_INIT(REPORT_BYTES);

        navigator_put(view->loaded.rs, &view->result.tally, view->app->lang, &text);
        r = deliver(view->options->navigator, &text, &err);
    }
    return r < 0 && r != -CE_PEER ? app_fail(view->app, NULL, &err) : 0;
}
