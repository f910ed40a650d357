/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_EVTX_BUILD_H
#define CANH_TESTS_EVTX_BUILD_H
/*
 * Makes EVTX chunks for tests. Names always stand inline, as in the first template of a chunk.
 */
#include <stdint.h>
#include <string.h>

#include "base/crc32.h"
#include "base/slice.h"

enum { BUILD_CHUNK = 65536, BUILD_FIRST = 512 };

struct build {
    uint8_t chunk[BUILD_CHUNK];
    uint32_t at;
    uint32_t record; /* where the open record begins */
    uint64_t first_id, last_id;
};

static inline void put(struct build *b, const void *p, size_t n)
{
    if (n > BUILD_CHUNK - b->at)
        n = BUILD_CHUNK - b->at;
    if (n)
        memcpy(b->chunk + b->at, p, n);
    b->at += (uint32_t)n;
}

static inline void set_le(uint8_t *to, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(v >> 8 * i);
}

static inline void put_le(struct build *b, uint64_t v, unsigned bytes)
{
    uint8_t le[8];

    set_le(le, v, 8);
    put(b, le, bytes);
}

static inline void put_utf16(struct build *b, const char *ascii)
{
    for (; *ascii; ascii++)
        put_le(b, (uint8_t)*ascii, 2);
}

static inline void build_begin(struct build *b)
{
    *b = (struct build){.at = BUILD_FIRST};
}

static inline void record_begin(struct build *b, uint64_t id)
{
    b->record = b->at;
    if (b->first_id == 0)
        b->first_id = id;
    b->last_id = id;
    put_le(b, 0x2A2A, 4);
    put_le(b, 0, 4);
    put_le(b, id, 8);
    put_le(b, 132000000000000000ull, 8); /* 2019-04-17 */
    put_le(b, 0x0001010F, 4);            /* fragment header */
}

static inline void record_end(struct build *b)
{
    uint32_t size;

    while ((b->at + 4) % 8)
        put_le(b, 0, 1);
    size = b->at + 4 - b->record;
    put_le(b, size, 4);
    set_le(b->chunk + b->record + 4, size, 4);
}

/* Header and checksums, for what stands in the chunk now. */
static inline void build_end(struct build *b)
{
    uint8_t *c = b->chunk;
    uint32_t crc;

    memcpy(c, "ElfChnk", 8);
    set_le(c + 8, b->first_id, 8);
    set_le(c + 16, b->last_id, 8);
    set_le(c + 24, b->first_id, 8);
    set_le(c + 32, b->last_id, 8);
    set_le(c + 40, 128, 4);
    set_le(c + 44, b->record, 4);
    set_le(c + 48, b->at, 4);
    set_le(c + 52, crc32_update(0, slice_of(c + 512, b->at - 512)), 4);
    crc = crc32_update(0, slice_of(c, 120));
    set_le(c + 124, crc32_update(crc, slice_of(c + 128, 384)), 4);
}

static inline void put_name(struct build *b, const char *name)
{
    put_le(b, b->at + 4, 4);
    put_le(b, 0, 4); /* next */
    put_le(b, 0, 2); /* hash */
    put_le(b, strlen(name), 2);
    put_utf16(b, name);
    put_le(b, 0, 2);
}

/* dep: a value's index, 0xFFFF for none, negative outside templates. */
static inline void element(struct build *b, const char *name, int dep, int attributes)
{
    put_le(b, attributes ? 0x41 : 0x01, 1);
    if (dep >= 0)
        put_le(b, (unsigned)dep, 2);
    put_le(b, 0, 4); /* size: nobody trusts it */
    put_name(b, name);
    if (attributes)
        put_le(b, 0, 4);
}

static inline void attribute(struct build *b, const char *name)
{
    put_le(b, 0x06, 1);
    put_name(b, name);
}

static inline void text(struct build *b, const char *ascii)
{
    put_le(b, 0x0105, 2);
    put_le(b, strlen(ascii), 2);
    put_utf16(b, ascii);
}

static inline void subst(struct build *b, unsigned index, unsigned type, int optional)
{
    put_le(b, optional ? 0x0E : 0x0D, 1);
    put_le(b, index, 2);
    put_le(b, type, 1);
}

static inline void content(struct build *b)
{
    put_le(b, 0x02, 1);
}

static inline void end_empty(struct build *b)
{
    put_le(b, 0x03, 1);
}

static inline void end(struct build *b)
{
    put_le(b, 0x04, 1);
}

/* A template instance: with the definition inline (returns its offset), or referring to one. */
static inline uint32_t template_begin(struct build *b, uint32_t id)
{
    uint32_t offset = b->at + 10;

    put_le(b, 0x010C, 2);
    put_le(b, id, 4);
    put_le(b, offset, 4);
    put_le(b, 0, 4);
    put_le(b, id, 4); /* the GUID begins with it */
    put(b, "GUID-of-test", 12);
    put_le(b, 0, 4);
    put_le(b, 0x0001010F, 4);
    return offset;
}

static inline void template_end(struct build *b, uint32_t offset)
{
    put_le(b, 0, 1);
    set_le(b->chunk + offset + 20, b->at - offset - 24, 4);
}

static inline void template_use(struct build *b, uint32_t id, uint32_t offset)
{
    put_le(b, 0x010C, 2);
    put_le(b, id, 4);
    put_le(b, offset, 4);
}

struct build_value {
    uint8_t type;
    const void *p;
    uint16_t n;
};

static inline void values(struct build *b, const struct build_value *v, unsigned count)
{
    put_le(b, count, 4);
    for (unsigned i = 0; i < count; i++) {
        put_le(b, v[i].n, 2);
        put_le(b, v[i].type, 2);
    }
    for (unsigned i = 0; i < count; i++)
        put(b, v[i].p, v[i].n);
}

#endif
