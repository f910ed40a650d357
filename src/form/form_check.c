/* SPDX-License-Identifier: Apache-2.0 */
/* A filled form against its form. */
#include "form/form.h"

#include <stdlib.h>
#include <string.h>

#include "lang/collate.h"
#include "lang/err_form.h"
#include "lang/value.h"

enum { PROBLEMS_FIRST = 64 }; /* room for so many; the arena is the limit */

struct checker {
    const struct form *form;
    const struct answers *answers;
    const struct answer **sorted; /* by field, row and order, for looking up */
    struct arena *arena;
    struct form_problem *problems;
    uint32_t count, room;
    bool full; /* the arena is */
};

static void form_check_grow(struct checker *c)
{
    uint32_t room = c->room ? 2 * c->room : PROBLEMS_FIRST;
    struct form_problem *more = arena_new_array(c->arena, room, struct form_problem);

    if (more == NULL) {
        c->full = true;
        return;
    }
    if (c->count > 0)
        memcpy(more, c->problems, c->count * sizeof(*more));
    c->problems = more;
    c->room = room;
}

/* None is left out: each that is over a limit opens a finding. */
static void form_check_add(struct checker *c, struct form_problem problem)
{
    if (c->count == c->room && !c->full)
        form_check_grow(c);
    if (c->count < c->room)
        c->problems[c->count++] = problem;
}

static void add_problem(struct checker *c, const struct form_field *f, uint32_t row,
                        enum form_problem_kind kind)
{
    form_check_add(c, (struct form_problem){.kind = kind, .field = f->index, .row = row});
}

static int by_place(const void *a, const void *b)
{
    const struct answer *x = *(const struct answer *const *)a,
                        *y = *(const struct answer *const *)b;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x < y ? -1 : x > y;
}

static bool sort_answers(struct checker *c)
{
    c->sorted = arena_alloc(c->arena, CANH_MAX(c->answers->count, 1u) * sizeof(*c->sorted));
    for (uint32_t i = 0; c->sorted && i < c->answers->count; i++)
        c->sorted[i] = &c->answers->v[i];
    if (c->sorted)
        qsort(c->sorted, c->answers->count, sizeof(*c->sorted), by_place);
    return c->sorted != NULL;
}

/* The last answer to a field and row, or NULL. */
static const struct answer *form_check_find(const struct checker *c, uint32_t field, uint32_t row)
{
    uint32_t low = 0, high = c->answers->count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        const struct answer *a = c->sorted[mid];

        if (a->field < field || (a->field == field && a->row <= row))
            low = mid + 1;
        else
            high = mid;
    }
    return low > 0 && c->sorted[low - 1]->field == field && c->sorted[low - 1]->row == row
               ? c->sorted[low - 1]
               : NULL;
}

/* The answer to a field in the row being checked; fields outside the group have row 0. */
static const struct answer *answer_of(const struct checker *c, uint32_t field, uint32_t row)
{
    bool repeated = c->form->groups[c->form->fields[field].group].rows > 0;

    return form_check_find(c, field, repeated ? row : 0);
}

static bool is_answered(const struct answer *a)
{
    return a != NULL && a->kind != ANSWER_BLANK;
}

bool form_if_holds(const struct form *f, const struct form_if *c, const struct answer *a)
{
    bool yes;

    if (c->kind == IF_NONE || !is_answered(a) || a->kind == ANSWER_NOTHING)
        return false;
    switch (c->kind) {
    case IF_NONE:
        return false;
    case IF_ANSWERED:
        return true;
    case IF_ABOVE:
        return a->kind == ANSWER_NUMBER && a->number > c->number;
    case IF_IS:
        break;
    }
    if (field_types[f->fields[c->field].kind].own[0])
        return a->kind == ANSWER_NUMBER && value_yes_no(c->text, &yes) == 0 &&
               (a->number != 0) == yes;
    return a->kind == ANSWER_TEXT && slice_eq(a->text, c->text);
}

static bool is_true(const struct checker *c, const struct form_if *i, uint32_t row)
{
    return i->kind != IF_NONE && form_if_holds(c->form, i, answer_of(c, i->field, row));
}

static void check_bounds(struct checker *c, const struct form_field *f, uint32_t row, double v)
{
    if (f->has_min && v < f->min)
        add_problem(c, f, row, FORM_PROBLEM_BELOW);
    else if (f->has_max && v > f->max)
        add_problem(c, f, row, FORM_PROBLEM_ABOVE);
}

static void check_at_most(struct checker *c, const struct form_field *f, uint32_t row, double v)
{
    const struct answer *other = f->at_most ? answer_of(c, f->at_most - 1, row) : NULL;

    if (other != NULL && other->kind == ANSWER_NUMBER && v > other->number)
        add_problem(c, f, row, FORM_PROBLEM_ABOVE_ANY);
}

/* Limits hold on the day of the period; without one, none is known to hold. */
static void check_limits(struct checker *c, const struct form_field *f, uint32_t row, double v)
{
    int64_t day = c->answers->day;

    for (uint32_t i = 0; i < f->limit_count && day != INT64_MIN; i++) {
        const struct form_limit *l = &f->limits[i];
        bool under = l->has_min && v < l->min, over = l->has_max && v > l->max;

        if (day >= l->from && day < l->until && (under || over))
            form_check_add(c, (struct form_problem){.kind = FORM_PROBLEM_LIMIT,
                                                    .finding = true,
                                                    .field = f->index,
                                                    .row = row,
                                                    .limit = l,
                                                    .value = v});
    }
}

/* What is worked out is never asked for; what it is worked out from must be in order. */
static bool check_hours(struct checker *c, const struct form_field *f, uint32_t row)
{
    double hours;

    if (!form_hours(c->form, f, c->answers, row, &hours) || hours >= 0)
        return true;
    add_problem(c, &c->form->fields[f->hours_until - 1], row, FORM_PROBLEM_BEFORE);
    return false;
}

static void check_field(struct checker *c, const struct form_field *f, uint32_t row)
{
    const struct answer *a = answer_of(c, f->index, row);

    if (f->hours_from > 0 && !check_hours(c, f, row))
        return;
    if (!is_answered(a)) {
        if (f->required || is_true(c, &f->required_if, row))
            add_problem(c, f, row, FORM_PROBLEM_MISSING);
        return;
    }
    if (a->kind == ANSWER_NOTHING && !f->nothing)
        add_problem(c, f, row, FORM_PROBLEM_NOTHING);
    if (a->kind != ANSWER_NUMBER)
        return;
    check_bounds(c, f, row, a->number);
    check_at_most(c, f, row, a->number);
    check_limits(c, f, row, a->number);
}

/* A row counts once something in it is answered. */
static bool row_used(const struct checker *c, const struct form_group *g, uint32_t row)
{
    for (uint32_t i = 0; i < g->count; i++) {
        if (is_answered(form_check_find(c, g->first + i, row)))
            return true;
    }
    return false;
}

static uint32_t last_row(const struct checker *c, const struct form_group *g)
{
    uint32_t last = 0;

    for (uint32_t i = 0; i < c->answers->count; i++) {
        const struct answer *a = &c->answers->v[i];

        if (a->field >= g->first && a->field < g->first + g->count && a->kind != ANSWER_BLANK)
            last = CANH_MAX(last, a->row);
    }
    return last;
}

static void check_group(struct checker *c, const struct form_group *g)
{
    uint32_t last = g->rows ? last_row(c, g) : 0;

    if (last > g->rows) {
        form_check_add(c, (struct form_problem){.kind = FORM_PROBLEM_ROWS,
                                                .field = UINT32_MAX,
                                                .row = last,
                                                .group = g});
        return;
    }
    for (uint32_t row = g->rows ? 1 : 0; row <= last; row++) {
        if (g->rows > 0 && !row_used(c, g, row))
            continue;
        for (uint32_t i = 0; i < g->count; i++)
            check_field(c, &c->form->fields[g->first + i], row);
    }
}

static bool any_answer(const struct answers *a)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->v[i].kind != ANSWER_BLANK && a->v[i].kind != ANSWER_NOTHING)
            return true;
    }
    return false;
}

static bool said_anything(const struct answers *a)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (is_answered(&a->v[i]))
            return true;
    return false;
}

int form_check(const struct form *f, const struct answers *a, struct arena *arena,
               struct form_problem **ret, uint32_t *ret_count, struct err *err)
{
    struct checker c = {.form = f, .answers = a, .arena = arena};

    if (a->count > FORM_VALUES_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_FORM_CHECK_VALUES, FORM_VALUES_MAX);
    if (!sort_answers(&c))
        return err_nomem(err);
    if (a->nothing && any_answer(a))
        form_check_add(&c,
                       (struct form_problem){.kind = FORM_PROBLEM_FIGURES, .field = UINT32_MAX});
    for (uint32_t i = 0; i < f->group_count && !a->nothing; i++)
        check_group(&c, &f->groups[i]);
    if (!a->nothing && c.count == 0 && !said_anything(a))
        form_check_add(&c, (struct form_problem){.kind = FORM_PROBLEM_EMPTY, .field = UINT32_MAX});
    if (c.full)
        return err_nomem(err);
    *ret = c.problems;
    *ret_count = c.count;
    return 0;
}
