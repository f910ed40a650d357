/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Duty sheets: date × shift × person → a table layer of a post. The sheet speaks of its days only:
 * within them the layer becomes what the sheet says, so that a corrected sheet updates instead of
 * doubling. What is changed waits for approval again.
 */
#include "import/roster_work.h"
#include "lang/error.h"
#include "lang/msg_import.h"

/* A template has the columns of the list layout. */
static const struct header_column columns[] = {
    {"Ngày", true},
    {"Ca", false},
    {"Họ và tên", true},
    {"Vị trí trực", false},
};
static const msg_id hints[] = {MSG_IMPORT_HINT_DAY, MSG_IMPORT_HINT_SHIFT, MSG_IMPORT_HINT_ON_DUTY,
                               MSG_IMPORT_HINT_POST};

bool roster_no_memory(struct work *w)
{
    if (w->r == 0)
        w->r = err_nomem(w->err);
    return false;
}

void roster_failed_at(struct work *w, uint32_t row, uint32_t col, const struct err *err)
{
    if (err->code == CE_IO || err->code == CE_NOMEM || err->code == CE_BUSY ||
        err->code == CE_CORRUPT || err->code == CE_BUG)
        work_failed(w, err);
    else {
        struct buf why = BUF_INIT(4096);

        error_write(&why, w->opt->lang, err);
        roster_note(w, row, col, false, MSG_IMPORT_REFUSED, buf_cstr(&why));
        buf_done(&why);
    }
}

bool roster_make_room(struct roster_work *o)
{
    struct arena *a = o->w->arena;
    size_t n = o->sheet.count + 1;

    o->persons = arena_array(a, n, sizeof(*o->persons));
    o->target_of = arena_array(a, n, sizeof(*o->target_of));
    o->starts = arena_array(a, n, sizeof(*o->starts));
    o->stops = arena_array(a, n, sizeof(*o->stops));
    o->targets = arena_array(a, ROSTER_POSTS_MAX, sizeof(*o->targets));
    return o->persons && o->target_of && o->starts && o->stops && o->targets
               ? true
               : roster_no_memory(o->w);
}

/* Nothing is written while anything is wrong: every cell that is, and every entry of nobody known,
 * is a failed one. */
static void report_failed(struct roster_work *o)
{
    size_t told = 0;

    for (size_t i = 0; i < o->sheet.note_count; i++) {
        const struct roster_note *n = &o->sheet.notes[i];

        if (!n->warning)
            work_add_row(o->w, n->row, IMPORT_FAILED, n->text);
        told += !n->warning;
    }
    o->w->rep->counts[IMPORT_FAILED] += o->sheet.errors - told; /* beyond the limit of notes */
    for (size_t i = 0; i < o->sheet.count; i++) {
        if (id_is_none(o->persons[i]) || o->target_of[i] == UINT32_MAX)
            work_add_row(o->w, o->sheet.entries[i].row, IMPORT_FAILED, roster_describe_entry(o, i));
    }
    if (o->w->rep->counts[IMPORT_FAILED] == 0)
        work_add_row(o->w, 0, IMPORT_FAILED, SLICE(""));
}

static void read_sheet(struct roster_work *o)
{
    struct work *w = o->w;
    const struct roster_options opt = {.lang = w->opt->lang,
                                       .year = w->opt->year,
                                       .shifts = w->opt->shifts,
                                       .shift_count = w->opt->shift_count,
                                       .columns = w->opt->columns,
                                       .column_count = w->opt->column_count};

    w->r = roster_read(w->arena, w->sheet, &opt, &o->sheet, w->err);
    if (w->r < 0 || !roster_make_room(o))
        return;
    for (size_t i = 0; i < o->sheet.note_count; i++) {
        struct buf text = BUF_INIT(4096);

        buf_append_slice(&text, o->sheet.notes[i].text);
        work_note_at(w, o->sheet.notes[i].row, o->sheet.notes[i].col, o->sheet.notes[i].warning,
                     &text);
    }
    for (uint32_t i = 0; i < o->sheet.ignored_count; i++)
        work_ignore_column(w, o->sheet.ignored[i],
                           cell_text(
                               row_cell(&w->sheet->rows[o->sheet.head_row], o->sheet.ignored[i])));
    roster_find_people(o);
}

static void roster_sheet(struct work *w)
{
    struct roster_work o = {.w = w, .calendar = w->opt->calendar.n > 0};

    if (id_is_none(w->opt->unit)) {
        roster_note(w, 0, 0, false, MSG_IMPORT_NO_UNIT);
        work_add_row(w, 0, IMPORT_FAILED, SLICE(""));
        return;
    }
    roster_load_people(&o);
    roster_load_posts(&o);
    if (w->r == 0 && o.calendar)
        roster_read_calendar(&o);
    else if (w->r == 0)
        read_sheet(&o);
    if (w->r < 0)
        return;
    w->bad = w->bad || o.sheet.errors > 0; /* also those that no note tells */
    if (o.sheet.count == 0 && !w->bad)
        roster_note(w, 0, 0, false, MSG_IMPORT_NOBODY);
    roster_find_targets(&o);
    if (w->r == 0)
        roster_check_overlaps(&o);
    if (w->r == 0 && w->bad)
        report_failed(&o);
    else if (w->r == 0)
        roster_write(&o);
    if (w->r == 0 && !w->bad) {
        roster_check_gaps(&o);
        roster_check_clashes(&o);
    }
}

const struct importer import_roster = {.columns = columns,
                                       .hints = hints,
                                       .column_count = CANH_LEN(columns),
                                       .sheet = roster_sheet};
