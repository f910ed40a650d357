/* SPDX-License-Identifier: Apache-2.0 */
/* What a duty sheet says of itself above and below its list: legends, its month, its year. */
#include "base/num.h"
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/collate.h"
#include "lang/value.h"

bool roster_known_shift(const struct roster_reader *o, struct slice label, struct shift_time *ret)
{
    for (size_t i = 0; i < o->shift_count; i++) {
        bool same = label.n == 0 ? o->shifts[i].label.n == 0
                                 : o->shifts[i].label.n && words_same(o->shifts[i].label, label);

        if (same) {
            *ret = o->shifts[i].time;
            return true;
        }
    }
    return false;
}

static void add_shift(struct roster_reader *o, struct slice label, struct shift_time time)
{
    struct shift_time known;

    if (o->shift_count < ROSTER_SHIFTS_MAX && label.n > 0 && label.n <= 40 &&
        !roster_known_shift(o, label, &known))
        o->shifts[o->shift_count++] = (struct roster_shift){label, time};
}

/* Words before a legend's code, and what a sheet calls the time of turns that have no shift. */
static const char legend_intros[] =
    "Ghi chú|Chú thích|Ký hiệu|Quy ước|Chú giải|Chú dẫn|Lưu ý|Note|Legend";
static const char whole_names[] = "Trực|Trực 24/24|Trực 24/24h|Trực 24/7|24/24|24/24h|24/7|Ca trực|"
                                  "Thời gian trực|Thời gian|Giờ trực|Mỗi ca trực|Thời gian ca trực";

/* Where a colon, an equals sign or a dash between blanks parts a label; s.n when nothing does. */
static size_t label_part(struct slice s, size_t *ret_n)
{
    static const char *const marks[] = {":", "=", " - ", " – ", " — "};
    size_t end = s.n;

    *ret_n = 0;
    for (size_t k = 0; k < CANH_LEN(marks); k++) {
        size_t at = slice_find(s, slice_str(marks[k]));

        if (at < end) {
            end = at;
            *ret_n = slice_str(marks[k]).n;
        }
    }
    return end;
}

/* “Ghi chú: S” says S; “N: ca ngày” says N and ca ngày. */
static void add_labels(struct roster_reader *o, struct slice label, struct shift_time time)
{
    while (label.n > 0) {
        size_t skip, end = label_part(label, &skip);
        struct slice one = slice_trim(slice_head(label, end));

        label = slice_from(label, end + skip);
        if (words_any(legend_intros, one))
            continue;
        if (words_any(whole_names, one) && !o->whole_said) {
            o->whole = time;
            o->whole_said = true;
        }
        add_shift(o, one, time);
    }
}

bool roster_is_legend(struct slice s)
{
    enum { CODE_MAX = 12 };
    size_t skip, end = label_part(slice_head(slice_trim(s), 200), &skip), letters = 0;
    struct slice code;

    s = slice_trim(s);
    if (skip == 0)
        return false;
    code = slice_trim(slice_head(s, end));
    if (words_any(legend_intros, code))
        return true;
    for (size_t i = 0; i < code.n; i++)
        letters += code.p[i] > '9';
    return letters > 0 && code.n <= CODE_MAX && !words_is_position(code) &&
           slice_trim(slice_from(s, end + skip)).n > 0;
}

bool roster_known_off(const struct roster_reader *o, struct slice code)
{
    for (size_t i = 0; i < o->off_count; i++) {
        if (words_same(o->off[i], code))
            return true;
    }
    return false;
}

/* “NB: nghỉ bù”, “Ghi chú: P = nghỉ phép”: the code; empty when it is something else. */
static struct slice off_code(struct slice part)
{
    size_t skip, end = label_part(part, &skip);
    struct slice code = slice_trim(slice_head(part, end)), rest = slice_from(part, end + skip);

    if (skip > 0 && words_any(legend_intros, code)) {
        end = label_part(rest, &skip);
        code = slice_trim(slice_head(rest, end));
        rest = slice_from(rest, end + skip);
    }
    rest = slice_head(rest, slice_find_byte(rest, ','));
    return skip > 0 && words_describes_off(slice_trim(rest)) ? code : SLICE_NULL;
}

static void add_off(struct roster_reader *o, struct slice part)
{
    struct slice code = off_code(part);

    if (code.n > 0 && o->off_count < CANH_LEN(o->off))
        o->off[o->off_count++] = code;
}

/* Where an entry of a legend ends: at a semicolon or a line, and at a comma before another entry.
 */
static size_t legend_end(struct slice cell)
{
    size_t end = 0;

    while (end < cell.n && cell.p[end] != ';' && cell.p[end] != '\n') {
        struct slice rest = slice_from(cell, end + 1);

        if (cell.p[end] == ',' && (roster_is_legend(rest) || off_code(rest).n > 0))
            break;
        end++;
    }
    return end;
}

/* A legend: “S: 07:00-15:00; C: 15:00-23:00, P: nghỉ phép” in any cell. */
static void read_legend(struct roster_reader *o, struct slice cell)
{
    while (cell.n > 0 && cell.n <= 2000) {
        size_t end = legend_end(cell);
        struct slice part = slice_trim(slice_head(cell, end));
        struct shift_time time;

        cell = slice_from(cell, end + 1);
        if (words_shift_time(part, &time, NULL))
            add_labels(o, words_shift_label(part), time);
        else
            add_off(o, part);
    }
}

/* “Trực Tết 2027”, “Tết Dương lịch 2026 - 2027”: 2027; 0 where a title speaks of no new year. */
static int new_year_of(struct slice title, int year)
{
    struct buf key = BUF_INIT(4096), next = BUF_INIT(16);
    int ret = 0;

    viet_key(title, &key);
    buf_printf(&next, "%d", year + 1);
    if (words_key_has(buf_slice(&key), "tet"))
        ret = year + words_key_has(buf_slice(&key), buf_cstr(&next));
    buf_done(&next);
    buf_done(&key);
    return ret;
}

/* Where no title names a month: that of a letter's date or of a span, if it is of the title's year.
 */
static void use_dated_month(struct roster_reader *o, int title_year)
{
    for (uint32_t i = 0; i < CANH_MIN(o->sheet->row_count, (uint32_t)ROSTER_HEAD_ROWS); i++) {
        const struct row *row = &o->sheet->rows[i];

        for (uint32_t k = 0; k < row->count; k++) {
            const struct cell *c = &row->cells[k];
            unsigned month;
            int year;

            if (c->kind != CELL_TEXT || (c->flags & CELL_COVERED) ||
                !words_month(cell_text(c), true, &year, &month) ||
                (title_year != 0 && year != title_year))
                continue;
            o->year = year;
            o->month = month;
            return;
        }
    }
}

void roster_scan(struct roster_reader *o)
{
    int year = 0;

    o->whole = (struct shift_time){0, 1440};
    o->title_first = TIME_NONE;
    for (uint32_t i = 0; i < o->sheet->row_count; i++) {
        const struct row *row = &o->sheet->rows[i];

        for (uint32_t k = 0; k < row->count; k++) {
            const struct cell *c = &row->cells[k];

            if (c->kind != CELL_TEXT || (c->flags & CELL_COVERED))
                continue;
            read_legend(o, cell_text(c));
            o->off_explained = o->off_explained || words_explains_off(cell_text(c));
            if (i < ROSTER_HEAD_ROWS && o->month == 0)
                (void)words_month(cell_text(c), false, &o->year, &o->month);
            if (i < ROSTER_HEAD_ROWS && year == 0 && words_year(cell_text(c), &year))
                o->new_year = new_year_of(cell_text(c), year);
        }
    }
    if (o->month == 0)
        use_dated_month(o, year);
    if (o->year == 0)
        o->year = year;
    if (o->opt->year)
        o->year = o->opt->year;
    roster_find_crossing(o);
    for (uint32_t i = 0; i < CANH_MIN(o->sheet->row_count, (uint32_t)ROSTER_HEAD_ROWS); i++) {
        if (roster_title_days(o, &o->sheet->rows[i], false))
            break;
    }
}
