/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record as JSON in the shape of evtx_dump: attributes under "#attributes", text beside them as
 * "#text", Data elements under their Name. Elements of the same name, and arrays, become arrays.
 */
#include "decode/evtx/binxml.h"
#include "decode/evtx/binxml_plan.h"
#include "decode/evtx/binxml_write.h"

static int write_frame(struct bx_writer *w, const struct bx_frame *f, struct bx_object *o,
                       unsigned depth);

void bx_write_array(struct bx_writer *w, const struct bx_value *v)
{
    struct bx_value item;
    struct bx_text t;
    bool more = false;

    buf_putc(w->out, '[');
    for (uint32_t at = 0; w->out->err == 0 && bx_next_item(v, &at, &item);) {
        size_t before = w->b->scratch_used;

        if (more)
            buf_putc(w->out, ',');
        more = true;
        bx_value_text(w->b, &item, &t);
        bx_write_text(w, &t);
        w->b->scratch_used = before;
    }
    buf_putc(w->out, ']');
}

void bx_write_source(struct bx_writer *w, const struct bx_frame *f, const struct bx_op *op)
{
    size_t before = w->b->scratch_used;
    struct bx_text t;

    bx_source_text(w->b, op, f, &t);
    bx_write_text(w, &t);
    w->b->scratch_used = before;
}

CANH_COLD static void put_mark(struct bx_writer *w, enum bx_mark mark, uint32_t at)
{
    const uint8_t bytes[BX_MARK_BYTES] = {0, (uint8_t)mark, (uint8_t)at, (uint8_t)(at >> 8)};

    buf_append(w->out, bytes, sizeof(bytes));
}

/* In a recording: a member whose name is a mark, without a value. */
CANH_COLD static int record_nested(struct bx_writer *w, uint32_t at, struct bx_object *o)
{
    const uint8_t name[BX_MARK_BYTES] = {0, MARK_NESTED, (uint8_t)at, (uint8_t)(at >> 8)};
    struct slice framed = bx_frame_name(&w->b->record, slice_of(name, sizeof(name)));
    int r = framed.p ? bx_begin_member(w, o, framed)
                     : bx_fail(w->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NO_ROOM_JSON);

    if (r == 0)
        bx_end_value(w, o);
    return r;
}

static int write_nested(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                        const struct bx_value *v, struct bx_object *o, unsigned depth)
{
    struct bx *b = w->b;
    uint32_t from = (uint32_t)(v->p - b->chunk.p);
    int64_t context = v->n > 0 ? bx_context_of(b, f->program, at) : 0;
    struct bx_frame nested;
    int r;

    if (v->n == 0)
        return 0;
    if (depth >= CANH_MIN((uint32_t)BX_DEPTH_MAX, b->limits.max_depth))
        return bx_fail(b, CE_DEPTH, from, ERR_DECODE_EVTX_VALUES_DEEP);
    if (context < 0)
        return (int)context;
    r = bx_open(b, from, from + v->n, (uint32_t)context, &nested);
    if (r == 0)
        r = write_frame(w, &nested, o, depth + 1);
    b->value_count = nested.values_before;
    return r;
}

/* Whether the recording has a mark for what this source says. */
static bool is_marked(const struct bx_writer *w, const struct bx_op *op)
{
    return CANH_UNLIKELY(w->recording) && (op->source == SRC_VALUE || op->source == SRC_MIXED);
}

/* A text or array of operation `at` as the object's value, or as its #text when it has other
 * members. */
static int write_value(struct bx_writer *w, const struct bx_op *op, uint32_t at,
                       struct bx_object *o, const struct bx_value *array, const struct bx_text *t)
{
    bool alone = o->shape == SHAPE_NOTHING && !(array && o->data);
    int r = alone ? 0 : bx_begin_text(w, o);

    if (r < 0)
        return r;
    if (is_marked(w, op))
        put_mark(w, array ? MARK_ARRAY : MARK_TEXT, at);
    else if (array)
        bx_write_array(w, array);
    else if (t)
        bx_write_text(w, t);
    if (alone)
        o->shape = SHAPE_SCALAR;
    else
        bx_end_value(w, o);
    return w->out->err;
}

static int write_text(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                      struct bx_object *o, unsigned depth)
{
    const struct bx_op *op = &f->program->ops[at];
    size_t before = w->b->scratch_used;
    struct bx_text t;
    int r = 0;

    if (op->source == SRC_VALUE) {
        const struct bx_value *v = bx_value_at(f, op->index);

        if (v->type & BX_ARRAY)
            return write_value(w, op, at, o, v, NULL);
        if (v->type == BX_BINXML && w->recording && v->n > 0)
            return record_nested(w, at, o);
        if (v->type == BX_BINXML)
            return write_nested(w, f, at, v, o, depth);
    }
    bx_source_text(w->b, op, f, &t);
    w->vetoed |= (op->flags & BX_BETWEEN) && t.type != VALUE_NULL && is_marked(w, op);
    if (t.type != VALUE_NULL && !((op->flags & BX_BETWEEN) && bx_blank(&t)))
        r = write_value(w, op, at, o, NULL, &t);
    w->b->scratch_used = before;
    return r;
}

static int write_attribute(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                           struct bx_object *o)
{
    const struct bx_op *op = &f->program->ops[at];
    const struct bx_value *v = bx_value_at(f, op->index);
    bool array = op->source == SRC_VALUE && (v->type & BX_ARRAY);
    int r;

    if ((op->flags & (BX_NAMES_DATA | BX_HIDDEN)) || bx_is_null(f, op))
        return 0;
    r = bx_begin_attribute(w, o, f->program->info[at].name);
    if (r < 0)
        return r;
    if (is_marked(w, op))
        put_mark(w, array ? MARK_ARRAY : MARK_TEXT, at);
    else if (array)
        bx_write_array(w, v);
    else if (op->source == SRC_VALUE && v->type < BX_BINXML)
        bx_write_value(w, v);
    else
        bx_write_source(w, f, op);
    return w->out->err;
}

/* What the Name attribute's value at `at` says, framed. */
CANH_COLD static int value_name(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                                struct slice *ret)
{
    struct slice name = bx_data_name(w->b, f, at);
    const struct bx_text t = {name.p, (uint32_t)name.n, VALUE_STRING, FORM_UTF8};
    struct buf escaped = BUF_INIT(BX_SCRATCH);

    bx_json_escape(&escaped, &t);
    *ret = bx_frame_name(&w->b->record, buf_slice(&escaped));
    buf_done(&escaped);
    return ret->p ? 0 : bx_fail(w->b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NO_ROOM_JSON);
}

/* The member name of the element at `at`: its own, or what its Name attribute's value says. */
CANH_INLINE int element_name(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                             struct slice *ret)
{
    const struct bx_program *p = f->program;
    uint32_t a = at + 1;

    *ret = p->info[at].name;
    if (p->ops[at].kind != OP_ELEMENT)
        return 0;
    while (p->ops[a].kind == OP_ATTRIBUTE && !(p->ops[a].flags & BX_NAMES_DATA))
        a++;
    if (p->ops[a].kind != OP_ATTRIBUTE)
        return 0;
    w->vetoed = true;
    return value_name(w, f, a, ret);
}

/* The commonest element: one value and nothing else. */
static bool is_plain_leaf(const struct bx_frame *f, const struct bx_op *op)
{
    return op->kind == OP_LEAF && op->source == SRC_VALUE && !(op->flags & BX_BETWEEN) &&
           bx_value_at(f, op->index)->type < BX_BINXML;
}

static int write_plain_leaf(struct bx_writer *w, const struct bx_frame *f, uint32_t at,
                            struct bx_object *parent)
{
    const struct bx_op *op = &f->program->ops[at];
    int r;

    if (bx_left_out(f, op))
        return 0;
    if (CANH_LIKELY(!w->recording))
        return bx_write_member(w, parent, f->program->info[at].name, bx_value_at(f, op->index));
    r = bx_begin_member(w, parent, f->program->info[at].name);
    if (r == 0) {
        put_mark(w, MARK_VALUE, at);
        bx_end_value(w, parent);
    }
    return r;
}

/* The element at *at with all that is in it; *at is moved behind. */
static int write_element(struct bx_writer *w, const struct bx_frame *f, uint32_t *at,
                         struct bx_object *parent, unsigned depth)
{
    const struct bx_op *ops = f->program->ops;
    struct bx_object o = {.shape = SHAPE_NOTHING};
    struct slice name;
    uint32_t start = *at;
    bool leaf = ops[start].kind == OP_LEAF;
    int r;

    *at = leaf ? start + 1 : ops[start].next;
    if (bx_left_out(f, &ops[start]))
        return 0;
    r = element_name(w, f, start, &name);
    if (r == 0)
        r = bx_begin_member(w, parent, name);
    if (r < 0)
        return r;
    o.start = w->out->len;
    o.first = w->count;
    o.data = slice_is(name, "Data");
    o.distinct = (ops[start].flags & BX_DISTINCT) != 0;
    if (leaf)
        r = write_text(w, f, start, &o, depth);
    for (uint32_t i = start + 1; !leaf && r == 0 && i + 1 < *at;) {
        if (CANH_LIKELY(is_plain_leaf(f, &ops[i])))
            r = write_plain_leaf(w, f, i++, &o);
        else if (ops[i].kind == OP_ATTRIBUTE)
            r = write_attribute(w, f, i++, &o);
        else if (ops[i].kind == OP_TEXT)
            r = write_text(w, f, i++, &o, depth);
        else
            r = write_element(w, f, &i, &o, depth);
    }
    if (r == 0)
        r = bx_end_object(w, &o);
    bx_end_value(w, parent);
    return r;
}

static int write_frame(struct bx_writer *w, const struct bx_frame *f, struct bx_object *o,
                       unsigned depth)
{
    struct bx *b = w->b;
    uint32_t at = 0;

    b->steps += f->program->count;
    if (b->steps > BX_STEPS_MAX)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_ELEMENTS_MANY);
    return write_element(w, f, &at, o, depth);
}

int bx_write_fragment(struct bx_writer *w, const struct bx_frame *f, unsigned depth)
{
    struct bx_object o = {.shape = SHAPE_OBJECT, .distinct = true, .first = w->count};

    return write_frame(w, f, &o, depth);
}

/* One at a time has members: plans have none, and are made while none is written by its elements. */
static struct bx_writer writer_of(struct bx *b, struct buf *out)
{
    return (struct bx_writer){.b = b, .out = out, .members = b->members, .tags = b->tags};
}

/* The fragment in braces. */
static int write_root(struct bx_writer *w, const struct bx_frame *f)
{
    struct bx_object root = {.shape = SHAPE_NOTHING, .start = w->out->len};
    int r = write_frame(w, f, &root, 0);

    return r == 0 ? bx_end_object(w, &root) : r;
}

bool bx_record(struct bx *b, const struct bx_frame *f, struct buf *out)
{
    struct bx_writer w = writer_of(b, out);
    size_t scratch = b->scratch_used;
    uint32_t steps = b->steps;
    bool cut = b->cut, good;

    w.recording = true;
    b->cut = false;
    good = write_root(&w, f) == 0 && out->err == 0 && !w.vetoed && !b->cut;
    b->cut = cut;
    b->scratch_used = scratch;
    b->steps = steps;
    b->reason = 0;
    return good;
}

/* What a plan began and could not end. */
static void take_back(struct bx_writer *w, size_t start, size_t scratch, uint32_t values)
{
    struct bx *b = w->b;

    if (w->out->len > start)
        w->out->err = 0;
    w->out->len = start;
    b->scratch_used = scratch;
    b->value_count = values;
    b->fail_offset = b->opened_from;
    b->steps = 0;
    b->reason = 0;
    b->cut = false;
}

int bx_json(struct bx *b, struct buf *out)
{
    struct bx_writer w = writer_of(b, out);
    size_t scratch = b->scratch_used, start = out->len;
    uint32_t values = b->value_count;
    bool cut = b->cut, done;
    int r = 0;

    if (b->opened.program == NULL)
        return -CE_NOT_FOUND;
    b->event = NULL;
    b->scratch_max = BX_SCRATCH + BX_SCRATCH_JSON;
    b->steps = 0;
    b->reason = 0;
    b->cut = false;
    done = out->err == 0 && bx_plan_write(&w, &b->opened);
    if (!done) {
        take_back(&w, start, scratch, values);
        r = write_root(&w, &b->opened);
    }
    if (r == 0 && b->cut && !cut)
        r = bx_fail(b, CE_TOO_BIG, b->opened_from, ERR_DECODE_EVTX_NO_ROOM_JSON);
    b->scratch_used = scratch;
    b->value_count = values;
    b->cut = cut;
    return r;
}
