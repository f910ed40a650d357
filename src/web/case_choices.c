/* SPDX-License-Identifier: Apache-2.0 */
/* Open cases that a form offers. */
#include "state/cases.h"
#include "web/web_internal.h"

struct case_choices {
    struct visit *v;
    struct state_id unit;
    struct slice chosen;
    size_t left;
};

static int write_case_choice(void *u, const struct state_case *x)
{
    struct case_choices *c = u;
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (!id_is_none(c->unit) && !id_eq(c->unit, x->unit))
        return 0;
    row = page_add(c->v->page, "cases");
    id_write(&id, x->id);
    page_set_flag(row, "case_chosen",
                  slice_eq(c->chosen, x->number) || slice_eq(c->chosen, buf_slice(&id)));
    page_set_buf(row, "case_id", &id);
    page_set(row, "case_number", x->number);
    page_set(row, "case_title", x->title);
    return --c->left == 0;
}

int visit_write_case_choices(struct visit *v, struct state_id unit, struct slice chosen,
                             struct err *err)
{
    const struct state_case_walk open = {.open = true};
    struct case_choices c = {.v = v, .unit = unit, .chosen = chosen, .left = CASE_CHOICES_MAX};
    int r = state_case_newest(v->s, &v->who.actor, &open, write_case_choice, &c, err);

    return CANH_MIN(r, 0);
}
