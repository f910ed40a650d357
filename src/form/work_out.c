/* SPDX-License-Identifier: Apache-2.0 */
/* What a form works out itself from what was answered. */
#include <string.h>

#include "form/form.h"

/* The moment answered to a field; NULL: none. */
static const struct answer *moment_of(const struct answers *a, uint32_t field, uint32_t row)
{
    const struct answer *x = answers_find(a, field, row);

    return x != NULL && x->kind == ANSWER_TIME ? x : NULL;
}

bool form_hours(const struct form *f, const struct form_field *field, const struct answers *a,
                uint32_t row, double *ret)
{
    const struct answer *from, *until;

    if (field->hours_from == 0)
        return false;
    from = moment_of(a, field->hours_from - 1,
                     f->groups[f->fields[field->hours_from - 1].group].rows ? row : 0);
    until = moment_of(a, field->hours_until - 1,
                      f->groups[f->fields[field->hours_until - 1].group].rows ? row : 0);
    if (from == NULL || until == NULL)
        return false;
    *ret = (double)(((until->time - from->time) * 10 + 3) / 6) / 100; /* to the hundredth */
    return true;
}

static void set_number(struct answers *a, uint32_t field, uint32_t row, double v)
{
    struct answer x = {.field = field, .row = row, .kind = ANSWER_NUMBER, .number = v};
    const struct answer *old = answers_find(a, field, row);

    a->v[old ? (uint32_t)(old - a->v) : a->count++] = x;
}

/* How many answers could be worked out at most. */
static uint32_t room_for(const struct form *f)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->field_count; i++)
        if (f->fields[i].hours_from > 0)
            n += CANH_MAX(f->groups[f->fields[i].group].rows, 1u);
    return n;
}

int form_work_out(const struct form *f, struct answers *a, struct arena *arena, struct err *err)
{
    uint32_t more = a->nothing ? 0 : room_for(f);
    struct answer *v;
    double hours;

    if (more == 0)
        return 0;
    v = arena_new_array(arena, (size_t)a->count + more, struct answer);
    if (v == NULL)
        return err_nomem(err);
    if (a->count > 0)
        memcpy(v, a->v, a->count * sizeof(*v));
    a->v = v;
    for (uint32_t i = 0; i < f->field_count; i++) {
        uint32_t rows = f->groups[f->fields[i].group].rows;

        for (uint32_t row = rows ? 1 : 0; f->fields[i].hours_from > 0 && row <= rows; row++)
            if (form_hours(f, &f->fields[i], a, row, &hours))
                set_number(a, i, row, hours);
    }
    return 0;
}
