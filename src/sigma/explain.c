/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/explain.h"

#include "base/fold.h"
#include "base/utf.h"
#include "sigma/atom.h"
#include "sigma/find.h"
#include "sigma/regex.h"

enum { DEPTH_MAX = 256, VALUE_MAX = 16 * 1024 * 1024 };

struct explainer {
    struct arena *arena;
    const struct event *event;
    const struct keys *keys;
    struct regex_context *regex;
    enum event_view view;
    unsigned depth;
};

static bool has_text(const struct field *f)
{
    return value_type_has_text(f->type);
}

/* A field's text, in the arena with 16 readable bytes behind it. p NULL without memory. */
static struct slice text_of(struct explainer *x, const struct field *f)
{
    struct buf text = BUF_INIT(VALUE_MAX);
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

static struct slice folded(struct explainer *x, struct slice s)
{
    uint8_t *to = arena_zalloc(x->arena, fold_max(s.n) + 16);

    return to ? slice_of(to, fold_text(s, to)) : SLICE_NULL;
}

/* As the atom compares it: folded unless it is case-sensitive. */
static struct slice comparable(struct explainer *x, const struct atom *a, struct slice s)
{
    return a->cased ? s : folded(x, s);
}

static int pattern_holds(struct explainer *x, const struct atom *a, struct slice text, bool *ret)
{
    struct part *parts = arena_new_array(x->arena, a->pattern.count + 1, struct part);
    struct pattern pattern = {.parts = parts, .count = a->pattern.count};
    struct slice value = comparable(x, a, text);

    if (parts == NULL || value.p == NULL)
        return -CE_TOO_BIG;
    for (uint32_t i = 0; i < pattern.count; i++) {
        parts[i] = a->pattern.parts[i];
        if (parts[i].kind == PART_TEXT)
            parts[i].text = comparable(x, a, parts[i].text);
    }
    *ret = glob_match(&pattern, value);
    return 0;
}

/*
 * A pattern of texts with .* between them can take a backtracking search for ever and is decided
 * without one. False when the pattern is of another kind.
 */
static bool texts_decide(struct explainer *x, const struct atom *a, struct slice text, bool *ret)
{
    struct buf texts = BUF_INIT(VALUE_MAX);
    bool nocase = (a->regex.flags & REGEX_NOCASE) != 0;
    bool simple = regex_is_texts(a->regex.text, &texts) && texts.err == 0 && utf8_valid(text);
    struct slice copy = simple ? arena_dup(x->arena, buf_slice(&texts)) : SLICE_NULL;
    struct pattern pattern;

    buf_done(&texts);
    if (nocase && copy.p != NULL) {
        copy = folded(x, copy);
        text = folded(x, text);
    }
    if (copy.p == NULL || text.p == NULL || regex_texts_pattern(x->arena, copy, &pattern) < 0)
        return false;
    *ret = regex_texts_match(&pattern, a->regex.flags, text);
    return true;
}

static int regex_holds(struct explainer *x, const struct atom *a, struct slice text,
                       struct verdict *v, bool *ret)
{
    struct err err = ERR_INIT;
    struct regex *regex;
    enum regex_result result;
    int r;

    if (x->regex == NULL && (x->regex = regex_context_new()) == NULL)
        return -CE_NOMEM;
    r = regex_new(a->regex.text, a->regex.flags, false, &regex, &err);
    if (r < 0)
        return r;
    result = regex_search(regex, x->regex, text, false);
    regex = regex_free(regex);
    *ret = result == REGEX_MATCH;
    if (result == REGEX_GAVE_UP && !texts_decide(x, a, text, ret))
        v->gave_up = true;
    return 0;
}

static int fieldref_holds(struct explainer *x, const struct atom *a, struct slice text, bool *ret)
{
    uint32_t key = keys_find(x->keys, a->ref.other);
    struct slice value = comparable(x, a, text);

    *ret = false;
    for (uint32_t i = 0; key != KEY_NONE && !*ret && i < x->event->count; i++) {
        const struct field *f = &x->event->fields[i];
        struct slice other;

        if (!has_text(f) || !event_has_value(x->event, i, key, x->view))
            continue;
        other = text_of(x, f);
        other = other.p ? comparable(x, a, other) : other;
        if (other.p == NULL || value.p == NULL)
            return -CE_TOO_BIG;
        *ret = atom_fieldref_holds(a, value, other);
    }
    return 0;
}

/* Whether one value satisfies the atom. */
static int value_holds(struct explainer *x, const struct atom *a, struct slice text,
                       struct verdict *v, bool *ret)
{
    switch (a->op) {
    case ATOM_PATTERN:
        return pattern_holds(x, a, text, ret);
    case ATOM_REGEX:
        return regex_holds(x, a, text, v, ret);
    case ATOM_FIELDREF:
        return fieldref_holds(x, a, text, ret);
    case ATOM_CIDR:
        *ret = atom_cidr_holds(a, text);
        return 0;
    case ATOM_TIMEPART:
        *ret = atom_time_holds(a, text);
        return 0;
    default:
        *ret = atom_number_holds(a, text);
        return 0;
    }
}

/* Remembers the value, unless an earlier one stands there that is as good. */
static int show(struct explainer *x, struct verdict *v, const struct field *f, struct slice text,
                bool better)
{
    if (v->values > 1 && !better)
        return 0;
    if (has_text(f) && text.p == NULL)
        text = text_of(x, f);
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
    bool presence = a->op == ATOM_NULL || a->op == ATOM_EXISTS, holds = false;
    struct slice text = SLICE_NULL;
    int r = 0;

    v->present = true;
    if (f->type == VALUE_GROUP) {
        v->group = v->values == 0; /* what stands in it has values of its own */
        return 0;
    }
    v->values++;
    if (!presence && has_text(f)) {
        text = text_of(x, f);
        r = text.p ? value_holds(x, a, text, v, &holds) : -CE_TOO_BIG;
    }
    if (r == 0)
        r = show(x, v, f, text, holds);
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
    if (a->op == ATOM_NULL)
        v->holds = all_null;
    if (a->op == ATOM_EXISTS)
        v->holds = v->present;
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
