/* SPDX-License-Identifier: Apache-2.0 */
#include "case/clock.h"

#include <stdlib.h>

#include "base/time.h"
#include "data/data.h"
#include "lang/err_case.h"
#include "yaml/fields.h"

enum { HOURS_MAX = 24 * 366, TEXT_MAX = 500 };

static int need_text(struct arena *arena, const struct yaml_node *map, const char *key,
                     struct slice *ret, struct err *err)
{
    struct yaml_node *node;
    int r = yaml_need(map, key, &node, err);

    if (r == 0)
        r = yaml_read_text(map, key, TEXT_MAX, ret, err);
    if (r == 0)
        *ret = arena_dup(arena, *ret);
    return r;
}

static int may_text(struct arena *arena, const struct yaml_node *map, const char *key,
                    struct slice *ret, struct err *err)
{
    int r = yaml_read_text(map, key, TEXT_MAX, ret, err);

    *ret = arena_dup(arena, *ret);
    return r;
}

static int read_rule(struct arena *arena, const struct yaml_node *map, struct clock_rule *c,
                     struct err *err)
{
    static const char *const keys[] = {"id",       "title", "from",      "hours",   "level",
                                       "form",     "to",    "source",    "checked", "confirm",
                                       "title-en", "to-en", "source-en", NULL};
    struct slice from = SLICE_NULL;
    int r = yaml_only_keys(map, keys, err);

    if (r == 0)
        r = need_text(arena, map, "id", &c->id, err);
    if (r == 0)
        r = need_text(arena, map, "title", &c->title, err);
    if (r == 0)
        r = may_text(arena, map, "title-en", &c->title_en, err);
    if (r == 0)
        r = may_text(arena, map, "to-en", &c->to_en, err);
    if (r == 0)
        r = may_text(arena, map, "source-en", &c->source_en, err);
    if (r == 0)
        r = need_text(arena, map, "form", &c->form, err);
    if (r == 0)
        r = need_text(arena, map, "to", &c->to, err);
    if (r == 0)
        r = need_text(arena, map, "source", &c->source, err);
    if (r == 0)
        r = need_text(arena, map, "checked", &c->checked, err);
    if (r == 0)
        r = need_text(arena, map, "from", &from, err);
    if (r == 0)
        r = yaml_read_int(map, "hours", 0, HOURS_MAX, &c->hours, err);
    if (r == 0)
        r = yaml_read_int(map, "level", 1, 5, &c->level, err);
    c->confirm = true; /* until somebody says otherwise */
    if (r == 0)
        r = yaml_read_bool(map, "confirm", &c->confirm, err);
    c->data = slice_is(from, "t0-data");
    if (r == 0 && !c->data && !slice_is(from, "t0"))
        r = yaml_fail(map, err, CE_UNKNOWN, ERR_CASE_CLOCK_FROM_T0_OR_T0_DATA);
    return r;
}

struct slice clock_title(const struct clock_rule *rule, bool english)
{
    return english && rule->title_en.n ? rule->title_en : rule->title;
}

struct slice clock_to(const struct clock_rule *rule, bool english)
{
    return english && rule->to_en.n ? rule->to_en : rule->to;
}

struct slice clock_source(const struct clock_rule *rule, bool english)
{
    return english && rule->source_en.n ? rule->source_en : rule->source;
}

int clock_rules_parse(struct arena *arena, struct slice yaml, struct clock_rules *ret,
                      struct err *err)
{
    struct arena scratch = ARENA_INIT(4u << 20);
    struct yaml_docs docs = {.count = 0};
    struct yaml_node *list = NULL;
    struct clock_rules all = {.count = 0};
    int r = yaml_parse(&scratch, yaml, &yaml_default_limits, &docs, err);

    if (r == 0 &&
        (docs.count != 1 || !slice_is(yaml_get_text(docs.roots[0], "clocks"), "incident")))
        r = err_fail_at(err, CE_SYNTAX, 1, 1, ERR_CASE_NOT_CLOCKS);
    if (r == 0)
        r = yaml_read_list(docs.roots[0], "items", CLOCKS_MAX, &list, &all.count, err);
    if (r == 0 && (all.items = arena_new_array(arena, all.count + 1, struct clock_rule)) == NULL)
        r = err_nomem(err);
    for (uint32_t i = 0; r == 0 && i < all.count; i++)
        r = read_rule(arena, yaml_item(list, i), &all.items[i], err);
    arena_done(&scratch);
    if (r == 0)
        *ret = all;
    return r;
}

int clock_rules_shipped(struct arena *arena, struct clock_rules *ret, struct err *err)
{
    const struct data_folder *folder = data_folder("plans");
    const struct data_file *f = folder ? data_find(folder, SLICE("clocks.yaml")) : NULL;

    return f ? clock_rules_parse(arena, data_bytes(f), ret, err)
             : err_fail(err, CE_NOT_FOUND, ERR_CASE_NOT_CLOCKS);
}

/* When the paper of a form was first sent. */
static int64_t sent_at(const struct state_case_line *lines, size_t n, struct slice form)
{
    int64_t at = 0;

    for (size_t i = 0; i < n; i++)
        if (lines[i].kind == STATE_LINE_REPORT && slice_eq(lines[i].what, form) &&
            (at == 0 || lines[i].at < at))
            at = lines[i].at;
    return at;
}

static int by_due(const void *a, const void *b)
{
    const struct case_clock *x = a, *y = b;

    return x->due < y->due ? -1 : x->due > y->due;
}

void case_clocks(const struct clock_rules *rules, const struct state_case *x,
                 const struct state_case_line *lines, size_t line_count, int64_t now,
                 struct case_clock ret[CLOCKS_MAX], size_t *ret_n)
{
    *ret_n = 0;
    for (uint32_t i = 0; i < rules->count && *ret_n < CLOCKS_MAX; i++) {
        const struct clock_rule *rule = &rules->items[i];
        struct case_clock c = {.rule = rule, .from = rule->data ? x->t0_data : x->t0};

        if (c.from == 0 || x->level < rule->level)
            continue;
        c.due = c.from + rule->hours * TIME_HOUR;
        c.met = sent_at(lines, line_count, rule->form);
        c.late = time_is_late(c.due, c.met, now);
        ret[(*ret_n)++] = c;
    }
    qsort(ret, *ret_n, sizeof(*ret), by_due);
}
