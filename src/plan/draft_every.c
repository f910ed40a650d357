/* SPDX-License-Identifier: Apache-2.0 */
/* Recurrences in a letter's words: “02 tuần/lần”, “thứ Ba và thứ Sáu hằng tuần”, “02 lần/ngày”. */
#include <stdarg.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/time.h"
#include "plan/draft_token.h"

enum { NEAR = 8, POINTS_MAX = 4, DAY_MINUTES = 24 * 60, LAST_DAY = 32 };

/* Days or times of one period, as a letter lists them. */
struct points {
    int at[POINTS_MAX];
    unsigned count;
};

/* What stands near a recurrence. */
struct near {
    struct points minutes, weekdays, days;
    int64_t date; /* a day of the year, in 2023; TIME_NONE: none */
    bool workdays, last_workday;
    size_t first, last;
};

/* A recurrence in words: so many times in so many units. */
struct recurrence {
    enum time_unit unit;
    int apart, times;
    size_t first, last;
};

static void near_widen(struct near *n, size_t from, size_t to)
{
    n->first = CANH_MIN(n->first, from);
    n->last = CANH_MAX(n->last, to);
}

/* Sorted, each once. */
static void add_point(struct points *p, int at)
{
    unsigned i = p->count;

    for (unsigned k = 0; k < p->count; k++) {
        if (p->at[k] == at)
            return;
    }
    if (p->count == POINTS_MAX)
        return;
    for (; i > 0 && p->at[i - 1] > at; i--)
        p->at[i] = p->at[i - 1];
    p->at[i] = at;
    p->count++;
}

/* 1 Monday … 7 Sunday; -1: none. *ret_n tokens. listed: “thứ Hai, Tư, Sáu” says “thứ” once. */
static int weekday_at(const struct token_list *l, size_t i, bool listed, size_t *ret_n)
{
    static const char *const words[] = {"hai", "ba", "tu", "nam", "sau", "bay"};
    bool said = token_is(l, i, "thu") || (token_is(l, i, "t") && token_number(l, i + 1) >= 0);

    *ret_n = 2;
    if (token_are(l, i, "chu", "nhat"))
        return 7;
    *ret_n = 1;
    if (token_is(l, i, "cn"))
        return 7;
    if (!said && !listed)
        return -1;
    *ret_n += said;
    for (int k = 0; k < (int)CANH_LEN(words); k++) {
        if (token_is(l, i + said, words[k]) || token_number(l, i + said) == k + 2)
            return k + 1;
    }
    return -1;
}

/* A day of the month; listed: “ngày 10, 20” says “ngày” once. No date, no “ngày 10 đến ngày 15”. */
static int month_day_at(const struct token_list *l, size_t i, bool listed, size_t *ret_n)
{
    static const char *const clock[] = {"h", "g", "gio", ":", NULL}; /* “02 lần/ngày (06h00 …)” */
    static const char *const not_alone[] = {"/",  ":",   "gio",  "h",   "g",   "lan",
                                            "ca", "den", "phut", "cua", "nam", NULL};
    static const char *const first[] = {"mung", "mong", NULL};
    bool said = token_is(l, i, "ngay"), early = token_is_one_of(l, i + said, first);
    size_t k = i + said + early;
    int day = token_number(l, k);

    said = said || early;
    *ret_n = k - i + 1;
    if ((!said && !listed) || day < 1 || day > 31 || token_is(l, k + 1, "/") ||
        token_is(l, k + 1, "den") || (token_is(l, k + 1, "thang") && token_number(l, k + 2) >= 0) ||
        (!said && token_is_one_of(l, k + 1, not_alone)) || token_is_one_of(l, k + 1, clock) ||
        token_are(l, k + 1, "thang", "dau") || token_are(l, k + 2, "thang", "dau"))
        return -1;
    return day;
}

/* Where the next of a list may stand: behind a comma, “và”, “hoặc”. */
static size_t next_listed(const struct token_list *l, size_t i)
{
    static const char *const joints[] = {"va", "luc", "truoc", NULL};

    while (token_is_one_of(l, i, joints))
        i++;
    return i;
}

typedef int (*point_fn)(const struct token_list *l, size_t i, bool listed, size_t *ret_n);

static int clock_point(const struct token_list *l, size_t i, bool listed, size_t *ret_n)
{
    int minute = token_clock(l, i, ret_n);

    (void)listed;
    return minute >= 0 && i > 0 && token_is(l, i - 1, "/") ? -1 : minute; /* trực 24/24 giờ */
}

/* A list that begins at i: “thứ Ba, thứ Năm và thứ Bảy”. Tokens that it takes; 0: none. */
static size_t list_at(const struct token_list *l, size_t i, point_fn point, int less,
                      struct points *ret)
{
    size_t n = 0, k = i, end = i;
    int at = point(l, i, false, &n);

    while (at >= 0 && ret->count < POINTS_MAX) {
        if (at - less < 1) /* before the first: the last of the month before, of weeks Monday */
            at = point == month_day_at ? LAST_DAY + less : at + less;
        add_point(ret, at - less);
        end = k + n;
        k = next_listed(l, end);
        if (k < l->count && l->tokens[k].opens)
            break;
        at = point(l, k, true, &n);
    }
    return end - i;
}

static bool joins_date(struct near *n, const struct token_list *l, size_t i, bool before)
{
    size_t used = 0;
    bool said = token_is(l, i, "ngay");
    int64_t date;

    if (n->date != TIME_NONE || !token_date(l, i + said, 2023, &date, &used))
        return false;
    n->date = date - before;
    near_widen(n, i - before, i + said + used - 1);
    return true;
}

/* What begins at i; tokens that it takes, at least one. */
static size_t look_at(struct near *n, const struct token_list *l, size_t i)
{
    bool before = i > 0 && token_is(l, i - 1, "truoc");
    struct points *lists[] = {&n->minutes, &n->weekdays, &n->days};
    static const point_fn points[] = {clock_point, weekday_at, month_day_at};

    for (size_t k = 0; k < CANH_LEN(lists); k++) {
        size_t used = 0;

        if (lists[k]->count == 0)
            used = list_at(l, i, points[k], k > 0 && before, lists[k]);
        if (used > 0) {
            near_widen(n, i - before, i + used - 1);
            return used;
        }
    }
    if (joins_date(n, l, i, before))
        return 3;
    if (token_are(l, i, "lam", "viec")) {
        n->workdays = true;
        n->last_workday = token_is(l, i + 2, "cuoi");
    }
    return 1;
}

/* Another recurrence; what stands behind it is its own. */
static bool other_at(const struct token_list *l, size_t i)
{
    static const char *const words[] = {"hang", "moi", "tung", NULL};

    return token_is_one_of(l, i, words) && token_unit(l, i + 1) != UNIT_NONE;
}

static struct near look_near(const struct token_list *l, const struct recurrence *r)
{
    enum { WINDOW = 14 }; /* tokens of “từ 20/01/2027 đến 30/01/2027”, over which is looked */
    struct near n = {.date = TIME_NONE, .first = r->first, .last = r->last};
    size_t reach = NEAR + (token_is(l, r->last + 1, "tu") ? WINDOW : 0);
    size_t from = r->first, end = CANH_MIN(r->last + reach + 1, l->count);

    while (from > 0 && r->first - from < NEAR && !l->tokens[from].opens &&
           !(from > 1 && other_at(l, from - 2)))
        from--;
    for (size_t i = from; i < end && !(i > r->last && (l->tokens[i].opens || other_at(l, i)));)
        i += look_at(&n, l, i);
    return n;
}

/* So many times in a period where the letter does not say when: spread evenly. */
static bool spread_points(enum time_unit unit, int times, struct points *ret)
{
    static const uint8_t week[3][POINTS_MAX] = {{3, 7}, {2, 4, 7}, {2, 4, 5, 7}};
    static const uint8_t month[3][POINTS_MAX] = {{15, LAST_DAY},
                                                 {10, 20, LAST_DAY},
                                                 {7, 14, 21, LAST_DAY}};

    if (times < 2 || times > POINTS_MAX)
        return false;
    for (int i = 0; i < times; i++) {
        if (unit == UNIT_DAY)
            add_point(ret, DAY_MINUTES / times * (i + 1));
        else
            add_point(ret, unit == UNIT_WEEK ? week[times - 2][i] : month[times - 2][i]);
    }
    return true;
}

/* The text of `every` as it grows. */
struct line {
    char *to;
    size_t size, used;
};

CANH_PRINTF(2, 3)
static void line_append(struct line *o, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(o->to + o->used, o->size - o->used, format, args);
    va_end(args);
    o->used = CANH_MIN(o->used + (size_t)CANH_MAX(n, 0), o->size - 1);
}

static void put_clock(struct line *o, int minute)
{
    line_append(o, "%02d:%02d", minute / 60, minute % 60);
}

static void put_points(struct line *o, enum time_unit unit, const struct points *p)
{
    static const char *const days[] = {"", "mon", "tue", "wed", "thu", "fri", "sat", "sun"};

    if (p->count == 1 && unit != UNIT_DAY && unit != UNIT_WEEK && p->at[0] == LAST_DAY)
        return; /* as without any */
    for (unsigned i = 0; i < p->count; i++) {
        line_append(o, "%s", i ? "," : unit == UNIT_DAY ? "@" : "(");
        if (unit == UNIT_DAY) {
            put_clock(o, p->at[i]);
        } else if (unit == UNIT_WEEK) {
            line_append(o, "%s", days[p->at[i]]);
        } else if (p->at[i] == LAST_DAY) {
            line_append(o, "last");
        } else {
            line_append(o, "%d", p->at[i]);
        }
    }
    if (p->count > 0 && unit != UNIT_DAY)
        line_append(o, ")");
}

/* “2 lần/năm” is each half year, “03 lần/quý” each month. */
static void regroup_times(struct recurrence *r)
{
    int months = r->unit == UNIT_YEAR      ? 12 * r->apart
                 : r->unit == UNIT_QUARTER ? 3 * r->apart
                 : r->unit == UNIT_MONTH   ? r->apart
                                           : 0;

    if (months > 0 && r->times > 1 && months % r->times == 0) {
        months /= r->times;
        r->times = 1;
        *r = (struct recurrence){UNIT_MONTH, months, 1, r->first, r->last};
    }
    if (r->unit == UNIT_QUARTER && r->apart > 1)
        *r = (struct recurrence){UNIT_MONTH, months, r->times, r->first, r->last};
    if (r->unit == UNIT_MONTH && r->apart == 3)
        *r = (struct recurrence){UNIT_QUARTER, 1, r->times, r->first, r->last};
    if (r->unit == UNIT_MONTH && r->apart % 12 == 0)
        *r = (struct recurrence){UNIT_YEAR, r->apart / 12, r->times, r->first, r->last};
}

/* The word of the frequency with its interval; false: no frequency says it. */
static bool put_word(struct line *o, const struct recurrence *r)
{
    static const struct {
        const char *word;
        int max; /* the largest interval that calendar/frequency.h reads */
    } words[] = {[UNIT_SHIFT] = {"each-shift", 1},  [UNIT_DAY] = {"daily", 366},
                 [UNIT_WEEK] = {"weekly", 104},     [UNIT_MONTH] = {"monthly", 60},
                 [UNIT_QUARTER] = {"quarterly", 1}, [UNIT_YEAR] = {"yearly", 10}};
    bool half = r->unit == UNIT_MONTH && r->apart == 6;

    line_append(o, "%s", half ? "half-yearly" : words[r->unit].word);
    if (r->apart > 1 && !half && r->apart <= words[r->unit].max)
        line_append(o, "/%d", r->apart);
    return half || r->apart <= words[r->unit].max;
}

/* Which days or times of it the frequency takes. */
static struct points points_of(const struct near *n, const struct recurrence *r, bool *ret_spread)
{
    struct points p = {.count = 0};
    bool month = r->unit == UNIT_MONTH || r->unit == UNIT_QUARTER;

    p = r->unit == UNIT_DAY ? n->minutes : r->unit == UNIT_WEEK ? n->weekdays : p;
    if (month)
        p = n->days;
    if (p.count > 1 && (r->apart > 1 || r->unit == UNIT_QUARTER)) {
        p.at[0] = p.at[p.count - 1];
        p.count = 1;
    }
    if (r->times > 1 && p.count == 0 && r->apart == 1 && r->unit > UNIT_SHIFT &&
        r->unit <= UNIT_MONTH)
        *ret_spread = spread_points(r->unit, r->times, &p);
    return p;
}

static void put_year_day(struct line *o, int64_t date)
{
    unsigned month, day;
    int year;

    date_from_days(date, &year, &month, &day);
    line_append(o, "(%02u-%02u)", month, day);
}

static bool write_calendar(const struct token_list *l, struct recurrence r, struct draft_when *ret)
{
    struct near n = look_near(l, &r);
    struct line o = {ret->every, sizeof(ret->every), 0};
    bool spread_out = false, whole;
    struct points p;

    regroup_times(&r);
    whole = put_word(&o, &r);
    p = points_of(&n, &r, &spread_out);
    if (n.last_workday)
        p.count = 0; /* “ngày làm việc cuối cùng của tháng” */
    if (r.unit == UNIT_YEAR && n.date != TIME_NONE)
        put_year_day(&o, n.date);
    else
        put_points(&o, r.unit, &p);
    if (r.unit != UNIT_DAY && r.unit != UNIT_SHIFT && n.minutes.count > 0) {
        line_append(&o, "@");
        put_clock(&o, n.minutes.at[n.minutes.count - 1]);
    }
    if (n.workdays && r.unit == UNIT_DAY && r.apart == 1)
        line_append(&o, " workdays");
    else if (n.last_workday && r.unit > UNIT_DAY)
        line_append(&o, " before-holiday");
    ret->fit = !whole                                   ? WHEN_APART
               : spread_out                             ? WHEN_SPREAD
               : r.times > 1 && (int)p.count != r.times ? WHEN_TIMES
                                                        : WHEN_EXACT;
    ret->word = token_words(l, n.first, n.last);
    return true;
}

static bool write_every(const struct token_list *l, struct recurrence r, struct draft_when *ret)
{
    struct line o = {ret->every, sizeof(ret->every), 0};

    if (r.unit > UNIT_HOUR)
        return write_calendar(l, r, ret);
    if (r.apart < 1 || r.apart > 9999)
        return false;
    line_append(&o, "continuous(<=%d%c)", r.apart, r.unit == UNIT_HOUR ? 'h' : 'm');
    ret->fit = r.times > 1 ? WHEN_TIMES : WHEN_EXACT;
    ret->word = token_words(l, r.first, r.last);
    return true;
}

static size_t skip_fill(const struct token_list *l, size_t i)
{
    static const char *const fill[] = {"moi", "trong", "mot", "hang", "tren", "1", "01", NULL};

    while (token_is_one_of(l, i, fill))
        i++;
    return i;
}

/* “02 lần/ngày”, “một lần mỗi tuần”, “2 lần trong 03 tháng”. */
static bool times_first(const struct token_list *l, size_t i, struct draft_when *ret)
{
    size_t n, m = 0, k;
    int times = token_amount(l, i, &n), apart;

    if (times < 1 || !token_is(l, i + n, "lan"))
        return false;
    k = skip_fill(l, i + n + 1);
    apart = token_unit(l, k) == UNIT_NONE ? token_amount(l, k, &m) : -1;
    if (apart > 1 && token_unit(l, k + m) != UNIT_NONE)
        k += m;
    else
        apart = 1;
    return token_unit(l, k) != UNIT_NONE &&
           write_every(l, (struct recurrence){token_unit(l, k), apart, times, i, k}, ret);
}

/* Behind a unit: “… một lần”, “/lần”, “ít nhất 02 lần”; where “lần” stands, 0: it does not. */
static size_t times_behind(const struct token_list *l, size_t i, int *ret_times)
{
    static const char *const fill[] = {"it",   "nhat", "toi",  "thieu", "moi",
                                       "phai", "thuc", "hien", NULL};
    size_t n = 0, k = i;
    int times;

    while (k < i + 4 && token_is_one_of(l, k, fill))
        k++;
    if (token_is(l, k, "lan")) {
        *ret_times = 1;
        return k;
    }
    times = token_amount(l, k, &n);
    *ret_times = times;
    return times > 0 && token_is(l, k + n, "lan") ? k + n : 0;
}

/* “03 tháng/lần”, “06 tháng một lần”, “một năm hai lần”; “tuần 1 lần”. */
static bool unit_first(const struct token_list *l, size_t i, struct draft_when *ret)
{
    size_t n = 0, lan;
    int times = 1, apart = token_amount(l, i, &n);

    if (token_is(l, i, "nua")) {
        lan = times_behind(l, i + 2, &times);
        times *= 2;
        apart = 1;
        n = 1;
    } else if (apart < 1 || token_unit(l, i + n) == UNIT_NONE) {
        if (i > 0 && token_number(l, i - 1) >= 0)
            return false; /* so many of them, more than can be */
        apart = 1;
        n = 0;
        lan = times_behind(l, i + 1, &times);
    } else {
        lan = times_behind(l, i + n + 1, &times);
    }
    if (lan == 0 || token_unit(l, i + n) == UNIT_NONE ||
        (n == 0 && token_unit(l, lan + 1) != UNIT_NONE))
        return false;
    return write_every(l, (struct recurrence){token_unit(l, i + n), apart, times, i, lan}, ret);
}

/* “định kỳ 6 tháng”, “định kỳ tuần”; “định kỳ 03 tháng/lần” is unit_first()'s. */
static bool periodic_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    static const char *const relative[] = {"truoc", "sau", "ke", "tiep", "dau", "cuoi", NULL};
    size_t n = 0;
    int apart = token_amount(l, i + 2, &n), times;
    enum time_unit unit;

    if (!token_are(l, i, "dinh", "ky"))
        return false;
    n = apart < 1 ? 0 : n;
    unit = token_unit(l, i + 2 + n);
    if (unit == UNIT_NONE || (n == 0 && (unit < UNIT_DAY || token_number(l, i + 3) >= 0)) ||
        token_is_one_of(l, i + 3 + n, relative) || times_behind(l, i + 3 + n, &times) > 0)
        return false;
    return write_every(l, (struct recurrence){unit, n ? apart : 1, 1, i, i + 2 + n}, ret);
}

/* “các ngày thứ Hai, thứ Tư, thứ Sáu”; with dates behind them they are those days alone. */
static bool weekdays_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    struct points days = {.count = 0};
    size_t n = token_are(l, i, "cac", "ngay") ? list_at(l, i + 2, weekday_at, 0, &days) : 0;

    return days.count > 1 && !other_at(l, i + 2 + n) && token_number(l, i + 2 + n) < 0 &&
           !(token_is(l, i + 2 + n, "ngay") && token_number(l, i + 3 + n) >= 0) &&
           write_every(l, (struct recurrence){UNIT_WEEK, 1, 1, i, i + 1}, ret);
}

/* “cách ngày”; not “cách ngày 15/12”. */
static bool other_day_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    return token_are(l, i, "cach", "ngay") && token_number(l, i + 2) < 0 &&
           write_every(l, (struct recurrence){UNIT_DAY, 2, 1, i, i + 1}, ret);
}

/* “hằng ngày”, “mỗi ca”, “từng tuần”, “cứ 02 tuần”, “mỗi ngày 02 lần”, “các ngày làm việc”. */
static bool each_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    static const char *const words[] = {"hang", "moi", "tung", "cu", NULL};
    size_t n = 0, lan;
    int times = 1, apart = token_amount(l, i + 1, &n);
    enum time_unit unit;

    if (token_is(l, i, "cac") && token_is(l, i + 1, "ngay") && token_are(l, i + 2, "lam", "viec"))
        return write_every(l, (struct recurrence){UNIT_DAY, 1, 1, i, i + 3}, ret);
    if (!token_is_one_of(l, i, words))
        return false;
    if (apart < 1 || token_is(l, i, "hang") || token_unit(l, i + 1 + n) == UNIT_NONE) {
        apart = 1; /* of “mỗi năm 2 lần” the year, no five */
        n = 0;
    }
    unit = token_unit(l, i + 1 + n);
    lan = times_behind(l, i + 2 + n, &times);
    if (lan > 0 && token_unit(l, lan + 1) != UNIT_NONE)
        lan = 0; /* “hằng ngày 02 lần/ca” says its own */
    if (unit == UNIT_NONE || (lan == 0 && unit <= UNIT_HOUR && n == 0))
        return false;
    if (lan == 0 && !token_is(l, i, "hang") && unit == UNIT_YEAR && n == 0)
        return false; /* năm mới, mới năm … */
    if (token_is(l, i, "cu") && n == 0 && lan == 0)
        return false;
    return write_every(l,
                       (struct recurrence){unit, apart, lan ? times : 1, i, lan ? lan : i + 1 + n},
                       ret);
}

/* “trước ngày 20 của tháng cuối quý”. */
static bool quarter_end_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    return token_are(l, i, "thang", "cuoi") && token_is(l, i + 2, "quy") &&
           token_number(l, i + 3) < 0 &&
           write_every(l, (struct recurrence){UNIT_QUARTER, 1, 1, i, i + 2}, ret);
}

bool draft_every_at(const struct token_list *l, size_t i, struct draft_when *ret)
{
    return times_first(l, i, ret) || unit_first(l, i, ret) || each_at(l, i, ret) ||
           periodic_at(l, i, ret) || quarter_end_at(l, i, ret) || weekdays_at(l, i, ret) ||
           other_day_at(l, i, ret);
}
