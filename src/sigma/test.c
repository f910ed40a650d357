/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each kind of test means for a field's values. A test over several values holds when any of
 * them satisfies it.
 */
#include "base/utf.h"
#include "sigma/atom.h"
#include "sigma/find.h"
#include "sigma/runner.h"

static struct slice text_of(struct runner *r, const struct test *t, struct value *v)
{
    bool failed = false;
    struct slice s =
        t->cased ? value_plain(v, &r->scratch, &failed) : value_fold(v, &r->scratch, &failed);

    r->no_memory += failed;
    return s;
}

static struct slice plain_of(struct runner *r, struct value *v)
{
    bool failed = false;
    struct slice s = value_plain(v, &r->scratch, &failed);

    r->no_memory += failed;
    return s;
}

static bool holds_exact(struct runner *r, const struct test *t, struct value *v)
{
    return slice_eq(text_of(r, t, v), t->text);
}

static bool holds_prefix(struct runner *r, const struct test *t, struct value *v)
{
    return slice_starts(text_of(r, t, v), t->text);
}

static bool holds_suffix(struct runner *r, const struct test *t, struct value *v)
{
    return slice_ends(text_of(r, t, v), t->text);
}

/* Whether the folded value contains the test's folded text. */
static bool has_folded(struct runner *r, const struct test *t, struct value *v)
{
    bool failed = false;
    struct slice fold = value_fold(v, &r->scratch, &failed);

    r->no_memory += failed;
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

static bool holds_contains(struct runner *r, const struct test *t, struct value *v)
{
    /* folded text has slack behind it, plain text may be the record itself */
    return t->cased ? slice_find(plain_of(r, v), t->text) != SIZE_MAX : has_folded(r, t, v);
}

/* Whether the value has the text without which the test cannot hold. */
static bool has_required(struct runner *r, const struct test *t, struct value *v)
{
    return t->text.n == 0 || has_folded(r, t, v);
}

static bool holds_glob(struct runner *r, const struct test *t, struct value *v)
{
    return has_required(r, t, v) && glob_match(t->pattern, text_of(r, t, v));
}

static bool holds_text(struct runner *r, const struct test *t, struct value *v)
{
    (void)r;
    (void)t;
    (void)v;
    return true;
}

static bool holds_number(struct runner *r, const struct test *t, struct value *v)
{
    return atom_number_holds(t->atom, plain_of(r, v));
}

static bool holds_regex(struct runner *r, const struct test *t, struct value *v)
{
    enum regex_result result;
    struct slice plain;

    if (!has_required(r, t, v))
        return false;
    if (t->texts && (v->ascii || utf8_valid(plain_of(r, v))))
        return regex_texts_match(t->pattern, t->atom->regex.flags, text_of(r, t, v));
    if (!t->texts && t->pattern->count > 3 && !glob_match(t->pattern, v->fold))
        return false;
    plain = plain_of(r, v);
    result = regex_search(r->program->regexes[t->regex], r->regex, plain,
                          v->fold.p ? v->ascii : is_ascii(plain));
    r->regex_limits += result == REGEX_GAVE_UP;
    return result == REGEX_MATCH;
}

static bool holds_cidr(struct runner *r, const struct test *t, struct value *v)
{
    return atom_cidr_holds(t->atom, plain_of(r, v));
}

static bool holds_fieldref(struct runner *r, const struct test *t, struct value *v)
{
    struct slice text = text_of(r, t, v);

    for (struct value *o = runner_first(r, t->other); o != NULL; o = runner_next(r, o)) {
        if (value_has_text(o) && atom_fieldref_holds(t->atom, text, text_of(r, t, o)))
            return true;
    }
    return false;
}

static bool holds_timepart(struct runner *r, const struct test *t, struct value *v)
{
    return atom_time_holds(t->atom, plain_of(r, v));
}

typedef bool holds_fn(struct runner *r, const struct test *t, struct value *v);

static holds_fn *const holds[] = {
    [TEST_EXACT] = holds_exact,       [TEST_PREFIX] = holds_prefix,
    [TEST_SUFFIX] = holds_suffix,     [TEST_CONTAINS] = holds_contains,
    [TEST_GLOB] = holds_glob,         [TEST_TEXT] = holds_text,
    [TEST_NUMBER] = holds_number,     [TEST_REGEX] = holds_regex,
    [TEST_CIDR] = holds_cidr,         [TEST_FIELDREF] = holds_fieldref,
    [TEST_TIMEPART] = holds_timepart,
};

bool test_holds_of(struct runner *r, const struct test *t, struct value *v)
{
    return value_has_text(v) && holds[t->kind](r, t, v);
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

bool test_holds(struct runner *r, const struct test *t)
{
    struct value *v = runner_first(r, t->slot);

    if (t->kind == TEST_EXISTS)
        return v != NULL;
    if (t->kind == TEST_NULL) {
        while (v != NULL && value_type_is_null(v->field->type))
            v = runner_next(r, v);
        return v == NULL;
    }
    if (t->slot == SLOT_KEYWORD)
        return keyword_holds(r, t);
    for (; v != NULL; v = runner_next(r, v)) {
        if (test_holds_of(r, t, v))
            return true;
    }
    return false;
}
