/* SPDX-License-Identifier: Apache-2.0 */
/* A duty sheet's rows → who stands when. */
#include "import/roster_read.h"

#include <string.h>

#include "base/ascii.h"
#include "base/time.h"
#include "import/ditto.h"
#include "import/roster_reader.h"
#include "lang/err_import.h"
#include "lang/msg_calendar.h"
#include "lang/msg_import.h"
#include "lang/value.h"

static void *roster_read_grow(struct roster_reader *o, void **items, size_t n, size_t *cap,
                              size_t size)
{
    void *more;

    if (n < *cap)
        return (uint8_t *)*items + n * size;
    *cap = *cap ? 2 * *cap : 128;
    more = arena_array(o->arena, *cap, size);
    if (more == NULL) {
        o->r = err_nomem(o->err);
        return NULL;
    }
    if (n)
        memcpy(more, *items, n * size);
    *items = more;
    return (uint8_t *)more + n * size;
}

void roster_note_add(struct roster_reader *o, uint32_t row, uint32_t col, bool warning,
                     struct buf *text)
{
    struct roster_note *note;

    o->out->errors += !warning;
    if (o->out->note_count < ROSTER_NOTES_MAX) {
        note = roster_read_grow(o, (void **)&o->out->notes, o->out->note_count, &o->note_cap,
                                sizeof(*note));
        if (note)
            *note = (struct roster_note){row, col, warning, arena_dup(o->arena, buf_slice(text))};
        o->out->note_count += note != NULL;
    }
    buf_done(text);
}

void roster_write_entry(struct roster_reader *o, const struct roster_entry *x)
{
    struct roster_entry *to;

    if (o->out->count == ROSTER_ENTRIES_MAX) {
        o->r = err_fail(o->err, CE_TOO_BIG, ERR_IMPORT_TOO_MANY, ROSTER_ENTRIES_MAX);
        return;
    }
    to = roster_read_grow(o, (void **)&o->out->entries, o->out->count, &o->entry_cap, sizeof(*to));
    if (to) {
        *to = *x;
        o->out->count++;
    }
}

void roster_saw_day(struct roster_reader *o, int64_t day)
{
    o->out->first = CANH_MIN(o->out->first, day);
    o->out->last = CANH_MAX(o->out->last, day);
}

/* The time of a shift as it is written; a note when nothing says it. */
bool roster_time_of(struct roster_reader *o, struct slice text, uint32_t row, uint32_t col,
                    struct shift_time *ret, struct slice *ret_label)
{
    *ret_label = words_shift_label(text);
    if (words_shift_time(text, ret, NULL))
        return true;
    if (roster_known_shift(o, *ret_label, ret))
        return true;
    if (words_is_tick(text) && roster_known_shift(o, SLICE_NULL, ret)) {
        *ret_label = SLICE_NULL;
        return true;
    }
    roster_add_note(o, row, col, false, MSG_IMPORT_SHIFT_TIME, SLICE_ARG(slice_brief(text)),
                    SLICE_ARG(slice_brief(*ret_label)), SLICE_ARG(slice_brief(*ret_label)));
    return false;
}

bool roster_has_digit(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (ascii_is_digit(s.p[i]))
            return true;
    }
    return false;
}

const struct cell *roster_cell(const struct row *row, uint32_t k)
{
    return row_cell(row, k + 1);
}

/* False with a note where a wanted cell shows an error, or a formula that was never computed: what
 * stands there nobody knows, and a gap would hide it. */
bool roster_is_sound(struct roster_reader *o, const struct row *row)
{
    bool sound = true;

    for (uint32_t k = 0; k < o->column_count; k++) {
        const struct cell *c = roster_cell(row, k);

        if (o->columns[k].kind == COL_OTHER)
            continue;
        if (c->kind == CELL_ERROR)
            roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_CELL_ERROR,
                            (int)CANH_MIN(c->n, 60u), (const char *)c->p);
        else if (c->kind == CELL_EMPTY && (c->flags & CELL_FORMULA))
            roster_add_note(o, row->number, k + 1, false, MSG_IMPORT_CELL_FORMULA);
        else
            continue;
        sound = false;
    }
    return sound;
}

void roster_note_weekday(struct roster_reader *o, const struct row *row, uint32_t k, int64_t day)
{
    const struct cell *c = roster_cell(row, k);

    if (roster_wrong_weekday(c, day))
        roster_add_note(o, row->number, k + 1, true, MSG_IMPORT_WRONG_WEEKDAY,
                        SLICE_ARG(slice_brief(slice_trim(cell_text(c)))),
                        lang_text(o->opt->lang, MSG_CALENDAR_DAY_MON + weekday_of_days(day) - 1));
}

void roster_note_posts(struct roster_reader *o, uint32_t k)
{
    const struct row *head = &o->sheet->rows[o->head];
    struct slice name = slice_brief(slice_trim(cell_text(roster_cell(head, k))));

    roster_add_note(o, head->number, k + 1, true, MSG_IMPORT_ONE_POST, SLICE_ARG(name),
                    SLICE_ARG(name));
}

void roster_find_post_column(struct roster_reader *o, const struct roster_column_post *x)
{
    const struct row *head = &o->sheet->rows[o->head];

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == COL_PERSON &&
            words_same(x->heading, cell_text(roster_cell(head, k))))
            return;
    }
    roster_add_note(o, head->number, 0, false, MSG_IMPORT_NO_COLUMN,
                    SLICE_ARG(slice_brief(x->heading)));
}

/* The names in a cell; with the family name of a column of its own. */
struct slice roster_names_in(struct roster_reader *o, const struct row *row, uint32_t k)
{
    const struct cell *given = roster_cell(row, k);
    uint32_t family = o->columns[k].family;
    struct buf whole = BUF_INIT(4096);
    struct slice ret, before;

    if (family == 0 || (given->flags & CELL_COVERED) || cell_text(given).n == 0)
        return cell_text(given);
    before = slice_trim(cell_text(roster_cell(row, family - 1)));
    if (before.n == 0)
        return cell_text(given);
    buf_append_slice(&whole, before);
    buf_putc(&whole, ' ');
    buf_append_slice(&whole, slice_trim(cell_text(given)));
    ret = arena_dup(o->arena, buf_slice(&whole));
    buf_done(&whole);
    if (ret.p == NULL && o->r == 0)
        o->r = err_nomem(o->err);
    return ret;
}

/* Everybody whom a cell names. */
void roster_write_names(struct roster_reader *o, const struct row *row, uint32_t k,
                        struct roster_entry *x, int32_t position)
{
    struct slice rest = roster_names_in(o, row, k), name;

    x->row = row->number;
    x->col = k + 1;
    while (o->r == 0 && words_next_name(&rest, &name)) {
        x->person = name;
        x->position = position++;
        roster_write_entry(o, x);
    }
}

bool roster_names_anybody(const struct roster_reader *o, const struct row *row,
                          enum roster_column_kind kind)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct slice s = cell_text(roster_cell(row, k)), name;

        if (o->columns[k].kind == kind && words_next_name(&s, &name))
            return true;
    }
    return false;
}

uint32_t roster_find_column(const struct roster_reader *o, enum roster_column_kind kind)
{
    uint32_t k = 0;

    while (k < o->column_count && o->columns[k].kind != kind)
        k++;
    return k;
}

/* Turns without a shift last the whole day, unless something else was given. */
static void default_shift(struct roster_reader *o)
{
    struct shift_time known;

    if (!roster_known_shift(o, SLICE_NULL, &known) && o->shift_count < ROSTER_SHIFTS_MAX)
        o->shifts[o->shift_count++] = (struct roster_shift){SLICE_NULL, o->whole};
}

/* Whether a layout takes anything from a column; of people by days only the first one names them.
 */
static bool is_read(const struct roster_reader *o, uint32_t k)
{
    static const unsigned taken[ROSTER_LAYOUT_MAX] = {
        [ROSTER_LIST] = 1u << COL_DATE | 1u << COL_LAST | 1u << COL_SHIFT | 1u << COL_FROM |
                        1u << COL_UNTIL | 1u << COL_PERSON | 1u << COL_FAMILY | 1u << COL_POST,
        [ROSTER_SHIFTS] = 1u << COL_DATE | 1u << COL_SHIFT_OF | 1u << COL_PERSON | 1u << COL_FAMILY,
        [ROSTER_DAYS] = 1u << COL_DAY,
        [ROSTER_PEOPLE] = 1u << COL_PERSON | 1u << COL_FAMILY | 1u << COL_DAY,
    };
    static const unsigned once =
        1u << COL_DATE | 1u << COL_LAST | 1u << COL_FROM | 1u << COL_UNTIL | 1u << COL_POST;

    if ((once >> o->columns[k].kind & 1) ||
        (o->out->layout == ROSTER_PEOPLE && o->columns[k].kind == COL_PERSON))
        return (taken[o->out->layout] >> o->columns[k].kind & 1) &&
               k == roster_find_column(o, o->columns[k].kind);
    return taken[o->out->layout] >> o->columns[k].kind & 1;
}

/* Columns before the first day of a week's sheet are labels of its rows. */
static void note_ignored(struct roster_reader *o)
{
    const struct row *head = &o->sheet->rows[o->head];
    uint32_t first = o->out->layout == ROSTER_DAYS ? roster_find_column(o, COL_DAY) : 0;

    o->out->head_row = o->head;
    for (uint32_t k = first; k < o->column_count; k++) {
        const struct cell *c = roster_cell(head, k);
        bool beside = (c->flags & CELL_COVERED) && k > 0 &&
                      slice_eq(cell_text(c), cell_text(roster_cell(head, k - 1)));

        if (!is_read(o, k) && !beside && slice_trim(cell_text(c)).n > 0 &&
            o->out->ignored_count < IMPORT_ROSTER_IGNORED)
            o->out->ignored[o->out->ignored_count++] = k + 1;
    }
}

/* “-nt-” becomes what stands above it, before anybody reads a row. */
static void read_ditto(struct roster_reader *o)
{
    struct ditto *d = arena_new(o->arena, struct ditto);
    uint32_t day = roster_find_column(o, COL_DAY);
    struct ditto_codes codes = {0, UINT32_MAX};

    if (o->out->layout == ROSTER_PEOPLE && day < o->column_count)
        codes.first = day + 1;
    o->r = d == NULL ? err_nomem(o->err)
                     : ditto_resolve(o->arena, o->sheet, o->head, codes, d, o->err);
    if (o->r < 0)
        return;
    o->sheet = &d->sheet;
    if (d->count > 0)
        roster_add_note(o, d->row, d->col, true, MSG_IMPORT_DITTO, SLICE_ARG(slice_brief(d->mark)),
                        d->count);
    if (d->open_count > 0)
        roster_add_note(o, d->open_row, d->open_col, false, MSG_IMPORT_DITTO_OPEN, d->open_count);
}

int roster_read(struct arena *arena, const struct sheet *sheet, const struct roster_options *opt,
                struct roster_sheet *ret, struct err *err)
{
    static void (*const readers[ROSTER_LAYOUT_MAX])(struct roster_reader *) = {
        [ROSTER_LIST] = roster_read_list,
        [ROSTER_SHIFTS] = roster_read_shifts,
        [ROSTER_DAYS] = roster_read_grid_days,
        [ROSTER_PEOPLE] = roster_read_grid_people,
    };
    struct roster_reader *o = arena_new(arena, struct roster_reader);

    if (o == NULL)
        return err_nomem(err);
    *ret = (struct roster_sheet){.first = INT64_MAX, .last = INT64_MIN};
    *o = (struct roster_reader){.arena = arena, .sheet = sheet, .opt = opt, .out = ret, .err = err};
    o->year = opt->year;
    for (size_t i = 0; i < opt->shift_count && o->shift_count < ROSTER_SHIFTS_MAX - 1; i++)
        o->shifts[o->shift_count++] = opt->shifts[i];
    roster_scan(o);
    default_shift(o);
    o->r = roster_find_head(o);
    if (o->r == 0)
        read_ditto(o);
    if (o->r == 0) {
        note_ignored(o);
        readers[ret->layout](o);
    }
    return o->r;
}
