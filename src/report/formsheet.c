/* SPDX-License-Identifier: Apache-2.0 */
#include "report/formsheet.h"

#include <stdlib.h>

#include "lang/msg_form.h"
#include "lang/msg_report.h"
#include "lang/value.h"
#include "office/grid.h"

enum { COLS = 6, ROWS_DEFAULT = 30, CHECKS_MAX = GRID_CHECKS_MAX, MEMORY_MAX = 16 << 20 };

struct maker {
    const struct form *form;
    const struct formsheet_options *o;
    struct arena arena;
    /* the grid being made */
    struct grid_cell *cells;
    uint32_t cols, row;
    struct grid_check *checks;
    size_t check_count;
    int err;
};

static struct slice formsheet_keep(struct maker *m, struct slice s)
{
    struct slice r = arena_dup(&m->arena, s);

    if (r.p == NULL)
        m->err = -CE_TOO_BIG;
    return r;
}

static struct grid_cell *cell_at(struct maker *m, uint32_t row, uint32_t col)
{
    return &m->cells[(size_t)row * m->cols + col];
}

static void formsheet_write(struct maker *m, uint32_t col, enum grid_style style, struct slice text)
{
    *cell_at(m, m->row, col) = (struct grid_cell){.kind = GRID_TEXT, .style = style, .text = text};
}

static struct slice formsheet_describe(struct maker *m, msg_id id)
{
    return slice_str(lang_text(m->o->lang, id));
}

static enum grid_kind time_kind(enum field_shape shape)
{
    return shape == SHAPE_DATE ? GRID_DATE : shape == SHAPE_CLOCK ? GRID_TIME : GRID_DATETIME;
}

/* An answer as a value of the grid, so that Excel shows and checks it as what it is. */
static struct grid_cell answer_cell(struct maker *m, const struct answer *a)
{
    const struct form_field *f = &m->form->fields[a->field];
    struct buf text = BUF_INIT(8192);
    struct grid_cell c = {.kind = GRID_TEXT};

    if (a->kind == ANSWER_NUMBER && field_types[f->kind].shape != SHAPE_LIST) {
        c.kind = GRID_NUMBER;
        c.number = a->number;
    } else if (a->kind == ANSWER_TIME) {
        c.kind = time_kind(field_types[f->kind].shape);
        c.number = (double)a->time;
    } else {
        answer_write(&text, m->form, a, m->o->lang);
        c.text = formsheet_keep(m, buf_slice(&text));
        buf_done(&text);
    }
    return c;
}

static struct slice *choice_texts(struct maker *m, const struct form_field *f, size_t *count)
{
    const msg_id *own = field_types[f->kind].own;
    size_t n = own[0] ? CANH_LEN(field_types[0].own) : f->choice_count;
    struct slice *texts = arena_new_array(&m->arena, n + 1, struct slice);

    if (texts == NULL) {
        m->err = -CE_TOO_BIG;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        texts[i] =
            own[0] ? formsheet_describe(m, own[i]) : title_in(&f->choices[i].title, m->o->lang);
    if (f->nothing)
        texts[n++] = formsheet_describe(m, MSG_FORM_NOTHING);
    *count = n;
    return texts;
}

/* What Excel may check of answers of each shape. */
static const struct shape_check {
    bool there;
    enum grid_check_kind kind;
} checks[SHAPE_MAX] = {
    [SHAPE_LIST] = {true, GRID_CHECK_LIST},     [SHAPE_COUNT] = {true, GRID_CHECK_COUNT},
    [SHAPE_NUMBER] = {true, GRID_CHECK_NUMBER}, [SHAPE_DATE] = {true, GRID_CHECK_DATE},
    [SHAPE_CLOCK] = {true, GRID_CHECK_TIME},
};

/*
 * What Excel may check. A field that takes “không phát sinh” cannot be held to numbers there, since
 * that is text; canh checks it on the way back.
 */
static void add_check(struct maker *m, const struct form_field *f, uint32_t row, uint32_t col)
{
    struct grid_check c = {
        .row = row, .col = col, .min = 1, .max = 0, .prompt = title_in(&f->hint, m->o->lang)};
    const struct shape_check *check = &checks[field_types[f->kind].shape];
    bool list = check->kind == GRID_CHECK_LIST;

    if (!check->there || m->check_count >= CHECKS_MAX || (!list && f->nothing))
        return;
    if (list)
        c.choices = choice_texts(m, f, &c.choice_count);
    c.kind = check->kind;
    if (f->has_min && f->has_max) {
        c.min = f->min;
        c.max = f->max;
    }
    m->checks[m->check_count++] = c;
}

/* Unit, limits valid on the day, hint, whether it must be answered. */
static struct slice formsheet_remark(struct maker *m, const struct form_field *f)
{
    struct buf b = BUF_INIT(16384);
    struct slice s;

    if (f->required)
        buf_puts(&b, lang_text(m->o->lang, MSG_REPORT_FORM_REQUIRED));
    for (uint32_t i = 0; i < f->limit_count; i++) {
        const struct form_limit *l = &f->limits[i];

        if (m->o->day != INT64_MIN && (m->o->day < l->from || m->o->day >= l->until))
            continue;
        buf_puts(&b, b.len ? "; " : "");
        lang_write(&b, m->o->lang, MSG_REPORT_FORM_LIMIT,
                   SLICE_ARG(title_in(&l->title, m->o->lang)));
    }
    if (f->hint.vi.n > 0) {
        buf_puts(&b, b.len ? "; " : "");
        buf_append_slice(&b, title_in(&f->hint, m->o->lang));
    }
    s = formsheet_keep(m, buf_slice(&b));
    buf_done(&b);
    return s;
}

static void value_cell(struct maker *m, const struct form_field *f, uint32_t number, uint32_t row,
                       uint32_t col)
{
    const struct answer *last = m->o->last ? answers_find(m->o->last, f->index, number) : NULL;
    const struct answer *now = m->o->now ? answers_find(m->o->now, f->index, number) : NULL;
    struct grid_cell *c = cell_at(m, row, col);

    *c = (struct grid_cell){.kind = GRID_EMPTY};
    if (now)
        *c = answer_cell(m, now);
    else if (last && f->carry && !m->o->now)
        *c = answer_cell(m, last);
    c->style = GRID_INPUT;
    add_check(m, f, row, col);
}

static void field_row(struct maker *m, const struct form_field *f)
{
    const struct answer *last = m->o->last ? answers_find(m->o->last, f->index, 0) : NULL;
    struct grid_cell *c;

    formsheet_write(m, 0, GRID_HIDDEN, f->id);
    formsheet_write(m, 1, GRID_CELL, title_in(&f->title, m->o->lang));
    formsheet_write(m, 2, GRID_CELL, title_in(&f->unit, m->o->lang));
    value_cell(m, f, 0, m->row, 3);
    c = cell_at(m, m->row, 4);
    if (last)
        *c = answer_cell(m, last);
    c->style = GRID_CELL;
    formsheet_write(m, 5, GRID_CELL, formsheet_remark(m, f));
    m->row++;
}

static void key_row(struct maker *m, const char *key, struct slice title, struct grid_cell value)
{
    formsheet_write(m, 0, GRID_HIDDEN, slice_str(key));
    formsheet_write(m, 1, GRID_STRONG, title);
    formsheet_write(m, 2, GRID_CELL, SLICE(""));
    value.style = GRID_INPUT;
    *cell_at(m, m->row, 3) = value;
    m->row++;
}

static void head_rows(struct maker *m)
{
    struct grid_cell unit = {.kind = GRID_TEXT, .text = m->o->unit}, day = {0}, nothing = {0};
    struct buf edition = BUF_INIT(32);

    formsheet_write(m, 1, GRID_TITLE, title_in(&m->form->title, m->o->lang));
    m->row++;
    formsheet_write(m, 1, GRID_NOTE, formsheet_describe(m, MSG_REPORT_FORM_HOW));
    m->row++;
    formsheet_write(m, 1, GRID_NOTE, title_in(&m->form->note, m->o->lang));
    m->row++;
    buf_append_u64(&edition, m->form->edition);
    formsheet_write(m, 0, GRID_HIDDEN, SLICE(FORM_KEY_FORM));
    formsheet_write(m, 1, GRID_HIDDEN, m->form->id);
    formsheet_write(m, 2, GRID_HIDDEN, formsheet_keep(m, buf_slice(&edition)));
    buf_done(&edition);
    m->row++;
    if (m->o->sheet.n > 0) {
        formsheet_write(m, 0, GRID_HIDDEN, SLICE(FORM_KEY_SHEET));
        formsheet_write(m, 1, GRID_HIDDEN, m->o->sheet);
        formsheet_write(m, 2, GRID_HIDDEN, m->o->base);
        m->row++;
    }
    if (m->o->day != INT64_MIN)
        day = (struct grid_cell){.kind = GRID_DATE, .number = (double)m->o->day};
    key_row(m, FORM_KEY_UNIT, formsheet_describe(m, MSG_REPORT_FORM_UNIT), unit);
    key_row(m, FORM_KEY_DAY, formsheet_describe(m, MSG_REPORT_FORM_DAY), day);
    key_row(m, FORM_KEY_NOTHING, formsheet_describe(m, MSG_REPORT_FORM_NOTHING), nothing);
}

static void column_heads(struct maker *m)
{
    formsheet_write(m, 1, GRID_HEAD, formsheet_describe(m, MSG_REPORT_FORM_FIELD));
    formsheet_write(m, 2, GRID_HEAD, formsheet_describe(m, MSG_REPORT_FORM_MEASURE));
    formsheet_write(m, 3, GRID_HEAD, formsheet_describe(m, MSG_REPORT_FORM_VALUE));
    formsheet_write(m, 4, GRID_HEAD, formsheet_describe(m, MSG_REPORT_FORM_LAST));
    formsheet_write(m, 5, GRID_HEAD, formsheet_describe(m, MSG_REPORT_FORM_REMARK));
    m->row++;
}

static int start_grid(struct maker *m, uint32_t rows, uint32_t cols)
{
    m->cols = cols;
    m->row = 0;
    m->check_count = 0;
    m->cells = arena_array(&m->arena, (size_t)rows * cols, sizeof(*m->cells));
    m->checks = arena_array(&m->arena, CANH_MIN((size_t)rows * cols, (size_t)CHECKS_MAX),
                            sizeof(*m->checks));
    return m->cells && m->checks ? 0 : -CE_TOO_BIG;
}

static int first_sheet(struct maker *m, struct grid *ret)
{
    static const unsigned widths[COLS] = {2, 52, 12, 18, 18, 50};
    uint32_t rows = 12;

    for (uint32_t g = 0; g < m->form->group_count; g++)
        rows += m->form->groups[g].rows ? 0 : m->form->groups[g].count + 2;
    if (start_grid(m, rows, COLS) < 0)
        return -CE_TOO_BIG;
    head_rows(m);
    column_heads(m);
    for (uint32_t g = 0; g < m->form->group_count; g++) {
        const struct form_group *group = &m->form->groups[g];

        if (group->rows > 0)
            continue;
        formsheet_write(m, 1, GRID_STRONG, title_in(&group->title, m->o->lang));
        formsheet_write(m, 5, GRID_NOTE, title_in(&group->hint, m->o->lang));
        m->row++;
        for (uint32_t i = 0; i < group->count; i++)
            field_row(m, &m->form->fields[group->first + i]);
    }
    *ret = (struct grid){.name = formsheet_describe(m, MSG_REPORT_FORM_SHEET),
                         .rows = m->row,
                         .cols = COLS,
                         .cells = m->cells,
                         .widths = widths,
                         .protect = true,
                         .checks = m->checks,
                         .check_count = m->check_count};
    return m->err;
}

static void group_heads(struct maker *m, const struct form_group *g)
{
    formsheet_write(m, 0, GRID_HIDDEN, SLICE(FORM_KEY_GROUP));
    formsheet_write(m, 1, GRID_HIDDEN, g->id);
    m->row++;
    for (uint32_t i = 0; i < g->count; i++)
        formsheet_write(m, i + 1, GRID_HIDDEN, m->form->fields[g->first + i].id);
    m->row++;
    formsheet_write(m, 0, GRID_HIDDEN, SLICE("canh-head"));
    for (uint32_t i = 0; i < g->count; i++) {
        const struct form_field *f = &m->form->fields[g->first + i];
        struct buf b = BUF_INIT(4096);

        buf_append_slice(&b, title_in(&f->title, m->o->lang));
        if (f->unit.vi.n > 0)
            buf_printf(&b, " (" SLICE_FMT ")", SLICE_ARG(title_in(&f->unit, m->o->lang)));
        buf_puts(&b, f->required ? " *" : "");
        formsheet_write(m, i + 1, GRID_HEAD, formsheet_keep(m, buf_slice(&b)));
        buf_done(&b);
    }
    m->row++;
}

static int group_sheet(struct maker *m, const struct form_group *g, struct grid *ret)
{
    uint32_t rows = CANH_MIN(m->o->rows ? m->o->rows : (uint32_t)ROWS_DEFAULT, g->rows);
    unsigned *widths = arena_new_array(&m->arena, g->count + 1, unsigned);

    if (widths == NULL || start_grid(m, rows + 4, g->count + 1) < 0)
        return -CE_TOO_BIG;
    formsheet_write(m, 1, GRID_TITLE, title_in(&g->title, m->o->lang));
    m->row++;
    group_heads(m, g);
    for (uint32_t r = 1; r <= rows; r++, m->row++) {
        for (uint32_t i = 0; i < g->count; i++)
            value_cell(m, &m->form->fields[g->first + i], r, m->row, i + 1);
    }
    widths[0] = 2;
    for (uint32_t i = 0; i < g->count; i++) {
        enum field_kind kind = m->form->fields[g->first + i].kind;

        widths[i + 1] = field_types[kind].shape == SHAPE_TEXT ? 30 : 16;
    }
    *ret = (struct grid){.name = title_in(&g->title, m->o->lang),
                         .rows = m->row,
                         .cols = g->count + 1,
                         .cells = m->cells,
                         .widths = widths,
                         .freeze_rows = 4,
                         .landscape = true,
                         .protect = true,
                         .checks = m->checks,
                         .check_count = m->check_count};
    return m->err;
}

int formsheet(const struct form *f, const struct formsheet_options *o, struct buf *out,
              struct err *err)
{
    struct maker m = {.form = f, .o = o, .arena = ARENA_INIT(MEMORY_MAX)};
    struct grid *grids = arena_new_array(&m.arena, f->group_count + 1, struct grid);
    size_t count = 1;
    int r = grids ? first_sheet(&m, &grids[0]) : -CE_NOMEM;

    for (uint32_t g = 0; g < f->group_count && r == 0; g++) {
        if (f->groups[g].rows > 0)
            r = group_sheet(&m, &f->groups[g], &grids[count++]);
    }
    if (r == 0)
        r = sheet_xlsx(grids, count, title_in(&f->title, o->lang), o->created, out, err);
    else
        r = err_code(err, r);
    arena_done(&m.arena);
    return r;
}
