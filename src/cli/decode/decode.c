/* SPDX-License-Identifier: Apache-2.0 */
/* canh decode: what the lines of a log become. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf.h"
#include "cli/app.h"
#include "cli/decode/decode.h"
#include "cli/rules/load.h"
#include "cli/zone_text.h"
#include "decode/decoder.h"
#include "decode/text/fields.h"
#include "detect/detector.h"
#include "lang/msg_decode.h"
#include "lang/msg_scan.h"

enum {
    INPUT_MAX = 256 * 1024 * 1024,
    SAMPLE = 256 * 1024,
    ZONES_MAX = 1024 * 1024,
    LOOKS_MAX = 64 * 1024 * 1024
};

struct decode_options {
    struct load_options load;
    const char *format, *zone, *received;
    bool json;
};

static const struct decode_options defaults = {.load = {.status = LOAD_STATUS_DEFAULT}};

static const struct option_spec options[] = {
    LOAD_OPTIONS(struct decode_options, load),
    OPTION_FLAG("json", 'j', struct decode_options, json, MSG_DECODE_OPT_JSON),
    OPTION_TEXT("format", 'f', struct decode_options, format, "NAME", COMPLETE_NONE,
                MSG_DECODE_OPT_FORMAT),
    OPTION_TEXT("input-zone", 0, struct decode_options, zone, "±HH:MM", COMPLETE_NONE,
                MSG_DECODE_OPT_ZONE),
    OPTION_TEXT("received", 0, struct decode_options, received, "TIME", COMPLETE_NONE,
                MSG_DECODE_OPT_RECEIVED),
};

struct decode_job {
    struct app *app;
    const struct decode_options *options;
    const char *path;
    struct buf text, record;
    struct decode_context context;
    struct view_event shown;
    const struct format *format;
    struct slice log; /* of the text, from where the format begins */
    uint64_t before, before_lines;
    struct loaded loaded;
    struct detector *detector;
    struct arena zones, looks;
    struct zone zone; /* --input-zone */
};

static int read_input(struct decode_job *x, struct err *err)
{
    enum utf_kind kind;
    struct stat st;
    size_t mark;
    int r;

    x->text = BUF_INIT(INPUT_MAX);
    x->context = decode_no_context;
    x->context.received = time_now();
    if (strcmp(x->path, "-") == 0) {
        r = file_read_fd(STDIN_FILENO, x->path, &x->text, err);
    } else {
        r = file_read(x->path, &x->text, err);
        if (r == 0 && stat(x->path, &st) == 0)
            x->context.modified = st.st_mtim.tv_sec * TIME_SECOND + st.st_mtim.tv_nsec;
    }
    kind = utf_kind_of(buf_slice(&x->text), &mark);
    if (r == 0 && kind != UTF_8) {
        struct buf utf8 = BUF_INIT(INPUT_MAX);

        utf_to_utf8(kind, slice_from(buf_slice(&x->text), mark), &utf8);
        buf_done(&x->text);
        x->text = utf8;
    }
    if (r == 0 && x->text.err == 0 && buf_reserve(&x->text, DECODE_PADDING) != NULL)
        memset(x->text.p + x->text.len, 0, DECODE_PADDING);
    return r;
}

/* The names that decoders without names of their own are asked for. */
static int intern_names(void *ctx, struct ruleset *rs, struct err *err)
{
    (void)ctx;
    for (int i = 0; i < FIELD_NAME_COUNT; i++) {
        if (ruleset_intern(rs, field_name_text((enum field_name)i)) == KEY_NONE)
            return err_nomem(err);
    }
    return 0;
}

static bool write_event(struct decode_job *x, struct decoder *d, const struct event *e)
{
    struct err err = ERR_INIT;
    struct slice raw = SLICE_NULL;
    struct trace look;

    arena_clear(&x->looks);
    x->shown.event = e;
    x->shown.look = detector_trace(x->detector, e, &x->looks, &look) == 0 ? &look : NULL;
    x->shown.record = SLICE_NULL;
    if (e->names == NULL && decoder_raw(d, e, &x->record, &raw, &err) >= 0) {
        raw = slice_trim(raw);
        if (raw.n > 0 && raw.p[0] == '{' && (e->flags & EVENT_TRUNCATED) == 0)
            x->shown.record = raw;
    }
    if (x->options->json)
        view_json_event(&x->app->out.buf, &x->shown);
    else
        decode_write_text(&x->app->out.buf, &x->shown, x->app->lang, x->app->columns);
    return out_settle(&x->app->out);
}

static bool decode_block(struct decode_job *x, struct decoder *d, const struct decode_block *block,
                         bool *ret_any)
{
    struct decode_fault fault;
    struct event e;
    int r;

    decoder_open(d, block);
    while ((r = decoder_next(d, &e, &fault)) != 0) {
        if (r < 0) {
            (void)app_fail(x->app, x->path, &fault.err);
            continue;
        }
        *ret_any = true;
        if (!write_event(x, d, &e))
            return false;
    }
    return true;
}

static int decode_all(struct decode_job *x)
{
    struct decoder *d = detector_decoder(x->detector, x->format);
    struct cutter *c = cutter_new(x->format, &decode_default_limits, &x->context);
    struct slice have = x->log;
    struct err err = ERR_INIT;
    bool any = false, going = d != NULL && c != NULL;
    int r = going ? 0 : err_nomem(&err);

    while (going) {
        struct decode_block block;
        size_t taken;

        r = cutter_cut(c, have, true, &block, &taken, &err);
        block.offset += x->before;
        block.line += x->before_lines;
        if (r < 0 || (r == 0 && taken == 0))
            break;
        if (r > 0)
            going = decode_block(x, d, &block, &any);
        have = slice_from(have, taken);
    }
    (void)cutter_free(c);
    if (r < 0)
        return app_fail(x->app, x->path, &err);
    return any ? EXIT_FINE : EX_DATAERR;
}

/* A log that begins behind lines in no format. */
static void find_later(struct decode_job *x)
{
    struct slice before;
    size_t at;

    x->format = format_find_later(x->log, true, &at);
    before = slice_head(x->log, at);
    x->before = at;
    x->log = slice_from(x->log, at);
    for (size_t i = 0; i < before.n; i++)
        x->before_lines += before.p[i] == '\n';
    if (x->format != NULL) {
        struct buf *line = app_line(x->app);

        buf_printf(line, "%s:%" PRIu64 ": %s", x->path, x->before_lines + 1,
                   lang_text(x->app->lang, MSG_SCAN_BEFORE));
        app_print_line(x->app);
    }
}

static int choose_format(struct decode_job *x)
{
    struct decode_sample sample = {.bytes = slice_head(buf_slice(&x->text), SAMPLE),
                                   .begins = true,
                                   .ends = true};
    bool more;

    x->log = buf_slice(&x->text);
    x->format = x->options->format ? format_by_name(slice_str(x->options->format))
                                   : format_find(&sample, &more);
    if (x->format == NULL && x->options->format != NULL)
        return app_usage(x->app, MSG_DECODE_NO_FORMAT, x->options->format);
    if (x->format == NULL)
        find_later(x);
    if (x->format != NULL)
        return 0;
    app_print(x->app, MSG_DECODE_UNKNOWN, x->path);
    return EX_DATAERR;
}

/* --received, in the zone of the times that name none. */
static int read_received(struct decode_job *x)
{
    bool zoned;

    if (x->options->received == NULL)
        return 0;
    x->context.modified = TIME_NONE;
    if (time_parse(slice_str(x->options->received), 0, &x->context.received, &zoned) < 0)
        return app_usage(x->app, MSG_DECODE_BAD_TIME, x->options->received);
    if (!zoned)
        x->context.received = zone_from_wall(&x->zone, x->context.received);
    return 0;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct decode_job x = {.app = app,
                           .options = values,
                           .path = operands->items[0],
                           .zones = ARENA_INIT(ZONES_MAX),
                           .looks = ARENA_INIT(LOOKS_MAX)};
    const struct load_names names = {.intern = intern_names};
    struct err err = ERR_INIT;
    int status;

    if (!zone_text_read(x.options->zone, &x.zones, &x.zone))
        return app_usage(app, MSG_SCAN_BAD_ZONE, x.options->zone);
    x.shown.zone = x.options->zone != NULL ? &x.zone : NULL;
    status = read_input(&x, &err) < 0 ? app_fail(app, NULL, &err) : read_received(&x);
    if (status != 0) {
        buf_done(&x.text);
        arena_done(&x.zones);
        return status;
    }
    x.record = BUF_INIT(INPUT_MAX);
    status = choose_format(&x);
    if (status == 0)
        status = load_ruleset_and(app, &x.options->load, &names, &x.loaded);
    if (status == 0) {
        x.detector = detector_new(x.loaded.generation);
        x.shown.format = x.format->name;
        x.shown.rules = x.loaded.rs;
        x.shown.keys = ruleset_keys(x.loaded.rs);
        status = x.detector != NULL ? decode_all(&x) : EX_OSERR;
    }
    x.detector = detector_free(x.detector);
    load_done(&x.loaded);
    buf_done(&x.text);
    buf_done(&x.record);
    arena_done(&x.zones);
    arena_done(&x.looks);
    return status;
}

const struct verb verb_decode = {
    .name = "decode",
    .summary = MSG_DECODE_SUMMARY,
    .about = MSG_DECODE_ABOUT,
    .operands = "FILE|-",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct decode_options, &defaults),
    .run = run,
};
