/* SPDX-License-Identifier: Apache-2.0 */
#include "office/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/file.h"
#include "lang/err_office.h"
#include "office/celltext.h"

enum {
    CELL_CHARS = 32767,
    NAME_CHARS = 28,
    EPOCH = 25569,
    TEXT_MAX = 1 << 20,
    COPY = 64 * 1024,
    PARTS_MAX = 99
};

struct rows_writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *head, *plain, *wrapped, *times;
    struct rows_column columns[ROWS_COLUMNS_MAX];
    uint32_t count;
    struct buf name, text;
    uint32_t row;  /* the next one */
    unsigned part; /* of the sheet, from 1 */
    int fd;
};

static int rows_failed(struct err *err)
{
    return err_fail(err, CE_IO, ERR_OFFICE_WORKBOOK_COULD_NOT_WRITTEN);
}

static lxw_format *new_format(struct rows_writer *w)
{
    lxw_format *f = workbook_add_format(w->book);

    if (f)
        format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static bool make_formats(struct rows_writer *w)
{
    w->head = new_format(w);
    w->plain = new_format(w);
    w->wrapped = new_format(w);
    w->times = new_format(w);
    if (!w->head || !w->plain || !w->wrapped || !w->times)
        return false;
    format_set_bold(w->head);
    format_set_bg_color(w->head, 0xD9D9D9);
    format_set_text_wrap(w->wrapped);
    format_set_num_format(w->times, "dd/mm/yyyy hh:mm:ss");
    return true;
}

int rows_open(struct rows_writer **ret, struct slice title, int64_t created, struct err *err)
{
    struct rows_writer *w = calloc(1, sizeof(*w));
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = getenv("TMPDIR")};
    lxw_doc_properties properties = {.created = (time_t)created};
    char path[64];
    int r;

    *ret = NULL;
    if (w == NULL)
        return err_nomem(err);
    w->fd = -1;
    w->name = w->text = BUF_INIT(TEXT_MAX);
    r = file_temporary(&w->fd, err);
    if (r == 0) {
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
        w->book = workbook_new_opt(path, &options);
        if (w->book == NULL || !make_formats(w))
            r = err_nomem(err);
    }
    if (r < 0) {
        (void)!rows_close(w, -1, NULL);
        return r;
    }
    properties.title = celltext_make(&w->text, title, NAME_CHARS);
    (void)workbook_set_properties(w->book, &properties);
    *ret = w;
    return 0;
}

/* A name that no sheet has and Excel takes: the caller's, from the second on with a number. */
static bool next_name(struct rows_writer *w, char *name, size_t max)
{
    do {
        w->part++;
        (void)snprintf(name, max, "%s", celltext_make(&w->text, buf_slice(&w->name), NAME_CHARS));
        for (char *p = name; *p; p++)
            *p = strchr("[]:*?/\\'", *p) ? ' ' : *p;
        if (w->part > 1)
            (void)snprintf(name + strlen(name), max - strlen(name), " %u", w->part);
    } while (workbook_get_worksheet_by_name(w->book, name) && w->part < PARTS_MAX);
    return w->part < PARTS_MAX;
}

static int begin_part(struct rows_writer *w, struct err *err)
{
    char name[256];

    w->sheet = next_name(w, name, sizeof(name)) ? workbook_add_worksheet(w->book, name) : NULL;
    if (w->sheet == NULL)
        return rows_failed(err);
    for (uint32_t i = 0; i < w->count; i++) {
        lxw_col_t col = (lxw_col_t)i;

        if (worksheet_set_column(w->sheet, col, col, w->columns[i].width, NULL) != LXW_NO_ERROR ||
            worksheet_write_string(w->sheet, 0, col,
                                   celltext_make(&w->text, w->columns[i].heading, CELL_CHARS),
                                   w->head) != LXW_NO_ERROR)
            return rows_failed(err);
    }
    worksheet_set_paper(w->sheet, 9); /* A4 */
    worksheet_set_landscape(w->sheet);
    worksheet_fit_to_pages(w->sheet, 1, 0);
    worksheet_freeze_panes(w->sheet, 1, 0);
    worksheet_repeat_rows(w->sheet, 0, 0);
    w->row = 1;
    return 0;
}

int rows_sheet(struct rows_writer *w, struct slice name, const struct rows_column *columns,
               uint32_t count, struct err *err)
{
    buf_clear(&w->name);
    buf_append_slice(&w->name, name);
    w->count = CANH_MIN(count, (uint32_t)ROWS_COLUMNS_MAX);
    memcpy(w->columns, columns, w->count * sizeof(*columns));
    w->part = 0;
    return begin_part(w, err);
}

static bool write_cell(struct rows_writer *w, lxw_col_t col, const struct grid_cell *c)
{
    lxw_error e = LXW_NO_ERROR;

    if (c->kind == GRID_NUMBER)
        e = worksheet_write_number(w->sheet, w->row, col, c->number, w->plain);
    else if (c->kind == GRID_DATETIME)
        e = worksheet_write_number(w->sheet, w->row, col, c->number / 1440 + EPOCH, w->times);
    else if (c->kind == GRID_TEXT && c->text.n)
        e = worksheet_write_string(w->sheet, w->row, col,
                                   celltext_make(&w->text, c->text, CELL_CHARS),
                                   w->columns[col].width > 40 ? w->wrapped : w->plain);
    return e == LXW_NO_ERROR;
}

int rows_write(struct rows_writer *w, const struct grid_cell *cells, struct err *err)
{
    if (w->row > ROWS_SHEET_MAX) {
        int r = begin_part(w, err);

        if (r < 0)
            return r;
    }
    for (uint32_t i = 0; i < w->count; i++) {
        if (!write_cell(w, (lxw_col_t)i, &cells[i]))
            return rows_failed(err);
    }
    w->row++;
    return 0;
}

static int rows_copy(int from, int to, struct err *err)
{
    uint8_t bytes[COPY];
    off_t at = 0;

    for (;;) {
        ssize_t n = pread(from, bytes, sizeof(bytes), at);
        int r;

        if (n <= 0)
            return n == 0 ? 0 : err_fail_sys(err, errno, ERR_BASE_FILE, "$TMPDIR");
        r = file_write_fd(to, "xlsx", slice_of(bytes, (size_t)n), err);
        if (r < 0)
            return r;
        at += n;
    }
}

int rows_close(struct rows_writer *w, int fd, struct err *err)
{
    int r = 0;

    if (w == NULL)
        return 0;
    if (w->book && workbook_close(w->book) != LXW_NO_ERROR && fd >= 0)
        r = rows_failed(err);
    if (r == 0 && fd >= 0)
        r = rows_copy(w->fd, fd, err);
    fd_closep(&w->fd);
    buf_done(&w->name);
    buf_done(&w->text);
    free(w);
    return r;
}
