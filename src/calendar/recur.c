/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/recur.h"

#include "base/assert.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_calendar.h"

static const char *const day_words[8] = {NULL, "MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* +1, -31: not 0. */
static int parse_signed(struct slice s, int64_t max, int64_t *ret)
{
    bool minus;

    canh_assert(s.p != NULL || s.n == 0);
    minus = s.n > 0 && s.p[0] == '-';
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
        s = slice_from(s, 1);
    if (num_range(s, 1, max, ret) < 0)
        return -CE_SYNTAX;
    *ret = minus ? -*ret : *ret;
    return 0;
}

static unsigned weekday_of_word(struct slice s)
{
    unsigned d = 1;

    while (d < 8 && !slice_eq_nocase(s, slice_str(day_words[d])))
        d++;
    return d;
}

static int parse_freq(struct slice v, struct recur *r)
{
    static const char *const words[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_eq_nocase(v, slice_str(words[i]))) {
            r->freq = (enum recur_freq)i;
            return 0;
        }
    }
    return -CE_UNKNOWN;
}

static int parse_number(struct slice v, int64_t max, uint32_t *ret)
{
    int64_t n = 0;
    int r = num_range(v, 1, max, &n);

    *ret = (uint32_t)n;
    return r;
}

static int parse_interval(struct slice v, struct recur *r)
{
    return parse_number(v, 1000, &r->interval);
}

static int parse_count(struct slice v, struct recur *r)
{
    return parse_number(v, 1000000, &r->count);
}

static int parse_wkst(struct slice v, struct recur *r)
{
    r->wkst = (uint8_t)weekday_of_word(v);
    return r->wkst < 8 ? 0 : -CE_SYNTAX;
}

/* 20270131, 20270131T235959 or 20270131T165959Z; a date is the whole of that day. */
static int parse_until(struct slice v, struct recur *r)
{
    struct civil c = {.hour = 23, .minute = 59, .second = 59};
    int64_t year, month, day, clock;

    if ((v.n != 8 && v.n != 15 && v.n != 16) ||
        num_range(slice_head(v, 4), 1678, 2262, &year) < 0 ||
        num_range(slice_head(slice_from(v, 4), 2), 1, 12, &month) < 0 ||
        num_range(slice_head(slice_from(v, 6), 2), 1, 31, &day) < 0 ||
        !date_valid((int)year, (unsigned)month, (unsigned)day))
        return -CE_SYNTAX;
    c.year = (int)year;
    c.month = (unsigned)month;
    c.day = (unsigned)day;
    if (v.n > 8) {
        if (v.p[8] != 'T' || (v.n == 16 && v.p[15] != 'Z') ||
            num_range(slice_head(slice_from(v, 9), 6), 0, 235959, &clock) < 0)
            return -CE_SYNTAX;
        c.hour = (unsigned)(clock / 10000);
        c.minute = (unsigned)(clock / 100 % 100);
        c.second = (unsigned)(clock % 100);
        if (c.minute > 59 || c.second > 59)
            return -CE_SYNTAX;
    }
    r->until_utc = v.n == 16;
    r->until = time_from_civil(&c, 0);
    return r->until == TIME_NONE ? -CE_SYNTAX : 0;
}

static int parse_days(struct slice v, struct recur *r)
{
    struct slice word;

    while (slice_cut(&v, ',', &word)) {
        int64_t n = 0;
        unsigned weekday = word.n < 2 ? 8 : weekday_of_word(slice_from(word, word.n - 2));

        if (r->day_count == RECUR_LIST_MAX || weekday == 8 ||
            (word.n > 2 && parse_signed(slice_head(word, word.n - 2), 53, &n) < 0))
            return -CE_SYNTAX;
        r->days[r->day_count].n = (int8_t)n;
        r->days[r->day_count++].weekday = (uint8_t)weekday;
    }
    return r->day_count ? 0 : -CE_SYNTAX;
}

static int parse_monthdays(struct slice v, struct recur *r)
{
    struct slice word;
    int64_t n;

    while (slice_cut(&v, ',', &word)) {
        if (r->monthday_count == RECUR_LIST_MAX || parse_signed(word, 31, &n) < 0)
            return -CE_SYNTAX;
        r->monthdays[r->monthday_count++] = (int16_t)n;
    }
    return r->monthday_count ? 0 : -CE_SYNTAX;
}

static int parse_months(struct slice v, struct recur *r)
{
    struct slice word;
    int64_t n;

    while (slice_cut(&v, ',', &word)) {
        if (num_range(word, 1, 12, &n) < 0)
            return -CE_SYNTAX;
        r->months |= (uint16_t)(1u << n);
    }
    return r->months ? 0 : -CE_SYNTAX;
}

static int parse_setpos(struct slice v, struct recur *r)
{
    struct slice word;
    int64_t n;

    while (slice_cut(&v, ',', &word)) {
        if (r->setpos_count == RECUR_LIST_MAX || parse_signed(word, 366, &n) < 0)
            return -CE_SYNTAX;
        r->setpos[r->setpos_count++] = (int16_t)n;
    }
    return r->setpos_count ? 0 : -CE_SYNTAX;
}

static const struct part {
    const char *name;
    int (*parse)(struct slice v, struct recur *r);
} parts[] = {
    {"FREQ", parse_freq},       {"INTERVAL", parse_interval},
    {"COUNT", parse_count},     {"UNTIL", parse_until},
    {"WKST", parse_wkst},       {"BYDAY", parse_days},
    {"BYMONTH", parse_months},  {"BYMONTHDAY", parse_monthdays},
    {"BYSETPOS", parse_setpos},
};
enum { PART_FREQ, PART_COUNT = 2, PART_UNTIL, PART_DAYS = 5, PART_MONTHDAYS = 7, PART_SETPOS };

/* What the parts must be to each other. */
static int recur_check(const struct recur *r, unsigned seen, struct err *err)
{
    if (!(seen & 1u << PART_FREQ))
        return err_fail_at(err, CE_MISSING, 0, 1, ERR_CALENDAR_RULE_NEEDS_FREQ_DAILY_WEEKLY);
    if ((seen & 1u << PART_COUNT) && (seen & 1u << PART_UNTIL))
        return err_fail_at(err, CE_CONFLICT, 0, 1, ERR_CALENDAR_COUNT_AND_UNTIL_EXCLUDE_EACH);
    if (r->freq == RECUR_WEEKLY && (seen & 1u << PART_MONTHDAYS))
        return err_fail_at(err, CE_CONFLICT, 0, 1, ERR_CALENDAR_BYMONTHDAY_DOES_NOT_GO_FREQ);
    if ((seen & 1u << PART_SETPOS) && !r->day_count && !r->monthday_count && !r->months)
        return err_fail_at(err, CE_CONFLICT, 0, 1, ERR_CALENDAR_BYSETPOS_NEEDS_ANOTHER_BY_PART);
    for (unsigned i = 0; i < r->day_count; i++) {
        if (r->days[i].n && r->freq < RECUR_MONTHLY)
            return err_fail_at(err, CE_CONFLICT, 0, 1, ERR_CALENDAR_NUMBERED_DAY_2MO_GOES_FREQ);
    }
    return 0;
}

int recur_parse(struct slice s, struct recur *ret, struct err *err)
{
    struct recur r = {.interval = 1, .until = INT64_MAX, .wkst = 1};
    struct slice rest = s, word, name;
    unsigned seen = 0;
    int x;

    if (slice_eq_nocase(slice_head(rest, 6), SLICE("RRULE:")))
        rest = slice_from(rest, 6);
    while (slice_cut(&rest, ';', &word)) {
        unsigned col = (unsigned)(word.p - s.p) + 1, i = 0;
        struct slice value = word;

        if (slice_find_byte(word, '=') == SIZE_MAX || !slice_cut(&value, '=', &name))
            return err_fail_at(err, CE_SYNTAX, 0, col, ERR_CALENDAR_RULE_NAME_VALUE_NAME_VALUE);
        while (i < CANH_LEN(parts) && !slice_eq_nocase(name, slice_str(parts[i].name)))
            i++;
        if (i == CANH_LEN(parts))
            return err_fail_at(err, CE_UNKNOWN, 0, col, ERR_CALENDAR_NOT_KNOWN_RULES_DAYS,
                               slice_head(name, 40));
        if (seen & 1u << i)
            return err_fail_at(err, CE_CONFLICT, 0, col, ERR_CALENDAR_STANDS_TWICE, parts[i].name);
        seen |= 1u << i;
        x = parts[i].parse(value, &r);
        if (x < 0)
            return err_fail_at(err, (enum ce) - x, 0, col, ERR_CALENDAR_NOT_VALUE_RULES_DAYS_KNOW,
                               parts[i].name);
    }
    x = recur_check(&r, seen, err);
    if (x == 0)
        *ret = r;
    return x;
}

void recur_until_local(struct recur *r, int offset_s)
{
    if (r->until_utc)
        r->until += offset_s * TIME_SECOND;
    r->until_utc = false;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/* Where a day lies. */
struct place {
    int year;
    unsigned month, dom, month_days, weekday;
    int64_t year_first, year_days;
};

static unsigned days_in_month(int year, unsigned month)
{
    unsigned n = 31;

    while (!date_valid(year, month, n))
        n--;
    return n;
}

static struct place place_of(int64_t day)
{
    struct place p;

    date_from_days(day, &p.year, &p.month, &p.dom);
    p.month_days = days_in_month(p.year, p.month);
    p.weekday = weekday_of_days(day);
    p.year_first = days_from_date(p.year, 1, 1);
    p.year_days = days_from_date(p.year + 1, 1, 1) - p.year_first;
    return p;
}

/* Whether the n-th of its kind in a run of `all` days is the one at `at` (from 0). */
static bool is_nth(int n, int64_t at, int64_t all)
{
    return n == 0 || n == at / 7 + 1 || n == -((all - 1 - at) / 7 + 1);
}

static bool by_day(const struct recur *r, int64_t day, const struct place *p)
{
    bool of_year = r->freq == RECUR_YEARLY && r->months == 0 && r->monthday_count == 0;

    for (unsigned i = 0; i < r->day_count; i++) {
        if (r->days[i].weekday == p->weekday &&
            (of_year ? is_nth(r->days[i].n, day - p->year_first, p->year_days)
                     : is_nth(r->days[i].n, p->dom - 1, p->month_days)))
            return true;
    }
    return false;
}

static bool by_monthday(const struct recur *r, const struct place *p)
{
    for (unsigned i = 0; i < r->monthday_count; i++) {
        int n = r->monthdays[i];

        if (n == (int)p->dom || n == (int)p->dom - (int)p->month_days - 1)
            return true;
    }
    return false;
}

/* Whether a rule gives a day of one of its periods; start: what it takes from the start. */
static bool recur_gives(const struct recur *r, int64_t day, int64_t first)
{
    bool all = !r->months && !r->monthday_count && !r->day_count;
    struct place p, start;

    if (all && r->freq == RECUR_DAILY)
        return true;
    if (all && r->freq == RECUR_WEEKLY)
        return weekday_of_days(day) == weekday_of_days(first);
    p = place_of(day);
    if (r->months && !(r->months >> p.month & 1))
        return false;
    if (r->monthday_count && !by_monthday(r, &p))
        return false;
    if (r->day_count)
        return by_day(r, day, &p);
    if (r->monthday_count || r->freq == RECUR_DAILY)
        return true;
    start = place_of(first);
    if (r->freq == RECUR_WEEKLY)
        return p.weekday == start.weekday;
    return p.dom == start.dom && (r->freq == RECUR_MONTHLY || r->months || p.month == start.month);
}

/* The days [from, until) of a period; false beyond what can be reckoned. */
static bool period_days(const struct recur_walk *w, int64_t *ret_from, int64_t *ret_until)
{
    const struct recur *r = w->rule;
    int64_t step = w->period * r->interval, months;
    struct place p;

    if (r->freq <= RECUR_WEEKLY) {
        *ret_from = w->first + step * (r->freq == RECUR_WEEKLY ? 7 : 1);
        if (r->freq == RECUR_WEEKLY)
            *ret_from -= (weekday_of_days(w->first) + 7 - r->wkst) % 7;
        *ret_until = *ret_from + (r->freq == RECUR_WEEKLY ? 7 : 1);
        return true;
    }
    p = place_of(w->first);
    if (r->freq == RECUR_YEARLY) {
        if (p.year + step > 2262)
            return false;
        *ret_from = days_from_date(p.year + (int)step, 1, 1);
        *ret_until = days_from_date(p.year + (int)step + 1, 1, 1);
        return true;
    }
    months = p.year * 12 + (p.month - 1) + step;
    if (months / 12 > 2262)
        return false;
    *ret_from = days_from_date((int)(months / 12), (unsigned)(months % 12) + 1, 1);
    *ret_until = *ret_from + days_in_month((int)(months / 12), (unsigned)(months % 12) + 1);
    return true;
}

/* Keeps the days at BYSETPOS, in order, each once. */
static void keep_positions(struct recur_walk *w)
{
    const struct recur *r = w->rule;
    unsigned kept = 0;

    for (int i = 0; i < w->set_count; i++) {
        bool keep = false;

        for (unsigned k = 0; k < r->setpos_count; k++)
            keep = keep || r->setpos[k] == i + 1 || r->setpos[k] == i - w->set_count;
        if (keep)
            w->set[kept++] = w->set[i];
    }
    w->set_count = (uint16_t)kept;
}

/* The days of the next period, into set. False: no more periods before `end_day`. */
static bool next_period(struct recur_walk *w, int64_t end_day, uint64_t *budget)
{
    int64_t from, until;

    if (!period_days(w, &from, &until) || from > end_day)
        return false;
    if (budget && *budget < (uint64_t)(until - from)) {
        *budget = 0;
        return false;
    }
    if (budget)
        *budget -= (uint64_t)(until - from);
    w->period++;
    w->set_count = w->set_at = 0;
    for (int64_t day = from; day < until; day++) {
        if (recur_gives(w->rule, day, w->first))
            w->set[w->set_count++] = day;
    }
    if (w->rule->setpos_count)
        keep_positions(w);
    return true;
}

void recur_begin(struct recur_walk *w, const struct recur *rule, int64_t start)
{
    w->rule = rule;
    w->first = floor_div(start, TIME_DAY);
    w->clock = start - w->first * TIME_DAY;
    w->period = 0;
    w->done = 0;
    w->set_count = w->set_at = 0;
}

int64_t recur_next(struct recur_walk *w, int64_t end, uint64_t *budget)
{
    const struct recur *r = w->rule;
    int64_t last = CANH_MIN(end == INT64_MIN ? end : end - 1, r->until), end_day;

    if (last < w->first * TIME_DAY || (r->count && w->done == r->count))
        return INT64_MAX;
    end_day = floor_div(last, TIME_DAY);
    for (;;) {
        int64_t day;

        if (w->set_at == w->set_count) {
            if (!next_period(w, end_day, budget))
                return INT64_MAX;
            continue;
        }
        day = w->set[w->set_at];
        if (day > end_day || (day == end_day && day * TIME_DAY + w->clock > last))
            return INT64_MAX;
        w->set_at++;
        if (day < w->first)
            continue;
        w->done++;
        return day * TIME_DAY + w->clock;
    }
}
