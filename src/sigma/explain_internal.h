/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_EXPLAIN_INTERNAL_H
#define CANH_SIGMA_EXPLAIN_INTERNAL_H
/* Between explain.c and the comparisons (modifier/). */
#include "sigma/explain.h"
#include "sigma/regex.h"

enum { EXPLAIN_VALUE_MAX = 16 * 1024 * 1024 }; /* bytes of a field's text */

struct explainer {
    struct arena *arena;
    const struct event *event;
    const struct keys *keys;
    struct regex_context *regex; /* NULL until a regex is searched */
    enum event_view view;
    unsigned depth;
};

/* A field's text, in the arena with 16 readable bytes behind it. p NULL without memory. */
struct slice explain_text(struct explainer *x, const struct field *f);
/* Folded, in the arena. p NULL without memory. */
struct slice explain_folded(struct explainer *x, struct slice s);

/* As the atom compares it: folded unless it is case-sensitive. */
CANH_INLINE struct slice explain_comparable(struct explainer *x, const struct atom *a,
                                            struct slice s)
{
    return a->cased ? s : explain_folded(x, s);
}

#endif
