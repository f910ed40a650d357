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

#include "base/array.h"
#include "base/err.h"
#include "base/utf.h"
#include "sigma/comparison.h"

struct entry_link {
    uint32_t entry, next;
};

struct entry_list {
    uint32_t first; /* link, 0 = none */
    uint32_t count;
};

struct test_entries {
    uint32_t test; /* TEST_NONE when finding the text decides nothing */
    struct entry_list entries;
};

/* How often what a test needs is there, and the slot that must not be avoided for it. */
struct weight {
    double frequency;
    uint32_t slot;
};

struct choose {
    struct program_build *b;
    struct need *needs;     /* by test */
    struct weight *weights; /* by test */
    uint32_t *trigger_of;   /* by test: pending + 1 */
    struct test_entries *pending;
    uint32_t pending_count, pending_cap;
    struct entry_link *links; /* [0] unused */
    uint32_t link_count, link_cap;
    struct entry_list *presence; /* by slot */
    bool *avoided;               /* by slot, one more for none: triggers are to be elsewhere */
    struct entry_list *uses;     /* by slot: entries with a trigger there */
};

enum { NO_SLOT = UINT16_MAX + 1 };

/* What looking a value up costs, in entries to evaluate. */
static const double look_cost = 0.05;

static struct need test_need(struct program_build *b, const struct test *t)
{
    const struct comparison *c = comparison_of(t->atom);
    struct need n = c->need ? c->need(b, t) : need_value();

    /* every event has some value, so presence narrows nothing for a keyword */
    if (t->slot == SLOT_KEYWORD && n.presence)
        n.possible = false;
    return n;
}

static struct weight weight_of(const struct program *p, const struct need *n, const struct test *t)
{
    return (struct weight){n->possible ? n->frequency : INFINITY,
                           n->presence ? p->slot_count : t->slot};
}

/*
 * How often the best trigger of a tree fires; INFINITY when it has none. Each part remembers its
 * own.
 */
static double trigger_frequency(const struct choose *c, struct tree *t, bool negated)
{
    bool all = (t->op == EXPR_AND) != negated; /* behaves like AND */
    double f;

    if (t->op == EXPR_TRUE)
        return t->frequency = INFINITY;
    if (t->op == EXPR_NOT)
        return t->frequency = trigger_frequency(c, t->kids[0], !negated);
    if (t->op == EXPR_ATOM) {
        const struct weight *w = &c->weights[t->test];

        return t->frequency = negated || c->avoided[w->slot] ? INFINITY : w->frequency;
    }
    f = all ? INFINITY : 0;
    for (uint32_t i = 0; i < t->count; i++) {
        double kid = trigger_frequency(c, t->kids[i], negated);

        f = all ? CANH_MIN(f, kid) : f + kid;
    }
    return t->frequency = f;
}

static void list_add(struct choose *c, struct entry_list *list, uint32_t entry)
{
    if (list->first != 0 && c->links[list->first].entry == entry)
        return;
    if (!array_room(c->links, c->link_count + 1, c->link_cap, TESTS_MAX)) {
        c->b->failed = true;
        return;
    }
    c->links[++c->link_count] = (struct entry_link){entry, list->first};
    list->first = c->link_count;
    list->count++;
}

/* The pending trigger of a test's text, made at first need; `late` says in which index. */
static struct test_entries *pending_for(struct choose *c, uint32_t test, bool late)
{
    const struct need *n = &c->needs[test];
    struct program *p = c->b->program;
    struct test *t = &p->tests[test];

    if (c->trigger_of[test] != 0)
        return &c->pending[c->trigger_of[test] - 1];
    if (!array_room(c->pending, c->pending_count, c->pending_cap, TESTS_MAX) ||
        text_index_add(late ? p->late : p->index, t->number_slot ? t->number_slot : t->slot,
                       n->place, n->text, c->pending_count) < 0) {
        c->b->failed = true;
        return NULL;
    }
    c->pending[c->pending_count] = (struct test_entries){.test = n->decides ? test : TEST_NONE};
    t->indexed = n->decides;
    t->late = late;
    c->trigger_of[test] = ++c->pending_count;
    return &c->pending[c->pending_count - 1];
}

static void trigger_on(struct choose *c, uint32_t test, uint32_t entry)
{
    struct test_entries *p;

    if (c->needs[test].presence) {
        list_add(c, &c->presence[c->b->program->tests[test].slot], entry);
        return;
    }
    p = pending_for(c, test, false);
    if (p != NULL)
        list_add(c, &p->entries, entry);
}

/* What is to be done with a test that was chosen as a trigger of an entry. */
typedef void chosen_fn(struct choose *c, uint32_t test, uint32_t entry);

/* Chooses the best trigger of the tree, which has been weighed and has one. */
static void select_triggers(struct choose *c, const struct tree *t, bool negated, uint32_t entry,
                            chosen_fn *chosen)
{
    bool all = (t->op == EXPR_AND) != negated;
    const struct tree *best = NULL;
    double least = INFINITY;

    if (t->op == EXPR_NOT) {
        select_triggers(c, t->kids[0], !negated, entry, chosen);
        return;
    }
    if (t->op == EXPR_ATOM) {
        chosen(c, t->test, entry);
        return;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        if (!all) {
            select_triggers(c, t->kids[i], negated, entry, chosen);
        } else if (t->kids[i]->frequency < least) {
            least = t->kids[i]->frequency;
            best = t->kids[i];
        }
    }
    if (best != NULL)
        select_triggers(c, best, negated, entry, chosen);
}

static void note_use(struct choose *c, uint32_t test, uint32_t entry)
{
    if (!c->needs[test].presence)
        list_add(c, &c->uses[c->b->program->tests[test].slot], entry);
}

/* How many more entries an event would have to evaluate if no trigger were in the slot. */
static double cost_without(struct choose *c, uint32_t slot)
{
    double more = 0;

    for (uint32_t w = c->uses[slot].first; w != 0 && more < look_cost; w = c->links[w].next) {
        struct tree *t = c->b->trees[c->links[w].entry];
        double with = t->frequency;

        c->avoided[slot] = true;
        more += trigger_frequency(c, t, false) - with;
        c->avoided[slot] = false;
        (void)trigger_frequency(c, t, false);
    }
    return more;
}

/* Slots by how many entries have a trigger there. */
static uint32_t next_slot(const struct choose *c, const bool *done)
{
    uint32_t best = NO_SLOT;

    for (uint32_t s = 0; s < c->b->program->slot_count; s++) {
        if (!done[s] && c->uses[s].count > 0 &&
            (best == NO_SLOT || c->uses[s].count < c->uses[best].count))
            best = s;
    }
    return best;
}

/*
 * Every field that has triggers must be looked up in every event. Where few entries have theirs,
 * and others nearly as rare elsewhere, the look is saved.
 */
static void avoid_slots(struct choose *c)
{
    const struct program_build *b = c->b;
    bool *done = arena_new_array(&c->b->scratch, b->program->slot_count, bool);
    uint32_t slot;

    if (done == NULL) {
        c->b->failed = true;
        return;
    }
    for (uint32_t i = 0; i < b->program->entry_count; i++) {
        if (trigger_frequency(c, b->trees[i], false) < INFINITY)
            select_triggers(c, b->trees[i], false, i, note_use);
    }
    while ((slot = next_slot(c, done)) != NO_SLOT && !b->failed) {
        done[slot] = true;
        if (cost_without(c, slot) >= look_cost)
            continue;
        c->avoided[slot] = true;
        for (uint32_t w = c->uses[slot].first; w != 0; w = c->links[w].next) {
            uint32_t entry = c->links[w].entry;

            (void)trigger_frequency(c, b->trees[entry], false);
            select_triggers(c, b->trees[entry], false, entry, note_use);
        }
    }
}

/*
 * Whole values, beginnings and ends are decided by an index, too, asked when the first of them is
 * needed in an event: one look for all of a slot.
 */
static void index_cheap_tests(struct choose *c)
{
    const struct program *p = c->b->program;

    for (uint32_t i = 0; i < p->test_count && !c->b->failed; i++) {
        const struct test *t = &p->tests[i];

        if (t->number_slot != 0 || (t->kind <= TEST_SUFFIX && !t->cased && t->slot != SLOT_KEYWORD))
            (void)pending_for(c, i, !text_index_has(p->index, t->slot));
    }
}

static void copy_entries(struct choose *c, const struct entry_list *list, uint32_t *ret_first,
                         uint32_t *at)
{
    *ret_first = *at;
    for (uint32_t w = list->first; w != 0; w = c->links[w].next)
        c->b->program->candidates[(*at)++] = c->links[w].entry;
}

static bool is_exact(const struct program *p, uint32_t slot)
{
    return text_index_is_exact(p->index, slot) && text_index_is_exact(p->late, slot);
}

static uint64_t marks_of(const struct program *p, uint32_t slot)
{
    return text_index_marks(p->index, slot) | text_index_marks(p->late, slot);
}

/* Of which slots only whole values are asked for, by tests that an index decides. */
static void find_whole(struct program *p)
{
    for (uint32_t i = 1; i < p->slot_count; i++) {
        uint32_t number = p->number_slot_of[i] ? p->number_slot_of[i] : i;

        p->presence[i].whole = is_exact(p, i) && is_exact(p, number);
        p->presence[i].marks = marks_of(p, i) | marks_of(p, number);
    }
    for (uint32_t i = 0; i < p->test_count; i++) {
        const struct test *t = &p->tests[i];

        if (t->indexed || t->kind == TEST_FIELD)
            continue;
        p->presence[t->slot].whole = false;
        p->presence[t->other].whole = false;
    }
}

static int trigger_finish(struct choose *c)
{
    struct program *p = c->b->program;
    uint32_t at = 0;

    p->candidates = arena_new_array(&p->arena, (size_t)c->link_count + 1, uint32_t);
    p->triggers = arena_new_array(&p->arena, (size_t)c->pending_count + 1, struct trigger);
    p->presence = arena_new_array(&p->arena, p->slot_count, struct presence);
    if (p->candidates == NULL || p->triggers == NULL || p->presence == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < c->pending_count; i++) {
        p->triggers[i] = (struct trigger){.test = c->pending[i].test,
                                          .candidate_count = c->pending[i].entries.count};
        copy_entries(c, &c->pending[i].entries, &p->triggers[i].first_candidate, &at);
    }
    for (uint32_t i = 0; i < p->slot_count; i++) {
        p->presence[i].candidate_count = c->presence[i].count;
        p->presence[i].indexed =
            text_index_has(p->index, i) ||
            (p->number_slot_of[i] != 0 && text_index_has(p->index, p->number_slot_of[i]));
        copy_entries(c, &c->presence[i], &p->presence[i].first_candidate, &at);
    }
    p->trigger_count = c->pending_count;
    if (text_index_seal(p->index, c->b->background, SLOT_KEYWORD) < 0 ||
        text_index_seal(p->late, c->b->background, SLOT_KEYWORD) < 0)
        return -CE_NOMEM;
    find_whole(p);
    return 0;
}

static int choose_all(struct choose *c)
{
    struct program *p = c->b->program;

    for (uint32_t i = 0; i < p->test_count; i++) {
        c->needs[i] = test_need(c->b, &p->tests[i]);
        c->weights[i] = weight_of(p, &c->needs[i], &p->tests[i]);
    }
    avoid_slots(c);
    for (uint32_t i = 0; i < p->entry_count; i++) {
        if (c->b->trees[i]->frequency < INFINITY)
            select_triggers(c, c->b->trees[i], false, i, trigger_on);
        else
            p->always[p->always_count++] = i;
    }
    index_cheap_tests(c);
    return c->b->failed ? -CE_NOMEM : trigger_finish(c);
}

int program_triggers(struct program_build *b)
{
    struct program *p = b->program;
    struct choose c = {.b = b};
    int r = -CE_NOMEM;

    p->index = text_index_new(&p->arena, p->slot_count);
    p->late = text_index_new(&p->arena, p->slot_count);
    p->always = arena_new_array(&p->arena, (size_t)p->entry_count + 1, uint32_t);
    c.needs = arena_alloc(&b->scratch, ((size_t)p->test_count + 1) * sizeof(*c.needs));
    c.trigger_of = arena_new_array(&b->scratch, (size_t)p->test_count + 1, uint32_t);
    c.presence = arena_new_array(&b->scratch, p->slot_count, struct entry_list);
    c.weights = arena_alloc(&b->scratch, ((size_t)p->test_count + 1) * sizeof(*c.weights));
    c.avoided = arena_new_array(&b->scratch, p->slot_count + 1, bool);
    c.uses = arena_new_array(&b->scratch, p->slot_count, struct entry_list);
    if (array_room(c.links, 0, c.link_cap, TESTS_MAX) && c.links && p->index && p->late &&
        p->always && c.needs && c.weights && c.trigger_of && c.presence && c.avoided && c.uses)
        r = choose_all(&c);
    free(c.pending);
    free(c.links);
    return r;
}
