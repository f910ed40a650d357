/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/verdict.h"

#include <stdlib.h>

#include "base/map.h"
#include "state/alerts.h"

struct verdict_count {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    int64_t from, to;
    struct map index; /* rule → row */
    struct verdict_row *rows;
    size_t count;
    struct err *err;
};

static int keep_last(void *u, const struct state_alert_ack *x)
{
    if (x->verdict != STATE_ALERT_ONLY_SEEN)
        *(int32_t *)u = x->verdict;
    return 0;
}

static int find_row(struct verdict_count *c, const struct state_alert *x, struct verdict_row **ret)
{
    uint32_t at = 0;
    struct verdict_row *row;

    if (map_get(&c->index, x->rule, &at)) {
        *ret = &c->rows[at];
        return 0;
    }
    if (c->count == VERDICT_RULES_MAX) {
        *ret = NULL;
        return 0;
    }
    row = &c->rows[c->count];
    *row = (struct verdict_row){.rule = arena_dup(c->ctx->arena, x->rule),
                                .title = arena_dup(c->ctx->arena, x->title),
                                .title_vi = arena_dup(c->ctx->arena, x->title_vi)};
    if (map_put(&c->index, row->rule, (uint32_t)c->count) < 0)
        return err_nomem(c->err);
    c->count++;
    *ret = row;
    return 0;
}

static int count_alert(void *u, const struct state_alert *x)
{
    struct verdict_count *c = u;
    struct state_query q = {.ref = x->id};
    struct verdict_row *row = NULL;
    int32_t verdict = 0;
    int r;

    if (x->history || x->drill || !id_is_none(x->suppression) || x->first_seen < c->from ||
        x->first_seen >= c->to)
        return 0;
    r = find_row(c, x, &row);
    if (r == 0 && row)
        r = state_alert_ack_each(c->ctx->s, c->actor, &q, keep_last, &verdict, c->err);
    if (r < 0 || row == NULL)
        return r;
    row->alerts++;
    row->real += verdict == STATE_ALERT_REAL;
    row->wrong += verdict == STATE_ALERT_FALSE;
    row->known += verdict == STATE_ALERT_KNOWN;
    row->open += verdict == 0;
    return 0;
}

static int by_alerts(const void *a, const void *b)
{
    const struct verdict_row *x = a, *y = b;

    return x->alerts != y->alerts ? (x->alerts > y->alerts ? -1 : 1) : slice_cmp(x->rule, y->rule);
}

int verdict_list(const struct act_ctx *ctx, const struct state_actor *actor, int64_t from,
                 int64_t to, struct verdict_row **ret, size_t *ret_n, struct err *err)
{
    struct verdict_count c = {.ctx = ctx, .actor = actor, .from = from, .to = to, .err = err};
    struct state_query q = {.from = from, .to = to};
    int r;

    map_init(&c.index, 4 * VERDICT_RULES_MAX);
    c.rows = arena_new_array(ctx->arena, VERDICT_RULES_MAX, struct verdict_row);
    r = c.rows ? state_alert_each(ctx->s, actor, &q, count_alert, &c, err) : err_nomem(err);
    map_done(&c.index);
    if (r < 0)
        return r;
    if (c.count > 1)
        qsort(c.rows, c.count, sizeof(*c.rows), by_alerts);
    *ret = c.rows;
    *ret_n = c.count;
    return 0;
}
