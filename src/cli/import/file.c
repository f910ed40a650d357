/* SPDX-License-Identifier: Apache-2.0 */
/* The spreadsheets of canh import: reading one, and the empty ones to fill in. */
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "calendar/ical.h"
#include "cli/import/import.h"
#include "lang/collate.h"
#include "lang/msg_cli.h"
#include "lang/msg_lists.h"
#include "office/grid.h"
#include "office/sandboxed.h"
#include "proof/plan_store.h"
#include "state/assets.h"

enum { TEMPLATE_ROWS = 200, TEMPLATE_MAX = 16 << 20 };

static const char *const kind_names[IMPORT_KIND_MAX] = {"units", "people", "assets", "roster"};

/* The first sheet with the list's heading, past a cover; others that have it, too, are named, since
 * only one is read. Without any the first in use, whose error says what is missing. */
static const struct sheet *find_list(struct app *app, const struct workbook *t,
                                     enum import_kind kind, const char *path)
{
    const struct sheet *found = NULL;
    struct buf others = BUF_INIT(4096);

    for (uint32_t i = 0; i < t->sheet_count; i++) {
        const struct sheet *s = &t->sheets[i];

        if (s->hidden || s->row_count == 0 || !import_fits(kind, s))
            continue;
        if (found)
            buf_printf(&others, "%s“" SLICE_FMT "”", others.len ? ", " : "", SLICE_ARG(s->name));
        found = found ? found : s;
    }
    if (others.len > 0)
        app_print(app, MSG_LISTS_OTHER_SHEETS, path, SLICE_ARG(found->name), buf_cstr(&others));
    buf_done(&others);
    return found ? found : workbook_first(t);
}

static int pick_sheet(struct app *app, const struct workbook *t, enum import_kind kind,
                      const char *name, struct list_file *f)
{
    f->sheet = name ? workbook_sheet(t, slice_str(name)) : find_list(app, t, kind, f->path);
    if (f->sheet != NULL)
        return 0;
    if (name == NULL) {
        app_print(app, MSG_LISTS_EMPTY, f->path);
        return EX_DATAERR;
    }
    lang_write(app_line(app), app->lang, MSG_LISTS_NO_SHEET, f->path, name);
    for (uint32_t i = 0; i < t->sheet_count; i++)
        buf_printf(&app->line, "%s“" SLICE_FMT "”", i ? ", " : "", SLICE_ARG(t->sheets[i].name));
    app_print_line(app);
    return EX_DATAERR;
}

int list_open(struct app *app, const char *path, const char *sheet, enum import_kind kind,
              struct list_file *ret)
{
    static const struct sheet none = {.rows = NULL};
    struct workbook_limits limits = workbook_default_limits;
    struct err err = ERR_INIT;
    struct slice bytes;
    struct workbook *t;
    int status;

    *ret = (struct list_file){.arena = ARENA_INIT(WORKBOOK_ARENA_MAX), .path = path};
    status = session_read(app, &ret->arena, path, &bytes);
    if (status != 0)
        return status;
    if (kind == IMPORT_ROSTER && ical_is(bytes)) {
        ret->sheet = &none;
        ret->calendar = bytes;
        return 0;
    }
    if (sandboxed_workbook(&ret->arena, bytes, &limits, session_degrades(), &t, &err) < 0)
        return app_fail(app, path, &err);
    return pick_sheet(app, t, kind, sheet, ret);
}

void list_close(struct list_file *f)
{
    arena_done(&f->arena);
}

int list_words(struct app *app, enum word_list list, struct arena *arena, struct import_word **ret,
               size_t *ret_n)
{
    const struct catalogue *c;
    struct err err = ERR_INIT;
    struct import_word *words;
    size_t n;

    if (catalogue_parse(arena, proof_data("catalogue.yaml"), &c, &err) < 0)
        return app_fail(app, "catalogue.yaml", &err);
    n = c->count[list];
    words = arena_new_array(arena, n + 1, struct import_word);
    if (words == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (size_t i = 0; i < n; i++) {
        const struct word *w = &c->words[list][i];

        words[i] = (struct import_word){w->id, w->title.vi, w->title.en, w->also};
    }
    *ret = words;
    *ret_n = n;
    return 0;
}

int list_shifts(struct app *app, const struct option_list *given, struct arena *arena,
                struct import_options *to)
{
    struct roster_shift *shifts = arena_array(arena, given->count + 1, sizeof(*shifts));

    if (shifts == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (uint32_t i = 0; i < given->count; i++) {
        struct slice s = slice_str(given->items[i]);
        size_t at = slice_find_byte(s, '=');

        if (at == SIZE_MAX || !words_shift_time(slice_from(s, at + 1), &shifts[i].time, NULL))
            return app_usage(app, MSG_LISTS_BAD_SHIFT, given->items[i]);
        shifts[i].label = slice_trim(slice_head(s, at));
    }
    to->shifts = shifts;
    to->shift_count = given->count;
    return 0;
}

int list_columns(struct app *app, const struct option_list *given, struct arena *arena,
                 struct import_options *to)
{
    struct roster_column_post *columns = arena_array(arena, given->count + 1, sizeof(*columns));

    if (columns == NULL) {
        app_print(app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (uint32_t i = 0; i < given->count; i++) {
        struct slice s = slice_str(given->items[i]);
        size_t at = slice_find_byte(s, '=');

        if (at == SIZE_MAX || at == 0 || at + 1 == s.n)
            return app_usage(app, MSG_LISTS_BAD_COLUMN, given->items[i]);
        columns[i].heading = slice_trim(slice_head(s, at));
        columns[i].post = slice_trim(slice_from(s, at + 1));
    }
    to->columns = columns;
    to->column_count = given->count;
    return 0;
}

struct maker {
    struct app *app;
    struct arena arena;
    struct import_column columns[IMPORT_COLUMNS_MAX];
    size_t count;
    struct buf words; /* what %s of a hint stands for */
};

static struct slice text_of(struct maker *m, msg_id id)
{
    return slice_str(lang_text(m->app->lang, id));
}

/* Titles of the words that a column takes, apart by semicolons. */
static int fill_words(struct maker *m, enum import_kind kind)
{
    struct import_word *kinds = NULL;
    const struct catalogue *c;
    struct err err = ERR_INIT;
    size_t n = 0;

    if (kind == IMPORT_UNITS) {
        int status = list_words(m->app, WORDS_UNIT_KINDS, &m->arena, &kinds, &n);

        for (size_t i = 0; status == 0 && i < n; i++) {
            buf_puts(&m->words, i ? "; " : "");
            buf_append_slice(&m->words, m->app->lang == LANG_VI ? kinds[i].vi : kinds[i].en);
        }
        return status;
    }
    if (catalogue_parse(&m->arena, proof_data("catalogue.yaml"), &c, &err) < 0)
        return app_fail(m->app, "catalogue.yaml", &err);
    for (size_t i = 0; i < c->count[WORDS_ASSET_ROLES]; i++) {
        buf_puts(&m->words, i ? "; " : "");
        buf_append_slice(&m->words, c->words[WORDS_ASSET_ROLES][i].id);
    }
    return 0;
}

static struct grid_cell file_cell(enum grid_style style, struct slice text)
{
    return (
        struct grid_cell){.kind = text.n ? GRID_TEXT : GRID_EMPTY, .style = style, .text = text};
}

static struct slice hint_of(struct maker *m, size_t i)
{
    struct buf text = BUF_INIT(8192);
    struct slice ret;

    lang_write_checked(&text, m->app->lang, m->columns[i].hint, buf_cstr(&m->words));
    ret = arena_dup(&m->arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

static int make_grids(struct maker *m, struct slice name, struct grid grids[2])
{
    size_t n = m->count;
    struct grid_cell *list = arena_new_array(&m->arena, (TEMPLATE_ROWS + 1) * n, struct grid_cell);
    struct grid_cell *guide = arena_new_array(&m->arena, (n + 1) * 3, struct grid_cell);
    static const unsigned widths[] = {28, 12, 90};

    if (list == NULL || guide == NULL) {
        app_print(m->app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    guide[0] = file_cell(GRID_HEAD, text_of(m, MSG_LISTS_GUIDE_COLUMN));
    guide[1] = file_cell(GRID_HEAD, text_of(m, MSG_LISTS_GUIDE_NEEDED));
    guide[2] = file_cell(GRID_HEAD, text_of(m, MSG_LISTS_GUIDE_WHAT));
    for (size_t i = 0; i < n; i++) {
        struct slice needed = m->columns[i].required ? text_of(m, MSG_LISTS_YES) : SLICE_NULL;

        list[i] = file_cell(GRID_HEAD, m->columns[i].heading);
        for (size_t k = 1; k <= TEMPLATE_ROWS; k++)
            list[k * n + i] = file_cell(GRID_INPUT, SLICE_NULL);
        guide[(i + 1) * 3] = file_cell(GRID_STRONG, m->columns[i].heading);
        guide[(i + 1) * 3 + 1] = file_cell(GRID_CELL, needed);
        guide[(i + 1) * 3 + 2] = file_cell(GRID_CELL, hint_of(m, i));
    }
    grids[0] = (struct grid){.name = name,
                             .rows = TEMPLATE_ROWS + 1,
                             .cols = (uint32_t)n,
                             .cells = list,
                             .freeze_rows = 1,
                             .landscape = true};
    grids[1] = (struct grid){.name = text_of(m, MSG_LISTS_GUIDE),
                             .rows = (uint32_t)n + 1,
                             .cols = 3,
                             .cells = guide,
                             .widths = widths,
                             .freeze_rows = 1};
    return 0;
}

static int write_file(struct app *app, const char *path, struct slice bytes)
{
    struct err err = ERR_INIT;

    if (strcmp(path, "-") == 0) {
        if (app->out_tty)
            return app_usage(app, MSG_LISTS_NO_TERMINAL);
        buf_append_slice(&app->out.buf, bytes);
        return 0;
    }
    if (file_deliver(path, bytes, 0644, &err) < 0)
        return app_fail(app, NULL, &err);
    app_saved(app, path);
    return 0;
}

int list_template(struct app *app, enum import_kind kind, const char *path)
{
    struct maker m = {.app = app, .arena = ARENA_INIT(TEMPLATE_MAX), .words = BUF_INIT(8192)};
    struct buf bytes = BUF_INIT(TEMPLATE_MAX);
    struct err err = ERR_INIT;
    struct grid grids[2];
    int status = fill_words(&m, kind), r;

    m.count = import_columns(kind, app->lang, m.columns);
    if (status == 0)
        status = make_grids(&m, slice_str(kind_names[kind]), grids);
    if (status == 0) {
        bool csv = slice_ends(slice_str(path), SLICE(".csv"));

        grids[0].rows = csv ? 1 : grids[0].rows;
        r = csv ? sheet_csv(&grids[0], &bytes, &err)
                : sheet_xlsx(grids, 2, SLICE_NULL, time_now() / TIME_SECOND, &bytes, &err);
        status = r < 0 ? app_fail(app, path, &err) : write_file(app, path, buf_slice(&bytes));
    }
    buf_done(&bytes);
    buf_done(&m.words);
    arena_done(&m.arena);
    return status;
}
