/* SPDX-License-Identifier: Apache-2.0 */
/* The picture's boxes beside the plan: duty, services, what is open. */
#include "base/time.h"
#include "check/check.h"
#include "check/outage.h"
#include "duty/facts.h"
#include "duty/terms_state.h"
#include "lang/said.h"
#include "overview/overview_build.h"
#include "proof/plan_store.h"
#include "state/assets.h"
#include "state/checks.h"
#include "state/clock.h"
#include "state/duty.h"
#include "state/forms.h"
#include "state/requests.h"
#include "state/reviews.h"

struct live_ctx {
    const struct duty_load *load;
    const struct duty_facts *facts;
    int64_t now;
    bool covered;
};

/* Taken, or begun so lately that nobody need be told yet. */
static int collect_shift(void *u, const struct duty_shift *shift)
{
    struct live_ctx *s = u;
    enum duty_standing how = duty_standing(s->load, s->facts, shift, s->now, NULL).standing;

    s->covered = s->covered ||
                 (shift->who.person != DUTY_NOBODY && (how == DUTY_ON || how == DUTY_EXPECTED));
    return 0;
}

struct slice overview_unit_name(struct overview_work *p, struct state_id id)
{
    uint32_t i = proof_find_unit(p->w, id);
    struct state_unit u;

    if (i != PLAN_NONE)
        return p->w->units[i].short_name.n ? p->w->units[i].short_name : p->w->units[i].name;
    if (state_unit_get(p->c->state, p->c->actor, id, p->c->arena, &u, NULL) == 0)
        return u.short_name.n ? u.short_name : u.name;
    return SLICE_NULL;
}

int overview_duty(struct overview_work *p)
{
    struct overview *pic = p->pic;
    struct overview_duty *missing;
    struct duty_facts facts;
    struct duty_load l;
    struct live_ctx s = {.load = &l, .facts = &facts, .now = p->now};
    int r = duty_load(p->c->state, p->c->actor, STATE_ID_NONE, p->now - 31 * TIME_DAY,
                      p->now + 2 * TIME_DAY, p->c->arena, &l, p->err);

    if (r == 0)
        r = duty_terms_load(p->c->state, &l, proof_data("duty.yaml"), p->c->arena, p->err);
    if (r == 0)
        r = duty_facts_load(p->c->state, &l, p->now - 2 * TIME_DAY, p->now + TIME_DAY, p->c->arena,
                            &facts, p->err);
    if (r < 0)
        return r;
    missing = overview_array(p, l.asked, sizeof(*missing));
    if (missing == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < l.asked; i++) {
        const struct duty_post *post = &l.plan.posts[i];
        int64_t lo = p->now - TIME_DAY, hi = p->now + TIME_DAY;

        if (post->people == 0 || p->now < post->from || p->now >= post->until ||
            !hours_at(&post->hours, post->offset_s, p->now, &lo, &hi))
            continue;
        s.covered = false;
        (void)duty_shifts(&l.plan, i, p->now, p->now + 1, collect_shift, &s);
        pic->posts_required++;
        pic->posts_covered += s.covered;
        if (!s.covered)
            missing[pic->missing_count++] =
                (struct overview_duty){l.posts[i].name, overview_unit_name(p, l.posts[i].unit)};
    }
    pic->missing = missing;
    return 0;
}

enum { SAMPLES_MAX = 20000 };

struct series {
    struct outage_sample *v;
    size_t n;
    bool doubtful; /* the last one was written under a clock in doubt */
};

/* The state's outcomes have the check room's numbers. */
static int add_sample(void *u, const struct state_result *x)
{
    struct series *s = u;

    if (s->n == SAMPLES_MAX || x->outcome < STATE_OK || x->outcome > STATE_NO_ANSWER)
        return 0;
    s->v[s->n++] = (struct outage_sample){x->at, (enum check_outcome)x->outcome};
    s->doubtful = x->doubtful;
    return 0;
}

static enum overview_state state_of(const struct outage_sample *last, int64_t hold, int64_t now)
{
    if (last->at + hold < now || last->outcome == CHECK_NO_ANSWER)
        return OVERVIEW_UNKNOWN;
    return last->outcome == CHECK_OK        ? OVERVIEW_GOOD
           : last->outcome == CHECK_WARNING ? OVERVIEW_WARN
                                            : OVERVIEW_BAD;
}

/* When it was last probed, and whether that time may be believed. */
static void add_time(struct overview_work *p, const struct series *s, struct overview_service *ret)
{
    int64_t last = s->v[s->n - 1].at, at = overview_minutes(p, last);

    if (at < ret->checked)
        return;
    ret->checked = at;
    ret->clock = *state_clock_word(p->c->state, last, s->doubtful) != 0;
}

/* One check of a service; several: the worst state, the smallest share. */
static int add_check(struct overview_work *p, const struct state_check *x, struct series *s,
                     struct overview_service *ret)
{
    struct state_query q = {.ref = x->id, .from = p->now - 2 * TIME_DAY, .to = p->now + 1};
    struct outage_rules rules = {.confirm = 1, .hold = 2 * x->every + x->timeout};
    struct outage_share share;
    enum overview_state now;
    int r;

    s->n = 0;
    r = state_result_each(p->c->state, p->c->actor, &q, add_sample, s, p->err);
    if (r < 0 || s->n == 0)
        return r;
    share = outage_divide(s->v, s->n, &rules, p->now - TIME_DAY, p->now);
    now = state_of(&s->v[s->n - 1], rules.hold, p->now);
    if (share.up + share.down > 0) {
        double up = (double)share.up / (double)(share.up + share.down);

        ret->up24 = ret->up24 < 0 ? up : CANH_MIN(ret->up24, up);
    }
    if (ret->checked == OVERVIEW_NEVER || now == OVERVIEW_UNKNOWN || now > ret->state) {
        ret->state = now;
        ret->code = x->code;
    }
    add_time(p, s, ret);
    return 0;
}

static bool is_service(const struct state_asset *a)
{
    static const char *const roles[] = {"official-mail", "portal", "one-stop", "data-centre"};

    for (size_t i = 0; i < CANH_LEN(roles); i++)
        if (state_asset_has_role(a, roles[i]))
            return true;
    return false;
}

int overview_services(struct overview_work *p)
{
    struct series s = {.v = overview_array(p, SAMPLES_MAX, sizeof(*s.v))};
    struct overview_service *list;
    struct state_asset *assets;
    struct state_check *checks;
    struct state_query all = {.limit = 0};
    size_t n, m, count = 0;
    int r = state_asset_list(p->c->state, p->c->actor, &all, p->c->arena, &assets, &n, p->err);

    if (r == 0)
        r = state_check_list(p->c->state, p->c->actor, &all, p->c->arena, &checks, &m, p->err);
    if (r < 0)
        return r;
    list = overview_array(p, n, sizeof(*list));
    if (list == NULL || s.v == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < n && r == 0; i++) {
        struct overview_service *x = &list[count];

        if (!is_service(&assets[i]) || assets[i].provider.n)
            continue; /* hosted by another unit, whose own it is */
        *x = (struct overview_service){.name = assets[i].name,
                                       .unit = overview_unit_name(p, assets[i].unit),
                                       .up24 = -1,
                                       .checked = OVERVIEW_NEVER};
        for (size_t k = 0; k < m && r == 0; k++)
            if (id_eq(checks[k].asset, assets[i].id) && checks[k].enabled &&
                check_kind_proves(checks[k].kind, "service"))
                r = add_check(p, &checks[k], &s, x);
        count++;
    }
    p->pic->services = list;
    p->pic->service_count = count;
    return r;
}

struct open {
    struct overview_work *p;
    int64_t oldest, next;
    struct overview_request *waiting;
    struct overview_outage *outages;
    uint32_t backups, stale, silent;
    int64_t backup_at; /* the oldest look at a backup that still speaks */
};

static struct slice overview_live_keep(struct open *o, struct slice s)
{
    return arena_dup(o->p->c->arena, said_in(o->p->c->lang, s, o->p->c->arena));
}

static void overview_live_deadline(struct open *o, struct slice what, int64_t due)
{
    if (due == 0 || due == STATE_FOREVER || due >= o->next)
        return;
    o->next = due;
    o->p->pic->next_deadline = overview_live_keep(o, what);
    o->p->pic->next_deadline_at = overview_minutes(o->p, due);
}

static int add_finding(void *u, const struct state_finding *x)
{
    struct open *o = u;
    struct overview *pic = o->p->pic;

    if (x->severity == OVERVIEW_SEVERITIES) /* somebody looks for such */
        pic->red_overdue.value = CANH_MAX(pic->red_overdue.value, 0);
    if (x->state != STATE_FINDING_OPEN || x->severity < 1 || x->severity > OVERVIEW_SEVERITIES)
        return 0;
    pic->cases[x->severity - 1]++;
    if (x->severity == OVERVIEW_SEVERITIES && time_is_late(x->due, 0, o->p->now))
        pic->red_overdue.value++;
    if (x->first_seen < o->oldest) {
        o->oldest = x->first_seen;
        pic->oldest_case = overview_live_keep(o, x->title);
        pic->oldest_case_since = overview_minutes(o->p, x->first_seen);
    }
    if (x->due)
        overview_live_deadline(o, x->title, x->due);
    return 0;
}

static int add_request(void *u, const struct state_request *x)
{
    struct open *o = u;
    struct overview *pic = o->p->pic;

    if (x->state >= STATE_REQUEST_ANSWERED)
        return 0;
    overview_live_deadline(o, x->number, x->due);
    if (x->opened > o->p->now - TIME_DAY)
        return 0;
    o->waiting[pic->request_count++] =
        (struct overview_request){.id = x->id,
                                  .number = overview_live_keep(o, x->number),
                                  .unit = overview_unit_name(o->p, x->unit),
                                  .since = overview_minutes(o->p, x->opened)};
    return 0;
}

static int count_request(void *u, const struct state_request *x)
{
    (void)x;
    ++*(size_t *)u;
    return 0;
}

static int add_order(void *u, const struct state_order *x)
{
    if (x->outcome == STATE_ORDER_OPEN)
        overview_live_deadline(u, x->number, x->deadline);
    return 0;
}

static int last_outcome(void *u, const struct state_result *x)
{
    *(struct outage_sample *)u =
        (struct outage_sample){x->at, x->outcome == STATE_NO_ANSWER  ? CHECK_NO_ANSWER
                                      : x->outcome == STATE_CRITICAL ? CHECK_CRITICAL
                                                                     : CHECK_OK};
    return 0;
}

static int count_outage(void *u, const struct state_outage *x)
{
    *(size_t *)u += !x->planned && x->stop == STATE_FOREVER;
    return 0;
}

/* The probe's name, else the asset's, else what somebody wrote; and what it is found by. */
static struct slice outage_name(struct open *o, const struct state_outage *x,
                                struct slice *ret_code)
{
    struct state *s = o->p->c->state;
    struct arena *arena = o->p->c->arena;
    struct state_check check;
    struct state_asset asset;
    struct state_unit unit;

    *ret_code = SLICE_NULL;
    if (!id_is_none(x->check) &&
        state_check_get(s, o->p->c->actor, x->check, arena, &check, NULL) == 0) {
        *ret_code = check.code;
        return overview_live_keep(o, check.name.n ? check.name : check.code);
    }
    if (state_unit_get(s, o->p->c->actor, x->unit, arena, &unit, NULL) == 0)
        *ret_code = unit.code;
    if (!id_is_none(x->asset) &&
        state_asset_get(s, o->p->c->actor, x->asset, arena, &asset, NULL) == 0)
        return asset.name;
    return overview_live_keep(o, x->cause.n ? x->cause : x->note);
}

static int add_outage(void *u, const struct state_outage *x)
{
    struct open *o = u;
    struct overview_outage *to;

    if (x->planned || x->stop != STATE_FOREVER || x->start > o->p->now)
        return 0;
    to = &o->outages[o->p->pic->outage_count++];
    to->name = outage_name(o, x, &to->code);
    to->unit = overview_unit_name(o->p, x->unit);
    to->since = overview_minutes(o->p, x->start);
    return 0;
}

/* Backups whose last check was not good; one too old to speak says nothing of the backup. */
static int add_backup(void *u, const struct state_check *x)
{
    struct open *o = u;
    struct overview_work *p = o->p;
    struct state_query q = {.ref = x->id, .from = p->now - 8 * TIME_DAY, .to = p->now + 1};
    struct outage_sample last = {.at = 0, .outcome = CHECK_NO_ANSWER};
    int r;

    if (!check_kind_proves(x->kind, "backup") || !x->enabled)
        return 0;
    r = state_result_each(p->c->state, p->c->actor, &q, last_outcome, &last, p->err);
    o->backups++;
    if (last.outcome == CHECK_NO_ANSWER || last.at + 2 * x->every + x->timeout < p->now) {
        o->silent++;
        return r;
    }
    o->stale += last.outcome != CHECK_OK;
    o->backup_at = o->backup_at ? CANH_MIN(o->backup_at, last.at) : last.at;
    return r;
}

/* Observers do not read written orders: then no deadline of one is shown. */
static int collect_orders(struct overview_work *p, struct open *o)
{
    const struct state_query all = {.limit = 0};
    struct err why = ERR_INIT;
    int r = state_order_each(p->c->state, p->c->actor, &all, add_order, o, &why);

    if (r < 0 && r != -CE_DENIED)
        *p->err = why;
    return r == -CE_DENIED ? 0 : r;
}

int overview_open(struct overview_work *p)
{
    struct state *s = p->c->state;
    const struct state_actor *a = p->c->actor;
    struct overview *pic = p->pic;
    struct open o = {.p = p, .oldest = INT64_MAX, .next = INT64_MAX};
    struct state_query all = {.limit = 0};
    size_t requests = 0, outages = 0;
    int r = state_request_each(s, a, &all, count_request, &requests, p->err);

    if (r == 0)
        r = state_outage_each(s, a, &all, count_outage, &outages, p->err);
    if (r < 0)
        return r;
    o.waiting = overview_array(p, requests, sizeof(*o.waiting));
    o.outages = overview_array(p, outages, sizeof(*o.outages));
    if (o.waiting == NULL || o.outages == NULL)
        return -CE_NOMEM;
    pic->requests = o.waiting;
    pic->outages = o.outages;
    pic->red_overdue =
        (struct overview_count){-1, overview_minutes(p, p->now)}; /* till one is seen */
    pic->exposures = (struct overview_count){-1, OVERVIEW_NEVER}; /* nothing looks for them yet */
    r = state_finding_each(s, a, &all, add_finding, &o, p->err);
    if (r == 0)
        r = state_request_each(s, a, &all, add_request, &o, p->err);
    if (r == 0)
        r = collect_orders(p, &o);
    if (r == 0)
        r = state_check_each(s, a, &all, add_backup, &o, p->err);
    if (r == 0)
        r = state_outage_each(s, a, &all, add_outage, &o, p->err);
    pic->stale_backups = (struct overview_count){o.backups > o.silent ? (int64_t)o.stale : -1,
                                                 overview_minutes(p, o.backup_at), o.silent};
    return r;
}
