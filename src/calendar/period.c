/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/period.h"

#include "base/time.h"
#include "calendar/calendar.h"

/* The longest run of days off that a calendar may have; calendar_parse() sees to it. */
enum { SEARCH_DAYS = 400 };

/* Periods are reckoned from 1900 until 2200, so that no sum of days overflows. */
#define TIME_FIRST (INT64_C(-2208988800) * TIME_SECOND)
#define TIME_LAST  (INT64_C(7258118400) * TIME_SECOND)

static const struct calendar *calendar_of(const struct window *w)
{
    return w->calendar ? w->calendar : calendar_plain();
}

static int64_t local_day(const struct window *w, int64_t t)
{
    int64_t local = t / TIME_SECOND + w->offset_s - (t % TIME_SECOND < 0);
    int64_t day = local / 86400;

    return day - (local % 86400 < 0);
}

/* The instant of a minute of a local day. */
static int64_t day_time(const struct window *w, int64_t day, int minute)
{
    return (day * 86400 + minute * 60 - w->offset_s) * TIME_SECOND;
}

static int64_t period_add(int64_t t, int64_t ns)
{
    int64_t sum;

    return __builtin_add_overflow(t, ns, &sum) ? INT64_MAX : sum;
}

int64_t span_add(const struct window *w, int64_t t, struct span s)
{
    int64_t day;

    if (s.workdays == 0)
        return period_add(t, s.ns);
    day = local_day(w, t);
    return period_add(t, (calendar_add_workdays(calendar_of(w), day, s.workdays) - day) * TIME_DAY);
}

/* Which rule is in force: 0 the base rule, i + 1 override i. */
static const struct window_part *part_at(const struct window_part *parts, size_t count, int64_t t)
{
    for (size_t i = 0; i < count; i++) {
        if (t >= parts[i].from && t < parts[i].until)
            return &parts[i];
    }
    return NULL;
}

static unsigned rule_index(const struct frequency *f, const struct window *w, int64_t t)
{
    bool heightened = part_at(w->heightened, w->heightened_count, t) != NULL;
    const struct window_part *phase = part_at(w->phases, w->phase_count, t);
    unsigned index = 0;

    for (unsigned i = 0; i < f->override_count; i++) {
        struct slice when = f->overrides[i].when;

        if (heightened && slice_is(when, "heightened"))
            return i + 1;
        if (phase && slice_eq(phase->name, when))
            index = i + 1;
    }
    return index;
}

static const struct frequency_rule *rule_of(const struct frequency *f, unsigned index)
{
    return index == 0 ? &f->base : &f->overrides[index - 1].rule;
}

const struct frequency_rule *period_rule_at(const struct frequency *f, const struct window *w,
                                            int64_t t)
{
    return rule_of(f, rule_index(f, w, t));
}

/* The nearest beginning or end of a phase or heightened watch after t (forward), or the last one
 * not after t (backward), inside the window. */
static int64_t period_boundary(const struct window *w, int64_t t, bool forward)
{
    const struct window_part *lists[] = {w->phases, w->heightened};
    size_t counts[] = {w->phase_count, w->heightened_count};
    int64_t best = forward ? w->end : w->start;

    for (int l = 0; l < 2; l++) {
        for (size_t i = 0; i < 2 * counts[l]; i++) {
            const struct window_part *p = &lists[l][i / 2];
            int64_t at = i % 2 ? p->until : p->from;

            if (forward ? at > t && at < best : at <= t && at > best)
                best = at;
        }
    }
    return best;
}

struct segment {
    int64_t from, until;
    unsigned rule;
};

/* The longest stretch around t in which one rule is in force. */
static struct segment segment_at(const struct frequency *f, const struct window *w, int64_t t)
{
    struct segment s = {w->start, w->end, 0};

    if (f->override_count == 0)
        return s;
    s.rule = rule_index(f, w, t);
    s.from = period_boundary(w, t, false);
    s.until = period_boundary(w, t, true);
    while (s.from > w->start && rule_index(f, w, s.from - 1) == s.rule)
        s.from = period_boundary(w, s.from - 1, false);
    while (s.until < w->end && rule_index(f, w, s.until) == s.rule)
        s.until = period_boundary(w, s.until, true);
    return s;
}

/* A period in local days, and the day at whose end or minute it is due. */
struct days {
    int64_t from, until, due;
};

/* Months are counted from year 0, so that blocks of months are plain arithmetic. */
static int month_index(int64_t day)
{
    unsigned month, dom;
    int year;

    date_from_days(day, &year, &month, &dom);
    return year * 12 + (int)month - 1;
}

static int64_t month_start(int index)
{
    return days_from_date(index / 12, (unsigned)(index % 12) + 1, 1);
}

/* The months around a day, so many together, counted from the month `first`. */
static struct days month_days(int64_t day, int months, int first)
{
    int index = month_index(day);
    struct days d;

    index -= (index - first) % months;
    d.from = month_start(index);
    d.until = month_start(index + months);
    d.due = d.until - 1;
    return d;
}

static struct days workday_days(const struct calendar *c, int64_t day)
{
    struct days d = {day, day + 1, day};

    for (int i = 0; i < SEARCH_DAYS && calendar_is_off(c, d.from); i++)
        d.from--;
    for (int i = 0; i < SEARCH_DAYS && calendar_is_off(c, d.until); i++)
        d.until++;
    d.due = d.from;
    return d;
}

/* The nearest working day on one side of the due day within the period; -1 when there is none. */
static int64_t search_workday(const struct calendar *c, const struct days *d, int step)
{
    for (int64_t day = d->due; day >= d->from && day < d->until; day += step) {
        if (!calendar_is_off(c, day))
            return day;
    }
    return INT64_MIN;
}

static void shift_due(const struct calendar *c, enum workday_rule rule, struct days *d)
{
    int step = rule == WORKDAY_BEFORE ? -1 : 1;
    int64_t day = search_workday(c, d, step);

    if (day == INT64_MIN)
        day = search_workday(c, d, -step);
    if (day != INT64_MIN)
        d->due = day;
}

static enum frequency_kind period_strictest(const struct frequency_rule *r)
{
    enum frequency_kind kind = FREQ_NONE;

    for (unsigned i = 0; i < FREQ_LEVELS; i++)
        kind = CANH_MIN(kind, (enum frequency_kind)r->levels[i]);
    return kind;
}

static enum frequency_kind effective_kind(const struct frequency_rule *r, const struct window *w)
{
    if (r->kind != FREQ_BY_LEVEL)
        return r->kind;
    if (w->level >= 1 && w->level <= FREQ_LEVELS)
        return (enum frequency_kind)r->levels[w->level - 1];
    return period_strictest(r);
}

static int64_t week_start(int64_t day)
{
    return day - (int64_t)weekday_of_days(day) + 1;
}

/* So many days together, counted from a first one. */
static struct days day_block(int64_t day, int64_t first, int64_t length)
{
    struct days d;

    d.from = day - (day - first) % length;
    d.until = d.from + length;
    d.due = d.until - 1;
    return d;
}

/* Of a period that is due several times, the part that holds the day. */
static void cut_at_earlier(const struct frequency_rule *r, int64_t day, struct days *d)
{
    int64_t first = d->from, last = d->until - 1;

    for (unsigned i = 0; i < r->earlier_count; i++) {
        int64_t point = CANH_MIN(first + r->earlier[i] - 1, last);

        if (day <= point) {
            d->until = point + 1;
            d->due = point;
            return;
        }
        d->from = point + 1;
    }
}

/* The last of the weeks, months or years of a period is where it is due. */
static struct days calendar_days(const struct frequency_rule *r, enum frequency_kind kind,
                                 const struct window *w, int64_t day)
{
    int64_t start = local_day(w, CANH_MAX(w->start, TIME_FIRST));
    int each = r->interval ? r->interval : 1;
    struct days d = {day, day + 1, day};

    if (kind == FREQ_DAILY && r->workday == WORKDAY_ONLY)
        return workday_days(calendar_of(w), day);
    if (kind == FREQ_DAILY && each > 1) {
        d = day_block(day, start, each);
    } else if (kind == FREQ_WEEKLY) {
        d = day_block(day, week_start(each > 1 ? start : day), each * INT64_C(7));
        d.due = r->weekday ? d.until - 8 + r->weekday : d.until - 1;
    } else if (kind == FREQ_MONTHLY) {
        d = month_days(day, each, each > 1 ? month_index(start) : 0);
    } else if (kind == FREQ_QUARTERLY || kind == FREQ_HALF_YEARLY) {
        d = month_days(day, kind == FREQ_QUARTERLY ? 3 : 6, 0);
    } else if (kind == FREQ_YEARLY) {
        d = month_days(day, each * 12, each > 1 ? month_index(start) / 12 * 12 : 0);
        if (r->month)
            d.due = days_from_date(month_index(d.due) / 12, r->month, r->day);
    }
    if (r->day && kind != FREQ_YEARLY)
        d.due = CANH_MIN(month_start(month_index(d.due)) + r->day - 1, d.until - 1);
    if (kind != FREQ_DAILY)
        cut_at_earlier(r, day, &d);
    if (r->workday == WORKDAY_BEFORE || r->workday == WORKDAY_AFTER)
        shift_due(calendar_of(w), r->workday, &d);
    return d;
}

/* The same of a day that is due at several times. */
static void cut_at_times(const struct frequency_rule *r, const struct window *w, int64_t day,
                         int64_t t, struct period *p)
{
    for (unsigned i = 0; i < r->earlier_count; i++) {
        int64_t point = day_time(w, day, r->earlier[i]);

        if (t < point) {
            p->until = p->due = point;
            return;
        }
        p->from = point;
    }
}

static struct period shift_period(const struct window *w, int64_t t)
{
    static const uint16_t midnight[] = {0};
    const uint16_t *shifts = w->shift_count ? w->shifts : midnight;
    size_t count = w->shift_count ? w->shift_count : 1, i = count;
    int64_t day = local_day(w, t);
    struct period p;

    while (i > 0 && day_time(w, day, shifts[i - 1]) > t)
        i--;
    if (i == 0) {
        day--;
        i = count;
    }
    p.from = day_time(w, day, shifts[i - 1]);
    p.until = i < count ? day_time(w, day, shifts[i]) : day_time(w, day + 1, shifts[0]);
    p.due = p.until;
    return p;
}

/* The whole period around t, as if the window had no ends. */
static bool period_nominal(const struct frequency_rule *r, const struct window *w, int64_t t,
                           struct period *ret)
{
    enum frequency_kind kind = effective_kind(r, w);
    struct days d;

    if (kind == FREQ_SHIFT) {
        *ret = shift_period(w, t);
        return true;
    }
    if (kind > FREQ_YEARLY)
        return false;
    d = calendar_days(r, kind, w, local_day(w, t));
    ret->from = day_time(w, d.from, 0);
    ret->until = day_time(w, d.until, 0);
    ret->due =
        r->minute == FREQ_NO_TIME ? day_time(w, d.due + 1, 0) : day_time(w, d.due, r->minute);
    if (kind == FREQ_CONTINUOUS || ret->due <= ret->from)
        ret->due = kind == FREQ_CONTINUOUS ? ret->until : ret->from + TIME_SECOND;
    if (kind == FREQ_DAILY)
        cut_at_times(r, w, d.due, t, ret);
    return true;
}

static void period_cut(struct period *p, const struct segment *s, const struct window *w)
{
    bool overtaken = p->until > s->until && s->until < w->end;

    p->from = CANH_MAX(p->from, s->from);
    p->until = CANH_MIN(p->until, s->until);
    if (p->due > p->from && p->due <= p->until)
        return;
    p->due = overtaken ? TIME_NONE : p->until;
}

/* Kinds that have one period in a plan. */
static bool period_single(const struct frequency_rule *r, const struct window *w,
                          struct period *ret)
{
    struct span start = r->span.ns || r->span.workdays ? r->span : (struct span){.ns = TIME_DAY};
    const struct window_part *phase = NULL;

    *ret = (struct period){w->start, w->end, w->end};
    if (r->kind == FREQ_AT_START) {
        ret->due = CANH_MIN(span_add(w, w->start, start), w->end);
        return true;
    }
    if (r->kind == FREQ_AT_END) {
        if (r->span.ns && w->end != INT64_MAX)
            ret->from = CANH_MAX(w->start, w->end - r->span.ns);
        return w->end != INT64_MAX;
    }
    for (size_t i = 0; r->kind == FREQ_PHASE && i < w->phase_count && phase == NULL; i++)
        phase = slice_eq(w->phases[i].name, r->name) ? &w->phases[i] : NULL;
    if (phase == NULL)
        return false;
    ret->from = CANH_MAX(phase->from, w->start);
    ret->until = CANH_MIN(phase->until, w->end);
    ret->due = ret->until;
    if (r->span.ns || r->span.workdays)
        ret->due = CANH_MIN(span_add(w, ret->from, r->span), ret->until);
    return ret->from < ret->until;
}

static bool is_single(const struct frequency *f)
{
    return f->base.kind == FREQ_AT_START || f->base.kind == FREQ_AT_END ||
           f->base.kind == FREQ_PHASE;
}

bool period_at(const struct frequency *f, const struct window *w, int64_t t, struct period *ret)
{
    struct segment s;

    if (t < w->start || t >= w->end || t < TIME_FIRST || t >= TIME_LAST)
        return false;
    if (is_single(f))
        return period_single(&f->base, w, ret) && t >= ret->from && t < ret->until;
    s = segment_at(f, w, t);
    if (!period_nominal(rule_of(f, s.rule), w, t, ret))
        return false;
    period_cut(ret, &s, w);
    return true;
}

bool period_after(const struct frequency *f, const struct window *w, int64_t t, struct period *ret)
{
    t = CANH_MAX(t, w->start);
    if (is_single(f))
        return period_single(&f->base, w, ret) && ret->until > t;
    if (f->base.kind == FREQ_WITHIN)
        return false;
    while (t < w->end && t < TIME_LAST && !period_at(f, w, t, ret))
        t = segment_at(f, w, t).until; /* a stretch where the level asks for nothing */
    return t < w->end && t < TIME_LAST;
}

bool period_of_event(const struct frequency *f, const struct window *w, int64_t event,
                     struct period *ret)
{
    if (f->base.kind != FREQ_WITHIN || event < w->start || event >= w->end)
        return false;
    ret->from = event;
    ret->due = ret->until = span_add(w, event, f->base.span);
    return true;
}
