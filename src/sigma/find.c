/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/find.h"

#include "base/utf.h"

void pairs_of(struct slice value, struct pairs *ret)
{
    *ret = (struct pairs){{0}};
    for (size_t i = 0; i + 1 < value.n; i++) {
        uint32_t bit = pair_bit(value.p[i], value.p[i + 1]);

        ret->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

void pairs_of_text(struct slice text, uint16_t ret[PAIRS_CHECKED])
{
    size_t at[PAIRS_CHECKED] = {0, (text.n - 2) / 2, text.n - 2};

    for (size_t i = 0; i < PAIRS_CHECKED; i++)
        ret[i] = (uint16_t)pair_bit(text.p[at[i]], text.p[at[i] + 1]);
}

/* Matches parts[from..to) (no PART_ANY among them) at s; the length matched, or SIZE_MAX. */
static size_t match_run(const struct pattern *p, uint32_t from, uint32_t to, struct slice s)
{
    size_t at = 0;

    for (uint32_t i = from; i < to; i++) {
        const struct part *part = &p->parts[i];
        unsigned len;

        if (part->kind == PART_TEXT) {
            if (!slice_starts(slice_from(s, at), part->text))
                return SIZE_MAX;
            at += part->text.n;
        } else {
            if (at >= s.n)
                return SIZE_MAX;
            (void)utf8_decode(s.p + at, s.n - at, &len);
            at += len;
        }
    }
    return at;
}

static uint32_t next_any(const struct pattern *p, uint32_t from)
{
    while (from < p->count && p->parts[from].kind != PART_ANY)
        from++;
    return from;
}

/* Matches the last run at the end of s: tries every start, since ? varies in length. */
static bool match_tail(const struct pattern *p, uint32_t from, struct slice s)
{
    unsigned len;

    if (from + 1 == p->count && p->parts[from].kind == PART_TEXT)
        return slice_ends(s, p->parts[from].text);
    for (size_t at = 0; at <= s.n; at += len) {
        struct slice rest = slice_from(s, at);

        if (match_run(p, from, p->count, rest) == rest.n)
            return true;
        len = 1;
        if (at < s.n)
            (void)utf8_decode(s.p + at, s.n - at, &len);
    }
    return false;
}

/* Moves *s on to the first place where parts[from..to) match; their length, or SIZE_MAX. */
static size_t find_run(const struct pattern *p, uint32_t from, uint32_t to, struct slice *s)
{
    for (;;) {
        unsigned len = 1;
        size_t n;

        if (p->parts[from].kind == PART_TEXT) {
            size_t at = slice_find(*s, p->parts[from].text);

            if (at == SIZE_MAX)
                return SIZE_MAX;
            *s = slice_from(*s, at);
        }
        n = match_run(p, from, to, *s);
        if (n != SIZE_MAX || s->n == 0)
            return n;
        (void)utf8_decode(s->p, s->n, &len);
        *s = slice_from(*s, len);
    }
}

/*
 * Between two * the leftmost match is as good as any other, so there is no backtracking over
 * runs. A run starts at a character's first byte only.
 */
bool glob_match(const struct pattern *p, struct slice s)
{
    uint32_t from = 0, to = next_any(p, 0);
    size_t n = match_run(p, from, to, s);

    if (to == p->count)
        return n == s.n;
    if (n == SIZE_MAX)
        return false;
    s = slice_from(s, n);
    for (;;) {
        from = to + 1;
        to = next_any(p, from);
        if (to == p->count)
            return from == p->count || match_tail(p, from, s);
        n = find_run(p, from, to, &s);
        if (n == SIZE_MAX)
            return false;
        s = slice_from(s, n);
    }
}
