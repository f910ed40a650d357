/* SPDX-License-Identifier: Apache-2.0 */
/* Plans' fields: steps that add them one after the other. */
#include "decode/evtx/binxml_field.h"
#include "decode/evtx/binxml_plan.h"

CANH_INLINE struct bx_text put_text(struct bx *b, const struct bx_step *s, const struct bx_value *v)
{
    uint8_t *to = b->scratch + b->scratch_used;
    struct bx_text t;

    if (CANH_UNLIKELY(b->scratch_max - b->scratch_used < BX_PUT_MAX)) {
        bx_value_text(b, v, &t);
        return t;
    }
    t = (struct bx_text){to, (uint32_t)(s->put(b, to, v) - to), s->type, FORM_UTF8};
    b->scratch_used += t.n;
    return t;
}

static int run_other(struct bx *b, const struct bx_frame *f, const struct bx_step *s,
                     unsigned depth)
{
    const struct bx_value *v = bx_value_at(f, s->index);
    struct bx_text t;

    switch (s->kind) {
    case STEP_ARRAY:
        return bx_add_array(b, s->key, v);
    case STEP_NESTED:
        return bx_run_nested(b, f, s->op, v, depth);
    case STEP_EMPTY:
        add_empty_field(b, s->key, s->type);
        return 0;
    case STEP_TEXT:
        bx_source_text(b, &f->program->ops[s->op], f, &t);
        break;
    case STEP_TIME:
        t = put_text(b, s, v);
        note_time(b, v, &t);
        break;
    default:
        bx_value_text(b, v, &t);
    }
    add_content(b, s->key, &t);
    return 0;
}

int bx_plan_fields(struct bx *b, const struct bx_frame *f, unsigned depth)
{
    const struct bx_step *s = f->plan->steps, *end = s + f->plan->step_count;
    struct bx_text t;
    int r = 0;

    b->steps += f->program->count;
    if (b->steps > BX_STEPS_MAX)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_ELEMENTS_MANY);
    for (; s < end && r == 0; s++) {
        const struct bx_value *v = &f->values[s->index];

        if (s->kind == STEP_STRING) {
            t = bx_string(v->p, v->n);
            add_content(b, s->key, &t);
        } else if (s->kind == STEP_PUT) {
            t = put_text(b, s, v);
            add_content(b, s->key, &t);
        } else {
            r = run_other(b, f, s, depth);
        }
    }
    return r;
}
