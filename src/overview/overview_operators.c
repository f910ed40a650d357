/* SPDX-License-Identifier: Apache-2.0 */
/* Operators: the numbers of their daily forms, and what they told of as it happened. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "overview/overview_build.h"
#include "proof/plan_store.h"
#include "state/forms.h"

/* The newest daily form of a unit, its numbers by field. */
struct daily {
    struct overview_work *p;
    struct state_value *v;
    size_t n;
    int64_t at;
};

static int load_daily(struct daily *d, struct state_id unit, const char *form)
{
    struct overview_work *p = d->p;
    struct state_submission sub;
    struct state_form f;
    int r = state_form_find(p->c->state, p->c->actor, STATE_ID_NONE, slice_str(form), p->c->arena,
                            &f, p->err);

    d->n = 0;
    d->at = 0;
    if (r == 0)
        r = state_submission_last(p->c->state, p->c->actor, f.id, unit, INT64_MIN, p->now,
                                  p->c->arena, &sub, p->err);
    if (r == 0) {
        d->at = sub.sent_at;
        r = state_value_list(p->c->state, p->c->actor, sub.id, p->c->arena, &d->v, &d->n, p->err);
    }
    return r == -CE_NOT_FOUND ? 0 : r;
}

/* "Nothing" is zero; a blank, and a field that is not there, is unknown. field NULL: never known.
 */
static struct overview_count count_of(const struct daily *d, const char *field)
{
    struct overview_count c = {.value = -1,
                               .at = field ? overview_minutes(d->p, d->at) : OVERVIEW_NEVER};

    if (field == NULL)
        return c;
    for (size_t i = 0; i < d->n; i++) {
        if (!slice_is(d->v[i].field, field))
            continue;
        if (d->v[i].kind == STATE_VALUE_NUMBER)
            c.value = (int64_t)d->v[i].number;
        else if (d->v[i].kind == STATE_VALUE_NOTHING)
            c.value = 0;
    }
    return c;
}

/* The daily forms of operators: where their numbers stand; NULL: it does not ask. */
static const struct figures {
    const char *form;
    const char *outages, *cuts, *any_cuts, *routes, *power, *backlog, *lost;
} operator_figures[] = {
    {.form = "telecom-daily",
     .outages = "sites_down",
     .cuts = "fibre_cuts_open",
     .any_cuts = "fibre_cuts",
     .routes = "routes_over",
     .power = "down_power"},
    {.form = "postal-daily", .backlog = "backlog_24", .lost = "lost"},
};

static const struct figures *figures_of(struct slice form)
{
    for (size_t i = 0; i < CANH_LEN(operator_figures); i++)
        if (slice_is(form, operator_figures[i].form))
            return &operator_figures[i];
    return NULL;
}

static int add_operator(struct daily *d, const struct state_unit *u, const struct figures *f,
                        struct overview_operator *ret)
{
    int r = load_daily(d, u->id, f->form);

    *ret = (struct overview_operator){
        .name = u->short_name.n ? u->short_name : u->name,
        .outages = count_of(d, f->outages),
        .cuts = count_of(d, f->cuts),
        .routes = count_of(d, f->routes),
        .power = count_of(d, f->power),
        .backlog = count_of(d, f->backlog),
        .lost = count_of(d, f->lost),
        .reported = overview_minutes(d->p, d->at),
    };
    if (ret->cuts.value < 0)
        ret->cuts = count_of(d, f->any_cuts); /* none at all: nothing is open either */
    if (f->power && ret->power.value < 0 && ret->outages.value == 0)
        ret->power.value = 0;
    return r;
}

int overview_operators(struct overview_work *p)
{
    const struct proof_world *w = p->w;
    struct overview_operator *list = overview_array(p, w->unit_count, sizeof(*list));
    struct daily d = {.p = p};
    int r = 0;

    if (list == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < w->unit_count && r == 0; i++) {
        const struct unit_kind *kind = catalogue_unit_kind(w->catalogue, w->units[i].kind);
        const struct figures *figures = figures_of(kind->daily);

        if (figures && state_may_read(p->c->state, p->c->actor, w->units[i].id))
            r = add_operator(&d, &w->units[i], figures, &list[p->pic->operator_count++]);
    }
    p->pic->operators = list;
    return r;
}

/* What was told in the form of outages, by unit and beginning: the last one of each counts. */
#define TOLD_BACK (60 * TIME_DAY)
enum { TOLD_FIRST = 64 };

struct told {
    struct state_id id, unit;
    int64_t start, sent_at;
    bool open;
};

struct told_list {
    struct overview_work *p;
    struct told *items;
    struct state_id form;
    size_t n, room;
};

static bool is_unfinished(struct state_judgement judged)
{
    struct state_judged x;

    while (state_judged_next(&judged, &x))
        if (x.how == STATE_JUDGED_OPEN)
            return true;
    return false;
}

static int told_grow(struct told_list *l)
{
    size_t room = CANH_MAX(2 * l->room, (size_t)TOLD_FIRST);
    struct told *items = overview_array(l->p, room, sizeof(*items));

    if (items == NULL)
        return -CE_NOMEM;
    if (l->n)
        memcpy(items, l->items, l->n * sizeof(*items));
    l->items = items;
    l->room = room;
    return 0;
}

static int told_add(void *u, const struct state_submission *x)
{
    struct told_list *l = u;
    int r = 0;

    if (!id_eq(x->form, l->form))
        return 0;
    if (l->n == l->room)
        r = told_grow(l);
    if (r == 0)
        l->items[l->n++] = (struct told){.id = x->id,
                                         .unit = x->unit,
                                         .start = x->start,
                                         .sent_at = x->sent_at,
                                         .open = is_unfinished(x->judged)};
    return r;
}

static int told_order_of_outage(const struct told *x, const struct told *y)
{
    int by_unit = id_cmp(x->unit, y->unit);

    return by_unit ? by_unit : (x->start > y->start) - (x->start < y->start);
}

/* By outage, its last form first; of those of one instant the one that the state takes for it. */
static int told_order(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    int by_outage = told_order_of_outage(x, y);

    if (by_outage)
        return by_outage;
    return x->sent_at != y->sent_at ? (x->sent_at < y->sent_at) - (x->sent_at > y->sent_at)
                                    : id_cmp(x->id, y->id);
}

/* The route or works that it is about. */
static struct slice told_about(struct overview_work *p, struct state_id id)
{
    struct state_value *v = NULL;
    size_t n = 0;

    if (state_value_list(p->c->state, p->c->actor, id, p->c->arena, &v, &n, NULL) < 0)
        return SLICE_NULL;
    for (size_t i = 0; i < n; i++)
        if (slice_is(v[i].field, "route") && v[i].kind == STATE_VALUE_TEXT)
            return v[i].text;
    return SLICE_NULL;
}

static int told_order_of_time(const void *a, const void *b)
{
    const struct told *x = a, *y = b;

    return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : told_order(a, b);
}

/* Those that go on, the longest first. */
static void told_keep_open(struct told_list *l)
{
    size_t open = 0;

    if (l->n == 0)
        return;
    qsort(l->items, l->n, sizeof(*l->items), told_order);
    for (size_t i = 0; i < l->n; i++)
        if (l->items[i].open &&
            (i == 0 || told_order_of_outage(&l->items[i - 1], &l->items[i]) != 0))
            l->items[open++] = l->items[i];
    l->n = open;
    qsort(l->items, l->n, sizeof(*l->items), told_order_of_time);
}

int overview_told(struct overview_work *p)
{
    const struct state_query q = {.from = p->now - TOLD_BACK, .to = p->now + TIME_DAY};
    struct told_list l = {.p = p};
    struct overview_outage *list;
    struct state_form form;
    int r = state_form_find(p->c->state, p->c->actor, STATE_ID_NONE, SLICE("outage"), p->c->arena,
                            &form, p->err);

    if (r < 0)
        return r == -CE_NOT_FOUND ? 0 : r;
    l.form = form.id;
    r = state_submission_each(p->c->state, p->c->actor, &q, told_add, &l, p->err);
    if (r < 0)
        return r;
    told_keep_open(&l);
    p->pic->told = list = overview_array(p, l.n, sizeof(*list));
    if (list == NULL)
        return -CE_NOMEM;
    for (size_t i = 0; i < l.n; i++)
        list[p->pic->told_count++] =
            (struct overview_outage){.form = l.items[i].id,
                                     .name = told_about(p, l.items[i].id),
                                     .unit = overview_unit_name(p, l.items[i].unit),
                                     .since = overview_minutes(p, l.items[i].start)};
    return 0;
}
