/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What copying from a page (a law portal, a PDF) does to a letter's head: cells end with a bar on a
 * line of its own, names and dates are broken anywhere (“ỦY” / “BAN NHÂN DÂN”), other things are
 * glued together, and the portal's own words stand above. Lines become those of the letter again,
 * and rows with bars between their cells (“| 1 | Sao lưu | Sở A |”) a table.
 */
#include "base/ascii.h"
#include "base/num.h"
#include "plan/draft_text.h"

enum { TABLE_CELLS = 3, HEAD_LINES = 60, LINE_PARTS = 6, BRACKET_LINES = 8, WORD_MAX = 24 };

struct page {
    struct arena *arena;
    struct draft_para *lines;
    size_t n, cap;
    uint32_t table;
    bool failed;
};

static const char motto[] = "CỘNG HÒA XÃ HỘI";

static void draft_page_write(struct page *p, struct slice text, const struct draft_para *from)
{
    text = slice_trim(text);
    if (text.n == 0 || p->n == p->cap)
        return;
    p->lines[p->n] = *from;
    p->lines[p->n++].text = text;
}

/* A row of a table that was copied as text: “| a | b |”. */
static struct slice without_bars(struct slice s)
{
    struct slice all = slice_trim(s);

    s = all;
    while (s.n > 0 && s.p[0] == '|')
        s = slice_trim(slice_from(s, 1));
    while (s.n > 0 && s.p[s.n - 1] == '|')
        s = slice_trim(slice_head(s, s.n - 1));
    return s.n > 0 ? s : all; /* a bar alone parts cells */
}

/* Where a line with “…, ngày 5 tháng 10 năm 2026” ends: behind the year. 0: it has none. */
static size_t date_end(struct slice s)
{
    size_t day = slice_find(s, SLICE("ngày ")), year = slice_find(s, SLICE("năm "));
    size_t at = year + 5;

    if (day == SIZE_MAX || year == SIZE_MAX || day > 60 || year < day || year - day > 40 ||
        slice_find_byte(slice_head(s, day), ',') == SIZE_MAX)
        return 0;
    while (at < s.n && ascii_is_digit(s.p[at]))
        at++;
    return at == year + 9 ? at : 0;
}

/* What stands behind the date on its line is another line. */
static void write_date(struct page *p, struct slice s, const struct draft_para *from)
{
    size_t end = date_end(s);
    struct slice after = slice_trim(slice_from(s, end));

    if (end > 0 && draft_kind(after) > 0) {
        draft_page_write(p, slice_head(s, end), from);
        s = after;
    }
    draft_page_write(p, s, from);
}

/* “2 ỦY BAN NHÂN DÂN …”: the number of the page goes. */
static struct slice without_page_number(struct slice s)
{
    size_t i = 0;

    while (i < s.n && ascii_is_digit(s.p[i]))
        i++;
    return i > 0 && i < s.n && s.p[i] == ' ' ? slice_from(s, i + 1) : s;
}

/* A whole letterhead on one line: issuer, motto, number, place and date. */
static bool write_whole_head(struct page *p, struct slice s, const struct draft_para *from)
{
    static const struct slice last = SLICE_INIT("Hạnh phúc");
    size_t at, end, number, n = sizeof("Số:") - 1;

    s = without_page_number(s);
    at = slice_find(s, slice_str(motto));
    end = slice_find(s, last);
    number = slice_find(s, SLICE(" Số:"));
    if (at == SIZE_MAX || at == 0 || end == SIZE_MAX || end < at || number == SIZE_MAX ||
        number < end)
        return false;
    draft_page_write(p, slice_head(s, at), from);
    draft_page_write(p, slice_of(s.p + at, end + last.n - at), from);
    s = slice_from(s, number + 1);
    n += n < s.n && s.p[n] == ' ';
    while (n < s.n && s.p[n] != ' ')
        n++;
    draft_page_write(p, slice_head(s, n), from);
    write_date(p, slice_from(s, n), from);
    return true;
}

static bool is_prefix(struct slice s, struct slice of)
{
    return s.n < of.n && slice_starts(of, s);
}

/* Empty: nothing in a letterhead is so long. */
static struct slice draft_page_joined(struct page *p, struct slice a, struct slice b)
{
    enum { JOINED_MAX = 60000 };
    struct buf text = BUF_INIT(1 << 16);
    struct slice ret;

    if (a.n > JOINED_MAX || b.n > JOINED_MAX - a.n)
        return SLICE_NULL;
    buf_printf(&text, SLICE_FMT " " SLICE_FMT, SLICE_ARG(a), SLICE_ARG(b));
    ret = arena_dup(p->arena, buf_slice(&text));
    p->failed = p->failed || text.err || ret.p == NULL;
    buf_done(&text);
    return ret;
}

/* The beginning of a name that every letterhead has, broken in its middle. */
static bool is_broken_phrase(struct slice a, struct slice both)
{
    static const char *const phrases[] = {
        "ỦY BAN NHÂN DÂN",
        "UỶ BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Độc lập – Tự do – Hạnh phúc",
    };

    for (size_t i = 0; i < CANH_LEN(phrases); i++) {
        struct slice phrase = slice_str(phrases[i]);

        if (is_prefix(a, phrase) && (is_prefix(both, phrase) || slice_starts(both, phrase)))
            return true;
    }
    return false;
}

/* “… CỦA ỦY” above “BAN NHÂN DÂN XÃ …”. */
static bool is_broken_word(struct slice a, struct slice b)
{
    return (slice_ends(a, SLICE(" ỦY")) || slice_ends(a, SLICE(" UỶ"))) &&
           slice_starts(b, SLICE("BAN NHÂN DÂN"));
}

/* “Lam” above “Giang, ngày …”: the beginning of the place, behind a rule or a bar. */
static bool is_broken_place(const struct page *p, struct slice a, struct slice b)
{
    if (p->n < 2 || !draft_is_rule(p->lines[p->n - 2].text) || a.n > WORD_MAX ||
        draft_is_capitals(a) || marker_read(a).kind != MARKER_NONE)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (a.p[i] == ' ' || a.p[i] == ':' || a.p[i] == '/' || ascii_is_digit(a.p[i]))
            return false;
    }
    return slice_find(slice_head(b, 60), SLICE(", ngày")) != SIZE_MAX;
}

static bool is_broken(const struct page *p, struct slice a, struct slice b, struct slice both)
{
    size_t day = slice_find(a, SLICE(", ngày"));

    if (is_broken_phrase(a, both) || is_broken_word(a, b) || is_broken_place(p, a, b))
        return true;
    return day != SIZE_MAX && day < 60 && date_end(a) == 0 && date_end(both) > 0;
}

/* “(Ban hành kèm theo Quyết định số …)” over several lines. */
static bool is_open_bracket(struct slice s)
{
    return (slice_starts(s, SLICE("(Ban hành")) || slice_starts(s, SLICE("(Kèm theo")) ||
            slice_starts(s, SLICE("(ban hành")) || slice_starts(s, SLICE("(kèm theo"))) &&
           slice_find_byte(s, ')') == SIZE_MAX;
}

static size_t count_bars(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '|';
    return n;
}

/* The rows of a table that begins at a line: those in one go that have bars between their cells,
 * the first of them at least three. 0: no table begins here. */
static size_t table_rows(const struct draft_para *lines, size_t count)
{
    size_t rows = 0;

    if (count_bars(without_bars(lines[0].text)) + 1 < TABLE_CELLS)
        return 0;
    while (rows < count && count_bars(without_bars(lines[rows].text)) > 0)
        rows++;
    return rows > 1 ? rows : 0;
}

/* A row cell by cell; one without a word has no paragraph. */
static void write_row(struct page *p, const struct draft_para *from, uint32_t row)
{
    struct slice rest = slice_trim(from->text), cell;
    struct draft_para para = *from;

    para.table = p->table;
    para.row = row;
    if (rest.n > 0 && rest.p[0] == '|')
        rest = slice_from(rest, 1);
    while (slice_cut(&rest, '|', &cell)) {
        para.col++;
        if (!draft_is_rule(cell))
            draft_page_write(p, cell, &para);
    }
}

/* Puts a line, or makes it a part of the one before. */
static void draft_page_read(struct page *p, struct slice s, const struct draft_para *from,
                            unsigned *bracket)
{
    bool after = p->n > 0 && p->lines[p->n - 1].table == 0;
    struct slice *last = after ? &p->lines[p->n - 1].text : NULL;
    bool open = last && is_open_bracket(*last) && ++*bracket < BRACKET_LINES;
    struct slice both =
        last && (open || p->n < HEAD_LINES) ? draft_page_joined(p, *last, s) : SLICE_NULL;

    if (both.p != NULL && (open || is_broken(p, *last, s, both))) {
        *last = both;
        return;
    }
    *bracket = 0;
    if (p->n >= HEAD_LINES)
        draft_page_write(p, s, from);
    else if (!write_whole_head(p, s, from))
        write_date(p, s, from);
}

static bool has_motto(struct arena *arena, struct slice s)
{
    return draft_is_motto(arena, s) || slice_find(s, slice_str(motto)) != SIZE_MAX ||
           slice_find(s, SLICE("CỘNG HOÀ XÃ HỘI")) != SIZE_MAX;
}

/* How many lines of something else stand above the letterhead: it begins with an agency in
 * capitals no later than with the motto. */
static size_t find_letter(const struct page *p)
{
    size_t end = 0;

    while (end < p->n && end < HEAD_LINES && !has_motto(p->arena, p->lines[end].text))
        end++;
    if (end == p->n || end == HEAD_LINES)
        return 0;
    for (size_t i = 0; i <= end; i++) {
        if (draft_is_capitals(p->lines[i].text) && draft_is_agency(p->arena, p->lines[i].text))
            return i;
    }
    return 0;
}

/* A line that is a number and nothing else, with dashes or “Trang” around it; -1: it is none. */
static int lone_number(struct slice s)
{
    int64_t n;

    s = slice_trim(s);
    if (slice_starts(s, SLICE("Trang ")))
        s = slice_from(s, sizeof("Trang ") - 1);
    while (s.n > 0 && (s.p[0] == '-' || s.p[0] == ' ' || s.p[0] == '\f'))
        s = slice_from(s, 1);
    while (s.n > 0 && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == ' '))
        s = slice_head(s, s.n - 1);
    return s.n <= 3 && num_range(s, 1, 999, &n) == 0 ? (int)n : -1;
}

/* Whether the numbers that stand alone on lines are those of pages: 2, 3, … in one row and no
 * other. The first page has none (NĐ 30/2020), and rows of a table begin with 1. */
static bool has_page_numbers(const struct draft_para *paras, size_t count)
{
    int next = 2;

    for (size_t i = 0; i < count; i++) {
        int n = lone_number(paras[i].text);

        if (n >= 0 && n != next++)
            return false;
    }
    return next > 2;
}

int draft_page(struct arena *arena, const struct draft_para *paras, size_t count,
               struct draft_para **ret, size_t *ret_count, size_t *ret_above, struct err *err)
{
    struct page p = {.arena = arena, .cap = count + (size_t)LINE_PARTS * HEAD_LINES};
    bool numbered = has_page_numbers(paras, count);
    unsigned bracket = 0;

    for (size_t i = 0; i < count; i++)
        p.cap += count_bars(paras[i].text);
    p.lines = arena_new_array(arena, p.cap, struct draft_para);
    if (p.lines == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < count;) {
        size_t rows = table_rows(&paras[i], count - i);

        p.table += rows > 0;
        for (uint32_t row = 1; row <= rows; row++)
            write_row(&p, &paras[i++], row);
        if (rows == 0 && numbered && lone_number(paras[i].text) >= 0) {
            i++;
        } else if (rows == 0) {
            draft_page_read(&p, without_bars(paras[i].text), &paras[i], &bracket);
            i++;
        }
    }
    if (p.failed)
        return err_nomem(err);
    *ret = p.lines;
    *ret_count = p.n;
    *ret_above = find_letter(&p);
    return 0;
}
