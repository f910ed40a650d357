/* SPDX-License-Identifier: Apache-2.0 */
/* canh find: any events, hit or not, in the query language of docs/query.md. */
#include "hunt/find.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/decode/decode.h"
#include "cli/hunt/hunt.h"
#include "decode/decoder.h"
#include "lang/msg_hunt.h"

struct find_options {
    struct hunt_options hunt; /* first */
    bool plain;
};

static const struct find_options defaults = {.hunt = {.scan = {.spill_max = HUNT_SPILL}}};

static const struct option_spec options[] = {
    OPTION_FLAG("json", 'j', struct find_options, hunt.scan.json, MSG_HUNT_OPT_FIND_JSON),
    OPTION_FLAG("raw", 0, struct find_options, plain, MSG_HUNT_OPT_RAW),
    HUNT_INPUT_OPTIONS(struct find_options, hunt),
};

struct find_job {
    struct hunt_run run; /* first */
    const struct find_options *options;
    struct find find;
    const struct keys *keys;
};

static void write_place(struct find_job *x, const struct scan_event *e, struct buf *out)
{
    struct civil c;

    if (e->time == TIME_NONE) {
        buf_puts(out, "-                    ");
    } else {
        time_to_civil(e->time, e->local ? 0 : zone_at(&x->run.view.zone, e->time), &c);
        buf_printf(out, "%04d-%02u-%02u %02u:%02u:%02u%s", c.year, c.month, c.day, c.hour, c.minute,
                   c.second, e->local ? "? " : "  ");
    }
    text_write_safe(out, slice_str(e->origin->path));
    buf_printf(out, ":%" PRIu64 ": ", e->event->sequence);
}

/* As it is shown: a line with time and place, or JSON. */
static void write_event(void *ctx, const struct scan_event *e, struct slice raw, struct buf *out)
{
    struct find_job *x = ctx;
    struct slice record = slice_trim(raw);

    if (x->options->hunt.scan.json) {
        struct view_event shown = {.event = e->event,
                                   .keys = x->keys,
                                   .format = e->decoder->format->name,
                                   .zone = e->origin->zone};

        if (e->event->names == NULL && record.n && record.p[0] == '{' &&
            !(e->event->flags & EVENT_TRUNCATED))
            shown.record = record;
        view_json_event(out, &shown);
    } else {
        write_place(x, e, out);
        text_write_safe(out, record);
        buf_putc(out, '\n');
    }
}

static bool find_read(void *ctx, const struct scan_file *file, struct slice bytes)
{
    struct find_job *x = ctx;

    (void)file;
    return out_emit(x->run.view.out, bytes);
}

static int hunt_find_intern(void *ctx, struct ruleset *rs, struct err *err)
{
    return find_intern(&((struct find_job *)ctx)->find, rs, err);
}

/* The query's own times narrow the scan as --from, --to and --last do. */
static void read_times(struct find_job *x)
{
    const struct query *q = &x->find.query;
    struct scan_scope *s = &x->run.scope;

    if (q->last)
        s->from = time_now() - q->last;
    if (q->from != TIME_NONE)
        s->from = q->from;
    if (q->until != TIME_NONE)
        s->until = q->until;
    if (!scope_is_all(s))
        x->run.view.scope = s;
}

static int find_matching(struct find_job *x, const char *query)
{
    struct load_names names = {hunt_find_intern, x, true};
    struct err err = ERR_INIT;
    int status = 0;

    if (find_parse(&x->find, slice_str(query), zone_at(&x->run.view.zone, time_now()), &err) < 0) {
        (void)app_fail(x->run.app, NULL, &err);
        return EX_USAGE;
    }
    read_times(x);
    status = hunt_load(&x->run, &names);
    if (status != 0)
        return status;
    x->keys = ruleset_keys(x->run.view.loaded.rs);
    if (find_begin(&x->find, x->keys, &err) < 0)
        return app_fail(x->run.app, NULL, &err);
    status = hunt_scan(&x->run);
    return status ? status : hunt_status(&x->run, x->find.found > 0);
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct find_options *o = values;
    struct find_job x = {.options = o};
    struct scan_keep keep = {.event = find_write, .ctx = &x.find};
    int status =
        hunt_open(&x.run, app, &o->hunt, (struct paths){operands->items + 1, operands->count - 1});

    x.find.records = o->plain;
    x.find.write = write_event;
    x.find.ctx = &x;
    x.run.view.keep = &keep;
    x.run.view.kept = find_read;
    x.run.view.ctx = &x;
    if (status == 0)
        status = find_matching(&x, operands->items[0]);
    find_done(&x.find);
    return hunt_close(&x.run, status);
}

const struct verb verb_find = {
    .name = "find",
    .summary = MSG_HUNT_FIND_SUMMARY,
    .about = MSG_HUNT_FIND_ABOUT,
    .operands = "QUERY PATH…|-",
    .min_operands = 2,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct find_options, &defaults),
    .run = run,
};
