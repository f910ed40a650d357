/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/evtx/binxml.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/utf.h"
#include "decode/evtx/binxml_plan.h"

enum {
    TOKEN_FRAGMENT = 0x0F,
    NAME_BYTES_MAX = 64 * 1024,
    PATH_BYTES_MAX = 1024,
    NAMES_BYTES_MAX = 4 * 1024 * 1024,
    RECORD_BYTES_MAX = 16 * 1024 * 1024,
    CONTEXT_ROOT = 0,
};

int bx_fail(struct bx *b, enum ce code, size_t offset, unsigned reason)
{
    b->fail_offset = (uint32_t)offset;
    b->reason = reason;
    return -(int)code;
}

static void cache_done(struct bx_cache *c)
{
    arena_done(&c->arena);
    arena_done(&c->names_arena);
    map_done(&c->by_canon);
    map_done(&c->names);
    free(c->name_keys);
    c->name_keys = NULL;
}

static int cache_reset(struct bx_cache *c)
{
    arena_clear(&c->arena);
    arena_clear(&c->names_arena);
    map_clear(&c->by_canon);
    map_clear(&c->names);
    c->count = 0;
    c->name_count = 0;
    c->contexts[CONTEXT_ROOT] = arena_new(&c->arena, struct bx_context);
    c->context_count = 1;
    return c->contexts[CONTEXT_ROOT] ? 0 : -CE_NOMEM;
}

static int cache_init(struct bx_cache *c)
{
    c->arena = ARENA_INIT(BX_CACHE_BYTES);
    c->names_arena = ARENA_INIT(NAMES_BYTES_MAX);
    map_init(&c->by_canon, BX_CACHE_PROGS);
    map_init(&c->names, BX_NAMES_MAX);
    c->name_keys = calloc(BX_NAMES_MAX, sizeof(*c->name_keys));
    return c->name_keys ? cache_reset(c) : -CE_NOMEM;
}

int bx_init(struct bx *b, const struct keys *keys, const struct decode_limits *l)
{
    b->keys = keys;
    b->limits = *l;
    b->max_fields = CANH_MIN(l->max_fields, (uint32_t)EVENT_FIELDS_MAX);
    b->name_buf = BUF_INIT(NAME_BYTES_MAX);
    b->path_buf = BUF_INIT(PATH_BYTES_MAX);
    b->recorded = BUF_INIT(BX_PLAN_BYTES_MAX);
    b->record = ARENA_INIT(RECORD_BYTES_MAX);
    b->day = -1;
    b->sid[1] = UINT8_MAX; /* parts that none has */
    b->values = malloc(BX_VALUES_MAX * sizeof(*b->values));
    b->scratch = malloc(BX_SCRATCH + BX_SCRATCH_JSON);
    b->canon = malloc(BX_CANON_MAX);
    b->members = malloc(BX_MEMBERS_MAX * sizeof(*b->members));
    b->tags = malloc(BX_MEMBERS_MAX * sizeof(*b->tags));
    if (b->values == NULL || b->scratch == NULL || b->canon == NULL || b->members == NULL ||
        b->tags == NULL)
        return -CE_NOMEM;
    return cache_init(&b->cache);
}

void bx_done(struct bx *b)
{
    cache_done(&b->cache);
    arena_done(&b->record);
    buf_done(&b->name_buf);
    buf_done(&b->path_buf);
    buf_done(&b->recorded);
    free(b->values);
    free(b->scratch);
    free(b->canon);
    free(b->members);
    free(b->tags);
}

/* Between chunks nothing points into the cache, so this is where a full one is emptied. */
void bx_chunk(struct bx *b, struct slice chunk)
{
    struct bx_cache *c = &b->cache;

    b->chunk = chunk;
    b->scanned = 0;
    b->leftovers = false;
    b->lost_count = 0;
    b->opened.program = NULL;
    b->generation++;
    if (c->count >= BX_CACHE_PROGS * 3 / 4 || c->arena.used >= BX_CACHE_BYTES * 3 / 4 ||
        c->context_count >= BX_CONTEXTS_MAX * 3 / 4 || c->name_count >= BX_NAMES_MAX * 3 / 4 ||
        c->names_arena.used >= NAMES_BYTES_MAX * 3 / 4)
        (void)cache_reset(c);
}

static void shape_keys(struct bx *b, const struct slice *path, size_t n, uint16_t ret[2])
{
    struct shape_names names = shape_resolve(b->keys, path, n);

    ret[0] = names.count > 0 ? names.keys[0] : KEY_NONE;
    ret[1] = names.count > 1 ? names.keys[1] : KEY_NONE;
}

void bx_resolve(struct bx *b, const struct slice *path, size_t n, uint16_t ret[2])
{
    struct bx_cache *c = &b->cache;
    struct slice joined;
    uint32_t at;

    ret[0] = ret[1] = KEY_NONE;
    buf_clear(&b->path_buf);
    for (size_t i = 0; i < n; i++) {
        buf_append_slice(&b->path_buf, path[i]);
        buf_putc(&b->path_buf, 0xFF); /* in no name: they come from UTF-16 */
        if (b->path_buf.err)
            return; /* longer than any name a rule mentions */
    }
    joined = buf_slice(&b->path_buf);
    if (map_get(&c->names, joined, &at)) {
        canh_assert(at < c->name_count);
        memcpy(ret, c->name_keys[at], sizeof(c->name_keys[at]));
        return;
    }
    shape_keys(b, path, n, ret);
    joined = arena_dup(&c->names_arena, joined);
    if (joined.p == NULL || c->name_count >= BX_NAMES_MAX ||
        map_put(&c->names, joined, c->name_count) < 0)
        return;
    memcpy(c->name_keys[c->name_count++], ret, sizeof(c->name_keys[0]));
}

void bx_utf8(struct slice utf16, struct buf *out)
{
    while (utf16.n >= 2 && bx_u16(utf16.p + utf16.n - 2) == 0)
        utf16.n -= 2;
    utf16le_to_utf8(utf16, out);
}

static bool same_context(const struct bx_context *c, const struct slice *names, uint32_t n)
{
    if (c->count != n)
        return false;
    for (uint32_t i = n; i-- > 0;) {
        if (!slice_eq(c->names[i], names[i]))
            return false;
    }
    return true;
}

static int64_t add_context(struct bx *b, const struct slice *names, uint32_t n)
{
    struct bx_cache *c = &b->cache;
    struct bx_context *new;

    for (uint32_t i = 0; i < c->context_count; i++) {
        if (same_context(c->contexts[i], names, n))
            return i;
    }
    if (c->context_count >= BX_CONTEXTS_MAX)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_VALUES_PLACES);
    new = arena_new(&c->arena, struct bx_context);
    if (new == NULL)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NO_ROOM_TEMPLATES);
    for (; new->count < n; new->count++) {
        new->names[new->count] = arena_dup(&c->arena, names[new->count]);
        if (new->names[new->count].p == NULL)
            return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NO_ROOM_TEMPLATES);
    }
    c->contexts[c->context_count] = new;
    return c->context_count++;
}

uint32_t bx_names(const struct bx *b, const struct bx_program *p, const struct bx_path *path,
                  struct slice ret[BX_NAMES_DEEP])
{
    const struct bx_context *under = b->cache.contexts[p->context];
    uint32_t n = under->count + path->depth;

    canh_assert(n > under->count && n <= BX_NAMES_DEEP);
    memcpy(ret, under->names, under->count * sizeof(*ret));
    for (uint32_t i = n; path != NULL; path = path->parent) {
        canh_assert(i > under->count);
        ret[--i] = path->name;
    }
    return n;
}

static int64_t make_context(struct bx *b, const struct bx_program *p, struct bx_info *info)
{
    struct slice names[BX_NAMES_DEEP];
    uint32_t n = bx_names(b, p, info->path, names);
    int64_t context;

    if (n > BX_DEPTH_MAX)
        return bx_fail(b, CE_DEPTH, 0, ERR_DECODE_EVTX_VALUES_DEEP);
    context = add_context(b, names, n);
    if (context >= 0)
        info->context = (uint32_t)context + 1;
    return context;
}

int64_t bx_context_of(struct bx *b, const struct bx_program *p, uint32_t at)
{
    struct bx_info *info = &p->info[at];

    return info->context > 0 ? info->context - 1 : make_context(b, p, info);
}

static int compile_for_record(struct bx *b, uint32_t context, const struct bx_program **ret)
{
    struct slice canon = arena_dup(&b->record, slice_of(b->canon, b->canon_len));
    struct bx_program *p;
    int r;

    if (canon.p == NULL)
        return bx_fail(b, CE_TOO_BIG, 0, ERR_DECODE_EVTX_NO_ROOM_TEMPLATES);
    r = bx_compile(b, &b->record, canon, context, &p);
    if (r == 0)
        *ret = p;
    return r;
}

/* The program of the form in b->canon. *ret_kept: it stays until the next chunk. */
static int find_program(struct bx *b, uint32_t context, const struct bx_program **ret,
                        bool *ret_kept)
{
    struct bx_cache *c = &b->cache;
    struct slice canon = slice_of(b->canon, b->canon_len);
    struct bx_program *p;
    uint32_t at;

    *ret_kept = true;
    if (map_get(&c->by_canon, canon, &at)) {
        *ret = c->programs[at];
        return 0;
    }
    canon = arena_dup(&c->arena, canon);
    if (c->count < BX_CACHE_PROGS && canon.p != NULL) {
        int r = bx_compile(b, &c->arena, canon, context, &p);

        if (r < 0 && r != -CE_NOMEM)
            return r;
        if (r == 0 && map_put(&c->by_canon, canon, c->count) == 0) {
            c->programs[c->count++] = p;
            p->plans = arena_new(&c->arena, struct bx_plans);
            *ret = p;
            return 0;
        }
    }
    *ret_kept = false;
    return compile_for_record(b, context, ret);
}

static void skip_headers(const struct bx *b, uint32_t *at, uint32_t end)
{
    while (end - *at >= 4 && b->chunk.p[*at] == TOKEN_FRAGMENT)
        *at += 4;
}

static int compile_definition(struct bx *b, uint32_t offset, uint32_t context,
                              const struct bx_program **ret, bool *ret_kept)
{
    uint32_t at = offset + BX_DEFINITION_BYTES, size = bx_u32(b->chunk.p + offset + 20), end;
    int r;

    if (size > b->chunk.n - at)
        return bx_fail(b, CE_CORRUPT, offset, ERR_DECODE_EVTX_TEMPLATE_PAST_CHUNK);
    end = at + size;
    skip_headers(b, &at, end);
    r = bx_scan(b, &at, end, context, true);
    return r < 0 ? r : find_program(b, context, ret, ret_kept);
}

static int definition_at(struct bx *b, uint32_t offset, uint32_t context,
                         const struct bx_program **ret)
{
    struct bx_known *k = &b->known[(offset ^ context * 31) % BX_TABLE];
    bool kept;
    int r;

    if (CANH_LIKELY(k->generation == b->generation && k->offset == offset &&
                    k->context == context)) {
        *ret = k->program;
        return k->code == 0 ? 0 : bx_fail(b, (enum ce) - k->code, k->fail_offset, k->reason);
    }
    r = compile_definition(b, offset, context, ret, &kept);
    if (r == 0 && !kept)
        return 0;
    *k = (struct bx_known){.generation = b->generation, .offset = offset, .context = context};
    k->code = r;
    if (r == 0) {
        k->program = *ret;
    } else {
        k->fail_offset = b->fail_offset;
        k->reason = b->reason;
    }
    return r;
}

/* Descriptors (size, type, 0) and behind them the values. */
static int read_values(struct bx *b, uint32_t at, uint32_t to, struct bx_frame *f)
{
    const uint8_t *d = b->chunk.p + at + 4, *p, *end = b->chunk.p + to;
    struct bx_value *v = b->values + b->value_count;
    uint32_t count;

    if (to < at || to - at < 4)
        return bx_fail(b, CE_TRUNCATED, at, ERR_DECODE_EVTX_ENDS_BEFORE_VALUES);
    count = bx_u32(b->chunk.p + at);
    if (count > (to - at - 4) / BX_DESCRIPTOR)
        return bx_fail(b, CE_CORRUPT, at, ERR_DECODE_EVTX_VALUES_MORE_THAN_FIT);
    if (count > BX_VALUES_MAX - b->value_count)
        return bx_fail(b, CE_TOO_BIG, at, ERR_DECODE_EVTX_VALUES_MANY);
    p = d + (size_t)count * BX_DESCRIPTOR;
    f->values = v;
    f->described = d;
    for (const struct bx_value *behind = v + count; v < behind; v++, d += BX_DESCRIPTOR) {
        uint32_t of = bx_u32(d), n = of & 0xFFFF;
        bool no_items = (of & (BX_ARRAY << 16 | 0xFFFF)) == BX_ARRAY
                                                                << 16; /* a value of no bytes */

        if (n > (size_t)(end - p))
            return bx_fail(b, CE_TRUNCATED, (size_t)(p - b->chunk.p),
                           ERR_DECODE_EVTX_VALUES_PAST_RECORD);
        *v = (struct bx_value){p, n, no_items ? (uint8_t)BX_U8 : (uint8_t)(of >> 16)};
        p += n;
    }
    f->count = count;
    b->value_count += count;
    return 0;
}

static int open_template(struct bx *b, uint32_t at, uint32_t to, uint32_t context,
                         struct bx_frame *f)
{
    const uint8_t *p = b->chunk.p;
    uint32_t id, offset;
    int r;

    if (to - at < BX_INSTANCE_BYTES)
        return bx_fail(b, CE_TRUNCATED, at, ERR_DECODE_EVTX_ENDS_IN_INSTANCE);
    id = bx_u32(p + at + 2);
    offset = bx_u32(p + at + 6);
    if (offset > b->chunk.n || b->chunk.n - offset < BX_DEFINITION_BYTES)
        return bx_fail(b, CE_CORRUPT, at, ERR_DECODE_EVTX_TEMPLATE_OUTSIDE);
    if (bx_u32(p + offset + 4) != id)
        offset = b->leftovers ? bx_lost_template(b, id) : 0;
    if (offset == 0)
        return bx_fail(b, CE_CORRUPT, at, ERR_DECODE_EVTX_TEMPLATE_OVERWRITTEN);
    at += BX_INSTANCE_BYTES;
    if (offset == at) {
        uint32_t size = bx_u32(p + offset + 20);

        if (to - at < BX_DEFINITION_BYTES || to - at - BX_DEFINITION_BYTES < size)
            return bx_fail(b, CE_TRUNCATED, at, ERR_DECODE_EVTX_TEMPLATE_PAST_RECORD);
        at += BX_DEFINITION_BYTES + size;
    }
    r = definition_at(b, offset, context, &f->program);
    if (r == 0)
        r = read_values(b, at, to, f);
    if (r == 0 && f->count == 0 && f->program->values)
        r = bx_fail(b, CE_CORRUPT, at, ERR_DECODE_EVTX_NO_VALUES);
    return r;
}

static int open_elements(struct bx *b, uint32_t at, uint32_t to, uint32_t context,
                         struct bx_frame *f)
{
    bool kept;
    int r;

    f->values = b->values + b->value_count;
    f->described = NULL;
    r = bx_scan(b, &at, to, context, false);
    f->count = (uint32_t)(b->values + b->value_count - f->values);
    return r < 0 ? r : find_program(b, context, &f->program, &kept);
}

int bx_open(struct bx *b, uint32_t from, uint32_t to, uint32_t context, struct bx_frame *ret)
{
    uint32_t at = from;

    ret->values_before = b->value_count;
    ret->plan = NULL;
    b->nested.program = NULL;
    skip_headers(b, &at, to);
    if (at >= to)
        return bx_fail(b, CE_TRUNCATED, at, ERR_DECODE_EVTX_EMPTY_FRAGMENT);
    if (b->chunk.p[at] == BX_TOKEN_TEMPLATE)
        return open_template(b, at, to, context, ret);
    return open_elements(b, at, to, context, ret);
}
