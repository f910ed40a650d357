/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/columns.h"

#include <stdlib.h>

#include "base/cur.h"
#include "base/time.h"

/* Times are stored in the largest of these units that divides all of them. */
static const int64_t units[] = {TIME_SECOND, 1000000, 1000, 1};

static uint8_t common_unit(const struct block *b, bool claimed)
{
    uint8_t u = 0;

    for (uint32_t i = 0; i < b->count; i++) {
        int64_t t = claimed ? b->metas[i].claimed : b->metas[i].received;

        if (claimed && t == TIME_NONE)
            continue;
        while (t % units[u] != 0)
            u++;
    }
    return u;
}

static void write_contexts(const struct block *b, struct buf *out)
{
    write_varint(out, b->context_count);
    for (uint32_t i = 0; i < b->context_count; i++) {
        const struct block_context *x = &b->contexts[i];

        buf_append(out, x->source, JOURNAL_ID_SIZE);
        buf_append(out, x->unit, JOURNAL_ID_SIZE);
        write_varint(out, x->decoder);
        write_varint(out, x->flags);
        buf_putc(out, (uint8_t)x->count);
        write_varint(out, x->base.n);
        buf_append_slice(out, x->base);
    }
}

/* Differences of unsigned numbers wrap, so that any two can be told apart. */
static void write_difference(struct buf *out, uint64_t now, uint64_t before)
{
    write_zigzag(out, (int64_t)(now - before));
}

static uint64_t get_difference(struct cur *c, uint64_t before)
{
    return before + (uint64_t)cur_zigzag(c);
}

/* Where the next record of the same context would stand. */
static uint64_t expected_at(const struct block_context *x, const struct block_meta *last)
{
    return last->at + 1 + (x->count == JOURNAL_AT_BYTE ? last->length : 0);
}

static void write_at(const struct block *b, struct buf *out)
{
    uint64_t *next = calloc(b->context_count ? b->context_count : 1, sizeof(*next));

    if (next == NULL) {
        out->err = -CE_NOMEM;
        return;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        const struct block_meta *m = &b->metas[i];

        write_difference(out, m->at, next[m->context]);
        next[m->context] = expected_at(&b->contexts[m->context], m);
    }
    free(next);
}

void columns_write(const struct block *b, struct buf *out)
{
    uint8_t received_unit = common_unit(b, false), claimed_unit = common_unit(b, true);
    uint64_t before = 0;

    write_contexts(b, out);
    buf_putc(out, received_unit);
    buf_putc(out, claimed_unit);
    for (uint32_t i = 0; i < b->count; i++)
        write_varint(out, b->metas[i].length);
    for (uint32_t i = 0; i < b->count; i++)
        write_varint(out, b->metas[i].context);
    for (uint32_t i = 0; i < b->count; i++) {
        uint64_t t = (uint64_t)(b->metas[i].received / units[received_unit]);

        write_difference(out, t, before);
        before = t;
    }
    before = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        bool none = b->metas[i].claimed == TIME_NONE;
        uint64_t t = none ? before : (uint64_t)(b->metas[i].claimed / units[claimed_unit]);

        buf_putc(out, none ? 0 : 1);
        if (!none)
            write_difference(out, t, before);
        before = t;
    }
    write_at(b, out);
}

enum { CONTEXT_LEAST = 2 * JOURNAL_ID_SIZE + 4 }; /* bytes of the smallest one */

static int get_contexts(struct cur *c, struct block *b)
{
    uint64_t count = cur_varint(c);

    if (c->bad || count > cur_left(c) / CONTEXT_LEAST)
        return -CE_CORRUPT;
    b->contexts = count ? calloc((size_t)count, sizeof(*b->contexts)) : NULL;
    if (count && b->contexts == NULL)
        return -CE_NOMEM;
    b->context_count = b->context_cap = (uint32_t)count;
    for (uint32_t i = 0; i < count; i++) {
        struct block_context *x = &b->contexts[i];
        uint64_t decoder, flags, n;
        struct slice base;

        cur_copy(c, x->source, JOURNAL_ID_SIZE);
        cur_copy(c, x->unit, JOURNAL_ID_SIZE);
        decoder = cur_varint(c);
        flags = cur_varint(c);
        x->count = (enum journal_count)cur_u8(c);
        n = cur_varint(c);
        if (c->bad || decoder > UINT32_MAX || flags > UINT32_MAX || n > JOURNAL_CURSOR_MAX ||
            x->count > JOURNAL_AT_BYTE)
            return -CE_CORRUPT;
        x->decoder = (uint32_t)decoder;
        x->flags = (uint32_t)flags;
        base = cur_bytes(c, (size_t)n);
        x->base = arena_dup(&b->arena, base);
        if (x->base.p == NULL)
            return -CE_NOMEM;
    }
    return c->bad ? -CE_CORRUPT : 0;
}

static bool get_lengths(struct cur *c, uint32_t count, uint32_t raw_size, struct block *b)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < count && !c->bad; i++) {
        uint64_t n = cur_varint(c);

        if (n > JOURNAL_RAW_MAX || at + n + 1 > raw_size)
            return false;
        b->metas[i].start = (uint32_t)at;
        b->metas[i].length = (uint32_t)n;
        at += n + 1;
    }
    for (uint32_t i = 0; i < count && !c->bad; i++) {
        uint64_t x = cur_varint(c);

        if (x >= b->context_count)
            return false;
        b->metas[i].context = (uint32_t)x;
    }
    return !c->bad && at == raw_size;
}

static bool columns_scale(uint64_t t, uint8_t unit, int64_t *ret)
{
    return !__builtin_mul_overflow((int64_t)t, units[unit], ret);
}

static bool get_times(struct cur *c, uint32_t count, uint8_t received_unit, uint8_t claimed_unit,
                      struct block *b)
{
    uint64_t t = 0;

    for (uint32_t i = 0; i < count && !c->bad; i++) {
        t = get_difference(c, t);
        if (!columns_scale(t, received_unit, &b->metas[i].received))
            return false;
    }
    t = 0;
    for (uint32_t i = 0; i < count && !c->bad; i++) {
        b->metas[i].claimed = TIME_NONE;
        if (cur_u8(c) == 0)
            continue;
        t = get_difference(c, t);
        if (!columns_scale(t, claimed_unit, &b->metas[i].claimed))
            return false;
    }
    return !c->bad;
}

static int get_at(struct cur *c, uint32_t count, struct block *b)
{
    uint64_t *next = calloc(b->context_count ? b->context_count : 1, sizeof(*next));

    if (next == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct block_meta *m = &b->metas[i];

        m->at = get_difference(c, next[m->context]);
        next[m->context] = expected_at(&b->contexts[m->context], m);
    }
    free(next);
    return c->bad ? -CE_CORRUPT : 0;
}

int columns_get(struct slice columns, uint32_t count, uint32_t raw_size, struct block *b)
{
    struct cur c = cur_of(columns);
    uint8_t received_unit, claimed_unit;
    int r;

    if (count > columns.n) /* each record takes several bytes */
        return -CE_CORRUPT;
    r = get_contexts(&c, b);
    if (r < 0)
        return r;
    received_unit = cur_u8(&c);
    claimed_unit = cur_u8(&c);
    if (received_unit >= CANH_LEN(units) || claimed_unit >= CANH_LEN(units))
        return -CE_CORRUPT;
    if (count > b->cap) {
        free(b->metas);
        b->metas = malloc(count * sizeof(*b->metas));
        b->cap = b->metas ? count : 0;
    }
    if (count > b->cap)
        return -CE_NOMEM;
    if (!get_lengths(&c, count, raw_size, b) ||
        !get_times(&c, count, received_unit, claimed_unit, b))
        return -CE_CORRUPT;
    r = get_at(&c, count, b);
    if (r < 0)
        return r;
    if (cur_left(&c))
        return -CE_CORRUPT;
    b->count = count;
    return 0;
}
