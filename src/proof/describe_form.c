/* SPDX-License-Identifier: Apache-2.0 */
/* A form as the record behind a cell: its title, and the values that were over their limits. */
#include "form/form.h"
#include "lang/msg_proof.h"
#include "proof/collect.h"
#include "state/forms.h"

static const struct state_value *value_of(const struct state_value *values, size_t n,
                                          struct slice field)
{
    for (size_t i = 0; i < n; i++) {
        if (slice_eq(values[i].field, field))
            return &values[i];
    }
    return NULL;
}

static void write_over(struct buf *out, enum lang lang, const struct form *form,
                       const struct form_field *field, const struct state_value *v)
{
    buf_printf(out, SLICE_FMT, SLICE_ARG(title_in(&field->title, lang)));
    if (v != NULL && v->row == 0) {
        struct answer a = {.field = field->index,
                           .kind = (enum answer_kind)v->kind,
                           .number = v->number,
                           .time = v->number_i,
                           .text = v->text};

        buf_putc(out, ' ');
        answer_write(out, form, &a, lang);
    }
}

static void write_limits(struct buf *out, enum lang lang, const struct form *form,
                         const struct state_submission *x, const struct state_value *values,
                         size_t n)
{
    struct state_judgement rest = x->judged;
    struct state_judged j;
    unsigned count = 0;

    while (state_judged_next(&rest, &j)) {
        const struct form_field *field = form_field(form, j.field);

        if (j.how == STATE_JUDGED_BLANK || (j.how == STATE_JUDGED_OVER && j.severity < 2) ||
            field == NULL)
            continue;
        buf_puts(out, count++ ? ", " : " (");
        if (j.how == STATE_JUDGED_OPEN)
            buf_puts(out, lang_text(lang, MSG_PROOF_NOT_FINISHED));
        else if (count == 1)
            buf_puts(out, lang_text(lang, MSG_PROOF_OVER_LIMIT));
        write_over(out, lang, form, field, value_of(values, n, j.field));
    }
    buf_puts(out, count ? ")" : "");
}

void proof_describe_form(struct buf *out, enum lang lang, struct proof_world *w, struct state_id id)
{
    struct arena *scratch = &w->store->scratch;
    struct state_submission x;
    struct state_value *values = NULL;
    struct state_form row;
    const struct form *form;
    size_t n = 0;

    if (state_submission_get(w->state, &w->actor, id, scratch, &x, NULL) < 0 ||
        state_form_get(w->state, &w->actor, x.form, scratch, &row, NULL) < 0)
        return;
    if (form_parse(scratch, row.yaml, &form, NULL) < 0) {
        buf_printf(out, ": " SLICE_FMT, SLICE_ARG(row.title));
        return;
    }
    buf_printf(out, ": " SLICE_FMT, SLICE_ARG(title_in(&form->title, lang)));
    if (state_value_list(w->state, &w->actor, id, scratch, &values, &n, NULL) == 0)
        write_limits(out, lang, form, &x, values, n);
}
