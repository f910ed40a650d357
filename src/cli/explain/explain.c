/* SPDX-License-Identifier: Apache-2.0 */
/* canh explain: why a rule matches an event, or does not. */
#include "cli/explain/explain.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/app.h"
#include "cli/explain/print.h"
#include "cli/rules/load.h"
#include "cli/rules/rules.h"
#include "detect/events.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_explain.h"
#include "lang/msg_rules.h"
#include "lang/msg_scan.h"
#include "view/rules.h"

enum { TREE_BYTES = 1024 * 1024 * 1024, BAD_SHOWN = 3 };

struct explain_options {
    struct load_options load;
    int64_t record;
    bool json, all;
};

static const struct explain_options defaults = {.load = {.status = LOAD_STATUS_ALL}, .record = -1};

static const struct option_spec options[] = {
    OPTION_LIST("rule", 'r', struct explain_options, load.rules, "FILE", COMPLETE_FILE,
                MSG_EXPLAIN_OPT_RULE),
    OPTION_LIST("mappings", 'm', struct explain_options, load.mappings, "FILE|DIR", COMPLETE_FILE,
                MSG_SCAN_OPT_MAPPINGS),
    OPTION_TEXT("placeholders", 0, struct explain_options, load.placeholders, "FILE", COMPLETE_FILE,
                MSG_SCAN_OPT_PLACEHOLDERS),
    OPTION_FLAG("sigma-2.2", 0, struct explain_options, load.sigma_2_2, MSG_SCAN_OPT_SIGMA_2_2),
    OPTION_NUMBER("record", 'n', struct explain_options, record, "N", 0, INT64_MAX,
                  MSG_EXPLAIN_OPT_RECORD),
    OPTION_FLAG("all", 'a', struct explain_options, all, MSG_EXPLAIN_OPT_ALL),
    OPTION_FLAG("json", 'j', struct explain_options, json, MSG_EXPLAIN_OPT_JSON),
};

/* How near an event comes to a rule. */
enum nearness { NEAR_NOT, NEAR_ANY, NEAR_ROUTED, NEAR_MATCH };

struct explain {
    struct app *app;
    const struct explain_options *options;
    const char *path; /* of the log */
    struct loaded loaded;
    struct buf log;
    struct arena arena;
    uint32_t rule;         /* being explained */
    enum nearness nearest; /* of the events seen */
    uint64_t chosen;       /* that one's place in the log: several may stand in one line */
    unsigned bad;
    bool matched; /* some rule */
    int failed;   /* -CE_* of the evaluation */
};

static bool explain_variant(struct explain *x, const struct rule_variant *v, const struct event *e,
                            struct view_verdict *ret)
{
    const struct keys *keys = ruleset_keys(x->loaded.rs);
    int r = explain_expr(&x->arena, v->route, e, keys, VIEW_ROUTE, &ret->route);

    if (r == 0)
        r = explain_expr(&x->arena, v->condition, e, keys, VIEW_CONDITION, &ret->condition);
    if (r < 0)
        x->failed = r;
    return r == 0;
}

/*
 * The event to explain, of those that --record names or of all: a match, else one that a mapping
 * routes, else any.
 */
static bool explain_choose(void *ctx, const struct event *e)
{
    struct explain *x = ctx;
    enum nearness near = NEAR_ANY;
    uint32_t count;
    const struct rule_variant *variants = ruleset_variants(x->loaded.rs, x->rule, &count);

    if (x->options->record >= 0 && e->sequence != (uint64_t)x->options->record)
        return true;
    for (uint32_t i = 0; i < count; i++) {
        struct view_verdict v;

        arena_clear(&x->arena);
        if (!explain_variant(x, &variants[i], e, &v))
            return false;
        if (v.route->holds)
            near = CANH_MAX(near, (enum nearness)(v.condition->holds ? NEAR_MATCH : NEAR_ROUTED));
    }
    if (near > x->nearest) {
        x->nearest = near;
        x->chosen = e->offset;
    }
    return x->nearest < NEAR_MATCH;
}

static void bad_record(void *ctx, const struct decode_fault *fault)
{
    struct explain *x = ctx;

    if (x->bad++ >= BAD_SHOWN)
        return;
    buf_printf(app_line(x->app), "%s", x->path);
    lang_write(&x->app->line, x->app->lang, MSG_SCAN_AT_OFFSET, fault->err.offset);
    buf_puts(&x->app->line, ": ");
    error_write(&x->app->line, x->app->lang, &fault->err);
    app_print_line(x->app);
}

static void write_safe(struct explain *x, struct slice s)
{
    text_write_safe(&x->app->out.buf, s);
}

static void write_head(struct explain *x, const struct event *e, const struct sigma_rule *rule)
{
    struct buf *out = &x->app->out.buf;

    write_safe(x, rule_title(rule, x->app->lang == LANG_VI));
    buf_puts(out, " (");
    write_safe(x, rule->path);
    buf_printf(out, ":%u)\n", rule->line);
    write_safe(x, slice_str(x->path));
    lang_write(out, x->app->lang, MSG_EXPLAIN_RECORD, e->sequence);
    buf_putc(out, '\n');
}

static void write_mapping(struct explain *x, struct slice name)
{
    struct buf safe = BUF_INIT(64 * 1024);

    text_write_safe(&safe, name);
    lang_write(&x->app->out.buf, x->app->lang, MSG_EXPLAIN_MAPPING, SLICE_ARG(buf_slice(&safe)));
    buf_putc(&x->app->out.buf, '\n');
    buf_done(&safe);
}

static void write_text(struct explain *x, const struct event *e, const struct sigma_rule *rule,
                       const struct rule_variant *variants, uint32_t count)
{
    struct explain_style style = {.lang = x->app->lang,
                                  .colour = x->app->colour,
                                  .all = x->options->all,
                                  .columns = x->app->columns};
    struct buf *out = &x->app->out.buf;
    bool matches = false;

    write_head(x, e, rule);
    for (uint32_t i = 0; i < count; i++) {
        struct view_verdict v;

        if (!explain_variant(x, &variants[i], e, &v))
            return;
        matches |= v.route->holds && v.condition->holds;
        buf_putc(out, '\n');
        write_mapping(x, variants[i].mapping);
        explain_write_text(out, &style, v.route, 1);
        buf_puts(out, lang_text(x->app->lang, MSG_EXPLAIN_CONDITION));
        buf_putc(out, '\n');
        explain_write_text(out, &style, v.condition, 1);
    }
    buf_putc(out, '\n');
    buf_puts(out, lang_text(x->app->lang, matches ? MSG_EXPLAIN_MATCHES : MSG_EXPLAIN_NO_MATCH));
    buf_puts(out, "\n");
    x->matched |= matches;
}

static void write_json(struct explain *x, const struct event *e, const struct sigma_rule *rule,
                       const struct rule_variant *variants, uint32_t count)
{
    struct view_verdict *verdicts = arena_new_array(&x->arena, count + 1, struct view_verdict);
    struct view_explained shown = {.rule = rule,
                                   .path = slice_str(x->path),
                                   .record = e->sequence,
                                   .verdicts = verdicts,
                                   .verdict_count = count};

    if (verdicts == NULL)
        x->failed = -CE_NOMEM;
    for (uint32_t i = 0; i < count && x->failed == 0; i++) {
        verdicts[i].mapping = variants[i].mapping;
        if (explain_variant(x, &variants[i], e, &verdicts[i]))
            x->matched |= verdicts[i].route->holds && verdicts[i].condition->holds;
    }
    if (x->failed == 0)
        view_json_explained(&x->app->out.buf, &shown);
}

static bool print_chosen(void *ctx, const struct event *e)
{
    struct explain *x = ctx;
    const struct sigma_rule *rule = ruleset_rule(x->loaded.rs, x->rule);
    uint32_t count;
    const struct rule_variant *variants = ruleset_variants(x->loaded.rs, x->rule, &count);

    if (e->offset != x->chosen)
        return true;
    arena_clear(&x->arena);
    if (x->options->json)
        write_json(x, e, rule, variants, count);
    else
        write_text(x, e, rule, variants, count);
    return false;
}

static void explain_ignore(void *ctx, const struct decode_fault *fault)
{
    (void)ctx;
    (void)fault;
}

/* Goes through the log. Returns an exit status other than 0, and says why, when that fails. */
static int each_event(struct explain *x, bool (*use)(void *ctx, const struct event *e),
                      void (*bad)(void *ctx, const struct decode_fault *fault))
{
    struct err err = ERR_INIT;
    int r = events_each(&x->log, ruleset_keys(x->loaded.rs), use, bad, x, &err);

    if (r == -CE_UNKNOWN) {
        bool empty = slice_trim(buf_slice(&x->log)).n == 0;

        buf_printf(app_line(x->app), "%s: %s", x->path,
                   lang_text(x->app->lang, empty ? MSG_SCAN_EMPTY : MSG_SCAN_NO_LOG));
        app_print_line(x->app);
        return EX_DATAERR;
    }
    if (r < 0)
        return app_fail(x->app, x->path, &err);
    if (x->failed) {
        app_print(x->app, MSG_EXPLAIN_TOO_BIG);
        return EX_SOFTWARE;
    }
    return 0;
}

/* Returns an exit status other than 0 when there is nothing to explain. */
static int explain_rule(struct explain *x)
{
    int status;

    x->nearest = NEAR_NOT;
    x->bad = 0;
    status = each_event(x, explain_choose, x->rule == 0 ? bad_record : explain_ignore);
    if (status != 0)
        return status;
    if (x->nearest == NEAR_NOT) {
        app_print(x->app, MSG_EXPLAIN_NO_EVENT, x->path);
        return EX_NOINPUT;
    }
    if (x->rule > 0 && !x->options->json)
        buf_putc(&x->app->out.buf, '\n');
    return each_event(x, print_chosen, explain_ignore);
}

static void describe_unreached(void *ctx, const struct sigma_rule *rule)
{
    struct explain *x = ctx;
    struct buf source = BUF_INIT(64 * 1024);

    view_write_logsource(&source, &rule->logsource);
    buf_append_slice(app_line(x->app), rule->path);
    buf_printf(&x->app->line, ":%u: ", rule->line);
    lang_write(&x->app->line, x->app->lang, MSG_RULES_UNREACHED, buf_cstr(&source));
    app_print_line(x->app);
    buf_done(&source);
}

static int explain_loaded(struct explain *x)
{
    struct err err = ERR_INIT;
    uint32_t refused;
    const struct rule_problem *problems = ruleset_problems(x->loaded.rs, &refused);
    int status = 0;

    for (uint32_t i = 0; i < refused; i++) {
        buf_clear(&x->app->out.buf);
        buf_append_slice(&x->app->out.buf, problems[i].path);
        (void)app_fail(x->app, buf_cstr(&x->app->out.buf), &problems[i].err);
        buf_clear(&x->app->out.buf);
    }
    ruleset_unreached(x->loaded.rs, describe_unreached, x);
    if (ruleset_count(x->loaded.rs) == 0) {
        if (refused == 0 && x->loaded.status == 0)
            app_print(x->app, MSG_EXPLAIN_NO_RULE);
        return x->loaded.status ? x->loaded.status : EX_DATAERR;
    }
    if (events_read(x->path, &x->log, &err) < 0)
        return app_fail(x->app, NULL, &err);
    for (; status == 0 && x->rule < ruleset_count(x->loaded.rs); x->rule++)
        status = explain_rule(x);
    if (status == 0 && x->options->record < 0 && ruleset_correlation_count(x->loaded.rs) > 0)
        status = explain_correlations(x->app, x->loaded.generation, x->path,
                                      &(struct explain_correlations_options){x->options->json,
                                                                             x->options->all},
                                      &x->matched);
    return status ? status : x->matched ? EXIT_FOUND : EXIT_FINE;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct explain x = {.app = app,
                        .options = values,
                        .path = operands->items[0],
                        .arena = ARENA_INIT(TREE_BYTES)};
    int status;

    if (x.options->load.rules.count == 0)
        return app_usage(app, MSG_CLI_NO_OPTION, "rule");
    status = load_ruleset(app, &x.options->load, &x.loaded);
    if (status != 0)
        return status;
    status = explain_loaded(&x);
    buf_done(&x.log);
    arena_done(&x.arena);
    load_done(&x.loaded);
    return status;
}

const struct verb verb_explain = {
    .name = "explain",
    .summary = MSG_EXPLAIN_SUMMARY,
    .about = MSG_EXPLAIN_ABOUT,
    .operands = "LOG|-",
    .min_operands = 1,
    .max_operands = 1,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct explain_options, &defaults),
    .run = run,
};
