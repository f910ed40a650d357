/* SPDX-License-Identifier: Apache-2.0 */
/* windash: options of Windows, whose dash is also written as a slash or as a longer dash. */
#include "sigma/modifier/windash.h"

#include "base/utf.h"
#include "lang/err_sigma.h"
#include "sigma/item_internal.h"

/* What a dash may be instead. */
enum { DASH_KINDS = 5 };

static const struct slice kinds[DASH_KINDS] = {
    {(const uint8_t *)"-", 1},
    {(const uint8_t *)"/", 1},
    {(const uint8_t *)"\xE2\x80\x93", 3},
    {(const uint8_t *)"\xE2\x80\x94", 3},
    {(const uint8_t *)"\xE2\x80\x95", 3},
};

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

/* Letters, digits, underscore; beyond ASCII all but blanks, punctuation and symbols of Latin-1
 * and the general punctuation block. */
static bool is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (c < 0xC0)
        return c == 0xAA || c == 0xB5 || c == 0xBA;
    return c < UTF_INVALID && (c < 0x2000 || c > 0x206F) && c != 0xD7 && c != 0xF7;
}

static uint32_t find_in_text(struct slice s, uint32_t part, struct dash *ret, uint32_t found)
{
    uint32_t before = ' ';
    unsigned n;

    for (size_t i = 0; i < s.n; i += n) {
        uint32_t c = utf8_decode(s.p + i, s.n - i, &n);
        unsigned next_n;

        if (is_dash(c) && !is_word(before) && i + n < s.n &&
            is_word(utf8_decode(s.p + i + n, s.n - i - n, &next_n))) {
            if (found < DASHES_MAX)
                ret[found] = (struct dash){.part = part, .at = (uint32_t)i, .n = n};
            found++;
        }
        before = c;
    }
    return found;
}

uint32_t windash_find(const struct pattern *p, struct dash ret[DASHES_MAX])
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->parts[i].kind == PART_TEXT)
            found = find_in_text(p->parts[i].text, i, ret, found);
    }
    return found;
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
        struct slice dash = kinds[which % DASH_KINDS];

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

static int push_variant(struct item *item, const struct pattern *p, const struct dash *dashes,
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
    return r < 0 ? r : item_rewrite(item, MOD_WINDASH, &variant);
}

static int rewrite_windash(struct item *item, const struct pattern *p)
{
    struct dash dashes[DASHES_MAX];
    uint32_t count = windash_find(p, dashes), variants = 1;
    int r = 0;

    if (count == 0)
        return item_rewrite(item, MOD_WINDASH, p);
    if (count > DASHES_MAX)
        return build_fail(item->b, item->at, CE_TOO_BIG, ERR_SIGMA_WINDASH_WORKS_ON_AT_MOST,
                          DASHES_MAX, count);
    for (uint32_t i = 0; i < count; i++)
        variants *= DASH_KINDS;
    for (uint32_t which = 0; which < variants && r == 0; which++)
        r = push_variant(item, p, dashes, count, which);
    return r;
}

const struct modifier modifier_windash = {
    .names = {SLICE_INIT("windash")},
    .bit = MOD_WINDASH,
    .keyword = true,
    .rewrite = rewrite_windash,
};
