/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "office/grid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "base/utf.h"
#include "lang/err_office.h"
#include "office/celltext.h"

enum {
    CELL_CHARS_MAX = 32767, /* Excel's limits */
    NAME_CHARS_MAX = 31,
    LIST_CHARS_MAX = 255,
    PROMPT_CHARS_MAX = 255,
    EPOCH_1900 = 25569,
    WIDTH_MIN = 6,
    WIDTH_MAX = 60
};

enum { NUMBER_PLAIN, NUMBER_DATE, NUMBER_TIME, NUMBER_DATETIME, NUMBER_MAX };
static const char *const number_formats[NUMBER_MAX] = {"@", "dd/mm/yyyy", "hh:mm",
                                                       "dd/mm/yyyy hh:mm"};

struct writer {
    lxw_workbook *book;
    lxw_worksheet *sheet, *lists; /* lists: choices too long for a cell's own list */
    uint32_t list_cols;
    lxw_format *formats[GRID_STYLE_MAX][NUMBER_MAX + 1]; /* + 1: numbers as they come */
    struct buf text;
    struct err *err;
};

static void grid_border(lxw_format *f)
{
    format_set_border(f, LXW_BORDER_THIN);
    format_set_text_wrap(f);
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
}

static void grid_shape(lxw_format *f, enum grid_style style)
{
    format_set_font_name(f, "Times New Roman");
    format_set_font_size(f, 12);
    switch (style) {
    case GRID_TITLE:
        format_set_bold(f);
        format_set_font_size(f, 14);
        break;
    case GRID_NOTE:
        format_set_font_size(f, 10);
        format_set_font_color(f, 0x606060);
        break;
    case GRID_HEAD:
        grid_border(f);
        format_set_bold(f);
        format_set_bg_color(f, 0xD9D9D9);
        format_set_align(f, LXW_ALIGN_CENTER);
        break;
    case GRID_STRONG:
        format_set_bold(f);
        grid_border(f);
        break;
    case GRID_CELL:
        grid_border(f);
        break;
    case GRID_INPUT:
        grid_border(f);
        format_set_bg_color(f, 0xFFFBE6);
        format_set_unlocked(f);
        break;
    case GRID_HIDDEN:
        format_set_font_color(f, LXW_COLOR_WHITE);
        break;
    case GRID_PLAIN:
    case GRID_STYLE_MAX:
        break;
    }
}

static lxw_format *format_of(struct writer *w, const struct grid_cell *c)
{
    int number = c->kind == GRID_DATE       ? NUMBER_DATE
                 : c->kind == GRID_TIME     ? NUMBER_TIME
                 : c->kind == GRID_DATETIME ? NUMBER_DATETIME
                 : c->kind == GRID_NUMBER   ? NUMBER_MAX
                 : c->style == GRID_INPUT   ? NUMBER_MAX
                                            : NUMBER_PLAIN;
    lxw_format **f = &w->formats[c->style][number];

    if (*f == NULL) {
        *f = workbook_add_format(w->book);
        grid_shape(*f, c->style);
        if (number != NUMBER_MAX)
            format_set_num_format(*f, number_formats[number]);
    }
    return *f;
}

static double excel_number(const struct grid_cell *c)
{
    switch (c->kind) {
    case GRID_DATE:
        return c->number + EPOCH_1900;
    case GRID_TIME:
        return c->number / 1440;
    case GRID_DATETIME:
        return c->number / 1440 + EPOCH_1900;
    case GRID_EMPTY:
    case GRID_TEXT:
    case GRID_NUMBER:
        break;
    }
    return c->number;
}

static bool write_cell(struct writer *w, uint32_t row, uint32_t col, const struct grid_cell *c)
{
    lxw_format *f = format_of(w, c);
    lxw_col_t x = (lxw_col_t)col;

    if (c->kind == GRID_EMPTY || (c->kind == GRID_TEXT && c->text.n == 0))
        return worksheet_write_blank(w->sheet, row, x, f) == LXW_NO_ERROR;
    if (c->kind != GRID_TEXT)
        return worksheet_write_number(w->sheet, row, x, excel_number(c), f) == LXW_NO_ERROR;
    return worksheet_write_string(w->sheet, row, x,
                                  celltext_make(&w->text, c->text, CELL_CHARS_MAX),
                                  f) == LXW_NO_ERROR;
}

/* Excel takes 31 characters without []:*?/\ and no apostrophe at an end. */
static char *sheet_name(struct writer *w, struct slice name, size_t index)
{
    char *s = celltext_make(&w->text, name, NAME_CHARS_MAX);
    char number[32];

    if (*s == 0) {
        (void)snprintf(number, sizeof(number), "Trang %zu", index + 1);
        return celltext_make(&w->text, slice_str(number), NAME_CHARS_MAX);
    }
    for (char *p = s; *p; p++) {
        if (strchr("[]:*?/\\", *p) != NULL || (*p == '\'' && (p == s || p[1] == 0)) ||
            (uint8_t)*p < 0x20)
            *p = ' ';
    }
    return s;
}

static void set_widths(struct writer *w, const struct grid *g)
{
    for (uint32_t col = 0; col < g->cols; col++) {
        size_t most = WIDTH_MIN;

        for (uint32_t row = 0; row < g->rows && g->widths == NULL; row++) {
            const struct grid_cell *c = &g->cells[(size_t)row * g->cols + col];
            size_t n = c->kind == GRID_TEXT       ? utf8_count(c->text) + 1
                       : c->kind == GRID_NUMBER   ? 10
                       : c->kind == GRID_EMPTY    ? 0
                       : c->kind == GRID_DATETIME ? 17
                                                  : 11;

            if (c->style != GRID_TITLE && c->style != GRID_NOTE)
                most = CANH_MAX(most, n);
        }
        if (g->widths != NULL)
            most = g->widths[col];
        worksheet_set_column(w->sheet, (lxw_col_t)col, (lxw_col_t)col,
                             (double)CANH_MIN(most, (size_t)WIDTH_MAX), NULL);
    }
}

/* Choices too long for a cell's own list stand in a hidden sheet. */
static bool list_by_sheet(struct writer *w, const struct grid_check *c, lxw_data_validation *v,
                          char formula[64])
{
    char letters[8] = "";
    uint32_t col = w->list_cols++;

    if (w->lists == NULL) {
        w->lists = workbook_add_worksheet(w->book, "canh_lists");
        if (w->lists == NULL)
            return false;
        worksheet_hide(w->lists);
    }
    for (size_t i = 0; i < c->choice_count; i++) {
        if (worksheet_write_string(w->lists, (lxw_row_t)i, (lxw_col_t)col,
                                   celltext_make(&w->text, c->choices[i], LIST_CHARS_MAX),
                                   NULL) != LXW_NO_ERROR)
            return false;
    }
    lxw_col_to_name(letters, (lxw_col_t)col, 1);
    (void)snprintf(formula, 64, "=canh_lists!%s$1:%s$%zu", letters, letters, c->choice_count);
    /* list_formulas() makes a list of it in the end */
    v->validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
    v->value_formula = formula;
    return true;
}

struct list {
    char **texts; /* NULL at the end */
    char formula[64];
};

static void free_list(struct list *l)
{
    for (size_t i = 0; l->texts != NULL && l->texts[i] != NULL; i++)
        free(l->texts[i]);
    free(l->texts);
}

static bool list_check(struct writer *w, const struct grid_check *c, lxw_data_validation *v,
                       struct list *l)
{
    size_t chars = 0;
    bool comma = false;

    for (size_t i = 0; i < c->choice_count; i++) {
        chars += utf8_count(c->choices[i]) + 1;
        comma = comma || slice_find_byte(c->choices[i], ',') != SIZE_MAX;
    }
    if (chars > LIST_CHARS_MAX || comma || c->choice_count == 0)
        return list_by_sheet(w, c, v, l->formula);
    l->texts = calloc(c->choice_count + 1, sizeof(*l->texts));
    if (l->texts == NULL)
        return false;
    for (size_t i = 0; i < c->choice_count; i++) {
        l->texts[i] = strndup((const char *)c->choices[i].p, c->choices[i].n);
        if (l->texts[i] == NULL)
            return false;
    }
    v->validate = LXW_VALIDATION_TYPE_LIST;
    v->value_list = l->texts;
    return true;
}

static void number_check(const struct grid_check *c, lxw_data_validation *v)
{
    bool limits = c->min <= c->max;

    v->validate = c->kind == GRID_CHECK_COUNT  ? LXW_VALIDATION_TYPE_INTEGER
                  : c->kind == GRID_CHECK_DATE ? LXW_VALIDATION_TYPE_DATE_NUMBER
                  : c->kind == GRID_CHECK_TIME ? LXW_VALIDATION_TYPE_TIME_NUMBER
                                               : LXW_VALIDATION_TYPE_DECIMAL;
    v->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    if (c->kind == GRID_CHECK_DATE) {
        v->minimum_number = 36526; /* 2000-01-01 */
        v->maximum_number = 73050; /* 2099-12-31 */
    } else if (c->kind == GRID_CHECK_TIME) {
        v->minimum_number = 0;
        v->maximum_number = 1;
    } else {
        v->minimum_number = limits ? c->min : c->kind == GRID_CHECK_COUNT ? 0 : -1e12;
        v->maximum_number = limits ? c->max : 1e12;
        if (c->kind == GRID_CHECK_COUNT && v->maximum_number > INT32_MAX)
            v->maximum_number = INT32_MAX;
    }
}

static bool write_check(struct writer *w, const struct grid_check *c)
{
    lxw_data_validation v = {.ignore_blank = LXW_VALIDATION_ON,
                             .dropdown = LXW_VALIDATION_ON,
                             .show_input = LXW_VALIDATION_ON,
                             .show_error = LXW_VALIDATION_ON};
    struct list list = {0};
    char *prompt = NULL, *refusal = NULL;
    bool good = true;

    if (c->kind == GRID_CHECK_LIST)
        good = list_check(w, c, &v, &list);
    else
        number_check(c, &v);
    if (c->prompt.n > 0)
        v.input_message = prompt = strdup(celltext_make(&w->text, c->prompt, PROMPT_CHARS_MAX));
    if (c->refusal.n > 0)
        v.error_message = refusal = strdup(celltext_make(&w->text, c->refusal, PROMPT_CHARS_MAX));
    if (good)
        good =
            worksheet_data_validation_cell(w->sheet, c->row, (lxw_col_t)c->col, &v) == LXW_NO_ERROR;
    free(prompt);
    free(refusal);
    free_list(&list);
    return good;
}

/*
 * libxlsxwriter 1.1.4 copies the formula of a LIST_FORMULA twice and frees it once, so such checks
 * are added as CUSTOM_FORMULA, which canh uses for nothing else, and get their kind here.
 */
static void list_formulas(struct writer *w)
{
    struct lxw_data_val_obj *check;

    STAILQ_FOREACH(check, w->sheet->data_validations, list_pointers)
    {
        if (check->validate == LXW_VALIDATION_TYPE_CUSTOM_FORMULA)
            check->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    }
}

static bool write_span(struct writer *w, const struct grid *g, const struct grid_span *s)
{
    const struct grid_cell *c = &g->cells[(size_t)s->row1 * g->cols + s->col1];
    lxw_format *f = format_of(w, c);

    if (s->row2 >= g->rows || s->col2 >= g->cols || s->row2 < s->row1 || s->col2 < s->col1)
        return false;
    if (s->row1 == s->row2 && s->col1 == s->col2)
        return true;
    return worksheet_merge_range(w->sheet, s->row1, (lxw_col_t)s->col1, s->row2, (lxw_col_t)s->col2,
                                 "", f) == LXW_NO_ERROR &&
           write_cell(w, s->row1, s->col1, c);
}

static void set_page(struct writer *w, const struct grid *g)
{
    worksheet_set_paper(w->sheet, 9); /* A4 */
    worksheet_set_margins(w->sheet, 0.8, 0.6, 0.8, 0.8);
    worksheet_fit_to_pages(w->sheet, 1, 0);
    if (g->landscape)
        worksheet_set_landscape(w->sheet);
    if (g->freeze_rows > 0) {
        worksheet_freeze_panes(w->sheet, g->freeze_rows, 0);
        worksheet_repeat_rows(w->sheet, 0, g->freeze_rows - 1);
    }
    if (g->protect)
        worksheet_protect(w->sheet, NULL, NULL);
}

static bool write_grid(struct writer *w, const struct grid *g, size_t index)
{
    bool good;

    w->sheet = workbook_add_worksheet(w->book, sheet_name(w, g->name, index));
    good = w->sheet != NULL;
    if (good)
        set_widths(w, g);
    for (uint32_t row = 0; good && row < g->rows; row++) {
        for (uint32_t col = 0; good && col < g->cols; col++) {
            const struct grid_cell *c = &g->cells[(size_t)row * g->cols + col];

            if (c->kind != GRID_EMPTY || c->style != GRID_PLAIN)
                good = write_cell(w, row, col, c);
        }
    }
    for (size_t i = 0; good && i < g->span_count; i++)
        good = write_span(w, g, &g->spans[i]);
    for (size_t i = 0; good && i < g->check_count; i++)
        good = write_check(w, &g->checks[i]);
    if (good) {
        list_formulas(w);
        set_page(w, g);
    }
    return good && w->text.err == 0;
}

static int check_grids(const struct grid *grids, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (grids[i].rows > GRID_ROWS_MAX || grids[i].cols > GRID_COLS_MAX ||
            grids[i].check_count > GRID_CHECKS_MAX)
            return err_fail(err, CE_TOO_BIG, ERR_OFFICE_MORE_ROWS_COLUMNS_OR_CHECKS);
    }
    return count > 0 ? 0 : err_fail(err, CE_BUG, ERR_OFFICE_WORKBOOK_WITHOUT_SHEETS);
}

/* libxlsxwriter writes to a name only: that of a file in memory. */
static int write_book(struct writer *w, const struct grid *grids, size_t count, struct slice title,
                      int64_t created, const char *path)
{
    lxw_doc_properties properties = {.created = (time_t)created};
    bool good = true;

    w->book = workbook_new(path);
    if (w->book == NULL)
        return err_nomem(w->err);
    properties.title = celltext_make(&w->text, title, LIST_CHARS_MAX);
    (void)workbook_set_properties(w->book, &properties);
    for (size_t i = 0; good && i < count; i++)
        good = write_grid(w, &grids[i], i);
    if (workbook_close(w->book) != LXW_NO_ERROR || !good)
        return err_fail(w->err, CE_IO, ERR_OFFICE_WORKBOOK_COULD_NOT_WRITTEN);
    return 0;
}

int sheet_xlsx(const struct grid *grids, size_t count, struct slice title, int64_t created,
               struct buf *out, struct err *err)
{
    CANH_CLEANUP(fd_closep) int fd = memfd_create("canh.xlsx", MFD_CLOEXEC);
    struct writer w = {.text = BUF_INIT(1 << 20), .err = err};
    char path[64];
    int r = check_grids(grids, count, err);

    if (r < 0)
        return r;
    if (fd < 0)
        return err_fail_sys(err, errno, ERR_OFFICE_MEMORY_FILE);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    r = write_book(&w, grids, count, title, created, path);
    if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
        r = err_fail_sys(err, errno, ERR_OFFICE_MEMORY_FILE);
    if (r == 0)
        r = file_read_fd(fd, "memory file", out, err);
    buf_done(&w.text);
    return r;
}
