/* SPDX-License-Identifier: Apache-2.0 */
/* Zones whose clocks change: rules of POSIX, files of the IANA database, wall time. */
#include "base/num.h"
#include "base/time.h"
#include "calendar/zone.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 2199, NAME_MAX_BYTES = 64 };

int zone_at(const struct zone *z, int64_t t)
{
    size_t low = 0, high = z->change_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (z->changes[mid].at <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? z->changes[low - 1].offset_s : z->offset_s;
}

static int64_t add(int64_t t, int64_t ns)
{
    int64_t sum;

    return __builtin_add_overflow(t, ns, &sum) ? (ns < 0 ? INT64_MIN : INT64_MAX) : sum;
}

int64_t zone_to_wall(const struct zone *z, int64_t t)
{
    return add(t, zone_at(z, t) * TIME_SECOND);
}

int64_t zone_from_wall(const struct zone *z, int64_t wall)
{
    size_t low = 0, high = z->change_count;
    int before;

    /* the first change that the wall time, reckoned with the offset before it, does not reach */
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        before = mid ? z->changes[mid - 1].offset_s : z->offset_s;
        if (add(wall, -before * TIME_SECOND) >= z->changes[mid].at)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return add(wall, -z->offset_s * TIME_SECOND);
    before = low > 1 ? z->changes[low - 2].offset_s : z->offset_s;
    if (add(wall, -z->changes[low - 1].offset_s * TIME_SECOND) >= z->changes[low - 1].at)
        before = z->changes[low - 1].offset_s;
    return add(wall, -before * TIME_SECOND); /* else: left out by the change */
}

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

static bool take(struct cursor *c, char byte)
{
    if (c->rest.n == 0 || c->rest.p[0] != (uint8_t)byte)
        return false;
    c->rest = slice_from(c->rest, 1);
    return true;
}

static bool take_number(struct cursor *c, int max, int *ret)
{
    size_t n = 0;
    int64_t v;

    while (n < c->rest.n && n < 4 && c->rest.p[n] >= '0' && c->rest.p[n] <= '9')
        n++;
    if (num_range(slice_head(c->rest, n), 0, max, &v) < 0)
        return false;
    c->rest = slice_from(c->rest, n);
    *ret = (int)v;
    return true;
}

static bool is_letter(uint8_t b)
{
    return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
}

/* CET, or <+0330> */
static bool take_name(struct cursor *c)
{
    size_t n = 0;
    bool quoted = take(c, '<');

    while (n < c->rest.n && n < NAME_MAX_BYTES &&
           (is_letter(c->rest.p[n]) || (quoted && c->rest.p[n] != '>')))
        n++;
    c->rest = slice_from(c->rest, n);
    return n > 0 && (!quoted || take(c, '>'));
}

/* [+-]hh[:mm[:ss]] as seconds */
static bool take_clock(struct cursor *c, int max_hours, int *ret)
{
    bool minus = take(c, '-');
    int h = 0, m = 0, s = 0;

    if (!minus)
        (void)take(c, '+');
    if (!take_number(c, max_hours, &h) || (take(c, ':') && !take_number(c, 59, &m)) ||
        (take(c, ':') && !take_number(c, 59, &s)))
        return false;
    *ret = (h * 3600 + m * 60 + s) * (minus ? -1 : 1);
    return true;
}

static bool take_date(struct cursor *c, struct date_rule *ret)
{
    *ret = (struct date_rule){.time = 2 * 3600};
    if (take(c, 'M')) {
        ret->kind = 'M';
        if (!take_number(c, 12, &ret->month) || !take(c, '.') || !take_number(c, 5, &ret->week) ||
            !take(c, '.') || !take_number(c, 6, &ret->day) || !ret->month || !ret->week)
            return false;
    } else {
        ret->kind = take(c, 'J') ? 'J' : 0;
        if (!take_number(c, 365, &ret->day) || (ret->kind == 'J' && ret->day == 0))
            return false;
    }
    return !take(c, '/') || take_clock(c, 167, &ret->time);
}

static bool parse_rule(struct slice s, struct posix_rule *ret)
{
    struct cursor c = {s};

    *ret = (struct posix_rule){.changes = false};
    if (!take_name(&c) || !take_clock(&c, 24, &ret->standard))
        return false;
    ret->standard = -ret->standard; /* POSIX counts west */
    ret->summer = ret->standard + 3600;
    if (c.rest.n == 0)
        return true;
    ret->changes = true;
    if (!take_name(&c) || c.rest.n == 0)
        return false;
    if (c.rest.p[0] != ',') {
        if (!take_clock(&c, 24, &ret->summer))
            return false;
        ret->summer = -ret->summer;
    }
    return take(&c, ',') && take_date(&c, &ret->begin) && take(&c, ',') &&
           take_date(&c, &ret->end) && c.rest.n == 0;
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

bool zone_is_name(struct slice s)
{
    bool inside = false; /* of a part between slashes, which begins with a letter */

    for (size_t i = 0; i < s.n; i++) {
        uint8_t b = s.p[i];
        bool other = (b >= '0' && b <= '9') || b == '_' || b == '-' || b == '+' || b == '/';

        if (!is_letter(b) && !(inside && other))
            return false;
        inside = b != '/';
    }
    return inside && s.n <= NAME_MAX_BYTES;
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

enum { HEAD = 44, COUNT_MAX = 5000 };

/* What a header counts, and how long its block is with times of `width` bytes. */
struct block {
    uint32_t isut, isstd, leap, times, types, chars;
    size_t size;
};

static bool read_head(struct slice s, size_t width, struct block *ret)
{
    if (s.n < HEAD || memcmp(s.p, "TZif", 4) != 0 || s.p[4] < '2')
        return false;
    *ret = (struct block){be32(s.p + 20),
                          be32(s.p + 24),
                          be32(s.p + 28),
                          be32(s.p + 32),
                          be32(s.p + 36),
                          be32(s.p + 40),
                          0};
    if (ret->isut > COUNT_MAX || ret->isstd > COUNT_MAX || ret->leap > COUNT_MAX ||
        ret->times > COUNT_MAX || ret->types == 0 || ret->types > COUNT_MAX ||
        ret->chars > COUNT_MAX)
        return false;
    ret->size = HEAD + ret->times * (width + 1) + ret->types * 6u + ret->chars +
                ret->leap * (width + 4) + ret->isstd + ret->isut;
    return ret->size <= s.n;
}

/* Whether the changes from 2020 on are the rule's own. */
static bool rule_holds(const struct block *b, struct slice s, struct slice text)
{
    const int64_t since = days_from_date(2020, 1, 1) * 86400,
                  last = days_from_date(LAST_YEAR, 1, 1) * 86400;
    const uint8_t *times = s.p + HEAD, *index = times + b->times * 8u, *types = index + b->times;
    struct arena arena = ARENA_INIT(1u << 16);
    struct zone z;
    bool same = zone_read(&arena, text, &z) == 0;

    for (uint32_t i = 0; same && i < b->times; i++) {
        int64_t at = (int64_t)((uint64_t)be32(times + i * 8u) << 32 | be32(times + i * 8u + 4));

        if (at >= since && at < last)
            same = index[i] < b->types &&
                   zone_at(&z, at * TIME_SECOND) == (int32_t)be32(types + index[i] * 6u);
    }
    arena_done(&arena);
    return same;
}

int zone_rule_of_file(struct slice bytes, struct slice *ret)
{
    struct block first, second;
    struct slice text;

    if (!read_head(bytes, 4, &first))
        return -CE_CORRUPT;
    bytes = slice_from(bytes, first.size);
    if (!read_head(bytes, 8, &second))
        return -CE_CORRUPT;
    text = slice_from(bytes, second.size);
    if (text.n < 3 || text.p[0] != '\n' || text.p[text.n - 1] != '\n')
        return -CE_CORRUPT;
    text = slice_head(slice_from(text, 1), text.n - 2);
    if (!rule_holds(&second, bytes, text))
        return -CE_UNKNOWN;
    *ret = text;
    return 0;
}
