/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_VALUE_H
#define CANH_SIGMA_VALUE_H
/*
 * A field's text as the matcher needs it: decoded UTF-8 and its case fold, each made at most once
 * per event and only when asked for, in scratch memory that lives until the next event.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"
#include "event/event.h"
#include "sigma/bytes.h"

/* Bytes of slack that scratch text has behind it, so that wide loads may run over its end. */
enum { VALUE_SLACK = BYTES_SLACK + PREFILTER_WIDTH };

/*
 * Memory for one event's texts, given out front to back. Blocks are kept and reused, so a steady
 * stream allocates nothing; they are bounded by the size of the largest event.
 */
struct scratch {
    const struct bytes *bytes; /* how texts are folded; set by the owner */
    struct scratch_block *blocks, *current;
    uint8_t *at, *end;
};

/* Forgets what was given out. */
void scratch_reset(struct scratch *s);
void scratch_done(struct scratch *s);
/* n bytes plus VALUE_SLACK behind them; NULL without memory. */
uint8_t *scratch_reserve(struct scratch *s, size_t n);

struct pairs;

struct value {
    const struct field *field;
    struct slice plain;  /* p NULL until made */
    struct slice fold;   /* p NULL until made */
    bool ascii;          /* of fold */
    struct pairs *pairs; /* of fold; NULL until made */
    uint32_t next;       /* another value of the same field, or 0 */
};

/* Nothing of it is made yet. */
CANH_INLINE void value_begin(struct value *v, const struct field *field, uint32_t next)
{
    v->field = field;
    v->next = next;
    v->plain.p = v->fold.p = NULL;
    v->pairs = NULL;
}

/* Only strings, numbers and booleans have text. */
CANH_INLINE bool value_has_text(const struct value *v)
{
    return value_type_has_text(v->field->type);
}

/* The text, case kept / folded. Without memory the text is empty and *failed is set. */
struct slice value_plain(struct value *v, struct scratch *s, bool *failed);
struct slice value_fold_slow(struct value *v, struct scratch *s, bool *failed);

CANH_INLINE struct slice value_fold(struct value *v, struct scratch *s, bool *failed)
{
    return v->fold.p != NULL ? v->fold : value_fold_slow(v, s, failed);
}

#endif
