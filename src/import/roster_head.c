/* SPDX-License-Identifier: Apache-2.0 */
/* The heading of a duty sheet: which row it is, and what its columns hold. */
#include "base/num.h"
#include "base/time.h"
#include "import/roster_reader.h"
#include "lang/collate.h"
#include "lang/err_import.h"
#include "lang/value.h"

enum { DAYS_LEAST = 3 };

static const char date_names[] =
    "Ngày|Ngày trực|Ngày tháng|Ngày, tháng|Thời gian|Thứ, ngày|Thứ ngày|"
    "Ngày/tháng|Ngày tháng năm|Thứ/ngày|Date|Day";
static const char last_names[] = "Đến ngày|Đến hết ngày|Tới ngày|Ngày kết thúc|Until day|Last day";
/* A column of days, where the title names the week. */
static const char weekday_names[] =
    "Thứ|Thứ trong tuần|Ngày trong tuần|Các ngày trong tuần|Weekday";
static const char person_names[] =
    "Họ và tên|Họ tên|Họ và tên người trực|Người trực|Cán bộ trực|Tên|Tên người trực|Trực chính|"
    "Trực phụ|Trực ban|Trực lãnh đạo|Lãnh đạo trực|Lãnh đạo|Nhân viên trực|Cán bộ|Người trực chính|"
    "Người trực phụ|Trực ban chính|Trực ban phụ|Chuyên viên trực|Kỹ thuật trực|Person|Name";
static const char family_names[] =
    "Họ|Họ đệm|Họ và đệm|Họ và tên đệm|Họ và chữ lót|Họ lót|Họ và chữ đệm|Họ, đệm|Family name";
static const char leader_names[] = "Trực lãnh đạo|Lãnh đạo trực|Lãnh đạo";
/* Who a column is of, when “trực” stands before or behind it or it stands alone. */
static const char role_names[] =
    "Lãnh đạo|Chỉ huy|Chuyên viên|Cán bộ|Công chức|Viên chức|Nhân viên|Kỹ thuật|Kỹ thuật viên|"
    "Bảo vệ|Lái xe|Văn thư|Công văn|Điều hành|Điều độ|Tổng đài|Trực ban|Y tế|Bác sĩ|Điều dưỡng|"
    "Văn phòng|Ban|Công an|Quân sự|Dân quân|Tác chiến|Nội vụ|Thông tin|Mạng|Máy chủ|Hệ "
    "thống|CNTT|ATTT|"
    "An toàn thông tin|Ứng cứu|Sửa chữa|Tổ trưởng|Trưởng ca|Phó ca|Trưởng kíp|Tiếp dân|Một cửa|"
    "Cơ yếu|Cấp cứu|Hành chính|Phục vụ|Tuần tra|Đội trưởng|Phụ trách|Người";
static const char alone_names[] =
    "Chỉ huy|Bảo vệ|Lái xe|Văn thư|Trưởng ca|Phó ca|Trưởng kíp|Kíp trưởng|Ca trưởng|Kỹ thuật viên|"
    "Chuyên viên|Nhân viên|Tổ trưởng|Driver|Guard|Leader|Officer|Technician|Staff|On duty";
static const char shift_names[] = "Ca|Ca trực|Kíp|Kíp trực|Buổi|Thời gian trực|Giờ trực|Giờ|Shift";
static const char from_names[] = "Từ giờ|Giờ bắt đầu|Bắt đầu|Giờ vào|Giờ nhận ca|From";
static const char until_names[] = "Đến giờ|Giờ kết thúc|Kết thúc|Giờ ra|Giờ giao ca|Until|To";
static const char post_names[] = "Vị trí|Vị trí trực|Nơi trực|Nhiệm vụ trực|Post";

/* “Trực chỉ huy”, “Lái xe trực”, “Lãnh đạo UBND trực”, “Trực bảo vệ cơ quan”; not “Trực đêm”, which
 * is a shift. */
static bool names_role(struct slice s)
{
    struct buf key = BUF_INIT(400);
    struct slice rest = slice_str(role_names), role, k;
    bool yes = words_any(alone_names, s);

    if (!yes && s.n <= 100)
        viet_key(s, &key);
    k = buf_slice(&key);
    if (slice_starts(k, SLICE("truc ")))
        k = slice_from(k, 5);
    else if (slice_ends(k, SLICE(" truc")))
        k = slice_head(k, k.n - 5);
    else
        k = SLICE_NULL;
    while (k.n > 0 && !yes && slice_cut(&rest, '|', &role)) {
        struct buf plain = BUF_INIT(200);

        viet_key(role, &plain);
        yes = slice_starts(k, buf_slice(&plain)) && (k.n == plain.len || k.p[plain.len] == ' ') &&
              !slice_is(k, "ban ngay") && !slice_is(k, "ban dem");
        buf_done(&plain);
    }
    buf_done(&key);
    return yes;
}

struct head {
    unsigned dates, persons, shift_columns, days, numbers;
    bool runs; /* the numbers count up by one */
};

/* “Trực lãnh đạo (ký tên)”, “Trực ban (24/24)”: what stands in brackets explains, but for times. */
static struct slice without_brackets(struct slice s)
{
    size_t at = slice_find_byte(s, '(');
    struct shift_time time;

    if (words_shift_time(s, &time, NULL))
        return s;
    return at > 0 && at < s.n ? slice_trim(slice_head(s, at)) : s;
}

static void judge_column(struct roster_reader *o, const struct cell *c, struct roster_column *col)
{
    struct slice whole = slice_trim(cell_text(c)), s = without_brackets(whole);

    *col = (struct roster_column){.kind = COL_OTHER};
    if (roster_read_date(o, c, &col->day) == 0 && c->kind != CELL_NUMBER)
        col->kind = COL_DAY;
    else if (c->kind != CELL_TEXT || s.n == 0)
        return;
    else if (words_any(date_names, s))
        col->kind = COL_DATE;
    else if (words_any(last_names, s))
        col->kind = COL_LAST;
    else if (words_any(person_names, s))
        col->kind = COL_PERSON;
    else if (words_any(family_names, s))
        col->kind = COL_FAMILY;
    else if (words_any(shift_names, s))
        col->kind = COL_SHIFT;
    else if (words_any(from_names, s))
        col->kind = COL_FROM;
    else if (words_any(until_names, s))
        col->kind = COL_UNTIL;
    else if (words_any(post_names, s))
        col->kind = COL_POST;
    else if (names_role(s))
        col->kind = COL_PERSON;
    else if (words_is_shift(whole)) {
        col->kind = COL_SHIFT_OF;
        col->label = whole;
    }
}

/* Day numbers that count up from one cell to the next are the days of a month. */
static void find_numbers(struct roster_reader *o, const struct row *row, struct head *h)
{
    int64_t last = 0, n;

    h->runs = true;
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        if (o->columns[k].kind != COL_OTHER || !roster_day_number(&row->cells[k], &n))
            continue;
        h->runs = h->runs && (h->numbers == 0 || n == last + 1 ||
                              (n == 1 && last >= 28 && o->month == 0)); /* a week of two months */
        last = n;
        h->numbers++;
    }
}

static void read_numbers(struct roster_reader *o, const struct row *row)
{
    int64_t n;

    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        struct roster_column *col = &o->columns[k];

        if (col->kind != COL_OTHER || !roster_day_number(&row->cells[k], &n))
            continue;
        if (!roster_numbered_day(o, n, &col->day)) {
            if (o->month == 0)
                continue;         /* no day of the title's range */
            col->day = TIME_NONE; /* an error only when somebody stands there */
        }
        col->kind = COL_DAY;
    }
}

/* “Thứ” is the column of dates where there is no other and the title names the week. */
static void find_weekdays(struct roster_reader *o, const struct row *row, struct head *h)
{
    for (uint32_t k = 0; h->dates == 0 && k < o->column_count; k++) {
        if (o->columns[k].kind == COL_OTHER && row->cells[k].kind == CELL_TEXT &&
            words_any(weekday_names, cell_text(&row->cells[k]))) {
            o->columns[k].kind = COL_DATE;
            h->dates = 1;
        }
    }
}

/* “Thời gian trực” over cells with dates of their own (“Từ 07h30 ngày 01/12 đến …”) is the column
 * of dates where there is no other. */
static void find_spans(struct roster_reader *o, uint32_t i, struct head *h)
{
    enum { ROWS_BELOW = 3 };
    int64_t day;
    int from, until;

    for (uint32_t k = 0; h->dates == 0 && k < o->column_count; k++) {
        for (uint32_t n = i + 1; n < CANH_MIN(o->sheet->row_count, i + ROWS_BELOW + 1); n++) {
            if (o->columns[k].kind != COL_SHIFT ||
                roster_read_span(o, row_cell(&o->sheet->rows[n], k + 1), &day, &from, &until) < 0)
                continue;
            o->columns[k].kind = COL_DATE;
            h->dates = 1;
        }
    }
}

/* “Ngày dương”, “Ngày trực Tết”: some heading of days over cells that are days. */
static bool speaks_of_days(struct slice heading)
{
    struct buf key = BUF_INIT(400);
    bool yes;

    if (heading.n <= 100)
        viet_key(heading, &key);
    yes = (words_key_has(buf_slice(&key), "ngay") || words_key_has(buf_slice(&key), "duong lich") ||
           words_key_has(buf_slice(&key), "duong")) &&
          !words_key_has(buf_slice(&key), "am") && !words_key_has(buf_slice(&key), "sinh") &&
          !words_key_has(buf_slice(&key), "truc ngay");
    buf_done(&key);
    return yes;
}

static void find_dates(struct roster_reader *o, uint32_t i, struct head *h)
{
    enum { ROWS_BELOW = 3 };
    const struct row *row = &o->sheet->rows[i];

    for (uint32_t k = 0; h->dates == 0 && k < o->column_count; k++) {
        if (o->columns[k].kind != COL_OTHER || row->cells[k].kind != CELL_TEXT ||
            !speaks_of_days(cell_text(&row->cells[k])))
            continue;
        for (uint32_t n = i + 1; n < CANH_MIN(o->sheet->row_count, i + ROWS_BELOW + 1); n++) {
            const struct cell *c = row_cell(&o->sheet->rows[n], k + 1);
            int64_t first, last;

            if ((c->flags & CELL_COVERED) || roster_read_days(o, c, &first, &last) < 0)
                continue;
            o->columns[k].kind = COL_DATE;
            h->dates = 1;
        }
    }
}

/* Two to six words with capitals: somebody's name, as far as letters tell. */
static bool looks_like_name(struct slice s)
{
    struct slice name, word, rest;
    unsigned words = 0;

    if (!words_next_name(&s, &name))
        return false;
    for (rest = name; slice_cut(&rest, ' ', &word); words++) {
        if (word.n == 0 || (word.p[0] < 0x80 && !(word.p[0] >= 'A' && word.p[0] <= 'Z')))
            return false;
    }
    return words >= 2 && words <= 6;
}

/* “Trực nghiệp vụ”, “Cán bộ VP trực”: any heading that speaks of standing, over names. */
static void find_names(struct roster_reader *o, uint32_t i, struct head *h)
{
    enum { ROWS_BELOW = 4 };
    const struct row *row = &o->sheet->rows[i];

    for (uint32_t k = 0; k < o->column_count; k++) {
        struct buf key = BUF_INIT(400);
        unsigned names = 0, others = 0;

        if (o->columns[k].kind == COL_OTHER && row->cells[k].kind == CELL_TEXT &&
            row->cells[k].n <= 100)
            viet_key(cell_text(&row->cells[k]), &key);
        for (uint32_t n = i + 1; words_key_has(buf_slice(&key), "truc") &&
                                 n < CANH_MIN(o->sheet->row_count, i + ROWS_BELOW + 1);
             n++) {
            struct slice s = slice_trim(cell_text(row_cell(&o->sheet->rows[n], k + 1)));

            names += looks_like_name(s);
            others += s.n > 0 && !looks_like_name(s);
        }
        buf_done(&key);
        if (names > 0 && others == 0) {
            o->columns[k].kind = COL_PERSON;
            h->persons++;
        }
    }
}

static struct head judge_row(struct roster_reader *o, const struct row *row)
{
    struct head h = {.runs = true};
    int64_t last = TIME_NONE; /* a merged title shows one date in each of its columns */

    o->column_count = CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX);
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct roster_column *col = &o->columns[k];

        judge_column(o, &row->cells[k], col);
        h.dates += col->kind == COL_DATE;
        h.persons += col->kind == COL_PERSON || col->kind == COL_FAMILY;
        h.shift_columns += col->kind == COL_SHIFT_OF;
        h.days += col->kind == COL_DAY && col->day != last;
        last = col->kind == COL_DAY ? col->day : last;
    }
    if (o->title_first != TIME_NONE && h.days == 0)
        find_weekdays(o, row, &h);
    if (o->month || o->title_first != TIME_NONE)
        find_numbers(o, row, &h);
    return h;
}

/* The name column of a heading of two rows may stand in the upper one only. */
static bool name_above(struct roster_reader *o, uint32_t i)
{
    const struct row *row;

    if (i == 0)
        return false;
    row = &o->sheet->rows[i - 1];
    for (uint32_t k = 0; k < CANH_MIN(row->count, (uint32_t)ROSTER_COLUMNS_MAX); k++) {
        if (row->cells[k].kind == CELL_TEXT && words_any(person_names, cell_text(&row->cells[k])) &&
            (k >= o->column_count || o->columns[k].kind == COL_OTHER)) {
            while (o->column_count <= k)
                o->columns[o->column_count++] = (struct roster_column){.kind = COL_OTHER};
            o->columns[k].kind = COL_PERSON;
            return true;
        }
    }
    return false;
}

/* One heading “Họ và tên” over two columns, each with cells of its own below. */
static bool is_half_of(const struct roster_reader *o, const struct row *row, uint32_t k)
{
    const struct cell *a = &row->cells[k], *b = &row->cells[k + 1];

    return o->columns[k + 1].kind == COL_PERSON && !(a->flags & CELL_COVERED) &&
           (b->flags & CELL_COVERED) && slice_eq(cell_text(a), cell_text(b));
}

/* A column of family names goes with the next one of given names; alone it holds whole names. */
static void join_names(struct roster_reader *o, const struct row *row)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        struct roster_column *c = &o->columns[k], *next = c + 1;
        bool pair = k + 1 < o->column_count && next->kind == COL_PERSON;

        if (c->kind == COL_FAMILY && !pair)
            c->kind = COL_PERSON;
        else if (c->kind == COL_PERSON && pair && is_half_of(o, row, k))
            c->kind = COL_FAMILY;
        if (c->kind == COL_FAMILY)
            next->family = k + 1;
    }
}

static struct slice column_heading(const struct roster_reader *o, uint32_t k)
{
    return slice_trim(cell_text(row_cell(&o->sheet->rows[o->head], k + 1)));
}

/* Columns that were given posts. A heading that is not there would lose people without a word. */
static void read_posts(struct roster_reader *o)
{
    bool leader = false, given = o->opt->column_count > 0;
    uint32_t persons = 0, first = 0;

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind != COL_PERSON)
            continue;
        leader = leader || words_any(leader_names, column_heading(o, k)) ||
                 names_role(without_brackets(column_heading(o, k)));
        first = persons++ == 0 ? k : first;
        for (size_t i = 0; i < o->opt->column_count; i++) {
            if (words_same(o->opt->columns[i].heading, column_heading(o, k)))
                o->columns[k].post = o->opt->columns[i].post;
        }
    }
    if (leader && !given &&
        ((persons > 1 && o->out->layout == ROSTER_LIST) || o->out->layout == ROSTER_SHIFTS))
        roster_note_posts(o, first);
    for (size_t i = 0; i < o->opt->column_count; i++)
        roster_find_post_column(o, &o->opt->columns[i]);
}

/* Columns of shifts with names below them, and not with ticks for the name that a row has. */
static bool shifts_hold_names(const struct roster_reader *o, uint32_t i)
{
    enum { ROWS_BELOW = 6 };

    for (uint32_t n = i + 1; n < CANH_MIN(o->sheet->row_count, i + ROWS_BELOW + 1); n++) {
        for (uint32_t k = 0; k < o->column_count; k++) {
            struct slice s = cell_text(row_cell(&o->sheet->rows[n], k + 1)), name;

            if (o->columns[k].kind == COL_SHIFT_OF && !words_is_tick(s) &&
                words_next_name(&s, &name))
                return true;
        }
    }
    return false;
}

static bool has_kind(const struct roster_reader *o, enum roster_column_kind kind)
{
    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind == kind)
            return true;
    }
    return false;
}

static bool roster_head_choose(struct roster_reader *o, uint32_t i, struct head h)
{
    const struct row *row = &o->sheet->rows[i];
    bool numbers = h.numbers >= DAYS_LEAST && h.runs;

    if ((h.days >= 2 || numbers) && (h.persons > 0 || name_above(o, i))) {
        if (h.days < 2)
            read_numbers(o, row);
        o->out->layout = ROSTER_PEOPLE;
        return true;
    }
    if (h.dates > 0 && h.shift_columns > 0 && h.persons > 0 && !has_kind(o, COL_SHIFT) &&
        !has_kind(o, COL_FROM) && shifts_hold_names(o, i)) {
        o->out->layout = ROSTER_SHIFTS;
        return true;
    }
    if (h.dates > 0 && h.persons > 0) {
        o->out->layout = ROSTER_LIST;
        return true;
    }
    if (h.dates > 0 && h.shift_columns > 0) {
        o->out->layout = ROSTER_SHIFTS;
        return true;
    }
    if (h.days >= 2 && h.dates == 0) {
        o->out->layout = ROSTER_DAYS;
        return true;
    }
    return false;
}

/* What stands in a column under “Thời gian”: days, or times of shifts? */
static bool holds_days(const struct roster_reader *o, uint32_t i, uint32_t k, bool *ret_shifts)
{
    enum { ROWS_BELOW = 6 };

    *ret_shifts = false;
    for (uint32_t n = i + 1; n < CANH_MIN(o->sheet->row_count, i + ROWS_BELOW + 1); n++) {
        const struct cell *c = row_cell(&o->sheet->rows[n], k + 1);
        int64_t first, last;
        int from, until;

        if (roster_read_span(o, c, &first, &from, &until) == 0 ||
            roster_read_days(o, c, &first, &last) == 0)
            return true;
        *ret_shifts = *ret_shifts || words_is_shift(cell_text(c));
    }
    return false;
}

/* Of several columns that could be of dates the first with days is; one with shifts says when. */
static void choose_dates(struct roster_reader *o, uint32_t i)
{
    uint32_t dates = 0, chosen = UINT32_MAX;
    bool shifts;

    for (uint32_t k = 0; k < o->column_count; k++) {
        if (o->columns[k].kind != COL_DATE)
            continue;
        dates++;
        if (chosen == UINT32_MAX && holds_days(o, i, k, &shifts))
            chosen = k;
    }
    for (uint32_t k = 0; dates > 1 && chosen != UINT32_MAX && k < o->column_count; k++) {
        if (o->columns[k].kind == COL_DATE && k != chosen)
            o->columns[k].kind = !holds_days(o, i, k, &shifts) && shifts ? COL_SHIFT : COL_OTHER;
    }
}

/* Whether a heading would be there if its dates had a year. */
static bool lacks_year(struct roster_reader *o)
{
    enum { SOME_YEAR = 2024 };
    bool found = false;

    if (o->year != 0)
        return false;
    o->year = SOME_YEAR;
    for (uint32_t i = 0; !found && i < CANH_MIN(o->sheet->row_count, (uint32_t)ROSTER_HEAD_ROWS);
         i++)
        found = roster_head_choose(o, i, judge_row(o, &o->sheet->rows[i]));
    o->year = 0;
    return found;
}

int roster_find_head(struct roster_reader *o)
{
    for (uint32_t i = 0; i < CANH_MIN(o->sheet->row_count, (uint32_t)ROSTER_HEAD_ROWS); i++) {
        struct head h = judge_row(o, &o->sheet->rows[i]);

        find_spans(o, i, &h);
        if (h.dates > 0)
            find_names(o, i, &h);
        if (h.persons + h.shift_columns > 0)
            find_dates(o, i, &h);
        choose_dates(o, i);
        if (roster_head_choose(o, i, h)) {
            o->head = i;
            join_names(o, &o->sheet->rows[i]);
            read_posts(o);
            return 0;
        }
    }
    if (lacks_year(o))
        return err_fail(o->err, CE_MISSING, ERR_IMPORT_ROSTER_NO_YEAR);
    return err_fail(o->err, CE_MISSING, ERR_IMPORT_NO_ROSTER);
}
