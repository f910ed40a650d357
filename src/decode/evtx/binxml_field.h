/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_BINXML_FIELD_H
#define CANH_DECODE_BINXML_FIELD_H
/* How a field is added to the event, for binxml_run.c and binxml_plan_fields.c. */
#include "decode/evtx/binxml.h"

CANH_INLINE void write_field(struct event *e, uint16_t key, const struct bx_text *t)
{
    e->fields[e->count++] =
        (struct field){.text = t->p, .n = t->n, .key = key, .type = t->type, .form = t->form};
}

/* A field for which there is no more room: kept where somebody mentions it. */
void bx_add_late(struct bx *b, const uint16_t key[2], const struct bx_text *t);

CANH_INLINE void add_field(struct bx *b, const uint16_t key[2], const struct bx_text *t)
{
    struct event *e = b->event;

    if (CANH_UNLIKELY(e->count + (key[1] != KEY_NONE) >= b->max_fields)) {
        bx_add_late(b, key, t);
        return;
    }
    write_field(e, key[0], t);
    if (CANH_UNLIKELY(key[1] != KEY_NONE))
        write_field(e, key[1], t);
}

/* The text of an element or attribute: without any, it is null and empty. */
CANH_INLINE void add_content(struct bx *b, const uint16_t key[2], struct bx_text *t)
{
    if (t->n == 0)
        t->type = VALUE_EMPTY;
    add_field(b, key, t);
}

CANH_INLINE void add_empty_field(struct bx *b, const uint16_t key[2], uint8_t type)
{
    const struct bx_text none = {(const uint8_t *)"", 0, type, FORM_UTF8};

    add_field(b, key, &none);
}

/* What time the event happened, of the first field that says so. */
CANH_INLINE void note_time(struct bx *b, const struct bx_value *v, const struct bx_text *t)
{
    if (b->time_at != UINT32_MAX || t->n == 0)
        return;
    b->time_at = b->event->count;
    b->time = bx_u64(v->p);
}

CANH_INLINE bool is_time(const uint16_t key[2], const struct bx_value *v)
{
    return key[0] == KEY_SYSTEM_TIME && v->type == BX_FILETIME && v->n == 8;
}

#endif
