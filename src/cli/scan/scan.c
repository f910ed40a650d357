/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/scan/investigation.h"
#include "cli/zone_text.h"
#include "detect/alert.h"
#include "lang/error.h"
#include "lang/msg_scan.h"
#include "os/heap.h"

static const struct scan_options defaults = {.load = {.status = LOAD_STATUS_DEFAULT},
                                             .spill_max = 2048};

enum { ZONES_MAX = 1024 * 1024 };

/* About what all of SigmaHQ's rules take, with their programs and what two threads remember. */
enum { WORK_BYTES = 40 * 1024 * 1024 };

static const struct option_spec options[] = {
    LOAD_OPTIONS(struct scan_options, load),
    OPTION_FLAG("details", 'd', struct scan_options, details, MSG_SCAN_OPT_DETAILS),
    OPTION_FLAG("json", 'j', struct scan_options, json, MSG_SCAN_OPT_JSON),
    OPTION_FLAG("csv", 0, struct scan_options, csv, MSG_SCAN_OPT_CSV),
    OPTION_FLAG("timeline", 0, struct scan_options, timeline, MSG_SCAN_OPT_TIMELINE),
    OPTION_FLAG("tree", 0, struct scan_options, tree, MSG_SCAN_OPT_TREE),
    OPTION_FLAG("pivot", 0, struct scan_options, pivot, MSG_SCAN_OPT_PIVOT),
    OPTION_FLAG("timesketch", 0, struct scan_options, timesketch, MSG_SCAN_OPT_TIMESKETCH),
    OPTION_FLAG("xlsx", 0, struct scan_options, xlsx, MSG_SCAN_OPT_XLSX),
    OPTION_TEXT("html", 0, struct scan_options, html, "FILE", COMPLETE_FILE, MSG_SCAN_OPT_HTML),
    OPTION_TEXT("navigator", 0, struct scan_options, navigator, "FILE", COMPLETE_FILE,
                MSG_SCAN_OPT_NAVIGATOR),
    SCOPE_OPTIONS(struct scan_options, scope),
    OPTION_TEXT("suppress", 0, struct scan_options, suppress, "FILE", COMPLETE_FILE,
                MSG_SCAN_OPT_SUPPRESS),
    OPTION_FLAG("original", 0, struct scan_options, original, MSG_SCAN_OPT_ORIGINAL),
    OPTION_FLAG("recover", 0, struct scan_options, recover, MSG_SCAN_OPT_RECOVER),
    OPTION_FLAG("duplicates", 0, struct scan_options, duplicates, MSG_SCAN_OPT_DUPLICATES),
    OPTION_TEXT("output", 'o', struct scan_options, output, "FILE", COMPLETE_FILE,
                MSG_SCAN_OPT_OUTPUT),
    OPTION_TEXT("archive-password-file", 0, struct scan_options, password_file, "FILE",
                COMPLETE_FILE, MSG_SCAN_OPT_ARCHIVE_PASSWORD_FILE),
    OPTION_NUMBER("spill-max", 0, struct scan_options, spill_max, "MIB", 1, 1 << 20,
                  MSG_SCAN_OPT_SPILL_MAX),
    OPTION_NUMBER("threads", 't', struct scan_options, threads, "N", 0, SCAN_THREADS_MAX,
                  MSG_SCAN_OPT_THREADS),
    OPTION_TEXT("format", 'f', struct scan_options, format, "NAME", COMPLETE_NONE,
                MSG_SCAN_OPT_FORMAT),
    OPTION_LIST("input-zone", 0, struct scan_options, input_zones, "[PATH=]ZONE", COMPLETE_NONE,
                MSG_SCAN_OPT_INPUT_ZONE),
    OPTION_TEXT("zone", 'z', struct scan_options, zone, "±HH:MM", COMPLETE_NONE, MSG_SCAN_OPT_ZONE),
    OPTION_FLAG("quiet", 'q', struct scan_options, quiet, MSG_SCAN_OPT_QUIET),
    OPTION_FLAG("no-progress", 0, struct scan_options, no_progress, MSG_SCAN_OPT_NO_PROGRESS),
};

static void write_report(struct scan_view *s, struct out *out, bool table)
{
    if (table) {
        scan_write_table(s, &out->buf);
        (void)out_settle(out);
    }
    if (s->interrupted) {
        lang_write(&out->buf, s->app->lang, MSG_SCAN_INTERRUPTED);
        buf_putc(&out->buf, '\n');
    }
    if (!s->options->quiet)
        scan_write_summary(s, &out->buf);
}

static int status_of(const struct scan_view *s)
{
    return s->result.tally.alerts > 0 ? EXIT_FOUND : scan_status(s);
}

int scan_status(const struct scan_view *s)
{
    if (s->interrupted)
        return EX_TEMPFAIL;
    if (s->result.troubles[TROUBLE_UNREADABLE] > 0)
        return EX_NOINPUT;
    if (s->result.operand_failed || s->result.troubles[TROUBLE_BAD_RECORD] > 0 ||
        s->result.troubles[TROUBLE_NOT_EXAMINED] > 0 || s->result.troubles[TROUBLE_DAMAGED] > 0 ||
        s->result.troubles[TROUBLE_DAMAGED_RECORD] > 0 || s->result.failed > 0)
        return EX_DATAERR;
    return s->loaded.status;
}

static int scan_report(struct scan_view *s, struct investigation *x)
{
    struct out err;
    int status = investigation_write(x);

    if (status != 0)
        return status;
    if (s->out->sys != 0)
        return EX_IOERR; /* who closes it says so */
    if (investigation_for_people(x)) {
        write_report(s, s->out, x->shows == SHOW_ALERTS);
        return status_of(s);
    }
    out_init(&err, STDERR_FILENO);
    write_report(s, &err, false);
    (void)out_flush(&err);
    out_done(&err);
    return status_of(s);
}

/* By what the options ask for; texts for people may have any name that is no other format's. */
static const char *output_endings(const struct scan_options *o)
{
    return o->xlsx                    ? ".xlsx"
           : o->csv                   ? ".csv"
           : o->json || o->timesketch ? ".json .jsonl .ndjson"
                                      : ".txt";
}

/* A name of another format than the options ask for: told with the option that does. */
static int check_ending(struct scan_view *s, const char *path)
{
    static const struct {
        const char *ending, *option;
    } formats[] = {{".html", "--html"},    {".xlsx", "--xlsx -o"},  {".csv", "--csv -o"},
                   {".json", "--json -o"}, {".jsonl", "--json -o"}, {".ndjson", "--json -o"}};
    const char *endings = output_endings(s->options);

    for (size_t i = 0; i < CANH_LEN(formats); i++) {
        if (slice_ends(slice_str(path), slice_str(formats[i].ending)) &&
            slice_find(slice_str(endings), slice_str(formats[i].ending)) == SIZE_MAX)
            return app_usage(s->app, MSG_SCAN_BAD_ENDING, path, endings, formats[i].option, path);
    }
    return app_check_ending(s->app, path, endings);
}

int scan_open_output(struct scan_view *s, const char *path, struct out *to)
{
    struct err err = ERR_INIT;
    struct stat st;
    int fd, status = path ? check_ending(s, path) : 0;

    if (status != 0)
        return status;
    s->out = &s->app->out;
    if (path) {
        if (file_open_result(path, 0666, &fd, &err) < 0) {
            (void)app_fail(s->app, NULL, &err);
            return EX_CANTCREAT;
        }
        out_init(to, fd);
        s->out = to;
    }
    if (fstat(s->out->fd, &st) == 0 && S_ISREG(st.st_mode)) {
        s->skip = true;
        s->skip_dev = st.st_dev;
        s->skip_ino = st.st_ino;
    }
    return 0;
}

int scan_close_output(struct scan_view *s, struct out *to, int status)
{
    int failure;

    if (to->fd < 0)
        return status;
    failure = out_flush(to) ? 0 : to->sys;
    out_done(to);
    if (close(to->fd) < 0 && failure == 0)
        failure = errno;
    if (failure == 0)
        return status;
    if (failure != EPIPE)
        app_print(s->app, MSG_SCAN_OUTPUT_FAILED, s->options->output,
                  error_system(s->app->lang, failure));
    return EX_IOERR;
}

static int scan_loaded(struct scan_view *s, struct investigation *x)
{
    const struct scan_options *o = s->options;
    struct out file = {.fd = -1};
    int status = scan_open_output(s, o->output, &file);

    if (status == 0) {
        s->progress_on = s->app->err_tty && !o->quiet && !o->no_progress &&
                         (s->format == SCAN_NO_ALERTS || o->output || !s->app->out_tty);
        if (s->progress_on)
            s->bytes_total = walk_total(s->inputs);
        if (s->format == SCAN_CSV)
            alert_csv_head(&s->out->buf);
        status = scan_view_run(s);
        if (status == 0)
            status = scan_report(s, x);
        scan_view_done(s);
    }
    return scan_close_output(s, &file, status);
}

static int scan_with_rules(struct scan_view *s, struct investigation *x)
{
    struct load_names names = investigation_names(x);
    int status = load_ruleset_and(s->app, &s->options->load, &names, &s->loaded);

    if (status != 0)
        return status;
    if (s->loaded.counts.rules == 0) {
        app_print(s->app, MSG_SCAN_NO_RULES);
        status = s->loaded.status ? s->loaded.status : EX_CONFIG;
    } else {
        x->session.rules = s->loaded.rs;
        status = scan_loaded(s, x);
    }
    load_done(&s->loaded);
    return status;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct scan_options *o = values;
    struct scan_view s = {.app = app,
                          .options = o,
                          .inputs = {operands->items, operands->count},
                          .zones = ARENA_INIT(ZONES_MAX)};
    struct investigation x = {.view = &s};
    int status;

    s.format = o->json ? SCAN_JSON : o->csv ? SCAN_CSV : SCAN_NO_ALERTS;
    status = scan_read_times(&s);
    if (status == 0)
        status = scan_read_passwords(app, o->password_file, &s.passwords);
    /* workers seldom allocate: heaps of their own would only hold memory */
    (void)mallopt(M_ARENA_MAX, 1);
    heap_large_pages(WORK_BYTES);
    if (status == 0)
        status = investigation_init(&x, &s);
    if (status == 0)
        status = scan_with_rules(&s, &x);
    investigation_done(&x);
    buf_done(&s.passwords.text);
    arena_done(&s.zones);
    return status;
}

const struct verb verb_scan = {
    .name = "scan",
    .summary = MSG_SCAN_SUMMARY,
    .about = MSG_SCAN_ABOUT,
    .operands = "PATH…|-",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct scan_options, &defaults),
    .run = run,
};
