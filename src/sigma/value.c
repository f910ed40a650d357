/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/value.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/utf.h"

enum { BLOCK_SIZE = 64 * 1024 };

struct scratch_block {
    struct scratch_block *next;
    size_t size;
    uint8_t data[];
};

void scratch_reset(struct scratch *s)
{
    s->current = s->blocks;
    s->at = s->current ? s->current->data : NULL;
    s->end = s->current ? s->at + s->current->size : NULL;
}

void scratch_done(struct scratch *s)
{
    while (s->blocks != NULL) {
        struct scratch_block *next = s->blocks->next;

        free(s->blocks);
        s->blocks = next;
    }
    *s = (struct scratch){.bytes = s->bytes};
}

/* Moves on to a kept block that is large enough, or adds one behind the current. */
static bool next_block(struct scratch *s, size_t need)
{
    struct scratch_block *b = s->current ? s->current->next : s->blocks;
    size_t size = CANH_MAX(need, (size_t)BLOCK_SIZE);

    while (b != NULL && b->size < need)
        b = b->next;
    if (b == NULL) {
        b = malloc(sizeof(*b) + size);
        if (b == NULL)
            return false;
        b->size = size;
        if (s->current != NULL) {
            b->next = s->current->next;
            s->current->next = b;
        } else {
            b->next = s->blocks;
            s->blocks = b;
        }
    }
    s->current = b;
    s->at = b->data;
    s->end = b->data + b->size;
    return true;
}

uint8_t *scratch_reserve(struct scratch *s, size_t n)
{
    uint8_t *p;

    if (n > SIZE_MAX / 4)
        return NULL;
    n = (n + VALUE_SLACK + 7) & ~(size_t)7;
    if (n > (size_t)(s->end - s->at) && !next_block(s, n))
        return NULL;
    p = s->at;
    s->at += n;
    return p;
}

/* Gives back what a reservation did not use; only the latest one can be cut. */
static void scratch_cut(struct scratch *s, const uint8_t *used_end)
{
    size_t used = (size_t)(used_end - s->current->data) + VALUE_SLACK;

    s->at = s->current->data + ((used + 7) & ~(size_t)7);
}

struct slice value_plain(struct value *v, struct scratch *s, bool *failed)
{
    struct buf out = BUF_INIT((size_t)v->field->n * 2);

    if (v->plain.p != NULL)
        return v->plain;
    if (v->field->form == FORM_UTF8) {
        v->plain = slice_of(v->field->n ? v->field->text : (const uint8_t *)"", v->field->n);
        return v->plain;
    }
    out.p = scratch_reserve(s, out.max);
    if (out.p == NULL) {
        *failed = true;
        return v->plain = SLICE("");
    }
    out.cap = out.max;
    field_text(v->field, &out);
    scratch_cut(s, out.p + out.len);
    return v->plain = slice_of(out.p, out.len);
}

static struct slice fold_any(struct value *v, struct scratch *s, bool *failed)
{
    struct slice plain = value_plain(v, s, failed);
    uint8_t *to = scratch_reserve(s, fold_max(plain.n));
    size_t n;

    if (to == NULL) {
        *failed = true;
        return v->fold = SLICE("");
    }
    n = fold_text(plain, to);
    scratch_cut(s, to + n);
    v->fold = slice_of(to, n);
    v->ascii = is_ascii(v->fold);
    return v->fold;
}

struct slice value_fold_slow(struct value *v, struct scratch *s, bool *failed)
{
    const struct field *f = v->field;
    struct slice text = slice_of(f->text, f->n);
    uint8_t *to = scratch_reserve(s, f->n);
    size_t n = f->n;
    bool done;

    if (to == NULL) {
        *failed = true;
        return v->fold = SLICE("");
    }
    if (f->form == FORM_UTF8) {
        done = s->bytes->fold_plain(text, to);
    } else if (f->form == FORM_JSON) {
        done = s->bytes->fold_json(text, to, &n);
    } else {
        n = f->n / 2;
        done = s->bytes->fold_utf16(text, to);
    }
    if (!done)
        return fold_any(v, s, failed);
    scratch_cut(s, to + n);
    v->ascii = true;
    return v->fold = slice_of(to, n);
}
