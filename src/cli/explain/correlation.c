/* SPDX-License-Identifier: Apache-2.0 */
/* canh explain of a correlation: which events of a log, in which window; or how far it came. */
#include <stdlib.h>

#include "base/time.h"
#include "base/width.h"
#include "cli/app.h"
#include "cli/explain/explain.h"
#include "detect/scan.h"
#include "lang/msg_explain.h"
#include "sigma/correlation.h"

enum { WINDOWS_SHOWN = 3, EVENTS_SHOWN = 20 };

struct explain_correlations {
    struct app *app;
    const struct generation *generation;
    bool json, all;
    uint64_t *windows; /* by correlation */
};

static const struct err *no_memory(struct err *err)
{
    (void)err_nomem(err);
    return err;
}

static void write_safe(struct buf *out, struct slice s)
{
    text_write_safe(out, s);
}

static void write_time(struct buf *out, int64_t t, bool local)
{
    time_format(out, t, 3);
    if (local)
        out->p[out->len - 1] = '?';
}

static void write_head(const struct sigma_correlation *c, const struct explain_correlations *x,
                       struct buf *out)
{
    write_safe(out, rule_title(&c->rule, x->app->lang == LANG_VI));
    buf_puts(out, " (");
    write_safe(out, c->rule.path);
    buf_printf(out, ":%u, %s)\n", c->rule.line, correlation_type_to_str(c->type));
}

static void write_group(const struct sigma_correlation *c, const struct correlation_alert *a,
                        struct buf *out)
{
    for (uint32_t i = 0; i < c->group_count; i++) {
        buf_puts(out, i ? ", " : "  ");
        write_safe(out, c->group_by[i]);
        buf_puts(out, ": ");
        write_safe(out, a->group[i]);
    }
    buf_puts(out, c->group_count ? "\n" : "");
}

static void write_window(const struct explain_correlations *x, const struct correlation_alert *a,
                         struct buf *out)
{
    const struct sigma_correlation *c = ruleset_correlation(x->generation->rules, a->index);
    uint32_t shown = x->all ? a->event_count : CANH_MIN(a->event_count, (uint32_t)EVENTS_SHOWN);

    write_head(c, x, out);
    write_group(c, a, out);
    buf_puts(out, "  ");
    write_time(out, a->from, a->local);
    buf_puts(out, " – ");
    write_time(out, a->to, a->local);
    lang_write(out, x->app->lang, MSG_EXPLAIN_EVENTS, a->count);
    buf_putc(out, '\n');
    for (uint32_t i = 0; i < shown; i++) {
        buf_puts(out, "    ");
        write_time(out, a->events[i].time, a->local);
        buf_puts(out, "  ");
        write_safe(out, slice_str(a->events[i].path));
        lang_write(out, x->app->lang, MSG_EXPLAIN_AT, a->events[i].offset);
        buf_puts(out, "  ");
        write_safe(out, a->events[i].rule);
        buf_putc(out, '\n');
    }
    if (a->count > shown) {
        buf_puts(out, "    ");
        lang_write(out, x->app->lang, MSG_EXPLAIN_MORE_EVENTS, a->count - shown);
        buf_putc(out, '\n');
    }
    buf_putc(out, '\n');
}

/* Called from the thread that scans: correlations come when all is read. */
static void correlation_report(void *ctx, const struct correlation_alert *a, struct buf *out)
{
    struct explain_correlations *x = ctx;

    if (a->incomplete)
        return;
    x->windows[a->index]++;
    if (x->json)
        correlation_alert_json(out, a);
    else if (x->all || x->windows[a->index] <= WINDOWS_SHOWN)
        write_window(x, a, out);
}

static void report_nothing(void *ctx, unsigned worker, const struct alert *a, struct buf *out)
{
    (void)ctx;
    (void)worker;
    (void)a;
    (void)out;
}

static bool write_lines(void *ctx, struct slice lines)
{
    struct app *app = ctx;

    buf_append_slice(&app->out.buf, lines);
    return out_settle(&app->out);
}

/* How many windows of the correlation were told. */
static uint64_t windows_of(const struct explain_correlations *x, const struct sigma_correlation *c)
{
    for (uint32_t i = 0; i < ruleset_correlation_count(x->generation->rules); i++) {
        if (ruleset_correlation(x->generation->rules, i) == c)
            return x->windows[i];
    }
    return 0;
}

/* How often the rules and correlations below it matched. */
static uint64_t matches_below(const struct explain_correlations *x,
                              const struct sigma_correlation *c, const struct tally *tally)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < c->ref_count; i++) {
        for (uint32_t k = 0; k < c->refs[i].rule_count; k++)
            n += tally->rules[c->refs[i].rules[k]].count;
        n += windows_of(x, c->refs[i].correlation);
    }
    return n;
}

static void write_rest(const struct explain_correlations *x, const struct scan_result *result)
{
    struct buf *out = &x->app->out.buf;

    for (uint32_t i = 0; i < ruleset_correlation_count(x->generation->rules); i++) {
        const struct sigma_correlation *c = ruleset_correlation(x->generation->rules, i);

        if (x->json || x->windows[i] > WINDOWS_SHOWN) {
            if (!x->json && !x->all) {
                lang_write(out, x->app->lang, MSG_EXPLAIN_MORE_WINDOWS,
                           x->windows[i] - WINDOWS_SHOWN);
                buf_puts(out, "\n\n");
            }
            continue;
        }
        if (x->windows[i])
            continue;
        write_head(c, x, out);
        buf_puts(out, "  ");
        lang_write(out, x->app->lang, MSG_EXPLAIN_NO_WINDOW, matches_below(x, c, &result->tally));
        buf_puts(out, "\n\n");
    }
}

int explain_correlations(struct app *app, struct generation *generation, const char *path,
                         const struct explain_correlations_options *options, bool *ret_found)
{
    static const struct scan_sink sink = {.alerts = write_lines};
    const char *const paths[] = {path};
    struct explain_correlations x = {.app = app,
                                     .generation = generation,
                                     .json = options->json,
                                     .all = options->all};
    struct scan_keep keep = {.alert = report_nothing, .correlation = correlation_report, .ctx = &x};
    struct scan_request request = {.generation = generation,
                                   .inputs = {paths, 1},
                                   .threads = 1,
                                   .format = SCAN_KEPT,
                                   .keep = &keep,
                                   .apart = true,
                                   .sink = &sink,
                                   .ctx = app};
    struct scan_result result;
    struct err err = ERR_INIT;
    struct cancel cancel;
    uint32_t count = ruleset_correlation_count(generation->rules);
    int r;

    x.windows = calloc((size_t)count + 1, sizeof(*x.windows));
    if (x.windows == NULL)
        return app_fail(app, NULL, no_memory(&err));
    if (cancel_init(&cancel) < 0) {
        free(x.windows);
        return app_fail(app, NULL, no_memory(&err));
    }
    request.cancel = &cancel;
    r = scan_run(&request, &result, &err);
    cancel_done(&cancel);
    if (r == 0)
        write_rest(&x, &result);
    for (uint32_t i = 0; i < count; i++)
        *ret_found |= x.windows[i] > 0;
    free(x.windows);
    scan_result_done(&result);
    return r < 0 && r != -CE_PEER ? app_fail(app, NULL, &err) : 0;
}
