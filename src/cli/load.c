/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/load.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/walk.h"
#include "data/data.h"
#include "lang/msg_cli.h"
#include "yaml/yaml.h"

enum {
    RULE_FILE_MAX = 8 * 1024 * 1024,
    PLACEHOLDERS_MAX = 64 * 1024 * 1024,
};

const char *const load_levels[] = {"informational", "low", "medium", "high", "critical", NULL};
const char *const load_statuses[] = {"stable", "test", "experimental", "deprecated", "all", NULL};
static const uint8_t status_of[] = {STATUS_STABLE, STATUS_TEST, STATUS_EXPERIMENTAL,
                                    STATUS_DEPRECATED, STATUS_NONE};

static bool is_yaml_name(const char *name)
{
    struct slice s = slice_str(name);

    return slice_ends(s, SLICE(".yml")) || slice_ends(s, SLICE(".yaml"));
}

bool load_looks_like_rule(struct slice text)
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
    struct app *app;
    struct loaded *to;
    struct buf text;
    /* Adds one file's text; -CE_NOMEM ends everything. */
    int (*add)(struct loader *l, const char *path, bool operand);
};

static int add_rules(struct loader *l, const char *path, bool operand)
{
    struct slice text = buf_slice(&l->text);

    if (!operand && !load_looks_like_rule(text)) {
        l->to->others++;
        return 0;
    }
    l->to->files++;
    return ruleset_add_rules(l->to->rs, slice_str(path), text);
}

static int add_mapping(struct loader *l, const char *path, bool operand)
{
    struct err err = ERR_INIT;
    int r = ruleset_add_mapping(l->to->rs, path, buf_slice(&l->text), &err);

    (void)operand;
    if (r < 0 && r != -CE_NOMEM) {
        l->to->status = app_fail(l->app, path, &err);
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
        l->to->status = app_fail(l->app, NULL, &err);
        return r == -CE_NOMEM ? r : 0;
    }
    return l->add(l, item->path, item->operand);
}

static int add_all(struct loader *l, struct operands paths)
{
    struct walk_item item;
    struct walk w;
    enum walk_kind kind;
    int r = walk_init(&w, paths);

    w.wants = is_yaml_name;
    w.skip_hidden = true;
    while (r == 0 && (kind = walk_next(&w, &item)) != WALK_END) {
        if (kind == WALK_ERROR)
            l->to->status = app_fail(l->app, NULL, &item.err);
        else
            r = add_file(l, &item);
    }
    walk_done(&w);
    return r;
}

static int add_list(struct loader *l, const struct option_list *list,
                    int (*add)(struct loader *l, const char *path, bool operand))
{
    l->add = add;
    return add_all(l, (struct operands){list->items, list->count});
}

bool load_import_folder(struct buf *out)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

    if (data && data[0] == '/')
        buf_printf(out, "%s/canh/rules", data);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.local/share/canh/rules", home);
    else
        return false;
    return out->err == 0;
}

static int add_imported(struct loader *l)
{
    struct buf folder = BUF_INIT(64 * 1024);
    int r = 0;

    if (load_import_folder(&folder) && access(buf_cstr(&folder), F_OK) == 0) {
        const char *path = buf_cstr(&folder);

        l->add = add_rules;
        r = add_all(l, (struct operands){&path, 1});
    }
    buf_done(&folder);
    return r;
}

/* One `name: value` or `name: [values]`. */
static int read_placeholder(struct arena *arena, const struct yaml_node *name,
                            const struct yaml_node *values, struct placeholder *ret,
                            struct err *err)
{
    uint32_t count = values->kind == YAML_SEQ ? values->count : 1;
    struct slice *texts = arena_new_array(arena, count, struct slice);

    if (texts == NULL)
        return err_set(err, CE_TOO_BIG, "%s", ce_to_str(CE_TOO_BIG));
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *v = values->kind == YAML_SEQ ? values->kids[i] : values;

        if (v->kind != YAML_SCALAR)
            return err_at(err, CE_SYNTAX, v->line, v->col, "a placeholder's value is not a text");
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
        return err_at(err, CE_SYNTAX, 1, 1, "not a list of the form `name: [value, …]`");
    list = arena_new_array(arena, map->count, struct placeholder);
    if (list == NULL)
        return err_set(err, CE_TOO_BIG, "%s", ce_to_str(CE_TOO_BIG));
    for (uint32_t i = 0; i < map->count && r == 0; i++)
        r = read_placeholder(arena, map->kids[2 * i], map->kids[2 * i + 1], &list[i], err);
    *ret = (struct rule_options){.placeholders = list, .placeholder_count = map->count};
    return r;
}

/* Returns an exit status. */
static int load_placeholders(struct loader *l, const char *path, struct rule_options *ret)
{
    struct err err = ERR_INIT;

    if (path == NULL)
        return 0;
    buf_clear(&l->text);
    if (file_read(path, &l->text, &err) < 0)
        return app_fail(l->app, NULL, &err);
    if (parse_placeholders(&l->to->arena, buf_slice(&l->text), ret, &err) < 0)
        return app_fail(l->app, path, &err);
    return 0;
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
        buf_put_slice(&l->text, data_bytes(&folder->files[i]));
        r = l->text.err ? l->text.err : add(l, buf_cstr(&path), true);
    }
    buf_done(&path);
    return r;
}

static int add_everything(struct loader *l, const struct load_options *o)
{
    int r = o->mappings.count ? add_list(l, &o->mappings, add_mapping)
                              : add_built_in(l, "mappings", add_mapping);

    if (r == 0)
        r = add_list(l, &o->rules, add_rules);
    if (r == 0 && o->rules.count == 0)
        r = add_built_in(l, "rules", add_rules);
    if (r == 0 && o->rules.count == 0)
        r = add_imported(l);
    return r;
}

static int compile(struct loader *l, const struct load_options *o)
{
    struct err err = ERR_INIT;
    int r = add_everything(l, o);

    if (r == 0)
        r = ruleset_compile(l->to->rs, &err);
    if (r < 0 && err.code == 0)
        (void)err_set(&err, (enum ce) - r, "%s", ce_to_str(r));
    return r < 0 ? app_fail(l->app, NULL, &err) : 0;
}

int load_ruleset(struct app *app, const struct load_options *o, struct loaded *ret)
{
    struct loader l = {.app = app, .to = ret, .text = BUF_INIT(RULE_FILE_MAX)};
    struct ruleset_options options = {.min_level = (enum rule_level)o->level,
                                      .min_status = (enum rule_status)status_of[o->status],
                                      .jit = true};
    int status;

    *ret = (struct loaded){.arena = ARENA_INIT(PLACEHOLDERS_MAX)};
    status = load_placeholders(&l, o->placeholders, &options.rule);
    if (status == 0) {
        ret->rs = ruleset_new(&options);
        if (ret->rs == NULL) {
            app_say(app, MSG_CLI_NO_MEMORY);
            status = EX_OSERR;
        }
    }
    if (status == 0)
        status = compile(&l, o);
    if (status == 0)
        ruleset_count_all(ret->rs, &ret->counts);
    else
        load_done(ret);
    buf_done(&l.text);
    return status;
}

void load_done(struct loaded *l)
{
    l->rs = ruleset_free(l->rs);
    arena_done(&l->arena);
}
