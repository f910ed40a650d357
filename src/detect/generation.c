/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/generation.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/time.h"
#include "data/data.h"
#include "detect/rule_cache.h"
#include "detect/rule_set.h"
#include "lang/err_detect.h"
#include "yaml/yaml.h"

enum {
    RULE_FILE_MAX = 8 * 1024 * 1024,
    ARENA_BYTES = 64 * 1024 * 1024, /* placeholders, the table of users */
};

static bool is_yaml_name(const char *name)
{
    struct slice s = slice_str(name);

    return slice_ends(s, SLICE(".yml")) || slice_ends(s, SLICE(".yaml"));
}

void generation_walk(struct walk *w)
{
    w->wants = is_yaml_name;
    w->skip_hidden = true;
}

bool rule_text_likely(struct slice text)
{
    static const char *const keys[] = {"title:", "detection:", "logsource:", "correlation:",
                                       "filter:"};
    struct slice line;

    while (slice_cut(&text, '\n', &line)) {
        if (slice_starts(line, SLICE("\xEF\xBB\xBF")))
            line = slice_from(line, 3);
        for (size_t i = 0; i < CANH_LEN(keys); i++) {
            if (slice_starts(line, slice_str(keys[i])))
                return true;
        }
    }
    return false;
}

struct loader {
    const struct generation_options *options;
    struct generation *to;
    struct rule_cache *cache; /* or NULL */
    struct rule_set set;
    struct buf text;
    /* Adds one file's text; -CE_NOMEM ends everything. */
    int (*add)(struct loader *l, const char *path, bool operand);
};

/* Something is left out. */
static void add_problem(struct loader *l, const char *path, const struct err *err)
{
    l->to->problems++;
    if (l->options->problem)
        l->options->problem(l->options->ctx, path, err);
}

static int add_rules(struct loader *l, const char *path, bool operand)
{
    struct slice text = buf_slice(&l->text);

    if (!operand && !rule_text_likely(text)) {
        l->to->others++;
        return 0;
    }
    l->to->files++;
    return ruleset_add_rules(l->to->rules, slice_str(path), text);
}

static int add_mapping(struct loader *l, const char *path, bool operand)
{
    struct err err = ERR_INIT;
    int r = ruleset_add_mapping(l->to->rules, path, buf_slice(&l->text), &err);

    (void)operand;
    if (r < 0 && r != -CE_NOMEM) {
        add_problem(l, path, &err);
        r = 0;
    }
    return r;
}

static int add_file(struct loader *l, struct walk_item *item)
{
    struct err err = ERR_INIT;
    int r;

    buf_clear(&l->text);
    r = file_read_fd(item->fd, item->path, &l->text, &err);
    fd_closep(&item->fd);
    if (r < 0) {
        add_problem(l, NULL, &err);
        return r == -CE_NOMEM ? r : 0;
    }
    return l->add(l, item->path, item->operand);
}

static int add_all(struct loader *l, struct paths paths,
                   int (*add)(struct loader *l, const char *path, bool operand))
{
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    int r = walk_init(&w, paths);

    l->add = add;
    generation_walk(&w);
    while (r == 0 && (kind = walk_next(&w, &item)) != WALK_END) {
        if (kind == WALK_ERROR)
            add_problem(l, NULL, &item.err);
        else
            r = add_file(l, &item);
    }
    walk_done(&w);
    return r;
}

static int add_imported(struct loader *l)
{
    const char *path = l->options->imported;

    return path && access(path, F_OK) == 0 ? add_all(l, (struct paths){&path, 1}, add_rules) : 0;
}

/* One `name: value` or `name: [values]`. */
static int read_placeholder(struct arena *arena, const struct yaml_node *name,
                            const struct yaml_node *values, struct placeholder *ret,
                            struct err *err)
{
    uint32_t count = values->kind == YAML_SEQ ? values->count : 1;
    struct slice *texts = arena_new_array(arena, count, struct slice);

    if (texts == NULL)
        return err_code(err, CE_TOO_BIG);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *v = values->kind == YAML_SEQ ? values->kids[i] : values;

        if (v->kind != YAML_SCALAR)
            return err_fail_at(err, CE_SYNTAX, v->line, v->col,
                               ERR_DETECT_PLACEHOLDERS_VALUE_NOT_TEXT);
        texts[i] = v->text;
    }
    *ret = (struct placeholder){.name = name->text, .values = texts, .count = count};
    return 0;
}

static int parse_placeholders(struct arena *arena, struct slice text, struct rule_options *ret,
                              struct err *err)
{
    struct yaml_docs docs = {0};
    const struct yaml_node *map;
    struct placeholder *list;
    int r = yaml_parse(arena, text, &yaml_default_limits, &docs, err);

    if (r < 0)
        return r;
    map = docs.count == 1 ? docs.roots[0] : NULL;
    if (map == NULL || map->kind != YAML_MAP)
        return err_fail_at(err, CE_SYNTAX, 1, 1, ERR_DETECT_NOT_LIST_FORM_NAME_VALUE);
    list = arena_new_array(arena, map->count, struct placeholder);
    if (list == NULL)
        return err_code(err, CE_TOO_BIG);
    for (uint32_t i = 0; i < map->count && r == 0; i++)
        r = read_placeholder(arena, map->kids[2 * i], map->kids[2 * i + 1], &list[i], err);
    ret->placeholders = list;
    ret->placeholder_count = map->count;
    return r;
}

static int load_placeholders(struct loader *l, struct rule_options *ret, struct err *err)
{
    const char *path = l->options->placeholders;
    int r;

    if (path == NULL)
        return 0;
    buf_clear(&l->text);
    r = file_read(path, &l->text, err);
    return r < 0 ? r : parse_placeholders(&l->to->arena, buf_slice(&l->text), ret, err);
}

/* The files that came with the program; their paths say so. */
static int add_built_in(struct loader *l, const char *name,
                        int (*add)(struct loader *l, const char *path, bool operand))
{
    const struct data_folder *folder = data_folder(name);
    struct buf path = BUF_INIT(4096);
    int r = 0;

    for (size_t i = 0; folder && r == 0 && i < folder->count; i++) {
        if (!is_yaml_name(folder->files[i].name))
            continue;
        buf_clear(&path);
        buf_printf(&path, "canh:%s/%s", name, folder->files[i].name);
        buf_clear(&l->text);
        buf_append_slice(&l->text, data_bytes(&folder->files[i]));
        r = l->text.err ? l->text.err : add(l, buf_cstr(&path), true);
    }
    buf_done(&path);
    return r;
}

static int add_text(struct loader *l, struct slice text)
{
    buf_clear(&l->text);
    buf_append_slice(&l->text, text);
    return l->text.err ? l->text.err : add_rules(l, "-", true);
}

static int add_everything(struct loader *l)
{
    const struct generation_options *o = l->options;
    int r = o->mappings.count ? add_all(l, o->mappings, add_mapping)
                              : add_built_in(l, "mappings", add_mapping);

    if (r == 0 && o->text.n)
        return add_text(l, o->text);
    if (r == 0 && o->no_rules)
        return 0;
    if (r == 0)
        r = add_all(l, o->rules, add_rules);
    if (r == 0 && o->rules.count == 0)
        r = add_built_in(l, "rules", add_rules);
    if (r == 0 && o->rules.count == 0)
        r = add_imported(l);
    return r;
}

/* From the cache, or else by reading. */
static int find_everything(struct loader *l)
{
    if (!rule_set_use(&l->set, l->to->rules))
        return add_everything(l);
    l->to->files = l->set.files;
    l->to->others = l->set.others;
    l->set.folder = NULL; /* it need not be kept again */
    return 0;
}

/* Before the rules are compiled: decoders give no name to what nobody asks for. */
static void collect_addresses(struct generation *g)
{
    static const char *const names[GENERATION_ADDRESSES] = {"source.ip", "IpAddress", "SourceIp"};

    for (size_t i = 0; i < GENERATION_ADDRESSES; i++)
        g->addresses[i] = ruleset_intern(g->rules, slice_str(names[i]));
}

/* Asks events for their fields, before the rules are compiled. */
static int read_suppressions(struct generation *g, const struct suppressions *from)
{
    struct suppression *to = arena_new_array(&g->arena, from->count + 1, struct suppression);

    if (to == NULL)
        return -CE_NOMEM;
    if (from->count)
        memcpy(to, from->items, from->count * sizeof(*to));
    g->suppressions = (struct suppressions){.items = to, .count = from->count};
    return suppressions_intern(&g->suppressions, g->rules);
}

static int load_all(struct loader *l, struct err *err)
{
    struct generation *g = l->to;
    struct ruleset_options options = {.min_level = l->options->min_level,
                                      .min_status = l->options->min_status,
                                      .rule.sigma_2_2 = l->options->sigma_2_2,
                                      .rule.keeper = rule_cache_keeper(l->cache),
                                      .jit = !l->options->no_jit};
    int r = load_placeholders(l, &options.rule, err);

    if (r < 0)
        return r;
    g->rules = ruleset_new(&options);
    r = g->rules ? actor_load(&g->actors, &g->arena, g->rules, err) : -CE_NOMEM;
    if (r == 0) {
        collect_addresses(g);
        r = find_everything(l);
    }
    if (r == 0 && l->options->suppressions)
        r = read_suppressions(g, l->options->suppressions);
    if (r == 0 && l->options->intern)
        r = l->options->intern(l->options->intern_ctx, g->rules, err);
    if (r == 0)
        r = ruleset_compile(g->rules, err);
    if (r < 0 && err->code == 0)
        (void)err_code(err, r);
    return r;
}

/* The cache is only for what is read here: it ends before the rules are used. */
static int detect_generation_load(struct loader *l, struct err *err)
{
    int r;

    rule_set_open(&l->set, l->options, time_now());
    if (l->options->cache && l->set.packed.p == NULL)
        l->cache = rule_cache_open(l->options->cache);
    r = load_all(l, err);
    l->cache = rule_cache_close(l->cache);
    if (r == 0)
        rule_set_keep(&l->set, l->to);
    rule_set_done(&l->set);
    return r;
}

int generation_load(const struct generation_options *options, struct generation **ret,
                    struct err *err)
{
    struct loader l = {.options = options,
                       .to = calloc(1, sizeof(*l.to)),
                       .text = BUF_INIT(RULE_FILE_MAX)};
    int r;

    if (l.to == NULL)
        return err_nomem(err);
    l.to->references = 1;
    l.to->arena = ARENA_INIT(ARENA_BYTES);
    r = detect_generation_load(&l, err);
    buf_done(&l.text);
    if (r < 0) {
        (void)generation_unref(l.to);
        return r;
    }
    ruleset_count_all(l.to->rules, &l.to->counts);
    *ret = l.to;
    return 0;
}

struct generation *generation_ref(struct generation *g)
{
    unsigned before = atomic_fetch_add(&g->references, 1);

    canh_assert(before > 0 && before < UINT_MAX); /* nobody takes up what was freed */
    return g;
}

struct generation *generation_unref(struct generation *g)
{
    unsigned before = g != NULL ? atomic_fetch_sub(&g->references, 1) : 0;

    canh_assert(g == NULL || before > 0);
    if (before == 1) {
        g->rules = ruleset_free(g->rules);
        arena_done(&g->arena);
        free(g);
    }
    return NULL;
}

int64_t generation_newest_day(const struct ruleset *rs)
{
    int64_t newest = INT64_MIN;

    for (uint32_t i = 0; i < ruleset_count(rs); i++) {
        const struct sigma_rule *rule = ruleset_rule(rs, i);
        struct slice s = slice_head(rule->modified.n ? rule->modified : rule->date, 10);
        uint8_t text[10];
        int64_t t;

        if (s.n != sizeof(text) || slice_starts(rule->path, SLICE("canh:")))
            continue;
        memcpy(text, s.p, sizeof(text));
        for (size_t k = 0; k < sizeof(text); k++)
            text[k] = text[k] == '/' ? '-' : text[k];
        if (time_parse(slice_of(text, sizeof(text)), 0, &t, NULL) == 0)
            newest = CANH_MAX(newest, t / TIME_DAY);
    }
    return newest;
}
