/* SPDX-License-Identifier: Apache-2.0 */
#include "office/doctext_wire.h"

#include "base/utf.h"
#include "os/frame.h"

enum { MAGIC = 0x32444e43, PARA_LEAST = 1 + 6 * 4 + 2 * 4, LABEL_MAX = 1000 };

void doctext_encode(struct buf *out, const struct doctext *d)
{
    frame_put_u32(out, MAGIC);
    frame_put_u8(out, (uint8_t)d->format);
    frame_put_u32(out, d->count);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct doc_para *p = &d->paras[i];

        frame_put_u8(out, (uint8_t)p->kind);
        frame_put_u32(out, p->level);
        frame_put_u32(out, p->number);
        frame_put_u32(out, p->table);
        frame_put_u32(out, p->row);
        frame_put_u32(out, p->col);
        frame_put_u32(out, p->rows);
        frame_put_text(out, p->text);
        frame_put_text(out, slice_head(p->label, LABEL_MAX));
    }
}

static struct slice utf8_get(struct frame_reader *f, size_t most)
{
    struct slice s = frame_get_text(f, most);

    if (!utf8_valid(s))
        f->bad = true;
    return s;
}

static void para_get(struct frame_reader *f, size_t most, struct doc_para *ret)
{
    uint8_t kind = frame_get_u8(f);

    if (kind > DOC_CELL)
        f->bad = true;
    ret->kind = (enum doc_kind)kind;
    ret->level = frame_get_u32(f);
    ret->number = frame_get_u32(f);
    ret->table = frame_get_u32(f);
    ret->row = frame_get_u32(f);
    ret->col = frame_get_u32(f);
    ret->rows = frame_get_u32(f);
    ret->text = utf8_get(f, most);
    ret->label = utf8_get(f, LABEL_MAX);
}

int doctext_decode(struct slice bytes, const struct doctext_limits *limits, struct arena *arena,
                   struct doctext **ret)
{
    struct frame_reader f = frame_reader(bytes);
    struct doctext *d = arena_new(arena, struct doctext);
    uint32_t magic = frame_get_u32(&f);
    uint8_t format = frame_get_u8(&f);

    if (d == NULL)
        return -CE_NOMEM;
    d->format = (enum doc_format)format;
    d->count = frame_get_u32(&f);
    if (f.bad || magic != MAGIC || format > DOC_ODT || d->count > limits->max_paras ||
        d->count > f.rest.n / PARA_LEAST)
        return -CE_PEER;
    d->paras = arena_new_array(arena, (size_t)d->count + 1, struct doc_para);
    if (d->paras == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < d->count && !f.bad; i++)
        para_get(&f, limits->max_para_bytes, &d->paras[i]);
    if (frame_end(&f) < 0)
        return -CE_PEER;
    *ret = d;
    return 0;
}
