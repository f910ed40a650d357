/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random recurrence rules: the same days as libical finds. Left out is what libical 3.0.16 gets
 * wrong or takes long over: values named twice, days counted from the end of a month outside of
 * FREQ=MONTHLY, positions with months, Sundays alone of every n-th week, rules that
 * hardly ever give a day.
 */
#include <libical/ical.h>

#include "base/buf.h"
#include "base/time.h"
#include "calendar/recur.h"
#include "tap.h"

static uint64_t seed;

static unsigned rnd(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

/* Up to `most` numbers, each above the one before. */
static void put_list(struct buf *out, const char *name, int from, int until, unsigned most)
{
    unsigned n = 1 + rnd(most);
    int v = from;

    buf_printf(out, ";%s=", name);
    for (unsigned i = 0; i < n && v <= until; i++) {
        v += (int)rnd((unsigned)(until - v + 1));
        v += v == 0;
        buf_printf(out, "%s%d", i ? "," : "", v);
        v++;
    }
}

/* Up to three weekdays in their order; all with numbers up to last, or none. */
static void write_days(struct buf *out, int last, unsigned from)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    bool numbered = last && rnd(2), any = false;

    buf_puts(out, ";BYDAY=");
    for (unsigned d = from; d < CANH_MIN(from + 3, 7u); d++) {
        if (d > from && rnd(2))
            continue;
        buf_puts(out, any ? "," : "");
        if (numbered)
            buf_printf(out, "%d", (int)(1 + rnd((unsigned)last)) * (rnd(2) ? 1 : -1));
        buf_puts(out, days[d]);
        any = true;
    }
}

static void random_rule(struct buf *out)
{
    static const char *const freqs[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    unsigned freq = rnd(4);
    bool months = freq == 3 && rnd(3) == 0, monthdays = freq == 2 && rnd(3) == 0;
    bool days = months || (!monthdays && rnd(2));

    buf_printf(out, "FREQ=%s;INTERVAL=%u", freqs[freq], 1 + rnd(4));
    if (rnd(3) == 0)
        buf_printf(out, ";COUNT=%u", 1 + rnd(30));
    if (months)
        put_list(out, "BYMONTH", 1, 12, 3);
    if (monthdays)
        put_list(out, "BYMONTHDAY", rnd(2) ? -28 : 1, 28, 3);
    if (days)
        write_days(out,
                   freq == 2 || (freq == 3 && months) ? 4
                   : freq == 3                        ? 52
                                                      : 0,
                   rnd(freq == 1 ? 6 : 7));
    if (freq == 2 && days && rnd(4) == 0)
        put_list(out, "BYSETPOS", -1, 1, 2);
    if (freq == 1 && rnd(2))
        buf_puts(out, ";WKST=SU");
}

/* How many of the first occurrences are the same; -1 at the first that is not. */
static int same(const char *text, int64_t start)
{
    struct icaltimetype dtstart = icaltime_from_timet_with_zone((time_t)(start / TIME_SECOND), 0,
                                                                icaltimezone_get_utc_timezone());
    struct icalrecurrencetype theirs = icalrecurrencetype_from_string(text);
    icalrecur_iterator *it = icalrecur_iterator_new(theirs, dtstart);
    int64_t end = start + 4000 * TIME_DAY;
    struct recur_walk w;
    struct recur r;
    int n = 0;

    if (it == NULL || recur_parse(slice_str(text), &r, NULL) < 0) {
        icalrecur_iterator_free(it);
        return -1;
    }
    recur_begin(&w, &r, start);
    while (n < 60) {
        struct icaltimetype next = icalrecur_iterator_next(it);
        int64_t t = recur_next(&w, end, NULL),
                want = icaltime_is_null_time(next) ? INT64_MAX
                                                   : (int64_t)icaltime_as_timet(next) * TIME_SECOND;

        if (want >= end)
            want = INT64_MAX;
        if (t != want) {
            n = -1;
            break;
        }
        if (t == INT64_MAX)
            break;
        n++;
    }
    icalrecur_iterator_free(it);
    return n;
}

int main(void)
{
    unsigned wrong = 0, met = 0;

    icalerror_set_errors_are_fatal(0);
    for (unsigned round = 0; round < 3000; round++) {
        struct buf text = BUF_INIT(1000);
        int64_t start;
        int n;

        seed = round;
        random_rule(&text);
        start = (days_from_date(2026, 1, 1) + rnd(1500)) * TIME_DAY + 7 * TIME_HOUR;
        n = same(buf_cstr(&text), start);
        met += n > 0;
        if (n < 0 && wrong++ < 10)
            ok(false, "rule %u from day %lld: %s", round, (long long)(start / TIME_DAY),
               buf_cstr(&text));
        buf_done(&text);
    }
    is_int(wrong, 0, "3000 random rules give the days that libical finds");
    ok(met > 1500, "%u of them give any", met);
    return tap_done();
}
