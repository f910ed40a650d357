/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_TEST_H
#define CANH_SIGMA_TEST_H
/*
 * The texts of values as tests ask for them, for the functions `holds` of comparisons. Without
 * memory they are empty, and the runner counts it.
 */
#include "sigma/runner.h"

CANH_INLINE struct slice test_plain(struct runner *r, struct value *v)
{
    bool failed = false;
    struct slice s = value_plain(v, &r->scratch, &failed);

    r->no_memory += failed;
    return s;
}

CANH_INLINE struct slice test_folded(struct runner *r, struct value *v)
{
    bool failed = false;
    struct slice s = value_fold(v, &r->scratch, &failed);

    r->no_memory += failed;
    return s;
}

/* As the test compares it. */
CANH_INLINE struct slice test_text(struct runner *r, const struct test *t, struct value *v)
{
    return t->cased ? test_plain(r, v) : test_folded(r, v);
}

/* Whether the folded value contains the test's folded text. */
bool test_has_text(struct runner *r, const struct test *t, struct value *v);

/* Whether the value has the text without which the test cannot hold. */
CANH_INLINE bool test_has_required(struct runner *r, const struct test *t, struct value *v)
{
    return t->text.n == 0 || test_has_text(r, t, v);
}

#endif
