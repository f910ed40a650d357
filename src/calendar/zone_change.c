/* SPDX-License-Identifier: Apache-2.0 */
/* Zones whose clocks change by a rule of POSIX. */
#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "calendar/zone.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 2199, NAME_MAX_BYTES = 64 };

/* Mm.w.d, Jn or n, at a time of the day in seconds, which may lie on another day. */
struct date_rule {
    char kind; /* M, J or 0 */
    int month, week, day, time;
};

struct posix_rule {
    int standard, summer; /* seconds east */
    bool changes;
    struct date_rule begin, end;
};

struct cursor {
    struct slice rest;
};

static bool zone_change_read(struct cursor *c, char byte)
{
    if (c->rest.n == 0 || c->rest.p[0] != (uint8_t)byte)
        return false;
    c->rest = slice_from(c->rest, 1);
    return true;
}

static bool read_number(struct cursor *c, int max, int *ret)
{
    size_t n = 0;
    int64_t v;

    while (n < c->rest.n && n < 4 && ascii_is_digit(c->rest.p[n]))
        n++;
    if (num_range(slice_head(c->rest, n), 0, max, &v) < 0)
        return false;
    c->rest = slice_from(c->rest, n);
    *ret = (int)v;
    return true;
}

/* CET, or <+0330> */
static bool read_name(struct cursor *c)
{
    size_t n = 0;
    bool quoted = zone_change_read(c, '<');

    while (n < c->rest.n && n < NAME_MAX_BYTES &&
           (ascii_is_alpha(c->rest.p[n]) || (quoted && c->rest.p[n] != '>')))
        n++;
    c->rest = slice_from(c->rest, n);
    return n > 0 && (!quoted || zone_change_read(c, '>'));
}

/* [+-]hh[:mm[:ss]] as seconds */
static bool read_clock(struct cursor *c, int max_hours, int *ret)
{
    bool minus = zone_change_read(c, '-');
    int h = 0, m = 0, s = 0;

    if (!minus)
        (void)zone_change_read(c, '+');
    if (!read_number(c, max_hours, &h) || (zone_change_read(c, ':') && !read_number(c, 59, &m)) ||
        (zone_change_read(c, ':') && !read_number(c, 59, &s)))
        return false;
    *ret = (h * 3600 + m * 60 + s) * (minus ? -1 : 1);
    return true;
}

static bool read_date(struct cursor *c, struct date_rule *ret)
{
    *ret = (struct date_rule){.time = 2 * 3600};
    if (zone_change_read(c, 'M')) {
        ret->kind = 'M';
        if (!read_number(c, 12, &ret->month) || !zone_change_read(c, '.') ||
            !read_number(c, 5, &ret->week) || !zone_change_read(c, '.') ||
            !read_number(c, 6, &ret->day) || !ret->month || !ret->week)
            return false;
    } else {
        ret->kind = zone_change_read(c, 'J') ? 'J' : 0;
        if (!read_number(c, 365, &ret->day) || (ret->kind == 'J' && ret->day == 0))
            return false;
    }
    return !zone_change_read(c, '/') || read_clock(c, 167, &ret->time);
}

static bool parse_rule(struct slice s, struct posix_rule *ret)
{
    struct cursor c = {s};

    *ret = (struct posix_rule){.changes = false};
    if (!read_name(&c) || !read_clock(&c, 24, &ret->standard))
        return false;
    ret->standard = -ret->standard; /* POSIX counts west */
    ret->summer = ret->standard + 3600;
    if (c.rest.n == 0)
        return true;
    ret->changes = true;
    if (!read_name(&c) || c.rest.n == 0)
        return false;
    if (c.rest.p[0] != ',') {
        if (!read_clock(&c, 24, &ret->summer))
            return false;
        ret->summer = -ret->summer;
    }
    return zone_change_read(&c, ',') && read_date(&c, &ret->begin) && zone_change_read(&c, ',') &&
           read_date(&c, &ret->end) && c.rest.n == 0;
}

/* The wall time of a change, before it. */
static int64_t date_of(const struct date_rule *r, int year)
{
    int64_t day = days_from_date(year, 1, 1), first;

    if (r->kind == 'M') {
        first = days_from_date(year, (unsigned)r->month, 1);
        day = first + (r->day + 7 - (int)(weekday_of_days(first) % 7)) % 7 + 7 * (r->week - 1);
        while (day - first >= 28 &&
               !date_valid(year, (unsigned)r->month, (unsigned)(day - first) + 1))
            day -= 7;
    } else if (r->kind == 'J') {
        day += r->day - 1 + (r->day >= 60 && date_valid(year, 2, 29));
    } else {
        day += r->day;
    }
    return day * TIME_DAY + r->time * TIME_SECOND;
}

static int make_changes(struct arena *arena, const struct posix_rule *r, struct zone *ret)
{
    size_t n = 0, max = 2 * (size_t)(LAST_YEAR - FIRST_YEAR + 1);
    struct zone_change *all = arena_array(arena, max, sizeof(*all));

    if (all == NULL)
        return -CE_NOMEM;
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        struct zone_change begin = {date_of(&r->begin, year) - r->standard * TIME_SECOND,
                                    r->summer};
        struct zone_change end = {date_of(&r->end, year) - r->summer * TIME_SECOND, r->standard};
        bool north = begin.at < end.at;

        all[n++] = north ? begin : end;
        all[n++] = north ? end : begin;
        if (n > 2 && all[n - 2].at <= all[n - 3].at)
            return -CE_SYNTAX; /* changes that overtake each other */
    }
    ret->changes = all;
    ret->change_count = n;
    return 0;
}

int zone_read(struct arena *arena, struct slice text, struct zone *ret)
{
    size_t blank = slice_find_byte(text, ' ');
    struct zone z = {.offset_s = 0};
    struct posix_rule rule;
    int r = 0;

    if (!zone_offset(text, &z.offset_s)) {
        if (blank != SIZE_MAX && zone_is_name(slice_head(text, blank)))
            text = slice_from(text, blank + 1);
        if (!parse_rule(text, &rule))
            return -CE_SYNTAX;
        z.offset_s = rule.standard;
        if (rule.changes)
            r = make_changes(arena, &rule, &z);
    }
    if (r == 0)
        *ret = z;
    return r;
}
