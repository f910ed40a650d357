/* SPDX-License-Identifier: Apache-2.0 */
/* The forms that the unit owes, and one of them. */
#include <stdlib.h>

#include "lang/msg_console.h"
#include "record/standing.h"
#include "state/units.h"
#include "view/api.h"
#include "web/api.h"
#include "web/form_page.h"

int page_form(struct visit *v, struct err *err)
{
    struct form_page s;
    int r = form_page_open(&s, v, err);

    if (r < 0)
        return r;
    form_page_fill_known(&s);
    return form_page_show(&s, SLICE_NULL, 200, err);
}

/* A form that the unit is asked for. */
struct owed_form {
    const struct form *form;
    struct record_period period;
    size_t at; /* in the order of the forms */
};

/* What is due first comes first; what is told when it happens, last. */
static int due_order(const void *a, const void *b)
{
    const struct owed_form *x = a, *y = b;
    bool when = !record_period_repeats(x->form->every);

    if (when != !record_period_repeats(y->form->every))
        return when ? 1 : -1;
    if (!when && x->period.stop != y->period.stop)
        return x->period.stop > y->period.stop ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

static int list_owed(struct visit *v, const struct record *rec, const struct state_unit *unit,
                     struct owed_form **ret, size_t *ret_n, struct err *err)
{
    struct record_form *forms = NULL;
    size_t n = 0;
    int r = record_form_list(rec, &forms, &n, err);
    struct owed_form *owed = r == 0 ? arena_new_array(v->arena, n + 1, struct owed_form) : NULL;

    *ret_n = 0;
    if (r == 0 && owed == NULL)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct form *f = forms[i].form;

        if (record_form_asks(f, unit->kind))
            owed[(*ret_n)++] =
                (struct owed_form){f, record_period_at(f->every, state_now(v->s), ZONE_OWN), i};
    }
    if (r == 0 && *ret_n > 1)
        qsort(owed, *ret_n, sizeof(*owed), due_order);
    *ret = owed;
    return r;
}

static int each_form(struct visit *v,
                     int (*fn)(struct visit *v, void *u, const struct form *f,
                               const struct record_period *p, const struct state_submission *x),
                     void *u, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct record rec = form_page_record(v);
    struct owed_form *owed = NULL;
    struct state_unit unit;
    size_t n = 0;
    int r = state_unit_get(v->s, &all, v->who.actor.unit, v->arena, &unit, err);

    if (r == 0)
        r = list_owed(v, &rec, &unit, &owed, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct form *f = owed[i].form;
        struct state_submission x = {.version = 0};

        if (record_period_repeats(f->every))
            r = record_standing(&rec, f->id, unit.id, &owed[i].period, &x, err);
        if (r == 0)
            r = fn(v, u, f, &owed[i].period, &x);
    }
    return r;
}

static int list_form(struct visit *v, void *u, const struct form *f, const struct record_period *p,
                     const struct state_submission *x)
{
    struct page_scope *row = page_add(v->page, "forms");

    (void)u;
    form_page_write_head(v, row, f);
    form_page_write_period(v, row, f, p);
    form_page_write_standing(v, row, x);
    if (!record_period_repeats(f->every)) {
        page_set_text(row, "form_mark", "none");
        page_set_text(row, "form_state", lang_text(v->lang, MSG_CONSOLE_FORM_WHEN));
    }
    return 0;
}

int page_forms(struct visit *v, struct err *err)
{
    int64_t now = state_now(v->s);
    int r = each_form(v, list_form, NULL, err);

    if (r < 0)
        return r;
    page_set_flag(v->page, "done", slice_is(visit_query(v, "done"), "sent"));
    page_set_flag(v->page, "done_same", slice_is(visit_query(v, "done"), "same"));
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "forms", err);
}

/* The same by the API. */

static int json_form(struct visit *v, void *u, const struct form *f, const struct record_period *p,
                     const struct state_submission *x)
{
    view_json_form_due(u, f, p, x, v->lang);
    return 0;
}

int api_forms(struct visit *v, struct err *err)
{
    struct json_write w;
    int r;

    api_items_begin(v, &w);
    r = each_form(v, json_form, &w, err);
    api_items_end(&w);
    return r;
}
