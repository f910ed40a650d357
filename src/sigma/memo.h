/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_SIGMA_MEMO_H
#define CANH_SIGMA_MEMO_H
/*
 * What the index said of values seen lately. Logs say the same things over and over: programs,
 * users, folders, versions. A value that is remembered is compared byte for byte and need not be
 * folded or looked up. Direct-mapped, of fixed size, one a thread. Marks of what stands where lie
 * close together, so that for a new value no entry is fetched only to see that it holds another.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/hash.h"
#include "event/event.h"
#include "sigma/bytes.h"

/* An entry fills four cache lines. */
enum { MEMO_ENTRIES = 2048, MEMO_TEXT_MAX = 204, MEMO_IDS_MAX = 8 };

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
    uint16_t marks[MEMO_ENTRIES]; /* by place: part of the hash of the value that came last */
};

/* Where a value is remembered, or is to be. */
struct memo_place {
    struct memo_entry *entry; /* NULL: it is longer than MEMO_TEXT_MAX */
    bool marked;              /* the entry may hold it */
};

CANH_MUST_USE int memo_init(struct memo *m);
void memo_done(struct memo *m);

/*
 * A number for a value by its length and some of its bytes, in the same time for all: what falls
 * together is told apart by comparing.
 */
CANH_INLINE uint64_t memo_hash(const uint8_t *p, size_t n, uint64_t seed)
{
    uint64_t a, b, c = 0;

    if (n >= 8) {
        a = hash_read64(p);
        b = hash_read64(p + n - 8);
        c = hash_read64(p + (n - 8) / 2);
    } else if (n >= 4) {
        a = hash_read32(p);
        b = hash_read32(p + n - 4);
    } else {
        a = n ? (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16 : 0;
        b = 0;
    }
    return hash_mix(a ^ seed, b ^ c * HASH_K1 ^ n);
}

CANH_INLINE struct memo_place memo_find(struct memo *m, const void *index, uint32_t slot,
                                        const struct field *f)
{
    uint16_t *mark;
    bool marked;
    uint64_t h;

    if (f->n > MEMO_TEXT_MAX)
        return (struct memo_place){0};
    h = memo_hash(f->text, f->n, m->seed ^ (uint64_t)(uintptr_t)index << 16 ^ slot);
    mark = &m->marks[h >> 20 & (MEMO_ENTRIES - 1)];
    marked = *mark == (uint16_t)(h >> 40);
    *mark = (uint16_t)(h >> 40);
    return (struct memo_place){&m->entries[mark - m->marks], marked};
}

CANH_INLINE bool memo_is(const struct memo_entry *e, const void *index, uint32_t slot,
                         const struct field *f, const struct bytes *bytes)
{
    return e->index == index && e->slot == slot && e->n == f->n && e->form == f->form &&
           bytes->same(e->text, f->text, f->n);
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
