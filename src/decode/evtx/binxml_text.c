/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as they stand in a record: arrays, and the runs of literals and values of an operation.
 */
#include "base/assert.h"
#include "base/utf.h"
#include "decode/evtx/binxml.h"

static uint32_t item_size(const struct bx_value *array, uint32_t at)
{
    static const uint8_t sizes[] = {
        [BX_I8] = 1,       [BX_U8] = 1,         [BX_I16] = 2,  [BX_U16] = 2,   [BX_I32] = 4,
        [BX_U32] = 4,      [BX_I64] = 8,        [BX_U64] = 8,  [BX_F32] = 4,   [BX_F64] = 8,
        [BX_BOOL] = 4,     [BX_GUID] = 16,      [BX_SIZE] = 8, [BX_HEX32] = 4, [BX_HEX64] = 8,
        [BX_FILETIME] = 8, [BX_SYSTEMTIME] = 16};
    uint8_t type = array->type & (uint8_t)~BX_ARRAY;
    uint32_t left = array->n - at;

    if (type == BX_SID && left >= BX_SID_HEADER)
        return BX_SID_HEADER + 4u * array->p[at + 1];
    return type < sizeof(sizes) ? sizes[type] : 0;
}

bool bx_next_item(const struct bx_value *array, uint32_t *at, struct bx_value *ret)
{
    uint8_t type = array->type & (uint8_t)~BX_ARRAY;
    uint32_t left = array->n - *at, n;

    if (left == 0)
        return false;
    if (type == BX_STRING) {
        for (n = 0; n + 2 <= left && bx_u16(array->p + *at + n) != 0; n += 2)
            ;
        *ret = (struct bx_value){array->p + *at, n, BX_STRING};
        *at += CANH_MIN(n + 2, left);
        return true;
    }
    if (type == BX_ANSI) {
        const uint8_t *zero = memchr(array->p + *at, 0, left);

        n = zero ? (uint32_t)(zero - array->p - *at) : left;
        *ret = (struct bx_value){array->p + *at, n, BX_ANSI};
        *at += CANH_MIN(n + 1, left);
        return true;
    }
    n = item_size(array, *at);
    if (n == 0 || n > left) { /* of unknown size, or cut off: the rest as bytes */
        n = left;
        type = BX_BINARY;
    }
    *ret = (struct bx_value){array->p + *at, n, type};
    *at += n;
    return true;
}

const struct bx_value bx_no_value = {(const uint8_t *)"", 0, BX_NULL};

/* Appends a part as UTF-16, so that strings among the parts need not be decoded. */
static void append_utf16(struct bx *b, const struct bx_text *t)
{
    size_t n = t->form == FORM_UTF16 ? t->n : (size_t)t->n * 2, room;
    uint8_t *to = bx_scratch(b, n, &room), *start = to;
    unsigned len;

    canh_assert(room <= n);
    room &= ~(size_t)1;
    if (t->form == FORM_UTF16) {
        if (room)
            memcpy(to, t->p, room);
        to += room;
    } else {
        for (uint32_t i = 0; i < t->n && (size_t)(to - start) + 2 <= room; i += len) {
            uint32_t c = utf8_decode(t->p + i, t->n - i, &len); /* rendered text is in the BMP */

            *to++ = (uint8_t)c;
            *to++ = (uint8_t)(c >> 8);
        }
    }
    b->scratch_used += (size_t)(to - start);
}

/* One part's text. What had to be rendered goes to the top of the scratch, out of the way. */
static void part_text(struct bx *b, const struct bx_part *part, const struct bx_frame *f,
                      struct bx_text *ret)
{
    const struct bx_value *v = bx_value_at(f, part->index);

    *ret = (struct bx_text){part->p, part->n, VALUE_STRING, FORM_UTF16};
    if (part->p != NULL)
        return;
    if (!(v->type & BX_ARRAY) && v->type != BX_BINXML)
        bx_value_text(b, v, ret);
}

static void mixed_text(struct bx *b, const struct bx_op *op, const struct bx_frame *f,
                       struct bx_text *ret)
{
    const struct bx_part *parts = op->data;
    size_t rendered = b->scratch_used, start;
    struct bx_text t;

    /* first all renderings, so that the joined text behind them is in one piece */
    for (uint32_t i = 0; i < op->n; i++)
        part_text(b, &parts[i], f, &t);
    start = b->scratch_used;
    for (uint32_t i = 0; i < op->n; i++) {
        size_t joined = b->scratch_used;

        b->scratch_used = rendered;
        part_text(b, &parts[i], f, &t);
        rendered = b->scratch_used;
        b->scratch_used = joined;
        append_utf16(b, &t);
    }
    *ret = (struct bx_text){b->scratch + start, (uint32_t)(b->scratch_used - start), VALUE_STRING,
                            FORM_UTF16};
}

void bx_source_text(struct bx *b, const struct bx_op *op, const struct bx_frame *f,
                    struct bx_text *ret)
{
    struct bx_value v = {op->data, op->n, BX_STRING};

    if (op->source == SRC_MIXED) {
        mixed_text(b, op, f, ret);
        return;
    }
    if (op->source == SRC_VALUE)
        v = *bx_value_at(f, op->index);
    if (op->source == SRC_NONE || v.type & BX_ARRAY || v.type == BX_BINXML)
        v.type = BX_NULL;
    bx_value_text(b, &v, ret);
}

bool bx_blank(const struct bx_text *t)
{
    uint32_t step = t->form == FORM_UTF16 ? 2 : 1;

    for (uint32_t i = 0; i + step <= t->n; i += step) {
        uint8_t c = t->p[i];

        if ((step == 2 && t->p[i + 1] != 0) || (c != ' ' && c != '\t' && c != '\r' && c != '\n'))
            return false;
    }
    return true;
}
