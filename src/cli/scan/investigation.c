/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scan/investigation.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "hunt/list.h"
#include "hunt/report.h"
#include "lang/msg_cli.h"
#include "lang/msg_scan.h"

enum {
    SUPPRESS_FILE_MAX = 4 * 1024 * 1024,
    ARENA_BYTES = 16 * 1024 * 1024,
    REPORT_BYTES = 64 * 1024 * 1024,
    SCRIPT_MAX = 1024 * 1024,
    PIVOT_ROWS = 20
};

static void describe_ended(struct investigation *x, const char *path)
{
    struct app *app = x->view->app;

    for (uint32_t i = 0; i < x->quiet.count; i++) {
        const struct suppression *s = &x->quiet.items[i];
        struct buf day = BUF_INIT(64), id = BUF_INIT(8192);

        if (s->ended) {
            time_format(&day, s->until * TIME_DAY, 0);
            buf_append_slice(&id, s->id);
            day.len = CANH_MIN(day.len, (size_t)10); /* the date */
            app_print(app, MSG_SCAN_SUPPRESSION_ENDED, path, buf_cstr(&id), buf_cstr(&day));
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
    describe_ended(x, path);
    return 0;
}

/* What is asked for. 0 or EX_USAGE, said. */
static int investigation_choose(struct investigation *x)
{
    const struct scan_options *o = x->view->options;
    struct app *app = x->view->app;

    if (o->json + o->csv + o->xlsx + o->timesketch > 1)
        return app_usage(app, MSG_SCAN_ONE_FORMAT);
    if (o->xlsx && o->output == NULL && app->out_tty)
        return app_usage(app, MSG_SCAN_XLSX_NEEDS_OUTPUT);
    if (o->timeline + o->tree + o->pivot + o->timesketch > 1)
        return app_usage(app, MSG_SCAN_ONE_LIST);
    if (o->tree && (o->csv || o->xlsx))
        return app_usage(app, MSG_SCAN_TREE_FORMS);
    x->shows = o->tree                                   ? SHOW_TREE
               : o->pivot                                ? SHOW_PIVOT
               : o->timeline || o->timesketch || o->xlsx ? SHOW_TIMELINE
                                                         : SHOW_ALERTS;
    if (x->shows == SHOW_TIMELINE)
        x->face = o->xlsx         ? &face_xlsx
                  : o->timesketch ? &face_timesketch
                  : o->json       ? &face_json
                  : o->csv        ? &face_csv
                                  : &face_text;
    return o->html && x->shows == SHOW_ALERTS && (o->json || o->csv)
               ? app_usage(app, MSG_SCAN_HTML_ALONE)
               : 0;
}

bool investigation_for_people(const struct investigation *x)
{
    const struct scan_options *o = x->view->options;

    return !o->json && !o->csv && !o->xlsx && !o->timesketch;
}

static bool read_hits(void *ctx, struct slice records)
{
    struct investigation *x = ctx;

    x->failure = timeline_add(x->timeline, records);
    return x->failure == 0;
}

static bool read_scripts(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct investigation *x = ctx;

    (void)file;
    x->failure = scripts_add(x->scripts, bytes);
    return x->failure == 0;
}

static bool read_starts(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct investigation *x = ctx;

    (void)file;
    x->failure = tree_add(x->tree, bytes);
    return x->failure == 0;
}

/* Hits are kept: for a timeline, the pivot list, the report. */
static bool begin_hits(struct investigation *x, uint64_t spill)
{
    struct scan_view *view = x->view;

    x->timeline = timeline_new(spill);
    x->scripts = scripts_new(spill);
    x->keep = (struct scan_keep){.alert = keep_hit,
                                 .correlation = keep_correlation_hit,
                                 .event = scripts_write,
                                 .ctx = &x->session};
    view->format = SCAN_KEPT;
    view->take = read_hits;
    view->kept = read_scripts;
    return x->timeline && x->scripts;
}

static bool begin_tree(struct investigation *x, uint64_t spill)
{
    x->tree = tree_new(spill);
    x->keep = (struct scan_keep){.event = tree_write, .ctx = &x->session};
    x->view->format = SCAN_NO_ALERTS;
    x->view->kept = read_starts;
    return x->tree != NULL;
}

static int investigation_begin(struct investigation *x)
{
    uint64_t spill = (uint64_t)x->view->options->spill_max << 20;
    bool made = true;

    if (x->shows == SHOW_ALERTS && x->view->options->html == NULL)
        return 0;
    if (x->shows == SHOW_TREE)
        made = begin_tree(x, spill);
    else
        made =
            begin_hits(x, spill) && (x->shows != SHOW_PIVOT || pivot_init(&x->pivot, spill) == 0);
    x->view->keep = &x->keep;
    x->view->ctx = x;
    if (made)
        return 0;
    app_print(x->view->app, MSG_CLI_NO_MEMORY);
    return EX_OSERR;
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
        status = investigation_choose(x);
    if (status == 0)
        status = investigation_begin(x);
    return status;
}

void investigation_done(struct investigation *x)
{
    x->timeline = timeline_free(x->timeline);
    x->scripts = scripts_free(x->scripts);
    x->tree = tree_free(x->tree);
    pivot_done(&x->pivot);
    hunt_session_done(&x->session);
    arena_done(&x->arena);
}

struct load_names investigation_names(struct investigation *x)
{
    return (struct load_names){.intern = hunt_session_intern,
                               .ctx = &x->session,
                               .suppressions = &x->quiet};
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

/* A hit on a part of a script shows the whole. */
static void complete_script(struct investigation *x, struct hit *h)
{
    buf_clear(&x->script);
    if (scripts_whole(x->scripts, h, &x->script))
        hit_set(h, LABEL_SCRIPT, buf_slice(&x->script));
}

/* Each hit goes to the timeline's face, the pivot list and the report, as far as they are asked
 * for. */
static int write_hits(struct investigation *x, struct face_job *j, struct report *report,
                      struct err *err)
{
    const struct hit_face *face = x->face;
    struct hit *h = malloc(sizeof(*h));
    int r = h == NULL ? err_nomem(err) : face ? face->begin(j, err) : 0;

    while (r == 0 && timeline_next(x->timeline, h)) {
        complete_script(x, h);
        if (report)
            report_add(report, h);
        if (x->pivot.counter && pivot_add(&x->pivot, h) < 0)
            r = err_nomem(err);
        if (r == 0 && face)
            r = face->put(j, h, err);
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

static int investigation_deliver(const char *path, struct buf *text, struct err *err)
{
    int r = text->err ? err_code(err, text->err) : file_deliver(path, buf_slice(text), 0644, err);

    buf_done(text);
    return r;
}

static int write_report(struct investigation *x, struct face_job *j, struct err *err)
{
    const char *path = x->view->options->html;
    struct report report = new_report(x, j);
    struct buf text = BUF_INIT(REPORT_BYTES);
    int r = path ? report_begin(&report) : 0;

    if (r < 0)
        r = err_code(err, r);
    if (r == 0)
        r = write_hits(x, j, path ? &report : NULL, err);
    if (r == 0 && path) {
        report_write(&report, &text);
        r = investigation_deliver(path, &text, err);
    }
    report_done(&report);
    return r;
}

static bool investigation_settle(void *ctx)
{
    return out_settle(ctx);
}

static int write_pivot(struct investigation *x, struct err *err)
{
    const struct scan_view *view = x->view;
    const struct scan_options *o = view->options;
    bool terminal = view->out == &view->app->out;
    struct list_request request = {.face = o->json   ? LIST_JSON
                                           : o->csv  ? LIST_CSV
                                           : o->xlsx ? LIST_XLSX
                                                     : LIST_TEXT,
                                   .lang = view->app->lang,
                                   .zone_s = zone_at(&view->zone, time_now()),
                                   .columns = terminal ? view->app->columns : 0,
                                   .colour = terminal && view->app->colour,
                                   .limit = PIVOT_ROWS,
                                   .out = &view->out->buf,
                                   .settle = investigation_settle,
                                   .ctx = view->out};
    struct list list;
    int r = list_begin(&list, &request, err), end;

    if (r == 0)
        r = pivot_write(&x->pivot, &list, err);
    end = list_end(&list, r == 0 ? view->out->fd : -1, err);
    return r == 0 ? end : r;
}

static int write_trees(struct investigation *x, struct face_job *j, struct err *err)
{
    struct tree_shown shown;
    uint64_t number = 0;
    int r = tree_end(x->tree);

    while (r == 0 && tree_next(x->tree, &shown)) {
        if (x->view->options->json)
            tree_write_json(j, &shown, ++number);
        else
            tree_write_text(j, &shown);
        if (!out_settle(x->view->out))
            return -CE_PEER;
    }
    if (tree_dropped(x->tree))
        app_print(x->view->app, MSG_SCAN_DROPPED, tree_dropped(x->tree));
    return r < 0 ? err_code(err, r) : 0;
}

static int write_timeline(struct investigation *x, struct face_job *j, struct err *err)
{
    struct app *app = x->view->app;
    int r = timeline_end(x->timeline);

    if (r == 0)
        r = scripts_end(x->scripts);
    if (r < 0)
        return err_code(err, r);
    x->script = BUF_INIT(SCRIPT_MAX);
    r = write_report(x, j, err);
    buf_done(&x->script);
    if (timeline_dropped(x->timeline))
        app_print(app, MSG_SCAN_DROPPED, timeline_dropped(x->timeline));
    if (j->timeless)
        app_print(app, MSG_SCAN_SKETCH_TIMELESS, j->timeless);
    return r == 0 && x->shows == SHOW_PIVOT ? write_pivot(x, err) : r;
}

static int write_all(struct investigation *x, struct err *err)
{
    const struct scan_view *view = x->view;
    bool terminal = view->out == &view->app->out;
    struct face_job j = {.out = &view->out->buf,
                         .lang = view->app->lang,
                         .zone = &view->zone,
                         .rules = view->loaded.rs,
                         .words = &x->session.words,
                         .columns = terminal ? view->app->columns : 0,
                         .colour = terminal && view->app->colour};
    int r;

    face_job_init(&j);
    r = x->failure < 0 ? err_code(err, x->failure)
        : x->tree      ? write_trees(x, &j, err)
        : x->timeline  ? write_timeline(x, &j, err)
                       : 0;
    face_job_done(&j);
    return r;
}

int investigation_write(struct investigation *x)
{
    const struct scan_view *view = x->view;
    struct err err = ERR_INIT;
    int r = write_all(x, &err);

    if (r == 0 && view->options->navigator) {
        struct buf text = BUF_INIT(REPORT_BYTES);

        navigator_write(view->loaded.rs, &view->result.tally, view->app->lang, &text);
        r = investigation_deliver(view->options->navigator, &text, &err);
    }
    return r < 0 && r != -CE_PEER ? app_fail(view->app, NULL, &err) : 0;
}
