/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text, which a value is when nothing else is said: wildcards in it, and contains, startswith and
 * endswith, which say where it stands.
 */
#include "base/fold.h"
#include "lang/err_sigma.h"
#include "lang/msg_explain.h"
#include "sigma/comparison.h"
#include "sigma/find.h"
#include "sigma/item_internal.h"
#include "sigma/pattern.h"
#include "sigma/test.h"

/* On which sides the value may go on. A keyword is found anywhere unless a modifier says where. */
static enum pattern_open open_sides(const struct item *item)
{
    uint32_t position = item->mods & MODS_POSITION;

    if (position)
        return modifier_of(position)->open;
    return item->field.n ? OPEN_NONE : OPEN_BOTH;
}

static int push_pattern(struct item *item, struct pattern pattern)
{
    return item_push(item, (struct atom){.op = ATOM_PATTERN,
                                         .pattern = pattern,
                                         .cased = (item->mods & MOD_CASED) != 0});
}

int item_push_literal(struct item *item, struct slice text)
{
    struct pattern pattern;
    int r = build_spend(item->b, item->at, text.n);

    if (r < 0)
        return r;
    if (pattern_literal(item->b->arena, text, open_sides(item), &pattern) < 0)
        return build_no_memory(item->b);
    return push_pattern(item, pattern);
}

int item_rewrite(struct item *item, uint32_t behind, const struct pattern *p)
{
    uint32_t done = behind ? behind | (behind - 1) : 0;

    for (uint32_t left = item->mods & ~done; left; left &= left - 1) {
        const struct modifier *m = modifier_of(left);

        if (m->rewrite)
            return m->rewrite(item, p);
    }
    return push_pattern(item, *p);
}

int item_push_text(struct item *item, struct slice text)
{
    /* what is encoded goes on, not what it is made of */
    enum pattern_open open = item->mods & MODS_BASE64 ? OPEN_NONE : open_sides(item);
    struct pattern pattern;
    int r = build_spend(item->b, item->at, text.n);

    if (r < 0)
        return r;
    if (pattern_parse(item->b->arena, text, open, &pattern) < 0)
        return build_no_memory(item->b);
    return item_rewrite(item, 0, &pattern);
}

static void identify_pattern(const struct atom *a, struct buf *out)
{
    for (uint32_t i = 0; i < a->pattern.count; i++) {
        struct slice text = a->pattern.parts[i].text;
        uint8_t *to;

        buf_putc(out, (uint8_t)a->pattern.parts[i].kind);
        if (a->pattern.parts[i].kind != PART_TEXT)
            continue;
        buf_append(out, &text.n, sizeof(text.n));
        to = buf_reserve(out, fold_max(text.n));
        if (to == NULL)
            return;
        if (a->cased && text.n)
            memcpy(to, text.p, text.n);
        out->len += a->cased ? text.n : fold_text(text, to);
    }
}

static const struct pattern *fold_pattern(struct program_build *b, const struct pattern *from)
{
    struct pattern *to = arena_new(&b->program->arena, struct pattern);
    struct part *parts = arena_new_array(&b->program->arena, from->count, struct part);

    if (to == NULL || parts == NULL) {
        b->failed = true;
        return from;
    }
    for (uint32_t i = 0; i < from->count; i++)
        parts[i] = (struct part){from->parts[i].kind, program_text(b, from->parts[i].text, false)};
    *to = (struct pattern){parts, from->count};
    return to;
}

static bool holds_exact(struct runner *r, const struct test *t, struct value *v)
{
    return slice_eq(test_text(r, t, v), t->text);
}

static bool holds_prefix(struct runner *r, const struct test *t, struct value *v)
{
    return slice_starts(test_text(r, t, v), t->text);
}

static bool holds_suffix(struct runner *r, const struct test *t, struct value *v)
{
    return slice_ends(test_text(r, t, v), t->text);
}

static bool holds_contains(struct runner *r, const struct test *t, struct value *v)
{
    /* folded text has slack behind it, plain text may be the record itself */
    return t->cased ? slice_find(test_plain(r, v), t->text) != SIZE_MAX : test_has_text(r, t, v);
}

static bool holds_glob(struct runner *r, const struct test *t, struct value *v)
{
    return test_has_required(r, t, v) && glob_match(t->pattern, test_text(r, t, v));
}

static bool holds_any_text(struct runner *r, const struct test *t, struct value *v)
{
    (void)r;
    (void)t;
    (void)v;
    return true;
}

/* Where each kind of test has its text, how that is tried, and what it costs. */
static const struct {
    enum text_place place;
    test_holds_fn *holds;
    uint8_t cost;
} places[] = {
    [TEST_EXACT] = {TEXT_EXACT, holds_exact, 4},
    [TEST_PREFIX] = {TEXT_PREFIX, holds_prefix, 4},
    [TEST_SUFFIX] = {TEXT_SUFFIX, holds_suffix, 4},
    [TEST_CONTAINS] = {TEXT_CONTAINS, holds_contains, 20},
};

/* The one text of a pattern and its place, or TEST_VALUE when it is of another form. */
static enum test_kind pattern_place(const struct pattern *p, struct slice *ret_text)
{
    const struct part *at = p->parts;
    uint32_t n = p->count;
    bool any_first = n > 0 && at[0].kind == PART_ANY,
         any_last = n > 0 && at[n - 1].kind == PART_ANY;

    *ret_text = SLICE("");
    if (n == 0)
        return TEST_EXACT;
    if (n != 1u + any_first + any_last || at[any_first].kind != PART_TEXT)
        return TEST_VALUE;
    *ret_text = at[any_first].text;
    if (any_first)
        return any_last ? TEST_CONTAINS : TEST_SUFFIX;
    return any_last ? TEST_PREFIX : TEST_EXACT;
}

static void prepare_pattern(struct program_build *b, struct test *t)
{
    const struct pattern *p = &t->atom->pattern;
    bool keep = t->cased || t->atom->folded;
    struct slice text;

    t->kind = (uint8_t)pattern_place(p, &text);
    if (t->kind != TEST_VALUE) {
        t->text = program_text(b, text, keep);
        t->holds = places[t->kind].holds;
        t->cost = places[t->kind].cost;
    } else if (p->count == 1 && p->parts[0].kind == PART_ANY) {
        t->holds = holds_any_text;
        t->cost = 2;
    } else {
        t->pattern = keep ? p : fold_pattern(b, p);
        t->text = program_text(b, pattern_longest(t->pattern), false);
    }
}

/* The rarest text that a pattern with wildcards inside cannot do without. */
static struct need glob_need(struct program_build *b, const struct test *t)
{
    const struct pattern *p = t->pattern;
    struct need best = need_value();

    for (uint32_t i = 0; i < p->count; i++) {
        enum text_place place = TEXT_CONTAINS;

        if (p->parts[i].kind != PART_TEXT)
            continue;
        if (i == 0)
            place = TEXT_PREFIX;
        else if (i + 1 == p->count)
            place = TEXT_SUFFIX;
        best = need_rarer(best, need_text(b, t, place, p->parts[i].text));
    }
    if (t->cased && !best.presence)
        best.text = program_text(b, best.text, false);
    return best;
}

static struct need pattern_need(struct program_build *b, const struct test *t)
{
    struct need n;

    if (t->kind == TEST_VALUE)
        return t->pattern ? glob_need(b, t) : need_value();
    n = need_text(b, t, places[t->kind].place,
                  t->cased ? program_text(b, t->text, false) : t->text);
    n.decides = !n.presence && !t->cased;
    return n;
}

static uint8_t pattern_rarity(const struct background *b, const struct atom *a)
{
    struct buf folded = BUF_INIT(SIZE_MAX);
    struct slice text;
    enum test_kind kind = pattern_place(&a->pattern, &text);
    uint8_t *to = kind == TEST_VALUE ? NULL : buf_reserve(&folded, fold_max(text.n)), rarity = 0;

    if (to != NULL)
        rarity = background_rarity(b, places[kind].place, slice_of(to, fold_text(text, to)));
    buf_done(&folded);
    return rarity;
}

static int explain_pattern(struct explainer *x, const struct atom *a, struct slice text,
                           struct verdict *v, bool *ret)
{
    struct part *parts = arena_new_array(x->arena, a->pattern.count + 1, struct part);
    struct pattern pattern = {.parts = parts, .count = a->pattern.count};
    struct slice value = explain_comparable(x, a, text);

    (void)v;
    if (parts == NULL || value.p == NULL)
        return -CE_TOO_BIG;
    for (uint32_t i = 0; i < pattern.count; i++) {
        parts[i] = a->pattern.parts[i];
        if (parts[i].kind == PART_TEXT)
            parts[i].text = explain_comparable(x, a, parts[i].text);
    }
    *ret = glob_match(&pattern, value);
    return 0;
}

static struct atom_words place_words(bool before, bool after)
{
    if (before && after)
        return (struct atom_words){.verb = MSG_EXPLAIN_CONTAINS, .name = "contains"};
    if (before)
        return (struct atom_words){.verb = MSG_EXPLAIN_ENDS, .name = "endswith"};
    if (after)
        return (struct atom_words){.verb = MSG_EXPLAIN_STARTS, .name = "startswith"};
    return (struct atom_words){.verb = MSG_EXPLAIN_IS, .name = "equals"};
}

static struct atom_words pattern_words(const struct atom *a, struct buf *want)
{
    const struct pattern *p = &a->pattern;
    uint32_t n = p->count;
    bool before = n > 0 && p->parts[0].kind == PART_ANY;
    bool after = n > 1 && p->parts[n - 1].kind == PART_ANY;
    struct pattern inner = {.parts = p->parts + before, .count = n - before - after};

    if (n == 0)
        return place_words(false, false);
    if (n == 1 && before) {
        buf_putc(want, '*');
        return (struct atom_words){.verb = MSG_EXPLAIN_ANY_TEXT, .name = "text"};
    }
    if (inner.count != 1 || inner.parts[0].kind != PART_TEXT) {
        pattern_print(p, want);
        return (struct atom_words){.verb = MSG_EXPLAIN_LIKE, .name = "like"};
    }
    buf_append_slice(want, inner.parts[0].text);
    return place_words(before, after);
}

const struct comparison comparison_pattern = {
    .op = ATOM_PATTERN,
    .identify = identify_pattern,
    .prepare = prepare_pattern,
    .cost = 60,
    .holds = holds_glob,
    .need = pattern_need,
    .rarity = pattern_rarity,
    .explain = explain_pattern,
    .words = pattern_words,
};

const struct modifier modifier_contains = {
    .names = {SLICE_INIT("contains")},
    .bit = MOD_CONTAINS,
    .keyword = true,
    .group = {MODS_POSITION, ERR_SIGMA_WHY_ONE_PLACE},
    .open = OPEN_BOTH,
};

const struct modifier modifier_startswith = {
    .names = {SLICE_INIT("startswith")},
    .bit = MOD_STARTSWITH,
    .keyword = true,
    .group = {MODS_POSITION, ERR_SIGMA_WHY_ONE_PLACE},
    .open = OPEN_AFTER,
};

const struct modifier modifier_endswith = {
    .names = {SLICE_INIT("endswith")},
    .bit = MOD_ENDSWITH,
    .keyword = true,
    .group = {MODS_POSITION, ERR_SIGMA_WHY_ONE_PLACE},
    .open = OPEN_BEFORE,
};
