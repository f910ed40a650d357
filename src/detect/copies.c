/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/copies.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/hash_text.h"

struct copy {
    struct record_id id;
    uint32_t file; /* that had it first; 0: a free slot */
};

static uint64_t hash_of(const struct field *f, uint64_t seed, struct buf *scratch)
{
    uint64_t h;

    if (f->form == FORM_UTF8 ||
        (f->form == FORM_JSON && slice_find_byte(slice_of(f->text, f->n), '\\') == SIZE_MAX))
        return hash_bytes(f->text, f->n, seed);
    if (f->form == FORM_UTF16 && hash_utf16le(f->text, f->n / 2, seed, &h))
        return h;
    buf_clear(scratch);
    field_text(f, scratch);
    return hash_slice(buf_slice(scratch), seed);
}

/* Adds one value; their order does not matter. */
static void add_value(struct record_id *id, const struct field *f, uint64_t seed,
                      struct buf *scratch)
{
    uint64_t h = hash_of(f, seed ^ f->key, scratch);

    id->a += hash_u64(h, seed);
    id->b += hash_u64(h, ~seed);
}

enum { NAMING = 1 << KEY_CHANNEL | 1 << KEY_COMPUTER | 1 << KEY_RECORD_ID };

/* It has a channel, a computer and a record number; mostly its first fields are these. */
static bool is_named(const struct event *e)
{
    unsigned left = NAMING;

    for (uint32_t i = 0; i < e->count && left; i++) {
        const struct field *f = &e->fields[i];
        unsigned bit = f->key <= KEY_SINGLE_LAST && f->type != VALUE_GROUP ? 1u << f->key : 0;

        if (bit & left && f->n == 0)
            return false;
        left &= ~bit;
    }
    return left == 0;
}

struct record_id record_id_of(const struct event *e, uint64_t seed, struct buf *scratch)
{
    struct record_id id = {0, 1};

    if (!is_named(e))
        return (struct record_id){0};
    id.a = (uint64_t)event_time(e);
    for (uint32_t i = 0; i < e->count; i++) {
        const struct field *f = &e->fields[i];

        if (f->key == KEY_NONE || f->key == KEY_SYSTEM_TIME || f->type == VALUE_GROUP)
            continue;
        add_value(&id, f, seed, scratch);
    }
    return id;
}

void copies_done(struct copies *c)
{
    free(c->slots);
    *c = (struct copies){0};
}

static struct copy *find_slot(const struct copies *c, struct record_id id)
{
    uint32_t at = (uint32_t)id.a & (c->cap - 1);

    while (c->slots[at].file != 0 && (c->slots[at].id.a != id.a || c->slots[at].id.b != id.b))
        at = (at + 1) & (c->cap - 1);
    return &c->slots[at];
}

/* Twice the room; false at the limit or without memory. */
static bool copies_grow(struct copies *c)
{
    struct copies more = {.cap = c->cap ? c->cap * 2 : 1024, .count = c->count};

    if (c->count < c->cap / 4 * 3)
        return true;
    if (c->cap >= COPIES_SLOTS || (more.slots = calloc(more.cap, sizeof(*more.slots))) == NULL)
        return false;
    for (uint32_t i = 0; i < c->cap; i++) {
        if (c->slots[i].file != 0)
            *find_slot(&more, c->slots[i].id) = c->slots[i];
    }
    free(c->slots);
    *c = more;
    return true;
}

void copies_fetch(const struct copies *c, struct record_id id)
{
    if (c->cap)
        __builtin_prefetch(&c->slots[(uint32_t)id.a & (c->cap - 1)], 1);
}

bool copies_seen(struct copies *c, struct record_id id, uint32_t file)
{
    bool known = (id.a | id.b) != 0, room = known && copies_grow(c);
    struct copy *slot;

    if (!known || c->cap == 0)
        return false;
    slot = find_slot(c, id);
    if (slot->file != 0)
        return slot->file != file;
    if (room) {
        *slot = (struct copy){id, file};
        c->count++;
    }
    c->full |= !room;
    return false;
}

uint64_t record_mark(struct record_id id)
{
    return id.a == 0 && id.b != 0 ? 1 : id.a;
}

void marks_done(struct marks *m)
{
    free(m->slots);
    *m = (struct marks){0};
}

enum { FILE_BITS = 24 };

/* By its highest bits, so that a table that grows is filled from one end to the other. */
static uint32_t mark_place(const struct marks *m, uint64_t mark)
{
    return (uint32_t)(mark >> (64 - __builtin_ctz(m->cap)));
}

/* The place of a mark: the slots that others took are passed over. */
static uint64_t *mark_slot(const struct marks *m, uint64_t mark)
{
    uint32_t at = mark_place(m, mark);

    while (m->slots[at] != 0 && m->slots[at] >> FILE_BITS != mark >> FILE_BITS)
        at = (at + 1) & (m->cap - 1);
    return &m->slots[at];
}

/* Twice the room; false at the limit or without memory. */
static bool marks_grow(struct marks *m)
{
    struct marks more = {.cap = m->cap ? m->cap * 2 : 4096, .count = m->count};

    if (m->count < m->cap / 4 * 3)
        return true;
    if (m->cap >= MARKS_SLOTS || (more.slots = calloc(more.cap, sizeof(*more.slots))) == NULL)
        return false;
    for (uint32_t i = 0; i < m->cap; i++) {
        if (m->slots[i] != 0)
            *mark_slot(&more, m->slots[i]) = m->slots[i];
    }
    free(m->slots);
    *m = more;
    return true;
}

void marks_fetch(const struct marks *m, uint64_t mark)
{
    if (m->cap)
        __builtin_prefetch(&m->slots[mark_place(m, mark)], 1);
}

bool marks_seen(struct marks *m, uint64_t mark, uint32_t file)
{
    bool room = marks_grow(m);
    uint64_t *slot;

    if (m->cap == 0)
        return false;
    slot = mark_slot(m, mark);
    if (*slot != 0)
        return (*slot & ((1u << FILE_BITS) - 1)) != file;
    if (room) {
        *slot = mark >> FILE_BITS << FILE_BITS | file;
        m->count++;
    }
    m->full |= !room;
    return false;
}
