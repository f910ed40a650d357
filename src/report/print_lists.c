/* SPDX-License-Identifier: Apache-2.0 */
/* Danh bạ khẩn, phiếu trạng thái ngày, bản cam kết. */
#include "lang/collate.h"
#include "lang/msg_form.h"
#include "lang/msg_report.h"
#include "lang/value.h"
#include "report/print.h"
#include "report/print_common.h"

#define TEXT(h, id) slice_str(lang_text((h)->lang, id))

static void contact_row(struct paper_table *t, const struct print_head *h, unsigned number,
                        const struct print_contact *c)
{
    struct buf b = BUF_INIT(100);
    struct paper_cell *cell;

    (void)paper_row(t, 0);
    buf_append_u64(&b, number);
    (void)print_cell(t, &print_centre, buf_slice(&b));
    cell = print_cell(t, &print_bold, c->name);
    if (cell && c->role.n > 0)
        (void)paper_para(&cell->flow, &print_plain, c->role);
    (void)print_cell(t, &print_bold, c->phones);
    (void)print_cell(t, &print_plain, c->mail);
    buf_clear(&b);
    print_date(&b, c->proven);
    cell = print_cell(t, &print_centre,
                      b.len > 0 ? buf_slice(&b) : TEXT(h, MSG_REPORT_PRINT_UNPROVEN));
    if (cell && b.len == 0)
        cell->fill = PRINT_RED;
    buf_done(&b);
}

/* An empty directory says so; it looks like a page that was cut else. */
static void nobody_row(struct paper_table *t, const struct print_head *h)
{
    struct paper_cell *c;

    (void)paper_row(t, 0);
    c = paper_cell(t, 5, 1);
    if (c != NULL)
        (void)paper_para(&c->flow, &print_plain, TEXT(h, MSG_REPORT_PRINT_NOBODY));
}

void print_directory(struct paper *p, const struct print_directory *d)
{
    static const float widths[5] = {10, 62, 36, 42, 25};
    static const msg_id heads[5] = {MSG_REPORT_PRINT_NO, MSG_REPORT_PRINT_WHO,
                                    MSG_REPORT_PRINT_PHONE, MSG_REPORT_PRINT_MAIL,
                                    MSG_REPORT_PRINT_PROVEN};
    struct slice group = SLICE("");
    struct paper_table *t;

    print_begin(p, &d->head, TEXT(&d->head, MSG_REPORT_PRINT_DIRECTORY),
                TEXT(&d->head, MSG_REPORT_PRINT_DIRECTORY_NOTE));
    t = paper_table(&p->body, 5, widths, true);
    print_heads(t, &d->head, heads, 5);
    for (size_t i = 0; i < d->count; i++) {
        if (!slice_eq(group, d->contacts[i].group)) {
            struct paper_row *row = paper_row(t, 0);
            struct paper_cell *c;

            group = d->contacts[i].group;
            if (row != NULL)
                row->keep_next = true;
            c = paper_cell(t, 5, 1);
            if (c != NULL) {
                c->fill = PRINT_SHADE;
                (void)paper_para(&c->flow, &print_bold, group);
            }
        }
        contact_row(t, &d->head, (unsigned)i + 1, &d->contacts[i]);
    }
    if (d->count == 0)
        nobody_row(t, &d->head);
    print_sign(p, &d->head);
}

static const struct form_problem *problem_of(const struct print_form *f, uint32_t field,
                                             uint32_t row)
{
    for (uint32_t i = 0; i < f->problem_count; i++) {
        if (f->problems[i].field == field && f->problems[i].row == row)
            return &f->problems[i];
    }
    return NULL;
}

static void answer_cell(struct paper_table *t, const struct print_form *f,
                        const struct form_field *field, uint32_t row)
{
    const struct answer *a = f->answers ? answers_find(f->answers, field->index, row) : NULL;
    const struct form_problem *problem = problem_of(f, field->index, row);
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);
    struct paper_cell *c;

    if (a && row == 0 && a->kind == ANSWER_NUMBER && field->unit.vi.n > 0)
        number_write(&b, a->number); /* its unit has a column */
    else if (a)
        answer_write(&b, f->form, a, f->head.lang);
    else if (f->answers)
        buf_puts(&b, lang_text(f->head.lang, MSG_REPORT_PRINT_BLANK));
    c = print_cell(t, &print_bold, buf_slice(&b));
    if (c && problem) {
        c->fill = PRINT_RED;
        if (problem->limit) {
            buf_clear(&b);
            lang_write(&b, f->head.lang, MSG_REPORT_FORM_LIMIT,
                       SLICE_ARG(title_in(&problem->limit->title, f->head.lang)));
            (void)paper_para(&c->flow, &print_small, buf_slice(&b));
        }
    }
    buf_done(&b);
}

static void plain_group(struct paper_table *t, const struct print_form *f,
                        const struct form_group *g)
{
    struct paper_row *row;
    struct paper_cell *c;

    row = paper_row(t, 0);
    if (row != NULL)
        row->keep_next = true;
    c = paper_cell(t, 3, 1);
    if (c != NULL) {
        c->fill = PRINT_SHADE;
        (void)paper_para(&c->flow, &print_bold, title_in(&g->title, f->head.lang));
    }
    for (uint32_t i = 0; i < g->count; i++) {
        const struct form_field *field = &f->form->fields[g->first + i];

        (void)paper_row(t, f->answers ? 0 : 8);
        (void)print_cell(t, &print_plain, title_in(&field->title, f->head.lang));
        (void)print_cell(t, &print_centre, title_in(&field->unit, f->head.lang));
        answer_cell(t, f, field, 0);
    }
}

static uint32_t rows_used(const struct print_form *f, const struct form_group *g)
{
    uint32_t last = 0;

    for (uint32_t i = 0; f->answers && i < f->answers->count; i++) {
        if (f->form->fields[f->answers->v[i].field].group == (uint32_t)(g - f->form->groups))
            last = CANH_MAX(last, f->answers->v[i].row);
    }
    return f->answers ? last : CANH_MIN(g->rows, 10u);
}

static void repeated_group(struct paper *p, const struct print_form *f, const struct form_group *g)
{
    struct para_style title = print_bold;
    uint32_t rows = rows_used(f, g);
    struct paper_table *t;

    title.before = 8;
    title.keep_next = true;
    (void)paper_para(&p->body, &title, title_in(&g->title, f->head.lang));
    if (rows == 0) {
        (void)paper_para(&p->body, &print_plain, TEXT(&f->head, MSG_REPORT_PRINT_NONE));
        return;
    }
    t = paper_table(&p->body, g->count, NULL, true);
    if (t == NULL)
        return;
    t->header_rows = 1;
    (void)paper_row(t, 0);
    for (uint32_t i = 0; i < g->count; i++) {
        struct paper_cell *c =
            print_cell(t, &print_head_cell,
                       title_in(&f->form->fields[g->first + i].title, f->head.lang));

        if (c != NULL)
            c->fill = PRINT_GREY;
    }
    for (uint32_t row = 1; row <= rows; row++) {
        (void)paper_row(t, f->answers ? 0 : 9);
        for (uint32_t i = 0; i < g->count; i++)
            answer_cell(t, f, &f->form->fields[g->first + i], row);
    }
}

static void write_findings(struct paper *p, const struct print_form *f)
{
    struct para_style title = print_bold;

    if (f->problem_count == 0)
        return;
    title.before = 8;
    title.keep_next = true;
    (void)paper_para(&p->body, &title, TEXT(&f->head, MSG_REPORT_PRINT_FINDINGS));
    for (uint32_t i = 0; i < f->problem_count; i++)
        (void)paper_printf(&p->body, &print_plain, "- " SLICE_FMT,
                           SLICE_ARG(f->problems[i].message));
}

static void write_origin(struct paper *p, const struct print_form *f)
{
    struct buf b = BUF_INIT(PRINT_TEXT_MAX);

    if (f->entered != PRINT_NEVER) {
        lang_write(&b, f->head.lang, MSG_REPORT_PRINT_ENTERED);
        print_moment(&b, f->entered);
        if (f->entered_by.n > 0)
            buf_printf(&b, ", " SLICE_FMT, SLICE_ARG(f->entered_by));
        if (f->backfilled)
            buf_printf(&b, " – %s", lang_text(f->head.lang, MSG_REPORT_PRINT_BACKFILLED));
        if (f->clock)
            buf_printf(&b, " – %s", lang_text(f->head.lang, MSG_REPORT_PRINT_CLOCK));
        (void)paper_para(&p->body, &print_italic, buf_slice(&b));
    }
    buf_done(&b);
}

static void form_title(struct buf *b, const struct print_form *f)
{
    if (f->answers && f->answers->day != INT64_MIN) {
        lang_write(b, f->head.lang, MSG_REPORT_PRINT_ON_DAY);
        print_date(b, f->answers->day);
    } else {
        lang_write(b, f->head.lang, MSG_REPORT_PRINT_ON_DAY);
        buf_puts(b, "……/……/…………");
    }
}

void print_form(struct paper *p, const struct print_form *f)
{
    static const float widths[3] = {95, 25, 55};
    static const msg_id heads[3] = {MSG_REPORT_FORM_FIELD, MSG_REPORT_FORM_MEASURE,
                                    MSG_REPORT_FORM_VALUE};
    struct buf b = BUF_INIT(PRINT_TEXT_MAX), title = BUF_INIT(PRINT_TEXT_MAX);
    struct paper_table *t = NULL;

    form_title(&b, f);
    viet_upper(title_in(&f->form->title, f->head.lang), &title);
    print_begin(p, &f->head, buf_slice(&title), buf_slice(&b));
    p->title = title_in(&f->form->title, f->head.lang);
    buf_done(&b);
    buf_done(&title);
    if (f->form->note.vi.n > 0)
        (void)paper_para(&p->body, &print_italic, title_in(&f->form->note, f->head.lang));
    write_origin(p, f);
    if (f->answers && f->answers->nothing) {
        (void)paper_para(&p->body, &print_bold, TEXT(&f->head, MSG_FORM_NOTHING));
    } else {
        for (uint32_t i = 0; i < f->form->group_count; i++) {
            const struct form_group *g = &f->form->groups[i];

            if (g->rows > 0)
                continue;
            if (t == NULL) {
                t = paper_table(&p->body, 3, widths, true);
                print_heads(t, &f->head, heads, 3);
            }
            plain_group(t, f, g);
        }
        for (uint32_t i = 0; i < f->form->group_count; i++) {
            if (f->form->groups[i].rows > 0)
                repeated_group(p, f, &f->form->groups[i]);
        }
    }
    write_findings(p, f);
    print_sign(p, &f->head);
}

static void signer_row(struct paper_table *t, unsigned number, const struct print_signer *s)
{
    struct buf b = BUF_INIT(100);

    (void)paper_row(t, 10);
    buf_append_u64(&b, number);
    (void)print_cell(t, &print_centre, buf_slice(&b));
    (void)print_cell(t, &print_plain, s ? s->name : SLICE(""));
    (void)print_cell(t, &print_plain, s ? s->position : SLICE(""));
    buf_clear(&b);
    if (s)
        print_date(&b, s->signed_on);
    (void)print_cell(t, &print_centre, buf_slice(&b));
    (void)paper_cell(t, 1, 1);
    buf_done(&b);
}

void print_commitment(struct paper *p, const struct print_commitment *c)
{
    static const struct para_style body = {
        .size = 13, .align = PAPER_JUSTIFY, .first = 10, .before = 6, .line = 1.1f};
    static const float widths[5] = {12, 58, 50, 25, 30};
    static const msg_id heads[5] = {MSG_REPORT_PRINT_NO, MSG_REPORT_PRINT_NAME,
                                    MSG_REPORT_PRINT_POSITION, MSG_REPORT_PRINT_DAY,
                                    MSG_REPORT_PRINT_SIGNATURE};
    struct paper_table *t;

    print_begin(p, &c->head, c->title, c->below);
    for (size_t i = 0; i < c->text_count; i++)
        (void)paper_para(&p->body, &body, c->text[i]);
    paper_gap(&p->body, 4);
    t = paper_table(&p->body, 5, widths, true);
    print_heads(t, &c->head, heads, 5);
    for (size_t i = 0; i < c->count; i++)
        signer_row(t, (unsigned)i + 1, &c->people[i]);
    for (unsigned i = 0; i < c->empty_rows; i++)
        signer_row(t, (unsigned)c->count + i + 1, NULL);
    print_sign(p, &c->head);
}
