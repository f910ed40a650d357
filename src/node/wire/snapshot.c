/* SPDX-License-Identifier: Apache-2.0 */
#include "node/wire/snapshot.h"

#include "lang/err_node.h"

enum { SNAPSHOT_MAGIC = 0x33534e43, TEXT_MAX = 128 * 1024 }; /* "CNS3" */

void snapshot_begin(struct buf *out, uint64_t number)
{
    frame_put_u32(out, SNAPSHOT_MAGIC);
    frame_put_u32(out, 0);
    frame_put_u32(out, 0);
    frame_put_u64(out, number);
}

void snapshot_write_source(struct buf *out, const struct snapshot_source *x)
{
    frame_put_bytes(out, x->id, 16);
    frame_put_bytes(out, x->unit, 16);
    frame_put_bytes(out, x->asset, 16);
    frame_put_text(out, x->kind);
    frame_put_text(out, x->paths);
    frame_put_text(out, x->address);
    frame_put_text(out, x->product);
    frame_put_text(out, x->service);
    frame_put_u32(out, (uint32_t)x->zone);
    frame_put_i64(out, x->back);
    frame_put_text(out, x->transport);
    frame_put_text(out, x->key_hash);
    frame_put_i64(out, x->rhythm);
}

void snapshot_write_suppression(struct buf *out, const struct snapshot_suppression *x)
{
    frame_put_bytes(out, x->id, 16);
    frame_put_bytes(out, x->unit, 16);
    frame_put_text(out, x->rule);
    frame_put_text(out, x->field);
    frame_put_text(out, x->value);
    frame_put_i64(out, x->start);
    frame_put_i64(out, x->stop);
}

void snapshot_end(struct buf *out, uint32_t sources, uint32_t suppressions)
{
    uint32_t n[2] = {sources, suppressions};

    for (unsigned i = 0; out->err == 0 && i < 8; i++)
        out->p[4 + i] = (uint8_t)(n[i / 4] >> (8 * (i % 4)));
}

static struct slice get_text(struct frame_reader *r, struct arena *arena)
{
    struct slice s = frame_get_text(r, TEXT_MAX), kept = arena_dup(arena, s);

    if (kept.p == NULL)
        r->bad = true;
    return kept;
}

static void get_source(struct frame_reader *r, struct arena *arena, struct snapshot_source *x)
{
    frame_get_bytes(r, x->id, 16);
    frame_get_bytes(r, x->unit, 16);
    frame_get_bytes(r, x->asset, 16);
    x->kind = get_text(r, arena);
    x->paths = get_text(r, arena);
    x->address = get_text(r, arena);
    x->product = get_text(r, arena);
    x->service = get_text(r, arena);
    x->zone = (int32_t)frame_get_u32(r);
    x->back = frame_get_i64(r);
    x->transport = get_text(r, arena);
    x->key_hash = get_text(r, arena);
    x->rhythm = frame_get_i64(r);
}

static void get_suppression(struct frame_reader *r, struct arena *arena,
                            struct snapshot_suppression *x)
{
    frame_get_bytes(r, x->id, 16);
    frame_get_bytes(r, x->unit, 16);
    x->rule = get_text(r, arena);
    x->field = get_text(r, arena);
    x->value = get_text(r, arena);
    x->start = frame_get_i64(r);
    x->stop = frame_get_i64(r);
}

int snapshot_read(struct slice bytes, struct arena *arena, struct snapshot *ret, struct err *err)
{
    struct frame_reader r = frame_reader(bytes);
    struct snapshot s = {.source_count = 0};
    bool magic = frame_get_u32(&r) == SNAPSHOT_MAGIC;

    s.source_count = frame_get_u32(&r);
    s.suppression_count = frame_get_u32(&r);
    s.number = frame_get_u64(&r);
    if (!magic || s.source_count > SNAPSHOT_SOURCES_MAX ||
        s.suppression_count > SNAPSHOT_SUPPRESSIONS_MAX)
        return err_fail(err, CE_PEER, ERR_NODE_NO_SNAPSHOT_SOURCES);
    s.sources = arena_new_array(arena, s.source_count, struct snapshot_source);
    s.suppressions = arena_new_array(arena, s.suppression_count, struct snapshot_suppression);
    if (s.sources == NULL || s.suppressions == NULL)
        return err_code(err, CE_TOO_BIG);
    for (uint32_t i = 0; i < s.source_count && !r.bad; i++)
        get_source(&r, arena, &s.sources[i]);
    for (uint32_t i = 0; i < s.suppression_count && !r.bad; i++)
        get_suppression(&r, arena, &s.suppressions[i]);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_SNAPSHOT_SOURCES_CANNOT_READ);
    *ret = s;
    return 0;
}
