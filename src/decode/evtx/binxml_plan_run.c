/* SPDX-License-Identifier: Apache-2.0 */
/* Plans' JSON: pieces copied, values written between them. */
#include "decode/evtx/binxml_escape.h"
#include "decode/evtx/binxml_plan.h"

/* NULL: there is not so much. */
CANH_INLINE uint8_t *room_for(struct buf *out, size_t n)
{
    return n <= out->max - out->len ? buf_reserve(out, n) : NULL;
}

/* Behind what is written there is BX_PIECE_ROOM. */
CANH_INLINE uint8_t *copy_piece(uint8_t *to, const uint8_t *p, size_t n)
{
    size_t i = 0;

    do
        memcpy(to + i, p + i, BX_PIECE_ROOM);
    while ((i += BX_PIECE_ROOM) < n);
    return to + n;
}

/* The nested fragment's name is no other member's: it stands nowhere in the plan's text. */
static bool may_join(const struct bx_plan *plan, const struct bx_program *nested)
{
    struct slice name = nested->info[0].name;

    return slice_find(plan->text, slice_of(name.p - 1, name.n + 3)) == SIZE_MAX;
}

static bool run_plan(struct bx_writer *w, const struct bx_frame *f, bool nested, unsigned depth);

/* Strings stand in the record's values, each once, so this is what they take at most. */
static size_t room_of(const struct bx_frame *f)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < f->count; i++)
        bytes += f->values[i].n;
    return f->plan->room + 6 * bytes + f->count * (size_t)ESCAPE_SLACK;
}

/* Its name is known without its values. */
static bool has_own_name(const struct bx_program *p)
{
    uint32_t at = 1;

    while (p->ops[0].kind == OP_ELEMENT && p->ops[at].kind == OP_ATTRIBUTE &&
           !(p->ops[at].flags & BX_NAMES_DATA))
        at++;
    return p->ops[0].kind != OP_ELEMENT || p->ops[at].kind != OP_ATTRIBUTE;
}

/* The comma or brace before the fragment's member is the piece's. */
static bool run_general(struct bx_writer *w, const struct bx_frame *f, unsigned depth)
{
    size_t comma = w->out->len - 1;
    uint8_t before = w->out->p[comma];

    w->out->len--;
    if (bx_write_fragment(w, f, depth) < 0)
        return false;
    w->out->p[comma] = before;
    return true;
}

/* Asked of each fragment, of which a plan has several in turn. */
static bool joins_plan(struct bx_plan *plan, const struct bx_program *nested)
{
    const struct bx_program **known =
        &plan->joining[(uintptr_t)nested / sizeof(*nested) % BX_JOINING];

    if (*known == nested)
        return true;
    if (!has_own_name(nested) || !may_join(plan, nested))
        return false;
    if (nested->plans) /* it stays */
        *known = nested;
    return true;
}

static bool run_fragment(struct bx_writer *w, const struct bx_frame *f, struct bx_plan *around,
                         unsigned depth)
{
    if (!joins_plan(around, f->program))
        return false;
    return f->plan && bx_plan_json(w->b, f) ? run_plan(w, f, true, depth)
                                            : run_general(w, f, depth);
}

/* The fragment at from..to, which mostly is the one whose fields were added last. */
static int open_nested(struct bx *b, uint32_t from, uint32_t to, uint32_t context,
                       struct bx_frame *ret)
{
    int r = 0;

    if (b->nested.program != NULL && b->nested_from == from) {
        *ret = b->nested;
        b->value_count = ret->values_before + ret->count;
        return 0;
    }
    r = bx_open(b, from, to, context, ret);
    if (r == 0)
        bx_plan_find(b, ret);
    return r;
}

static bool run_nested(struct bx_writer *w, const struct bx_frame *f, const struct bx_slot *s,
                       unsigned depth)
{
    struct bx *b = w->b;
    const struct bx_value *v = &f->values[s->index];
    uint32_t from = (uint32_t)(v->p - b->chunk.p);
    int64_t context = bx_context_of(b, f->program, s->op);
    struct bx_frame nested;
    bool good;

    if (context < 0 || depth >= CANH_MIN((uint32_t)BX_DEPTH_MAX, b->limits.max_depth))
        return false;
    good = open_nested(b, from, from + v->n, (uint32_t)context, &nested) == 0 &&
           run_fragment(w, &nested, f->plan, depth + 1);
    b->value_count = nested.values_before;
    return good;
}

static bool run_other(struct bx_writer *w, const struct bx_frame *f, const struct bx_slot *s,
                      unsigned depth)
{
    const struct bx_value *v = &f->values[s->index];

    switch (s->kind) {
    case SLOT_SID:
        return false;
    case SLOT_VALUE:
        bx_write_value(w, v);
        break;
    case SLOT_TEXT:
        bx_write_source(w, f, &f->program->ops[s->op]);
        break;
    case SLOT_ARRAY:
        bx_write_array(w, v);
        break;
    default:
        return run_nested(w, f, s, depth);
    }
    return w->out->err == 0;
}

static bool run_plan(struct bx_writer *w, const struct bx_frame *f, bool nested, unsigned depth)
{
    struct buf *out = w->out;
    const size_t room = room_of(f);
    uint8_t *to = room_for(out, room);
    const struct bx_slot *s = f->plan->slots;
    const uint8_t *text = f->plan->text.p;
    uint32_t skip = nested; /* the brace */

    w->b->steps += f->program->count;
    if (w->b->steps > BX_STEPS_MAX || to == NULL)
        return false;
    for (;; s++) {
        const struct bx_value *v = &f->values[s->index];
        struct bx_text t;

        to = copy_piece(to, text + s->at + skip, s->n - skip);
        skip = 0;
        if (s->kind == SLOT_STRING) {
            t = bx_string(v->p, v->n);
            to = escape_utf16(to, t.p, t.n / 2);
        } else if (s->kind == SLOT_PUT || (s->kind == SLOT_SID && bx_is_sid(v))) {
            to = s->put(w->b, to, v);
        } else {
            out->len = (size_t)(to - out->p);
            if (s->kind == SLOT_END)
                break;
            if (!run_other(w, f, s, depth) || (to = room_for(out, room)) == NULL)
                return false;
        }
    }
    out->len -= nested;
    return true;
}

bool bx_plan_write(struct bx_writer *w, const struct bx_frame *f)
{
    return f->plan && bx_plan_json(w->b, f) && run_plan(w, f, false, 0);
}
