/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/want.h"

#include <string.h>

#include "base/cur.h"
#include "base/err.h"
#include "journal/filter.h"

void want_add_true(struct buf *out)
{
    buf_putc(out, 'y');
}

void want_add_word(struct buf *out, struct slice word)
{
    if (word.n < FILTER_WORD_MIN || word.n > FILTER_WORD_MAX) {
        want_add_true(out);
        return;
    }
    buf_putc(out, 'w');
    buf_putc(out, (char)word.n);
    buf_append_slice(out, word);
}

void want_add_ip(struct buf *out, const struct ip *ip)
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

void want_add_all(struct buf *out, unsigned n)
{
    write_join(out, '&', n);
}

void want_add_any(struct buf *out, unsigned n)
{
    write_join(out, '|', n);
}

struct stack {
    bool values[WANT_DEPTH_MAX];
    unsigned n;
};

static bool want_push(struct stack *s, bool value)
{
    if (s->n == WANT_DEPTH_MAX)
        return false;
    s->values[s->n++] = value;
    return true;
}

static bool want_join(struct stack *s, struct cur *c, bool all)
{
    uint16_t n = cur_u16(c);
    bool value = all;

    if (c->bad || n > s->n)
        return false;
    for (unsigned i = 0; i < n; i++) {
        bool x = s->values[--s->n];

        value = all ? value && x : value || x;
    }
    return want_push(s, value);
}

static bool want_word(struct stack *s, struct cur *c, const struct want_holds *h)
{
    uint8_t n = cur_u8(c);
    struct slice w = cur_bytes(c, n);

    return !c->bad && n >= FILTER_WORD_MIN && n <= FILTER_WORD_MAX &&
           want_push(s, h->word(h->u, w));
}

static bool want_address(struct stack *s, struct cur *c, const struct want_holds *h)
{
    uint8_t v6 = cur_u8(c);
    struct ip ip = {.v6 = v6 != 0};

    cur_copy(c, ip.bytes, sizeof(ip.bytes));
    return !c->bad && v6 <= 1 && want_push(s, h->ip(h->u, &ip));
}

static bool want_step(struct stack *s, struct cur *c, const struct want_holds *h)
{
    switch (cur_u8(c)) {
    case 'y':
        return want_push(s, true);
    case 'w':
        return want_word(s, c, h);
    case 'i':
        return want_address(s, c, h);
    case '&':
        return want_join(s, c, true);
    case '|':
        return want_join(s, c, false);
    }
    return false;
}

int want_holds(struct slice term, const struct want_holds *h)
{
    struct cur c = cur_of(term);
    struct stack s = {.n = 0};

    while (cur_left(&c) > 0)
        if (!want_step(&s, &c, h))
            return -CE_PEER;
    return s.n == 1 ? s.values[0] : -CE_PEER;
}
