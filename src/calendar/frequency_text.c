/* SPDX-License-Identifier: Apache-2.0 */
/* Frequencies as text: canonical form, words for people, RRULE. */
#include "base/time.h"
#include "calendar/frequency.h"
#include "calendar/words.h"
#include "lang/msg_calendar.h"

const char *const kind_words[FREQ_MAX] = {
    [FREQ_CONTINUOUS] = "continuous",   [FREQ_SHIFT] = "each-shift", [FREQ_DAILY] = "daily",
    [FREQ_WEEKLY] = "weekly",           [FREQ_MONTHLY] = "monthly",  [FREQ_QUARTERLY] = "quarterly",
    [FREQ_HALF_YEARLY] = "half-yearly", [FREQ_YEARLY] = "yearly",    [FREQ_AT_START] = "at-start",
    [FREQ_AT_END] = "at-end",           [FREQ_PHASE] = "phase",      [FREQ_WITHIN] = "within",
    [FREQ_BY_LEVEL] = "by-level",
};

const char *const level_words[FREQ_MAX] = {
    [FREQ_DAILY] = "day",         [FREQ_WEEKLY] = "week",        [FREQ_MONTHLY] = "month",
    [FREQ_QUARTERLY] = "quarter", [FREQ_HALF_YEARLY] = "6month", [FREQ_YEARLY] = "year",
    [FREQ_NONE] = "none",
};

const char *const weekday_words[8] = {NULL, "mon", "tue", "wed", "thu", "fri", "sat", "sun"};

const char *const workday_words[WORKDAY_MAX] = {
    [WORKDAY_ONLY] = "workdays",
    [WORKDAY_BEFORE] = "before-holiday",
    [WORKDAY_AFTER] = "after-holiday",
};

const char *frequency_kind_to_str(enum frequency_kind kind)
{
    return kind == FREQ_NONE ? "none" : kind_words[kind];
}

static const struct {
    int64_t ns;
    char unit;
    msg_id one, many;
} span_units[] = {
    {7 * TIME_DAY, 'w', MSG_CALENDAR_SPAN_WEEK, MSG_CALENDAR_SPAN_WEEKS},
    {TIME_DAY, 'd', MSG_CALENDAR_SPAN_DAY, MSG_CALENDAR_SPAN_DAYS},
    {TIME_HOUR, 'h', MSG_CALENDAR_SPAN_HOUR, MSG_CALENDAR_SPAN_HOURS},
    {TIME_MINUTE, 'm', MSG_CALENDAR_SPAN_MINUTE, MSG_CALENDAR_SPAN_MINUTES},
    {TIME_SECOND, 's', MSG_CALENDAR_SPAN_SECOND, MSG_CALENDAR_SPAN_SECONDS},
};

/* The largest unit that divides the span: 24h comes back as 1d. */
static size_t span_unit(struct span s)
{
    size_t i = 0;

    while (i + 1 < CANH_LEN(span_units) && s.ns % span_units[i].ns != 0)
        i++;
    return i;
}

void span_write(struct buf *out, struct span s)
{
    size_t i = span_unit(s);

    if (s.workdays)
        buf_printf(out, "%uwd", s.workdays);
    else
        buf_printf(out, "%u%c", (unsigned)(s.ns / span_units[i].ns), span_units[i].unit);
}

static void describe_count(struct buf *out, enum lang lang, msg_id one, msg_id many, unsigned n)
{
    if (n == 1)
        buf_puts(out, lang_text(lang, one));
    else
        lang_write_checked(out, lang, many, n);
}

void span_describe(struct buf *out, enum lang lang, struct span s)
{
    size_t i = span_unit(s);

    if (s.workdays)
        describe_count(out, lang, MSG_CALENDAR_SPAN_WORKDAY, MSG_CALENDAR_SPAN_WORKDAYS,
                       s.workdays);
    else
        describe_count(out, lang, span_units[i].one, span_units[i].many,
                       (unsigned)(s.ns / span_units[i].ns));
}

static bool has_span(const struct frequency_rule *r)
{
    return r->span.ns != 0 || r->span.workdays != 0;
}

static void write_days(struct buf *out, const struct frequency_rule *r)
{
    bool week = r->kind == FREQ_WEEKLY;

    if (r->earlier_count == 0 && r->weekday == 0 && r->day == 0)
        return;
    buf_putc(out, '(');
    for (unsigned i = 0; i < r->earlier_count; i++) {
        if (week)
            buf_printf(out, "%s,", weekday_words[r->earlier[i]]);
        else
            buf_printf(out, "%u,", r->earlier[i]);
    }
    if (week)
        buf_puts(out, weekday_words[r->weekday]);
    else if (r->day)
        buf_printf(out, "%u", r->day);
    else
        buf_puts(out, "last");
    buf_putc(out, ')');
}

static void write_arguments(struct buf *out, const struct frequency_rule *r)
{
    switch (r->kind) {
    case FREQ_CONTINUOUS:
        buf_puts(out, "(<=");
        span_write(out, r->span);
        buf_putc(out, ')');
        break;
    case FREQ_WEEKLY:
    case FREQ_MONTHLY:
    case FREQ_QUARTERLY:
    case FREQ_HALF_YEARLY:
        write_days(out, r);
        break;
    case FREQ_YEARLY:
        if (r->month)
            buf_printf(out, "(%02u-%02u)", r->month, r->day);
        break;
    case FREQ_BY_LEVEL:
        for (unsigned i = 0; i < FREQ_LEVELS; i++)
            buf_printf(out, "%s%u=%s", i ? "," : "(", i + 1, level_words[r->levels[i]]);
        buf_putc(out, ')');
        break;
    default:
        break;
    }
}

static void write_spans(struct buf *out, const struct frequency_rule *r)
{
    if (r->kind == FREQ_WITHIN) {
        buf_putc(out, '(');
        span_write(out, r->span);
        buf_printf(out, ", " SLICE_FMT ")", SLICE_ARG(r->name));
    } else if (r->kind == FREQ_PHASE) {
        buf_printf(out, "(" SLICE_FMT, SLICE_ARG(r->name));
        if (has_span(r)) {
            buf_puts(out, ", ");
            span_write(out, r->span);
        }
        buf_putc(out, ')');
    } else if ((r->kind == FREQ_AT_START || r->kind == FREQ_AT_END) && has_span(r)) {
        buf_putc(out, '(');
        span_write(out, r->span);
        buf_putc(out, ')');
    }
}

/* When a day is due for the last time: what has no time ends with it. */
static unsigned last_minute(const struct frequency_rule *r)
{
    return r->minute == FREQ_NO_TIME ? 24 * 60 : (unsigned)r->minute;
}

static void write_times(struct buf *out, const struct frequency_rule *r)
{
    bool several = r->kind == FREQ_DAILY && r->earlier_count > 0;

    if (r->minute == FREQ_NO_TIME && !several)
        return;
    buf_putc(out, '@');
    for (unsigned i = 0; several && i < r->earlier_count; i++)
        buf_printf(out, "%02u:%02u,", r->earlier[i] / 60u, r->earlier[i] % 60u);
    buf_printf(out, "%02u:%02u", last_minute(r) / 60, last_minute(r) % 60);
}

static void write_rule(struct buf *out, const struct frequency_rule *r)
{
    buf_puts(out, kind_words[r->kind]);
    if (r->interval)
        buf_printf(out, "/%u", r->interval);
    write_arguments(out, r);
    write_spans(out, r);
    write_times(out, r);
    if (r->workday != WORKDAY_ANY)
        buf_printf(out, " %s", workday_words[r->workday]);
}

void frequency_write(struct buf *out, const struct frequency *f)
{
    write_rule(out, &f->base);
    for (unsigned i = 0; i < f->override_count; i++) {
        buf_printf(out, " | " SLICE_FMT ":", SLICE_ARG(f->overrides[i].when));
        write_rule(out, &f->overrides[i].rule);
    }
}

/* What frequency_describe() carries through its helpers. */
struct speech {
    struct buf *out;
    enum lang lang;
    frequency_name_fn name;
    const void *ctx;
};

enum { SAY_MAX = 200 };

static void name_of(const struct speech *s, bool event, struct slice name, char text[SAY_MAX])
{
    const struct title *named = s->name ? s->name(s->ctx, event, name) : NULL;
    struct slice title = named ? title_in(named, s->lang) : SLICE_NULL;

    title = slice_head_utf8(title.n ? title : name, SAY_MAX - 1);
    if (title.n > 0)
        memcpy(text, title.p, title.n);
    text[title.n] = 0;
}

static const msg_id plain_words[FREQ_MAX] = {
    [FREQ_SHIFT] = MSG_CALENDAR_FREQ_SHIFT,
    [FREQ_DAILY] = MSG_CALENDAR_FREQ_DAILY,
    [FREQ_WEEKLY] = MSG_CALENDAR_FREQ_WEEKLY,
    [FREQ_MONTHLY] = MSG_CALENDAR_FREQ_MONTHLY,
    [FREQ_QUARTERLY] = MSG_CALENDAR_FREQ_QUARTERLY,
    [FREQ_HALF_YEARLY] = MSG_CALENDAR_FREQ_HALF_YEARLY,
    [FREQ_YEARLY] = MSG_CALENDAR_FREQ_YEARLY,
    [FREQ_BY_LEVEL] = MSG_CALENDAR_FREQ_BY_LEVEL,
    [FREQ_NONE] = MSG_CALENDAR_FREQ_NONE,
};

static const msg_id interval_words[FREQ_MAX] = {
    [FREQ_DAILY] = MSG_CALENDAR_FREQ_DAYS,
    [FREQ_WEEKLY] = MSG_CALENDAR_FREQ_WEEKS,
    [FREQ_MONTHLY] = MSG_CALENDAR_FREQ_MONTHS,
    [FREQ_YEARLY] = MSG_CALENDAR_FREQ_YEARS,
};

static void describe_levels(const struct speech *s, const struct frequency_rule *r)
{
    for (unsigned i = 0; i < FREQ_LEVELS; i++) {
        if (i > 0)
            buf_putc(s->out, ',');
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_LEVEL, i + 1,
                   lang_text(s->lang, plain_words[r->levels[i]]));
    }
}

/* Point i of those that are due in one period; the last one is the rule's own. */
static unsigned due_point(const struct frequency_rule *r, unsigned i)
{
    if (i < r->earlier_count)
        return r->earlier[i];
    return r->kind == FREQ_DAILY ? last_minute(r) : r->kind == FREQ_WEEKLY ? r->weekday : r->day;
}

/* “, ngày 10 và ngày 25”, “, thứ ba và thứ sáu”: the first with its own words before it. */
static void describe_point(const struct speech *s, const struct frequency_rule *r, unsigned i)
{
    unsigned point = due_point(r, i);
    bool first = i == 0;

    if (!first && i == r->earlier_count)
        buf_puts(s->out, lang_text(s->lang, MSG_CALENDAR_FREQ_AND));
    else if (!first)
        buf_puts(s->out, ", ");
    if (r->kind == FREQ_WEEKLY && first)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_ON_DAY,
                   lang_text(s->lang, MSG_CALENDAR_DAY_MON + point - 1));
    else if (r->kind == FREQ_WEEKLY)
        buf_puts(s->out, lang_text(s->lang, MSG_CALENDAR_DAY_MON + point - 1));
    else if (point == 0)
        buf_puts(s->out, lang_text(s->lang, first ? MSG_CALENDAR_FREQ_MONTH_LAST
                                                  : MSG_CALENDAR_FREQ_ALSO_LAST));
    else if (first)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_MONTH_DAY, point);
    else
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_ALSO_DAY, point);
}

static void describe_times(const struct speech *s, const struct frequency_rule *r)
{
    if (r->minute == FREQ_NO_TIME && !(r->kind == FREQ_DAILY && r->earlier_count > 0))
        return;
    for (unsigned i = r->kind == FREQ_DAILY ? 0 : r->earlier_count; i <= r->earlier_count; i++) {
        unsigned minute = r->kind == FREQ_DAILY ? due_point(r, i) : last_minute(r);

        if (r->kind != FREQ_DAILY || i == 0)
            lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_AT, minute / 60, minute % 60);
        else
            buf_printf(s->out, "%s%02u:%02u",
                       i == r->earlier_count ? lang_text(s->lang, MSG_CALENDAR_FREQ_AND) : ", ",
                       minute / 60, minute % 60);
    }
}

static void describe_day(const struct speech *s, const struct frequency_rule *r)
{
    bool days = (r->kind == FREQ_WEEKLY && r->weekday) || r->kind == FREQ_MONTHLY;

    for (unsigned i = 0; days && i <= r->earlier_count; i++)
        describe_point(s, r, i);
    if ((r->kind == FREQ_QUARTERLY || r->kind == FREQ_HALF_YEARLY) && r->day)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_LAST_MONTH_DAY, (unsigned)r->day);
    if (r->kind == FREQ_YEARLY && r->month)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_YEAR_DAY, (unsigned)r->day,
                   (unsigned)r->month);
}

/* Kinds that speak of a length of time, an event or a phase. */
static void describe_spans(const struct speech *s, const struct frequency_rule *r)
{
    struct span day = {.ns = TIME_DAY};
    struct buf span = BUF_INIT(SAY_MAX);
    char name[SAY_MAX];

    span_describe(&span, s->lang, r->kind == FREQ_AT_START && !has_span(r) ? day : r->span);
    name_of(s, r->kind == FREQ_WITHIN, r->name, name);
    if (r->kind == FREQ_CONTINUOUS)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_CONTINUOUS, buf_cstr(&span));
    else if (r->kind == FREQ_AT_START)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_AT_START, buf_cstr(&span));
    else if (r->kind == FREQ_AT_END && has_span(r))
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_AT_END_SPAN, buf_cstr(&span));
    else if (r->kind == FREQ_AT_END)
        buf_puts(s->out, lang_text(s->lang, MSG_CALENDAR_FREQ_AT_END));
    else if (r->kind == FREQ_WITHIN)
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_WITHIN, buf_cstr(&span), name);
    else if (has_span(r))
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_PHASE_SPAN, buf_cstr(&span), name);
    else
        lang_write(s->out, s->lang, MSG_CALENDAR_FREQ_PHASE, name);
    buf_done(&span);
}

static bool speaks_of_span(enum frequency_kind kind)
{
    return kind == FREQ_CONTINUOUS || kind == FREQ_AT_START || kind == FREQ_AT_END ||
           kind == FREQ_PHASE || kind == FREQ_WITHIN;
}

static void describe_rule(const struct speech *s, const struct frequency_rule *r)
{
    static const msg_id workdays[WORKDAY_MAX] = {
        [WORKDAY_ONLY] = MSG_CALENDAR_FREQ_WORKDAYS,
        [WORKDAY_BEFORE] = MSG_CALENDAR_FREQ_BEFORE_HOLIDAY,
        [WORKDAY_AFTER] = MSG_CALENDAR_FREQ_AFTER_HOLIDAY,
    };

    if (speaks_of_span(r->kind)) {
        describe_spans(s, r);
        return;
    }
    if (r->interval)
        lang_write_checked(s->out, s->lang, interval_words[r->kind], (unsigned)r->interval);
    else
        buf_puts(s->out, lang_text(s->lang, plain_words[r->kind]));
    if (r->kind == FREQ_BY_LEVEL)
        describe_levels(s, r);
    describe_day(s, r);
    describe_times(s, r);
    if (r->workday != WORKDAY_ANY)
        buf_puts(s->out, lang_text(s->lang, workdays[r->workday]));
}

void frequency_describe(struct buf *out, enum lang lang, const struct frequency *f,
                        frequency_name_fn name, const void *ctx)
{
    struct speech s = {.out = out, .lang = lang, .name = name, .ctx = ctx};
    char when[SAY_MAX];

    describe_rule(&s, &f->base);
    for (unsigned i = 0; i < f->override_count; i++) {
        if (slice_is(f->overrides[i].when, "heightened")) {
            buf_puts(out, lang_text(lang, MSG_CALENDAR_FREQ_HEIGHTENED));
        } else {
            name_of(&s, false, f->overrides[i].when, when);
            lang_write(out, lang, MSG_CALENDAR_FREQ_OVERRIDE, when);
        }
        describe_rule(&s, &f->overrides[i].rule);
    }
}

static enum frequency_kind kind_at_level(const struct frequency_rule *r, unsigned level)
{
    enum frequency_kind kind = FREQ_NONE;

    if (r->kind != FREQ_BY_LEVEL)
        return r->kind;
    if (level >= 1 && level <= FREQ_LEVELS)
        return (enum frequency_kind)r->levels[level - 1];
    for (unsigned i = 0; i < FREQ_LEVELS; i++)
        kind = CANH_MIN(kind, (enum frequency_kind)r->levels[i]);
    return kind;
}

enum rrule frequency_write_rrule(struct buf *out, const struct frequency *f, unsigned level)
{
    static const char days[8][3] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    const struct frequency_rule *r = &f->base;
    unsigned minute = r->minute == FREQ_NO_TIME ? 23 * 60 + 59 : (unsigned)r->minute;

    /* INTERVAL counts from DTSTART and is due in its first week or month, this in the last */
    if (r->interval || r->earlier_count || (r->day && r->kind != FREQ_MONTHLY && !r->month))
        return RRULE_NONE;
    switch (kind_at_level(r, level)) {
    case FREQ_DAILY:
        buf_puts(out,
                 r->workday == WORKDAY_ONLY ? "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" : "FREQ=DAILY");
        break;
    case FREQ_WEEKLY:
        buf_printf(out, "FREQ=WEEKLY;WKST=MO;BYDAY=%s", days[r->weekday]);
        break;
    case FREQ_MONTHLY:
        /* of the days up to the wanted one, the last that the month has */
        if (r->day > 28) {
            buf_puts(out, "FREQ=MONTHLY;BYMONTHDAY=28");
            for (unsigned d = 29; d <= r->day; d++)
                buf_printf(out, ",%u", d);
            buf_puts(out, ";BYSETPOS=-1");
        } else {
            buf_printf(out, "FREQ=MONTHLY;BYMONTHDAY=%d", r->day ? r->day : -1);
        }
        break;
    case FREQ_QUARTERLY:
        buf_puts(out, "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1");
        break;
    case FREQ_HALF_YEARLY:
        buf_puts(out, "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1");
        break;
    case FREQ_YEARLY:
        buf_printf(out, "FREQ=YEARLY;BYMONTH=%u;BYMONTHDAY=%u", r->month ? r->month : 12,
                   r->month ? r->day : 31);
        break;
    default:
        return RRULE_NONE;
    }
    buf_printf(out, ";BYHOUR=%u;BYMINUTE=%u;BYSECOND=0", minute / 60, minute % 60);
    return r->workday == WORKDAY_ANY && f->override_count == 0 ? RRULE_EXACT : RRULE_APPROX;
}
