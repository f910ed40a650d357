/* SPDX-License-Identifier: Apache-2.0 */
/* Events of a calendar → when they take place. */
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "calendar/ical_raw.h"
#include "calendar/recur.h"
#include "lang/err_calendar.h"
#include "lang/zone.h"

/* An event longer than this is a mistake in a year. */
#define EVENT_MAX (366 * TIME_DAY)

/* A time whose zone is known. zone NULL: floating. */
struct moment {
    bool date;
    const struct zone *zone;
    int64_t wall;
    int64_t at; /* the instant; floating: the wall time */
};

static const struct zone utc = {0, NULL, 0};

static int64_t ical_expand_instant(const struct zone *zone, int64_t wall)
{
    return zone ? zone_from_wall(zone, wall) : wall;
}

/* False with a note. */
static bool ical_expand_resolve(struct ical_reader *o, const struct ical_raw_time *raw,
                                struct slice text, struct moment *ret)
{
    struct ical_time t;

    if (!ical_parse_time(text, &t)) {
        ical_note(o, raw->line, false, ERR_CALENDAR_ICAL_BAD_TIME, slice_brief(text));
        return false;
    }
    *ret = (struct moment){.date = t.date, .wall = t.at};
    if (t.utc)
        ret->zone = &utc;
    else if (!t.date && raw->tzid.n)
        ret->zone = ical_find_zone(o, raw->tzid, raw->line);
    if (!t.utc && !t.date && raw->tzid.n && ret->zone == NULL)
        return false;
    ret->at = ical_expand_instant(ret->zone, t.at);
    return true;
}

/* How long an event lasts: days of the wall clock and time that passes. */
struct length {
    int64_t days, ns;
};

static int64_t end_of(const struct moment *start, const struct length *l, int64_t wall)
{
    return ical_expand_instant(start->zone, wall + l->days * TIME_DAY) + l->ns;
}

static bool bad_event(struct ical_reader *o, uint32_t line, const struct err *what)
{
    ical_note_add(o, line, false, what);
    return false;
}

#define BAD(o, line, id, ...)                                                                      \
    ({                                                                                             \
        struct err bad_ = ERR_INIT;                                                                \
        (void)err_fail(&bad_, CE_SYNTAX, id, ##__VA_ARGS__);                                       \
        bad_event(o, line, &bad_);                                                                 \
    })

static bool find_length(struct ical_reader *o, const struct ical_raw_event *e,
                        const struct moment *start, struct length *ret)
{
    struct moment end;

    *ret = (struct length){0, 0};
    if (e->end.line && e->duration.line)
        return BAD(o, e->duration.line, ERR_CALENDAR_ICAL_TWICE, SLICE("DTEND, DURATION"),
                   e->end.line);
    if (e->duration.line) {
        if (!ical_parse_duration(e->duration.text, &ret->days, &ret->ns))
            return BAD(o, e->duration.line, ERR_CALENDAR_ICAL_BAD_VALUE, SLICE("DURATION"),
                       slice_brief(e->duration.text));
    } else if (e->end.line) {
        if (!ical_expand_resolve(o, &e->end, e->end.text, &end))
            return false;
        if (end.date != start->date || (end.zone == NULL) != (start->zone == NULL))
            return BAD(o, e->end.line, ERR_CALENDAR_ICAL_MIXED);
        ret->ns = end.at - start->at;
    } else if (start->date) {
        ret->days = 1;
    } else {
        return BAD(o, e->start.line, ERR_CALENDAR_ICAL_NO_END);
    }
    if (ret->days > 366 || ret->ns > EVENT_MAX || ret->days * TIME_DAY + ret->ns <= 0)
        return BAD(o, e->end.line ? e->end.line : e->duration.line, ERR_CALENDAR_ICAL_LENGTH);
    return true;
}

/* One event while its spans are made. */
struct maker {
    struct ical_reader *o;
    const struct ical_raw_event *e;
    struct moment start;
    struct length length;
    size_t first; /* span */
    int64_t *out; /* instants and days that do not take place, sorted; days have their own */
    size_t out_count;
    int64_t *out_days;
    size_t out_day_count;
    bool cut;
};

static int time_order(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static bool is_in(const int64_t *list, size_t n, int64_t t)
{
    return n > 0 && bsearch(&t, list, n, sizeof(t), time_order) != NULL;
}

static int64_t day_of(int64_t wall)
{
    return wall / TIME_DAY - (wall % TIME_DAY < 0);
}

static bool is_out(const struct maker *m, int64_t wall)
{
    return is_in(m->out, m->out_count, ical_expand_instant(m->start.zone, wall)) ||
           is_in(m->out_days, m->out_day_count, day_of(wall));
}

static void write_span(struct maker *m, int64_t start, int64_t stop)
{
    struct ical_reader *o = m->o;
    struct ical_span *s;

    if (o->out->span_count == ICAL_SPANS_MAX) {
        ical_fail(o, CE_TOO_BIG, o->out->events[m->e->event].line, ERR_CALENDAR_ICAL_TOO_MANY,
                  ICAL_SPANS_MAX);
        return;
    }
    if (start >= o->opt->until) {
        m->cut = true;
        return;
    }
    s = ical_grow(o, (void **)&o->out->spans, o->out->span_count, &o->span_cap, sizeof(*s));
    if (s == NULL)
        return;
    *s = (struct ical_span){m->e->event, m->start.zone == NULL, start, stop};
    o->out->span_count++;
}

static void write_occurrence(struct maker *m, int64_t wall)
{
    if (!is_out(m, wall))
        write_span(m, ical_expand_instant(m->start.zone, wall),
                   end_of(&m->start, &m->length, wall));
}

/* The days that a rule gives, up to what is asked for. */
static void write_rule(struct maker *m)
{
    const struct zone *zone = m->start.zone ? m->start.zone : &utc;
    struct ical_reader *o = m->o;
    struct err err = ERR_INIT;
    struct recur_walk w;
    struct recur rule;
    int64_t end = zone_to_wall(zone, o->opt->until), wall = 0;
    bool began = false;

    if (recur_parse(m->e->rule.text, &rule, &err) < 0) {
        struct slice part = slice_from(m->e->rule.text, err.col ? err.col - 1 : 0);

        part = slice_head(part, slice_find_byte(part, ';'));
        ical_note(o, m->e->rule.line, false, ERR_CALENDAR_ICAL_BAD_RULE, slice_brief(part));
        return;
    }
    m->cut = rule.count == 0 && rule.until == INT64_MAX;
    recur_until_local(&rule, zone_at(zone, rule.until));
    m->cut = m->cut || (rule.count == 0 && rule.until >= end);
    recur_begin(&w, &rule, m->start.wall);
    while (o->r == 0 && (wall = recur_next(&w, end, &o->budget)) != INT64_MAX) {
        began = began || wall == m->start.wall;
        write_occurrence(m, wall);
    }
    m->cut = m->cut || (rule.count && w.done < rule.count && wall == INT64_MAX);
    if (o->budget == 0)
        ical_fail(o, CE_TOO_BIG, m->e->rule.line, ERR_CALENDAR_ICAL_COSTLY);
    else if (!began && m->start.wall < end)
        ical_note(o, m->e->rule.line, true, ERR_CALENDAR_ICAL_UNSYNCHRONISED);
}

/* A date of RDATE: a time, or a period with an end of its own. */
static void write_date(struct maker *m, const struct ical_raw_date *d)
{
    size_t slash = slice_find_byte(d->time.text, '/');
    struct slice end = slash == SIZE_MAX ? SLICE_NULL : slice_from(d->time.text, slash + 1);
    struct moment from, until;
    struct length l = m->length;

    if (!ical_expand_resolve(m->o, &d->time, slice_head(d->time.text, slash), &from))
        return;
    if ((from.zone == NULL) != (m->start.zone == NULL) || from.date != m->start.date) {
        ical_note(m->o, d->time.line, false, ERR_CALENDAR_ICAL_MIXED);
        return;
    }
    if (slice_starts(end, SLICE("P"))) {
        if (!ical_parse_duration(end, &l.days, &l.ns)) {
            ical_note(m->o, d->time.line, false, ERR_CALENDAR_ICAL_BAD_VALUE, SLICE("RDATE"),
                      slice_brief(end));
            return;
        }
    } else if (end.n > 0) {
        if (!ical_expand_resolve(m->o, &d->time, end, &until))
            return;
        l = (struct length){0, until.at - from.at};
    }
    if (l.days > 366 || l.ns > EVENT_MAX || l.days * TIME_DAY + l.ns <= 0) {
        ical_note(m->o, d->time.line, false, ERR_CALENDAR_ICAL_LENGTH);
        return;
    }
    if (!is_in(m->out, m->out_count, from.at) &&
        !is_in(m->out_days, m->out_day_count, day_of(from.wall)))
        write_span(m, from.at, end_of(&from, &l, from.wall));
}

static int span_order(const void *a, const void *b)
{
    const struct ical_span *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

/* In order, each beginning once. */
static void ical_expand_settle(struct maker *m)
{
    struct ical *out = m->o->out;
    size_t n = out->span_count - m->first, kept = 0;
    struct ical_span *s = out->spans + m->first;

    if (n > 1)
        qsort(s, n, sizeof(*s), span_order);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || s[kept - 1].start != s[i].start)
            s[kept++] = s[i];
    }
    out->span_count = m->first + kept;
}

/* Events that stand for one occurrence of another, by that one's UID. */
struct moved {
    struct slice uid;
    uint32_t line;
    struct moment at;
};

static int moved_order(const void *a, const void *b)
{
    return slice_cmp(((const struct moved *)a)->uid, ((const struct moved *)b)->uid);
}

/* All of a file's, sorted. */
static struct moved *find_moved(struct ical_reader *o, size_t *ret_n)
{
    struct moved *all = arena_new_array(o->arena, o->event_count + 1, struct moved);
    size_t n = 0;

    *ret_n = 0;
    if (all == NULL) {
        o->r = err_nomem(o->err);
        return NULL;
    }
    for (size_t i = 0; i < o->event_count; i++) {
        struct ical_raw_event *e = &o->events[i];

        if (!e->moved.line)
            continue;
        all[n].uid = o->out->events[i].uid;
        all[n].line = e->moved.line;
        if (ical_expand_resolve(o, &e->moved, e->moved.text, &all[n].at))
            n++;
        else
            e->bad = true;
    }
    qsort(all, n, sizeof(*all), moved_order);
    *ret_n = n;
    return all;
}

/* A date leaves out its whole day. */
static bool leave_out(struct maker *m, const struct moment *x, uint32_t line)
{
    if (x->date != m->start.date && !x->date)
        return BAD(m->o, line, ERR_CALENDAR_ICAL_MIXED);
    if (!x->date && (x->zone == NULL) != (m->start.zone == NULL))
        return BAD(m->o, line, ERR_CALENDAR_ICAL_MIXED);
    if (x->date && !m->start.date)
        m->out_days[m->out_day_count++] = day_of(x->wall);
    else
        m->out[m->out_count++] = x->at;
    return true;
}

/* EXDATE, and the occurrences that were moved. False with a note. */
static bool collect_out(struct maker *m, const struct moved *moved, size_t moved_count)
{
    struct slice uid = m->o->out->events[m->e->event].uid;
    size_t low = 0, high = moved_count, n = 1;
    struct moment x;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (slice_cmp(moved[mid].uid, uid) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (high < moved_count && slice_eq(moved[high].uid, uid))
        high++;
    for (const struct ical_raw_date *d = m->e->dates; d; d = d->next)
        n++;
    m->out = arena_new_array(m->o->arena, n + high - low, int64_t);
    m->out_days = arena_new_array(m->o->arena, n + high - low, int64_t);
    if (m->out == NULL || m->out_days == NULL) {
        m->o->r = err_nomem(m->o->err);
        return false;
    }
    for (const struct ical_raw_date *d = m->e->dates; d; d = d->next) {
        if (d->kind == ICAL_EXDATE && (!ical_expand_resolve(m->o, &d->time, d->time.text, &x) ||
                                       !leave_out(m, &x, d->time.line)))
            return false;
    }
    for (; uid.n > 0 && low < high; low++) {
        if (!leave_out(m, &moved[low].at, moved[low].line))
            return false;
    }
    qsort(m->out, m->out_count, sizeof(*m->out), time_order);
    qsort(m->out_days, m->out_day_count, sizeof(*m->out_days), time_order);
    return true;
}

static void expand_event(struct ical_reader *o, const struct ical_raw_event *e,
                         const struct moved *moved, size_t moved_count, bool *cut)
{
    struct maker m = {.o = o, .e = e, .first = o->out->span_count};

    if (!ical_expand_resolve(o, &e->start, e->start.text, &m.start) ||
        !find_length(o, e, &m.start, &m.length))
        return;
    if (!e->moved.line && !collect_out(&m, moved, moved_count))
        return;
    if (e->rule.line && !e->moved.line)
        write_rule(&m);
    else
        write_occurrence(&m, m.start.wall);
    for (const struct ical_raw_date *d = e->dates; d && o->r == 0; d = d->next) {
        if (d->kind == ICAL_RDATE)
            write_date(&m, d);
    }
    if (o->r == 0)
        ical_expand_settle(&m);
    if (m.cut && !*cut) {
        struct civil c;
        char day[40];

        time_to_civil(o->opt->until, ZONE_OWN, &c);
        (void)snprintf(day, sizeof(day), "%02d/%02d/%04d", c.day, c.month, c.year);
        ical_note(o, e->rule.line ? e->rule.line : e->start.line, true, ERR_CALENDAR_ICAL_CUT_OFF,
                  day);
        *cut = true;
    }
}

void ical_expand(struct ical_reader *o)
{
    size_t moved_count;
    struct moved *moved = find_moved(o, &moved_count);
    bool cut = false;

    for (size_t i = 0; o->r == 0 && i < o->event_count; i++) {
        if (!o->events[i].bad && !o->events[i].cancelled)
            expand_event(o, &o->events[i], moved, moved_count, &cut);
    }
}
