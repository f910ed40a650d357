/* SPDX-License-Identifier: Apache-2.0 */
/* The plan's part of the picture: clauses with their trend, who was heard when; and the head. */
#include "overview/overview_build.h"

#include <math.h>

#include "alert/maintain.h"
#include "base/time.h"

int64_t overview_minutes(const struct overview_work *p, int64_t t)
{
    if (t == 0 || t == TIME_NONE || t == STATE_FOREVER)
        return OVERVIEW_NEVER;
    return (t + p->c->zone * TIME_SECOND) / TIME_MINUTE;
}

/* Local days since 1970. */
static int64_t local_day(const struct overview_work *p, int64_t t)
{
    int64_t local = t + p->c->zone * TIME_SECOND;

    return (local - ((local % TIME_DAY) + TIME_DAY) % TIME_DAY) / TIME_DAY;
}

void *overview_array(struct overview_work *p, size_t n, size_t size)
{
    void *a = arena_array(p->c->arena, n + 1, size);

    if (a == NULL)
        (void)err_nomem(p->err);
    return a;
}

struct clauses {
    struct overview_work *p;
    const struct status_part *parts;
    struct status_now now, past[OVERVIEW_TREND];
    struct status_count *rows, *days, *total; /* by clause; by clause × day */
    int64_t *heard;                           /* by unit */
    bool *asked;                              /* by unit: the plan asks something of it */
    uint32_t unit, part;
};

static uint32_t clause_of(const struct clauses *c, uint32_t part)
{
    return c->p->w->plan->obligations[c->parts[part].obligation].clause;
}

static void finish_part(struct clauses *c)
{
    uint32_t row;

    if (c->now.cell.unit == PLAN_NONE)
        return;
    row = clause_of(c, c->part);
    status_count_add(&c->rows[row], &c->now.cell);
    status_count_add(c->total, &c->now.cell);
    for (unsigned d = 0; d < OVERVIEW_TREND; d++)
        if (c->past[d].cell.unit != PLAN_NONE)
            status_count_add(&c->days[row * OVERVIEW_TREND + d], &c->past[d].cell);
}

static void begin_part(struct clauses *c)
{
    c->now.cell.unit = PLAN_NONE;
    for (unsigned d = 0; d < OVERVIEW_TREND; d++) {
        c->past[d].cell.unit = PLAN_NONE;
        c->past[d].now = c->p->now - (int64_t)(OVERVIEW_TREND - 1 - d) * TIME_DAY;
    }
}

static void heard_at(const struct clauses *c, uint32_t ref, int64_t *last)
{
    const struct proof_world *w = c->p->w;
    const struct proof_ref *r;

    if (ref >= w->ref_count)
        return;
    r = &w->refs[ref];
    if (r->record == RECORD_CHECK || r->record == RECORD_ROSTER || r->at > c->p->now ||
        (!id_is_none(r->unit) && !id_eq(r->unit, w->units[c->unit].id)))
        return; /* what canh itself looks at, or another unit does for it, is no word from it */
    *last = CANH_MAX(*last, r->at);
}

/* The newest record of the unit itself. */
static void overview_add(struct clauses *c)
{
    const struct status_input *in = &c->p->w->in;
    int64_t *last = &c->heard[c->unit];

    for (size_t i = 0; i < in->proof_count; i++)
        if (in->proofs[i].unit == c->unit)
            heard_at(c, in->proofs[i].ref, last);
    for (size_t i = 0; i < in->statement_count; i++)
        if (in->statements[i].unit == c->unit)
            heard_at(c, in->statements[i].ref, last);
    for (size_t i = 0; i < in->event_count; i++)
        if (in->events[i].unit == c->unit)
            heard_at(c, in->events[i].ref, last);
}

static void count_cell(void *ctx, const struct status_cell *cell)
{
    struct clauses *c = ctx;
    bool other = cell->unit != c->unit;

    if (other || cell->part != c->part) {
        finish_part(c);
        begin_part(c);
    }
    c->unit = cell->unit;
    c->part = cell->part;
    c->asked[cell->unit] = true;
    if (other)
        overview_add(c);
    status_now_add(&c->now, cell);
    for (unsigned d = 0; d < OVERVIEW_TREND; d++)
        if (cell->period.from <= c->past[d].now)
            status_now_add(&c->past[d], cell);
}

static void write_clause(const struct clauses *c, uint32_t i, struct overview_clause *ret)
{
    const struct status_count *n = &c->rows[i];
    const struct plan_clause *clause = &c->p->w->plan->clauses[i];
    const struct title title = plan_clause_title(clause);

    *ret = (struct overview_clause){
        .number = clause->number,
        .title = title_in(&title, c->p->c->lang),
        .proved = n->proved,
        .declared = n->declared,
        .open = n->states[STATUS_NOT_DUE] + n->states[STATUS_DUE] + n->states[STATUS_IN_PROGRESS],
        .not_met = n->states[STATUS_NOT_MET],
        .overdue = n->states[STATUS_OVERDUE],
        .unknown = n->states[STATUS_UNKNOWN],
        .promised = n->states[STATUS_NOT_YET],
    };
    for (unsigned d = 0; d < OVERVIEW_TREND; d++) {
        const struct status_count *day = &c->days[i * OVERVIEW_TREND + d];
        uint32_t all = status_count_total(day);

        ret->trend[d] = all ? (float)day->states[STATUS_MET] / (float)all : NAN;
    }
}

static uint32_t in_clause(const struct status_count *n)
{
    uint32_t all = 0;

    for (unsigned i = 0; i < STATUS_STATE_MAX; i++)
        all += n->states[i];
    return all;
}

/* Units of which the plan asks something and nothing was heard for a day, the longest first. */
static int write_silent(struct overview_work *p, const struct clauses *c)
{
    const int64_t *heard = c->heard;
    struct overview *pic = p->pic;
    const struct proof_world *w = p->w;
    struct overview_station *list = overview_array(p, w->unit_count, sizeof(*list));
    int64_t oldest = p->now;
    uint32_t asked = 0;
    struct state_id work;
    size_t n = 0;
    int r;

    if (list == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < w->unit_count; i++) {
        if (!c->asked[i])
            continue;
        asked++;
        if (heard[i] > p->now - TIME_DAY) {
            oldest = CANH_MIN(oldest, heard[i]);
            continue;
        }
        list[n] = (struct overview_station){w->units[i].short_name.n ? w->units[i].short_name
                                                                     : w->units[i].name,
                                            overview_minutes(p, heard[i]), w->units[i].id,
                                            .code = w->units[i].code};
        r = maintenance_find(p->c->state,
                             &(struct maintenance_query){.unit = w->units[i].id, .at = p->now},
                             &work, p->err);
        if (r < 0)
            return r;
        list[n++].planned = !id_is_none(work);
    }
    for (size_t i = 1; i < n; i++) /* insertion: never heard (the smallest) first */
        for (size_t k = i; k > 0 && list[k].last_heard < list[k - 1].last_heard; k--) {
            struct overview_station x = list[k];

            list[k] = list[k - 1];
            list[k - 1] = x;
        }
    pic->silent = list;
    pic->silent_count = n;
    pic->stations = pic->units = asked;
    pic->units_reporting = asked - (uint32_t)n;
    pic->oldest = overview_minutes(p, oldest);
    return 0;
}

int overview_plan(struct overview_work *p, struct status_count *total)
{
    const struct plan *plan = p->w->plan;
    struct status_count own = {.proved = 0};
    struct clauses c = {.p = p, .unit = PLAN_NONE, .part = PLAN_NONE, .total = &own};
    struct overview_clause *list;
    uint32_t parts, n = 0;
    int r;

    c.parts = status_parts(p->w->status, &parts);
    c.rows = overview_array(p, plan->clause_count, sizeof(*c.rows));
    c.days = overview_array(p, (size_t)plan->clause_count * OVERVIEW_TREND, sizeof(*c.days));
    c.heard = overview_array(p, p->w->unit_count, sizeof(*c.heard));
    c.asked = overview_array(p, p->w->unit_count, sizeof(*c.asked));
    list = overview_array(p, plan->clause_count, sizeof(*list));
    if (c.asked == NULL || c.rows == NULL || c.days == NULL || c.heard == NULL || list == NULL)
        return -CE_NOMEM;
    c.now.now = p->now;
    begin_part(&c);
    r = proof_each_unit(p->w, count_cell, &c, false, p->err);
    if (r < 0)
        return r;
    finish_part(&c);
    for (uint32_t i = 0; i < plan->clause_count; i++)
        if (in_clause(&c.rows[i]) > 0)
            write_clause(&c, i, &list[n++]);
    p->pic->clauses = list;
    p->pic->clause_count = n;
    if (total != NULL)
        *total = own;
    return write_silent(p, &c);
}

/* Whose picture it is: the uppermost of the units at and above the plan's that the reader oversees,
 * else the reader's own. */
static struct state_unit picture_root(struct overview_work *p)
{
    struct state *s = p->c->state;
    const struct state_actor *a = p->c->actor;
    struct state_unit root = {.version = 0}, up;
    struct state_id from = state_may_read(s, a, p->w->row.unit) ? p->w->row.unit : a->unit;

    if (state_unit_get(s, a, from, p->c->arena, &root, NULL) < 0)
        return (struct state_unit){.version = 0};
    for (unsigned depth = 0; depth < 16 && !id_is_none(root.parent); depth++) {
        if (!state_may_read(s, a, root.parent) ||
            state_unit_get(s, a, root.parent, p->c->arena, &up, NULL) < 0)
            break;
        root = up;
    }
    return root;
}

static void write_head(struct overview_work *p)
{
    struct overview *pic = p->pic;
    const struct plan *plan = p->w->plan;
    enum lang lang = p->c->lang;
    const struct state_unit root = picture_root(p);
    struct state_unit issuer;

    if (state_unit_get(p->c->state, p->c->actor, p->w->row.unit, p->c->arena, &issuer, NULL) == 0)
        pic->authority = issuer.name;
    pic->province = root.area.n ? root.area : root.name;
    pic->plan = title_in(&plan->title, lang);
    pic->now = overview_minutes(p, p->now);
    pic->created = p->now / TIME_SECOND;
    pic->banner = p->c->banner;
    pic->days_left = INT32_MIN;
    if (plan->end != INT64_MAX && title_in(&plan->end_event, lang).n)
        pic->days_left = (int32_t)(local_day(p, plan->end - 1) - local_day(p, p->now));
    for (uint32_t i = 0; i < plan->phase_count; i++)
        if (plan->phases[i].from <= p->now && p->now < plan->phases[i].until)
            pic->phase = title_in(&plan->phases[i].title, lang);
}

int overview_compute(const struct overview_ctx *c, struct proof_world *w, struct overview *ret,
                     struct status_count *total, struct err *err)
{
    struct overview_work p = {.c = c, .w = w, .pic = ret, .now = w->in.now, .err = err};
    int r;

    *ret = (struct overview){.days_left = INT32_MIN};
    write_head(&p);
    r = overview_plan(&p, total);
    if (r == 0)
        r = overview_duty(&p);
    if (r == 0)
        r = overview_services(&p);
    if (r == 0)
        r = overview_operators(&p);
    if (r == 0)
        r = overview_told(&p);
    if (r == 0)
        r = overview_cases(&p);
    return r < 0 ? r : overview_open(&p);
}
