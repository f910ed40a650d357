/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/clock.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"

/* Clocks run ahead, and the zone is not known yet: a line this much later is still of this year. */
#define AHEAD (36 * TIME_HOUR)
enum { FRACTION_MAX = 9, YEARS_BACK = 8, ZONE_NAME_MIN = 3, ZONE_NAME_MAX = 5 };

struct reader {
    struct slice s;
    size_t at;
};

CANH_INLINE bool at_end(const struct reader *r)
{
    return r->at >= r->s.n;
}

CANH_INLINE uint8_t clock_peek(const struct reader *r)
{
    return r->at < r->s.n ? r->s.p[r->at] : 0;
}

static bool clock_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

CANH_INLINE bool clock_skip(struct reader *r, uint8_t c)
{
    if (at_end(r) || r->s.p[r->at] != c)
        return false;
    r->at++;
    return true;
}

/* Between least and most digits. */
CANH_INLINE bool clock_number(struct reader *r, unsigned least, unsigned most, unsigned *ret)
{
    unsigned n = 0, value = 0;

    for (; n < most && r->at < r->s.n && ascii_is_digit(r->s.p[r->at]); n++)
        value = value * 10 + (unsigned)(r->s.p[r->at++] - '0');
    *ret = value;
    return n >= least;
}

/* Three letters as a number. */
#define NAME_OF(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

static bool clock_month(struct reader *r, unsigned *ret)
{
    static const uint32_t names[] = {NAME_OF('J', 'a', 'n'), NAME_OF('F', 'e', 'b'),
                                     NAME_OF('M', 'a', 'r'), NAME_OF('A', 'p', 'r'),
                                     NAME_OF('M', 'a', 'y'), NAME_OF('J', 'u', 'n'),
                                     NAME_OF('J', 'u', 'l'), NAME_OF('A', 'u', 'g'),
                                     NAME_OF('S', 'e', 'p'), NAME_OF('O', 'c', 't'),
                                     NAME_OF('N', 'o', 'v'), NAME_OF('D', 'e', 'c')};
    const uint8_t *p = r->s.p + r->at;
    unsigned found = 0;

    if (r->s.n < r->at + 3)
        return false;
    for (unsigned i = 0; i < CANH_LEN(names); i++)
        found = names[i] == NAME_OF(p[0], p[1], p[2]) ? i + 1 : found;
    if (found == 0)
        return false;
    r->at += 3;
    *ret = found;
    return true;
}

/* hh:mm:ss[.fraction] */
static bool clock_part(struct reader *r, struct civil *c, uint8_t *ret_digits)
{
    uint32_t scale = 100000000;

    *ret_digits = 0;
    if (!clock_number(r, 1, 2, &c->hour) || !clock_skip(r, ':') ||
        !clock_number(r, 2, 2, &c->minute) || !clock_skip(r, ':') ||
        !clock_number(r, 2, 2, &c->second) || c->hour > 23 || c->minute > 59 || c->second > 60)
        return false;
    if ((clock_peek(r) == '.' || clock_peek(r) == ',') && r->at + 1 < r->s.n &&
        ascii_is_digit(r->s.p[r->at + 1])) {
        r->at++;
        for (; ascii_is_digit(clock_peek(r)); r->at++, scale /= 10) {
            c->nano += (uint32_t)(clock_peek(r) - '0') * scale;
            if (*ret_digits < FRACTION_MAX)
                ++*ret_digits;
        }
    }
    return true;
}

/* Abbreviations that servers and devices write; other words in capitals belong to the text. */
static const char *const zone_names[] = {"ICT",  "CET", "CEST", "EST", "EDT", "CST",  "CDT",
                                         "PST",  "PDT", "MST",  "MDT", "MSK", "JST",  "KST",
                                         "IST",  "BST", "WET",  "EET", "HKT", "EEST", "AEST",
                                         "AEDT", "SGT", "WEST", "WIB", "PHT", "SAST"};

/* Z, UTC, GMT, ±hh[[:]mm], or a name that says nothing; nothing at all is fine. */
static bool clock_zone(struct reader *r, int *ret_offset)
{
    struct reader was = *r;
    unsigned hours, minutes = 0, n = 0;
    struct slice name;
    bool west;

    *ret_offset = 0;
    if (clock_skip(r, 'Z'))
        return true;
    if (clock_peek(r) == '+' || clock_peek(r) == '-') {
        west = clock_peek(r) == '-';
        r->at++;
        if (clock_number(r, 2, 2, &hours) && hours <= 23) {
            (void)clock_skip(r, ':');
            if (ascii_is_digit(clock_peek(r)) && (!clock_number(r, 2, 2, &minutes) || minutes > 59))
                minutes = 0;
            *ret_offset = (int)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
            return true;
        }
        *r = was;
        return false;
    }
    while (n <= ZONE_NAME_MAX && clock_upper(clock_peek(r))) {
        r->at++;
        n++;
    }
    if (n < ZONE_NAME_MIN) {
        *r = was;
        return false;
    }
    name = slice_of(was.s.p + was.at, n);
    if (slice_is(name, "UTC") || slice_is(name, "GMT"))
        return true;
    for (size_t i = 0; i < CANH_LEN(zone_names); i++) {
        if (slice_is(name, zone_names[i]))
            return false; /* taken, but it says nothing */
    }
    *r = was;
    return false;
}

/* The latest year in which the time is a real one and not later than the reference. */
static int64_t guess_year(struct civil *c, const struct decode_context *context)
{
    int64_t latest = context->modified != TIME_NONE ? context->modified : context->received;
    struct civil now;
    int64_t t;

    if (context->year != 0) {
        c->year = context->year;
        return time_from_civil(c, 0);
    }
    if (latest == TIME_NONE)
        return TIME_NONE;
    time_to_civil(latest, 0, &now);
    for (int back = -1; back < YEARS_BACK; back++) {
        c->year = now.year - back;
        t = time_from_civil(c, 0);
        if (t != TIME_NONE && t <= latest + AHEAD)
            return t;
    }
    return TIME_NONE;
}

/* A year of four digits with `before` in front of it and no further digit or colon behind. */
static bool year_here(struct reader *r, int *ret)
{
    struct reader was = *r;
    unsigned year;

    if (clock_skip(r, ' ') && clock_number(r, 4, 4, &year) && !ascii_is_digit(clock_peek(r)) &&
        clock_peek(r) != ':' && clock_peek(r) != '.' && clock_peek(r) != '-' && year >= 1970 &&
        year < 2200) {
        *ret = (int)year;
        return true;
    }
    *r = was;
    return false;
}

/* A year of four digits with a blank behind it. */
static bool year_first(struct reader *r, int *ret)
{
    struct reader was = *r;
    unsigned year;

    if (clock_number(r, 4, 4, &year) && clock_skip(r, ' ') && year >= 1970 && year < 2200) {
        *ret = (int)year;
        return true;
    }
    *r = was;
    return false;
}

/* Whether it is a real date. A year that no time can say (1601, 9999) is one: the event is read all
 * the same, and has no time of its own. */
static bool clock_real(const struct civil *c, int offset, int64_t *ret)
{
    struct civil same = *c;
    bool leap = c->year % 400 == 0 || (c->year % 4 == 0 && c->year % 100 != 0);

    *ret = time_from_civil(c, offset);
    same.year = leap ? 2000 : 2001;
    return *ret != TIME_NONE || time_from_civil(&same, 0) != TIME_NONE;
}

size_t clock_bsd(struct slice s, const struct decode_context *context, struct clock_time *ret)
{
    struct reader r = {s, 0}, before_zone;
    struct civil c = {0};
    int offset = 0;
    bool has_year = year_first(&r, &c.year);

    if (!clock_month(&r, &c.month) || !clock_skip(&r, ' '))
        return 0;
    (void)clock_skip(&r, ' ');
    if (!clock_number(&r, 1, 2, &c.day))
        return 0;
    has_year = has_year || year_here(&r, &c.year);
    if (!clock_skip(&r, ' '))
        return 0;
    (void)clock_skip(&r, ' ');
    if (!clock_part(&r, &c, &ret->digits))
        return 0;
    before_zone = r;
    /* "ICT: %SYS-5" of Cisco, "+07:00 "; a host's name in capitals is no zone */
    if (clock_skip(&r, ' ')) {
        ret->zoned = clock_zone(&r, &offset);
        if (r.at == before_zone.at + 1 ||
            !(ret->zoned ? clock_peek(&r) == ' ' || clock_peek(&r) == ':'
                         : slice_starts(slice_from(s, r.at), SLICE(": %")))) {
            r = before_zone;
            ret->zoned = false;
            offset = 0;
        }
    } else {
        ret->zoned = clock_zone(&r, &offset);
    }
    if (!has_year)
        has_year = year_here(&r, &c.year);
    ret->t = has_year ? time_from_civil(&c, offset) : guess_year(&c, context);
    if (!has_year && ret->t != TIME_NONE)
        ret->t -= offset * TIME_SECOND;
    return r.at;
}

size_t clock_iso(struct slice s, struct clock_time *ret)
{
    struct reader r = {s, 0}, before;
    struct civil c = {0};
    unsigned year;
    uint8_t mark;
    int offset;

    if (!clock_number(&r, 4, 4, &year))
        return 0;
    mark = clock_peek(&r);
    if (mark != '-' && mark != '/' && mark != '.')
        return 0;
    r.at++;
    if (!clock_number(&r, 2, 2, &c.month) || !clock_skip(&r, mark) ||
        !clock_number(&r, 2, 2, &c.day))
        return 0;
    if (!clock_skip(&r, 'T') && !clock_skip(&r, ' ') && !clock_skip(&r, '_') &&
        !clock_skip(&r, '-'))
        return 0;
    while (clock_skip(&r, ' '))
        continue;
    if (!clock_part(&r, &c, &ret->digits))
        return 0;
    c.year = (int)year;
    before = r;
    ret->zoned = clock_zone(&r, &offset);
    if (r.at == before.at && clock_skip(&r, ' ')) {
        ret->zoned = clock_zone(&r, &offset);
        if (!ret->zoned && (at_end(&r) || (clock_peek(&r) != ' ' && clock_peek(&r) != ':')))
            r = before;
        if (r.at == before.at + 1)
            r = before;
    }
    return clock_real(&c, ret->zoned ? offset : 0, &ret->t) ? r.at : 0;
}

size_t clock_clf(struct slice s, struct clock_time *ret)
{
    struct reader r = {s, 0}, before;
    struct civil c = {0};
    unsigned year;
    uint8_t mark;
    int offset;

    if (!clock_number(&r, 1, 2, &c.day))
        return 0;
    mark = clock_peek(&r);
    if ((mark != '/' && mark != '-') || !clock_skip(&r, mark) || !clock_month(&r, &c.month) ||
        !clock_skip(&r, mark) || !clock_number(&r, 4, 4, &year) ||
        !(clock_skip(&r, ':') || clock_skip(&r, ' ')) || !clock_part(&r, &c, &ret->digits))
        return 0;
    c.year = (int)year;
    before = r;
    ret->zoned = clock_skip(&r, ' ') && (clock_peek(&r) == '+' || clock_peek(&r) == '-') &&
                 clock_zone(&r, &offset);
    if (!ret->zoned)
        r = before;
    return clock_real(&c, ret->zoned ? offset : 0, &ret->t) ? r.at : 0;
}

size_t clock_ctime(struct slice s, struct clock_time *ret)
{
    struct reader r = {s, 0};
    struct civil c = {0};

    while (r.at < 3 &&
           ((clock_peek(&r) >= 'a' && clock_peek(&r) <= 'z') || clock_upper(clock_peek(&r))))
        r.at++;
    if (r.at != 3 || !clock_skip(&r, ' ') || !clock_month(&r, &c.month) || !clock_skip(&r, ' '))
        return 0;
    (void)clock_skip(&r, ' ');
    if (!clock_number(&r, 1, 2, &c.day) || !clock_skip(&r, ' ') ||
        !clock_part(&r, &c, &ret->digits) || !year_here(&r, &c.year))
        return 0;
    ret->zoned = false;
    ret->t = time_from_civil(&c, 0);
    return ret->t == TIME_NONE ? 0 : r.at;
}

size_t clock_us(struct slice s, struct clock_time *ret)
{
    struct reader r = {s, 0};
    struct civil c = {0};
    unsigned year;
    bool afternoon;

    if (!clock_number(&r, 1, 2, &c.month) || !clock_skip(&r, '/') ||
        !clock_number(&r, 1, 2, &c.day) || !clock_skip(&r, '/') || !clock_number(&r, 4, 4, &year) ||
        !clock_skip(&r, ' ') || !clock_part(&r, &c, &ret->digits) || !clock_skip(&r, ' ') ||
        c.hour == 0 || c.hour > 12)
        return 0;
    afternoon = clock_skip(&r, 'P');
    if ((!afternoon && !clock_skip(&r, 'A')) || !clock_skip(&r, 'M'))
        return 0;
    c.year = (int)year;
    c.hour = c.hour % 12 + (afternoon ? 12 : 0);
    ret->zoned = false;
    ret->t = time_from_civil(&c, 0);
    return ret->t == TIME_NONE ? 0 : r.at;
}

size_t clock_epoch(struct slice s, struct clock_time *ret)
{
    struct reader r = {s, 0};
    uint64_t seconds;
    uint32_t scale = 100000000, nano = 0;
    size_t n = 0;

    while (n < s.n && n < 11 && ascii_is_digit(s.p[n]))
        n++;
    if (n < 9 || n > 10 || num_u64(slice_head(s, n), &seconds) < 0)
        return 0;
    r.at = n;
    ret->digits = 0;
    ret->zoned = true;
    if (clock_peek(&r) == '.' && n + 1 < s.n && ascii_is_digit(s.p[n + 1])) {
        r.at++;
        for (; ascii_is_digit(clock_peek(&r)); r.at++, scale /= 10) {
            nano += (uint32_t)(clock_peek(&r) - '0') * scale;
            if (ret->digits < FRACTION_MAX)
                ret->digits++;
        }
    }
    if ((int64_t)seconds > INT64_MAX / TIME_SECOND - 1)
        return 0;
    ret->t = (int64_t)seconds * TIME_SECOND + nano;
    return r.at;
}
