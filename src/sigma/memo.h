/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MEMO_H
#define CANH_SIGMA_MEMO_H
/*
 * What the index said of values seen lately. Logs say the same things over and over: programs,
 * users, folders, versions. A value that is remembered is compared byte for byte and need not be
 * folded or looked up. Direct-mapped, of fixed size, one a thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/hash.h"
#include "event/event.h"

enum { MEMO_ENTRIES = 1024, MEMO_TEXT_MAX = 76, MEMO_IDS_MAX = 8 };

struct memo_entry {
    const void *program; /* NULL: empty */
    uint16_t slot;
    uint8_t form;
    uint8_t n, count;
    uint32_t ids[MEMO_IDS_MAX]; /* what was found, `count` of them */
    uint8_t text[MEMO_TEXT_MAX];
};

struct memo {
    struct memo_entry *entries;
    uint64_t seed;
};

CANH_MUST_USE int memo_init(struct memo *m);
void memo_done(struct memo *m);

/* Where the value is remembered, or would be. Only for n ≤ MEMO_TEXT_MAX. */
CANH_INLINE struct memo_entry *memo_place(const struct memo *m, const void *program, uint32_t slot,
                                          const struct field *f)
{
    uint64_t h = hash_bytes(f->text, f->n, m->seed ^ (uint64_t)(uintptr_t)program << 16 ^ slot);

    return &m->entries[h >> 20 & (MEMO_ENTRIES - 1)];
}

CANH_INLINE bool memo_is(const struct memo_entry *e, const void *program, uint32_t slot,
                         const struct field *f)
{
    return e->program == program && e->slot == slot && e->n == f->n && e->form == f->form &&
           memcmp(e->text, f->text, f->n) == 0;
}

/* Begins to remember a value: ids follow by memo_add(). */
void memo_begin(struct memo_entry *e, const void *program, uint32_t slot, const struct field *f);

/* Too many ids: the value is forgotten again. */
CANH_INLINE void memo_add(struct memo_entry *e, uint32_t id)
{
    if (e->count < MEMO_IDS_MAX)
        e->ids[e->count++] = id;
    else
        e->program = NULL;
}

#endif
