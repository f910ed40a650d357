/* SPDX-License-Identifier: Apache-2.0 */
/* The transformations of field names, and dropping detection items. */
#include "lang/err_sigma.h"
#include "sigma/comparison.h"
#include "sigma/pipeline_internal.h"

static int load_targets(struct loader *l, const struct yaml_node *v, struct map_pair *pair)
{
    uint32_t count = v->kind == YAML_SEQ ? v->count : 1;

    pair->to = arena_new_array(&l->p->arena, CANH_MAX(count, 1u), struct slice);
    if (pair->to == NULL)
        return load_nomem(l);
    if (v->kind == YAML_MAP || count == 0)
        return load_bad(l, v, ERR_SIGMA_TEXT_OR_LIST_TEXTS_WANTED);
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *one = v->kind == YAML_SEQ ? v->kids[i] : v;

        if (one->kind != YAML_SCALAR || yaml_is_null(one))
            return load_bad(l, one, ERR_SIGMA_TEXT_WANTED_HERE);
        pair->to[i] = one->text;
    }
    pair->count = count;
    return 0;
}

int load_mapping(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    const struct yaml_node *map = yaml_get(n, "mapping");

    if (map->kind != YAML_MAP)
        return load_bad(l, map, ERR_SIGMA_MAPPING_MUST_MAP);
    it->map.count = map->count;
    it->map.pairs = arena_new_array(&l->p->arena, CANH_MAX(map->count, 1u), struct map_pair);
    it->map.index = load_map(l, map->count);
    if (it->map.pairs == NULL || it->map.index == NULL)
        return load_nomem(l);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_node *key = map->kids[(size_t)i * 2];
        struct map_pair *pair = &it->map.pairs[i];
        int r;

        pair->keyword = yaml_is_null(key);
        if (key->kind != YAML_SCALAR || (!pair->keyword && key->text.n == 0))
            return load_bad(l, key, ERR_SIGMA_NAME_WANTED_HERE);
        pair->from = pair->keyword ? SLICE_NULL : key->text;
        if ((r = load_targets(l, map->kids[(size_t)i * 2 + 1], pair)) < 0)
            return r;
        if (map_put(it->map.index, pair->from, i) < 0)
            return load_nomem(l);
    }
    return 0;
}

static int parse_prefix_mapping(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    int r = load_mapping(l, n, it);

    for (uint32_t i = 0; r == 0 && i < it->map.count; i++)
        if (it->map.pairs[i].keyword)
            return load_bad(l, n, ERR_SIGMA_NULL_NO_PREFIX);
    return r;
}

struct names {
    struct slice *p;
    uint32_t count; /* 0: the name stays */
};

typedef int (*name_fn)(struct apply *a, struct slice field, struct names *ret);

static int name_mapped(struct apply *a, struct slice field, struct names *ret)
{
    uint32_t i;

    if (map_get(a->item->map.index, field, &i))
        *ret = (struct names){a->item->map.pairs[i].to, a->item->map.pairs[i].count};
    return 0;
}

static int join_names(struct apply *a, const struct slice *before, uint32_t count,
                      struct slice after, struct names *ret)
{
    struct slice *list = arena_new_array(&a->scratch, count, struct slice);

    if (list == NULL)
        return apply_nomem(a);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *text = arena_alloc(a->arena, before[i].n + after.n + 1);

        if (text == NULL)
            return apply_nomem(a);
        memcpy(text, before[i].p, before[i].n);
        if (after.n > 0)
            memcpy(text + before[i].n, after.p, after.n);
        text[before[i].n + after.n] = 0;
        list[i] = slice_of(text, before[i].n + after.n);
    }
    *ret = (struct names){list, count};
    return 0;
}

static int name_prefix_mapped(struct apply *a, struct slice field, struct names *ret)
{
    for (uint32_t i = 0; field.n > 0 && i < a->item->map.count; i++) {
        const struct map_pair *pair = &a->item->map.pairs[i];

        if (slice_starts(field, pair->from))
            return join_names(a, pair->to, pair->count, slice_from(field, pair->from.n), ret);
    }
    return 0;
}

static int name_with_prefix(struct apply *a, struct slice field, struct names *ret)
{
    return field.n > 0 ? join_names(a, &a->item->text, 1, field, ret) : 0;
}

static int name_with_suffix(struct apply *a, struct slice field, struct names *ret)
{
    return field.n > 0 ? join_names(a, &field, 1, a->item->text, ret) : 0;
}

struct rename {
    name_fn fn;
    struct slice from, to;
    bool changed;
};

/* Values of a keyword are searched anywhere in the field that takes them. */
static int open_pattern(struct apply *a, struct pattern *p)
{
    struct part *parts = arena_new_array(a->arena, p->count + 2u, struct part);
    uint32_t n = 0;

    if (parts == NULL)
        return apply_nomem(a);
    if (p->count == 0 || p->parts[0].kind != PART_ANY)
        parts[n++] = (struct part){PART_ANY, SLICE_NULL};
    if (p->count > 0)
        memcpy(parts + n, p->parts, p->count * sizeof(*parts));
    n += p->count;
    if (parts[n - 1].kind != PART_ANY)
        parts[n++] = (struct part){PART_ANY, SLICE_NULL};
    *p = (struct pattern){parts, n};
    return 0;
}

static int rename_atom(struct apply *a, const struct expr *leaf, void *ctx, const struct expr **ret)
{
    const struct rename *rename = ctx;
    struct atom *atom = arena_new(a->arena, struct atom);
    int r;

    if (atom == NULL)
        return apply_nomem(a);
    *atom = *leaf->atom;
    atom->field = rename->to;
    if (rename->from.n == 0 && atom->op == ATOM_PATTERN &&
        (r = open_pattern(a, &atom->pattern)) < 0)
        return r;
    *ret = make_atom(a, atom, leaf);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static bool field_fits(struct apply *a, struct slice field, int *r)
{
    const struct field_subject subject = {field, NULL};

    *r = group_test(a, &a->item->when[COND_FIELD], &subject);
    return *r > 0;
}

static int pipeline_field_remember(struct apply *a, struct slice from, const struct names *to)
{
    uint64_t bits = apply_marks(a, NULL, from) | apply_own_mark(a);
    int r;

    for (uint32_t i = 0; i <= to->count; i++) {
        struct slice name = i < to->count ? to->p[i] : from;

        r = apply_grow(a, &a->mapped, a->mapped_count, &a->mapped_cap, sizeof(*a->mapped));
        if (r < 0)
            return r;
        a->mapped[a->mapped_count++] = name;
        if (i < to->count && (r = apply_mark(a, NULL, name, bits)) < 0)
            return r;
    }
    return 0;
}

/* A reference to another field becomes one or several. */
static int rename_reference(struct apply *a, const struct expr *leaf, void *ctx,
                            const struct expr **ret)
{
    const struct rename *rename = ctx;
    struct names to = {NULL, 0};
    const struct expr **kids;
    int r;

    if (!comparison_of(leaf->atom)->two_fields)
        return 0;
    if (!field_fits(a, leaf->atom->ref.other, &r))
        return r < 0 ? r : 0;
    if ((r = rename->fn(a, leaf->atom->ref.other, &to)) < 0 || to.count == 0)
        return r;
    kids = arena_alloc(&a->scratch, to.count * sizeof(*kids));
    if (kids == NULL)
        return apply_nomem(a);
    for (uint32_t i = 0; i < to.count; i++) {
        struct atom *atom = arena_new(a->arena, struct atom);

        if (atom == NULL)
            return apply_nomem(a);
        *atom = *leaf->atom;
        atom->ref.other = to.p[i];
        if ((kids[i] = make_atom(a, atom, leaf)) == NULL)
            return -CE_NOMEM;
    }
    *ret = to.count == 1 ? kids[0] : make_group(a, EXPR_OR, kids, to.count, leaf);
    return *ret != NULL ? pipeline_field_remember(a, leaf->atom->ref.other, &to) : -CE_NOMEM;
}

/* The item under each name, any of which may hold; under NOT, none may. */
static int rename_item(struct apply *a, const struct expr *e, struct slice field,
                       const struct names *to, const struct expr **ret)
{
    struct rename rename = {.from = field};
    const struct expr **kids, *kid;
    struct expr *plain, like = *e;
    int r;

    like.item = e->item && to->count == 1;
    if (e->op == EXPR_NOT) {
        if ((r = rename_item(a, e->kids[0], field, to, &kid)) < 0)
            return r;
        *ret = make_group(a, EXPR_NOT, &kid, 1, &like);
        return *ret != NULL ? 0 : -CE_NOMEM;
    }
    kids = arena_alloc(&a->scratch, to->count * sizeof(*kids));
    plain = arena_new(a->arena, struct expr);
    if (kids == NULL || plain == NULL)
        return apply_nomem(a);
    *plain = *e;
    plain->item = true; /* the copies are items of their own */
    if (to->count > 1)
        plain->name = SLICE_NULL;
    for (uint32_t i = 0; i < to->count; i++) {
        rename.to = to->p[i];
        if ((r = map_atoms(a, plain, rename_atom, &rename, &kids[i])) < 0 ||
            (r = apply_mark(a, kids[i], SLICE_NULL,
                            apply_marks(a, e, SLICE_NULL) | apply_own_mark(a))) < 0)
            return r;
    }
    *ret = to->count == 1 ? kids[0] : make_group(a, EXPR_OR, kids, to->count, &like);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

static int rename_by(struct apply *a, const struct expr *item, struct slice field, name_fn fn,
                     const struct expr **ret)
{
    struct rename rename = {.fn = fn};
    struct names to = {NULL, 0};
    int r = map_atoms(a, item, rename_reference, &rename, ret);

    if (r < 0 || !field_fits(a, field, &r))
        return r;
    if ((r = fn(a, field, &to)) < 0 || to.count == 0)
        return r;
    if ((r = rename_item(a, *ret, field, &to, ret)) < 0)
        return r;
    return pipeline_field_remember(a, field, &to);
}

#define RENAME(name, fn)                                                                           \
    static int item_##name(struct apply *a, const struct expr *item, struct slice field,           \
                           const struct expr **ret)                                                \
    {                                                                                              \
        return rename_by(a, item, field, fn, ret);                                                 \
    }                                                                                              \
    static int apply_##name(struct apply *a, const struct transform *it)                           \
    {                                                                                              \
        (void)it;                                                                                  \
        return walk_items(a, item_##name);                                                         \
    }

RENAME(mapping, name_mapped)
RENAME(prefix_mapping, name_prefix_mapped)
RENAME(prefix, name_with_prefix)
RENAME(suffix, name_with_suffix)

static int parse_prefix(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_text(l, n, "prefix", &it->text);
}

static int parse_suffix(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    return load_text(l, n, "suffix", &it->text);
}

static int parse_drop(struct loader *l, const struct yaml_node *n, struct transform *it)
{
    if (it->when[COND_ITEM].count == 0 && it->when[COND_FIELD].count == 0)
        return load_bad(l, n, ERR_SIGMA_WITHOUT_CONDITIONS_ON_ITEMS_OR);
    return 0;
}

static int drop_item(struct apply *a, const struct expr *item, struct slice field,
                     const struct expr **ret)
{
    (void)a, (void)item, (void)field;
    *ret = NULL;
    return 0;
}

static int apply_drop(struct apply *a, const struct transform *it)
{
    (void)it;
    return walk_items(a, drop_item);
}

const struct transform_kind field_transforms[] = {
    {"field_name_mapping", TRANSFORM_ITEMS, "!mapping", load_mapping, apply_mapping},
    {"field_name_prefix_mapping", TRANSFORM_ITEMS, "!mapping", parse_prefix_mapping,
     apply_prefix_mapping},
    {"field_name_prefix", TRANSFORM_ITEMS, "!prefix", parse_prefix, apply_prefix},
    {"field_name_suffix", TRANSFORM_ITEMS, "!suffix", parse_suffix, apply_suffix},
    {"drop_detection_item", TRANSFORM_ITEMS, "", parse_drop, apply_drop},
    {NULL, 0, NULL, NULL, NULL},
};
