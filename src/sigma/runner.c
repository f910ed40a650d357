/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/runner.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "sigma/atom.h"

enum { TURN_MAX = UINT32_MAX - 1 };

int runner_init(struct runner *r)
{
    *r = (struct runner){.scratch.bytes = bytes_best()};
    r->values = calloc(EVENT_FIELDS_MAX + 1, sizeof(*r->values));
    r->regex = regex_context_new(1);
    if (r->values == NULL || r->regex == NULL) {
        runner_done(r);
        return -CE_NOMEM;
    }
    return 0;
}

void runner_done(struct runner *r)
{
    free(r->values);
    free(r->slots);
    free(r->known);
    free(r->holds);
    free(r->decided);
    free(r->entries);
    free(r->candidate);
    free(r->matched);
    scratch_done(&r->scratch);
    memo_done(&r->memo);
    outcomes_done(&r->outcomes);
    r->regex = regex_context_free(r->regex);
    *r = (struct runner){0};
}

/* A zeroed array of at least `count` items; stamps of old turns are worth nothing, so none is kept.
 */
static bool sigma_runner_fit(void *array, size_t size, uint32_t count)
{
    void **p = array, *bigger = calloc(count, size);

    if (bigger == NULL)
        return false;
    free(*p);
    *p = bigger;
    return true;
}

int runner_fit(struct runner *r, const struct program *p)
{
    /* who looks nothing up (reasons.c) has nothing to remember */
    if (p->index != NULL && r->memo.entries == NULL && memo_init(&r->memo) < 0)
        return -CE_NOMEM;
    if (p->index != NULL && r->outcomes.entries == NULL && outcomes_init(&r->outcomes) < 0)
        return -CE_NOMEM;
    if (p->slot_count > r->slot_cap) {
        if (!sigma_runner_fit(&r->slots, sizeof(*r->slots), p->slot_count))
            return -CE_NOMEM;
        r->slot_cap = p->slot_count;
    }
    if (p->test_count > r->test_cap) {
        if (!sigma_runner_fit(&r->known, sizeof(*r->known), p->test_count / 64 + 1) ||
            !sigma_runner_fit(&r->holds, sizeof(*r->holds), p->test_count / 64 + 1) ||
            !sigma_runner_fit(&r->decided, sizeof(*r->decided), p->test_count))
            return -CE_NOMEM;
        r->decided_count = 0;
        r->test_cap = p->test_count;
    }
    if (p->entry_count > r->entry_cap) {
        if (!sigma_runner_fit(&r->entries, sizeof(*r->entries), p->entry_count) ||
            !sigma_runner_fit(&r->candidate, sizeof(*r->candidate), p->entry_count) ||
            !sigma_runner_fit(&r->matched, sizeof(*r->matched), p->entry_count))
            return -CE_NOMEM;
        r->entry_cap = p->entry_count;
    }
    return 0;
}

static void next_turn(struct runner *r)
{
    for (uint32_t i = 0; i < r->decided_count; i++)
        r->known[r->decided[i] / 64] = r->holds[r->decided[i] / 64] = 0;
    r->decided_count = 0;
    if (++r->turn < TURN_MAX)
        return;
    r->turn = 1;
    r->rest_turn = 0;
    if (r->slots != NULL)
        memset(r->slots, 0, r->slot_cap * sizeof(*r->slots));
    if (r->entries != NULL)
        memset(r->entries, 0, r->entry_cap * sizeof(*r->entries));
}

CANH_INLINE void add_candidate(struct runner *r, uint32_t entry)
{
    if (r->entries[entry] == r->turn)
        return;
    r->entries[entry] = r->turn;
    r->candidate[r->candidate_count++] = entry;
    __builtin_prefetch(&r->program->steps[r->program->entries[entry].root]);
}

CANH_INLINE void add_candidates(struct runner *r, const uint32_t *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add_candidate(r, entries[i]);
}

CANH_INLINE bool has_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

CANH_INLINE void decide(struct runner *r, uint32_t test, bool holds)
{
    r->known[test / 64] |= UINT64_C(1) << test % 64;
    r->holds[test / 64] |= (uint64_t)holds << test % 64;
    r->decided[r->decided_count++] = test;
}

static void runner_fire(struct runner *r, uint32_t id)
{
    const struct trigger *t = &r->program->triggers[id];

    canh_assert(id < r->program->trigger_count);
    if (t->test != TEST_NONE) {
        if (has_bit(r->known, t->test))
            return;
        decide(r, t->test, true);
    }
    add_candidates(r, r->program->candidates + t->first_candidate, t->candidate_count);
}

static void runner_hit(void *ctx, uint32_t id)
{
    struct runner *r = ctx;

    if (r->remembering != NULL)
        memo_add(r->remembering, id);
    runner_fire(r, id);
}

CANH_INLINE bool are_digits(uint64_t eight)
{
    uint64_t v = eight ^ 0x3030303030303030u;

    return ((v | (v + 0x7676767676767676u)) & 0x8080808080808080u) == 0;
}

static bool is_plain_integer(struct slice s)
{
    uint64_t tail = nh_tail(s.p, s.n);

    if (s.n == 0 || s.n > 15 || (s.n > 1 && s.p[0] == '0'))
        return false;
    if (s.n < 4)
        tail |= 0x3030303030000000u; /* three bytes */
    return are_digits(tail) && (s.n <= 8 || are_digits(hash_read64(s.p)));
}

/* Looks a numeric value up among the whole numbers that tests ask for. */
static void find_number(struct runner *r, const struct text_index *x, uint32_t number_slot,
                        struct slice text)
{
    uint8_t room[64];
    struct buf canonical = {.p = room, .cap = sizeof(room), .max = sizeof(room) - 16};
    double d;

    if (!is_plain_integer(text)) {
        if (!atom_number_of(text, &d) || d <= -9007199254740992.0 || d >= 9007199254740992.0 ||
            d != (double)(int64_t)d)
            return;
        buf_append_i64(&canonical, (int64_t)d);
        text = buf_slice(&canonical);
    }
    text_index_find(x, r->scratch.bytes, number_slot, text, true, runner_hit, r);
}

static void look_up(struct runner *r, const struct text_index *x, uint32_t slot, struct value *v)
{
    uint16_t number_slot = r->program->number_slot_of[slot];
    bool failed = false;
    struct slice fold = value_fold(v, &r->scratch, &failed);

    r->no_memory += failed;
    text_index_find(x, r->scratch.bytes, slot, fold, v->ascii, runner_hit, r);
    if (number_slot != 0 && text_index_has(x, number_slot))
        find_number(r, x, number_slot, fold);
}

/* Sets off what the index finds for the value, from memory where it was seen lately. */
static void index_value(struct runner *r, const struct text_index *x, uint32_t slot,
                        struct value *v, struct memo_place place)
{
    const struct field *f = v->field;
    struct memo_entry *e = place.entry;

    if (!value_has_text(v))
        return;
    if (e == NULL || !place.marked) { /* what comes but once is not worth a place */
        look_up(r, x, slot, v);
        return;
    }
    if (memo_is(e, x, slot, f, r->scratch.bytes)) {
        for (uint32_t i = 0; i < e->count; i++)
            runner_fire(r, e->ids[i]);
        return;
    }
    memo_begin(e, x, slot, f);
    r->remembering = e;
    look_up(r, x, slot, v);
    r->remembering = NULL;
}

/* Looks up the values to be looked up at once: what is remembered of all is fetched first. */
static void test_each_value(struct runner *r, uint32_t looks)
{
    const struct program *p = r->program;

    for (uint32_t i = 0; i < looks; i++) {
        const struct value *v = &r->values[r->indexed[i]];

        r->places[i] = memo_find(&r->memo, p->index, p->slot_of[v->field->key], v->field);
        if (!r->places[i].marked)
            continue;
        __builtin_prefetch(r->places[i].entry);
        __builtin_prefetch((const uint8_t *)r->places[i].entry + 64);
    }
    for (uint32_t i = 0; i < looks; i++) {
        struct value *v = &r->values[r->indexed[i]];

        index_value(r, p->index, p->slot_of[v->field->key], v, r->places[i]);
    }
}

/* The late index looks at the slot's values, once an event. */
static __attribute__((noinline)) void find_late(struct runner *r, uint32_t slot)
{
    struct slot_state *s = &r->slots[slot];

    if (s->turn != r->turn || s->late == r->turn)
        return;
    s->late = r->turn;
    for (struct value *v = runner_first(r, slot); v != NULL; v = runner_next(r, v))
        index_value(r, r->program->late, slot, v,
                    memo_find(&r->memo, r->program->late, slot, v->field));
}

/* Leaves Channel's slot the values of the event's data alone; returns how many looks remain. */
static CANH_COLD uint32_t prefer_data_channel(struct runner *r, uint32_t count, uint32_t looks)
{
    struct slot_state *s = &r->slots[r->program->slot_of[KEY_CHANNEL]];
    uint32_t kept = 0;

    s->first = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct value *v = &r->values[i + 1];

        if (v->field->key != KEY_DATA_CHANNEL)
            continue;
        v->next = s->first;
        s->first = i + 1;
    }
    for (uint32_t i = 0; i < looks; i++) {
        r->indexed[kept] = r->indexed[i];
        kept += r->values[r->indexed[i]].field->key != KEY_CHANNEL;
    }
    return kept;
}

/* The fields that have a slot, in r->linked; how many. */
static uint32_t pick_fields(struct runner *r)
{
    const struct program *p = r->program;
    const struct field *fields = r->event->fields;
    uint32_t count = 0;

    /* no branch on which fields an event has: nothing could foresee it */
    for (uint32_t i = 0; i < r->event->count; i++) {
        r->linked[count] = (uint16_t)i;
        count += fields[i].key <= p->key_count && p->slot_of[fields[i].key] != 0;
    }
    return count;
}

/* Gives the slots their values, of `count` fields; returns how many are to be looked up at once. */
static uint32_t link_values(struct runner *r, uint32_t count)
{
    const struct program *p = r->program;
    const struct field *fields = r->event->fields;
    uint16_t *linked = r->linked, *indexed = r->indexed;
    uint32_t looks = 0;
    bool data_channel = false;

    for (uint32_t i = 0; i < count; i++) {
        const struct field *f = &fields[linked[i]];
        uint32_t slot = p->slot_of[f->key];
        const struct presence *presence = &p->presence[slot];
        struct slot_state *s = &r->slots[slot];

        if (s->turn != r->turn) {
            *s = (struct slot_state){.turn = r->turn};
            add_candidates(r, p->candidates + presence->first_candidate, presence->candidate_count);
        }
        value_begin(&r->values[i + 1], f, s->first);
        s->first = i + 1;
        indexed[looks] = (uint16_t)(i + 1);
        looks += presence->indexed;
        data_channel |= f->key == KEY_DATA_CHANNEL;
    }
    r->value_count = count;
    return CANH_UNLIKELY(data_channel) ? prefer_data_channel(r, count, looks) : looks;
}

/* Keyword searches look at every value, also those in no slot. */
void runner_link_rest(struct runner *r)
{
    if (r->rest_turn == r->turn)
        return;
    r->rest_turn = r->turn;
    for (uint32_t i = 0; i < r->event->count; i++) {
        const struct field *f = &r->event->fields[i];

        if (f->key > r->program->key_count || r->program->slot_of[f->key] == 0)
            value_begin(&r->values[++r->value_count], f, 0);
    }
}

static void index_keywords(struct runner *r)
{
    runner_link_rest(r);
    for (uint32_t i = 1; i <= r->value_count; i++)
        index_value(r, r->program->index, SLOT_KEYWORD, &r->values[i],
                    memo_find(&r->memo, r->program->index, SLOT_KEYWORD, r->values[i].field));
}

CANH_INLINE bool test_verdict(struct runner *r, uint32_t test)
{
    if (!has_bit(r->known, test))
        decide(r, test, test_holds(r, &r->program->tests[test]));
    return has_bit(r->holds, test);
}

CANH_INLINE bool any_fired(struct runner *r, const struct step *s)
{
    const struct listed *list, *end;
    uint64_t fired = 0;

    if (s->slot != 0)
        find_late(r, s->slot);
    if (!s->list)
        return has_bit(r->holds, s->test);
    canh_assert(s->test < r->program->list_count);
    list = &r->program->lists[s->test];
    end = list + list->more + 1;
    for (; list < end; list++)
        fired |= r->holds[list->word] & list->tests;
    return fired != 0;
}

CANH_INLINE void evaluate(struct runner *r, uint32_t entry)
{
    const struct program *p = r->program;
    uint32_t at = p->entries[entry].root;

    while (at < STEP_FAIL) {
        const struct step *s = &p->steps[at];
        bool holds;

        canh_assert(at < p->step_count);
        holds = s->indexed ? any_fired(r, s) : test_verdict(r, s->test);
        at = holds ? s->yes : s->no;
    }
    if (at == STEP_MATCH)
        r->matched[r->matched_count++] = p->entries[entry].id;
}

/* Evaluates what the index sets off, and what always is. */
static void look_and_evaluate(struct runner *r, uint32_t count, bool keywords)
{
    const struct program *p = r->program;

    next_turn(r);
    scratch_reset(&r->scratch);
    r->candidate_count = 0;
    test_each_value(r, link_values(r, count));
    if (keywords)
        index_keywords(r);
    for (uint32_t i = 0; i < r->candidate_count; i++)
        evaluate(r, r->candidate[i]);
    for (uint32_t i = 0; i < p->always_count; i++)
        evaluate(r, p->always[i]);
}

static bool may_be_number(const struct text_index *x, uint32_t slot, uint32_t number_slot,
                          struct slice number)
{
    return text_index_may_equal(x, slot, number) ||
           (number_slot != 0 && text_index_may_equal(x, number_slot, number));
}

/*
 * A number of which no test asks, in a field of which nothing but whole values is asked: it is as
 * good as any other. Most ports are.
 */
static bool is_any_number(const struct program *p, const struct field *f)
{
    uint32_t slot = p->slot_of[f->key], number_slot = p->number_slot_of[slot];
    struct slice text = slice_of(f->text, f->n);

    if (!p->presence[slot].whole || !value_type_has_text(f->type) || f->form == FORM_UTF16 ||
        !is_plain_integer(text))
        return false;
    return (p->presence[slot].marks & text_mark(text)) == 0 ||
           (!may_be_number(p->index, slot, number_slot, text) &&
            !may_be_number(p->late, slot, number_slot, text));
}

/* Where the outcome of an event is, of which r->linked are the fields that the program asks for. */
static struct outcome_place find_outcome(const struct runner *r, uint32_t count)
{
    struct nh h = nh_begin(r->outcomes.key);

    if (r->outcomes.entries == NULL || !nh_add(&h, (uintptr_t)r->program, NULL, 0))
        return (struct outcome_place){0};
    for (uint32_t i = 0; i < count; i++) {
        const struct field *f = &r->event->fields[r->linked[i]];
        bool any = is_any_number(r->program, f);
        uint64_t n = any ? UINT32_MAX : f->n;

        if (!nh_add(&h,
                    n | (uint64_t)f->key << 32 | (uint64_t)f->type << 48 | (uint64_t)f->form << 56,
                    f->text, any ? 0 : f->n))
            return (struct outcome_place){0};
    }
    return outcomes_find(&r->outcomes, &h);
}

static void use_outcome(struct runner *r, const struct outcome *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        r->matched[i] = v->ids[i];
    r->matched_count = v->count;
    r->candidates += v->candidates;
}

CANH_HOT void runner_run(struct runner *r, const struct program *p, const struct event *e)
{
    uint64_t given_up = r->regex_limits + r->no_memory;
    struct outcome_place place;
    uint32_t count, candidates;
    bool keywords;

    /* runner_fit() made room, and an event has no more fields than may be linked */
    canh_assert(p->test_count <= r->test_cap && p->entry_count <= r->entry_cap);
    canh_assert(p->slot_count <= r->slot_cap && e->count <= EVENT_FIELDS_MAX);
    r->program = p;
    r->event = e;
    r->matched_count = 0;
    count = pick_fields(r);
    place = find_outcome(r, count);
    keywords = text_index_has(p->index, SLOT_KEYWORD) && runner_may_contain(r);
    if (!keywords && outcome_is_known(&place)) {
        use_outcome(r, place.entry);
        return;
    }
    look_and_evaluate(r, count, keywords);
    candidates = r->candidate_count + p->always_count;
    r->candidates += candidates;
    /* what hangs on no field but these */
    if (place.entry != NULL && !keywords && r->rest_turn != r->turn &&
        r->regex_limits + r->no_memory == given_up)
        outcome_keep(&place, candidates, r->matched, r->matched_count);
}
