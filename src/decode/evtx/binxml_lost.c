/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates of leftovers. A log that begins anew in an old chunk writes over the templates at its
 * front, but mostly has the same ones again, a little further on. A definition stands in the record
 * that first used it, behind `0C 01`, its identifier and its own offset.
 */
#include "decode/evtx/binxml.h"

static bool is_definition(struct slice chunk, size_t at, uint32_t id)
{
    const uint8_t *p = chunk.p + at;

    return chunk.n - at >= BX_INSTANCE_BYTES + BX_DEFINITION_BYTES && p[0] == BX_TOKEN_TEMPLATE &&
           bx_u32(p + 2) == id && bx_u32(p + 6) == at + BX_INSTANCE_BYTES &&
           bx_u32(p + BX_INSTANCE_BYTES + 4) == id;
}

static uint32_t binxml_lost_search(struct slice chunk, uint32_t id)
{
    uint8_t bytes[4] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16), (uint8_t)(id >> 24)};
    struct slice rest = chunk;
    size_t at;

    while ((at = slice_find(rest, slice_of(bytes, 4))) != SIZE_MAX) {
        size_t place = (size_t)(rest.p - chunk.p) + at;

        if (place >= 2 && is_definition(chunk, place - 2, id))
            return (uint32_t)(place - 2 + BX_INSTANCE_BYTES);
        rest = slice_from(rest, at + 1);
    }
    return 0;
}

uint32_t bx_lost_template(struct bx *b, uint32_t id)
{
    for (uint32_t i = 0; i < b->lost_count; i++) {
        if (b->lost[i].id == id)
            return b->lost[i].offset;
    }
    if (b->lost_count == BX_LOST_MAX)
        return 0;
    b->lost[b->lost_count] = (struct bx_lost){id, binxml_lost_search(b->chunk, id)};
    return b->lost[b->lost_count++].offset;
}
