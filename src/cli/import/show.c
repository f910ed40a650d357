/* SPDX-License-Identifier: Apache-2.0 */
/* What an import did or would do. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/width.h"
#include "cli/import/import.h"
#include "lang/msg_lists.h"
#include "lang/value.h"
#include "view/json.h"

enum { ROWS_SHOWN = 200 };

static const char change_signs[IMPORT_CHANGE_MAX] = {'+', '~', ' ', '!'};

/* “ (93 ô; còn ở dòng 5, 6, 7 …)” where a fault is in more than one cell. */
static void write_places(struct buf *line, enum lang lang, const struct import_note *n)
{
    if (n->count < 2)
        return;
    if (n->col)
        lang_write(line, lang, MSG_LISTS_CELLS, n->count);
    else
        lang_write(line, lang, MSG_LISTS_ROWS, n->count);
    for (unsigned i = 0; i < n->row_count; i++) {
        buf_puts(line, i ? ", " : lang_text(lang, MSG_LISTS_ALSO));
        buf_printf(line, "%u", n->rows[i]);
    }
    buf_puts(line, n->more_rows ? " …)" : ")");
}

/* trang “Đơn vị”, dòng 12, cột C “Loại”: không có loại đơn vị “lạ” */
static void describe_note(struct app *app, const struct list_file *f, const struct import_note *n)
{
    struct buf *line = app_line(app);

    buf_puts(line, f->path);
    if (f->sheet->name.n || n->row)
        buf_puts(line, ": ");
    workbook_place(line, app->lang, f->sheet->name, n->row, n->col);
    if (n->heading.n)
        lang_write(line, app->lang, MSG_LISTS_HEADING, (int)CANH_MIN(n->heading.n, 60u),
                   (const char *)n->heading.p);
    buf_puts(line, ": ");
    if (n->warning)
        buf_puts(line, lang_text(app->lang, MSG_LISTS_WARNING));
    buf_append_slice(line, n->text);
    write_places(line, app->lang, n);
    app_print_line(app);
}

static void show_rows(struct app *app, const struct import_report *rep)
{
    struct buf *out = &app->out.buf;
    size_t shown = 0;

    for (size_t i = 0; i < rep->row_count; i++) {
        const struct import_row *row = &rep->rows[i];

        if (row->change == IMPORT_SAME || row->change == IMPORT_FAILED)
            continue;
        if (++shown > ROWS_SHOWN)
            continue;
        buf_printf(out, "  %c ", change_signs[row->change]);
        workbook_place(out, app->lang, SLICE_NULL, row->number, 0);
        buf_puts(out, "\t");
        text_write_safe(out, row->what);
        buf_putc(out, '\n');
        (void)out_settle(&app->out);
    }
    if (shown > ROWS_SHOWN)
        lang_write(out, app->lang, MSG_LISTS_MORE, shown - ROWS_SHOWN);
}

static void show_sums(struct app *app, const struct list_file *f, const struct import_report *rep)
{
    struct buf *out = &app->out.buf;

    text_write_safe(out, slice_str(f->path));
    if (f->sheet->name.n) {
        buf_puts(out, ", ");
        workbook_place(out, app->lang, f->sheet->name, 0, 0);
    }
    lang_write(out, app->lang, MSG_LISTS_SUMS, rep->counts[IMPORT_ADDED],
               rep->counts[IMPORT_CHANGED], rep->counts[IMPORT_SAME], rep->counts[IMPORT_FAILED]);
    if (rep->counts[IMPORT_FAILED])
        buf_puts(out, lang_text(app->lang, MSG_LISTS_REFUSED));
    else if (rep->counts[IMPORT_ADDED] + rep->counts[IMPORT_CHANGED] == 0)
        buf_puts(out, lang_text(app->lang, MSG_LISTS_NOTHING));
    else if (rep->applied)
        buf_puts(out, lang_text(app->lang, MSG_LISTS_WRITTEN));
    else
        buf_puts(out, lang_text(app->lang, MSG_LISTS_PREVIEW));
}

void list_show(struct app *app, const struct list_file *f, const struct import_report *rep,
               bool json)
{
    if (json) {
        view_json_imported(&app->out.buf, slice_str(f->path), f->sheet->name, rep);
        return;
    }
    if (!rep->applied)
        show_rows(app, rep);
    (void)out_flush(&app->out);
    for (size_t i = 0; i < rep->note_count; i++)
        describe_note(app, f, &rep->notes[i]);
    if (rep->note_count == IMPORT_NOTES_MAX)
        app_print(app, MSG_LISTS_MORE_NOTES, (unsigned)IMPORT_NOTES_MAX);
    show_sums(app, f, rep);
}

/* “c” (có) or “y” (yes), whatever the language. */
bool list_agreed(struct app *app, const struct list_file *f, const struct import_report *rep)
{
    char answer[16] = "";

    if (rep->counts[IMPORT_FAILED] || rep->counts[IMPORT_ADDED] + rep->counts[IMPORT_CHANGED] == 0)
        return false;
    if (!app->out_tty || !app->err_tty || !isatty(STDIN_FILENO) || strcmp(f->path, "-") == 0)
        return false;
    buf_puts(&app->out.buf, lang_text(app->lang, MSG_LISTS_ASK));
    if (!out_flush(&app->out) || fgets(answer, sizeof(answer), stdin) == NULL)
        return false;
    return strchr("cCyY", answer[0]) != NULL && answer[0] != 0;
}
