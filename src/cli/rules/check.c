/* SPDX-License-Identifier: Apache-2.0 */
/* canh rules check: what loads, what does not and why. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/width.h"
#include "cli/rules/rules.h"
#include "cli/rules/unmapped.h"
#include "cli/scan/scan.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_rules.h"
#include "lang/msg_scan.h"
#include "lang/near.h"
#include "view/rules.h"

enum {
    COMMON_RULES = 5, /* a field that so many rules use is no typing error */
    NAME_MIN = 5,     /* shorter names are near to too much */
    LINE_BYTES = 1024 * 1024,
};

struct check_options {
    struct load_options load; /* without rules: these are operands */
    struct option_list against;
    bool json, quiet;
};

static const struct check_options defaults = {.load = {.status = LOAD_STATUS_ALL}};

static const struct option_spec options[] = {
    LOAD_OPTIONS_BUT_RULES(struct check_options, load),
    OPTION_LIST("against", 'a', struct check_options, against, "PATH", COMPLETE_FILE,
                MSG_RULES_OPT_AGAINST),
    OPTION_FLAG("json", 'j', struct check_options, json, MSG_RULES_OPT_JSON),
    OPTION_FLAG("quiet", 'q', struct check_options, quiet, MSG_RULES_OPT_QUIET),
};

/* A field name that rules ask for. */
struct use {
    struct slice name;
    uint32_t rules;                /* that use it */
    uint32_t last;                 /* rule counted last, + 1 */
    const struct sigma_rule *rule; /* the first of them */
    bool absent;                   /* --against: no event had it */
};

struct check {
    struct app *app;
    const struct check_options *options;
    struct loaded loaded;
    struct use *uses; /* by key */
    uint32_t use_count;
    struct buf line;
    struct findings *findings; /* for programs */
    struct unmapped_list unmapped;
};

static void count_uses(struct check *c, const struct expr *e, uint32_t rule)
{
    if (e->op == EXPR_ATOM && e->atom->field.n) {
        uint32_t key = keys_find(ruleset_keys(c->loaded.rs), e->atom->field);
        struct use *use = &c->uses[key];

        use->name = e->atom->field;
        if (use->rules == 0)
            use->rule = ruleset_rule(c->loaded.rs, rule);
        use->rules += use->last != rule + 1;
        use->last = rule + 1;
    }
    for (uint32_t i = 0; i < e->count; i++)
        count_uses(c, e->kids[i], rule);
}

static bool collect_uses(struct check *c)
{
    const struct ruleset *rs = c->loaded.rs;

    c->use_count = keys_count(ruleset_keys(rs)) + 1;
    c->uses = calloc(c->use_count, sizeof(*c->uses));
    for (uint32_t i = 0; c->uses && i < ruleset_count(rs); i++)
        count_uses(c, ruleset_rule(rs, i)->condition, i);
    return c->uses != NULL;
}

/* param1 and param2 are two names, not one mistyped. */
static struct slice without_number(struct slice s)
{
    while (s.n && ascii_is_digit(s.p[s.n - 1]))
        s.n--;
    return s;
}

/* A common field that this rare one is probably meant to be, or NULL. */
static const struct use *check_meant(const struct check *c, const struct use *rare)
{
    for (uint32_t i = 1; i < c->use_count; i++) {
        const struct use *common = &c->uses[i];

        if (common->rules < COMMON_RULES || common == rare ||
            slice_eq(without_number(rare->name), without_number(common->name)))
            continue;
        if (near_distance(rare->name, common->name, 1) <= 1)
            return common;
    }
    return NULL;
}

/* Calls fn for each field that looks mistyped. */
static uint32_t each_suspect(struct check *c, void (*fn)(struct check *c, const struct use *use,
                                                         const struct use *instead))
{
    uint32_t count = 0;

    for (uint32_t i = 1; i < c->use_count; i++) {
        const struct use *use = &c->uses[i], *instead;

        if (use->rules != 1 || use->name.n < NAME_MIN || (instead = check_meant(c, use)) == NULL)
            continue;
        count++;
        fn(c, use, instead);
    }
    return count;
}

static void write_line(struct check *c)
{
    text_write_safe(&c->app->out.buf, buf_slice(&c->line));
    buf_putc(&c->app->out.buf, '\n');
    buf_clear(&c->line);
    (void)out_settle(&c->app->out);
}

static void write_place(struct check *c, struct slice path, unsigned line, unsigned col)
{
    buf_append_slice(&c->line, path);
    if (line)
        buf_printf(&c->line, ":%u", line);
    if (line && col)
        buf_printf(&c->line, ":%u", col);
    buf_puts(&c->line, ": ");
}

static void write_problem(struct check *c, const struct rule_problem *p)
{
    write_place(c, p->path, p->err.line, p->err.col);
    error_write(&c->line, c->app->lang, &p->err);
    write_line(c);
}

static void write_unreached(void *ctx, const struct sigma_rule *rule)
{
    struct check *c = ctx;
    struct buf source = BUF_INIT(LINE_BYTES);
    struct logsource near;

    view_write_logsource(&source, &rule->logsource);
    write_place(c, rule->path, rule->line, 0);
    lang_write(&c->line, c->app->lang, MSG_RULES_UNREACHED, buf_cstr(&source));
    if (ruleset_near_source(c->loaded.rs, &rule->logsource, &near)) {
        buf_clear(&source);
        view_write_logsource(&source, &near);
        lang_write(&c->line, c->app->lang, MSG_RULES_NEAR_SOURCE, buf_cstr(&source));
    }
    write_line(c);
    buf_done(&source);
}

static void write_suspect(struct check *c, const struct use *use, const struct use *instead)
{
    write_place(c, use->rule->path, use->rule->line, 0);
    lang_write(&c->line, c->app->lang, MSG_RULES_SUSPECT_FIELD, SLICE_ARG(use->name),
               SLICE_ARG(instead->name), instead->rules);
    write_line(c);
}

static void write_absent(struct check *c)
{
    for (uint32_t i = 1; i < c->use_count; i++) {
        if (!c->uses[i].absent)
            continue;
        lang_write(&c->line, c->app->lang, MSG_RULES_ABSENT_FIELD, SLICE_ARG(c->uses[i].name),
                   c->uses[i].rules);
        write_line(c);
    }
}

static void write_counts(struct check *c)
{
    const struct ruleset_counts *n = &c->loaded.counts;
    const struct {
        msg_id what;
        uint32_t count;
    } rows[] = {
        {MSG_SCAN_RULES_LOADED, n->rules},
        {MSG_RULES_REFUSED, n->refused},
        {MSG_SCAN_RULES_UNREACHED, n->unreached},
        {MSG_RULES_FILTERS, n->filters},
        {MSG_SCAN_CORRELATIONS, n->correlations},
        {MSG_SCAN_BELOW_LEVEL, n->below_level},
        {MSG_SCAN_BY_STATUS, n->by_status},
        {MSG_SCAN_REPEATED, n->repeated},
        {MSG_RULES_FILES, c->loaded.generation->files},
        {MSG_RULES_OTHER_FILES, c->loaded.generation->others},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (rows[i].count == 0 && i > 0)
            continue;
        buf_puts(&c->line, i ? " · " : "");
        buf_printf(&c->line, "%s: ", lang_text(c->app->lang, rows[i].what));
        lang_write_number(&c->line, c->app->lang, rows[i].count);
    }
    write_line(c);
}

static void add_unmapped(void *ctx, const struct sigma_rule *rule)
{
    struct check *c = ctx;

    unmapped_add(&c->unmapped, rule);
}

static void write_unmapped(struct check *c)
{
    struct buf source = BUF_INIT(LINE_BYTES);

    for (uint32_t i = 0; i < c->unmapped.count; i++) {
        const struct unmapped *u = &c->unmapped.items[i];

        buf_clear(&source);
        view_write_logsource(&source, &u->source);
        lang_write(&c->line, c->app->lang, MSG_RULES_UNMAPPED, buf_cstr(&source), u->rules,
                   lang_text(c->app->lang, unmapped_why(&u->source)));
        write_line(c);
    }
    buf_done(&source);
}

static void print_text(struct check *c)
{
    uint32_t count;
    const struct rule_problem *problems = ruleset_problems(c->loaded.rs, &count);

    for (uint32_t i = 0; i < count; i++)
        write_problem(c, &problems[i]);
    problems = ruleset_warnings(c->loaded.rs, &count);
    for (uint32_t i = 0; i < count; i++)
        write_problem(c, &problems[i]);
    if (!c->options->quiet) {
        ruleset_unreached(c->loaded.rs, write_unreached, c);
        ruleset_unreached(c->loaded.rs, add_unmapped, c);
        write_unmapped(c);
        (void)each_suspect(c, write_suspect);
        write_absent(c);
        write_counts(c);
    }
}

/* What a check found, gathered for programs. */
struct findings {
    struct view_suspect *suspects;
    struct slice *absent;
    struct view_unmapped unmapped[UNMAPPED_MAX];
    size_t suspect_count, absent_count;
};

static void add_suspect(struct check *c, const struct use *use, const struct use *instead)
{
    struct findings *f = c->findings;

    f->suspects[f->suspect_count++] =
        (struct view_suspect){.rule = use->rule, .field = use->name, .instead = instead->name};
}

static void print_json(struct check *c)
{
    struct findings f = {.suspects = calloc(c->use_count, sizeof(*f.suspects)),
                         .absent = calloc(c->use_count, sizeof(*f.absent))};
    struct view_rule_check x = {.generation = c->loaded.generation,
                                .unmapped = f.unmapped,
                                .against = c->options->against.count > 0};

    c->findings = &f;
    ruleset_unreached(c->loaded.rs, add_unmapped, c);
    for (uint32_t i = 0; i < c->unmapped.count; i++) {
        const struct unmapped *u = &c->unmapped.items[i];

        f.unmapped[i] = (struct view_unmapped){&u->source, u->rules, unmapped_why(&u->source)};
    }
    if (f.suspects)
        (void)each_suspect(c, add_suspect);
    for (uint32_t i = 1; f.absent && i < c->use_count; i++) {
        if (c->uses[i].absent)
            f.absent[f.absent_count++] = c->uses[i].name;
    }
    x.unmapped_count = c->unmapped.count;
    x.suspects = f.suspects;
    x.suspect_count = f.suspect_count;
    x.absent = f.absent;
    x.absent_count = f.absent_count;
    view_json_rule_check(&c->app->out.buf, c->app->lang, &x);
    free(f.suspects);
    free(f.absent);
}

/* --against: which fields no event had. */
static int check_events(struct check *c)
{
    static const struct scan_options plain = {.quiet = true};
    struct scan_view v = {.app = c->app,
                          .options = &plain,
                          .loaded = c->loaded,
                          .out = &c->app->out};
    int status;

    if (c->options->against.count == 0)
        return 0;
    v.inputs = (struct paths){c->options->against.items, c->options->against.count};
    status = scan_view_run(&v);
    for (uint32_t i = 1; status == 0 && i < c->use_count; i++)
        c->uses[i].absent = c->uses[i].rules && !v.result.seen[i] && v.result.events > 0;
    if (status == 0 && v.result.operand_failed)
        status = EX_NOINPUT;
    scan_view_done(&v);
    return status;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct check c = {.app = app, .options = values, .line = BUF_INIT(LINE_BYTES)};
    struct load_options load = c.options->load;
    int status;

    load.rules = rules_operands(operands);
    status = load_ruleset(app, &load, &c.loaded);
    if (status != 0)
        return status;
    if (!collect_uses(&c)) {
        app_print(app, MSG_CLI_NO_MEMORY);
        status = EX_OSERR;
    } else {
        status = check_events(&c);
        if (c.options->json)
            print_json(&c);
        else
            print_text(&c);
    }
    if (status == 0)
        status = c.loaded.status;
    if (status == 0 && c.loaded.counts.refused > 0)
        status = EXIT_FOUND;
    free(c.uses);
    buf_done(&c.line);
    load_done(&c.loaded);
    return status;
}

const struct verb verb_rules_check = {
    .name = "check",
    .summary = MSG_RULES_CHECK_SUMMARY,
    .about = MSG_RULES_CHECK_ABOUT,
    .operands = "[FILE|DIR…]",
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct check_options, &defaults),
    .run = run,
};
