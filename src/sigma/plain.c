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

static void plain_write(struct plain *p, uint8_t c, enum plain_kind kind)
{
    buf_putc(&p->text, c);
    buf_putc(&p->kind, (uint8_t)kind);
}

void plain_write_literal(struct plain *p, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (pattern_is_special(text.p[i]))
            plain_write(p, '\\', PLAIN_ESCAPE);
        plain_write(p, text.p[i], PLAIN_TEXT);
    }
}

void plain_write_pattern(struct plain *p, const struct pattern *pattern)
{
    for (uint32_t i = 0; i < pattern->count; i++) {
        if (pattern->parts[i].kind == PART_TEXT)
            plain_write_literal(p, pattern->parts[i].text);
        else
            plain_write(p, pattern_sign(pattern->parts[i].kind), PLAIN_WILDCARD);
    }
}

void plain_write_range(struct plain *p, const struct plain *from, size_t start, size_t end)
{
    if (start >= end)
        return;
    buf_append(&p->text, from->text.p + start, end - start);
    buf_append(&p->kind, from->kind.p + start, end - start);
}

void plain_write_special(struct plain *p, struct slice text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (pattern_is_escape(text, i, false)) {
            plain_write(p, '\\', PLAIN_ESCAPE);
            plain_write(p, text.p[++i], PLAIN_TEXT);
        } else {
            plain_write(p, text.p[i], pattern_is_special(text.p[i]) ? PLAIN_WILDCARD : PLAIN_TEXT);
        }
    }
}

int plain_pattern(const struct plain *p, size_t start, size_t end, struct arena *arena,
                  struct pattern *ret)
{
    struct pattern_maker m;
    size_t specials = 0;

    if (p->text.err != 0 || p->kind.err != 0)
        return p->text.err != 0 ? p->text.err : p->kind.err;
    for (size_t i = start; i < end; i++)
        specials += p->kind.p[i] == PLAIN_WILDCARD;
    if (start >= end) {
        *ret = (struct pattern){NULL, 0};
        return 0;
    }
    if (pattern_begin(&m, arena, specials, end - start) < 0)
        return -CE_NOMEM;
    for (size_t i = start; i < end; i++) {
        if (p->kind.p[i] == PLAIN_TEXT)
            pattern_write(&m, p->text.p[i]);
        else if (p->kind.p[i] == PLAIN_WILDCARD)
            pattern_write_special(&m, p->text.p[i]);
    }
    pattern_end(&m, ret);
    return 0;
}
