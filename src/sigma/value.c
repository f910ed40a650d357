/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/value.h"

#include <stdlib.h>
#ifdef __SSE2__
#    include <emmintrin.h>
#endif

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
    *s = (struct scratch){0};
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

#ifdef __SSE2__
static __m128i fold16(__m128i v)
{
    /* bytes are signed here, so 'A'..'Z' is one range and high bytes fall outside */
    __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('A' - 1)),
                                  _mm_cmplt_epi8(v, _mm_set1_epi8('Z' + 1)));

    return _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
}
#endif

/* Plain text, as long as it is ASCII. */
static bool fold_plain_ascii(struct slice s, uint8_t *to)
{
    size_t i = 0;
    uint8_t high = 0;

#ifdef __SSE2__
    __m128i all = _mm_setzero_si128();

    for (; i + 16 <= s.n; i += 16) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + i));

        all = _mm_or_si128(all, v);
        _mm_storeu_si128((void *)(to + i), fold16(v));
    }
    if (_mm_movemask_epi8(all) != 0)
        return false;
#endif
    for (; i < s.n; i++) {
        high |= s.p[i];
        to[i] = fold_ascii(s.p[i]);
    }
    return high < 0x80;
}

/*
 * Folds ASCII text that may hold JSON escapes; resolves those of two ASCII characters. Stops at
 * \u escapes and at bytes beyond ASCII, which the slow path takes over from the start.
 */
static bool fold_json_ascii(struct slice s, uint8_t *to, size_t *ret_n)
{
    uint8_t *start = to;
    size_t i = 0;

    while (i < s.n) {
        uint8_t c;
#ifdef __SSE2__
        while (i + 16 <= s.n) {
            __m128i v = _mm_loadu_si128((const void *)(s.p + i));
            __m128i special = _mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
            unsigned mask = (unsigned)_mm_movemask_epi8(special), n;

            _mm_storeu_si128((void *)to, fold16(v));
            n = mask ? (unsigned)__builtin_ctz(mask) : 16;
            i += n;
            to += n;
            if (n < 16)
                break;
        }
        if (i >= s.n)
            break;
#endif
        c = s.p[i];
        if (c == '\\' && i + 1 < s.n) {
            uint8_t e = s.p[i + 1];

            if (e == '\\' || e == '"' || e == '/')
                *to++ = e;
            else if (e == 'n' || e == 'r' || e == 't')
                *to++ = e == 'n' ? '\n' : e == 'r' ? '\r' : '\t';
            else
                return false;
            i += 2;
        } else if (c >= 0x80) {
            return false;
        } else {
            *to++ = fold_ascii(c);
            i++;
        }
    }
    *ret_n = (size_t)(to - start);
    return true;
}

/* UTF-16LE, as long as it is ASCII. */
static bool fold_utf16_ascii(struct slice s, uint8_t *to)
{
    size_t i = 0, units = s.n / 2;
    uint8_t high = 0;

#ifdef __SSE2__
    for (; i + 8 <= units; i += 8) {
        __m128i v = _mm_loadu_si128((const void *)(s.p + 2 * i));
        __m128i beyond = _mm_and_si128(v, _mm_set1_epi16((short)0xFF80));

        if (_mm_movemask_epi8(_mm_cmpeq_epi16(beyond, _mm_setzero_si128())) != 0xFFFF)
            return false;
        _mm_storel_epi64((void *)(to + i), fold16(_mm_packus_epi16(v, v)));
    }
#endif
    for (; i < units; i++) {
        high |= (s.p[2 * i] & 0x80) | s.p[2 * i + 1];
        to[i] = fold_ascii(s.p[2 * i]);
    }
    return high == 0;
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
        done = fold_plain_ascii(text, to);
    } else if (f->form == FORM_JSON) {
        done = fold_json_ascii(text, to, &n);
    } else {
        n = f->n / 2;
        done = fold_utf16_ascii(text, to);
    }
    if (!done)
        return fold_any(v, s, failed);
    scratch_cut(s, to + n);
    v->ascii = true;
    return v->fold = slice_of(to, n);
}
