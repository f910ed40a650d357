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
    const void *index; /* NULL: empty */
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

/* Short texts, compared without a call. */
CANH_INLINE bool same_bytes(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t differ = 0;

    if (n < 8) {
        for (size_t i = 0; i < n; i++)
            differ |= a[i] ^ b[i];
        return differ == 0;
    }
    for (size_t i = 0; i + 8 <= n; i += 8)
        differ |= hash_read64(a + i) ^ hash_read64(b + i);
    return (differ | (hash_read64(a + n - 8) ^ hash_read64(b + n - 8))) == 0;
}

/* Where the value is remembered, or would be. Only for n ≤ MEMO_TEXT_MAX. */
CANH_INLINE struct memo_entry *memo_place(const struct memo *m, const void *index, uint32_t slot,
                                          const struct field *f)
{
    uint64_t h = hash_bytes(f->text, f->n, m->seed ^ (uint64_t)(uintptr_t)index << 16 ^ slot);

    return &m->entries[h >> 20 & (MEMO_ENTRIES - 1)];
}

CANH_INLINE bool memo_is(const struct memo_entry *e, const void *index, uint32_t slot,
                         const struct field *f)
{
    return e->index == index && e->slot == slot && e->n == f->n && e->form == f->form &&
           same_bytes(e->text, f->text, f->n);
}

/* Begins to remember a value: ids follow by memo_add(). */
void memo_begin(struct memo_entry *e, const void *index, uint32_t slot, const struct field *f);

/* Too many ids: the value is forgotten again. */
CANH_INLINE void memo_add(struct memo_entry *e, uint32_t id)
{
    if (e->count < MEMO_IDS_MAX)
        e->ids[e->count++] = id;
    else
        e->index = NULL;
}

#endif
