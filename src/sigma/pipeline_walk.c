/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walking a rule's expression by its detection items. Recursion is bounded by the depth of the
 * expression, work by apply_step().
 */
#include "lang/err_sigma.h"
#include "sigma/pipeline_internal.h"

/* An expression that stands in the place of `like`. NULL, and said, without memory. */
static struct expr *new_expr(struct apply *a, enum expr_op op, const struct expr *like)
{
    struct expr *e = arena_new(a->arena, struct expr);

    if (e == NULL) {
        (void)apply_nomem(a);
        return NULL;
    }
    e->op = op;
    e->item = like->item;
    e->name = like->name;
    e->line = like->line;
    e->col = like->col;
    return e;
}

const struct expr *make_atom(struct apply *a, const struct atom *atom, const struct expr *like)
{
    struct expr *e = new_expr(a, EXPR_ATOM, like);

    if (e != NULL)
        e->atom = atom;
    return e;
}

const struct expr *make_group(struct apply *a, enum expr_op op, const struct expr **kids,
                              uint32_t count, const struct expr *like)
{
    struct expr *e = new_expr(a, op, like);
    const struct expr **own = arena_alloc(a->arena, CANH_MAX(count, 1u) * sizeof(*own));

    if (own == NULL)
        (void)apply_nomem(a);
    if (e == NULL || own == NULL)
        return NULL;
    memcpy(own, kids, count * sizeof(*own));
    e->kids = own;
    e->count = count;
    return e;
}

/* The only kid that is left, in place of the group. */
static const struct expr *in_place_of(struct apply *a, const struct expr *kid,
                                      const struct expr *like)
{
    bool name = like->name.n > 0 && kid->name.n == 0, item = like->item && !kid->item;
    struct expr *e;

    if (!name && !item)
        return kid;
    e = arena_new(a->arena, struct expr);
    if (e == NULL) {
        (void)apply_nomem(a);
        return NULL;
    }
    *e = *kid;
    e->item = e->item || item;
    if (name)
        e->name = like->name;
    return e;
}

/* The group with its kids replaced; kids that are NULL were dropped. */
static int pipeline_walk_rebuild(struct apply *a, const struct expr *e, const struct expr **kids,
                                 const struct expr **ret)
{
    uint32_t left = 0;
    bool same = true;

    for (uint32_t i = 0; i < e->count; i++) {
        same = same && kids[i] == e->kids[i];
        if (kids[i] != NULL)
            kids[left++] = kids[i];
    }
    if (same)
        *ret = e;
    else if (left == 0)
        *ret = NULL;
    else if (left == 1 && e->op != EXPR_NOT)
        *ret = in_place_of(a, kids[0], e);
    else
        *ret = make_group(a, e->op, kids, left, e);
    return !same && left > 0 && *ret == NULL ? -CE_NOMEM : 0;
}

static int too_deep(struct apply *a, const struct expr *e)
{
    return apply_refuse(a, CE_DEPTH, e->line, e->col, ERR_SIGMA_CONDITION_NESTED_TOO_DEEP);
}

static int each_atom_at(struct apply *a, const struct expr *e, atom_visit_fn fn, void *ctx,
                        unsigned depth)
{
    int r = apply_step(a);

    if (r < 0)
        return r;
    if (depth > PIPELINE_DEPTH_MAX)
        return too_deep(a, e);
    if (e->op == EXPR_ATOM)
        return fn(a, e->atom, ctx);
    for (uint32_t i = 0; r == 0 && i < e->count; i++)
        r = each_atom_at(a, e->kids[i], fn, ctx, depth + 1);
    return r;
}

int each_atom(struct apply *a, const struct expr *e, atom_visit_fn fn, void *ctx)
{
    return each_atom_at(a, e, fn, ctx, 0);
}

/* Where an item begins; a value outside of any is one of its own. */
static bool is_item(const struct expr *e)
{
    return e->item || e->op == EXPR_ATOM;
}

static int first_field(struct apply *a, const struct atom *atom, void *ctx)
{
    (void)a;
    *(struct slice *)ctx = atom->field;
    return 1;
}

/* All values of an item are of one field. */
static int field_of(struct apply *a, const struct expr *item, struct slice *ret)
{
    int r = each_atom(a, item, first_field, ret);

    return CANH_MIN(r, 0);
}

static int each_item_at(struct apply *a, const struct expr *e, item_visit_fn fn, void *ctx,
                        unsigned depth)
{
    struct slice field = SLICE_NULL;
    int r = apply_step(a);

    if (r < 0)
        return r;
    if (depth > PIPELINE_DEPTH_MAX)
        return too_deep(a, e);
    if (is_item(e))
        return (r = field_of(a, e, &field)) < 0 ? r : fn(a, e, field, ctx);
    for (uint32_t i = 0; r == 0 && i < e->count; i++)
        r = each_item_at(a, e->kids[i], fn, ctx, depth + 1);
    return r;
}

int each_item(struct apply *a, const struct expr *e, item_visit_fn fn, void *ctx)
{
    return each_item_at(a, e, fn, ctx, 0);
}

int map_atoms(struct apply *a, const struct expr *e, atom_fn fn, void *ctx, const struct expr **ret)
{
    const struct expr **kids;
    int r = apply_step(a);

    *ret = e;
    if (r < 0)
        return r;
    if (e->op == EXPR_ATOM)
        return fn(a, e, ctx, ret);
    kids = arena_alloc(&a->scratch, e->count * sizeof(*kids));
    if (kids == NULL)
        return apply_nomem(a);
    for (uint32_t i = 0; i < e->count; i++)
        if ((r = map_atoms(a, e->kids[i], fn, ctx, &kids[i])) < 0)
            return r;
    return pipeline_walk_rebuild(a, e, kids, ret);
}

static int change_item(struct apply *a, const struct expr *e, struct slice field, item_fn fn,
                       const struct expr **ret)
{
    const struct field_subject subject = {field, e};
    int r = group_test(a, &a->item->when[COND_ITEM], e);

    if (r > 0)
        r = group_test(a, &a->item->when[COND_FIELD], &subject);
    if (r <= 0)
        return r;
    r = fn(a, e, field, ret);
    if (r < 0 || *ret == e || *ret == NULL)
        return r;
    return apply_mark(a, *ret, SLICE_NULL, apply_marks(a, e, SLICE_NULL) | apply_own_mark(a));
}

static int walk_at(struct apply *a, const struct expr *e, item_fn fn, unsigned depth,
                   const struct expr **ret)
{
    struct slice field = SLICE_NULL;
    const struct expr **kids;
    int r = apply_step(a);

    *ret = e;
    if (r < 0)
        return r;
    if (depth > PIPELINE_DEPTH_MAX)
        return too_deep(a, e);
    if (is_item(e))
        return (r = field_of(a, e, &field)) < 0 ? r : change_item(a, e, field, fn, ret);
    kids = arena_alloc(&a->scratch, e->count * sizeof(*kids));
    if (kids == NULL)
        return apply_nomem(a);
    for (uint32_t i = 0; i < e->count; i++)
        if ((r = walk_at(a, e->kids[i], fn, depth + 1, &kids[i])) < 0)
            return r;
    return pipeline_walk_rebuild(a, e, kids, ret);
}

int walk_items(struct apply *a, item_fn fn)
{
    const struct expr *changed;
    int r;

    if (a->condition == NULL)
        return 0;
    r = walk_at(a, a->condition, fn, 0, &changed);
    if (r == 0)
        a->condition = changed;
    return r;
}
