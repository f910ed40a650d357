/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/pattern.h"

#include "base/err.h"

int pattern_begin(struct pattern_maker *m, struct arena *arena, size_t specials, size_t bytes)
{
    *m = (struct pattern_maker){.arena = arena};
    m->text = m->end = arena_alloc(arena, bytes);
    m->parts = arena_new_array(arena, 2 * specials + 1, struct part);
    return m->parts != NULL && m->text != NULL ? 0 : -CE_NOMEM;
}

static void end_text(struct pattern_maker *m)
{
    if (m->end == m->text)
        return;
    m->parts[m->count++] =
        (struct part){.kind = PART_TEXT, .text = slice_of(m->text, (size_t)(m->end - m->text))};
    m->text = m->end;
}

void pattern_write_special(struct pattern_maker *m, uint8_t c)
{
    end_text(m);
    if (c == '*' && m->count && m->parts[m->count - 1].kind == PART_ANY)
        return;
    m->parts[m->count++] = (struct part){.kind = c == '*' ? PART_ANY : PART_ONE};
}

void pattern_end(struct pattern_maker *m, struct pattern *ret)
{
    end_text(m);
    arena_shrink(m->arena, m->parts, m->count * sizeof(*m->parts));
    *ret = (struct pattern){.parts = m->parts, .count = m->count};
}

static size_t count_specials(struct slice text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        n += pattern_is_special(text.p[i]);
    return n;
}

static int pattern_make(struct arena *arena, struct slice text, enum pattern_open open,
                        bool literal, struct pattern *ret)
{
    struct pattern_maker m;

    if (pattern_begin(&m, arena, (literal ? 0 : count_specials(text)) + 2, text.n) < 0)
        return -CE_NOMEM;
    if (open & OPEN_BEFORE)
        pattern_write_special(&m, '*');
    for (size_t i = 0; i < text.n; i++) {
        if (!literal && pattern_is_special(text.p[i])) {
            pattern_write_special(&m, text.p[i]);
        } else {
            i += !literal && pattern_is_escape(text, i, true);
            pattern_write(&m, text.p[i]);
        }
    }
    if (open & OPEN_AFTER)
        pattern_write_special(&m, '*');
    pattern_end(&m, ret);
    return 0;
}

int pattern_parse(struct arena *arena, struct slice text, enum pattern_open open,
                  struct pattern *ret)
{
    return pattern_make(arena, text, open, false, ret);
}

int pattern_literal(struct arena *arena, struct slice text, enum pattern_open open,
                    struct pattern *ret)
{
    return pattern_make(arena, text, open, true, ret);
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

/* A backslash is doubled only where a single one would mean something else. */
static void print_text(struct slice s, bool wildcard_follows, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        bool last = i + 1 == s.n && s.p[i] == '\\' && wildcard_follows;

        if (pattern_is_special(s.p[i]) || pattern_is_escape(s, i, true) || last)
            buf_putc(out, '\\');
        buf_putc(out, s.p[i]);
    }
}

void pattern_print(const struct pattern *p, struct buf *out)
{
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->parts[i].kind == PART_TEXT)
            print_text(p->parts[i].text, i + 1 < p->count, out);
        else
            buf_putc(out, pattern_sign(p->parts[i].kind));
    }
}

struct slice pattern_longest(const struct pattern *p)
{
    struct slice best = SLICE("");

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->parts[i].text.n > best.n)
            best = p->parts[i].text;
    }
    return best;
}
