/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/hours.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "lang/err_duty.h"
#include "yaml/fields.h"

static const char *const day_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

enum { DAY_MINUTES = 24 * 60, EVERY_DAY = 0x7f };

struct reader {
    struct slice all, rest;
    struct err *err;
    uint64_t minutes[(HOURS_WEEK + 63) / 64]; /* a bit for every minute of the week */
};

static int hours_fail(const struct reader *r, enum ce code, unsigned what)
{
    return err_fail_at(r->err, code, 0, (unsigned)(r->rest.p - r->all.p) + 1, ERR_DUTY_HOURS,
                       ERR_ID(what));
}

static void hours_blanks(struct reader *r)
{
    while (r->rest.n && r->rest.p[0] == ' ')
        r->rest = slice_from(r->rest, 1);
}

static bool hours_read(struct reader *r, char c)
{
    hours_blanks(r);
    if (r->rest.n == 0 || r->rest.p[0] != (uint8_t)c)
        return false;
    r->rest = slice_from(r->rest, 1);
    hours_blanks(r);
    return true;
}

static int day_of(struct reader *r)
{
    for (int i = 0; i < 7; i++) {
        if (slice_eq_nocase(slice_head(r->rest, 3), slice_str(day_words[i]))) {
            r->rest = slice_from(r->rest, 3);
            return i;
        }
    }
    return hours_fail(r, CE_SYNTAX, ERR_DUTY_DAY_MON_TUE_WED_THU);
}

/* The days at the front as bits, Monday first; none: every day. */
static int read_days(struct reader *r, unsigned *ret)
{
    *ret = EVERY_DAY;
    hours_blanks(r);
    if (r->rest.n && ascii_is_digit(r->rest.p[0]))
        return 0;
    *ret = 0;
    do {
        int first = day_of(r), last = first;

        if (first >= 0 && hours_read(r, '-'))
            last = day_of(r);
        if (first < 0 || last < 0)
            return -CE_SYNTAX;
        for (int d = first;; d = (d + 1) % 7) {
            *ret |= 1u << d;
            if (d == last)
                break;
        }
    } while (hours_read(r, ','));
    hours_blanks(r);
    return 0;
}

static int read_clock(struct reader *r, int *ret)
{
    int64_t h, m;

    if (r->rest.n < 5 || r->rest.p[2] != ':' || num_range(slice_head(r->rest, 2), 0, 24, &h) < 0 ||
        num_range(slice_head(slice_from(r->rest, 3), 2), 0, 59, &m) < 0 || h * 60 + m > DAY_MINUTES)
        return hours_fail(r, CE_SYNTAX, ERR_DUTY_TIME_HH_MM_FROM_00);
    r->rest = slice_from(r->rest, 5);
    *ret = (int)(h * 60 + m);
    return 0;
}

static void hours_mark(struct reader *r, unsigned days, int from, int until)
{
    for (int d = 0; d < 7; d++) {
        if (!(days & 1u << d))
            continue;
        for (int i = from; i < until;) {
            int at = (d * DAY_MINUTES + i) % HOURS_WEEK, bit = at % 64;
            int n = CANH_MIN(CANH_MIN(until - i, 64 - bit), HOURS_WEEK - at);

            r->minutes[at / 64] |= UINT64_MAX >> (64 - n) << bit;
            i += n;
        }
    }
}

static int read_group(struct reader *r)
{
    unsigned days;
    int from = 0, until = 0;

    if (read_days(r, &days) < 0)
        return -CE_SYNTAX;
    do {
        if (read_clock(r, &from) < 0)
            return -CE_SYNTAX;
        if (!hours_read(r, '-'))
            return hours_fail(r, CE_SYNTAX, ERR_DUTY_TIME_NEEDS_END_07_30);
        if (read_clock(r, &until) < 0)
            return -CE_SYNTAX;
        if (from == DAY_MINUTES)
            return hours_fail(r, CE_SYNTAX, ERR_DUTY_N24_00_ONLY_END);
        hours_mark(r, days, from, until > from ? until : until + DAY_MINUTES);
    } while (hours_read(r, ','));
    return 0;
}

static int hours_collect(const struct reader *r, struct hours *ret)
{
    bool before = false;

    ret->count = 0;
    for (int i = 0; i < HOURS_WEEK; i++) {
        uint64_t word = r->minutes[i / 64];
        bool in = word >> (i % 64) & 1;

        if (i % 64 == 0 && word == (before ? UINT64_MAX : 0)) {
            i += 63;
            continue;
        }
        if (in && !before) {
            if (ret->count == HOURS_PARTS_MAX)
                return hours_fail(r, CE_TOO_BIG, ERR_DUTY_TOO_MANY_PARTS_WEEK);
            ret->parts[ret->count++].from = (uint16_t)i;
        } else if (before && !in) {
            ret->parts[ret->count - 1].until = (uint16_t)i;
        }
        before = in;
    }
    if (before)
        ret->parts[ret->count - 1].until = HOURS_WEEK;
    return 0;
}

int hours_parse(struct slice s, struct hours *ret, struct err *err)
{
    struct reader r = {.all = s, .rest = s, .err = err};
    struct hours h;
    int x;

    if (s.n > HOURS_TEXT_MAX)
        return hours_fail(&r, CE_TOO_BIG, ERR_DUTY_TEXT_TOO_LONG);
    if (slice_is(slice_trim(s), "24/7")) {
        hours_mark(&r, EVERY_DAY, 0, DAY_MINUTES);
    } else {
        do {
            x = read_group(&r);
            if (x < 0)
                return x;
        } while (hours_read(&r, ';'));
        if (r.rest.n)
            return hours_fail(&r, CE_SYNTAX, ERR_DUTY_WHAT_FOLLOWS_NOT_UNDERSTOOD);
    }
    x = hours_collect(&r, &h);
    if (x == 0)
        *ret = h;
    return x;
}

int hours_of(const struct yaml_node *map, const char *key, struct hours *ret, struct err *err)
{
    struct err why = ERR_INIT;
    struct yaml_node *node;
    int r = yaml_need(map, key, &node, err);

    if (r < 0)
        return r;
    r = hours_parse(node->text, ret, &why);
    return r < 0 ? yaml_fail_inside(node, why.col ? why.col - 1 : 0, err, (enum ce) - r,
                                    ERR_BASE_TEXT, &why)
                 : 0;
}

bool hours_at(const struct hours *h, int offset_s, int64_t t, int64_t *lo, int64_t *hi)
{
    const int64_t week = 7 * TIME_DAY;
    /* 1970-01-05 was a Monday */
    int64_t at = (t % week + offset_s * TIME_SECOND + 3 * TIME_DAY) % week;
    bool in = false, wraps = h->count > 0 && h->parts[0].from == 0 &&
                             h->parts[h->count - 1].until == HOURS_WEEK;

    if (at < 0)
        at += week;
    for (int w = -1; w <= 1; w++) {
        for (unsigned i = 0; i < h->count; i++) {
            int64_t from = h->parts[i].from * TIME_MINUTE + w * week - at;
            int64_t until = h->parts[i].until * TIME_MINUTE + w * week - at;

            if (h->parts[i].until - h->parts[i].from == HOURS_WEEK)
                return true;
            in |= from <= 0 && until > 0;
            for (int k = 0; k < 2; k++) {
                int64_t d = k ? until : from;

                /* Sunday's end is no change when Monday begins inside */
                if (wraps && (k ? h->parts[i].until == HOURS_WEEK : h->parts[i].from == 0))
                    continue;
                if (d <= 0 && *lo < t + d)
                    *lo = t + d;
                if (d > 0 && *hi > t + d)
                    *hi = t + d;
            }
        }
    }
    return in;
}
