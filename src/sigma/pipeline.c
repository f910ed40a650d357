/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/pipeline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lang/err_sigma.h"
#include "sigma/pipeline_internal.h"

enum { PIPELINE_MEMORY_MAX = 64 << 20, SCRATCH_MAX = 64 << 20 };

/* What works on query text has nothing to work on here; an empty list is fine. */
static int refuse_section(struct loader *l, const struct yaml_node *root, const char *key)
{
    const struct yaml_node *n = yaml_get(root, key);

    if (n == NULL || yaml_is_null(n) || (n->kind != YAML_SCALAR && n->count == 0))
        return 0;
    return load_bad(l, n, ERR_SIGMA_WORKS_ON_QUERY_TEXT_WHICH, key);
}

static int load_backends(struct loader *l, const struct yaml_node *root)
{
    const struct yaml_node *list = NULL;
    int r = load_names(l, root, "allowed_backends", &list);

    if (r < 0 || list == NULL || (list->kind == YAML_SEQ && list->count == 0))
        return r;
    return names_have(list, SLICE("canh"))
               ? 0
               : load_bad(l, list, ERR_SIGMA_PIPELINE_FOR_OTHER_TOOLS_ALLOWED);
}

static int load_vars(struct loader *l, const struct yaml_node *root)
{
    const struct yaml_node *vars = yaml_get(root, "vars");

    if (vars == NULL || yaml_is_null(vars))
        return 0;
    if (vars->kind != YAML_MAP)
        return load_bad(l, vars, ERR_SIGMA_VARS_MUST_MAP);
    for (uint32_t i = 0; i < vars->count; i++)
        if (vars->kids[(size_t)i * 2]->kind != YAML_SCALAR)
            return load_bad(l, vars->kids[(size_t)i * 2], ERR_SIGMA_NAME_WANTED_HERE);
    l->vars = vars;
    return 0;
}

static int load_pipeline(struct loader *l, const struct yaml_node *root)
{
    struct pipeline *p = l->p;
    const struct yaml_node *priority;
    int64_t number;
    int r;

    r = load_keys(l, root,
                  "name priority vars transformations allowed_backends postprocessing finalizers",
                  "");
    if (r < 0 || (r = load_text(l, root, "name", &p->name)) < 0 ||
        (r = refuse_section(l, root, "postprocessing")) < 0 ||
        (r = refuse_section(l, root, "finalizers")) < 0 || (r = load_backends(l, root)) < 0 ||
        (r = load_vars(l, root)) < 0)
        return r;
    priority = yaml_get(root, "priority");
    if (priority != NULL && !yaml_int(priority, &number))
        return load_bad(l, priority, ERR_SIGMA_PRIORITY_MUST_WHOLE_NUMBER);
    r = load_items(l, yaml_get(root, "transformations"), &p->items, &p->count);
    return r < 0 ? r : load_ids(l);
}

int pipeline_parse(struct slice text, const char *name, struct pipeline **ret, struct err *err)
{
    struct pipeline *p = calloc(1, sizeof(*p));
    struct loader l = {.p = p, .err = err};
    struct yaml_limits limits = yaml_default_limits;
    struct yaml_docs docs = {NULL, 0};
    int r;

    if (p == NULL)
        return err_nomem(err);
    limits.merge = true;
    p->arena = ARENA_INIT(PIPELINE_MEMORY_MAX);
    map_init(&p->id_index, PIPELINE_ITEMS_MAX);
    p->file = p->name = arena_dup(&p->arena, slice_str(name));
    r = p->file.p != NULL ? yaml_parse(&p->arena, text, &limits, &docs, err) : load_nomem(&l);
    if (r >= 0 && docs.roots != NULL && docs.count == 1)
        r = load_pipeline(&l, docs.roots[0]);
    else if (r >= 0)
        r = err_fail_at(err, CE_SYNTAX, docs.roots && docs.count > 1 ? docs.roots[1]->line : 1, 1,
                        ERR_SIGMA_MAPPING_FILE_ONE_DOCUMENT);
    if (r < 0) {
        (void)pipeline_free(p);
        return r;
    }
    *ret = p;
    return 0;
}

struct pipeline *pipeline_free(struct pipeline *p)
{
    if (p != NULL) {
        for (struct regex_list *x = p->regexes; x != NULL; x = x->next)
            regex_free(x->regex);
        for (struct map_list *m = p->maps; m != NULL; m = m->next)
            map_done(&m->map);
        map_done(&p->id_index);
        arena_done(&p->arena);
        free(p);
    }
    return NULL;
}

struct slice pipeline_name(const struct pipeline *p)
{
    return p->name;
}

const struct placeholder *pipeline_placeholders(const struct pipeline *p, uint32_t *ret_count)
{
    *ret_count = p->placeholder_count;
    return p->placeholders;
}

int apply_refuse_with(struct apply *a, enum ce code, unsigned line, unsigned col,
                      const struct err *why)
{
    return err_fail_at(a->err, code, line != 0 ? line : a->rule->line, line != 0 ? col : 1,
                       ERR_SIGMA_MAPPING, slice_brief(a->p->file),
                       a->item != NULL ? a->item->line : 1, why);
}

int apply_nomem(struct apply *a)
{
    return err_nomem(a->err);
}

int apply_step(struct apply *a)
{
    if (++a->steps <= PIPELINE_STEPS_MAX)
        return 0;
    return apply_refuse(a, CE_TOO_BIG, 0, 0, ERR_SIGMA_MAPPING_RULE_TAKES_MORE_THAN,
                        PIPELINE_STEPS_MAX);
}

int apply_grow(struct apply *a, void *array, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t want = *cap ? *cap * 2 : 16;
    void *grown, *old;

    if (count < *cap)
        return 0;
    grown = arena_array(&a->scratch, want, size);
    if (grown == NULL)
        return apply_nomem(a);
    memcpy(&old, array, sizeof(old));
    if (count > 0)
        memcpy(grown, old, count * size);
    memcpy(array, &grown, sizeof(grown));
    *cap = want;
    return 0;
}

bool apply_has_id(const struct apply *a, uint32_t id)
{
    return a->applied != NULL && (a->applied[id / 64] >> id % 64 & 1) != 0;
}

static int set_id(struct apply *a, uint32_t id)
{
    if (id == UINT32_MAX)
        return 0;
    if (a->applied == NULL)
        a->applied = arena_new_array(&a->scratch, a->p->id_index.count / 64 + 1u, uint64_t);
    if (a->applied == NULL)
        return apply_nomem(a);
    a->applied[id / 64] |= UINT64_C(1) << id % 64;
    return 0;
}

const struct yaml_node *apply_state(const struct apply *a, struct slice key, bool attribute)
{
    for (uint32_t i = 0; i < a->state_count; i++)
        if (a->states[i].attribute == attribute && slice_eq(a->states[i].key, key))
            return a->states[i].value;
    return NULL;
}

static struct mark *find_mark(const struct apply *a, const struct expr *item, struct slice field)
{
    for (uint32_t i = 0; i < a->mark_count; i++)
        if (a->marks[i].item == item && (item != NULL || slice_eq(a->marks[i].field, field)))
            return &a->marks[i];
    return NULL;
}

uint64_t apply_marks(const struct apply *a, const struct expr *item, struct slice field)
{
    const struct mark *m = a->mark_count > 0 ? find_mark(a, item, field) : NULL;

    return m != NULL ? m->bits : 0;
}

int apply_mark(struct apply *a, const struct expr *item, struct slice field, uint64_t bits)
{
    struct mark *m;
    int r;

    if (bits == 0)
        return 0;
    m = find_mark(a, item, field);
    if (m != NULL) {
        m->bits |= bits;
        return 0;
    }
    r = apply_grow(a, &a->marks, a->mark_count, &a->mark_cap, sizeof(*a->marks));
    if (r == 0)
        a->marks[a->mark_count++] = (struct mark){item, field, bits};
    return r;
}

uint64_t apply_own_mark(const struct apply *a)
{
    for (uint32_t i = 0; i < a->p->mark_count; i++)
        if (a->p->mark_ids[i] == a->item->id)
            return UINT64_C(1) << i;
    return 0;
}

int apply_rx(struct apply *a, const struct regex *rx, struct slice text, size_t from, bool anchored,
             const size_t **ret)
{
    int r;

    if (a->rx == NULL && (a->rx = regex_context_new(REGEX_GROUPS_MAX)) == NULL)
        return apply_nomem(a);
    r = regex_find(rx, a->rx, text, from, anchored, ret);
    if (r == -CE_NOMEM)
        return apply_nomem(a);
    if (r < 0)
        return apply_refuse(a, CE_TOO_BIG, 0, 0, ERR_SIGMA_REGULAR_EXPRESSION_WAS_GIVEN_UP);
    return r;
}

int apply_items(struct apply *a, const struct transform *items, uint32_t count)
{
    const struct transform *outer = a->item;
    int r;

    for (uint32_t i = 0; i < count; i++) {
        a->item = &items[i];
        r = group_test(a, &items[i].when[COND_RULE], NULL);
        if (r < 0)
            return r;
        if (r == 0)
            continue;
        if ((r = set_id(a, items[i].id)) < 0 || (r = items[i].kind->apply(a, &items[i])) < 0)
            return r;
    }
    a->item = outer;
    return 0;
}

static const struct expr *pipeline_always(struct apply *a)
{
    struct expr *e = arena_new(a->arena, struct expr);

    if (e == NULL) {
        (void)apply_nomem(a);
        return NULL;
    }
    e->op = EXPR_TRUE;
    return e;
}

static int pipeline_finish(struct apply *a, struct rule_variant *ret)
{
    static const struct expr none = {.op = EXPR_AND};
    const struct expr *route;

    if (!a->claimed)
        return 0;
    if (a->condition == NULL && (a->condition = pipeline_always(a)) == NULL)
        return -CE_NOMEM;
    if (a->fields != NULL && !reach_is_open(a->condition, a->fields, a->fields_strict))
        return 0;
    if (a->route_count == 0)
        route = pipeline_always(a);
    else if (a->route_count == 1)
        route = a->route[0];
    else
        route = make_group(a, EXPR_AND, a->route, a->route_count, &none);
    if (route == NULL)
        return -CE_NOMEM;
    *ret = (struct rule_variant){a->rule, route, a->condition, a->p->name};
    return 1;
}

int pipeline_apply(const struct pipeline *p, const struct sigma_rule *rule, struct arena *arena,
                   struct rule_variant *ret, struct err *err)
{
    struct apply a = {
        .p = p,
        .rule = rule,
        .arena = arena,
        .scratch = ARENA_INIT(SCRATCH_MAX),
        .err = err,
        .logsource = rule->logsource,
        .condition = rule->condition,
    };
    int r = apply_items(&a, p->items, p->count);

    if (r == 0)
        r = pipeline_finish(&a, ret);
    regex_context_free(a.rx);
    arena_done(&a.scratch);
    return r;
}
