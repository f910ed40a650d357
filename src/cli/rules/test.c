/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh rules test: a rule repository's own regression data, in SigmaHQ's layout: an info.yml beside
 * the logs names the rule and how often it must match.
 *
 *     rule_metadata: [{id: …, title: …}]
 *     regression_tests_info: [{name: …, type: evtx, match_count: 1, path: regression_data/…}]
 *
 * match_count is a lower bound, 1 where it is absent, as SigmaHQ's own runner reads it; 0 means
 * that the rule must not match. A log beside an .evtx that has its name and ends in .json is a test
 * too.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/width.h"
#include "cli/listing.h"
#include "cli/rules/rules.h"
#include "cli/scan/scan.h"
#include "detect/walk.h"
#include "lang/msg_cli.h"
#include "lang/msg_rules.h"
#include "view/rules.h"
#include "yaml/yaml.h"

enum {
    INFO_MAX = 1024 * 1024,
    CASES_MAX = 200000,
    ARENA_BYTES = 512 * 1024 * 1024,
    PATH_BYTES = 64 * 1024,
};

struct test_options {
    struct load_options load;
    bool json, quiet;
};

static const struct test_options defaults = {.load = {.status = LOAD_STATUS_ALL}};

static const struct option_spec options[] = {
    LOAD_OPTIONS(struct test_options, load),
    OPTION_FLAG("json", 'j', struct test_options, json, MSG_RULES_OPT_TEST_JSON),
    OPTION_FLAG("quiet", 'q', struct test_options, quiet, MSG_RULES_OPT_TEST_QUIET),
};

struct test_case {
    struct slice rule_id, title;
    const char *path; /* of the log */
    uint64_t want;    /* at least; 0: none */
    uint64_t got;
    uint32_t next; /* another case with the same log, + 1 */
    uint32_t rule; /* index in the ruleset, or UINT32_MAX: not loaded */
};

struct test_run {
    struct app *app;
    const struct test_options *options;
    struct loaded loaded;
    struct arena arena;
    struct test_case *cases;
    uint32_t count, cap;
    struct map by_path; /* first case of a log */
    struct map by_id;   /* rule id → index */
    const char **logs;
    uint32_t log_count;
    bool told;  /* what cannot be read was told while the rules were loaded */
    int status; /* of what could not be read */
};

static bool is_info(const char *name)
{
    return strcmp(name, "info.yml") == 0;
}

static struct test_case *add_case(struct test_run *t)
{
    if (!array_room(t->cases, t->count, t->cap, CASES_MAX))
        return NULL;
    t->cases[t->count] = (struct test_case){.rule = UINT32_MAX};
    return &t->cases[t->count++];
}

/* Adds one case on one log. */
static int write_case(struct test_run *t, struct slice id, struct slice title, struct slice path,
                      uint64_t want)
{
    struct test_case *c = add_case(t);
    struct slice copy = arena_dup(&t->arena, path);
    uint32_t first;

    if (c == NULL || copy.p == NULL)
        return -CE_NOMEM;
    *c = (struct test_case){.rule_id = arena_dup(&t->arena, id),
                            .title = arena_dup(&t->arena, title),
                            .path = (const char *)copy.p,
                            .want = want,
                            .rule = UINT32_MAX};
    if (map_get(&t->by_path, copy, &first)) {
        c->next = t->cases[first].next;
        t->cases[first].next = t->count;
        return 0;
    }
    return map_put(&t->by_path, copy, t->count - 1);
}

/*
 * Where the log of a test is: the path is relative to the repository, which may be any folder
 * above the info.yml; else the file of that name beside the info.yml.
 */
static bool find_log(const char *info, struct slice path, struct buf *ret)
{
    struct slice folder = slice_str(info), name = path;
    size_t at;

    for (at = folder.n; at > 0 && folder.p[at - 1] != '/'; at--)
        continue;
    folder = slice_head(folder, at);
    while ((at = slice_find_byte(name, '/')) != SIZE_MAX)
        name = slice_from(name, at + 1);
    for (;;) {
        buf_clear(ret);
        buf_append_slice(ret, folder);
        buf_append_slice(ret, path);
        if (access(buf_cstr(ret), R_OK) == 0)
            return true;
        if (folder.n == 0)
            break;
        for (at = folder.n - 1; at > 0 && folder.p[at - 1] != '/'; at--)
            continue;
        folder = slice_head(folder, at);
    }
    folder = slice_str(info);
    buf_clear(ret);
    buf_append_slice(ret, slice_head(folder, folder.n - strlen("info.yml")));
    buf_append_slice(ret, name);
    return access(buf_cstr(ret), R_OK) == 0;
}

/* The same log as JSON beside an .evtx, in `path`; false when there is none. */
static bool json_beside(struct buf *path)
{
    if (!slice_ends(buf_slice(path), SLICE(".evtx")))
        return false;
    path->len -= strlen(".evtx");
    buf_puts(path, ".json");
    return access(buf_cstr(path), R_OK) == 0;
}

static int read_test(struct test_run *t, const char *info, const struct yaml_node *rule,
                     const struct yaml_node *test)
{
    struct slice path = yaml_get_text(test, "path"), id = yaml_get_text(rule, "id");
    struct buf log = BUF_INIT(PATH_BYTES);
    int64_t want = 1;
    int r = 0;

    if (id.n == 0 || path.n == 0 || !find_log(info, path, &log)) {
        app_print(t->app, MSG_RULES_TEST_NO_LOG, info, SLICE_ARG(path));
        t->status = EX_NOINPUT;
    } else {
        if (!yaml_int(yaml_get(test, "match_count"), &want) || want < 0)
            want = 1;
        r = write_case(t, id, yaml_get_text(rule, "title"), buf_slice(&log), (uint64_t)want);
        if (r == 0 && json_beside(&log))
            r = write_case(t, id, yaml_get_text(rule, "title"), buf_slice(&log), (uint64_t)want);
    }
    buf_done(&log);
    return r;
}

static int read_info_tree(struct test_run *t, const char *info, const struct yaml_node *root)
{
    const struct yaml_node *rules = yaml_get(root, "rule_metadata");
    const struct yaml_node *tests = yaml_get(root, "regression_tests_info");
    int r = 0;

    for (uint32_t i = 0; r == 0 && rules && rules->kind == YAML_SEQ && i < rules->count; i++) {
        for (uint32_t k = 0; r == 0 && tests && tests->kind == YAML_SEQ && k < tests->count; k++)
            r = read_test(t, info, rules->kids[i], tests->kids[k]);
    }
    return r;
}

static int read_info(struct test_run *t, struct walk_item *item)
{
    struct arena arena = ARENA_INIT(64 * 1024 * 1024);
    struct buf text = BUF_INIT(INFO_MAX);
    struct err err = ERR_INIT;
    struct yaml_docs docs;
    int r = file_read_fd(item->fd, item->path, &text, &err);

    fd_closep(&item->fd);
    if (r < 0) {
        t->status = app_fail(t->app, NULL, &err);
    } else if (yaml_parse(&arena, buf_slice(&text), &yaml_default_limits, &docs, &err) < 0) {
        t->status = app_fail(t->app, item->path, &err);
    } else if (docs.count > 0) {
        r = read_info_tree(t, item->path, docs.roots[0]);
        buf_done(&text);
        arena_done(&arena);
        return r;
    }
    buf_done(&text);
    arena_done(&arena);
    return 0;
}

static int find_cases(struct test_run *t, const struct operands *operands)
{
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    int r = walk_init(&w, (struct paths){operands->items, operands->count});

    w.wants = is_info;
    w.skip_hidden = true;
    while (r == 0 && (kind = walk_next(&w, &item)) != WALK_END) {
        if (kind == WALK_ERROR)
            t->status = t->told ? app_status(&item.err) : app_fail(t->app, NULL, &item.err);
        else
            r = read_info(t, &item);
    }
    walk_done(&w);
    return r;
}

static int link_rules(struct test_run *t)
{
    uint32_t all = ruleset_count(t->loaded.rs) + ruleset_correlation_count(t->loaded.rs);
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < all; i++) {
        const struct sigma_rule *rule = ruleset_rule(t->loaded.rs, i);

        if (rule->id.n && !map_get(&t->by_id, rule->id, NULL))
            r = map_put(&t->by_id, rule->id, i);
    }
    for (uint32_t i = 0; i < t->count; i++)
        (void)map_get(&t->by_id, t->cases[i].rule_id, &t->cases[i].rule);
    t->logs = calloc((size_t)t->count + 1, sizeof(*t->logs));
    for (uint32_t i = 0; t->logs && i < t->count; i++) {
        uint32_t first;

        if (map_get(&t->by_path, slice_str(t->cases[i].path), &first) && first == i)
            t->logs[t->log_count++] = t->cases[i].path;
    }
    return t->logs ? r : -CE_NOMEM;
}

static void count_match(void *ctx, const struct scan_file *file, uint32_t rule)
{
    struct test_run *t = ctx;
    uint32_t at;

    if (!map_get(&t->by_path, slice_str(file->path), &at))
        return;
    for (at++; at != 0; at = t->cases[at - 1].next)
        t->cases[at - 1].got += t->cases[at - 1].rule == rule;
}

static bool test_passed(const struct test_case *c)
{
    return c->rule != UINT32_MAX && (c->want == 0 ? c->got == 0 : c->got >= c->want);
}

static void write_text(struct test_run *t, const struct test_case *c)
{
    struct buf line = BUF_INIT(1024 * 1024);
    struct buf *out = &t->app->out.buf;

    if (test_passed(c) && t->options->quiet)
        return;
    if (c->rule == UINT32_MAX)
        lang_write(&line, t->app->lang, MSG_RULES_TEST_NOT_LOADED, SLICE_ARG(c->rule_id));
    else if (c->want == 0)
        lang_write(&line, t->app->lang, MSG_RULES_TEST_NONE, c->got);
    else
        lang_write(&line, t->app->lang, MSG_RULES_TEST_SOME, c->got, c->want);
    buf_puts(out, test_passed(c) ? "ok    " : "FAIL  ");
    text_write_safe(out, buf_slice(&line));
    buf_puts(out, "  ");
    text_write_safe(out, c->title);
    buf_puts(out, "  ");
    text_write_safe(out, slice_str(c->path));
    buf_putc(out, '\n');
    buf_done(&line);
    (void)out_settle(&t->app->out);
}

static void write_json(struct test_run *t, struct table *row, const struct test_case *c)
{
    const struct view_rule_test x = {.passed = test_passed(c),
                                     .loaded = c->rule != UINT32_MAX,
                                     .rule_id = c->rule_id,
                                     .title = c->title,
                                     .path = slice_str(c->path),
                                     .want = c->want,
                                     .got = c->got};

    view_rule_test_write(row, &x);
    table_to_json_lines(row, &t->app->out.buf);
    table_clear(row);
    (void)out_settle(&t->app->out);
}

/* After the scan: prints, and the status. */
static int test_report(struct test_run *t)
{
    const struct view_ctx ctx = listing_face(t->app);
    struct table row;
    uint64_t good = 0;

    view_rule_tests(&ctx, &row);
    for (uint32_t i = 0; i < t->count; i++) {
        good += test_passed(&t->cases[i]);
        if (t->options->json)
            write_json(t, &row, &t->cases[i]);
        else
            write_text(t, &t->cases[i]);
    }
    table_done(&row);
    if (!t->options->json) {
        lang_write(&t->app->out.buf, t->app->lang, MSG_RULES_TEST_SUM, good, (uint64_t)t->count);
        buf_putc(&t->app->out.buf, '\n');
    }
    if (good < t->count)
        return EXIT_FOUND;
    return t->status;
}

static int run_cases(struct test_run *t)
{
    static const struct scan_options plain = {.quiet = true, .duplicates = true};
    struct scan_view v = {.app = t->app,
                          .options = &plain,
                          .loaded = t->loaded,
                          .out = &t->app->out,
                          .apart = true,
                          .on_match = count_match,
                          .ctx = t,
                          .inputs = {t->logs, t->log_count}};
    int status = scan_view_run(&v);

    if (status == 0)
        status = test_report(t);
    scan_view_done(&v);
    return status;
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    struct test_run t = {.app = app, .options = values, .arena = ARENA_INIT(ARENA_BYTES)};
    struct load_options load = t.options->load;
    int status, r;

    t.told = load.rules.count == 0;
    if (t.told)
        load.rules = rules_operands(operands);
    map_init(&t.by_path, CASES_MAX);
    map_init(&t.by_id, UINT32_MAX);
    status = load_ruleset(app, &load, &t.loaded);
    if (status != 0)
        return status;
    r = find_cases(&t, operands);
    if (r == 0)
        r = link_rules(&t);
    if (r < 0) {
        app_print(app, MSG_CLI_NO_MEMORY);
        status = EX_OSERR;
    } else if (t.count == 0) {
        app_print(app, MSG_RULES_TEST_NO_CASES);
        status = t.status ? t.status : EX_NOINPUT;
    } else {
        status = run_cases(&t);
    }
    map_done(&t.by_path);
    map_done(&t.by_id);
    free(t.cases);
    free(t.logs);
    arena_done(&t.arena);
    load_done(&t.loaded);
    return status;
}

const struct verb verb_rules_test = {
    .name = "test",
    .summary = MSG_RULES_TEST_SUMMARY,
    .about = MSG_RULES_TEST_ABOUT,
    .operands = "DIR…",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FOLDER,
    VERB_OPTIONS(options),
    VERB_DEFAULTS(struct test_options, &defaults),
    .run = run,
};
