/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/comparison.h"

#include "base/assert.h"

#define X(OP, row) [ATOM_##OP] = &comparison_##row,
static const struct comparison *const rows[] = {ATOM_OPS(X)};
#undef X

const struct comparison *comparison_of(const struct atom *a)
{
    canh_assert(a->op < CANH_LEN(rows));
    return rows[a->op];
}

bool comparison_absent(const struct atom *a)
{
    const struct comparison *c = comparison_of(a);

    return c->holds_of_field != NULL && c->holds_of_field(false, true);
}

struct slice comparison_other(const struct atom *a)
{
    return comparison_of(a)->two_fields ? a->ref.other : SLICE("");
}

struct atom_words atom_words(const struct atom *a, struct buf *want)
{
    return comparison_of(a)->words(a, want);
}
