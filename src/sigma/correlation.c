/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/correlation.h"

#include "lang/err_sigma.h"
#include "lang/near.h"
#include "sigma/correlation_internal.h"

static const struct slice type_names[CORRELATION_TYPE_MAX] = {
    SLICE_INIT("event_count"),      SLICE_INIT("value_count"), SLICE_INIT("temporal"),
    SLICE_INIT("temporal_ordered"), SLICE_INIT("value_sum"),   SLICE_INIT("value_avg"),
    SLICE_INIT("value_percentile"), SLICE_INIT("value_median")};

const char *correlation_type_to_str(enum correlation_type type)
{
    return type < CORRELATION_TYPE_MAX ? (const char *)type_names[type].p : "?";
}

int correlation_note(struct correlation_reader *g, int r)
{
    if (r == 0 || r == -CE_NOMEM)
        return r;
    g->c->broken = true;
    return g->sink.add(g->sink.ctx);
}

static int read_text(struct build *b, const struct yaml_node *node, const char *key,
                     struct slice *ret)
{
    if (node->kind != YAML_SCALAR)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_TEXT_NOT_LIST_OR_MAP, key);
    if (yaml_is_null(node) || node->text.n == 0)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_CORRELATION_TEXT, key);
    *ret = arena_dup(b->arena, node->text);
    return ret->p ? 0 : build_no_memory(b);
}

int correlation_texts(struct build *b, const struct yaml_node *node, const char *key, uint32_t max,
                      struct slice **ret, uint32_t *ret_count)
{
    uint32_t count = node->kind == YAML_SEQ ? node->count : 1;
    struct slice *texts = arena_new_array(b->arena, count, struct slice);
    int r = 0;

    if (texts == NULL)
        return build_no_memory(b);
    if (node->kind == YAML_MAP || count == 0)
        return build_fail(b, node, CE_SYNTAX, ERR_SIGMA_CORRELATION_TEXT, key);
    if (count > max)
        return build_fail(b, node, CE_TOO_BIG, ERR_SIGMA_CORRELATION_TOO_MANY, key, max);
    for (uint32_t i = 0; i < count && r == 0; i++) {
        const struct yaml_node *item = node->kind == YAML_SEQ ? node->kids[i] : node;

        r = read_text(b, item, key, &texts[i]);
        for (uint32_t j = 0; j < i && r == 0; j++) {
            if (slice_eq(texts[i], texts[j]))
                r = build_fail(b, item, CE_EXISTS, ERR_SIGMA_CORRELATION_TWICE,
                               slice_brief(texts[i]), key);
        }
    }
    *ret = texts;
    *ret_count = r == 0 ? count : 0;
    return r;
}

int correlation_unknown_key(struct build *b, const struct yaml_node *key, const struct slice *known,
                            size_t count)
{
    size_t near =
        key->kind == YAML_SCALAR ? near_find(key->text, known, count, sizeof(*known)) : SIZE_MAX;

    if (near == SIZE_MAX)
        return build_fail(b, key, CE_UNKNOWN, ERR_SIGMA_CORRELATION_KEY, slice_brief(key->text));
    return build_fail(b, key, CE_UNKNOWN, ERR_SIGMA_CORRELATION_KEY_NEAR, slice_brief(key->text),
                      known[near]);
}

int correlation_draft(struct build *b, const struct yaml_node *node, const char *what)
{
    if (b->options != NULL && b->options->sigma_2_2)
        return 0;
    return build_fail(b, node, CE_CONFLICT, ERR_SIGMA_CORRELATION_DRAFT, what);
}

static int read_type(struct correlation_reader *g, const struct yaml_node *node)
{
    struct slice text;
    int r = read_text(g->b, node, "type", &text);
    size_t near;

    if (r < 0)
        return r;
    for (unsigned i = 0; i < CORRELATION_TYPE_MAX; i++) {
        if (slice_eq(text, type_names[i])) {
            g->c->type = i;
            g->typed = true;
            return i == CORRELATION_VALUE_MEDIAN ? correlation_draft(g->b, node, "value_median")
                                                 : 0;
        }
    }
    near = near_find(text, type_names, CORRELATION_TYPE_MAX, sizeof(*type_names));
    if (near == SIZE_MAX)
        return build_fail(g->b, node, CE_UNKNOWN, ERR_SIGMA_CORRELATION_TYPE, slice_brief(text));
    return build_fail(g->b, node, CE_UNKNOWN, ERR_SIGMA_CORRELATION_TYPE_NEAR, slice_brief(text),
                      type_names[near]);
}

static int read_rules(struct correlation_reader *g, const struct yaml_node *node)
{
    struct slice *names = NULL;
    uint32_t count = 0;
    int r = correlation_texts(g->b, node, "rules", CORRELATION_RULES_MAX, &names, &count);

    if (r < 0)
        return r;
    g->c->refs = arena_new_array(g->b->arena, count, struct correlation_ref);
    if (g->c->refs == NULL)
        return build_no_memory(g->b);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = node->kind == YAML_SEQ ? node->kids[i] : node;

        g->c->refs[i] =
            (struct correlation_ref){.name = names[i], .line = item->line, .col = item->col};
    }
    g->c->ref_count = count;
    return 0;
}

static int read_group_by(struct correlation_reader *g, const struct yaml_node *node)
{
    return correlation_texts(g->b, node, "group-by", CORRELATION_FIELDS_MAX, &g->c->group_by,
                             &g->c->group_count);
}

/* One alias: {rule: field, …}. */
static int read_alias(struct build *b, const struct yaml_node *key, const struct yaml_node *map,
                      struct correlation_alias *ret)
{
    int r = read_text(b, key, "aliases", &ret->name);

    ret->line = key->line;
    ret->col = key->col;
    if (r < 0)
        return r;
    if (map->kind != YAML_MAP || map->count == 0)
        return build_fail(b, map, CE_SYNTAX, ERR_SIGMA_CORRELATION_ALIASES);
    if (map->count > CORRELATION_RULES_MAX)
        return build_fail(b, map, CE_TOO_BIG, ERR_SIGMA_CORRELATION_TOO_MANY, "aliases",
                          CORRELATION_RULES_MAX);
    ret->refs = arena_new_array(b->arena, map->count, struct slice);
    ret->fields = arena_new_array(b->arena, map->count, struct slice);
    if (ret->refs == NULL || ret->fields == NULL)
        return build_no_memory(b);
    for (uint32_t i = 0; i < map->count && r == 0; i++) {
        r = read_text(b, map->kids[2 * i], "aliases", &ret->refs[i]);
        if (r == 0)
            r = read_text(b, map->kids[2 * i + 1], "aliases", &ret->fields[i]);
    }
    ret->count = map->count;
    return r;
}

static int read_aliases(struct correlation_reader *g, const struct yaml_node *node)
{
    int r = 0;

    if (node->kind != YAML_MAP)
        return build_fail(g->b, node, CE_SYNTAX, ERR_SIGMA_CORRELATION_ALIASES);
    if (node->count > CORRELATION_FIELDS_MAX)
        return build_fail(g->b, node, CE_TOO_BIG, ERR_SIGMA_CORRELATION_TOO_MANY, "aliases",
                          CORRELATION_FIELDS_MAX);
    g->c->aliases = arena_new_array(g->b->arena, node->count, struct correlation_alias);
    if (g->c->aliases == NULL)
        return build_no_memory(g->b);
    for (uint32_t i = 0; i < node->count && r == 0; i++)
        r = read_alias(g->b, node->kids[2 * i], node->kids[2 * i + 1], &g->c->aliases[i]);
    g->c->alias_count = r == 0 ? node->count : 0;
    return r;
}

/* Months and years are pySigma's: 30.436875 and 365.2425 days. */
static int64_t unit_seconds(uint8_t unit)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1},      {'m', 60},      {'h', 3600},    {'d', 86400},
                 {'w', 604800}, {'M', 2629746}, {'y', 31556952}};

    for (size_t i = 0; i < CANH_LEN(units); i++) {
        if (units[i].unit == (char)unit)
            return units[i].seconds;
    }
    return 0;
}

static int read_timespan(struct correlation_reader *g, const struct yaml_node *node)
{
    struct slice text;
    int64_t n = 0, unit;
    int r = read_text(g->b, node, "timespan", &text);

    if (r < 0)
        return r;
    unit = unit_seconds(text.p[text.n - 1]);
    for (size_t i = 0; i + 1 < text.n && n <= CORRELATION_SECONDS_MAX; i++)
        n = text.p[i] >= '0' && text.p[i] <= '9' ? n * 10 + (text.p[i] - '0') : INT32_MAX;
    if (n == 0 || unit == 0 || n > CORRELATION_SECONDS_MAX / unit)
        return build_fail(g->b, node, CE_SYNTAX, ERR_SIGMA_CORRELATION_TIMESPAN, slice_brief(text),
                          CORRELATION_SECONDS_MAX / 86400);
    g->c->seconds = n * unit;
    return 0;
}

static int read_generate(struct correlation_reader *g, const struct yaml_node *node)
{
    if (!yaml_bool(node, &g->c->generate))
        return build_fail(g->b, node, CE_SYNTAX, ERR_SIGMA_CORRELATION_GENERATE);
    return 0;
}

/* The keys of the section; the condition is read behind them, by what they say. */
static const struct section_key {
    struct slice key;
    int (*take)(struct correlation_reader *g, const struct yaml_node *node);
    bool needed;
} section_keys[] = {
    {SLICE_INIT("type"), read_type, true},          {SLICE_INIT("rules"), read_rules, false},
    {SLICE_INIT("group-by"), read_group_by, false}, {SLICE_INIT("timespan"), read_timespan, true},
    {SLICE_INIT("aliases"), read_aliases, false},   {SLICE_INIT("generate"), read_generate, false},
    {SLICE_INIT("condition"), NULL, false},
};

static int check_keys(struct correlation_reader *g, const struct yaml_node *section)
{
    struct slice known[CANH_LEN(section_keys)];
    int r = 0;

    for (size_t k = 0; k < CANH_LEN(known); k++)
        known[k] = section_keys[k].key;
    for (uint32_t i = 0; i < section->count && r == 0; i++) {
        const struct yaml_node *key = section->kids[2 * i];
        bool found = false;

        for (size_t k = 0; k < CANH_LEN(known) && !found; k++)
            found = key->kind == YAML_SCALAR && slice_eq(key->text, known[k]);
        if (!found)
            r = correlation_note(g, correlation_unknown_key(g->b, key, known, CANH_LEN(known)));
    }
    return r;
}

static int read_section(struct correlation_reader *g, const struct yaml_node *section)
{
    int r = check_keys(g, section);

    for (size_t k = 0; k < CANH_LEN(section_keys) && r == 0; k++) {
        const struct section_key *key = &section_keys[k];
        const struct yaml_node *node = yaml_get(section, (const char *)key->key.p);

        if (yaml_is_null(node) && key->needed)
            r = correlation_note(g, build_fail(g->b, section, CE_MISSING, ERR_SIGMA_MISSING,
                                               key->key));
        else if (!yaml_is_null(node) && key->take != NULL)
            r = correlation_note(g, key->take(g, node));
    }
    return r < 0 ? r : correlation_read_condition(g, section, yaml_get(section, "condition"));
}

int correlation_read(struct build *b, const struct yaml_node *doc, struct correlation_sink sink,
                     struct sigma_correlation *ret)
{
    const struct yaml_node *section = yaml_get(doc, "correlation");
    const struct yaml_node *generate = yaml_get(doc, "generate");
    struct correlation_reader g = {.b = b, .sink = sink, .c = ret};
    int r = correlation_note(&g, reader_metadata(b, doc, &ret->rule));

    ret->col = doc->col;
    /* The specification's schema has it beside the section, its text and pySigma inside. */
    if (r == 0 && generate != NULL)
        r = correlation_note(&g, read_generate(&g, generate));
    if (r < 0)
        return r;
    if (section->kind != YAML_MAP)
        return correlation_note(&g, build_fail(b, section, CE_SYNTAX, ERR_SIGMA_CORRELATION_MAP));
    return read_section(&g, section);
}

bool correlation_holds(const struct sigma_correlation *c, double value)
{
    bool holds = true;

    if (c->bound_count == 0)
        return value >= c->ref_count;
    for (uint32_t i = 0; i < c->bound_count; i++) {
        double limit = c->bounds[i].value;
        const bool by_op[CORRELATION_OP_MAX] = {
            [CORRELATION_GT] = value > limit,  [CORRELATION_GTE] = value >= limit,
            [CORRELATION_LT] = value < limit,  [CORRELATION_LTE] = value <= limit,
            [CORRELATION_EQ] = value == limit, [CORRELATION_NEQ] = value != limit,
        };

        holds = holds && by_op[c->bounds[i].op];
    }
    return holds;
}

struct slice correlation_field(const struct sigma_correlation *c, uint32_t ref, struct slice name)
{
    for (uint32_t i = 0; i < c->alias_count; i++) {
        if (slice_eq(c->aliases[i].name, name))
            return c->aliases[i].by_ref[ref];
    }
    return name;
}
