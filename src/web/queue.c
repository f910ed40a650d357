/* SPDX-License-Identifier: Apache-2.0 */
#include "web/queue.h"

#include <stdlib.h>

static int newest_first(const void *a, const void *b)
{
    const struct state_alert *x = a, *y = b;

    return x->last_seen > y->last_seen ? -1 : x->last_seen < y->last_seen ? 1 : 0;
}

int queue_list(struct state *s, const struct state_actor *a, struct queue *q, struct arena *arena,
               struct err *err)
{
    struct state_query all = {.limit = 100000};
    struct state_alert *rows = NULL;
    size_t n = 0, fit = 0;
    int r = state_alert_list(s, a, &all, arena, &rows, &n, err);

    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++) {
        q->waiting += rows[i].state == STATE_ALERT_NEW;
        if (q->state == 0 || rows[i].state == q->state)
            rows[fit++] = rows[i];
    }
    if (fit > 0)
        qsort(rows, fit, sizeof(*rows), newest_first);
    q->skip = CANH_MIN(q->skip, fit);
    q->items = rows ? rows + q->skip : NULL;
    q->count = CANH_MIN(q->most, fit - q->skip);
    q->more = q->skip + q->count < fit;
    return 0;
}

int queue_acknowledge(struct state *s, const struct state_actor *a, const struct state_alert *x,
                      const struct queue_ack *ack, struct err *err)
{
    struct state_alert row = *x;
    struct state_alert_ack said = {.unit = x->unit,
                                   .alert = x->id,
                                   .person = a->person,
                                   .at = state_now(s),
                                   .verdict = ack->verdict,
                                   .note = ack->note};
    struct state_actor program = state_actor_system();
    int r = state_begin(s, err);

    if (r < 0)
        return r;
    program.person = a->person;
    row.state = ack->verdict == STATE_ALERT_ONLY_SEEN ? STATE_ALERT_SEEN : STATE_ALERT_CLOSED;
    row.seen_at = row.seen_at ? row.seen_at : said.at;
    r = state_alert_ack_put(s, a, &said, err); /* who may not, ends here */
    if (r == 0)
        r = state_alert_put(s, &program, &row, err);
    if (r == 0)
        r = state_commit(s, err);
    state_rollback(s);
    return r;
}
