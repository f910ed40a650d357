/* SPDX-License-Identifier: Apache-2.0 */
/* "Đôn đốc": units that owe something now, each with what it owes, and a notice to those that are
 * ticked. */
#include "base/time.h"
#include "duty/picture.h"
#include "lang/msg_console.h"
#include "proof/plan_store.h"
#include "roster/shift.h"
#include "state/plans.h"
#include "state/units.h"
#include "view/forms.h"
#include "web/page_shift.h"

struct late_unit {
    const struct state_unit *unit;
    struct page_scope *row; /* NULL: owes nothing so far */
};

struct late {
    struct visit *v;
    struct state_unit *units;
    struct late_unit *late; /* by units */
    size_t unit_count, late_count;
    struct state_id plan; /* of plan_title */
    struct slice plan_title;
};

static void add_owed(struct late *l, struct late_unit *u, const char *kind, struct slice what)
{
    struct page_scope *owed;

    if (u->row == NULL) {
        u->row = page_add(l->v->page, "late");
        page_set(u->row, "late_code", u->unit->code);
        page_set(u->row, "late_name", u->unit->name);
        l->late_count++;
    }
    owed = page_add(u->row, "owed");
    page_set_text(owed, "owed_kind", kind);
    page_set(owed, "owed_what", what);
}

static struct late_unit *unit_of(struct late *l, struct state_id id)
{
    for (size_t i = 0; i < l->unit_count; i++)
        if (id_eq(l->units[i].id, id))
            return &l->late[i];
    return NULL;
}

static int read_units(struct late *l, struct err *err)
{
    struct visit *v = l->v;
    struct state_unit *all = NULL;
    size_t n = 0;
    int r = state_units_at(v->s, &v->who.actor, 0, v->arena, &all, &n, err);

    if (r < 0)
        return r;
    l->units = all;
    l->unit_count = n;
    l->late = arena_new_array(v->arena, n + 1, struct late_unit);
    if (l->late == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < n; i++)
        l->late[i].unit = &all[i];
    return 0;
}

static unsigned column_of(const struct table *t, const char *key)
{
    unsigned i = 0;

    while (i + 1 < t->count && strcmp(t->columns[i].key, key) != 0)
        i++;
    return i;
}

static struct slice form_title(struct visit *v, const struct record_form *forms, size_t n,
                               struct slice id)
{
    for (size_t i = 0; i < n; i++)
        if (slice_eq(forms[i].form->id, id))
            return title_in(&forms[i].form->title, v->lang);
    return id;
}

/* One row of the view: a form that a unit did not send for a period that is over. */
static void see_form(struct late *l, const struct table *t, size_t row,
                     const struct record_form *forms, size_t n)
{
    struct slice unit = table_cell(t, row, column_of(t, "unit"))->text;
    struct buf what = BUF_INIT(4000);

    buf_append_slice(&what,
                     form_title(l->v, forms, n, table_cell(t, row, column_of(t, "form"))->text));
    buf_puts(&what, " · ");
    table_cell_write(t, table_cell(t, row, column_of(t, "from")), &what);
    for (size_t i = 0; i < l->unit_count; i++)
        if (slice_eq(l->units[i].code, unit))
            add_owed(l, &l->late[i], lang_text(l->v->lang, MSG_CONSOLE_ITEM_FORM),
                     buf_slice(&what));
    buf_done(&what);
}

/* Forms of the last period that is over. */
static int see_forms(struct late *l, struct err *err)
{
    const struct view_ctx ctx = visit_view(l->v);
    const struct record rec = {.s = l->v->s,
                               .actor = l->v->who.actor,
                               .arena = l->v->arena,
                               .zone = ZONE_OWN,
                               .lang = l->v->lang};
    const struct view_submissions_query q = {.unit = l->v->who.actor.unit,
                                             .day = ctx.at,
                                             .back = 2,
                                             .only = VIEW_SUBMISSION_OVERDUE};
    struct record_form *forms = NULL;
    struct table t;
    uint32_t missing = 0;
    size_t n = 0;
    int r = view_submissions(&ctx, &q, &t, &missing, err);

    if (r == 0)
        r = record_form_list(&rec, &forms, &n, err);
    for (size_t row = 0; r == 0 && row < t.rows; row++)
        see_form(l, &t, row, forms, n);
    table_done(&t);
    return r;
}

/* One plan is asked of many units. */
static struct slice title_of(struct late *l, const struct state_plan *plan)
{
    if (!id_eq(plan->id, l->plan)) {
        l->plan = plan->id;
        l->plan_title = plan_store_title(l->v->arena, plan, l->v->lang);
    }
    return l->plan_title;
}

static int see_assignment(void *u, const struct state_assignment *x)
{
    struct late *l = u;
    const struct state_actor all = state_actor_system();
    struct late_unit *of = unit_of(l, x->unit);
    struct state_plan plan;

    if (x->accepted_at == 0 && of &&
        state_plan_get(l->v->s, &all, x->plan, l->v->arena, &plan, NULL) == 0 &&
        plan.state == STATE_PLAN_ACTIVE)
        add_owed(l, of, lang_text(l->v->lang, MSG_CONSOLE_LATE_PLAN), title_of(l, &plan));
    return 0;
}

struct late_ctx {
    const struct duty_picture *p;
    int64_t now;
    bool covered;
};

static int see_shift(void *u, const struct duty_shift *shift)
{
    struct late_ctx *s = u;
    enum duty_standing how = duty_standing(&s->p->load, &s->p->facts, shift, s->now, NULL).standing;

    s->covered =
        s->covered || (shift->who.person != DUTY_NOBODY && how != DUTY_LATE && how != DUTY_SILENT);
    return 0;
}

/* Posts that nobody stands now, though somebody should. */
static int see_duty(struct late *l, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(l->v);
    int64_t now = state_now(l->v->s);
    const struct duty_window window = {.unit = l->v->who.actor.unit,
                                       .from = now - 2 * TIME_DAY,
                                       .until = now + 2 * TIME_DAY,
                                       .terms = shipped_terms()};
    struct duty_picture p;
    struct late_ctx s = {.p = &p, .now = now};
    int r = duty_picture_read(&ctx, &l->v->who.actor, &window, &p, err);

    for (uint32_t i = 0; r == 0 && i < p.load.asked; i++) {
        const struct duty_post *post = &p.load.plan.posts[i];
        struct late_unit *of = unit_of(l, p.load.posts[i].unit);
        int64_t lo = now - TIME_DAY, hi = now + TIME_DAY;

        if (of == NULL || post->people == 0 || now < post->from || now >= post->until ||
            !hours_at(&post->hours, post->offset_s, now, &lo, &hi))
            continue;
        s.covered = false;
        (void)duty_shifts(&p.load.plan, i, now, now + 1, see_shift, &s);
        if (!s.covered)
            add_owed(l, of, lang_text(l->v->lang, MSG_CONSOLE_LATE_POST), p.load.posts[i].name);
    }
    return r;
}

int page_late(struct visit *v, struct err *err)
{
    const struct state_query q = {.unit = v->who.actor.unit, .below = true};
    struct late l = {.v = v};
    int64_t now = state_now(v->s);
    int r = read_units(&l, err);

    if (r == 0)
        r = see_forms(&l, err);
    if (r == 0)
        r = see_duty(&l, err);
    if (r == 0)
        r = state_assignment_each(v->s, &v->who.actor, &q, see_assignment, &l, err);
    if (r < 0)
        return r;
    page_set_i64(v->page, "late_count", (int64_t)l.late_count);
    page_set_text(v->page, "typed_title", lang_text(v->lang, MSG_CONSOLE_LATE_TITLE));
    page_set_text(v->page, "typed_text", lang_text(v->lang, MSG_CONSOLE_LATE_TEXT));
    page_set_flag(v->page, "may_issue", WHO_HEAD & 1u << v->who.actor.role);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "late", err);
}
