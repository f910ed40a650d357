/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/predicate.h"

#include <string.h>

#include "base/cur.h"
#include "base/err.h"
#include "journal/filter.h"

void predicate_add_true(struct buf *out)
{
    buf_putc(out, 'y');
}

void predicate_add_word(struct buf *out, struct slice word)
{
    if (word.n < FILTER_WORD_MIN || word.n > FILTER_WORD_MAX) {
        predicate_add_true(out);
        return;
    }
    buf_putc(out, 'w');
    buf_putc(out, (char)word.n);
    buf_append_slice(out, word);
}

void predicate_add_ip(struct buf *out, const struct ip *ip)
{
    buf_putc(out, 'i');
    buf_putc(out, ip->v6);
    buf_append(out, ip->bytes, sizeof(ip->bytes));
}

static void write_join(struct buf *out, char op, unsigned n)
{
    buf_putc(out, op);
    buf_putc(out, (char)(n & 0xff));
    buf_putc(out, (char)(n >> 8));
}

void predicate_add_all(struct buf *out, unsigned n)
{
    write_join(out, '&', n);
}

void predicate_add_any(struct buf *out, unsigned n)
{
    write_join(out, '|', n);
}

struct stack {
    bool values[WANT_DEPTH_MAX];
    unsigned n;
};

static bool predicate_push(struct stack *s, bool value)
{
    if (s->n == WANT_DEPTH_MAX)
        return false;
    s->values[s->n++] = value;
    return true;
}

static bool predicate_join(struct stack *s, struct cur *c, bool all)
{
    uint16_t n = cur_u16(c);
    bool value = all;

    if (c->bad || n > s->n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        bool x = s->values[--s->n];

        value = all ? value && x : value || x;
    }
    return predicate_push(s, value);
}

static bool predicate_word(struct stack *s, struct cur *c, const struct predicate_ctx *h)
{
    uint8_t n = cur_u8(c);
    struct slice w = cur_bytes(c, n);

    return !c->bad && n >= FILTER_WORD_MIN && n <= FILTER_WORD_MAX &&
           predicate_push(s, h->word(h->u, w));
}

static bool predicate_address(struct stack *s, struct cur *c, const struct predicate_ctx *h)
{
    uint8_t v6 = cur_u8(c);
    struct ip ip = {.v6 = v6 != 0};

    cur_copy(c, ip.bytes, sizeof(ip.bytes));
    return !c->bad && v6 <= 1 && predicate_push(s, h->ip(h->u, &ip));
}

static bool predicate_step(struct stack *s, struct cur *c, const struct predicate_ctx *h)
{
    switch (cur_u8(c)) {
    case 'y':
        return predicate_push(s, true);
    case 'w':
        return predicate_word(s, c, h);
    case 'i':
        return predicate_address(s, c, h);
    case '&':
        return predicate_join(s, c, true);
    case '|':
        return predicate_join(s, c, false);
    }
    return false;
}

int predicate_holds(struct slice term, const struct predicate_ctx *h)
{
    struct cur c = cur_of(term);
    struct stack s = {.n = 0};

    while (cur_left(&c) > 0)
        if (!predicate_step(&s, &c, h))
            return -CE_PEER;
    return s.n == 1 ? s.values[0] : -CE_PEER;
}
