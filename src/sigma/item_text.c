/* SPDX-License-Identifier: Apache-2.0 */
/* Text values: wildcards, windash, encodings. */
#include "base/buf.h"
#include "lang/err_sigma.h"
#include "sigma/encode.h"
#include "sigma/item_internal.h"
#include "sigma/pattern.h"

/* On which sides the value may go on. A keyword is found anywhere unless a modifier says where. */
static enum pattern_open open_sides(const struct item *item)
{
    switch (item->mods & MODS_POSITION) {
    case MOD_CONTAINS:
        return OPEN_BOTH;
    case MOD_STARTSWITH:
        return OPEN_AFTER;
    case MOD_ENDSWITH:
        return OPEN_BEFORE;
    default:
        return item->field.n ? OPEN_NONE : OPEN_BOTH;
    }
}

static int push_pattern(struct item *item, struct pattern pattern)
{
    return build_atom(item->b, item->at,
                      &(struct atom){.op = ATOM_PATTERN,
                                     .field = item->field,
                                     .pattern = pattern,
                                     .cased = (item->mods & MOD_CASED) != 0});
}

static int push_encoded(struct item *item, struct slice encoded)
{
    struct pattern pattern;
    int r = build_spend(item->b, item->at, encoded.n);

    if (r < 0)
        return r;
    if (pattern_literal(item->b->arena, encoded, open_sides(item), &pattern) < 0)
        return build_no_memory(item->b);
    return push_pattern(item, pattern);
}

static int push_base64(struct item *item, struct slice bytes)
{
    struct buf out = BUF_INIT(16 * VALUE_TEXT_MAX);
    bool offsets = item->mods & MOD_BASE64OFFSET;
    int r = 0;

    for (unsigned shift = 0; shift < (offsets ? 3 : 1) && r == 0; shift++) {
        buf_clear(&out);
        if (offsets)
            encode_base64_offset(bytes, shift, &out);
        else
            encode_base64(bytes, &out);
        if (out.err)
            r = build_no_memory(item->b);
        else if (out.len == 0)
            r = build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_VALUE_TOO_SHORT_FOR_NOTHING,
                           modifier_name(item->mods & MODS_BASE64));
        else
            r = push_encoded(item, buf_slice(&out));
    }
    buf_done(&out);
    return r;
}

static int encode(struct item *item, const struct pattern *p)
{
    struct buf wide = BUF_INIT(4 * VALUE_TEXT_MAX);
    struct slice text;
    int r;

    if (p->count == 0)
        return build_fail(item->b, item->at, CE_RANGE, ERR_SIGMA_EMPTY_VALUE_CANNOT_ENCODED);
    if (p->count > 1 || p->parts[0].kind != PART_TEXT)
        return build_fail(item->b, item->at, CE_CONFLICT,
                          ERR_SIGMA_WILDCARDS_CANNOT_ENCODED_WRITE_OR,
                          modifier_name(item->mods & MODS_BASE64));
    text = p->parts[0].text;
    if (!(item->mods & MODS_UTF16))
        return push_base64(item, text);
    encode_utf16(text, item->mods, &wide);
    r = wide.err ? build_no_memory(item->b) : push_base64(item, buf_slice(&wide));
    buf_done(&wide);
    return r;
}

static int emit(struct item *item, const struct pattern *p)
{
    return item->mods & MODS_BASE64 ? encode(item, p) : push_pattern(item, *p);
}

/* The text of one part with its dashes replaced; which: a digit to the base DASH_KINDS a dash. */
static int replace_dashes(struct item *item, struct part *part, uint32_t index,
                          const struct dash *dashes, uint32_t count, uint32_t which)
{
    struct slice from = part->text;
    uint8_t *to = arena_alloc(item->b->arena, from.n + 2 * DASHES_MAX);
    size_t at = 0, n = 0;

    if (to == NULL)
        return build_no_memory(item->b);
    for (uint32_t i = 0; i < count; i++, which /= DASH_KINDS) {
        struct slice dash = windash_text(which % DASH_KINDS);

        if (dashes[i].part != index)
            continue;
        memcpy(to + n, from.p + at, dashes[i].at - at);
        n += dashes[i].at - at;
        memcpy(to + n, dash.p, dash.n);
        n += dash.n;
        at = dashes[i].at + dashes[i].n;
    }
    memcpy(to + n, from.p + at, from.n - at);
    part->text = slice_of(to, n + from.n - at);
    return build_spend(item->b, item->at, part->text.n);
}

static int emit_variant(struct item *item, const struct pattern *p, const struct dash *dashes,
                        uint32_t count, uint32_t which)
{
    struct part *parts = arena_alloc(item->b->arena, p->count * sizeof(*parts));
    struct pattern variant = {.parts = parts, .count = p->count};
    int r = 0;

    if (parts == NULL)
        return build_no_memory(item->b);
    memcpy(parts, p->parts, p->count * sizeof(*parts));
    for (uint32_t i = 0; i < p->count && r == 0; i++) {
        if (parts[i].kind == PART_TEXT)
            r = replace_dashes(item, &parts[i], i, dashes, count, which);
    }
    return r < 0 ? r : emit(item, &variant);
}

static int emit_windash(struct item *item, const struct pattern *p)
{
    struct dash dashes[DASHES_MAX];
    uint32_t count = windash_find(p, dashes), variants = 1;
    int r = 0;

    if (count == 0)
        return emit(item, p);
    if (count > DASHES_MAX)
        return build_fail(item->b, item->at, CE_TOO_BIG, ERR_SIGMA_WINDASH_WORKS_ON_AT_MOST,
                          DASHES_MAX, count);
    for (uint32_t i = 0; i < count; i++)
        variants *= DASH_KINDS;
    for (uint32_t which = 0; which < variants && r == 0; which++)
        r = emit_variant(item, p, dashes, count, which);
    return r;
}

int item_push_text(struct item *item, struct slice text)
{
    enum pattern_open open = item->mods & MODS_BASE64 ? OPEN_NONE : open_sides(item);
    struct pattern pattern;
    int r = build_spend(item->b, item->at, text.n);

    if (r < 0)
        return r;
    if (pattern_parse(item->b->arena, text, open, &pattern) < 0)
        return build_no_memory(item->b);
    return item->mods & MOD_WINDASH ? emit_windash(item, &pattern) : emit(item, &pattern);
}
