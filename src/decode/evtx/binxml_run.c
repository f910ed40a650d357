/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "decode/evtx/binxml_field.h"
#include "decode/evtx/binxml_plan.h"

/* FILETIMEs of 1970 and 2200. */
#define FILETIME_1970 116444736000000000ull
#define FILETIME_LAST 189024192000000000ull

static int run(struct bx *b, const struct bx_frame *f, unsigned depth);

CANH_COLD static void tape_add(struct bx *b, struct bx_step step, const uint16_t key[2])
{
    struct bx_tape *tape = b->tape;

    memcpy(step.key, key, sizeof(step.key));
    if (tape->count < CANH_LEN(tape->steps))
        tape->steps[tape->count++] = step;
    else
        tape->vetoed = true;
}

/* A value that is no array and no BinXML. */
CANH_COLD static void tape_value(struct bx *b, const struct bx_op *op, const struct bx_value *v,
                                 const uint16_t key[2])
{
    struct bx_step step = {.index = op->index, .kind = STEP_VALUE};

    if (v->type == BX_NULL) {
        step.index = 0; /* there may be no such value */
        step.kind = STEP_EMPTY;
        step.type = VALUE_EMPTY;
    } else if (v->type == BX_STRING || v->type == BX_XML) {
        step.kind = STEP_STRING;
    } else if ((step.put = bx_value_put(v, &step.type)) != NULL) {
        step.kind = is_time(key, v) ? STEP_TIME : STEP_PUT;
    }
    tape_add(b, step, key);
}

/* With something to write that its type does not tell, a source decides by what it says. */
static void tape_veto(struct bx *b, const struct bx_op *op)
{
    if (b->tape && op->flags & BX_BETWEEN && (op->source == SRC_VALUE || op->source == SRC_MIXED))
        b->tape->vetoed = true;
}

CANH_COLD void bx_add_late(struct bx *b, const uint16_t key[2], const struct bx_text *t)
{
    struct event *e = b->event;

    e->flags |= EVENT_FIELDS_LOST;
    for (unsigned i = 0; i < 2; i++) {
        struct field *room = key[i] == KEY_NONE ? NULL : event_room_over(e->fields, &b->evict);

        if (room != NULL)
            *room = (struct field){
                .text = t->p, .n = t->n, .key = key[i], .type = t->type, .form = t->form};
    }
}

static void add_empty(struct bx *b, const uint16_t key[2], enum value_type type)
{
    if (CANH_UNLIKELY(b->tape != NULL))
        tape_add(b, (struct bx_step){.kind = STEP_EMPTY, .type = (uint8_t)type}, key);
    else
        add_empty_field(b, key, (uint8_t)type);
}

CANH_COLD int bx_add_array(struct bx *b, const uint16_t key[2], const struct bx_value *v)
{
    struct bx_value item;
    struct bx_text t;

    for (uint32_t at = 0; bx_next_item(v, &at, &item);) {
        if (++b->steps > BX_STEPS_MAX)
            return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_VALUES_OVER);
        bx_value_text(b, &item, &t);
        add_content(b, key, &t); /* each stands for an element of its own */
    }
    return 0;
}

/* By a plan, where there is one. */
static int run_frame(struct bx *b, struct bx_frame *f, unsigned depth)
{
    bx_plan_find(b, f);
    return f->plan && f->plan->fields ? bx_plan_fields(b, f, depth) : run(b, f, depth);
}

int bx_run_nested(struct bx *b, const struct bx_frame *f, uint32_t at, const struct bx_value *v,
                  unsigned depth)
{
    uint32_t from = (uint32_t)(v->p - b->chunk.p);
    struct bx_frame nested;
    int64_t context;
    int r;

    if (v->n == 0)
        return 0;
    if (depth >= CANH_MIN((uint32_t)BX_DEPTH_MAX, b->limits.max_depth))
        return bx_fail(b, CE_DEPTH, from, ERR_DECODE_EVTX_VALUES_DEEP);
    context = bx_context_of(b, f->program, at);
    if (context < 0)
        return (int)context;
    r = bx_open(b, from, from + v->n, (uint32_t)context, &nested);
    if (r == 0)
        r = run_frame(b, &nested, depth + 1);
    b->value_count = nested.values_before;
    if (r == 0) {
        b->nested = nested;
        b->nested_from = from;
    }
    return r;
}

struct text_place {
    const uint16_t *key;
    bool attribute; /* absent when null */
    bool between;   /* child elements: absent when null or blank */
};

CANH_COLD static void tape_other(struct bx *b, uint32_t at, const struct bx_op *op,
                                 const struct bx_value *v, const struct text_place *place)
{
    struct bx_step step = {.index = op->index, .op = (uint16_t)at, .kind = STEP_ARRAY};

    if (v->type == BX_BINXML && (v->n == 0 || place->attribute))
        return;
    if (v->type == BX_BINXML)
        step.kind = STEP_NESTED;
    tape_add(b, step, place->key);
}

static int add_value(struct bx *b, const struct bx_frame *f, uint32_t at, const struct bx_value *v,
                     const struct text_place *place, unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    struct bx_text t;

    if (CANH_UNLIKELY(b->tape != NULL) && (v->type & BX_ARRAY || v->type == BX_BINXML)) {
        tape_other(b, at, op, v, place);
        return 0;
    }
    if (v->type & BX_ARRAY)
        return bx_add_array(b, place->key, v);
    if (v->type == BX_BINXML) /* cannot be an attribute's value */
        return place->attribute ? 0 : bx_run_nested(b, f, at, v, depth);
    bx_value_text(b, v, &t);
    if (t.type == VALUE_NULL && (place->attribute || place->between))
        return 0;
    tape_veto(b, op);
    if (place->between && bx_blank(&t))
        return 0;
    if (CANH_UNLIKELY(b->tape != NULL))
        tape_value(b, op, v, place->key);
    else
        add_content(b, place->key, &t);
    return 0;
}

__attribute__((noinline)) static int add_text(struct bx *b, const struct bx_frame *f, uint32_t at,
                                              const uint16_t key[2], unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    bool beside = (op->flags & BX_TWIN) || ((op->flags & BX_UNNAMED) && op->source == SRC_VALUE &&
                                            bx_value_at(f, op->index)->type & BX_ARRAY);
    struct text_place place = {beside ? op->text : key, op->kind == OP_ATTRIBUTE,
                               (op->flags & BX_BETWEEN) != 0};
    struct bx_text t;

    if (op->source == SRC_VALUE)
        return add_value(b, f, at, bx_value_at(f, op->index), &place, depth);
    bx_source_text(b, op, f, &t);
    tape_veto(b, op);
    if (place.between && bx_blank(&t))
        return 0;
    if (CANH_UNLIKELY(b->tape != NULL))
        tape_add(b, (struct bx_step){.op = (uint16_t)at, .kind = STEP_TEXT}, place.key);
    else
        add_content(b, place.key, &t);
    return 0;
}

struct slice bx_data_name(struct bx *b, const struct bx_frame *f, uint32_t at)
{
    struct bx_text t;

    bx_source_text(b, &f->program->ops[at], f, &t);
    buf_clear(&b->name_buf);
    if (t.form == FORM_UTF16)
        bx_utf8(slice_of(t.p, t.n), &b->name_buf);
    else
        buf_append(&b->name_buf, t.p, t.n);
    return buf_slice(&b->name_buf);
}

/* A Data element named by a value: its text's keys are resolved for this record alone. */
CANH_COLD static void name_data(struct bx *b, const struct bx_frame *f, uint32_t at,
                                uint16_t ret[2])
{
    struct slice path[BX_NAMES_DEEP];
    uint32_t n = bx_names(b, f->program, f->program->info[at].path, path);

    path[n - 1] = bx_data_name(b, f, at);
    bx_resolve(b, path, n, ret);
}

struct element {
    bool attributes; /* it has some */
    bool named;
    uint16_t key[2]; /* when named */
};

/* The common case, without calls for strings: a value of its own that is no array and no BinXML. */
CANH_INLINE bool add_plain(struct bx *b, const struct bx_frame *f, const struct bx_op *op,
                           const uint16_t key[2])
{
    const struct bx_value *v = bx_value_at(f, op->index);
    struct bx_text t;

    if (op->source != SRC_VALUE || (op->flags & (BX_TWIN | BX_BETWEEN)) || v->type >= BX_BINXML)
        return false;
    if (b->limits.named && key[0] == KEY_NONE && key[1] == KEY_NONE)
        return true;
    if (CANH_UNLIKELY(b->tape != NULL)) {
        tape_value(b, op, v, key);
        return true;
    }
    if (CANH_LIKELY(v->type == BX_STRING))
        t = bx_string(v->p, v->n);
    else
        bx_value_text(b, v, &t);
    if (CANH_UNLIKELY(is_time(key, v)))
        note_time(b, v, &t);
    add_content(b, key, &t);
    return true;
}

static int run_attribute(struct bx *b, const struct bx_frame *f, uint32_t at, struct element *el,
                         unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];

    if (CANH_UNLIKELY(op->flags & BX_NAMES_DATA)) {
        el->named = true;
        if (b->tape)
            b->tape->vetoed = true;
        name_data(b, f, at, el->key);
        return 0;
    }
    if (bx_is_null(f, op))
        return 0;
    if (!(op->flags & BX_HIDDEN))
        el->attributes = true;
    if ((op->flags & BX_SILENT) || add_plain(b, f, op, op->key))
        return 0;
    return add_text(b, f, at, op->key, depth);
}

/* The value's text would be null. */
static bool has_no_text(struct bx *b, const struct bx_frame *f, const struct bx_op *op)
{
    const struct bx_value *v = bx_value_at(f, op->index);
    struct bx_text t;

    if (op->source != SRC_VALUE || v->n > 0 || v->type == BX_BINXML)
        return false;
    bx_value_text(b, v, &t);
    return t.type == VALUE_NULL;
}

static int run_text(struct bx *b, const struct bx_frame *f, uint32_t at, const struct element *el,
                    unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    const uint16_t *key = el->named ? el->key : el->attributes ? op->text : op->key;

    if (el->attributes && has_no_text(b, f, op)) /* it is not empty, then */
        return 0;
    return add_plain(b, f, op, key) ? 0 : add_text(b, f, at, key, depth);
}

/* What a text of an element amounts to: PART_TEXT, or PART_OTHER where it holds elements. */
enum element_part { PART_NONE, PART_TEXT, PART_OTHER };

static enum element_part text_part(struct bx *b, const struct bx_frame *f, const struct bx_op *op)
{
    const struct bx_value *v = bx_value_at(f, op->index);
    size_t before = b->scratch_used;
    struct bx_text t;

    if (op->source == SRC_VALUE && v->type == BX_BINXML)
        return v->n ? PART_OTHER : PART_NONE;
    if (!(op->flags & BX_BETWEEN) || (op->source == SRC_VALUE && v->type & BX_ARRAY))
        return PART_TEXT;
    bx_source_text(b, op, f, &t);
    b->scratch_used = before; /* it is written again as a field */
    if (t.type != VALUE_NULL)
        tape_veto(b, op);
    return t.type == VALUE_NULL || bx_blank(&t) ? PART_NONE : PART_TEXT;
}

/* The most that the element at `at` has: elements or attributes that are seen, or text. */
CANH_COLD static enum element_part element_has(struct bx *b, const struct bx_frame *f, uint32_t at)
{
    const struct bx_op *ops = f->program->ops;
    enum element_part most = PART_NONE;

    for (uint32_t i = at + 1; i + 1 < ops[at].next && most < PART_OTHER; i++) {
        const struct bx_op *op = &ops[i];

        if (op->kind == OP_ATTRIBUTE) {
            if (!(op->flags & (BX_NAMES_DATA | BX_HIDDEN)) && !bx_is_null(f, op))
                most = PART_OTHER;
        } else if (op->kind == OP_TEXT) {
            most = CANH_MAX(most, text_part(b, f, op));
        } else if (!bx_left_out(f, op)) {
            most = PART_OTHER;
        } else if (op->kind == OP_ELEMENT) {
            i = op->next - 1;
        }
    }
    return most;
}

/* An element that a rule mentions: a group, or empty where all that it may have was left out. */
CANH_COLD static void add_element(struct bx *b, const struct bx_frame *f, uint32_t at)
{
    const struct bx_op *op = &f->program->ops[at];
    enum element_part most = element_has(b, f, at);

    if (most != PART_TEXT)
        add_empty(b, op->key, most == PART_OTHER ? VALUE_GROUP : VALUE_EMPTY);
}

/* One operation; returns the next, or a negative error. */
CANH_INLINE int64_t run_op(struct bx *b, const struct bx_frame *f, uint32_t at, struct element *el,
                           unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    int r = 0;

    switch (op->kind) {
    case OP_LEAF:
        if (!bx_left_out(f, op) && !add_plain(b, f, op, op->key))
            r = add_text(b, f, at, op->key, depth);
        break;
    case OP_ATTRIBUTE:
        r = run_attribute(b, f, at, el, depth);
        break;
    case OP_TEXT:
        r = run_text(b, f, at, el, depth);
        break;
    case OP_ELEMENT:
        el->attributes = el->named = false;
        if (bx_left_out(f, op))
            return op->next;
        if (op->key[0] != KEY_NONE && !(op->flags & BX_BARE))
            add_element(b, f, at);
        break;
    default: /* OP_END */
        if ((op->flags & BX_BARE) && !el->attributes)
            add_empty(b, el->named ? el->key : op->key, VALUE_EMPTY);
        el->attributes = el->named = false;
        break;
    }
    return r < 0 ? r : (int64_t)at + 1;
}

static int run(struct bx *b, const struct bx_frame *f, unsigned depth)
{
    struct element el = {.attributes = false};
    int64_t at = 0;

    b->steps += f->program->count;
    if (b->steps > BX_STEPS_MAX)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_ELEMENTS_MANY);
    while (at >= 0 && at < f->program->count)
        at = run_op(b, f, (uint32_t)at, &el, depth);
    return at < 0 ? (int)at : 0;
}

bool bx_tape(struct bx *b, const struct bx_frame *f, struct bx_tape *tape)
{
    size_t scratch = b->scratch_used;
    uint32_t steps = b->steps;
    bool cut = b->cut, good;

    b->tape = tape;
    b->cut = false;
    good = run(b, f, 0) == 0 && !tape->vetoed && !b->cut;
    b->tape = NULL;
    b->cut = cut;
    b->scratch_used = scratch;
    b->steps = steps;
    return good;
}

/* The time is read from its value instead of its text, where it is one that texts can have. */
static void add_time(const struct bx *b, struct event *e)
{
    if (b->time_at >= e->count || b->time < FILETIME_1970 || b->time > FILETIME_LAST ||
        event_get(e, KEY_SYSTEM_TIME) != &e->fields[b->time_at])
        return;
    e->time = (int64_t)(b->time - FILETIME_1970) * 100;
    e->flags |= EVENT_TIME;
}

int bx_fields(struct bx *b, uint32_t from, uint32_t to, struct event *e)
{
    struct bx_frame f;
    int r;

    b->event = e;
    b->value_count = 0;
    b->scratch_used = 0;
    b->scratch_max = BX_SCRATCH;
    b->cut = false;
    b->steps = 0;
    b->evict = b->max_fields;
    arena_clear(&b->record);
    b->opened.program = NULL;
    b->time_at = UINT32_MAX;
    r = bx_open(b, from, to, 0, &f);
    if (r < 0)
        return r;
    r = run_frame(b, &f, 0);
    b->opened = f;
    b->opened_from = from;
    add_time(b, e);
    if (b->cut)
        e->flags |= EVENT_TRUNCATED;
    return r;
}
