/* SPDX-License-Identifier: Apache-2.0 */
/* Values as text and back, for the transformations of values. */
#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "lang/err_sigma.h"
#include "sigma/pipeline_internal.h"

const struct expr *value_expr(struct apply *a, const struct expr *leaf, const struct atom *value)
{
    struct atom *atom = arena_new(a->arena, struct atom);

    if (atom == NULL) {
        (void)apply_nomem(a);
        return NULL;
    }
    *atom = *value;
    atom->field = leaf->atom->field;
    atom->line = leaf->atom->line;
    atom->col = leaf->atom->col;
    return make_atom(a, atom, leaf);
}

const struct expr *pattern_expr(struct apply *a, const struct expr *leaf,
                                const struct pattern *pattern)
{
    const struct atom value = {.op = ATOM_PATTERN,
                               .cased = leaf->atom->op == ATOM_PATTERN && leaf->atom->cased,
                               .pattern = *pattern};

    return value_expr(a, leaf, &value);
}

static int plain_failed(struct apply *a, const struct expr *leaf, int r)
{
    if (r == -CE_NOMEM)
        return apply_nomem(a);
    return apply_refuse(a, CE_TOO_BIG, leaf->line, leaf->col, ERR_SIGMA_VALUE_MORE_THAN_BYTES,
                        PLAIN_MAX);
}

/* The part of a plain text as a new value in place of leaf. */
int plain_expr(struct apply *a, const struct expr *leaf, const struct plain *p,
               const struct expr **ret)
{
    struct pattern pattern;
    int r = plain_pattern(p, 0, p->text.len, a->arena, &pattern);

    if (r < 0)
        return plain_failed(a, leaf, r);
    *ret = pattern_expr(a, leaf, &pattern);
    return *ret != NULL ? 0 : -CE_NOMEM;
}

/* A whole number without a point, any other in as few digits as say it: 0.1. */
static void number_text(double v, char *to, size_t size)
{
    double again;

    if (v == floor(v) && fabs(v) < 1e16) {
        (void)snprintf(to, size, "%.0f", v);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(to, size, "%.*g", digits, v);
        if (num_double(slice_str(to), &again) == 0 && again == v)
            return;
    }
}

/* The text of a value that is text, or a number where those count too; false for others. */
bool value_text(const struct atom *atom, bool numbers, struct plain *to)
{
    char text[40];

    if (atom->op == ATOM_PATTERN) {
        plain_write_pattern(to, &atom->pattern);
    } else if (atom->op == ATOM_NUMBER && numbers) {
        number_text(atom->number, text, sizeof(text));
        plain_write_literal(to, slice_str(text));
    } else {
        return false;
    }
    return true;
}

struct text_ctx {
    text_fn fn;
    bool numbers;
};

static int on_text(struct apply *a, const struct expr *leaf, void *ctx, const struct expr **ret)
{
    const struct text_ctx *t = ctx;
    struct plain text = PLAIN_INIT;
    int r = 0;

    if (value_text(leaf->atom, t->numbers, &text))
        r = text.text.err != 0 ? plain_failed(a, leaf, text.text.err) : t->fn(a, leaf, &text, ret);
    plain_done(&text);
    return r;
}

int texts_of_item(struct apply *a, const struct expr *item, text_fn fn, bool numbers,
                  const struct expr **ret)
{
    struct text_ctx ctx = {fn, numbers};

    return map_atoms(a, item, on_text, &ctx, ret);
}

/* The same where the values come to stand under fields of their own. */
int split_item(struct apply *a, const struct expr *item, text_fn fn, const struct expr **ret)
{
    struct expr *loose = arena_new(a->arena, struct expr);
    int r;

    if (loose == NULL)
        return apply_nomem(a);
    *loose = *item;
    loose->item = false;
    r = texts_of_item(a, loose, fn, false, ret);
    if (r == 0 && *ret == loose)
        *ret = item;
    return r;
}
