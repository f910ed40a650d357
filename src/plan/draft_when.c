/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/draft_when.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/time.h"
#include "plan/draft_token.h"

enum { DAYS_MAX = 799, SPAN_MAX = 9999 };

/* The event of plans/catalogue.yaml that is spoken of nearest to a place, from which a span of time
 * counts; NULL: the sentence speaks of none. */
static const char *event_near(const struct token_list *l, size_t place)
{
    static const struct {
        const char *one, *two, *event; /* event NULL: some event; which one is said elsewhere */
    } words[] = {{"su", "co", "incident"},
                 {"bat", "thuong", "incident"},
                 {"tan", "cong", "incident"},
                 {"canh", "bao", "incident"},
                 {"phat", "hien", "incident"},
                 {"dut", "cap", "cable-cut"},
                 {"cat", "cap", "cable-cut"},
                 {"gian", "doan", "network-fault"},
                 {"mat", "lien", "network-fault"},
                 {"nghen", "mang", "congestion"},
                 {"lo", "lot", "leak"},
                 {"vuong", "mac", "difficulty"},
                 {"yeu", "cau", "written-order"},
                 {"ho", "tro", "help-request"},
                 {"xay", "ra", NULL},
                 {"tu", "khi", NULL},
                 {"tu", "luc", NULL},
                 {"thoi", "diem", NULL},
                 {"khi", "co", NULL},
                 {"khi", "nhan", NULL},
                 {"sau", "khi", NULL},
                 {"ngay", "khi", NULL}};
    const char *event = NULL;
    size_t nearest = SIZE_MAX;
    bool some = false;

    for (size_t k = 0; k + 1 < l->count; k++) {
        size_t away = k > place ? k - place : place - k;

        for (size_t e = 0; e < CANH_LEN(words); e++) {
            if (!token_are(l, k, words[e].one, words[e].two))
                continue;
            some = true;
            if (words[e].event && away < nearest && !(k > 0 && token_is(l, k - 1, "ung"))) {
                event = words[e].event;
                nearest = away;
            }
        }
    }
    return event || !some ? event : "incident";
}

/* Behind “trong”, “chậm nhất”, “không quá”: where the count stands; 0: it is no span. */
static size_t span_begin(const struct token_list *l, size_t i)
{
    static const char *const first[][2] = {{"cham", "nhat"}, {"muon", "nhat"}, {"khong", "qua"},
                                           {"toi", "da"},    {"cham", "qua"},  {"muon", "hon"},
                                           {"cham", "hon"}};
    static const char *const fill[] = {"vong", "thoi", "han", "gian", "khong", "qua", "toi", "da",
                                       "cham", "nhat", "sau", "muon", "hon",   "la",  NULL};
    bool within = token_is(l, i, "trong");
    size_t k = i + 1, n;

    for (size_t w = 0; w < CANH_LEN(first); w++)
        within = within || token_are(l, i, first[w][0], first[w][1]);
    while (within && token_is_one_of(l, k, fill))
        k++;
    if (!within || token_amount(l, k, &n) < 1)
        return 0;
    return k > i + 1 || token_unit(l, k + n) == UNIT_MINUTE || token_unit(l, k + n) == UNIT_HOUR
               ? k
               : 0;
}

/* “văn bản này”, or “công văn” with nothing behind it that says which; not “thông tin”, “văn bản
 * của bên báo”. A notice may be about anything: only “thông báo này” is the letter. */
static bool is_this_letter(const struct token_list *l, size_t k)
{
    static const char *const papers[][2] = {{"van", "ban"},  {"cong", "van"}, {"cong", "dien"},
                                            {"ke", "hoach"}, {"chi", "thi"},  {"quyet", "dinh"}};
    bool paper = false;
    size_t to;

    if (token_is(l, k + 2, "nay"))
        paper = token_are(l, k, "thong", "bao");
    for (size_t i = 0; i < CANH_LEN(papers) && !paper; i++)
        paper = token_are(l, k, papers[i][0], papers[i][1]);
    if (!paper || k + 2 >= l->count || token_is(l, k + 2, "nay") || l->tokens[k + 2].opens)
        return paper;
    to = l->tokens[k + 1].to;
    return to < l->text.n && (l->text.p[to] == ',' || l->text.p[to] == ')');
}

/* “kể từ khi nhận được văn bản này”, “kể từ ngày ký”: the letter is what a span counts from. */
static bool counts_from_letter(const struct token_list *l, size_t i)
{
    static const char *const other[] = {"hop", "ket", NULL}; /* “ký hợp đồng” */
    enum { REACH = 5, BEFORE = 6 };

    for (size_t k = i; k-- > 0 && i - k <= BEFORE && !l->tokens[k + 1].opens;) {
        if (token_are(l, k, "hieu", "luc"))
            return false; /* nothing is to be done by then */
    }
    while (i < l->count && !l->tokens[i].opens && !token_are(l, i, "tu", "khi") &&
           !token_are(l, i, "tu", "ngay") && !token_are(l, i, "sau", "khi") &&
           !token_are(l, i, "tu", "luc"))
        i++;
    if (i >= l->count || l->tokens[i].opens)
        return false;
    if ((token_is(l, i + 2, "ky") && !token_is_one_of(l, i + 3, other)) ||
        token_are(l, i + 2, "ban", "hanh"))
        return true;
    for (size_t k = i + 3; token_is(l, i + 2, "nhan") && k < i + REACH; k++) {
        if (is_this_letter(l, k))
            return true;
    }
    return false;
}

/* “trong vòng 30 phút”, “trong thời hạn 02 giờ”, “chậm nhất 24 (hai mươi tư) giờ kể từ khi …”. */
static bool within_at(const struct token_list *l, size_t i, int64_t start, struct draft_when *ret)
{
    enum { WORKDAYS_MAX = 260 };
    size_t k = span_begin(l, i), n = 0, unit;
    bool letter = k && counts_from_letter(l, k);
    const char *event = k && !letter ? event_near(l, i) : NULL, *letters;
    int count = token_amount(l, k, &n);
    bool workdays;

    if (event == NULL && (!letter || start == TIME_NONE))
        return false;
    unit = k + n;
    workdays = token_unit(l, unit) == UNIT_DAY && token_are(l, unit + 1, "lam", "viec");
    letters = workdays                             ? "wd"
              : token_unit(l, unit) == UNIT_MINUTE ? "m"
              : token_unit(l, unit) == UNIT_HOUR   ? "h"
              : token_unit(l, unit) == UNIT_DAY    ? "d"
                                                   : NULL;
    if (letters == NULL || count > (workdays ? WORKDAYS_MAX : SPAN_MAX))
        return false;
    if (letter)
        (void)snprintf(ret->every, sizeof(ret->every), "at-start(%d%s)", count, letters);
    else
        (void)snprintf(ret->every, sizeof(ret->every), "within(%d%s, %s)", count, letters, event);
    ret->word = token_words(l, i, workdays ? unit + 2 : unit);
    return true;
}

/* Once, by a time of a day: so long after the plan's start; by the full hour before it where
 * minutes are too many. */
static bool write_time(int64_t start, int64_t day, int minute, struct draft_when *ret)
{
    int64_t minutes = (day - start) * 24 * 60 + minute;
    bool hours = minutes % 60 == 0 || minutes > SPAN_MAX;
    int64_t count = hours ? minutes / 60 : minutes;

    if (start == TIME_NONE || minutes < 1 || count > SPAN_MAX)
        return false;
    (void)snprintf(ret->every, sizeof(ret->every), "at-start(%d%c)", (int)count, hours ? 'h' : 'm');
    return true;
}

/* Once, by the end of a day: so long after the plan's start. */
static bool write_date(int64_t start, int64_t day, bool before, struct draft_when *ret)
{
    int64_t days = day - start + (before ? 0 : 1);

    if (start == TIME_NONE || days < 1 || days > DAYS_MAX)
        return false;
    (void)snprintf(ret->every, sizeof(ret->every), "at-start(%dd)", (int)days);
    return true;
}

static int year_of(int64_t day)
{
    int year = 0;
    unsigned month, d;

    if (day != TIME_NONE)
        date_from_days(day, &year, &month, &d);
    return year;
}

static unsigned quarter_of(const struct token_list *l, size_t i)
{
    static const char *const names[] = {"i", "ii", "iii", "iv"};

    for (unsigned k = 0; k < CANH_LEN(names); k++) {
        if (token_is(l, i, names[k]) || token_number(l, i) == (int)k + 1)
            return k + 1;
    }
    return 0;
}

/* The last day of a month. */
static int64_t month_end(int year, unsigned month)
{
    return days_from_date(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - 1;
}

/* “Tháng 12/2026”, “Quý IV/2026”, “Năm 2026”: the last of their days. */
static bool span_at(const struct token_list *l, size_t i, int64_t *ret)
{
    int month = token_number(l, i + 1), year = token_number(l, i + 3);

    if (token_is(l, i, "nam") && month >= 1900 && month < 2200) {
        *ret = month_end(month, 12);
        return true;
    }
    if (token_is(l, i, "quy") && quarter_of(l, i + 1) > 0) {
        year = year < 1900 ? token_number(l, i + 2) : year;
        if (year < 1900 || year >= 2200)
            return false;
        *ret = month_end(year, quarter_of(l, i + 1) * 3);
        return true;
    }
    if (!token_is(l, i, "thang") || month < 1 || month > 12 || year < 1900 || year >= 2200)
        return false;
    *ret = month_end(year, (unsigned)month);
    return true;
}

static size_t span_tokens(const struct token_list *l, size_t i)
{
    return token_is(l, i, "nam") ? 2 : token_number(l, i + 3) >= 1900 ? 4 : 3;
}

/* “hết quý I/2027”, “chậm nhất tháng 02/2027”: by the last of its days. */
static bool write_span_end(const struct token_list *l, size_t first, size_t i, int64_t start,
                           struct draft_when *ret)
{
    int64_t day;

    if (!span_at(l, i, &day) || !write_date(start, day, false, ret))
        return false;
    ret->word = token_words(l, first, i + span_tokens(l, i) - 1);
    return true;
}

/* “trước tháng 02/2027”: before the first of its days. */
static bool write_span_begin(const struct token_list *l, size_t first, size_t i, int64_t start,
                             struct draft_when *ret)
{
    unsigned month, day;
    int64_t last;
    int year, months = token_is(l, i, "nam") ? 12 : token_is(l, i, "quy") ? 3 : 1;

    if (!span_at(l, i, &last))
        return false;
    date_from_days(last, &year, &month, &day);
    last = days_from_date(year, month - (unsigned)months + 1, 1);
    if (!write_date(start, last, true, ret))
        return false;
    ret->word = token_words(l, first, i + span_tokens(l, i) - 1);
    return true;
}

/* “trong tháng 02/2027”, “trong quý I/2027”: by the last of its days; not “từ ngày … trong …”. */
static bool period_at(const struct token_list *l, size_t i, int64_t start, struct draft_when *ret)
{
    return token_is(l, i, "trong") && write_span_end(l, i, i + 1, start, ret);
}

/* “trước ngày 15/12/2026”, “chậm nhất 17 giờ 00 ngày 15/12”, “hoàn thành đến hết ngày …”. */
static bool deadline_at(const struct token_list *l, size_t i, int64_t start, struct draft_when *ret)
{
    static const char *const words[] = {"truoc", "nhat", "xong", "thanh", "het",
                                        "han",   "chot", "cuoi", NULL};
    static const char *const fill[] = {"la", "vao", "den", "het", "toi", "cuoi", "cung", NULL};
    enum { WHOLE_DATE = 5 }; /* tokens of 25/4/2027 */
    size_t k = i + 1, n = 0;
    int64_t day;
    int minute;
    bool said, before = token_is(l, i, "truoc");

    if (!token_is_one_of(l, i, words))
        return false;
    if (token_is(l, k, "truoc") || token_is(l, k, "trong"))
        return false; /* the word behind says it */
    while (k < i + 4 && token_is_one_of(l, k, fill))
        k++;
    minute = token_clock(l, k, &n);
    if (minute >= 0) {
        before = false;
        k += n;
    }
    if (token_is(l, k, "la"))
        k++;
    said = token_is(l, k, "ngay");
    if (span_at(l, k, &day))
        return before ? write_span_begin(l, i, k, start, ret) : write_span_end(l, i, k, start, ret);
    if (!token_date(l, k + said, year_of(start), &day, &n) || (!said && n < WHOLE_DATE))
        return false;
    if (!(minute >= 0 && write_time(start, day, minute, ret)) &&
        !write_date(start, day, before, ret))
        return false;
    ret->word = token_words(l, i, k + said + n - 1);
    return true;
}

bool draft_when_read(struct slice text, int64_t start, struct draft_when *ret)
{
    struct token_list l;
    bool found;

    *ret = (struct draft_when){.every = ""};
    if (!token_list_open(&l, text))
        return false;
    found = false;
    for (size_t i = 0; i < l.count && !found; i++)
        found = draft_every_at(&l, i, ret);
    for (size_t i = 0; i < l.count && !found; i++)
        found = within_at(&l, i, start, ret);
    for (size_t i = 0; i < l.count && !found; i++)
        found = deadline_at(&l, i, start, ret) || period_at(&l, i, start, ret);
    token_list_close(&l);
    return found;
}

bool draft_when_next(struct slice text, const struct draft_when *first, struct draft_when *ret)
{
    size_t end = (size_t)(first->word.p - text.p) + first->word.n;

    *ret = (struct draft_when){.every = ""};
    return first->every[0] != 0 && first->word.p >= text.p && end < text.n &&
           draft_when_read(slice_from(text, end), TIME_NONE, ret) &&
           strcmp(ret->every, first->every) != 0;
}

bool draft_when_due(struct slice text, int64_t start, struct draft_when *ret)
{
    struct token_list l;
    int64_t last = TIME_NONE, day, from;
    bool found;

    if (draft_when_window(text, &from, &day) && write_date(start, day, false, ret)) {
        ret->word = slice_trim(text);
        return true;
    }
    if (draft_when_read(text, start, ret))
        return true;
    if (!token_list_open(&l, text))
        return false;
    for (size_t i = 0; i < l.count; i++) {
        size_t n = 0;

        if (token_date(&l, i, year_of(start), &day, &n)) {
            last = last == TIME_NONE ? day : CANH_MAX(last, day);
            i += n - 1;
        } else if (span_at(&l, i, &day)) {
            last = last == TIME_NONE ? day : CANH_MAX(last, day);
        }
    }
    found = last != TIME_NONE && write_date(start, last, false, ret);
    if (found)
        ret->word = slice_trim(text);
    token_list_close(&l);
    return found;
}

/* A date within a few words of a place. */
static bool date_near(const struct token_list *l, size_t i, size_t reach, int year, int64_t *ret,
                      size_t *ret_end)
{
    for (size_t k = i; k < i + reach; k++) {
        size_t n;

        if (token_is(l, k, "ngay") && token_date(l, k + 1, year, ret, &n)) {
            *ret_end = k + 1 + n;
            return true;
        }
        if (k == i && token_date(l, k, year, ret, &n)) {
            *ret_end = k + n;
            return true;
        }
    }
    return false;
}

/* “từ ngày 10 đến ngày 20/01/2027”, “từ 28/12 đến 03/01/2027”: the beginning takes from the end
 * what it does not say itself. */
static bool read_from_end(const struct token_list *l, size_t i, int64_t until, int64_t *ret_from)
{
    int year = year_of(until), day, month;
    unsigned end_month, end_day;
    size_t n;

    while (i < l->count && token_number(l, i) < 0)
        i++;
    if (token_clock(l, i, &n) >= 0) {
        i += n;
        i += token_is(l, i, "ngay");
    }
    date_from_days(until, &year, &end_month, &end_day);
    day = token_number(l, i);
    month = token_is(l, i + 1, "/") || token_is(l, i + 1, "thang") ? token_number(l, i + 2)
                                                                   : (int)end_month;
    if (day < 1 || month < 1 || !date_valid(year, (unsigned)month, (unsigned)day))
        return false;
    *ret_from = days_from_date(year, (unsigned)month, (unsigned)day);
    if (*ret_from > until && date_valid(year - 1, (unsigned)month, (unsigned)day))
        *ret_from = days_from_date(year - 1, (unsigned)month, (unsigned)day);
    return true;
}

/* Where the end of a window that begins at i is said: behind “đến”, “tới”; 0: nowhere near. */
static size_t window_end_at(const struct token_list *l, size_t i)
{
    enum { APART = 16 };

    for (size_t k = i + 1; k < i + APART && k < l->count; k++) {
        if (token_is(l, k, "den") || token_is(l, k, "toi"))
            return k + 1;
    }
    return 0;
}

bool draft_when_window(struct slice text, int64_t *ret_from, int64_t *ret_until)
{
    enum { REACH = 6 };
    struct token_list l;
    bool found = false;

    if (!token_list_open(&l, text))
        return false;
    for (size_t i = 0; i < l.count && !found; i++) {
        size_t end, begin_end, k = token_is(&l, i, "tu") ? window_end_at(&l, i) : 0;
        int64_t from, until;

        if (k == 0 || !date_near(&l, k, REACH, 0, &until, &end))
            continue;
        if ((!date_near(&l, i + 1, REACH, 0, &from, &begin_end) || begin_end > k) &&
            !read_from_end(&l, i + 1, until, &from))
            continue;
        found = from <= until;
        *ret_from = found ? from : *ret_from;
        *ret_until = found ? until : *ret_until;
    }
    token_list_close(&l);
    return found;
}
