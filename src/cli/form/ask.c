/* SPDX-License-Identifier: Apache-2.0 */
/* canh form fill on a terminal: question by question, until the answers can be accepted. */
#include <stdio.h>

#include "cli/form/fill.h"
#include "lang/msg_hand.h"

enum { LINE_BYTES = 8192 };

static void write_question(struct fill_job *k, const struct form_field *field, uint32_t row,
                           const struct answer *offered)
{
    struct app *app = k->f->l.app;
    struct buf *out = &app->out.buf;

    if (row)
        buf_printf(out, "%u. ", row);
    buf_append_slice(out, title_in(&field->title, app->lang));
    if (field->unit.vi.n)
        buf_printf(out, " (" SLICE_FMT ")", SLICE_ARG(title_in(&field->unit, app->lang)));
    for (uint32_t i = 0; i < field->choice_count; i++)
        buf_printf(out, "%s" SLICE_FMT, i ? ", " : ": ",
                   SLICE_ARG(title_in(&field->choices[i].title, app->lang)));
    buf_puts(out, field->required ? " *" : "");
    if (offered) {
        buf_puts(out, " [");
        answer_write(out, k->f->form.form, offered, app->lang);
        buf_puts(out, "]");
    }
    buf_puts(out, ": ");
    (void)out_flush(&app->out);
}

/* Asks until the answer can be read. Enter takes what is offered; EX_TEMPFAIL at the end of input.
 */
static int form_ask(struct fill_job *k, const struct form_field *field, uint32_t row,
                    bool *ret_blank)
{
    const struct answer *offered = answers_find(&k->a, field->index, row);
    bool first = field->index == k->f->form.form->groups[field->group].first;
    char line[LINE_BYTES];

    if (!offered && k->before && field->carry)
        offered = answers_find(k->before, field->index, row);
    for (;;) {
        struct slice text;

        write_question(k, field, row, offered);
        if (fgets(line, sizeof(line), stdin) == NULL)
            return EX_TEMPFAIL;
        text = slice_trim(slice_str(line));
        *ret_blank = text.n == 0 && offered == NULL;
        if (text.n == 0 && offered)
            fill_set(k, offered);
        if (text.n == 0 && !offered && field->required && (row == 0 || !first)) {
            app_print(k->f->l.app, MSG_HAND_REQUIRED);
            continue;
        }
        if (text.n == 0 || fill_answer(k, field->index, row, text) == 0)
            return 0;
    }
}

static int ask_rows(struct fill_job *k, const struct form_group *g)
{
    const struct form *form = k->f->form.form;

    for (uint32_t row = 1; row <= g->rows; row++) {
        for (uint32_t i = 0; i < g->count; i++) {
            bool blank = false;
            int status = form_ask(k, &form->fields[g->first + i], row, &blank);

            if (status != 0)
                return status;
            if (i == 0 && blank)
                return 0; /* the first column left blank ends the rows */
        }
    }
    return 0;
}

int fill_ask_all(struct fill_job *k)
{
    const struct form *form = k->f->form.form;
    struct app *app = k->f->l.app;
    int status = 0;

    lang_write(&app->out.buf, app->lang, MSG_HAND_HOW);
    for (uint32_t g = 0; g < form->group_count && status == 0; g++) {
        const struct form_group *group = &form->groups[g];
        bool blank;

        buf_printf(&app->out.buf, "\n" SLICE_FMT "\n",
                   SLICE_ARG(title_in(&group->title, app->lang)));
        if (group->rows > 0)
            buf_puts(&app->out.buf, lang_text(app->lang, MSG_HAND_ROWS_HOW));
        if (group->rows > 0)
            status = ask_rows(k, group);
        for (uint32_t i = 0; i < group->count && group->rows == 0 && status == 0; i++)
            status = form_ask(k, &form->fields[group->first + i], 0, &blank);
    }
    return status;
}

bool fill_ask_again(struct fill_job *k, const struct record_sent *s)
{
    bool asked = false, blank;

    for (uint32_t i = 0; i < s->problem_count; i++) {
        const struct form_problem *p = &s->problems[i];

        if (p->finding || p->field == UINT32_MAX)
            continue;
        if (form_ask(k, &k->f->form.form->fields[p->field], p->row, &blank) != 0)
            return false;
        asked = true;
    }
    return asked;
}
