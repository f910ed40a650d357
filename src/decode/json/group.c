/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a block in an order in which those of the same event id follow each other: what
 * branches and caches have learned of one holds for the next. The id is found by what stood before
 * the last one that was decoded. A wrong guess costs time and nothing else.
 *
 * Only blocks in which the scan finds nothing wrong and whose lines all look like documents: a line
 * in another format depends on those before it.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/json/internal.h"

enum { KINDS = 128, SLOTS = 2 * KINDS, NO_LINE = UINT16_MAX, ID_BYTES = 8 };

enum { CACHE_LINE = 64, FETCHED_MAX = 4096 };

/* Lines with the same event id, in their order. */
struct kind {
    uint64_t id;
    uint16_t first, last;
};

struct json_group {
    struct json_breaks breaks;
    uint32_t count;                        /* of lines */
    uint16_t behind[JSON_GROUP_LINES + 1]; /* by line: the next of its kind */
    struct kind kinds[KINDS];
    uint32_t kind_count;
    uint8_t slots[SLOTS]; /* 1 + number of a kind, by its id; 0: free */
    /* what comes next; on: anything */
    bool on;
    uint16_t line;
    uint32_t kind;
};

static struct slice line_of(const struct json_decoder *d, uint32_t i)
{
    const struct json_breaks *b = &d->group->breaks;
    size_t from = i > 0 ? b->at[i - 1] + 1 : 0;

    return slice_of(d->block.text.p + from, (i < b->count ? b->at[i] : d->block.text.n) - from);
}

static bool is_plain(uint8_t c)
{
    return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 0x20) - 'a') < 26;
}

/* The beginning of the line's event id as a number; 0: none is found. */
static uint64_t id_of(const struct json_decoder *d, struct slice line)
{
    const uint8_t *end = line.p + line.n, *p = d->engine->find_mark(line.p, end, d->mark);
    uint64_t id = 0;

    if (p == end)
        return 0;
    p += JSON_KIND_MARK;
    for (unsigned i = 0; i < ID_BYTES && is_plain(p[i]); i++)
        id = id << 8 | p[i];
    return id;
}

/* Where there are more kinds than are told apart, the last one takes the others. */
static struct kind *kind_of(struct json_group *g, uint64_t id)
{
    uint32_t slot = (uint32_t)(hash_u64(id, HASH_K1) % SLOTS);

    while (g->slots[slot] != 0) {
        if (g->kinds[g->slots[slot] - 1].id == id)
            return &g->kinds[g->slots[slot] - 1];
        slot = (slot + 1) % SLOTS;
    }
    if (g->kind_count == KINDS)
        return &g->kinds[KINDS - 1];
    g->kinds[g->kind_count] = (struct kind){.id = id, .first = NO_LINE};
    g->slots[slot] = (uint8_t)++g->kind_count;
    return &g->kinds[g->kind_count - 1];
}

static void put_line(struct json_group *g, uint64_t id, uint16_t line)
{
    struct kind *k = kind_of(g, id);

    if (k->first == NO_LINE)
        k->first = line;
    else
        g->behind[k->last] = line;
    k->last = line;
    g->behind[line] = NO_LINE;
}

/* False where a line is no document. */
static bool order_lines(struct json_decoder *d)
{
    struct json_group *g = d->group;

    g->count = g->breaks.count + 1;
    g->kind_count = 0;
    memset(g->slots, 0, sizeof(g->slots));
    for (uint32_t i = 0; i < g->count; i++) {
        struct slice line = line_of(d, i), text = slice_trim(line);

        if (text.n == 0)
            continue;
        if (text.p[0] != '{' || text.p[text.n - 1] != '}')
            return false;
        put_line(g, id_of(d, line), (uint16_t)i);
    }
    return true;
}

/* Nothing in the block needs to be looked at in its order. */
static bool may_group(const struct json_decoder *d)
{
    const struct json_block *b = &d->block;

    return d->marked && b->mode == JSON_LINES && !b->cut && d->at == b->text.p &&
           b->text.n <= CANH_MIN((uint32_t)JSON_GROUP_TEXT, d->limits.max_record);
}

bool json_group(struct json_decoder *d)
{
    struct json_group *g;

    if (!may_group(d))
        return false;
    if (d->group == NULL)
        d->group = calloc(1, sizeof(*d->group));
    g = d->group;
    if (g == NULL)
        return false;
    g->breaks.count = 0;
    memset(g->breaks.high, 0, sizeof(g->breaks.high));
    if (json_scan(d, &d->maps, d->block.text, &g->breaks) < 0 ||
        g->breaks.count > JSON_GROUP_LINES || !order_lines(d))
        return false;
    json_walk_init(d, &d->walk, &d->maps, d->block.text);
    d->chunk_end = d->end;
    d->stop = d->at;
    g->on = g->kind_count > 0;
    g->kind = 0;
    g->line = g->on ? g->kinds[0].first : NO_LINE;
    return true;
}

/* Fetches the line that comes next: it lies anywhere in the block. */
static void fetch_next(const struct json_decoder *d)
{
    const struct json_group *g = d->group;
    uint16_t next = g->line;
    struct slice line;
    size_t at;

    if (next == NO_LINE)
        next = g->kind + 1 < g->kind_count ? g->kinds[g->kind + 1].first : NO_LINE;
    if (next == NO_LINE)
        return;
    line = slice_head(line_of(d, next), FETCHED_MAX);
    at = (size_t)(line.p - d->block.text.p) / 8;
    for (size_t i = 0; i < line.n; i += CACHE_LINE)
        __builtin_prefetch(line.p + i, 0, 2);
    for (size_t i = 0; i < line.n / 8; i += CACHE_LINE) {
        __builtin_prefetch(d->maps.quotes + at + i, 0, 2);
        __builtin_prefetch(d->maps.slashes + at + i, 0, 2);
    }
}

bool json_group_next(struct json_decoder *d)
{
    struct json_group *g = d->group;
    struct slice line;

    if (g == NULL || !g->on)
        return false;
    if (g->line == NO_LINE && ++g->kind < g->kind_count)
        g->line = g->kinds[g->kind].first;
    if (g->line == NO_LINE) {
        d->at = d->stop = d->end;
        g->on = false;
        return false;
    }
    line = line_of(d, g->line);
    d->at = d->line_start = line.p;
    d->stop = d->eol = line.p + line.n;
    d->line = d->block.line + g->line;
    g->line = g->behind[g->line];
    fetch_next(d);
    return true;
}

/* The line is known, and not looked for: a megabyte of records may stand in one. */
void json_seek(struct json_decoder *d, struct decode_place place)
{
    struct slice line = line_of(d, (uint32_t)(place.line - d->block.line));

    d->group->on = false;
    d->at = d->block.text.p + (place.offset - d->block.offset);
    d->line = place.line;
    d->line_start = line.p;
    d->eol = line.p + line.n;
    d->stop = d->end;
}

void json_group_end(struct json_decoder *d)
{
    if (d->group != NULL)
        d->group->on = false;
}

void json_group_free(struct json_decoder *d)
{
    free(d->group);
    d->group = NULL;
}
