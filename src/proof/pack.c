/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/pack.h"

#include "base/err.h"

static void append_u64(struct buf *out, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        buf_putc(out, (uint8_t)(v >> 8 * i));
}

static int64_t get_i64(const uint8_t *p)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++)
        v |= (uint64_t)p[i] << 8 * i;
    return (int64_t)v;
}

void pack_write(struct buf *out, const struct status_cell *c)
{
    if (out->len == 0)
        buf_putc(out, PACK_VERSION);
    append_u64(out, (uint64_t)c->period.from);
    append_u64(out, (uint64_t)c->period.until);
    append_u64(out, (uint64_t)c->period.due);
    append_u64(out, (uint64_t)c->state | (uint64_t)c->reason << 8 | (uint64_t)c->strength << 16 |
                        (uint64_t)c->share << 32);
}

int64_t pack_count(struct slice packed)
{
    if (packed.n == 0)
        return 0;
    if (packed.p[0] != PACK_VERSION)
        return -CE_UNKNOWN;
    return (packed.n - 1) % PACK_CELL ? -CE_CORRUPT : (int64_t)((packed.n - 1) / PACK_CELL);
}

struct status_cell pack_get(struct slice packed, int64_t i)
{
    const uint8_t *p = packed.p + 1 + i * PACK_CELL;
    uint64_t bits = (uint64_t)get_i64(p + 24);
    struct status_cell c = {.period = {get_i64(p), get_i64(p + 8), get_i64(p + 16)},
                            .unit = PLAN_NONE,
                            .part = PLAN_NONE,
                            .proof = PLAN_NONE,
                            .provider = PLAN_NONE};

    /* what no version of this program wrote is not shown as anything good */
    c.state = (uint8_t)bits < STATUS_STATE_MAX ? (uint8_t)bits : STATUS_UNKNOWN;
    c.reason = (uint8_t)(bits >> 8) < REASON_MAX ? (uint8_t)(bits >> 8) : REASON_SILENT;
    c.strength = (uint8_t)(bits >> 16) <= STRENGTH_MEASURED ? (uint8_t)(bits >> 16) : 0;
    c.share = (uint16_t)(bits >> 32);
    return c;
}

void pack_span(struct slice packed, int64_t *ret_start, int64_t *ret_stop)
{
    int64_t n = pack_count(packed);

    *ret_start = *ret_stop = 0;
    if (n <= 0)
        return;
    *ret_start = pack_get(packed, 0).period.from;
    *ret_stop = pack_get(packed, n - 1).period.until;
}
