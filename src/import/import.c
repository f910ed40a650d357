/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "import/ditto.h"
#include "import/work.h"
#include "lang/collate.h"
#include "lang/err_import.h"
#include "lang/error.h"
#include "lang/msg_import.h"
#include "lang/value.h"
#include "lang/zone.h"
#include "state/audit.h"

enum { SCRATCH_MAX = 4 << 20 };

static const struct importer *const importers[IMPORT_KIND_MAX] = {
    [IMPORT_UNITS] = &import_units,
    [IMPORT_PEOPLE] = &import_people,
    [IMPORT_ASSETS] = &import_assets,
    [IMPORT_ROSTER] = &import_roster,
};

static const char *const things[IMPORT_KIND_MAX] = {"unit", "person", "asset", "roster"};

void work_add_row(struct work *w, uint32_t number, enum import_change change, struct slice what)
{
    struct import_report *rep = w->rep;
    void *items = rep->rows;

    rep->counts[change]++;
    if (!work_grow(w, &items, rep->row_count, &w->row_cap, sizeof(*rep->rows)))
        return;
    rep->rows = items;
    rep->rows[rep->row_count++] =
        (struct import_row){.number = number, .change = change, .what = arena_dup(w->arena, what)};
}

void work_failed(struct work *w, const struct err *err)
{
    struct buf why = BUF_INIT(2000);

    if (err->code == CE_IO || err->code == CE_NOMEM || err->code == CE_BUSY ||
        err->code == CE_CORRUPT || err->code == CE_BUG) {
        if (w->r == 0 && w->err != NULL)
            *w->err = *err;
        w->r = w->r ? w->r : -err->code;
        return;
    }
    error_write(&why, w->opt->lang, err);
    work_error(w, WORK_ROW, MSG_IMPORT_REFUSED, buf_cstr(&why));
    buf_done(&why);
}

bool work_first(struct work *w, uint32_t column, struct state_id id, bool same)
{
    struct slice key = arena_dup(w->arena, id_slice(&id));
    uint32_t row;

    if (map_get(&w->seen, id_slice(&id), &row)) {
        if (!same)
            work_error(w, column, MSG_IMPORT_ROW_TWICE, row);
        return same;
    }
    if (w->r == 0 && (key.p == NULL || map_put(&w->seen, key, w->row->number) < 0))
        w->r = err_nomem(w->err);
    return w->r == 0;
}

struct slice work_text(struct work *w, uint32_t column)
{
    const struct cell *c = header_cell(&w->header, w->row, column);

    if (c->kind == CELL_ERROR)
        work_error(w, column, MSG_IMPORT_CELL_ERROR, (int)CANH_MIN(c->n, 60u), (const char *)c->p);
    else if (c->kind == CELL_EMPTY && (c->flags & CELL_FORMULA))
        work_error(w, column, MSG_IMPORT_CELL_FORMULA);
    else if (c->flags & CELL_LOSSY)
        work_error(w, column, MSG_IMPORT_CELL_LOSSY);
    else
        return slice_trim(cell_text(c));
    return SLICE_NULL;
}

struct slice work_needed(struct work *w, uint32_t column)
{
    bool before = w->bad;
    struct slice s;

    w->bad = false;
    s = work_text(w, column);
    if (s.n == 0 && !w->bad)
        work_error(w, column, MSG_IMPORT_CELL_EMPTY);
    w->bad = w->bad || before;
    return s;
}

void work_replace(struct work *w, uint32_t column, struct slice *to)
{
    struct slice s = work_text(w, column);

    if (s.n)
        *to = s;
}

void work_date(struct work *w, uint32_t column, int64_t *to)
{
    struct slice s = work_text(w, column);
    int64_t days;

    if (s.n == 0)
        return;
    if (cell_date(header_cell(&w->header, w->row, column), 0, &days) < 0)
        work_error(w, column, MSG_IMPORT_BAD_DATE, SLICE_ARG(slice_brief(s)));
    else
        *to = days * TIME_DAY - ZONE_OWN * TIME_SECOND;
}

const struct state_unit *work_find_unit(const struct work *w, struct slice name, bool *ret_many)
{
    const struct state_unit *found = NULL;

    *ret_many = false;
    for (size_t i = 0; i < w->unit_count; i++)
        if (slice_eq(w->units[i].code, name))
            return &w->units[i];
    for (size_t i = 0; i < w->unit_count; i++) {
        if (!viet_same(w->units[i].name, name) && !viet_same(w->units[i].short_name, name) &&
            !slice_eq_nocase(w->units[i].code, name))
            continue;
        *ret_many = found != NULL;
        found = &w->units[i];
    }
    return found;
}

struct state_id work_unit(struct work *w, uint32_t column)
{
    struct slice name = work_text(w, column);
    struct state_id other = w->group.named ? w->group.unit : w->opt->unit;
    const struct state_unit *u;
    bool many;

    if (name.n == 0 && id_is_none(other))
        work_error(w, column, MSG_IMPORT_NO_UNIT);
    if (name.n == 0)
        return other;
    u = work_find_unit(w, name, &many);
    if (u == NULL)
        work_error(w, column, MSG_IMPORT_UNKNOWN_UNIT, SLICE_ARG(slice_brief(name)));
    else if (many)
        work_error(w, column, MSG_IMPORT_MANY_UNITS, SLICE_ARG(slice_brief(name)));
    else
        return u->id;
    return STATE_ID_NONE;
}

static int load_units(struct work *w)
{
    struct state_unit *all = NULL;
    size_t n = 0;
    int r = state_units_at(w->s, w->a, w->now, w->arena, &all, &n, w->err);

    if (r < 0)
        return r;
    w->units = malloc((n + w->sheet->row_count + 1) * sizeof(*w->units));
    if (w->units == NULL)
        return err_nomem(w->err);
    if (n)
        memcpy(w->units, all, n * sizeof(*all));
    w->unit_count = n;
    return 0;
}

void work_add_unit(struct work *w, const struct state_unit *x)
{
    struct state_unit *u = &w->units[w->unit_count]; /* there is room for every row */

    *u = *x;
    u->code = arena_dup(w->arena, x->code);
    u->name = arena_dup(w->arena, x->name);
    u->short_name = arena_dup(w->arena, x->short_name);
    if (u->code.p == NULL || u->name.p == NULL || u->short_name.p == NULL)
        (void)work_no_room(w);
    else
        w->unit_count++;
}

/* Rows below the heading that say nothing in any wanted column: blank lines, signatures. */
static bool is_blank(const struct work *w, const struct importer *im)
{
    for (size_t i = 0; i < im->column_count; i++)
        if (w->header.col[i] && header_cell(&w->header, w->row, i)->kind != CELL_EMPTY)
            return false;
    return true;
}

/* The column of units' codes, where one of them looks like a mark; else 0. */
static uint32_t unit_codes(const struct work *w, const struct importer *im)
{
    for (size_t i = 0; im->unit > 0 && i < w->unit_count; i++)
        if (ditto_is_bare(w->units[i].code))
            return w->header.col[im->unit];
    return 0;
}

/* “-nt-” becomes what stands above it; with nothing above it the cell is empty, which is told. */
static void read_ditto(struct work *w, const struct importer *im)
{
    struct ditto *d = arena_new(w->arena, struct ditto);
    struct ditto_codes codes;

    if (d == NULL) {
        w->r = err_nomem(w->err);
        return;
    }
    /* the first column of every list is its rows' own code */
    codes = (struct ditto_codes){w->header.col[0], w->header.col[0], unit_codes(w, im)};
    w->r = ditto_resolve(w->arena, w->sheet, w->header.row_index, codes, d, w->err);
    if (w->r < 0)
        return;
    w->sheet = &d->sheet;
    if (d->count > 0) {
        struct buf text = BUF_INIT(4096);

        lang_write(&text, w->opt->lang, MSG_IMPORT_DITTO, SLICE_ARG(slice_brief(d->mark)),
                   d->count);
        work_note_at(w, d->row, d->col, true, &text);
    }
    if (d->open_count > 0) {
        struct buf text = BUF_INIT(4096);

        lang_write(&text, w->opt->lang, MSG_IMPORT_DITTO_OPEN, d->open_count);
        work_note_at(w, d->open_row, d->open_col, true, &text);
    }
}

static void write_rows(struct work *w, const struct importer *im)
{
    bool end = false;

    for (uint32_t i = w->header.row_index + 1; w->r == 0 && !end && i < w->sheet->row_count; i++) {
        enum import_change change;
        struct slice what = SLICE_NULL;

        w->row = &w->sheet->rows[i];
        if (work_passes_over(w, im, &end) || is_blank(w, im))
            continue;
        w->bad = false;
        arena_clear(&w->scratch);
        change = im->put(w, &what);
        work_add_row(w, w->row->number, w->bad ? IMPORT_FAILED : change, what);
    }
    w->row = NULL;
}

/* One entry that names the file and the counts, beside those of the rows. */
static int report_audit(struct work *w)
{
    struct buf text = BUF_INIT(4096);
    int r;

    buf_printf(&text, SLICE_FMT ": %zu added, %zu changed, %zu the same",
               SLICE_ARG(slice_head(w->opt->source, 1000)), w->rep->counts[IMPORT_ADDED],
               w->rep->counts[IMPORT_CHANGED], w->rep->counts[IMPORT_SAME]);
    r = state_audit_add(w->s, w->a, "import", things[w->opt->kind], STATE_ID_NONE, buf_slice(&text),
                        w->err);
    buf_done(&text);
    return r;
}

/* Rows and notes of both tell the same. */
static bool same_report(const struct import_report *a, const struct import_report *b)
{
    if (a->row_count != b->row_count || a->note_count != b->note_count)
        return false;
    for (size_t i = 0; i < a->row_count; i++) {
        if (a->rows[i].number != b->rows[i].number || a->rows[i].change != b->rows[i].change ||
            !slice_eq(a->rows[i].what, b->rows[i].what))
            return false;
    }
    for (size_t i = 0; i < a->note_count; i++) {
        if (!slice_eq(a->notes[i].text, b->notes[i].text))
            return false;
    }
    return true;
}

static int import_finish(struct work *w)
{
    int r = w->r;

    if (r == 0 && w->opt->apply && w->opt->previewed && !same_report(w->opt->previewed, w->rep))
        r = err_fail(w->err, CE_CONFLICT, ERR_IMPORT_CHANGED_MEANWHILE);
    if (r == 0 && w->opt->apply && w->rep->counts[IMPORT_FAILED] == 0) {
        r = report_audit(w);
        if (r == 0)
            r = state_commit(w->s, w->err);
        w->rep->applied = r == 0;
    }
    if (!w->rep->applied)
        state_rollback(w->s);
    return r;
}

int import_sheet(struct state *s, const struct state_actor *a, const struct sheet *sheet,
                 const struct import_options *opt, struct arena *arena, struct import_report *ret,
                 struct err *err)
{
    const struct importer *im = importers[opt->kind];
    struct work w = {
        .s = s,
        .a = a,
        .opt = opt,
        .arena = arena,
        .scratch = ARENA_INIT(SCRATCH_MAX),
        .rep = ret,
        .sheet = sheet,
        .now = state_now(s),
        .err = err,
    };
    int r;

    map_init(&w.seen, IMPORT_ROWS_MAX);
    map_init(&w.told, IMPORT_NOTES_MAX);
    known_people_init(&w.people);
    *ret = (struct import_report){.rows = NULL};
    if (sheet->row_count > IMPORT_ROWS_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_IMPORT_TOO_MANY, IMPORT_ROWS_MAX);
    r = im->sheet ? 0 : header_find(sheet, im->columns, im->column_count, &w.header, err);
    if (r == 0)
        r = state_begin(s, err);
    if (r < 0)
        return r;
    w.r = load_units(&w);
    if (im->sheet && w.r == 0)
        im->sheet(&w);
    else {
        work_find_columns(&w, im->column_count);
        if (w.r == 0)
            read_ditto(&w, im);
        write_rows(&w, im);
    }
    work_note_unread(&w);
    r = import_finish(&w);
    free(w.units);
    map_done(&w.seen);
    map_done(&w.told);
    known_people_done(&w.people);
    arena_done(&w.scratch);
    return r;
}

static bool is_roster(const struct sheet *sheet)
{
    const struct roster_options opt = {.lang = LANG_EN};
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct roster_sheet read;
    bool yes = roster_read(&arena, sheet, &opt, &read, NULL) == 0;

    arena_done(&arena);
    return yes;
}

bool import_fits(enum import_kind kind, const struct sheet *sheet)
{
    const struct importer *im = importers[kind];
    struct header h;

    return im->sheet ? is_roster(sheet)
                     : header_find(sheet, im->columns, im->column_count, &h, NULL) == 0;
}

/* The first name of a column is Vietnamese, the last one English. */
size_t import_columns(enum import_kind kind, enum lang lang,
                      struct import_column ret[IMPORT_COLUMNS_MAX])
{
    const struct importer *im = importers[kind];
    size_t n = 0;

    for (size_t i = 0; i < im->column_count; i++) {
        struct slice rest = slice_str(im->columns[i].names), name = SLICE_NULL, next;

        if (im->columns[i].quiet)
            continue;
        while (slice_cut(&rest, '|', &next) && (name.n == 0 || lang != LANG_VI))
            name = next;
        ret[n++] = (struct import_column){name, im->columns[i].required, im->hints[i]};
    }
    return n;
}
