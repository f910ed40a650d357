/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/draft_when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/time.h"
#include "lang/tone.h"

enum { TOKENS_MAX = 2000, TOKEN_BYTES = 12, NEAR = 8, DAYS_MAX = 799 };

/* A word without its marks in lower case, a number, or : / between numbers. */
struct token {
    char text[TOKEN_BYTES];
    int number; /* -1: none */
    size_t from, to;
};

struct when_reader {
    struct slice text;
    struct token *tokens;
    size_t count;
};

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

/* A sign between two digits counts as one that parts a time or a date. */
static char sign_of(uint32_t c, struct slice rest, bool after_digit)
{
    if (!after_digit || rest.n == 0 || !is_digit(rest.p[0]))
        return 0;
    return c == ':' ? ':' : c == '/' || c == '.' || c == '-' ? '/' : 0;
}

static struct token *new_token(struct when_reader *r, size_t from)
{
    struct token *t = &r->tokens[r->count++];

    *t = (struct token){.number = -1, .from = from, .to = from};
    return t;
}

static void read_tokens(struct when_reader *r)
{
    struct slice rest = r->text;
    struct token *word = NULL;
    bool digits = false;

    while (rest.n > 0 && r->count < TOKENS_MAX) {
        size_t from = r->text.n - rest.n, length;
        unsigned marks;
        uint32_t c = viet_next(&rest, &marks);
        bool wanted = is_digit(c) || is_letter(c);
        char sign = sign_of(c, rest, word != NULL && digits);

        if (!wanted || (word != NULL && digits != is_digit(c)))
            word = NULL;
        if (sign != 0) {
            struct token *t = new_token(r, from);

            t->text[0] = sign;
            t->to = r->text.n - rest.n;
        }
        if (!wanted)
            continue;
        if (word == NULL)
            word = new_token(r, from);
        digits = is_digit(c);
        length = strlen(word->text);
        if (length + 1 < TOKEN_BYTES)
            word->text[length] = (char)c;
        word->to = r->text.n - rest.n;
        if (digits && length < 6)
            word->number = atoi(word->text);
    }
}

static bool reading_open(struct when_reader *r, struct slice text)
{
    *r = (struct when_reader){.text = text, .tokens = malloc(TOKENS_MAX * sizeof(*r->tokens))};
    if (r->tokens != NULL)
        read_tokens(r);
    return r->tokens != NULL;
}

static bool token_is(const struct when_reader *r, size_t i, const char *word)
{
    return i < r->count && strcmp(r->tokens[i].text, word) == 0;
}

static bool is_one_of(const struct when_reader *r, size_t i, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(r, i, *words))
            return true;
    }
    return false;
}

static int number_at(const struct when_reader *r, size_t i)
{
    return i < r->count ? r->tokens[i].number : -1;
}

/* A count as a number or a word; -1: none. */
static int count_at(const struct when_reader *r, size_t i)
{
    static const char *const words[] = {"mot", "hai", "ba", "bon", "nam", "sau"};

    for (int k = 0; k < (int)CANH_LEN(words); k++) {
        if (token_is(r, i, words[k]))
            return k + 1;
    }
    return number_at(r, i);
}

static void draft_when_keep(const struct when_reader *r, size_t first, size_t last,
                            struct draft_when *ret)
{
    last = CANH_MIN(last, r->count - 1);
    ret->word =
        slice_of(r->text.p + r->tokens[first].from, r->tokens[last].to - r->tokens[first].from);
}

enum unit {
    UNIT_NONE,
    UNIT_HOUR,
    UNIT_SHIFT,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR
};

static enum unit unit_at(const struct when_reader *r, size_t i)
{
    static const struct {
        const char *word;
        enum unit unit;
    } units[] = {{"gio", UNIT_HOUR},  {"ca", UNIT_SHIFT},    {"ngay", UNIT_DAY},
                 {"tuan", UNIT_WEEK}, {"thang", UNIT_MONTH}, {"quy", UNIT_QUARTER},
                 {"nam", UNIT_YEAR}};

    for (size_t k = 0; k < CANH_LEN(units); k++) {
        if (token_is(r, i, units[k].word))
            return units[k].unit;
    }
    return UNIT_NONE;
}

/* 16 giờ 00, 16h30, 16:00 as minutes; *ret_n tokens. -1: none. */
static int clock_at(const struct when_reader *r, size_t i, size_t *ret_n)
{
    int hour = number_at(r, i), minute = number_at(r, i + 2);
    bool word = token_is(r, i + 1, "gio") || token_is(r, i + 1, "h"),
         colon = token_is(r, i + 1, ":");

    if (hour < 0 || hour > 24 || (!word && !(colon && minute >= 0)))
        return -1;
    *ret_n = 2;
    if (minute < 0 || minute > 59 || token_is(r, i + 3, "/") || token_is(r, i + 3, "thang"))
        minute = 0;
    else
        *ret_n = 3;
    return hour * 60 + minute < 1440 ? hour * 60 + minute : 1439;
}

/* D/M/Y, D tháng M năm Y, D/M: days since 1970; year 0: it must be said. *ret_n tokens. */
static bool date_at(const struct when_reader *r, size_t i, int year, int64_t *ret, size_t *ret_n)
{
    int day = number_at(r, i), month = number_at(r, i + 2), said = number_at(r, i + 4);

    if (!token_is(r, i + 1, "/") && !token_is(r, i + 1, "thang"))
        return false;
    *ret_n = 3;
    if ((token_is(r, i + 3, "/") || token_is(r, i + 3, "nam")) && said >= 1900 && said < 2200) {
        year = said;
        *ret_n = 5;
    }
    if (year == 0 || day < 1 || month < 1 || !date_valid(year, (unsigned)month, (unsigned)day))
        return false;
    *ret = days_from_date(year, (unsigned)month, (unsigned)day);
    return true;
}

/* What stands near a recurrence: a time of day, a weekday, a day of the month. */
struct near {
    int minute, weekday, day;
    bool before; /* “trước ngày 25”: by the end of the day before it */
    size_t first, last;
};

static int weekday_at(const struct when_reader *r, size_t i)
{
    static const char *const words[] = {"hai", "ba", "tu", "nam", "sau", "bay"};

    if (token_is(r, i, "chu") && token_is(r, i + 1, "nhat"))
        return 6;
    if (!token_is(r, i, "thu"))
        return -1;
    for (int k = 0; k < (int)CANH_LEN(words); k++) {
        if (token_is(r, i + 1, words[k]) || number_at(r, i + 1) == k + 2)
            return k;
    }
    return -1;
}

static void draft_when_widen(struct near *n, size_t from, size_t to)
{
    n->first = CANH_MIN(n->first, from);
    n->last = CANH_MAX(n->last, to);
}

static struct near look_near(const struct when_reader *r, size_t first, size_t last)
{
    struct near n = {-1, -1, -1, false, first, last};
    size_t from = first > NEAR ? first - NEAR : 0, end = CANH_MIN(last + NEAR + 1, r->count), used;

    for (size_t i = from; i < end; i++) {
        int minute = clock_at(r, i, &used), weekday = weekday_at(r, i), day = number_at(r, i + 1);
        size_t lead = i > 0 && token_is(r, i - 1, "truoc") ? i - 1 : i;

        if (minute >= 0 && i > 0 && token_is(r, i - 1, "/"))
            minute = -1; /* trực 24/24 giờ */
        if (minute >= 0 && n.minute < 0) {
            n.minute = minute;
            draft_when_widen(&n, lead, i + used - 1);
            i += used - 1;
        } else if (weekday >= 0 && n.weekday < 0) {
            n.weekday = weekday;
            draft_when_widen(&n, i, i + 1);
        } else if (token_is(r, i, "ngay") && day >= 1 && day <= 31 && n.day < 0 &&
                   !token_is(r, i + 2, "/") &&
                   !(token_is(r, i + 2, "thang") && number_at(r, i + 3) >= 0)) {
            n.day = day;
            n.before = lead < i;
            draft_when_widen(&n, lead, i + 1);
        }
    }
    return n;
}

/* Writes what a unit (not none) means, with what stands near it. */
static bool write_every(const struct when_reader *r, enum unit unit, int apart, size_t first,
                        size_t last, struct draft_when *ret)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    static const char *const words[] = {"",       "continuous(<=1h)", "each-shift", "daily",
                                        "weekly", "monthly",          "quarterly",  "yearly"};
    struct near n = look_near(r, first, last);
    char *to = ret->every;
    size_t size = sizeof(ret->every), used;
    int day = n.day - (n.before ? 1 : 0);
    bool whole = unit == UNIT_MONTH && (apart == 3 || apart == 6);

    ret->apart = whole ? 1 : apart;
    if (unit == UNIT_MONTH && apart == 3)
        unit = UNIT_QUARTER;
    used = (size_t)snprintf(to, size, "%s", words[unit]);
    if (unit == UNIT_MONTH && apart == 6)
        used = (size_t)snprintf(to, size, "half-yearly");
    else if (unit == UNIT_WEEK && n.weekday >= 0)
        used = (size_t)snprintf(to, size, "weekly(%s)", days[n.weekday]);
    else if (unit == UNIT_MONTH && day >= 1)
        used = (size_t)snprintf(to, size, "monthly(%d)", day);
    if (n.minute >= 0 && unit >= UNIT_DAY && used < size)
        (void)snprintf(to + used, size - used, "@%02d:%02d", n.minute / 60, n.minute % 60);
    draft_when_keep(r, n.first, n.last, ret);
    return true;
}

/* “02 lần/ngày”, “một lần mỗi tuần”; “03 tháng/lần”, “06 tháng một lần”; “tuần 1 lần”. */
static bool times_at(const struct when_reader *r, size_t i, struct draft_when *ret)
{
    static const char *const fill[] = {"moi", "trong", "mot", "hang", "tren", "1", "01", NULL};
    int count = count_at(r, i);
    size_t k = i + 2;

    if (unit_at(r, i) >= UNIT_DAY && count_at(r, i + 1) >= 1 && token_is(r, i + 2, "lan") &&
        unit_at(r, i + 3) == UNIT_NONE) {
        ret->times = count_at(r, i + 1);
        return write_every(r, unit_at(r, i), 1, i, i + 2, ret);
    }
    if (count < 1)
        return false;
    if (token_is(r, i + 1, "lan")) {
        while (is_one_of(r, k, fill))
            k++;
        ret->times = count;
        return unit_at(r, k) != UNIT_NONE && write_every(r, unit_at(r, k), 1, i, k, ret);
    }
    if (unit_at(r, i + 1) < UNIT_DAY)
        return false;
    while (is_one_of(r, k, fill))
        k++;
    return token_is(r, k, "lan") && write_every(r, unit_at(r, i + 1), count, i, k, ret);
}

/* “định kỳ 6 tháng”, “định kỳ 03 tháng/lần” is times_at()'s. */
static bool periodic_at(const struct when_reader *r, size_t i, struct draft_when *ret)
{
    int count = count_at(r, i + 2);
    enum unit unit = unit_at(r, i + 3);
    bool whole = count == 1 || (unit == UNIT_MONTH && (count == 3 || count == 6));

    return token_is(r, i, "dinh") && token_is(r, i + 1, "ky") && whole && unit >= UNIT_DAY &&
           !token_is(r, i + 4, "lan") && !token_is(r, i + 5, "lan") &&
           write_every(r, unit, count, i, i + 3, ret);
}

/* “hằng ngày”, “mỗi ca”, “từng tuần”. */
static bool each_at(const struct when_reader *r, size_t i, struct draft_when *ret)
{
    static const char *const words[] = {"hang", "moi", "tung", NULL};
    enum unit unit = unit_at(r, i + 1);

    if (!is_one_of(r, i, words) || unit == UNIT_NONE || unit == UNIT_HOUR)
        return false;
    if (token_is(r, i, "moi") && unit == UNIT_YEAR)
        return false; /* năm mới, mới năm … */
    return write_every(r, unit, 1, i, i + 1, ret);
}

/* An event that a sentence speaks of; from it a span of time counts. */
static bool speaks_of_event(const struct when_reader *r)
{
    static const char *const events[][2] = {{"su", "co"},      {"phat", "hien"}, {"xay", "ra"},
                                            {"bat", "thuong"}, {"tan", "cong"},  {"canh", "bao"},
                                            {"dut", "cap"},    {"gian", "doan"}, {"mat", "lien"},
                                            {"tu", "khi"},     {"tu", "luc"},    {"khi", "co"},
                                            {"khi", "nhan"}};

    for (size_t k = 0; k + 1 < r->count; k++) {
        for (size_t e = 0; e < CANH_LEN(events); e++) {
            if (token_is(r, k, events[e][0]) && token_is(r, k + 1, events[e][1]))
                return true;
        }
    }
    return false;
}

/* Behind “trong”, “chậm nhất”, “không quá”: where the count stands; 0: it is no span. */
static size_t span_begin(const struct when_reader *r, size_t i)
{
    static const char *const fill[] = {"vong", "thoi", "han",  "gian", "khong", "qua",
                                       "toi",  "da",   "cham", "nhat", "sau",   NULL};
    bool within = token_is(r, i, "trong") ||
                  (token_is(r, i, "cham") && token_is(r, i + 1, "nhat")) ||
                  (token_is(r, i, "khong") && token_is(r, i + 1, "qua")) ||
                  (token_is(r, i, "toi") && token_is(r, i + 1, "da"));
    size_t k = i + 1;

    while (within && is_one_of(r, k, fill))
        k++;
    return within && k > i + 1 && count_at(r, k) >= 1 ? k : 0;
}

/* “trong vòng 30 phút”, “trong thời hạn 02 giờ”, “chậm nhất 24 (hai mươi tư) giờ kể từ khi …”. */
static bool within_at(const struct when_reader *r, size_t i, struct draft_when *ret)
{
    enum { SPELT_OUT = 5 }; /* words between the figure and its unit: 02 (hai) giờ */
    static const char *const units[] = {"phut", "gio", "h", "ngay", "tieng", NULL};
    size_t k = span_begin(r, i), unit = k + 1;
    int count = count_at(r, k);

    if (k == 0 || !speaks_of_event(r))
        return false;
    while (unit < k + SPELT_OUT && number_at(r, unit) < 0 && !is_one_of(r, unit, units))
        unit++;
    if (token_is(r, unit, "phut"))
        (void)snprintf(ret->every, sizeof(ret->every), "within(%dm, incident)", count);
    else if (token_is(r, unit, "gio") || token_is(r, unit, "h") || token_is(r, unit, "tieng"))
        (void)snprintf(ret->every, sizeof(ret->every), "within(%dh, incident)", count);
    else if (token_is(r, unit, "ngay"))
        (void)snprintf(ret->every, sizeof(ret->every), "within(%d%s, incident)", count,
                       token_is(r, unit + 1, "lam") ? "wd" : "d");
    else
        return false;
    draft_when_keep(r, i, unit, ret);
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

static unsigned quarter_of(const struct when_reader *r, size_t i)
{
    static const char *const names[] = {"i", "ii", "iii", "iv"};

    for (unsigned k = 0; k < CANH_LEN(names); k++) {
        if (token_is(r, i, names[k]) || number_at(r, i) == (int)k + 1)
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
static bool span_at(const struct when_reader *r, size_t i, int64_t *ret)
{
    int month = number_at(r, i + 1), year = number_at(r, i + 3);

    if (token_is(r, i, "nam") && month >= 1900 && month < 2200) {
        *ret = month_end(month, 12);
        return true;
    }
    if (token_is(r, i, "quy") && quarter_of(r, i + 1) > 0) {
        year = year < 1900 ? number_at(r, i + 2) : year;
        if (year < 1900 || year >= 2200)
            return false;
        *ret = month_end(year, quarter_of(r, i + 1) * 3);
        return true;
    }
    if (!token_is(r, i, "thang") || month < 1 || month > 12 || year < 1900 || year >= 2200)
        return false;
    *ret = month_end(year, (unsigned)month);
    return true;
}

/* “trong tháng 02/2027”, “trong quý I/2027”: by the last of its days; not “từ ngày … trong …”. */
static bool period_at(const struct when_reader *r, size_t i, int64_t start, struct draft_when *ret)
{
    int64_t day;

    if (!token_is(r, i, "trong") || !span_at(r, i + 1, &day) || !write_date(start, day, false, ret))
        return false;
    draft_when_keep(r, i, token_is(r, i + 1, "nam") ? i + 2 : i + 4, ret);
    return true;
}

/* “trước ngày 15/12/2026”, “chậm nhất 17 giờ 00 ngày 15/12”, “hoàn thành đến hết ngày …”. */
static bool deadline_at(const struct when_reader *r, size_t i, int64_t start,
                        struct draft_when *ret)
{
    static const char *const words[] = {"truoc", "nhat", "xong", "thanh", "het", NULL};
    enum { WHOLE_DATE = 5 }; /* tokens of 25/4/2027 */
    size_t k = i + 1, n = 0;
    int64_t day;
    bool said;

    if (!is_one_of(r, i, words))
        return false;
    if (token_is(r, k, "truoc") || token_is(r, k, "trong"))
        return false; /* the word behind says it */
    if (clock_at(r, k, &n) >= 0)
        k += n;
    if (token_is(r, k, "la"))
        k++;
    said = token_is(r, k, "ngay");
    if (!date_at(r, k + said, year_of(start), &day, &n) || (!said && n < WHOLE_DATE))
        return false;
    if (!write_date(start, day, token_is(r, i, "truoc") && k == i + 1, ret))
        return false;
    draft_when_keep(r, i, k + said + n - 1, ret);
    return true;
}

bool draft_when_read(struct slice text, int64_t start, struct draft_when *ret)
{
    struct when_reader r;
    bool found = false;

    *ret = (struct draft_when){.every = ""};
    if (!reading_open(&r, text))
        return false;
    for (size_t i = 0; i < r.count && !found; i++)
        found = times_at(&r, i, ret) || each_at(&r, i, ret) || periodic_at(&r, i, ret);
    for (size_t i = 0; i < r.count && !found; i++)
        found = within_at(&r, i, ret);
    for (size_t i = 0; i < r.count && !found; i++)
        found = deadline_at(&r, i, start, ret) || period_at(&r, i, start, ret);
    free(r.tokens);
    return found;
}

bool draft_when_due(struct slice text, int64_t start, struct draft_when *ret)
{
    struct when_reader r;
    int64_t last = TIME_NONE, day, from;
    bool found;

    if (draft_when_window(text, &from, &day) && write_date(start, day, false, ret)) {
        ret->word = slice_trim(text);
        return true;
    }
    if (draft_when_read(text, start, ret))
        return true;
    if (!reading_open(&r, text))
        return false;
    for (size_t i = 0; i < r.count; i++) {
        size_t n = 0;

        if (date_at(&r, i, year_of(start), &day, &n)) {
            last = last == TIME_NONE ? day : CANH_MAX(last, day);
            i += n - 1;
        } else if (span_at(&r, i, &day)) {
            last = last == TIME_NONE ? day : CANH_MAX(last, day);
        }
    }
    found = last != TIME_NONE && write_date(start, last, false, ret);
    if (found)
        ret->word = slice_trim(text);
    free(r.tokens);
    return found;
}

/* A date within a few words of a place. */
static bool date_near(const struct when_reader *r, size_t i, size_t reach, int year, int64_t *ret,
                      size_t *ret_end)
{
    for (size_t k = i; k < i + reach; k++) {
        size_t n;

        if (token_is(r, k, "ngay") && date_at(r, k + 1, year, ret, &n)) {
            *ret_end = k + 1 + n;
            return true;
        }
        if (k == i && date_at(r, k, year, ret, &n)) {
            *ret_end = k + n;
            return true;
        }
    }
    return false;
}

bool draft_when_window(struct slice text, int64_t *ret_from, int64_t *ret_until)
{
    struct when_reader r;
    bool found = false;

    if (!reading_open(&r, text))
        return false;
    for (size_t i = 0; i < r.count && !found; i++) {
        size_t mid, end;
        int64_t from, until;

        if (!token_is(&r, i, "tu") || !date_near(&r, i + 1, 5, 2000, &from, &mid))
            continue;
        while (mid < r.count && mid < i + 16 && !token_is(&r, mid, "den"))
            mid++;
        if (!token_is(&r, mid, "den") || !date_near(&r, mid + 1, 6, 0, &until, &end))
            continue;
        if (year_of(from) == 2000) { /* the year is only said at the end */
            unsigned month, day;
            int year;

            date_from_days(from, &year, &month, &day);
            year = year_of(until);
            if (!date_valid(year, month, day))
                continue;
            from = days_from_date(year, month, day);
            if (from > until && date_valid(year - 1, month, day))
                from = days_from_date(year - 1, month, day);
        }
        found = from <= until;
        *ret_from = found ? from : *ret_from;
        *ret_until = found ? until : *ret_until;
    }
    free(r.tokens);
    return found;
}
