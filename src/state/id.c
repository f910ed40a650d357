/* SPDX-License-Identifier: Apache-2.0 */
#include "state/id.h"

#include <sodium.h>

#include "base/err.h"

struct state_id id_new(void)
{
    struct state_id id;

    do
        randombytes_buf(id.b, sizeof(id.b));
    while (id_is_none(id));
    return id;
}

struct state_id id_derive(struct state_id inside, struct slice name)
{
    crypto_generichash_state h;
    struct state_id id;

    crypto_generichash_init(&h, NULL, 0, sizeof(id.b));
    crypto_generichash_update(&h, inside.b, sizeof(inside.b));
    crypto_generichash_update(&h, name.p, name.n);
    crypto_generichash_final(&h, id.b, sizeof(id.b));
    return id;
}

void id_put(struct buf *out, struct state_id id)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < sizeof(id.b); i++) {
        buf_putc(out, (uint8_t)digits[id.b[i] >> 4]);
        buf_putc(out, (uint8_t)digits[id.b[i] & 15]);
    }
}

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int id_parse(struct slice s, struct state_id *ret)
{
    struct state_id id;

    if (s.n != STATE_ID_TEXT)
        return -CE_SYNTAX;
    for (size_t i = 0; i < sizeof(id.b); i++) {
        int hi = digit(s.p[2 * i]), lo = digit(s.p[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return -CE_SYNTAX;
        id.b[i] = (uint8_t)(hi << 4 | lo);
    }
    *ret = id;
    return 0;
}

bool id_begins(struct state_id id, struct slice prefix)
{
    struct buf text = BUF_INIT(STATE_ID_TEXT + 1);
    bool begins;

    id_put(&text, id);
    begins = slice_starts(buf_slice(&text), prefix);
    buf_done(&text);
    return begins;
}
