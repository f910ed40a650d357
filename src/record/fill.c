/* SPDX-License-Identifier: Apache-2.0 */
/* A filled-in template or a plain table → answers. */
#include <stdlib.h>

#include "record/fill.h"

#include "base/num.h"
#include "base/time.h"
#include "lang/err_record.h"
#include "lang/value.h"
#include "office/header.h"

enum { PROBLEMS_MAX = 2000 };

struct filler {
    const struct form *form;
    struct arena *arena;
    struct err *err;
    struct answers *to;
    struct form_problem *problems;
    uint32_t problem_count;
    const struct sheet *sheet;
    struct answer_place *places;
    struct answers_ignored *ignored;
    struct slice sheet_name; /* the arena's */
    const struct sheet *named;
    bool known;             /* the table says which form it is */
    unsigned more_problems; /* beyond those that are kept */
    int year;
};

/* Keeps a problem with its place and goes on. */
static int keep_problem(struct filler *f, struct answer_place at, const struct err *why)
{
    const struct err place = workbook_place_err(f->sheet->name, at.line, at.col);
    struct err *kept;

    if (f->problem_count >= PROBLEMS_MAX) {
        f->more_problems++;
        return 0;
    }
    kept = arena_new(f->arena, struct err);
    if (kept == NULL)
        return err_nomem(f->err);
    (void)err_fail(kept, CE_SYNTAX, ERR_RECORD_FILL_AT, &place, why);
    f->problems[f->problem_count++] = (struct form_problem){.kind = FORM_PROBLEM_READ,
                                                            .field = at.field,
                                                            .row = at.row,
                                                            .why = kept};
    return 0;
}

/* How many more there are than are listed. */
static int note_more(struct filler *f)
{
    struct err *why;

    if (f->more_problems == 0)
        return 0;
    why = arena_new(f->arena, struct err);
    if (why == NULL)
        return err_nomem(f->err);
    (void)err_fail(why, CE_TOO_BIG, ERR_RECORD_FILL_MORE, f->more_problems);
    f->problems[f->problem_count++] =
        (struct form_problem){.kind = FORM_PROBLEM_READ, .field = UINT32_MAX, .why = why};
    return 0;
}

static int note_place(struct filler *f, uint32_t field, uint32_t number, uint32_t line,
                      uint32_t col)
{
    if (f->named != f->sheet) {
        f->named = f->sheet;
        f->sheet_name = arena_dup(f->arena, f->sheet->name);
        if (f->sheet_name.p == NULL)
            return err_nomem(f->err);
    }
    if (f->to->place_count < FORM_VALUES_MAX)
        f->places[f->to->place_count++] =
            (struct answer_place){field, number, f->sheet_name, line, col};
    return 0;
}

/* Something that is filled in and not understood: each column of a sheet, and each row, once. */
static int note_ignored(struct filler *f, const struct cell *heading, uint32_t line, uint32_t col)
{
    struct answers *a = f->to;
    struct answers_ignored *x = &f->ignored[a->ignored_count];
    struct slice text = slice_brief(slice_trim(cell_text(heading)));

    for (uint32_t i = 0; i < a->ignored_count; i++) {
        if (f->ignored[i].col == col && slice_eq(f->ignored[i].heading, text) &&
            slice_eq(f->ignored[i].sheet, f->sheet->name))
            return 0;
    }
    if (a->ignored_count == FORM_IGNORED_MAX) {
        f->ignored[FORM_IGNORED_MAX - 1].heading = SLICE("…"); /* and more behind it */
        return 0;
    }
    *x = (struct answers_ignored){arena_dup(f->arena, f->sheet->name), arena_dup(f->arena, text),
                                  line, col};
    if (x->heading.p == NULL || x->sheet.p == NULL)
        return err_nomem(f->err);
    (void)column_name(col, x->column);
    a->ignored_count++;
    return 0;
}

static int add_answer(struct filler *f, uint32_t field, uint32_t number, const struct row *row,
                      uint32_t col)
{
    struct answer a = {.row = number};
    struct err local = ERR_INIT;

    if (note_place(f, field, number, row->number, col) < 0)
        return -CE_NOMEM;

    if (answer_read(f->form, field, row_cell(row, col), f->year, &a, &local) < 0)
        return keep_problem(
            f,
            (struct answer_place){.field = field, .row = number, .line = row->number, .col = col},
            &local);
    if (a.kind == ANSWER_BLANK)
        return 0;
    if (f->to->count >= FORM_VALUES_MAX)
        return err_fail_at(f->err, CE_TOO_BIG, row->number, col, ERR_RECORD_CHECK_VALUES,
                           FORM_VALUES_MAX);
    a.text = arena_dup(f->arena, a.text); /* outlives the table */
    if (a.text.p == NULL)
        return err_nomem(f->err);
    f->to->v[f->to->count++] = a;
    return 0;
}

static int read_form(struct filler *f, const struct row *row)
{
    int64_t edition = 0;

    if (!slice_eq(cell_text(row_cell(row, FORM_COL_TITLE)), f->form->id) ||
        num_range(cell_text(row_cell(row, FORM_COL_UNIT)), 1, INT32_MAX, &edition) < 0 ||
        (uint32_t)edition != f->form->edition)
        return err_fail_at(f->err, CE_CONFLICT, row->number, 1, ERR_RECORD_FILL_OTHER,
                           ERR_TITLE(&f->form->title), f->form->edition);
    f->known = true;
    return 0;
}

/* What is wrong with no single answer. */
static struct answer_place whole_form(const struct row *row, uint32_t col)
{
    return (struct answer_place){.field = UINT32_MAX, .line = row->number, .col = col};
}

static int read_day(struct filler *f, const struct row *row)
{
    const struct cell *c = row_cell(row, FORM_COL_VALUE);
    struct err why = ERR_INIT;
    int64_t days = 0;
    int year;
    unsigned month, day;

    if (c->n == 0)
        return 0;
    if (cell_date(c, 0, &days) < 0) {
        (void)err_fail(&why, CE_SYNTAX, ERR_RECORD_FILL_DAY, slice_brief(cell_text(c)));
        return keep_problem(f, whole_form(row, FORM_COL_VALUE), &why);
    }
    date_from_days(days, &year, &month, &day);
    f->to->day = days;
    f->year = year;
    return 0;
}

static int read_nothing(struct filler *f, const struct row *row)
{
    const struct cell *c = row_cell(row, FORM_COL_VALUE);
    struct err why = ERR_INIT;

    if (c->n == 0 || value_yes_no(cell_text(c), &f->to->nothing) == 0)
        return 0;
    (void)err_fail(&why, CE_SYNTAX, ERR_RECORD_FILL_NOTHING);
    return keep_problem(f, whole_form(row, FORM_COL_VALUE), &why);
}

static int read_unit(struct filler *f, const struct row *row)
{
    f->to->unit = arena_dup(f->arena, cell_text(row_cell(row, FORM_COL_VALUE)));
    return f->to->unit.p ? 0 : err_nomem(f->err);
}

static int read_sheet(struct filler *f, const struct row *row)
{
    f->to->sheet = arena_dup(f->arena, cell_text(row_cell(row, FORM_COL_TITLE)));
    f->to->base = arena_dup(f->arena, cell_text(row_cell(row, FORM_COL_UNIT)));
    return f->to->sheet.p && f->to->base.p ? 0 : err_nomem(f->err);
}

static const struct form_group *find_group(const struct form *f, struct slice id)
{
    for (uint32_t i = 0; i < f->group_count; i++) {
        if (slice_eq(f->groups[i].id, id))
            return &f->groups[i];
    }
    return NULL;
}

static bool is_key_row(const struct row *row)
{
    return slice_starts(cell_text(row_cell(row, FORM_COL_KEY)), SLICE("canh-"));
}

/* A repeated group: a row of field names, a heading (marked), then a row each. */
static int read_group(struct filler *f, uint32_t *at)
{
    const struct sheet *s = f->sheet;
    const struct form_group *g =
        find_group(f->form, cell_text(row_cell(&s->rows[*at], FORM_COL_TITLE)));
    const struct row *keys = *at + 1 < s->row_count ? &s->rows[*at + 1] : NULL, *head = NULL;
    uint32_t number = 0, i;
    int r = 0;

    if (g == NULL || keys == NULL)
        return 0;
    for (i = *at + 2; i < s->row_count && r == 0; i++) {
        const struct row *row = &s->rows[i];
        bool used = false;

        if (is_key_row(row)) {
            if (!slice_is(cell_text(row_cell(row, FORM_COL_KEY)), "canh-head"))
                break;
            head = row;
            continue;
        }
        for (uint32_t col = 2; col <= row->count; col++)
            used = used || row_cell(row, col)->n > 0;
        number += used;
        for (uint32_t col = 2; used && r == 0 && col <= row->count; col++) {
            const struct form_field *field = form_field(f->form, cell_text(row_cell(keys, col)));

            if (field != NULL && field->group == (uint32_t)(g - f->form->groups))
                r = add_answer(f, field->index, number, row, col);
            else if (row_cell(row, col)->n > 0)
                r = note_ignored(f, row_cell(head ? head : keys, col), row->number, col);
        }
    }
    *at = i - 1;
    return r;
}

static int read_row(struct filler *f, uint32_t *at)
{
    static const struct {
        const char *key;
        int (*take)(struct filler *, const struct row *);
    } keys[] = {{FORM_KEY_FORM, read_form},
                {FORM_KEY_UNIT, read_unit},
                {FORM_KEY_DAY, read_day},
                {FORM_KEY_NOTHING, read_nothing},
                {FORM_KEY_SHEET, read_sheet}};
    const struct row *row = &f->sheet->rows[*at];
    struct slice key = cell_text(row_cell(row, FORM_COL_KEY));
    const struct form_field *field;

    for (size_t i = 0; i < CANH_LEN(keys); i++) {
        if (slice_is(key, keys[i].key))
            return keys[i].take(f, row);
    }
    if (slice_is(key, FORM_KEY_GROUP))
        return read_group(f, at);
    field = key.n > 0 ? form_field(f->form, key) : NULL;
    if (field != NULL && f->form->groups[field->group].rows == 0)
        return add_answer(f, field->index, 0, row, FORM_COL_VALUE);
    if (row_cell(row, FORM_COL_VALUE)->n > 0 && key.n == 0 &&
        row_cell(row, FORM_COL_TITLE)->n > 0) /* a row that somebody put in */
        return note_ignored(f, row_cell(row, FORM_COL_TITLE), row->number, FORM_COL_VALUE);
    return 0;
}

static int read_plain_row(struct filler *f, const struct header *h, const struct row *row)
{
    const struct cell *name = header_cell(h, row, 0), *number = header_cell(h, row, 1);
    const struct form_field *field = form_field(f->form, cell_text(name));
    struct err why = ERR_INIT;
    int64_t n = 0;
    bool repeated;

    if (name->n == 0)
        return 0;
    repeated = field && f->form->groups[field->group].rows > 0;
    if (field == NULL || (repeated ? cell_count(number, &n) < 0 || n < 1 || n > FORM_ROWS_MAX
                                   : number->n > 0 && !slice_is(cell_text(number), "0"))) {
        if (field)
            (void)err_fail(&why, CE_SYNTAX, ERR_RECORD_FILL_ROW, slice_brief(cell_text(name)));
        else
            (void)err_fail(&why, CE_SYNTAX, ERR_RECORD_FILL_FIELD, slice_brief(cell_text(name)));
        return keep_problem(f, whole_form(row, h->col[0]), &why);
    }
    return add_answer(f, field->index, (uint32_t)n, row, h->col[2]);
}

/* Columns of a plain table beside the three that it is read by. */
static int note_other_columns(struct filler *f, const struct header *h)
{
    const struct row *head = &f->sheet->rows[h->row_index];
    int r = 0;

    for (uint32_t col = 1; r == 0 && col <= head->count; col++) {
        if (row_cell(head, col)->n > 0 && col != h->col[0] && col != h->col[1] && col != h->col[2])
            r = note_ignored(f, row_cell(head, col), head->number, col);
    }
    return r;
}

static int read_plain(struct filler *f, const struct workbook *t)
{
    static const struct header_column columns[] = {{"field|mã chỉ tiêu|mã", true},
                                                   {"row|dòng|thứ tự", false},
                                                   {"value|giá trị", true}};
    struct header h;
    int r = 0;

    f->sheet = workbook_first(t);
    if (f->sheet == NULL || header_find(f->sheet, columns, 3, &h, NULL) < 0)
        return err_fail(f->err, CE_MISSING, ERR_RECORD_FILL_NONE, ERR_TITLE(&f->form->title));
    r = note_other_columns(f, &h);
    for (uint32_t i = h.row_index + 1; i < f->sheet->row_count && r == 0; i++)
        r = read_plain_row(f, &h, &f->sheet->rows[i]);
    return r;
}

static int read_template(struct filler *f, const struct workbook *t)
{
    int r = 0;

    for (uint32_t s = 0; s < t->sheet_count && r == 0; s++) {
        f->sheet = &t->sheets[s];
        for (uint32_t i = 0; i < f->sheet->row_count && r == 0; i++)
            r = read_row(f, &i);
    }
    return r;
}

struct slice workbook_form(const struct workbook *t)
{
    for (uint32_t s = 0; s < t->sheet_count; s++) {
        for (uint32_t i = 0; i < CANH_MIN(t->sheets[s].row_count, 20u); i++) {
            const struct row *row = &t->sheets[s].rows[i];

            if (slice_is(cell_text(row_cell(row, FORM_COL_KEY)), FORM_KEY_FORM))
                return cell_text(row_cell(row, FORM_COL_TITLE));
        }
    }
    return SLICE_NULL;
}

void answers_place(struct buf *out, const struct answers *a, uint32_t field, uint32_t row,
                   enum lang lang)
{
    for (uint32_t i = 0; i < a->place_count; i++) {
        const struct answer_place *p = &a->places[i];

        if (p->field == field && p->row == row) {
            workbook_place(out, lang, p->sheet, p->line, p->col);
            return;
        }
    }
}

int answers_from_workbook(const struct form *form, const struct workbook *t, struct arena *arena,
                          struct answers *ret, struct form_problem **ret_problems,
                          uint32_t *ret_count, struct err *err)
{
    struct answers answers = {.day = INT64_MIN};
    struct filler f = {.form = form, .arena = arena, .err = err, .to = &answers};
    int r;

    answers.v = arena_new_array(arena, FORM_VALUES_MAX, struct answer);
    f.problems = arena_new_array(arena, PROBLEMS_MAX + 1, struct form_problem);
    f.places = arena_new_array(arena, FORM_VALUES_MAX, struct answer_place);
    f.ignored = arena_new_array(arena, FORM_IGNORED_MAX + 1, struct answers_ignored);
    answers.places = f.places;
    answers.ignored = f.ignored;
    if (answers.v == NULL || f.ignored == NULL || f.problems == NULL || f.places == NULL)
        return err_nomem(err);
    r = workbook_form(t).n > 0 ? read_template(&f, t) : read_plain(&f, t);
    if (r == 0)
        r = note_more(&f);
    if (r < 0)
        return r;
    *ret = answers;
    *ret_problems = f.problems;
    *ret_count = f.problem_count;
    return 0;
}
