/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/explain_internal.h"

#include "base/fold.h"
#include "sigma/comparison.h"

enum { DEPTH_MAX = 256 };

static bool has_text(const struct field *f)
{
    return value_type_has_text(f->type);
}

struct slice explain_text(struct explainer *x, const struct field *f)
{
    struct buf text = BUF_INIT(EXPLAIN_VALUE_MAX);
    uint8_t *copy;
    size_t n;

    field_text(f, &text);
    n = text.len;
    copy = text.err ? NULL : arena_zalloc(x->arena, n + 16);
    if (copy)
        memcpy(copy, text.p ? text.p : copy, n);
    buf_done(&text);
    return copy ? slice_of(copy, n) : SLICE_NULL;
}

struct slice explain_folded(struct explainer *x, struct slice s)
{
    uint8_t *to = arena_zalloc(x->arena, fold_max(s.n) + 16);

    return to ? slice_of(to, fold_text(s, to)) : SLICE_NULL;
}

/* Remembers the value, unless an earlier one stands there that is as good. */
static int explain_show(struct explainer *x, struct verdict *v, const struct field *f,
                        struct slice text, bool better)
{
    if (v->values > 1 && !better)
        return 0;
    if (has_text(f) && text.p == NULL)
        text = explain_text(x, f);
    if (has_text(f) && text.p == NULL)
        return -CE_TOO_BIG;
    v->null = f->type == VALUE_NULL;
    v->group = false;
    v->value = text;
    return 0;
}

static int try_field(struct explainer *x, const struct atom *a, const struct field *f,
                     struct verdict *v)
{
    const struct comparison *c = comparison_of(a);
    bool holds = false;
    struct slice text = SLICE_NULL;
    int r = 0;

    v->present = true;
    if (f->type == VALUE_GROUP) {
        v->group = v->values == 0; /* what stands in it has values of its own */
        return 0;
    }
    v->values++;
    if (c->explain && has_text(f)) {
        text = explain_text(x, f);
        r = text.p ? c->explain(x, a, text, v, &holds) : -CE_TOO_BIG;
    }
    if (r == 0)
        r = explain_show(x, v, f, text, holds);
    v->holds = holds;
    return r;
}

static int explain_atom(struct explainer *x, const struct atom *a, struct verdict *v)
{
    bool keyword = a->field.n == 0, all_null = true;
    uint32_t key = keyword ? KEY_NONE : keys_find(x->keys, a->field);
    int r = 0;

    for (uint32_t i = 0; r == 0 && !v->holds && i < x->event->count; i++) {
        const struct field *f = &x->event->fields[i];

        if (keyword ? !has_text(f) : key == KEY_NONE || !event_has_value(x->event, i, key, x->view))
            continue;
        all_null &= value_type_is_null(f->type);
        r = try_field(x, a, f, v);
    }
    v->present = v->present || keyword;
    if (keyword && !v->holds)
        v->value = SLICE_NULL; /* some value of the event that has nothing to do with it */
    if (comparison_of(a)->holds_of_field)
        v->holds = comparison_of(a)->holds_of_field(v->present, all_null);
    return r;
}

static int explain_node(struct explainer *x, const struct expr *e, const struct verdict **ret);

static int explain_kids(struct explainer *x, const struct expr *e, struct verdict *v)
{
    uint32_t held = 0;

    v->kids = arena_new_array(x->arena, e->count, const struct verdict *);
    if (v->kids == NULL)
        return -CE_TOO_BIG;
    for (; v->count < e->count; v->count++) {
        int r = explain_node(x, e->kids[v->count], &v->kids[v->count]);

        if (r < 0)
            return r;
        held += v->kids[v->count]->holds;
    }
    v->holds = e->op == EXPR_NOT ? held == 0 : e->op == EXPR_AND ? held == e->count : held > 0;
    return 0;
}

static int explain_node(struct explainer *x, const struct expr *e, const struct verdict **ret)
{
    struct verdict *v = arena_new(x->arena, struct verdict);
    int r = 0;

    if (v == NULL)
        return -CE_TOO_BIG;
    if (x->depth == DEPTH_MAX)
        return -CE_DEPTH;
    x->depth++;
    v->expr = e;
    if (e->op == EXPR_ATOM)
        r = explain_atom(x, e->atom, v);
    else if (e->op == EXPR_FALSE || e->op == EXPR_TRUE)
        v->holds = e->op == EXPR_TRUE;
    else
        r = explain_kids(x, e, v);
    x->depth--;
    *ret = v;
    return r;
}

int explain_expr(struct arena *arena, const struct expr *expr, const struct event *event,
                 const struct keys *keys, enum event_view view, const struct verdict **ret)
{
    struct explainer x = {.arena = arena, .event = event, .keys = keys, .view = view};
    const struct verdict *v;
    int r = explain_node(&x, expr, &v);

    x.regex = regex_context_free(x.regex);
    if (r == 0)
        *ret = v;
    return r;
}

void explain_reasons(const struct verdict *v,
                     void (*fn)(void *ctx, struct slice field, struct slice value), void *ctx)
{
    if (!v->holds || v->expr->op == EXPR_NOT)
        return;
    if (v->expr->op == EXPR_ATOM)
        fn(ctx, v->expr->atom->field, v->value);
    for (uint32_t i = 0; i < v->count; i++)
        explain_reasons(v->kids[i], fn, ctx);
}
