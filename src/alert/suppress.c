/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/suppress.h"

#include "base/num.h"
#include "base/time.h"
#include "lang/err_alert.h"

static const char *const fields[] = {"about", "host", "user", "address"};

static bool field_is_known(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(fields); i++)
        if (slice_is(name, fields[i]))
            return true;
    return name.n == 0;
}

/* The number behind X of the highest code. */
static int highest(void *u, const struct state_suppression *x)
{
    int64_t *max = u, v;

    if (x->code.n > 1 && num_range(slice_from(x->code, 1), 0, INT32_MAX, &v) == 0)
        *max = CANH_MAX(*max, v);
    return 0;
}

static int add_row(struct state *s, const struct state_actor *a,
                   const struct suppression_add_request *req, struct arena *arena,
                   struct state_suppression *ret, struct err *err)
{
    struct state_query q = {.unit = req->unit};
    struct buf code = BUF_INIT(32);
    int64_t max = 0;
    int r = state_suppression_each(s, a, &q, highest, &max, err);

    if (r < 0)
        return r;
    *ret = (struct state_suppression){.unit = req->unit,
                                      .rule = req->rule,
                                      .field = req->field,
                                      .value = req->value,
                                      .reason = req->reason,
                                      .owner = a->person,
                                      .start = state_now(s),
                                      .stop = req->stop};
    buf_printf(&code, "X%lld", (long long)max + 1);
    ret->code = arena_dup(arena, buf_slice(&code));
    buf_done(&code);
    return state_suppression_put(s, a, ret, err);
}

int suppression_add(struct state *s, const struct state_actor *a,
                    const struct suppression_add_request *req, struct arena *arena,
                    struct state_suppression *ret, struct err *err)
{
    int r;

    if (!field_is_known(req->field))
        return err_fail(err, CE_UNKNOWN, ERR_ALERT_ALERT_NO_FIELD, req->field);
    if (req->stop > state_now(s) + SUPPRESS_MAX * TIME_DAY)
        return err_fail(err, CE_RANGE, ERR_ALERT_SUPPRESSION_LASTS_DAYS_AT_MOST, SUPPRESS_MAX);
    r = state_begin(s, err);
    if (r < 0)
        return r;
    r = add_row(s, a, req, arena, ret, err);
    if (r == 0)
        return state_commit(s, err);
    state_rollback(s);
    return r;
}

int suppression_list(struct state *s, const struct state_actor *a, struct state_id unit, bool ended,
                     int (*fn)(void *u, const struct state_suppression *x), void *u,
                     struct err *err)
{
    int64_t now = state_now(s);
    struct state_query q = {.unit = unit, .from = ended ? 0 : now, .to = ended ? 0 : STATE_FOREVER};

    return state_suppression_each(s, a, &q, fn, u, err);
}
