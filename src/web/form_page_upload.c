/* SPDX-License-Identifier: Apache-2.0 */
/* A form filled in Excel: its template, and what came back, shown in the form before it is sent. */
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "office/workbook_wire.h"
#include "record/fill.h"
#include "web/form_page.h"

/* Every answer that was read into its place; what is wrong beside it, the rest above the form. */
static void set_answers(struct form_page *s, const struct answers *a,
                        const struct form_problem *problems, uint32_t count)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (a->v[i].row <= FORM_PAGE_ROWS)
            form_page_set_answer(s, &a->v[i]);
    for (uint32_t i = 0; i < count; i++) {
        const struct form_problem *p = &problems[i];

        if (p->field < s->form.form->field_count && p->row <= FORM_PAGE_ROWS)
            form_page_place(s, p->field, p->row)->problem = p->message;
        else
            page_set(page_add(s->v->page, "troubles"), "trouble", p->message);
    }
}

static void write_ignored(struct form_page *s, const struct answers *a)
{
    for (uint32_t i = 0; i < a->ignored_count; i++)
        page_set(page_add(s->v->page, "ignored"), "ignored_heading", a->ignored[i].heading);
}

/* What sending it would do: the same act, taken back. */
static int try_out(struct form_page *s, const struct answers *a, msg_id *ret, struct err *err)
{
    struct visit *v = s->v;
    struct record_sent sent = {.problem_count = 0};
    struct record_entry e = {.form = &s->form,
                             .unit = s->unit,
                             .person = v->who.actor.person,
                             .answers = a,
                             .period = s->period,
                             .how = "xlsx"};
    bool refused = false;
    int r = record_send_all(&s->rec, &e, 1, false, &sent, &refused, err);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < sent.problem_count; i++) {
        const struct form_problem *p = &sent.problems[i];

        if (!p->finding && p->field < s->form.form->field_count && p->row <= FORM_PAGE_ROWS)
            form_page_place(s, p->field, p->row)->problem = p->message;
    }
    *ret = refused                            ? form_page_refusal(sent.outcome)
           : sent.outcome == RECORD_UNCHANGED ? MSG_CONSOLE_FORM_FILE_SAME
                                              : MSG_CONSOLE_FORM_FILE_READ;
    page_set_i64(v->page, "would_open", sent.opened);
    page_set_flag(v->page, "would_find", sent.opened > 0);
    return 0;
}

static int show_file(struct visit *v, const struct desk_file *file, struct err *err)
{
    struct form_problem *problems = NULL;
    struct answers a = {.day = INT64_MIN};
    struct workbook *t = NULL;
    struct form_page s;
    msg_id message = MSG_CONSOLE_FORM_WRONG;
    uint32_t n = 0;
    int r = form_page_open(&s, v, err);

    if (r == 0 && workbook_decode(file->bytes, NULL, v->arena, &t) < 0)
        r = err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    if (r == 0)
        r = answers_from_workbook(s.form.form, t, v->arena, &a, &problems, &n, err);
    if (r == 0)
        r = form_problems_word(s.form.form, problems, n, v->lang, v->arena, err);
    if (r < 0)
        return r;
    set_answers(&s, &a, problems, n);
    write_ignored(&s, &a);
    if (n == 0)
        r = try_out(&s, &a, &message, err);
    if (r < 0)
        return r;
    page_set_flag(v->page, "from_file", true);
    page_set(v->page, "file", v->file_name);
    page_set_i64(v->page, "file_values", a.count);
    return form_page_show(&s, slice_str(lang_text(v->lang, message)), n ? 422 : 200, err);
}

int post_form_file(struct visit *v, struct err *err)
{
    struct form_page s;
    int r = form_page_open(&s, v, err); /* before anything is read */

    if (r == 0 && s.theirs)
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    return r < 0 ? r : visit_read_file(v, DESK_TABLE, show_file, err);
}

/* The template: a row a field, as Excel opens CSV. */

/* What a spreadsheet would take for a formula gets an apostrophe before it. */
static void write_csv(struct buf *out, struct slice s, char end)
{
    buf_putc(out, '"');
    if (s.n > 0 && memchr("=+-@\t", s.p[0], 5))
        buf_putc(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, (char)s.p[i]);
    }
    buf_putc(out, '"');
    buf_puts(out, end == ';' ? ";" : "\r\n");
}

static void write_line(struct buf *out, struct form_page *s, const struct form_field *f,
                       uint32_t row)
{
    const struct place *p = form_page_place(s, f->index, row);
    struct buf number = BUF_INIT(20);

    if (row)
        buf_printf(&number, "%u", row);
    write_csv(out, f->id, ';');
    write_csv(out, buf_slice(&number), ';');
    write_csv(out, title_in(&f->title, s->v->lang), ';');
    write_csv(out, title_in(&f->unit, s->v->lang), ';');
    write_csv(out, p->nothing ? SLICE("") : p->typed, 0);
    buf_done(&number);
}

int get_form_template(struct visit *v, struct err *err)
{
    struct buf name = BUF_INIT(300), *out = &v->x->reply.body;
    struct form_page s;
    int r = form_page_open(&s, v, err);

    if (r < 0)
        return r;
    form_page_fill_known(&s);
    v->x->reply.status = 200;
    v->x->reply.type = "text/csv; charset=utf-8";
    buf_printf(&name, "attachment; filename=\"" SLICE_FMT ".csv\"", SLICE_ARG(s.form.form->id));
    http_reply_header(v->x, "Content-Disposition", buf_slice(&name));
    http_reply_header(v->x, "Cache-Control", SLICE("no-store"));
    buf_done(&name);
    buf_puts(out, "\xEF\xBB\xBF"
                  "field;row;title;unit;value\r\n");
    for (uint32_t i = 0; i < s.form.form->field_count; i++) {
        const struct form_field *f = &s.form.form->fields[i];
        uint32_t rows = CANH_MIN(s.form.form->groups[f->group].rows, (uint32_t)FORM_PAGE_ROWS);

        for (uint32_t row = rows ? 1 : 0; !field_types[f->kind].file && row <= rows; row++)
            write_line(out, &s, f, row);
    }
    return 0;
}
