/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/maintain.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "calendar/recur.h"
#include "lang/err_alert.h"
#include "lang/zone.h"
#include "state/act.h"
#include "state/assets.h"

enum { A_YEAR_DAYS = 366 };

bool maintenance_covers(const struct state_maintenance *x, int64_t at)
{
    int64_t ahead = ZONE_OWN * TIME_SECOND, lasts = x->stop - x->start, t;
    struct recur_walk walk;
    struct recur rule;

    if (at < x->start || at >= x->until)
        return false;
    if (x->repeat.n == 0)
        return at < x->stop;
    if (recur_parse(x->repeat, &rule, NULL) < 0)
        return false;
    recur_until_local(&rule, (int)(ahead / TIME_SECOND));
    recur_begin(&walk, &rule, x->start + ahead);
    while ((t = recur_next(&walk, at + ahead + 1, NULL)) != INT64_MAX)
        if (at + ahead < t + lasts)
            return true;
    return false;
}

static struct slice rule_of(struct slice repeat)
{
    static const struct {
        const char *word;
        struct slice rule;
    } words[] = {{"daily", SLICE("FREQ=DAILY")},
                 {"weekly", SLICE("FREQ=WEEKLY")},
                 {"monthly", SLICE("FREQ=MONTHLY")}};

    for (size_t i = 0; i < CANH_LEN(words); i++)
        if (slice_is(repeat, words[i].word))
            return words[i].rule;
    return repeat;
}

static int check_request(const struct maintenance_add_request *req, int64_t now, struct err *err)
{
    struct recur rule;

    if (req->reason.n == 0)
        return err_fail(err, CE_MISSING, ERR_ALERT_MAINTENANCE_NEEDS_A_REASON);
    if (req->stop - req->start > MAINTENANCE_MAX * TIME_DAY)
        return err_fail(err, CE_RANGE, ERR_ALERT_MAINTENANCE_LASTS_DAYS_AT_MOST, MAINTENANCE_MAX);
    if (req->repeat.n)
        return recur_parse(rule_of(req->repeat), &rule, err);
    if (req->stop <= now)
        return err_fail(err, CE_RANGE, ERR_ALERT_MAINTENANCE_IS_OVER);
    return 0;
}

/* The number behind M of the highest code. */
static int maintain_highest(void *u, const struct state_maintenance *x)
{
    int64_t *max = u, v;

    if (x->code.n > 1 && num_range(slice_from(x->code, 1), 0, INT32_MAX, &v) == 0)
        *max = CANH_MAX(*max, v);
    return 0;
}

static int64_t until_of(const struct maintenance_add_request *req)
{
    int64_t last = req->start + MAINTENANCE_AHEAD_MAX * TIME_DAY;

    if (req->repeat.n == 0)
        return req->stop;
    return CANH_MIN(req->until ? req->until : req->start + A_YEAR_DAYS * TIME_DAY, last);
}

static int add_row(struct state *s, const struct state_actor *a,
                   const struct maintenance_add_request *req, struct arena *arena,
                   struct state_maintenance *ret, struct err *err)
{
    struct state_query q = {.unit = req->unit};
    struct state_asset asset = {.id = STATE_ID_NONE};
    struct buf code = BUF_INIT(32);
    int64_t max = 0;
    int r = state_maintenance_each(s, a, &q, maintain_highest, &max, err);

    if (r == 0 && req->asset.n)
        r = state_asset_find(s, a, req->unit, req->asset, arena, &asset, err);
    if (r < 0)
        return r;
    buf_printf(&code, "M%lld", (long long)max + 1);
    *ret = (struct state_maintenance){.unit = req->unit,
                                      .code = arena_dup(arena, buf_slice(&code)),
                                      .asset = asset.id,
                                      .reason = req->reason,
                                      .owner = a->person,
                                      .start = req->start,
                                      .stop = req->stop,
                                      .repeat = rule_of(req->repeat),
                                      .until = until_of(req)};
    buf_done(&code);
    return state_maintenance_put(s, a, ret, err);
}

int maintenance_add(struct state *s, const struct state_actor *a,
                    const struct maintenance_add_request *req, struct arena *arena,
                    struct state_maintenance *ret, struct err *err)
{
    int r = check_request(req, state_now(s), err);

    if (r == 0)
        r = state_act_begin(s, err);
    return r < 0 ? r : state_act_end(s, add_row(s, a, req, arena, ret, err), err);
}

int maintenance_end(struct state *s, const struct state_actor *a, struct state_id unit,
                    struct slice code, struct arena *arena, struct state_maintenance *ret,
                    struct err *err)
{
    int r = state_act_begin(s, err);

    if (r < 0)
        return r;
    r = state_maintenance_find(s, a, unit, code, arena, ret, err);
    if (r == 0 && ret->until > state_now(s)) {
        ret->until = state_now(s);
        r = state_maintenance_put(s, a, ret, err);
    }
    return state_act_end(s, r, err);
}

int maintenance_list(struct state *s, const struct state_actor *a, struct state_id unit, bool ended,
                     int (*fn)(void *u, const struct state_maintenance *x), void *u,
                     struct err *err)
{
    int64_t now = state_now(s);
    struct state_query q = {.unit = unit, .from = ended ? 0 : now, .to = ended ? 0 : STATE_FOREVER};

    return state_maintenance_each(s, a, &q, fn, u, err);
}

struct maintenance_find {
    struct state *s;
    const struct maintenance_query *look;
    struct state_id found;
};

static bool is_host(struct state *s, struct state_id asset, struct slice host)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 16);
    struct state_asset x;
    bool is = host.n && state_asset_get(s, &sys, asset, &arena, &x, NULL) == 0 &&
              slice_eq_nocase(x.code, host);

    arena_done(&arena);
    return is;
}

static int look_at(void *u, const struct state_maintenance *x)
{
    struct maintenance_find *f = u;
    const struct maintenance_query *look = f->look;

    if (!maintenance_covers(x, look->at))
        return 0;
    if (!id_is_none(x->asset) && !id_eq(x->asset, look->asset) &&
        !(id_is_none(look->asset) && is_host(f->s, x->asset, look->host)))
        return 0;
    f->found = x->id;
    return 1;
}

int maintenance_find(struct state *s, const struct maintenance_query *x, struct state_id *ret,
                     struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct maintenance_find f = {.s = s, .look = x, .found = STATE_ID_NONE};
    struct state_query q = {.unit = x->unit, .from = x->at, .to = x->at + 1};
    int r = state_maintenance_each(s, &sys, &q, look_at, &f, err);

    *ret = f.found;
    return CANH_MIN(r, 0);
}

struct open_outage {
    struct arena arena;
    struct state_outage row;
    bool found;
};

static int keep_open(void *u, const struct state_outage *x)
{
    struct open_outage *o = u;

    if (x->stop != STATE_FOREVER)
        return 0;
    o->found = true;
    o->row = *x;
    o->row.seen_from = arena_dup(&o->arena, x->seen_from);
    o->row.cause = arena_dup(&o->arena, x->cause);
    o->row.note = arena_dup(&o->arena, x->note);
    return 1;
}

/* The work is over, the outage is not: what goes on from here was not planned. */
static int go_on_unplanned(struct state *s, struct state_outage *was, int64_t at, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct state_outage next = {.unit = was->unit,
                                .check = was->check,
                                .asset = was->asset,
                                .start = CANH_MAX(at, was->start + 1),
                                .stop = STATE_FOREVER,
                                .seen_from = was->seen_from};
    int r;

    was->stop = next.start;
    r = state_outage_put(s, &sys, was, err);
    return r < 0 ? r : state_outage_put(s, &sys, &next, err);
}

static int maintain_mark(struct state *s, const struct state_check *check, int64_t at,
                         struct state_outage *row, struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct maintenance_query look = {.unit = check->unit, .asset = check->asset, .at = at};
    struct state_id now = STATE_ID_NONE, then = STATE_ID_NONE;
    int r = maintenance_find(s, &look, &now, err);

    look.at = row->start;
    if (r == 0)
        r = maintenance_find(s, &look, &then, err);
    if (r < 0)
        return r;
    if (row->planned)
        return id_is_none(now) ? go_on_unplanned(s, row, at, err) : 0;
    if (id_is_none(now) || id_is_none(then))
        return 0; /* none goes on, or it was out before the work began */
    row->planned = true;
    return state_outage_put(s, &sys, row, err);
}

int maintenance_mark_outage(struct state *s, const struct state_check *check, int64_t at,
                            struct err *err)
{
    const struct state_actor sys = state_actor_system();
    struct open_outage o = {.arena = ARENA_INIT(1 << 18), .found = false};
    struct state_query q = {.ref = check->id};
    int r = state_outage_each(s, &sys, &q, keep_open, &o, err);

    if (r >= 0 && o.found)
        r = maintain_mark(s, check, at, &o.row, err);
    arena_done(&o.arena);
    return CANH_MIN(r, 0);
}
