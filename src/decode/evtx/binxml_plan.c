/* SPDX-License-Identifier: Apache-2.0 */
/* How plans are found, and made of what programs do. */
#include "decode/evtx/binxml_plan.h"

#ifdef __SSE2__
#    include <emmintrin.h>
#endif

enum { TYPE_SHIFT = 16 };

/* A value as its descriptor says it, also where there is none. */
CANH_INLINE uint32_t described(const struct bx_frame *f, uint32_t i)
{
    if (f->described != NULL)
        return bx_u32(f->described + (size_t)BX_DESCRIPTOR * i);
    return f->values[i].n | (uint32_t)f->values[i].type << TYPE_SHIFT;
}

static bool want_values(struct bx_plan *plan, const struct bx_frame *f, struct arena *a)
{
    struct bx_wanted *w = &plan->wanted;

    w->is = arena_new_array(a, f->count + 1, uint32_t);
    w->where = arena_new_array(a, f->count + 1, uint32_t);
    w->some = arena_new_array(a, f->count + 1, uint32_t);
    if (w->is == NULL || w->where == NULL || w->some == NULL)
        return false;
    plan->count = f->count;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct bx_value *v = &f->values[i];

        w->is[i] = described(f, i);
        w->where[i] = 0xFFu << TYPE_SHIFT;
        if (v->type != BX_STRING && (bx_has_sizes(v->type) || v->n == 0))
            w->where[i] |= 0xFFFF;
        else if (v->type != BX_STRING)
            w->some[i] = 1u << 31;
    }
    return true;
}

struct making {
    struct bx *b;
    const struct bx_frame *f;
    struct bx_slot slots[BX_PLAN_SLOTS_MAX + 1];
    uint32_t count;
    uint8_t *text; /* as long as the recording and its quotes */
    uint32_t n, begin;
    size_t room;
    bool nested, failed;
};

static void add_bytes(struct making *m, const void *p, size_t n)
{
    memcpy(m->text + m->n, p, n);
    m->n += (uint32_t)n;
}

/* The piece so far, and what comes behind it. */
static void add_slot(struct making *m, struct bx_slot slot)
{
    if (m->count == BX_PLAN_SLOTS_MAX && slot.kind != SLOT_END) {
        m->failed = true;
        return;
    }
    slot.at = m->begin;
    slot.n = m->n - m->begin;
    m->begin = m->n;
    m->room += slot.n;
    m->slots[m->count++] = slot;
}

/* A string's room is counted by its value, so each is written once. */
static bool has_string(const struct making *m, uint32_t index)
{
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->slots[i].kind == SLOT_STRING && m->slots[i].index == index)
            return true;
    }
    return false;
}

static void add_quoted(struct making *m, struct bx_slot slot)
{
    add_bytes(m, "\"", 1);
    add_slot(m, slot);
    add_bytes(m, "\"", 1);
}

static void add_value(struct making *m, struct bx_slot slot)
{
    const struct bx_value *v = bx_value_at(m->f, slot.index);
    uint8_t type = VALUE_NULL;

    if (v->type == BX_NULL) {
        add_bytes(m, "null", 4);
        return;
    }
    if (v->type == BX_STRING || v->type == BX_XML) {
        m->failed |= has_string(m, slot.index);
        slot.kind = SLOT_STRING;
        add_quoted(m, slot);
        return;
    }
    slot.put = bx_value_put(v, &type);
    slot.kind = slot.put ? SLOT_PUT : SLOT_VALUE;
    if (bx_is_sid(v)) {
        slot.put = bx_put_sid;
        slot.kind = SLOT_SID;
        type = VALUE_STRING;
    }
    m->room += slot.put ? BX_PUT_MAX : 0;
    if (type == VALUE_STRING)
        add_quoted(m, slot);
    else
        add_slot(m, slot);
}

/* Behind the mark of a nested fragment: its quotes and colon are the fragment's own. */
static const uint8_t *add_nested(struct making *m, struct bx_slot slot, const uint8_t *p)
{
    m->failed |= m->nested;
    m->nested = true;
    m->n--;
    slot.kind = SLOT_NESTED;
    add_slot(m, slot);
    return p + 2;
}

static const uint8_t *add_mark(struct making *m, const uint8_t *p)
{
    uint16_t at = bx_u16(p + 2);
    const struct bx_op *op = &m->f->program->ops[at];
    const struct bx_value *v = bx_value_at(m->f, op->index);
    struct bx_slot slot = {.op = at, .index = op->index};
    uint8_t mark = p[1];

    p += BX_MARK_BYTES;
    if (mark == MARK_NESTED)
        return add_nested(m, slot, p);
    if (mark == MARK_ARRAY || op->source == SRC_MIXED || v->type == BX_BINXML) {
        slot.kind = mark == MARK_ARRAY ? SLOT_ARRAY : SLOT_TEXT;
        add_slot(m, slot);
    } else {
        add_value(m, slot);
    }
    return p;
}

static void read_recording(struct making *m, struct slice s)
{
    const uint8_t *p = s.p, *end = s.p + s.n;

    while (p < end && !m->failed) {
        const uint8_t *mark = memchr(p, 0, (size_t)(end - p));
        size_t n = (size_t)((mark ? mark : end) - p);

        add_bytes(m, p, n);
        p = mark ? add_mark(m, mark) : end;
    }
    add_slot(m, (struct bx_slot){.kind = SLOT_END});
}

/* False: without memory. */
static bool keep_json(struct bx_plan *plan, struct making *m, struct arena *a)
{
    struct bx_slot *slots = arena_new_array(a, m->count, struct bx_slot);

    if (slots == NULL)
        return false;
    memcpy(slots, m->slots, m->count * sizeof(*slots));
    plan->slots = slots;
    plan->text = slice_of(m->text, m->n);
    plan->room = m->room + BX_PIECE_ROOM;
    return true;
}

static bool make_json(struct bx *b, const struct bx_frame *f, struct bx_plan *plan)
{
    struct arena *a = &b->cache.arena;
    struct making m = {.b = b, .f = f};

    buf_clear(&b->recorded);
    if (!bx_record(b, f, &b->recorded))
        return false;
    m.text = arena_zalloc(a, b->recorded.len + BX_PIECE_ROOM);
    if (m.text == NULL)
        return false;
    read_recording(&m, buf_slice(&b->recorded));
    return !m.failed && keep_json(plan, &m, a);
}

bool bx_plan_json(struct bx *b, const struct bx_frame *f)
{
    struct bx_plan *plan = f->plan;

    if (CANH_UNLIKELY(plan->json == PLAN_UNTRIED))
        plan->json = make_json(b, f, plan) ? PLAN_READY : PLAN_NEVER;
    return plan->json == PLAN_READY;
}

static bool make_fields(struct bx *b, const struct bx_frame *f, struct bx_plan *plan)
{
    struct bx_tape tape = {.count = 0};
    struct bx_step *steps;

    if (!bx_tape(b, f, &tape))
        return false;
    steps = arena_new_array(&b->cache.arena, tape.count + 1, struct bx_step);
    if (steps == NULL)
        return false;
    memcpy(steps, tape.steps, tape.count * sizeof(*steps));
    plan->steps = steps;
    plan->step_count = tape.count;
    return true;
}

CANH_COLD static struct bx_plan *new_plan(struct bx *b, const struct bx_frame *f)
{
    struct bx_plans *plans = f->program->plans;
    struct arena *a = &b->cache.arena;
    struct bx_plan *plan;
    if (plans->wanted++ == 0 || plans->count == BX_PLANS_MAX || f->count > BX_PLAN_SLOTS_MAX)
        return NULL;
    plan = arena_new(a, struct bx_plan);
    if (plan == NULL || !want_values(plan, f, a))
        return NULL;
    plan->fields = make_fields(b, f, plan);
    plan->next = plans->first;
    plans->first = plan;
    plans->count++;
    return plan;
}

/* Bits of value i that are not as they are wanted. */
CANH_INLINE uint32_t wrong_one(const struct bx_wanted *w, uint32_t d, uint32_t i)
{
    return ((d ^ w->is[i]) & w->where[i]) | (((d & 0xFFFF) - 1) & w->some[i]);
}

#ifdef __SSE2__
CANH_INLINE __m128i load_four(const void *p)
{
    return _mm_loadu_si128((const __m128i_u *)p);
}

CANH_INLINE __m128i wrong_four(const struct bx_wanted *w, __m128i d, uint32_t i)
{
    __m128i differ = _mm_and_si128(_mm_xor_si128(d, load_four(w->is + i)), load_four(w->where + i));
    __m128i less = _mm_add_epi32(_mm_and_si128(d, _mm_set1_epi32(0xFFFF)), _mm_set1_epi32(-1));

    return _mm_or_si128(differ, _mm_and_si128(less, load_four(w->some + i)));
}

/* Of as many as there are fours; *at is moved behind. */
static bool are_fours(const struct bx_wanted *w, const struct bx_frame *f, uint32_t *at)
{
    __m128i wrong = _mm_setzero_si128();
    uint32_t i = 0;

    for (; i + 4 <= f->count; i += 4)
        wrong = _mm_or_si128(wrong,
                             wrong_four(w, load_four(f->described + (size_t)BX_DESCRIPTOR * i), i));
    *at = i;
    return _mm_movemask_epi8(_mm_cmpeq_epi32(wrong, _mm_setzero_si128())) == 0xFFFF;
}
#else
static bool are_fours(const struct bx_wanted *w, const struct bx_frame *f, uint32_t *at)
{
    (void)w;
    (void)f;
    (void)at;
    return true;
}
#endif

static bool is_for(const struct bx_plan *plan, const struct bx_frame *f)
{
    const struct bx_wanted *w = &plan->wanted;
    uint32_t wrong = 0, i = 0;

    if (plan->count != f->count || (f->described != NULL && !are_fours(w, f, &i)))
        return false;
    for (; i < f->count; i++)
        wrong |= wrong_one(w, described(f, i), i);
    return wrong == 0;
}

void bx_plan_find(struct bx *b, struct bx_frame *f)
{
    struct bx_plans *plans = b->planless ? NULL : f->program->plans;
    struct bx_plan *plan = plans ? plans->first : NULL;

    while (plan != NULL && !is_for(plan, f))
        plan = plan->next;
    f->plan = plan == NULL && plans != NULL ? new_plan(b, f) : plan;
}
