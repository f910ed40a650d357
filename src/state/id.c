/* SPDX-License-Identifier: Apache-2.0 */
#include "state/id.h"

#include <sodium.h>

#include "base/err.h"
#include "base/hex.h"

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

void id_write(struct buf *out, struct state_id id)
{
    buf_append_hex(out, id.b, sizeof(id.b));
}

int id_parse(struct slice s, struct state_id *ret)
{
    struct state_id id;

    if (!hex_get(s, id.b, sizeof(id.b)))
        return -CE_SYNTAX;
    *ret = id;
    return 0;
}

bool id_begins(struct state_id id, struct slice prefix)
{
    struct buf text = BUF_INIT(STATE_ID_TEXT + 1);
    bool begins;

    id_write(&text, id);
    begins = slice_starts(buf_slice(&text), prefix);
    buf_done(&text);
    return begins;
}
