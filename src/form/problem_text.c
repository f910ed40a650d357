/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a filled form, for people. */
#include "form/form.h"
#include "lang/error.h"
#include "lang/msg_form.h"
#include "lang/value.h"

struct problem_ctx {
    const struct form *form;
    enum lang lang;
    struct buf *out;
};

static struct slice title_of(const struct problem_ctx *w, uint32_t field)
{
    return title_in(&w->form->fields[field].title, w->lang);
}

static void write_bound(const struct problem_ctx *w, const struct form_problem *p)
{
    const struct form_field *f = &w->form->fields[p->field];
    struct buf bound = BUF_INIT(200);

    number_write(&bound, p->kind == FORM_PROBLEM_BELOW ? f->min : f->max);
    if (p->kind == FORM_PROBLEM_BELOW)
        lang_write(w->out, w->lang, MSG_FORM_CHECK_MIN, SLICE_ARG(title_of(w, p->field)),
                   buf_cstr(&bound));
    else
        lang_write(w->out, w->lang, MSG_FORM_CHECK_MAX, SLICE_ARG(title_of(w, p->field)),
                   buf_cstr(&bound));
    buf_done(&bound);
}

static void write_limit(const struct problem_ctx *w, const struct form_problem *p)
{
    const struct answer a = {.field = p->field, .kind = ANSWER_NUMBER, .number = p->value};
    struct buf value = BUF_INIT(400);

    answer_write(&value, w->form, &a, w->lang);
    lang_write(w->out, w->lang, MSG_FORM_CHECK_LIMIT, SLICE_ARG(title_of(w, p->field)),
               buf_cstr(&value), SLICE_ARG(title_in(&p->limit->title, w->lang)));
    buf_done(&value);
}

/* The moment from which hours are counted to this one. */
static uint32_t counted_from(const struct form *f, uint32_t until)
{
    for (uint32_t i = 0; i < f->field_count; i++)
        if (f->fields[i].hours_until == until + 1)
            return f->fields[i].hours_from - 1;
    return until;
}

static void write_problem(const struct problem_ctx *w, const struct form_problem *p)
{
    switch (p->kind) {
    case FORM_PROBLEM_READ:
        error_write(w->out, w->lang, p->why);
        break;
    case FORM_PROBLEM_MISSING:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_MISSING, SLICE_ARG(title_of(w, p->field)));
        break;
    case FORM_PROBLEM_BELOW:
    case FORM_PROBLEM_ABOVE:
        write_bound(w, p);
        break;
    case FORM_PROBLEM_ABOVE_ANY:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_AT_MOST, SLICE_ARG(title_of(w, p->field)),
                   SLICE_ARG(title_of(w, w->form->fields[p->field].at_most - 1)));
        break;
    case FORM_PROBLEM_LIMIT:
        write_limit(w, p);
        break;
    case FORM_PROBLEM_BEFORE:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_BEFORE, SLICE_ARG(title_of(w, p->field)),
                   SLICE_ARG(title_of(w, counted_from(w->form, p->field))));
        break;
    case FORM_PROBLEM_NOTHING:
        lang_write(w->out, w->lang, MSG_FORM_ANSWER_NOTHING, SLICE_ARG(title_of(w, p->field)));
        break;
    case FORM_PROBLEM_ROWS:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_ROWS,
                   SLICE_ARG(title_in(&p->group->title, w->lang)), p->group->rows);
        break;
    case FORM_PROBLEM_FIGURES:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_NOTHING);
        break;
    case FORM_PROBLEM_EMPTY:
        lang_write(w->out, w->lang, MSG_FORM_CHECK_EMPTY);
        break;
    }
}

int form_problems_word(const struct form *f, struct form_problem *problems, uint32_t count,
                       enum lang lang, struct arena *arena, struct err *err)
{
    struct buf text = BUF_INIT(8192);
    const struct problem_ctx w = {f, lang, &text};
    int r = 0;

    for (uint32_t i = 0; i < count && r == 0; i++) {
        buf_clear(&text);
        write_problem(&w, &problems[i]);
        problems[i].message = arena_dup(arena, buf_slice(&text));
        if (text.err != 0 || problems[i].message.p == NULL)
            r = err_code(err, CE_TOO_BIG);
    }
    buf_done(&text);
    return r;
}
