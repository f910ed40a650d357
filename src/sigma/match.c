/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/match.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/hash.h"
#include "sigma/partition.h"
#include "sigma/runner.h"

/* Events with equal routing fields go the same way; these many ways are remembered. */
enum { WAYS = 4096 };

/* What routes ask of a field: nothing, whether it has a value of some type, or which. */
enum routing { ROUTING_NONE, ROUTING_PRESENCE, ROUTING_VALUE, ROUTING_ALL };

/* Beside that: some event had the field. */
enum { KEY_SEEN = 1 << 2 };

struct way {
    uint64_t signature;
    const struct program *program; /* NULL: unrouted */
};

struct matcher {
    const struct ruleset *rules;
    struct partitions *partitions;
    struct runner runner;
    struct way *ways;
    uint8_t *routing; /* by key: what routes ask of it, enum routing, and KEY_SEEN */
    uint32_t
        key_count; /* of the ruleset; names that were added since its routes are known are none's */
    uint32_t *routes;     /* scratch: the routes that hold */
    uint32_t *variants;   /* scratch: of the rules that match */
    struct field *fields; /* scratch: an event as routes see it */
    uint64_t seed;
    struct matcher_counts counts;
};

/* Any text is as good as another: it only has to be there. */
static bool asks_for_any(const struct test *t)
{
    const struct pattern *p = &t->atom->pattern;

    return t->kind == TEST_FIELD ||
           (t->atom->op == ATOM_PATTERN && p->count == 1 && p->parts[0].kind == PART_ANY);
}

static void find_routing(struct matcher *m, const struct program *routes)
{
    for (uint32_t key = 1; key <= routes->key_count; key++) {
        uint16_t slot = routes->slot_of[key];

        m->routing[key] = slot ? ROUTING_PRESENCE : ROUTING_NONE;
        for (uint32_t i = 0; slot && i < routes->test_count; i++) {
            const struct test *t = &routes->tests[i];

            if ((t->slot == slot || t->other == slot) && !asks_for_any(t))
                m->routing[key] = ROUTING_VALUE;
        }
    }
}

struct matcher *matcher_new(const struct ruleset *rs)
{
    struct matcher *m = calloc(1, sizeof(*m));
    const struct program *routes;

    if (m == NULL)
        return NULL;
    m->rules = rs;
    m->partitions = ruleset_partitions(rs);
    routes = partitions_routes(m->partitions);
    m->key_count = keys_count(ruleset_keys(rs));
    m->seed = hash_seed();
    m->ways = calloc(WAYS, sizeof(*m->ways));
    m->routing = calloc((size_t)m->key_count + 1, sizeof(*m->routing));
    m->routes = calloc((size_t)partitions_route_count(m->partitions) + 1, sizeof(*m->routes));
    m->variants = calloc((size_t)ruleset_variant_count(rs) + 1, sizeof(*m->variants));
    m->fields = calloc(EVENT_FIELDS_MAX, sizeof(*m->fields));
    if (m->ways == NULL || m->routing == NULL || m->routes == NULL || m->variants == NULL ||
        m->fields == NULL || runner_init(&m->runner) < 0 || runner_fit(&m->runner, routes) < 0)
        return matcher_free(m);
    find_routing(m, routes);
    return m;
}

struct matcher *matcher_free(struct matcher *m)
{
    if (m != NULL) {
        runner_done(&m->runner);
        free(m->ways);
        free(m->routing);
        free(m->routes);
        free(m->variants);
        free(m->fields);
        free(m);
    }
    return NULL;
}

/* A number for the values of the fields that routes ask for; never 0. All are noted as seen. */
static uint64_t route_signature(struct matcher *m, const struct event *e)
{
    uint64_t h = m->seed;

    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];
        uint8_t asked;

        canh_assert(f->key <= m->key_count);
        asked = m->routing[f->key];
        m->routing[f->key] = asked | KEY_SEEN;
        if ((asked & ROUTING_ALL) == ROUTING_NONE)
            continue;
        h = hash_bytes(f->text, (asked & ROUTING_ALL) == ROUTING_VALUE ? f->n : 0,
                       h ^ ((uint64_t)f->key << 32 | (uint64_t)f->type << 8 | f->form));
    }
    return h | 1;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Sorts and makes unique; returns the count. */
static uint32_t sort_unique(uint32_t *ids, uint32_t count)
{
    uint32_t n = 0;

    if (count > 1)
        qsort(ids, count, sizeof(*ids), by_number);
    for (uint32_t i = 0; i < count; i++) {
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    }
    return n;
}

/* The event with the names that routes ask for as they see them. */
static struct event as_routed(const struct matcher *m, const struct event *e)
{
    struct event ret = *e;

    ret.fields = m->fields;
    for (uint32_t i = 0; i < e->count; i++) {
        m->fields[i] = e->fields[i];
        if (!event_has_value(e, i, e->fields[i].key, VIEW_ROUTE))
            m->fields[i].key = KEY_NONE;
        if (e->fields[i].key == KEY_DATA_CHANNEL)
            m->fields[i].key = KEY_NONE;
    }
    return ret;
}

/* The routes that hold for an event, in m->routes; how many. */
static uint32_t find_routes(struct matcher *m, const struct event *e)
{
    uint64_t candidates = m->runner.candidates;
    struct event routed = as_routed(m, e);
    uint32_t count;

    runner_run(&m->runner, partitions_routes(m->partitions), &routed);
    m->runner.candidates = candidates; /* routes are not rules */
    count = sort_unique(m->runner.matched, m->runner.matched_count);
    if (count > 0)
        memcpy(m->routes, m->runner.matched, count * sizeof(*m->routes));
    return count;
}

static CANH_COLD bool find_way(struct matcher *m, const struct event *e, struct way *to,
                               uint64_t signature)
{
    const struct program *program = NULL;
    struct err err = ERR_INIT;
    uint32_t count = find_routes(m, e);

    if (count > 0) {
        program = partitions_get(m->partitions, m->routes, count, &err);
        if (program == NULL || runner_fit(&m->runner, program) < 0)
            return false;
    }
    *to = (struct way){signature, program};
    return true;
}

/* The variants that hold as their rules, each once and by its first; how many. */
static uint32_t name_rules(struct matcher *m)
{
    uint32_t *ids = m->runner.matched, count = sort_unique(ids, m->runner.matched_count), n = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t rule = partitions_rule_of(m->partitions, ids[i]);

        if (n > 0 && ids[n - 1] == rule)
            continue;
        m->variants[n] = ids[i];
        ids[n++] = rule;
    }
    return n;
}

CANH_HOT struct match_result matcher_run(struct matcher *m, const struct event *e)
{
    uint64_t signature = route_signature(m, e);
    struct way *way = &m->ways[signature >> 32 & (WAYS - 1)];
    uint32_t count;

    m->counts.events++;
    if (CANH_UNLIKELY(way->signature != signature) && !find_way(m, e, way, signature)) {
        m->counts.failed++;
        return (struct match_result){.routed = true};
    }
    if (way->program == NULL) {
        m->counts.unrouted++;
        return (struct match_result){0};
    }
    runner_run(&m->runner, way->program, e);
    count = m->runner.matched_count > 0 ? name_rules(m) : 0;
    m->counts.matches += count;
    return (struct match_result){.rules = m->runner.matched,
                                 .variants = m->variants,
                                 .count = count,
                                 .routed = true};
}

void matcher_each_route(struct matcher *m, const struct event *e,
                        void (*fn)(void *ctx, uint32_t rule, const struct rule_variant *variant),
                        void *ctx)
{
    uint32_t routes = find_routes(m, e), count;

    for (uint32_t rule = 0; routes > 0 && rule < ruleset_count(m->rules); rule++) {
        const struct rule_variant *variants = ruleset_variants(m->rules, rule, &count);

        for (uint32_t i = 0; i < count; i++) {
            uint32_t route = ruleset_route_of(m->rules, &variants[i]);

            if (bsearch(&route, m->routes, routes, sizeof(route), by_number) != NULL)
                fn(ctx, rule, &variants[i]);
        }
    }
}

uint64_t matcher_regex_limits(const struct matcher *m)
{
    return m->runner.regex_limits;
}

bool matcher_has_seen(const struct matcher *m, uint32_t key)
{
    return m->routing[key] & KEY_SEEN;
}

void matcher_count(const struct matcher *m, struct matcher_counts *ret)
{
    *ret = m->counts;
    ret->candidates = m->runner.candidates;
    ret->regex_limits = m->runner.regex_limits;
    ret->failed += m->runner.no_memory;
}
