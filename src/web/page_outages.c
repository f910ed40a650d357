/* SPDX-License-Identifier: Apache-2.0 */
/* "Sự cố mạng, cáp": what operators and centres told of as it happened, what is not at its end
 * first; each leads to its form, where its own unit goes on with it. */
#include <stdlib.h>

#include "base/time.h"
#include "state/units.h"
#include "view/api.h"
#include "web/api.h"
#include "web/form_page.h"

#define SEEN_BACK (60 * TIME_DAY)

struct reported_outage {
    struct state_submission x;
    const struct form *form;
    bool open;
};

struct outage_list {
    struct visit *v;
    struct record rec;
    struct record_form *forms;
    size_t form_count, count;
    bool cut;
    struct reported_outage items[TABLE_LINES];
};

static bool is_open(struct state_judgement judged)
{
    struct state_judged x;

    while (state_judged_next(&judged, &x))
        if (x.how == STATE_JUDGED_OPEN)
            return true;
    return false;
}

static const struct form *form_of(const struct outage_list *h, struct state_id id)
{
    for (size_t i = 0; i < h->form_count; i++)
        if (id_eq(h->forms[i].id, id))
            return h->forms[i].form;
    return NULL;
}

/* Corrections come behind what they correct, for one unit and beginning: the last one counts. */
static int outages_add(void *u, const struct state_submission *x)
{
    struct outage_list *h = u;
    const struct form *f = form_of(h, x->form);
    struct reported_outage *to = NULL;

    if (f == NULL || f->every != EVERY_EVENT)
        return 0;
    for (size_t i = 0; i < h->count; i++)
        if (h->items[i].form == f && id_eq(h->items[i].x.unit, x->unit) &&
            h->items[i].x.start == x->start)
            to = &h->items[i];
    if (to == NULL && h->count < TABLE_LINES)
        to = &h->items[h->count++];
    h->cut = h->cut || to == NULL;
    if (to && (to->x.version == 0 || x->sent_at >= to->x.sent_at)) {
        to->x = *x;
        to->form = f;
        to->open = is_open(x->judged);
    }
    return 0;
}

static int by_need(const void *a, const void *b)
{
    const struct reported_outage *x = a, *y = b;

    if (x->open != y->open)
        return x->open ? -1 : 1;
    return x->x.start > y->x.start ? -1 : x->x.start < y->x.start;
}

static int read_all(struct visit *v, struct outage_list **ret, struct err *err)
{
    struct outage_list *h = arena_new(v->arena, struct outage_list);
    struct state_query q = {.unit = v->who.actor.unit,
                            .below = true,
                            .from = state_now(v->s) - SEEN_BACK,
                            .to = state_now(v->s) + TIME_DAY};
    int r;

    if (h == NULL)
        return err_nomem(err);
    h->v = v;
    h->rec = form_page_record(v);
    r = record_form_list(&h->rec, &h->forms, &h->form_count, err);
    if (r == 0)
        r = state_submission_each(v->s, &v->who.actor, &q, outages_add, h, err);
    qsort(h->items, h->count, sizeof(*h->items), by_need);
    *ret = h;
    return r;
}

/* How long it took, where the form counts that. */
static void write_took(struct outage_list *h, struct page_scope *row,
                       const struct reported_outage *x, const struct answer *a)
{
    if (x->form->fields[a->field].hours_from > 0 && a->kind == ANSWER_NUMBER && !x->open)
        page_set_span(row, "outage_took", h->v->lang, (int64_t)(a->number * (double)TIME_HOUR));
}

/* The answers that tell what it is: a choice called `what`, a text called `route`. */
static void write_about(struct outage_list *h, struct page_scope *row,
                        const struct reported_outage *x)
{
    struct answers a;
    struct buf what = BUF_INIT(8000);

    if (record_form_answers(&h->rec, x->form, &x->x, &a, NULL) == 0)
        for (uint32_t i = 0; i < a.count; i++) {
            struct slice id = x->form->fields[a.v[i].field].id;

            write_took(h, row, x, &a.v[i]);
            if (a.v[i].row != 0 || !(slice_is(id, "what") || slice_is(id, "route")))
                continue;
            if (what.len)
                buf_puts(&what, ": ");
            answer_write(&what, x->form, &a.v[i], h->v->lang);
        }
    if (what.len == 0)
        buf_append_slice(&what, title_in(&x->form->title, h->v->lang));
    page_set_buf(row, "outage_what", &what);
}

static void write_one(struct outage_list *h, const struct reported_outage *x)
{
    const struct view_ctx view = visit_view(h->v);
    struct page_scope *row = page_add(h->v->page, "outages");
    struct buf id = BUF_INIT(64);

    id_write(&id, x->x.id);
    page_set_buf(row, "outage", &id);
    page_set(row, "outage_form", x->form->id);
    write_about(h, row, x);
    page_set(row, "outage_of", view_unit_name(&view, x->x.unit));
    page_set_recorded(h->v, row, "outage_began", x->x.start, false);
    page_set_recorded(h->v, row, "outage_said", x->x.sent_at, false);
    page_set_flag(row, "outage_open", x->open);
    page_set_span(row, "outage_lasts", h->v->lang, view.at - x->x.start);
}

int page_outages(struct visit *v, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct outage_list *h = NULL;
    struct state_unit unit;
    int64_t now = state_now(v->s), open = 0;
    int r = read_all(v, &h, err);

    if (r == 0)
        r = state_unit_get(v->s, &all, v->who.actor.unit, v->arena, &unit, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < h->count; i++) {
        write_one(h, &h->items[i]);
        open += h->items[i].open;
    }
    for (size_t i = 0; i < h->form_count; i++)
        if (h->forms[i].form->every == EVERY_EVENT && record_form_asks(h->forms[i].form, unit.kind))
            form_page_write_head(v, page_add(v->page, "tells"), h->forms[i].form);
    page_set_i64(v->page, "outage_count", open);
    page_set_flag(v->page, "outages_cut", h->cut);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "outages", err);
}

int api_outages(struct visit *v, struct err *err)
{
    const struct view_ctx view = visit_view(v);
    struct outage_list *h = NULL;
    struct json_write w;
    int r = read_all(v, &h, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    for (size_t i = 0; i < h->count; i++)
        view_json_outage(&w, &view, h->items[i].form, &h->items[i].x, h->items[i].open);
    api_items_end(&w);
    return 0;
}
