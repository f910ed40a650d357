/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/want.h"

#include <string.h>

#include "base/cur.h"
#include "base/err.h"
#include "journal/filter.h"

void want_put_true(struct buf *out)
{
    buf_putc(out, 'y');
}

void want_put_word(struct buf *out, struct slice word)
{
    if (word.n < FILTER_WORD_MIN || word.n > FILTER_WORD_MAX) {
        want_put_true(out);
        return;
    }
    buf_putc(out, 'w');
    buf_putc(out, (char)word.n);
    buf_put_slice(out, word);
}

void want_put_ip(struct buf *out, const struct ip *ip)
{
    buf_putc(out, 'i');
    buf_putc(out, ip->v6);
    buf_put(out, ip->bytes, sizeof(ip->bytes));
}

static void put_join(struct buf *out, char op, unsigned n)
{
    buf_putc(out, op);
    buf_putc(out, (char)(n & 0xff));
    buf_putc(out, (char)(n >> 8));
}

void want_put_all(struct buf *out, unsigned n)
{
    put_join(out, '&', n);
}

void want_put_any(struct buf *out, unsigned n)
{
    put_join(out, '|', n);
}

struct stack {
    bool values[WANT_DEPTH_MAX];
    unsigned n;
};

static bool push(struct stack *s, bool value)
{
    if (s->n == WANT_DEPTH_MAX)
        return false;
    s->values[s->n++] = value;
    return true;
}

static bool join(struct stack *s, struct cur *c, bool all)
{
    uint16_t n = cur_u16(c);
    bool value = all;

    if (c->bad || n > s->n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        bool x = s->values[--s->n];

        value = all ? value && x : value || x;
    }
    return push(s, value);
}

static bool word(struct stack *s, struct cur *c, const struct want_holds *h)
{
    uint8_t n = cur_u8(c);
    struct slice w = cur_bytes(c, n);

    return !c->bad && n >= FILTER_WORD_MIN && n <= FILTER_WORD_MAX && push(s, h->word(h->u, w));
}

static bool address(struct stack *s, struct cur *c, const struct want_holds *h)
{
    uint8_t v6 = cur_u8(c);
    struct ip ip = {.v6 = v6 != 0};

    cur_copy(c, ip.bytes, sizeof(ip.bytes));
    return !c->bad && v6 <= 1 && push(s, h->ip(h->u, &ip));
}

static bool step(struct stack *s, struct cur *c, const struct want_holds *h)
{
    switch (cur_u8(c)) {
    case 'y':
        return push(s, true);
    case 'w':
        return word(s, c, h);
    case 'i':
        return address(s, c, h);
    case '&':
        return join(s, c, true);
    case '|':
        return join(s, c, false);
    }
    return false;
}

int want_holds(struct slice term, const struct want_holds *h)
{
    struct cur c = cur_of(term);
    struct stack s = {.n = 0};

    while (cur_left(&c) > 0)
        if (!step(&s, &c, h))
            return -CE_PEER;
    return s.n == 1 ? s.values[0] : -CE_PEER;
}
