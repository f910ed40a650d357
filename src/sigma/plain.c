/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/plain.h"

#include "base/err.h"

void plain_done(struct plain *p)
{
    buf_done(&p->text);
    buf_done(&p->kind);
}

void plain_clear(struct plain *p)
{
    buf_clear(&p->text);
    buf_clear(&p->kind);
}

static void put(struct plain *p, uint8_t c, enum plain_kind kind)
{
    buf_putc(&p->text, c);
    buf_putc(&p->kind, (uint8_t)kind);
}

static bool is_special(uint8_t c)
{
    return c == '*' || c == '?';
}

void plain_put_literal(struct plain *p, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (is_special(text.p[i]))
            put(p, '\\', PLAIN_ESCAPE);
        put(p, text.p[i], PLAIN_TEXT);
    }
}

void plain_put_pattern(struct plain *p, const struct pattern *pattern)
{
    for (uint32_t i = 0; i < pattern->count; i++) {
        switch (pattern->parts[i].kind) {
        case PART_TEXT:
            plain_put_literal(p, pattern->parts[i].text);
            break;
        case PART_ANY:
            put(p, '*', PLAIN_WILDCARD);
            break;
        case PART_ONE:
            put(p, '?', PLAIN_WILDCARD);
            break;
        }
    }
}

void plain_put_range(struct plain *p, const struct plain *from, size_t start, size_t end)
{
    if (start >= end)
        return;
    buf_put(&p->text, from->text.p + start, end - start);
    buf_put(&p->kind, from->kind.p + start, end - start);
}

void plain_put_special(struct plain *p, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n && is_special(text.p[i + 1])) {
            put(p, '\\', PLAIN_ESCAPE);
            put(p, text.p[++i], PLAIN_TEXT);
        } else {
            put(p, text.p[i], is_special(text.p[i]) ? PLAIN_WILDCARD : PLAIN_TEXT);
        }
    }
}

static void add_part(struct part *parts, uint32_t *count, struct part part)
{
    if (part.kind == PART_ANY && *count > 0 && parts[*count - 1].kind == PART_ANY)
        return;
    if (part.kind != PART_TEXT || part.text.n > 0)
        parts[(*count)++] = part;
}

int plain_pattern(const struct plain *p, size_t start, size_t end, struct arena *arena,
                  struct pattern *ret)
{
    size_t specials = 0;
    uint32_t count = 0;
    struct part *parts;
    uint8_t *text, *from;

    if (p->text.err != 0 || p->kind.err != 0)
        return p->text.err != 0 ? p->text.err : p->kind.err;
    for (size_t i = start; i < end; i++)
        specials += p->kind.p[i] == PLAIN_WILDCARD;
    if (start >= end) {
        *ret = (struct pattern){NULL, 0};
        return 0;
    }
    parts = arena_new_array(arena, specials * 2 + 1, struct part);
    text = arena_alloc(arena, end - start);
    if (parts == NULL || text == NULL)
        return -CE_NOMEM;
    from = text;
    for (size_t i = start; i < end; i++) {
        uint8_t c = p->text.p[i];

        if (p->kind.p[i] == PLAIN_TEXT) {
            *text++ = c;
        } else if (p->kind.p[i] == PLAIN_WILDCARD) {
            add_part(parts, &count,
                     (struct part){PART_TEXT, slice_of(from, (size_t)(text - from))});
            add_part(parts, &count, (struct part){c == '*' ? PART_ANY : PART_ONE, SLICE_NULL});
            from = text;
        }
    }
    add_part(parts, &count, (struct part){PART_TEXT, slice_of(from, (size_t)(text - from))});
    *ret = (struct pattern){parts, count};
    return 0;
}

bool pattern_equal(const struct pattern *a, const struct pattern *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->parts[i].kind != b->parts[i].kind)
            return false;
        if (a->parts[i].kind == PART_TEXT && !slice_eq(a->parts[i].text, b->parts[i].text))
            return false;
    }
    return true;
}

bool pattern_has_wildcard(const struct pattern *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->parts[i].kind != PART_TEXT)
            return true;
    return false;
}
