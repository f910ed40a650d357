/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test means for a field's values: it holds when any of them satisfies it.
 */
#include "sigma/test.h"

#include "sigma/comparison.h"

bool test_has_text(struct runner *r, const struct test *t, struct value *v)
{
    struct slice fold = test_folded(r, v);

    if (t->text.n < 2 || fold.n > PAIRS_VALUE_MAX)
        return r->scratch.bytes->find(fold, t->text);
    if (v->pairs == NULL) {
        v->pairs = (void *)scratch_reserve(&r->scratch, sizeof(*v->pairs));
        if (v->pairs == NULL)
            return r->scratch.bytes->find(fold, t->text);
        pairs_of(fold, v->pairs);
    }
    return pairs_may_have(v->pairs, t->pairs) && r->scratch.bytes->find(fold, t->text);
}

bool test_holds_of(struct runner *r, const struct test *t, struct value *v)
{
    return value_has_text(v) && t->holds(r, t, v);
}

static bool keyword_holds(struct runner *r, const struct test *t)
{
    runner_link_rest(r);
    for (uint32_t i = 1; i <= r->value_count; i++) {
        if (test_holds_of(r, t, &r->values[i]))
            return true;
    }
    return false;
}

/* Of a test that asks only whether there is a value. */
static bool field_holds(struct runner *r, const struct test *t)
{
    struct value *v = runner_first(r, t->slot);
    bool there = v != NULL;

    while (v != NULL && value_type_is_null(v->field->type))
        v = runner_next(r, v);
    return comparison_of(t->atom)->holds_of_field(there, v == NULL);
}

bool test_holds(struct runner *r, const struct test *t)
{
    if (t->kind == TEST_FIELD)
        return field_holds(r, t);
    if (t->slot == SLOT_KEYWORD)
        return keyword_holds(r, t);
    for (struct value *v = runner_first(r, t->slot); v != NULL; v = runner_next(r, v)) {
        if (test_holds_of(r, t, v))
            return true;
    }
    return false;
}
