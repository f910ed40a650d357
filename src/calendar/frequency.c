/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/frequency.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "calendar/words.h"
#include "lang/err_calendar.h"

/* A place in the text; every take_ function leaves it where it is when it does not match. */
struct cursor {
    struct slice text;
    size_t at;
    struct err *err;
};

static int fail_with(const struct cursor *c, size_t at, const struct err *what)
{
    struct slice rest = slice_head(slice_from(c->text, at), 20);

    if (rest.n == 0)
        return err_fail_at(c->err, CE_SYNTAX, 0, (unsigned)at + 1, ERR_CALENDAR_BUT_TEXT_ENDS,
                           what);
    return err_fail_at(c->err, CE_SYNTAX, 0, (unsigned)at + 1, ERR_CALENDAR_AT, what, rest);
}

static int frequency_fail(const struct cursor *c, size_t at, unsigned what)
{
    struct err inner = ERR_INIT;

    (void)err_fail_id(&inner, CE_SYNTAX, what);
    return fail_with(c, at, &inner);
}

static void skip_blanks(struct cursor *c)
{
    while (c->at < c->text.n && (c->text.p[c->at] == ' ' || c->text.p[c->at] == '\t'))
        c->at++;
}

static bool accept_byte(struct cursor *c, char byte)
{
    skip_blanks(c);
    if (c->at >= c->text.n || c->text.p[c->at] != (uint8_t)byte)
        return false;
    c->at++;
    return true;
}

static bool is_word_byte(uint8_t b)
{
    return ascii_is_lower(b) || ascii_is_digit(b) || b == '-' || b == '_' || b == '.';
}

static struct slice read_word(struct cursor *c)
{
    size_t from;

    skip_blanks(c);
    from = c->at;
    while (c->at < c->text.n && is_word_byte(c->text.p[c->at]))
        c->at++;
    return slice_of(c->text.p + from, c->at - from);
}

static int find_word(const char *const *words, size_t count, struct slice s)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i] && slice_is(s, words[i]))
            return (int)i;
    }
    return -1;
}

static int read_span(struct cursor *c, struct span *ret)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"s", TIME_SECOND},
                 {"m", TIME_MINUTE},
                 {"h", TIME_HOUR},
                 {"d", TIME_DAY},
                 {"w", 7 * TIME_DAY}};
    size_t from = (skip_blanks(c), c->at), digits = 0;
    struct slice word = read_word(c);
    int64_t n;

    while (digits < word.n && ascii_is_digit(word.p[digits]))
        digits++;
    if (num_range(slice_head(word, digits), 1, 9999, &n) < 0)
        return frequency_fail(c, from, ERR_CALENDAR_LENGTH_TIME_LIKE_5M_24H);
    word = slice_from(word, digits);
    *ret = (struct span){0};
    if (slice_is(word, "wd")) {
        if (n > 260)
            return frequency_fail(c, from, ERR_CALENDAR_AT_MOST_260_WORKING_DAYS);
        ret->workdays = (uint16_t)n;
        return 0;
    }
    for (size_t i = 0; i < CANH_LEN(units); i++) {
        if (slice_is(word, units[i].unit)) {
            ret->ns = n * units[i].ns;
            return 0;
        }
    }
    return frequency_fail(c, from + digits, ERR_CALENDAR_UNIT_S_M_H_D);
}

static int need_byte(struct cursor *c, char byte)
{
    struct err what = ERR_INIT;

    if (accept_byte(c, byte))
        return 0;
    (void)err_fail(&what, CE_SYNTAX, ERR_CALENDAR_IS_WANTED, slice_of((const uint8_t *)&byte, 1));
    return fail_with(c, c->at, &what);
}

static int read_number(struct cursor *c, int64_t min, int64_t max, unsigned what, uint8_t *ret)
{
    size_t from = (skip_blanks(c), c->at);
    int64_t n;

    while (c->at < c->text.n && ascii_is_digit(c->text.p[c->at]))
        c->at++;
    if (num_range(slice_of(c->text.p + from, c->at - from), min, max, &n) < 0)
        return frequency_fail(c, from, what);
    *ret = (uint8_t)n;
    return 0;
}

/* The arguments of each kind, between its parentheses. */

static int args_continuous(struct cursor *c, struct frequency_rule *r)
{
    if (!accept_byte(c, '<') || !accept_byte(c, '='))
        return frequency_fail(c, c->at, ERR_CALENDAR_AND_LENGTH_TIME_WANTED);
    if (read_span(c, &r->span) < 0)
        return -CE_SYNTAX;
    if (r->span.workdays)
        return frequency_fail(c, c->at, ERR_CALENDAR_WORKING_DAYS_MAKE_NO_SENSE);
    return 0;
}

_Static_assert(FREQ_POINTS == 4, "said in a message");

/* Puts what was due last so far before what is due now, which must come later. */
static int keep_earlier(const struct cursor *c, size_t at, struct frequency_rule *r,
                        unsigned before, unsigned now)
{
    if (before >= now)
        return frequency_fail(c, at, ERR_CALENDAR_LATER_THAN_BEFORE);
    if (r->earlier_count == FREQ_POINTS - 1)
        return frequency_fail(c, at, ERR_CALENDAR_AT_MOST_FOUR_TIMES);
    r->earlier[r->earlier_count++] = (uint16_t)before;
    return 0;
}

static int args_weekly(struct cursor *c, struct frequency_rule *r)
{
    do {
        size_t from = (skip_blanks(c), c->at);
        int i = find_word(weekday_words, CANH_LEN(weekday_words), read_word(c));

        if (i < 1)
            return frequency_fail(c, from, ERR_CALENDAR_DAY_MON_TUE_WED_THU);
        if (r->weekday && keep_earlier(c, from, r, r->weekday, (unsigned)i) < 0)
            return -CE_SYNTAX;
        r->weekday = (uint8_t)i;
    } while (accept_byte(c, ','));
    return 0;
}

static int args_monthly(struct cursor *c, struct frequency_rule *r)
{
    enum { LAST = 32 };

    do {
        size_t from = (skip_blanks(c), c->at);
        struct cursor ahead = *c;
        uint8_t before = r->day, day = LAST;

        if (slice_is(read_word(&ahead), "last"))
            c->at = ahead.at;
        else if (read_number(c, 1, 31, ERR_CALENDAR_DAY_MONTH_1_31_OR, &day) < 0)
            return -CE_SYNTAX;
        if (before && keep_earlier(c, from, r, before, day) < 0)
            return -CE_SYNTAX;
        r->day = day;
    } while (r->day != LAST && accept_byte(c, ','));
    if (r->day == LAST)
        r->day = 0;
    return 0;
}

/* A day of the last month of a quarter or half year. */
static int args_last_month(struct cursor *c, struct frequency_rule *r)
{
    return read_number(c, 1, 31, ERR_CALENDAR_DAY_MONTH_WANTED, &r->day);
}

static int args_yearly(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at);

    if (read_number(c, 1, 12, ERR_CALENDAR_DATE_MONTH_DAY_WANTED, &r->month) < 0 ||
        need_byte(c, '-') < 0 || read_number(c, 1, 31, ERR_CALENDAR_DAY_MONTH_WANTED, &r->day) < 0)
        return -CE_SYNTAX;
    if (!date_valid(2023, r->month, r->day))
        return frequency_fail(c, from, ERR_CALENDAR_NO_SUCH_DATE_EVERY_YEAR);
    return 0;
}

static int args_span(struct cursor *c, struct frequency_rule *r)
{
    return read_span(c, &r->span);
}

_Static_assert(FREQ_NAME_MAX == 64, "said in a message");

static int read_name(struct cursor *c, struct slice *ret, unsigned what)
{
    size_t from = (skip_blanks(c), c->at);

    *ret = read_word(c);
    if (ret->n == 0)
        return frequency_fail(c, from, what);
    if (ret->n > FREQ_NAME_MAX)
        return frequency_fail(c, from, ERR_CALENDAR_NAME_PHASE_OR_EVENT_AT);
    return 0;
}

static int args_phase(struct cursor *c, struct frequency_rule *r)
{
    if (read_name(c, &r->name, ERR_CALENDAR_NAME_PHASE_WANTED) < 0)
        return -CE_SYNTAX;
    return accept_byte(c, ',') ? read_span(c, &r->span) : 0;
}

static int args_within(struct cursor *c, struct frequency_rule *r)
{
    if (read_span(c, &r->span) < 0 || need_byte(c, ',') < 0)
        return -CE_SYNTAX;
    return read_name(c, &r->name, ERR_CALENDAR_NAME_EVENT_WANTED);
}

static int read_level(struct cursor *c, struct frequency_rule *r)
{
    uint8_t level;
    size_t from;
    int i;

    if (read_number(c, 1, FREQ_LEVELS, ERR_CALENDAR_LEVEL_1_5_WANTED, &level) < 0 ||
        need_byte(c, '=') < 0)
        return -CE_SYNTAX;
    if (r->levels[level - 1] != FREQ_MAX)
        return frequency_fail(c, c->at, ERR_CALENDAR_THIS_LEVEL_STANDS_HERE_TWICE);
    from = (skip_blanks(c), c->at);
    i = find_word(level_words, FREQ_MAX, read_word(c));
    if (i < 0)
        return frequency_fail(c, from, ERR_CALENDAR_NONE_YEAR_6MONTH_QUARTER_MONTH);
    r->levels[level - 1] = (uint8_t)i;
    return 0;
}

static int args_levels(struct cursor *c, struct frequency_rule *r)
{
    memset(r->levels, FREQ_MAX, sizeof(r->levels));
    do {
        if (read_level(c, r) < 0)
            return -CE_SYNTAX;
    } while (accept_byte(c, ','));
    for (unsigned i = 0; i < FREQ_LEVELS; i++) {
        if (r->levels[i] == FREQ_MAX)
            return frequency_fail(c, c->at, ERR_CALENDAR_ALL_FIVE_LEVELS_WANTED_NONE);
    }
    return 0;
}

enum args { ARGS_NONE, ARGS_MAY, ARGS_MUST };

static const struct {
    enum args args;
    bool time, workday, override; /* may have @, a workday rule; may stand in or have overrides */
    uint16_t interval;            /* the largest; 0: it takes none */
    int (*parse)(struct cursor *, struct frequency_rule *);
} kinds[FREQ_MAX] = {
    [FREQ_CONTINUOUS] = {ARGS_MUST, false, false, true, 0, args_continuous},
    [FREQ_SHIFT] = {ARGS_NONE, false, false, true, 0, NULL},
    [FREQ_DAILY] = {ARGS_NONE, true, true, true, 366, NULL},
    [FREQ_WEEKLY] = {ARGS_MAY, true, true, true, 104, args_weekly},
    [FREQ_MONTHLY] = {ARGS_MAY, true, true, true, 60, args_monthly},
    [FREQ_QUARTERLY] = {ARGS_MAY, true, true, true, 0, args_last_month},
    [FREQ_HALF_YEARLY] = {ARGS_MAY, true, true, true, 0, args_last_month},
    [FREQ_YEARLY] = {ARGS_MAY, true, true, true, 10, args_yearly},
    [FREQ_AT_START] = {ARGS_MAY, false, false, false, 0, args_span},
    [FREQ_AT_END] = {ARGS_MAY, false, false, false, 0, args_span},
    [FREQ_PHASE] = {ARGS_MUST, false, false, false, 0, args_phase},
    [FREQ_WITHIN] = {ARGS_MUST, false, false, false, 0, args_within},
    [FREQ_BY_LEVEL] = {ARGS_MUST, true, true, true, 0, args_levels},
};

static int read_interval(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at), digits;
    struct err what = ERR_INIT;
    int64_t n;

    if (!accept_byte(c, '/'))
        return 0;
    if (kinds[r->kind].interval == 0)
        return frequency_fail(c, from, ERR_CALENDAR_THIS_WORD_TAKES_NO_INTERVAL);
    skip_blanks(c);
    for (digits = c->at; c->at < c->text.n && ascii_is_digit(c->text.p[c->at]);)
        c->at++;
    if (num_range(slice_of(c->text.p + digits, c->at - digits), 1, kinds[r->kind].interval, &n) <
        0) {
        (void)err_fail(&what, CE_SYNTAX, ERR_CALENDAR_INTERVAL_WANTED, kinds[r->kind].interval);
        return fail_with(c, digits, &what);
    }
    r->interval = (uint16_t)(n > 1 ? n : 0);
    return 0;
}

static int read_arguments(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at);

    if (!accept_byte(c, '('))
        return kinds[r->kind].args == ARGS_MUST ? need_byte(c, '(') : 0;
    if (kinds[r->kind].args == ARGS_NONE)
        return frequency_fail(c, from, ERR_CALENDAR_THIS_WORD_TAKES_NO_ARGUMENTS);
    if (kinds[r->kind].parse(c, r) < 0)
        return -CE_SYNTAX;
    return need_byte(c, ')');
}

enum { DAY_END = 24 * 60 };

static int read_minute(struct cursor *c, int *ret)
{
    size_t from = (skip_blanks(c), c->at);
    uint8_t hour = 0, minute = 0;

    if (read_number(c, 0, 24, ERR_CALENDAR_TIME_HH_MM_WANTED, &hour) < 0 || need_byte(c, ':') < 0 ||
        read_number(c, 0, 59, ERR_CALENDAR_TIME_HH_MM_WANTED, &minute) < 0)
        return -CE_SYNTAX;
    *ret = hour * 60 + minute;
    return *ret <= DAY_END ? 0 : frequency_fail(c, from, ERR_CALENDAR_TIME_HH_MM_WANTED);
}

static int read_time(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at);
    int minute = 0;

    if (!accept_byte(c, '@'))
        return 0;
    if (!kinds[r->kind].time)
        return frequency_fail(c, from, ERR_CALENDAR_THIS_WORD_TAKES_NO_TIME);
    if (read_minute(c, &minute) < 0)
        return -CE_SYNTAX;
    while (r->kind == FREQ_DAILY && (from = c->at, accept_byte(c, ','))) {
        int before = minute;

        if (before == 0)
            return frequency_fail(c, from, ERR_CALENDAR_MIDNIGHT_STANDS_LAST);
        if (read_minute(c, &minute) < 0 ||
            keep_earlier(c, from, r, (unsigned)before, (unsigned)minute) < 0)
            return -CE_SYNTAX;
    }
    r->minute = minute == DAY_END ? FREQ_NO_TIME : (int16_t)minute;
    return 0;
}

static int read_workday(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at);
    struct slice word = read_word(c);
    int i;

    if (word.n == 0)
        return 0;
    i = find_word(workday_words, WORKDAY_MAX, word);
    if (i < 0)
        return frequency_fail(c, from, ERR_CALENDAR_WORKDAYS_BEFORE_HOLIDAY_AFTER_HOLIDAY);
    if (!kinds[r->kind].workday || (i == WORKDAY_ONLY && r->kind != FREQ_DAILY) ||
        (i != WORKDAY_ONLY && r->kind == FREQ_DAILY))
        return frequency_fail(c, from, ERR_CALENDAR_THIS_WORKDAY_RULE_DOES_NOT);
    r->workday = (enum workday_rule)i;
    return 0;
}

static int read_rule(struct cursor *c, struct frequency_rule *r)
{
    size_t from = (skip_blanks(c), c->at);
    int kind = find_word(kind_words, FREQ_MAX, read_word(c));

    if (kind < 0)
        return frequency_fail(c, from, ERR_CALENDAR_CONTINUOUS_EACH_SHIFT_DAILY_WEEKLY);
    *r = (struct frequency_rule){.kind = (enum frequency_kind)kind, .minute = FREQ_NO_TIME};
    if (read_interval(c, r) < 0 || read_arguments(c, r) < 0 || read_time(c, r) < 0 ||
        read_workday(c, r) < 0)
        return -CE_SYNTAX;
    if (r->interval && (r->earlier_count || r->workday == WORKDAY_ONLY))
        return frequency_fail(c, from, ERR_CALENDAR_INTERVAL_GOES_ALONE);
    return 0;
}

static int read_override(struct cursor *c, struct frequency *f)
{
    struct frequency_override *o = &f->overrides[f->override_count];
    size_t from = (skip_blanks(c), c->at);

    if (f->override_count == FREQ_OVERRIDES)
        return frequency_fail(c, from, ERR_CALENDAR_AT_MOST_FOUR_RULES_FOR);
    if (read_name(c, &o->when, ERR_CALENDAR_NAME_PHASE_OR_HEIGHTENED_WANTED) < 0)
        return -CE_SYNTAX;
    for (unsigned i = 0; i < f->override_count; i++) {
        if (slice_eq(f->overrides[i].when, o->when))
            return frequency_fail(c, from, ERR_CALENDAR_THIS_PHASE_STANDS_HERE_TWICE);
    }
    if (need_byte(c, ':') < 0)
        return -CE_SYNTAX;
    from = (skip_blanks(c), c->at);
    if (read_rule(c, &o->rule) < 0)
        return -CE_SYNTAX;
    if (!kinds[o->rule.kind].override || !kinds[f->base.kind].override)
        return frequency_fail(c, from, ERR_CALENDAR_ONLY_RECURRING_RULE_CAN_REPLACE);
    f->override_count++;
    return 0;
}

int frequency_parse(struct slice s, struct frequency *ret, struct err *err)
{
    struct cursor c = {.text = s, .err = err};
    struct frequency f = {0};

    if (s.n > FREQ_TEXT_MAX)
        return err_fail_at(err, CE_TOO_BIG, 0, 1, ERR_CALENDAR_FREQUENCY_AT_MOST_CHARACTERS,
                           FREQ_TEXT_MAX);
    if (read_rule(&c, &f.base) < 0)
        return -CE_SYNTAX;
    while (accept_byte(&c, '|')) {
        if (read_override(&c, &f) < 0)
            return -CE_SYNTAX;
    }
    skip_blanks(&c);
    if (c.at < s.n)
        return frequency_fail(&c, c.at, ERR_CALENDAR_FREQUENCY_SHOULD_END_HERE);
    *ret = f;
    return 0;
}

int span_parse(struct slice s, struct span *ret, struct err *err)
{
    struct cursor c = {.text = s, .err = err};

    if (read_span(&c, ret) < 0)
        return -CE_SYNTAX;
    skip_blanks(&c);
    return c.at < s.n ? frequency_fail(&c, c.at, ERR_CALENDAR_LENGTH_TIME_SHOULD_END_HERE) : 0;
}
