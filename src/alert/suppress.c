/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/suppress.h"

#include "alert/alert.h"
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
static int suppress_highest(void *u, const struct state_suppression *x)
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
    int r = state_suppression_each(s, a, &q, suppress_highest, &max, err);

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
    r = state_act_begin(s, err);
    return r < 0 ? r : state_act_end(s, add_row(s, a, req, arena, ret, err), err);
}

static int suppress_alert(struct state *s, const struct state_actor *a,
                          const struct alert_suppress_request *req, struct arena *arena,
                          struct state_suppression *ret, struct err *err)
{
    struct alert_ack_request ack = {.same = req->alert,
                                    .verdict = STATE_ALERT_KNOWN,
                                    .note = req->reason};
    struct suppression_add_request add = {.reason = req->reason, .stop = req->stop};
    struct state_alert x;
    int r = state_alert_get(s, a, req->alert, arena, &x, err);

    if (r < 0)
        return r;
    add.unit = x.unit;
    add.rule = x.rule;
    if (!req->whole_rule && x.about.n > 0) {
        add.field = SLICE("about");
        add.value = x.about;
    }
    r = suppression_add(s, a, &add, arena, ret, err);
    return r < 0 ? r : alert_ack(s, a, &ack, arena, &x, err);
}

int alert_suppress(struct state *s, const struct state_actor *a,
                   const struct alert_suppress_request *req, struct arena *arena,
                   struct state_suppression *ret, struct err *err)
{
    int r;

    if (req->reason.n == 0)
        return err_fail(err, CE_MISSING, ERR_ALERT_SUPPRESSION_NEEDS_A_REASON);
    r = state_act_begin(s, err);
    return r < 0 ? r : state_act_end(s, suppress_alert(s, a, req, arena, ret, err), err);
}

int suppression_end(struct state *s, const struct state_actor *a, struct state_id id,
                    struct arena *arena, struct state_suppression *ret, struct err *err)
{
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_suppression_get(s, a, id, arena, ret, err);
    if (r == 0 && ret->stop > state_now(s)) {
        ret->stop = state_now(s);
        r = state_suppression_put(s, a, ret, err);
    }
    return state_act_end(s, r, err);
}

int suppression_list(struct state *s, const struct state_actor *a, struct state_id unit, bool ended,
                     int (*fn)(void *u, const struct state_suppression *x), void *u,
                     struct err *err)
{
    int64_t now = state_now(s);
    struct state_query q = {.unit = unit, .from = ended ? 0 : now, .to = ended ? 0 : STATE_FOREVER};

    return state_suppression_each(s, a, &q, fn, u, err);
}
