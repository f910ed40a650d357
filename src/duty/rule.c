/* SPDX-License-Identifier: Apache-2.0 */
#include "duty/rule.h"

#include "base/num.h"
#include "base/time.h"

static const char *const day_words[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static int parse_days(struct slice v, uint8_t *ret)
{
    struct slice word;

    *ret = 0;
    while (slice_cut(&v, ',', &word)) {
        unsigned d = 0;

        while (d < 7 && !slice_eq_nocase(word, slice_str(day_words[d])))
            d++;
        if (d == 7)
            return -CE_SYNTAX;
        *ret |= (uint8_t)(1u << d);
    }
    return *ret ? 0 : -CE_SYNTAX;
}

/* 20270131, 20270131T235959 or 20270131T165959Z */
static int parse_until(struct slice v, int offset_s, int64_t *ret)
{
    struct civil c = {.hour = 23, .minute = 59, .second = 59};
    int64_t year, n;

    if ((v.n != 8 && v.n != 15 && v.n != 16) ||
        num_range(slice_head(v, 4), 1678, 2262, &year) < 0 ||
        num_range(slice_head(slice_from(v, 4), 2), 1, 12, &n) < 0)
        return -CE_SYNTAX;
    c.year = (int)year;
    c.month = (unsigned)n;
    if (num_range(slice_head(slice_from(v, 6), 2), 1, 31, &n) < 0)
        return -CE_SYNTAX;
    c.day = (unsigned)n;
    if (v.n > 8) {
        if (v.p[8] != 'T' || (v.n == 16 && v.p[15] != 'Z') ||
            num_range(slice_head(slice_from(v, 9), 6), 0, 235959, &n) < 0)
            return -CE_SYNTAX;
        c.hour = (unsigned)(n / 10000);
        c.minute = (unsigned)(n / 100 % 100);
        c.second = (unsigned)(n % 100);
        if (c.minute > 59 || c.second > 59)
            return -CE_SYNTAX;
    }
    if (!date_valid(c.year, c.month, c.day))
        return -CE_SYNTAX;
    *ret = time_from_civil(&c, v.n == 16 ? 0 : offset_s);
    return *ret == TIME_NONE ? -CE_SYNTAX : 0;
}

enum part {
    PART_FREQ = 1,
    PART_INTERVAL = 2,
    PART_BYDAY = 4,
    PART_COUNT = 8,
    PART_UNTIL = 16,
    PART_WKST = 32
};

static const struct {
    const char *name;
    enum part part;
} part_names[] = {
    {"FREQ", PART_FREQ},   {"INTERVAL", PART_INTERVAL}, {"BYDAY", PART_BYDAY},
    {"COUNT", PART_COUNT}, {"UNTIL", PART_UNTIL},       {"WKST", PART_WKST},
};

static unsigned part_of(struct slice name)
{
    for (size_t i = 0; i < CANH_LEN(part_names); i++) {
        if (slice_eq_nocase(name, slice_str(part_names[i].name)))
            return part_names[i].part;
    }
    return 0;
}

static int parse_number(struct slice v, int64_t max, uint32_t *ret)
{
    int64_t n = 0;
    int r = num_range(v, 1, max, &n);

    *ret = (uint32_t)n;
    return r;
}

static int parse_value(unsigned part, struct slice v, int offset_s, struct duty_rule *r)
{
    switch (part) {
    case PART_FREQ:
        r->freq = slice_eq_nocase(v, SLICE("WEEKLY")) ? DUTY_WEEKLY : DUTY_DAILY;
        return r->freq == DUTY_WEEKLY || slice_eq_nocase(v, SLICE("DAILY")) ? 0 : -CE_UNKNOWN;
    case PART_INTERVAL:
        return parse_number(v, 1000, &r->interval);
    case PART_BYDAY:
        return parse_days(v, &r->days);
    case PART_COUNT:
        return parse_number(v, 1000000, &r->count);
    case PART_UNTIL:
        return parse_until(v, offset_s, &r->until);
    default:
        return slice_eq_nocase(v, SLICE("MO")) ? 0 : -CE_UNKNOWN;
    }
}

int duty_rule_parse(struct slice s, int offset_s, struct duty_rule *ret, struct err *err)
{
    struct duty_rule r = {.interval = 1, .until = INT64_MAX};
    struct slice rest = s, word, name;
    unsigned seen = 0;

    if (slice_eq_nocase(slice_head(rest, 6), SLICE("RRULE:")))
        rest = slice_from(rest, 6);
    while (slice_cut(&rest, ';', &word)) {
        unsigned col = (unsigned)(word.p - s.p) + 1, part;
        struct slice value = word;
        int x;

        if (slice_find_byte(word, '=') == SIZE_MAX || !slice_cut(&value, '=', &name))
            return err_at(err, CE_SYNTAX, 0, col, "a rule is NAME=VALUE;NAME=VALUE…");
        part = part_of(name);
        if (!part)
            return err_at(err, CE_UNKNOWN, 0, col, "%.*s is not known in duty rules",
                          SLICE_ARG(name));
        if (seen & part)
            return err_at(err, CE_CONFLICT, 0, col, "%.*s stands twice", SLICE_ARG(name));
        seen |= part;
        x = parse_value(part, value, offset_s, &r);
        if (x < 0)
            return err_at(err, (enum ce) - x, 0, col, "%.*s: not a value that duty rules know",
                          SLICE_ARG(name));
    }
    if (!(seen & PART_FREQ))
        return err_at(err, CE_MISSING, 0, 1, "a rule needs FREQ=DAILY or FREQ=WEEKLY");
    if ((seen & PART_COUNT) && (seen & PART_UNTIL))
        return err_at(err, CE_CONFLICT, 0, 1, "COUNT and UNTIL exclude each other");
    *ret = r;
    return 0;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

/* Goes through a rule's occurrences and hands each to its turn. */
struct walk {
    const struct duty_rule *r;
    int64_t start, first_day; /* of DTSTART, local */
    unsigned weekday;         /* of DTSTART, 0 = Monday */
    uint8_t days;
    int64_t day; /* days since DTSTART; the next one to look at */
    uint32_t done;
};

static struct walk walk_begin(const struct duty_rule *r, int offset_s, int64_t start)
{
    struct walk w = {.r = r, .start = start};

    w.first_day = floor_div(start / TIME_SECOND + offset_s, 86400);
    w.weekday = weekday_of_days(w.first_day) - 1;
    w.days = r->days;
    if (w.days == 0)
        w.days = r->freq == DUTY_WEEKLY ? (uint8_t)(1u << w.weekday) : 0x7f;
    return w;
}

static bool walk_matches(const struct walk *w, int64_t day)
{
    unsigned weekday = (unsigned)((w->weekday + day) % 7);
    int64_t unit = w->r->freq == DUTY_DAILY ? day : (w->weekday + day) / 7;

    return (w->days >> weekday & 1) && unit % w->r->interval == 0;
}

/* The next occurrence's beginning; INT64_MAX after the last one. Looks at no day from `end` on. */
static int64_t walk_next(struct walk *w, int64_t end)
{
    if (w->r->count && w->done == w->r->count)
        return INT64_MAX;
    for (;; w->day++) {
        int64_t t;

        if (__builtin_add_overflow(w->start, w->day * TIME_DAY, &t) || t > w->r->until || t >= end)
            return INT64_MAX;
        if (walk_matches(w, w->day)) {
            w->day++;
            w->done++;
            return t;
        }
    }
}

/* The turn after `last` that is a member at t; turn_count when there is none. */
static size_t next_turn(const struct duty_turn *turns, size_t turn_count, size_t last, int64_t t)
{
    for (size_t i = 1; i <= turn_count; i++) {
        size_t at = (last + i) % turn_count;

        if (turns[at].from <= t && t < turns[at].until)
            return at;
    }
    return turn_count;
}

static int64_t add(int64_t t, int64_t length)
{
    int64_t sum;

    return __builtin_add_overflow(t, length, &sum) ? INT64_MAX : sum;
}

/* The first pass counts, the second fills: *n is the count. */
static int expand(struct walk w, const struct duty_turn *turns, size_t turn_count, int64_t length,
                  int64_t from, int64_t until, struct duty_cell *cells, size_t *n)
{
    /* one more occurrence is looked at, for where the last one is cut */
    int64_t end = add(until, 0), t = walk_next(&w, end);
    size_t last = turn_count - 1;

    *n = 0;
    while (t != INT64_MAX) {
        int64_t next = walk_next(&w, add(end, length));
        size_t turn = next_turn(turns, turn_count, last, t);

        if (turn < turn_count) {
            int64_t stop = CANH_MIN(CANH_MIN(add(t, length), next), turns[turn].until);

            last = turn;
            if (turns[turn].person != DUTY_NOBODY && stop > from && stop > t) {
                if (*n == DUTY_CELLS_MAX)
                    return -CE_TOO_BIG;
                if (cells)
                    cells[*n] = (struct duty_cell){.from = t,
                                                   .until = stop,
                                                   .person = turns[turn].person,
                                                   .position = 1};
                ++*n;
            }
        }
        t = next >= end ? INT64_MAX : next;
    }
    return 0;
}

int duty_rule_expand(const struct duty_rule *r, int offset_s, int64_t start, int64_t length,
                     const struct duty_turn *turns, size_t turn_count, int64_t from, int64_t until,
                     struct arena *arena, struct duty_cell **ret, size_t *ret_n, struct err *err)
{
    struct walk w = walk_begin(r, offset_s, start);
    struct duty_cell *cells = NULL;
    size_t n = 0;

    if (length <= 0)
        return err_set(err, CE_RANGE, "a turn must last some time");
    if (turn_count > DUTY_TURNS_MAX)
        return err_set(err, CE_TOO_BIG, "more than %d turns", DUTY_TURNS_MAX);
    if (turn_count > 0 && expand(w, turns, turn_count, length, from, until, NULL, &n) < 0)
        return err_set(err, CE_TOO_BIG, "more than %d turns in the time asked for", DUTY_CELLS_MAX);
    if (n > 0) {
        cells = arena_array(arena, n, sizeof(*cells));
        if (!cells)
            return err_set(err, CE_NOMEM, "duty: no memory for a rule's turns");
        (void)expand(w, turns, turn_count, length, from, until, cells, &n);
    }
    *ret = cells;
    *ret_n = n;
    return 0;
}
