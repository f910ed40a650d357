/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing triggers: for each expression a set of texts (or field presences) of which one must be
 * there for the expression to be true, as rare as can be had.
 *
 *   a positive test     needs itself
 *   A or B              needs what A needs or what B needs: both sets together
 *   A and B             needs what A needs, and what B needs: the rarer of the two is enough
 *   not A               needs nothing (after pushing the negation down to the tests)
 */
#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fold.h"
#include "sigma/program_build.h"

/* What must be in an event for a test to hold. */
struct need {
    bool possible; /* false: holds without anything being there */
    bool presence; /* any value of the slot will do */
    bool decides;  /* finding it decides the test */
    enum text_place place;
    struct slice text;
    double frequency;
};

struct waker {
    uint32_t entry, next;
};

struct wake_list {
    uint32_t first; /* waker, 0 = none */
    uint32_t count;
};

struct pending {
    uint32_t test; /* TEST_NONE when finding the text decides nothing */
    struct wake_list wakes;
};

struct choose {
    struct build *b;
    struct need *needs;   /* by test */
    uint32_t *trigger_of; /* by test: pending + 1 */
    struct pending *pending;
    uint32_t pending_count, pending_cap;
    struct waker *wakers; /* [0] unused */
    uint32_t waker_count, waker_cap;
    struct wake_list *presence; /* by slot */
};

static const double presence_frequency = 0.9;

static bool has_high(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 0x80)
            return true;
    }
    return false;
}

static struct slice fold_copy(struct build *b, struct slice s)
{
    uint8_t *to = arena_alloc(&b->program->arena, fold_max(s.n));

    if (to == NULL) {
        b->failed = true;
        return SLICE("");
    }
    return slice_of(to, fold_text(s, to));
}

static struct need text_need(const struct build *b, enum text_place place, struct slice text)
{
    struct need n = {.possible = true, .place = place, .text = text};

    if (place == TEXT_CONTAINS && !text_index_can_contain(text)) {
        n.presence = true;
        n.frequency = presence_frequency;
        return n;
    }
    n.frequency = background_frequency(b->background, place, text);
    /* values beyond ASCII are rare, and only they are searched for such texts */
    if (has_high(text))
        n.frequency *= 0.1;
    return n;
}

static struct need rarer(struct need a, struct need b)
{
    return b.frequency < a.frequency ? b : a;
}

/* The rarest text that a pattern with wildcards inside cannot do without. */
static struct need glob_need(const struct build *b, const struct pattern *p)
{
    struct need best = {.possible = true, .presence = true, .frequency = presence_frequency};

    for (uint32_t i = 0; i < p->count; i++) {
        enum text_place place = TEXT_CONTAINS;

        if (p->parts[i].kind != PART_TEXT)
            continue;
        if (i == 0)
            place = TEXT_PREFIX;
        else if (i + 1 == p->count)
            place = TEXT_SUFFIX;
        best = rarer(best, text_need(b, place, p->parts[i].text));
    }
    return best;
}

static struct need test_need(struct build *b, const struct test *t)
{
    static const uint8_t places[] = {[TEST_EXACT] = TEXT_EXACT,
                                     [TEST_PREFIX] = TEXT_PREFIX,
                                     [TEST_SUFFIX] = TEXT_SUFFIX,
                                     [TEST_CONTAINS] = TEXT_CONTAINS};
    struct need n = {.possible = true, .presence = true, .frequency = presence_frequency};

    switch (t->kind) {
    case TEST_EXACT:
    case TEST_PREFIX:
    case TEST_SUFFIX:
    case TEST_CONTAINS:
        n = text_need(b, places[t->kind], t->cased ? fold_copy(b, t->text) : t->text);
        n.decides = !n.presence && !t->cased;
        break;
    case TEST_GLOB:
        n = glob_need(b, t->pattern);
        if (t->cased && !n.presence)
            n.text = fold_copy(b, n.text);
        break;
    case TEST_REGEX:
        if (t->text.n > 0)
            n = text_need(b, TEXT_CONTAINS, t->text);
        break;
    case TEST_NULL:
        n.possible = false;
        break;
    case TEST_NUMBER:
        if (t->twin != 0)
            n = (struct need){.possible = true,
                              .decides = true,
                              .place = TEXT_EXACT,
                              .text = t->text,
                              .frequency = 0.05};
        break;
    default:
        break;
    }
    /* every event has some value, so presence narrows nothing for a keyword */
    if (t->slot == SLOT_KEYWORD && n.presence)
        n.possible = false;
    return n;
}

/* How often the best trigger of a tree fires; INFINITY when it has none. */
static double frequency(const struct choose *c, const struct tree *t, bool negated)
{
    bool all = (t->op == EXPR_AND) != negated; /* behaves like AND */
    double f;

    if (t->op == EXPR_TRUE)
        return INFINITY;
    if (t->op == EXPR_NOT)
        return frequency(c, t->kids[0], !negated);
    if (t->op == EXPR_ATOM)
        return negated || !c->needs[t->test].possible ? INFINITY : c->needs[t->test].frequency;
    f = all ? INFINITY : 0;
    for (uint32_t i = 0; i < t->count; i++) {
        double kid = frequency(c, t->kids[i], negated);

        f = all ? fmin(f, kid) : f + kid;
    }
    return f;
}

static void wake(struct choose *c, struct wake_list *list, uint32_t entry)
{
    if (list->first != 0 && c->wakers[list->first].entry == entry)
        return;
    if (!grow_array((void **)&c->wakers, c->waker_count + 1, &c->waker_cap, sizeof(struct waker))) {
        c->b->failed = true;
        return;
    }
    c->wakers[++c->waker_count] = (struct waker){entry, list->first};
    list->first = c->waker_count;
    list->count++;
}

/* The pending trigger of a test's text, made at first need. */
static struct pending *pending_for(struct choose *c, uint32_t test)
{
    const struct need *n = &c->needs[test];
    const struct test *t = &c->b->program->tests[test];

    if (c->trigger_of[test] != 0)
        return &c->pending[c->trigger_of[test] - 1];
    if (!grow_array((void **)&c->pending, c->pending_count, &c->pending_cap,
                    sizeof(struct pending)) ||
        text_index_add(c->b->program->index, t->twin ? t->twin : t->slot, n->place, n->text,
                       c->pending_count) < 0) {
        c->b->failed = true;
        return NULL;
    }
    c->pending[c->pending_count] = (struct pending){.test = n->decides ? test : TEST_NONE};
    c->b->program->tests[test].indexed = n->decides;
    c->trigger_of[test] = ++c->pending_count;
    return &c->pending[c->pending_count - 1];
}

static void trigger_on(struct choose *c, uint32_t test, uint32_t entry)
{
    struct pending *p;

    if (c->needs[test].presence) {
        wake(c, &c->presence[c->b->program->tests[test].slot], entry);
        return;
    }
    p = pending_for(c, test);
    if (p != NULL)
        wake(c, &p->wakes, entry);
}

/* Registers the entry with the best trigger of the tree, which has one. */
static void select_triggers(struct choose *c, const struct tree *t, bool negated, uint32_t entry)
{
    bool all = (t->op == EXPR_AND) != negated;
    const struct tree *best = NULL;
    double least = INFINITY;

    if (t->op == EXPR_NOT) {
        select_triggers(c, t->kids[0], !negated, entry);
        return;
    }
    if (t->op == EXPR_ATOM) {
        trigger_on(c, t->test, entry);
        return;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        double f = all ? frequency(c, t->kids[i], negated) : 0;

        if (!all) {
            select_triggers(c, t->kids[i], negated, entry);
        } else if (f < least) {
            least = f;
            best = t->kids[i];
        }
    }
    if (best != NULL)
        select_triggers(c, best, negated, entry);
}

/* Whole values, beginnings and ends cost the index nothing more, so it decides them all. */
static void index_cheap_tests(struct choose *c)
{
    const struct program *p = c->b->program;

    for (uint32_t i = 0; i < p->test_count && !c->b->failed; i++) {
        const struct test *t = &p->tests[i];

        if (t->twin != 0 || (t->kind <= TEST_SUFFIX && !t->cased && t->slot != SLOT_KEYWORD))
            (void)pending_for(c, i);
    }
}

static void copy_wakes(struct choose *c, const struct wake_list *list, uint32_t *ret_first,
                       uint32_t *at)
{
    *ret_first = *at;
    for (uint32_t w = list->first; w != 0; w = c->wakers[w].next)
        c->b->program->wake[(*at)++] = c->wakers[w].entry;
}

static int finish(struct choose *c)
{
    struct program *p = c->b->program;
    uint32_t at = 0;

    p->wake = arena_new_array(&p->arena, (size_t)c->waker_count + 1, uint32_t);
    p->triggers = arena_new_array(&p->arena, (size_t)c->pending_count + 1, struct trigger);
    p->presence = arena_new_array(&p->arena, p->slot_count, struct presence);
    if (p->wake == NULL || p->triggers == NULL || p->presence == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < c->pending_count; i++) {
        p->triggers[i] =
            (struct trigger){.test = c->pending[i].test, .wake_count = c->pending[i].wakes.count};
        copy_wakes(c, &c->pending[i].wakes, &p->triggers[i].wakes, &at);
    }
    for (uint32_t i = 0; i < p->slot_count; i++) {
        p->presence[i].wake_count = c->presence[i].count;
        copy_wakes(c, &c->presence[i], &p->presence[i].wakes, &at);
    }
    p->trigger_count = c->pending_count;
    return text_index_seal(p->index, c->b->background, SLOT_KEYWORD);
}

static int choose_all(struct choose *c)
{
    struct program *p = c->b->program;

    for (uint32_t i = 0; i < p->test_count; i++)
        c->needs[i] = test_need(c->b, &p->tests[i]);
    for (uint32_t i = 0; i < p->entry_count; i++) {
        if (frequency(c, c->b->trees[i], false) < INFINITY)
            select_triggers(c, c->b->trees[i], false, i);
        else
            p->always[p->always_count++] = i;
    }
    index_cheap_tests(c);
    return c->b->failed ? -CE_NOMEM : finish(c);
}

int build_triggers(struct build *b)
{
    struct program *p = b->program;
    struct choose c = {.b = b};
    int r = -CE_NOMEM;

    p->index = text_index_new(&p->arena, p->slot_count);
    p->always = arena_new_array(&p->arena, (size_t)p->entry_count + 1, uint32_t);
    c.needs = arena_new_array(&b->scratch, (size_t)p->test_count + 1, struct need);
    c.trigger_of = arena_new_array(&b->scratch, (size_t)p->test_count + 1, uint32_t);
    c.presence = arena_new_array(&b->scratch, p->slot_count, struct wake_list);
    if (p->index && p->always && c.needs && c.trigger_of && c.presence)
        r = choose_all(&c);
    free(c.pending);
    free(c.wakers);
    return r;
}
