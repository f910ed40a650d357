/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/pattern.h"

#include "base/err.h"

/* Collects parts; joins what may not stand side by side. */
struct parts {
    struct part *p;
    uint32_t count;
    uint8_t *text, *end; /* the text part being written */
};

static int begin(struct parts *to, struct arena *arena, size_t parts_max, size_t text_max)
{
    to->p = arena_alloc(arena, parts_max * sizeof(*to->p));
    to->text = to->end = arena_alloc(arena, text_max);
    to->count = 0;
    return to->p != NULL && to->text != NULL ? 0 : -CE_NOMEM;
}

static void end_text(struct parts *to)
{
    if (to->end == to->text)
        return;
    to->p[to->count++] =
        (struct part){.kind = PART_TEXT, .text = slice_of(to->text, (size_t)(to->end - to->text))};
    to->text = to->end;
}

static void add_wildcard(struct parts *to, enum part_kind kind)
{
    end_text(to);
    if (kind == PART_ANY && to->count && to->p[to->count - 1].kind == PART_ANY)
        return;
    to->p[to->count++] = (struct part){.kind = kind};
}

/* How many parts the text can become at most: two for each wildcard, one for the rest. */
static size_t count_parts(struct slice text)
{
    size_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += 2 * (text.p[i] == '*' || text.p[i] == '?');
    return n;
}

static bool escapable(uint8_t c)
{
    return c == '\\' || c == '*' || c == '?';
}

int pattern_parse(struct arena *arena, struct slice text, enum pattern_open open,
                  struct pattern *ret)
{
    struct parts to;

    if (begin(&to, arena, count_parts(text) + 2, text.n) < 0)
        return -CE_NOMEM;
    if (open & OPEN_BEFORE)
        add_wildcard(&to, PART_ANY);
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];

        if (c == '*' || c == '?') {
            add_wildcard(&to, c == '*' ? PART_ANY : PART_ONE);
            continue;
        }
        if (c == '\\' && i + 1 < text.n && escapable(text.p[i + 1]))
            c = text.p[++i];
        *to.end++ = c;
    }
    if (open & OPEN_AFTER)
        add_wildcard(&to, PART_ANY);
    end_text(&to);
    *ret = (struct pattern){.parts = to.p, .count = to.count};
    return 0;
}

int pattern_literal(struct arena *arena, struct slice text, enum pattern_open open,
                    struct pattern *ret)
{
    struct parts to;

    if (begin(&to, arena, 3, text.n) < 0)
        return -CE_NOMEM;
    if (open & OPEN_BEFORE)
        add_wildcard(&to, PART_ANY);
    if (text.n)
        memcpy(to.end, text.p, text.n);
    to.end += text.n;
    if (open & OPEN_AFTER)
        add_wildcard(&to, PART_ANY);
    end_text(&to);
    *ret = (struct pattern){.parts = to.p, .count = to.count};
    return 0;
}

/* A backslash is doubled only where a single one would mean something else. */
static void print_text(struct slice s, bool wildcard_follows, struct buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        bool last = i + 1 == s.n;

        if (s.p[i] == '*' || s.p[i] == '?' ||
            (s.p[i] == '\\' && (last ? wildcard_follows : escapable(s.p[i + 1]))))
            buf_putc(out, '\\');
        buf_putc(out, s.p[i]);
    }
}

void pattern_print(const struct pattern *p, struct buf *out)
{
    for (uint32_t i = 0; i < p->count; i++) {
        switch (p->parts[i].kind) {
        case PART_TEXT:
            print_text(p->parts[i].text, i + 1 < p->count, out);
            break;
        case PART_ANY:
            buf_putc(out, '*');
            break;
        case PART_ONE:
            buf_putc(out, '?');
            break;
        }
    }
}
