/* SPDX-License-Identifier: Apache-2.0 */
/* "Đôn đốc": units that owe something now, each with what it owes, and a notice to those that are
 * ticked. */
#include "base/map.h"
#include "base/time.h"
#include "duty/picture.h"
#include "lang/msg_console.h"
#include "proof/plan_store.h"
#include "roster/shift.h"
#include "state/plans.h"
#include "state/units.h"
#include "view/forms.h"
#include "web/page_shift.h"

enum { LATE_UNITS_MAX = 1 << 20 };

struct owed {
    struct owed *next;
    const char *kind;
    struct slice what;
};

struct late_unit {
    const struct state_unit *unit;
    struct owed *first, *last; /* NULL: owes nothing so far */
};

struct late {
    struct visit *v;
    struct state_unit *units;
    struct late_unit *late; /* by units */
    size_t unit_count;
    size_t last;            /* unit that a row was of */
    struct map places;      /* of units by their id */
    struct state_plan plan; /* the one asked for last: one plan is asked of many units */
    struct slice plan_title;
};

static void add_owed(struct late *l, struct late_unit *u, const char *kind, struct slice what)
{
    struct owed *owed = arena_new(l->v->arena, struct owed);

    if (owed == NULL)
        return;
    *owed = (struct owed){.kind = kind, .what = arena_dup(l->v->arena, what)};
    if (u->last)
        u->last->next = owed;
    else
        u->first = owed;
    u->last = owed;
}

static void write_late(struct late *l, const struct late_unit *u)
{
    struct page_scope *row = page_add(l->v->page, "late");

    page_set(row, "late_code", u->unit->code);
    page_set(row, "late_name", u->unit->name);
    for (const struct owed *x = u->first; x; x = x->next) {
        struct page_scope *owed = page_add(row, "owed");

        page_set_text(owed, "owed_kind", x->kind);
        page_set(owed, "owed_what", x->what);
    }
}

/* In the order of the tree, part by part. */
static size_t write_all(struct late *l)
{
    struct page_part part;
    size_t n = 0, at = 0;

    for (size_t i = 0; i < l->unit_count; i++)
        n += l->late[i].first != NULL;
    part = visit_part(l->v, l->v->page, n, PART_ROWS);
    for (size_t i = 0; i < l->unit_count; i++) {
        if (l->late[i].first == NULL)
            continue;
        if (at >= part.from && at < part.until)
            write_late(l, &l->late[i]);
        at++;
    }
    return n;
}

static struct late_unit *unit_of(struct late *l, struct state_id id)
{
    uint32_t i;

    return map_get(&l->places, id_slice(&id), &i) ? &l->late[i] : NULL;
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
    for (size_t i = 0; r == 0 && i < n; i++) {
        l->late[i].unit = &all[i];
        r = map_put(&l->places, id_slice(&all[i].id), (uint32_t)i) < 0 ? err_nomem(err) : 0;
    }
    return r;
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
static void collect_form(struct late *l, const struct table *t, size_t row,
                         const struct record_form *forms, size_t n)
{
    struct slice unit = table_cell(t, row, column_of(t, "unit"))->text;
    struct buf what = BUF_INIT(4000);

    buf_append_slice(&what,
                     form_title(l->v, forms, n, table_cell(t, row, column_of(t, "form"))->text));
    buf_puts(&what, " · ");
    table_cell_write(t, table_cell(t, row, column_of(t, "from")), &what);
    /* rows come in the order of the units */
    for (size_t i = 0; i < l->unit_count; i++) {
        size_t at = (l->last + i) % l->unit_count;

        if (!slice_eq(l->units[at].code, unit))
            continue;
        add_owed(l, &l->late[at], lang_text(l->v->lang, MSG_CONSOLE_ITEM_FORM), buf_slice(&what));
        l->last = at;
        break;
    }
    buf_done(&what);
}

/* Forms of the last period that is over. */
static int collect_forms(struct late *l, struct err *err)
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
        collect_form(l, &t, row, forms, n);
    table_done(&t);
    return r;
}

static bool is_asked_now(struct late *l, struct state_id plan)
{
    const struct state_actor all = state_actor_system();

    if (!id_eq(plan, l->plan.id)) {
        if (state_plan_get(l->v->s, &all, plan, l->v->arena, &l->plan, NULL) < 0)
            return false;
        l->plan_title = plan_store_title(l->v->arena, &l->plan, l->v->lang);
    }
    return l->plan.state == STATE_PLAN_ACTIVE;
}

static int collect_assignment(void *u, const struct state_assignment *x)
{
    struct late *l = u;
    struct late_unit *of = unit_of(l, x->unit);

    if (x->accepted_at == 0 && of && is_asked_now(l, x->plan))
        add_owed(l, of, lang_text(l->v->lang, MSG_CONSOLE_LATE_PLAN), l->plan_title);
    return 0;
}

struct late_ctx {
    const struct duty_picture *p;
    int64_t now;
    bool covered;
};

static int collect_shift(void *u, const struct duty_shift *shift)
{
    struct late_ctx *s = u;
    enum duty_standing how = duty_standing(&s->p->load, &s->p->facts, shift, s->now, NULL).standing;

    s->covered =
        s->covered || (shift->who.person != DUTY_NOBODY && how != DUTY_LATE && how != DUTY_SILENT);
    return 0;
}

/* Posts that nobody stands now, though somebody should. */
static int collect_duty(struct late *l, struct err *err)
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
        (void)duty_shifts(&p.load.plan, i, now, now + 1, collect_shift, &s);
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
    int r;

    map_init(&l.places, LATE_UNITS_MAX);
    r = read_units(&l, err);
    if (r == 0)
        r = collect_forms(&l, err);
    if (r == 0)
        r = collect_duty(&l, err);
    if (r == 0)
        r = state_assignment_each(v->s, &v->who.actor, &q, collect_assignment, &l, err);
    map_done(&l.places);
    if (r < 0)
        return r;
    page_set_i64(v->page, "late_count", (int64_t)write_all(&l));
    page_set_text(v->page, "typed_title", lang_text(v->lang, MSG_CONSOLE_LATE_TITLE));
    page_set_text(v->page, "typed_text", lang_text(v->lang, MSG_CONSOLE_LATE_TEXT));
    page_set_flag(v->page, "may_issue", WHO_HEAD & 1u << v->who.actor.role);
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "late", err);
}
