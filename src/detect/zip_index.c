/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/zip_index.h"

enum { END_BYTES = 22, LOCATOR_BYTES = 20, END64_BYTES = 56, ENTRY_BYTES = 46 };

static uint64_t zip_index_little(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

static bool zip_index_marked(const uint8_t *p, uint8_t third, uint8_t fourth)
{
    return p[0] == 'P' && p[1] == 'K' && p[2] == third && p[3] == fourth;
}

/* The last end record whose comment reaches to the end of the file. */
static const uint8_t *find_end(struct slice tail)
{
    for (size_t at = tail.n < END_BYTES ? 0 : tail.n - END_BYTES + 1; at-- > 0;) {
        const uint8_t *p = tail.p + at;

        if (zip_index_marked(p, 5, 6) && at + END_BYTES + zip_index_little(p + 20, 2) == tail.n)
            return p;
    }
    return NULL;
}

/* The larger end record (ZIP64) of which a locator stands before the end record, or NULL. */
static const uint8_t *find_end64(struct slice tail, const uint8_t *end)
{
    size_t before = (size_t)(end - tail.p);
    const uint8_t *p = end - LOCATOR_BYTES - END64_BYTES;

    if (before < LOCATOR_BYTES + END64_BYTES || !zip_index_marked(end - LOCATOR_BYTES, 6, 7))
        return NULL;
    return zip_index_marked(p, 6, 6) ? p : NULL;
}

bool zip_index_find(struct slice tail, uint64_t file_size, uint64_t *ret_at, uint64_t *ret_bytes)
{
    const uint8_t *end = find_end(tail), *end64;
    uint64_t bytes, behind;

    if (end == NULL || file_size < tail.n)
        return false;
    bytes = zip_index_little(end + 12, 4);
    if (bytes == UINT32_MAX) {
        end64 = find_end64(tail, end);
        if (end64 == NULL)
            return false;
        bytes = zip_index_little(end64 + 40, 8);
        end = end64;
    }
    /* right before its end record, also where something stands before the archive */
    behind = file_size - tail.n + (uint64_t)(end - tail.p);
    if (bytes > behind)
        return false;
    *ret_at = behind - bytes;
    *ret_bytes = bytes;
    return true;
}

bool zip_index_next(struct slice *index, struct slice *ret_name)
{
    const uint8_t *p = index->p;
    size_t name, rest;

    if (index->n < ENTRY_BYTES || !zip_index_marked(p, 1, 2))
        return false;
    name = (size_t)zip_index_little(p + 28, 2);
    rest = (size_t)(zip_index_little(p + 30, 2) + zip_index_little(p + 32, 2));
    if (index->n - ENTRY_BYTES < name + rest)
        return false;
    *ret_name = slice_of(p + ENTRY_BYTES, name);
    *index = slice_from(*index, ENTRY_BYTES + name + rest);
    return true;
}
