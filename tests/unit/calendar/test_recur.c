/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/recur.h"

#include "base/buf.h"
#include "base/time.h"
#include "err_words.h"
#include "tap.h"

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), 0, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

/* The first ten occurrences before the end of 2030. */
static void gives(const char *rule, const char *start, const char *want)
{
    struct buf out = BUF_INIT(2000);
    struct err err = ERR_INIT;
    struct recur_walk w;
    struct recur r;
    int64_t t;

    if (!ok(recur_parse(slice_str(rule), &r, &err) == 0, "%s %s", rule, err_words(&err)))
        return;
    recur_until_local(&r, 7 * 3600);
    recur_until_local(&r, 7 * 3600); /* is local already */
    recur_begin(&w, &r, at(start));
    for (int i = 0; i < 10 && (t = recur_next(&w, at("2031-01-01"), NULL)) != INT64_MAX; i++) {
        struct civil c;

        time_to_civil(t, 0, &c);
        buf_printf(&out, "%s%04d-%02u-%02u", i ? " " : "", c.year, c.month, c.day);
        if (c.hour * 60 + c.minute != 7 * 60 + 30)
            buf_puts(&out, "!");
    }
    is_str(buf_cstr(&out), want, "from %s", start);
    buf_done(&out);
}

/* Examples of RFC 5545 §3.8.5.3 moved to these years, and what rosters use. */
static void test_gives(void)
{
    gives("FREQ=DAILY;COUNT=3", "2026-11-30T07:30", "2026-11-30 2026-12-01 2026-12-02");
    gives("FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-11-30T07:30", "2026-11-30 2026-12-10 2026-12-20");
    gives("FREQ=DAILY;BYDAY=SA,SU;COUNT=3", "2026-11-23T07:30", "2026-11-28 2026-11-29 2026-12-05");
    gives("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "2027-08-03T07:30",
          "2027-08-03 2027-08-08 2027-08-17 2027-08-22");
    gives("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "2027-08-03T07:30",
          "2027-08-03 2027-08-15 2027-08-17 2027-08-29");
    gives("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "2026-11-01T07:30", "2026-11-06 2026-12-04 2027-01-01");
    gives("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "2026-11-01T07:30",
          "2026-11-23 2026-12-21 2027-01-18");
    gives("FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1", "2026-11-01T07:30",
          "2026-11-01 2026-11-30 2026-12-01 2026-12-31");
    gives("FREQ=MONTHLY;COUNT=4", "2027-01-31T07:30",
          "2027-01-31 2027-03-31 2027-05-31 2027-07-31");
    gives("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", "2026-11-01T07:30",
          "2026-11-13 2027-08-13");
    gives("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2026-10-01T07:30",
          "2026-10-30 2026-11-30");
    gives("FREQ=YEARLY;BYDAY=20MO;COUNT=2", "2026-01-01T07:30", "2026-05-18 2027-05-17");
    gives("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU;COUNT=3", "2026-01-01T07:30",
          "2026-03-29 2026-10-25 2027-03-28");
    gives("FREQ=YEARLY;COUNT=2", "2024-02-29T07:30", "2024-02-29 2028-02-29");
    gives("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01T07:30", "");
    gives("FREQ=DAILY;UNTIL=20261125", "2026-11-24T07:30", "2026-11-24 2026-11-25");
    gives("FREQ=DAILY;UNTIL=20261125T002959Z", "2026-11-24T07:30", "2026-11-24");
    gives("FREQ=DAILY;UNTIL=20261125T003000Z", "2026-11-24T07:30", "2026-11-24 2026-11-25");
    gives("FREQ=DAILY;UNTIL=20261125T075959", "2026-11-24T07:30", "2026-11-24 2026-11-25");
    gives("FREQ=YEARLY;INTERVAL=1000;COUNT=1000000", "2026-11-24T07:30", "2026-11-24");
    gives("FREQ=WEEKLY;BYMONTH=12;COUNT=3", "2026-11-24T07:30", "2026-12-01 2026-12-08 2026-12-15");
    gives("FREQ=WEEKLY;BYDAY=WE;COUNT=2", "1968-02-28T07:30", "1968-02-28 1968-03-06");
    gives("FREQ=YEARLY", "2029-05-01T07:30", "2029-05-01 2030-05-01");
    gives("rrule:freq=weekly;byday=mo", "2030-12-20T07:30", "2030-12-23 2030-12-30");
}

static void test_bad(void)
{
    static const struct {
        const char *text;
        int code;
        unsigned col;
    } bad[] = {
        {"", CE_SYNTAX, 1},
        {"INTERVAL=2", CE_MISSING, 1},
        {"FREQ", CE_SYNTAX, 1},
        {"FREQ=HOURLY", CE_UNKNOWN, 1},
        {"FREQ=DAILY;BYHOUR=7", CE_UNKNOWN, 12},
        {"FREQ=YEARLY;BYWEEKNO=20", CE_UNKNOWN, 13},
        {"FREQ=DAILY;BYDAY=1MO", CE_CONFLICT, 1},
        {"FREQ=MONTHLY;BYDAY=0MO", CE_SYNTAX, 14},
        {"FREQ=MONTHLY;BYDAY=XX", CE_SYNTAX, 14},
        {"FREQ=WEEKLY;BYMONTHDAY=3", CE_CONFLICT, 1},
        {"FREQ=DAILY;BYSETPOS=1", CE_CONFLICT, 1},
        {"FREQ=DAILY;BYMONTH=13", CE_SYNTAX, 12},
        {"FREQ=DAILY;INTERVAL=0", CE_RANGE, 12},
        {"FREQ=DAILY;COUNT=x", CE_SYNTAX, 12},
        {"FREQ=DAILY;COUNT=1000001", CE_RANGE, 12},
        {"FREQ=DAILY;INTERVAL=1001", CE_RANGE, 12},
        {"FREQ=DAILY;UNTIL=20261125T075960", CE_SYNTAX, 12},
        {"FREQ=DAILY;UNTIL=20261125T076000", CE_SYNTAX, 12},
        {"FREQ=DAILY;BYDAY=", CE_SYNTAX, 12},
        {"FREQ=MONTHLY;BYMONTHDAY=", CE_SYNTAX, 14},
        {"FREQ=DAILY;FREQ=DAILY", CE_CONFLICT, 12},
        {"FREQ=DAILY;COUNT=1;UNTIL=20270101", CE_CONFLICT, 1},
        {"FREQ=DAILY;UNTIL=20270230", CE_SYNTAX, 12},
        {"FREQ=DAILY;UNTIL=20270101T250000", CE_SYNTAX, 12},
        {"FREQ=DAILY;WKST=XX", CE_SYNTAX, 12},
    };

    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        struct err err = ERR_INIT;
        struct recur r;
        int x = recur_parse(slice_str(bad[i].text), &r, &err);

        ok(x < 0 && err.code == -x && err.col == bad[i].col && (x == -bad[i].code),
           "'%s' is refused: %d, column %u: %s", bad[i].text, -x, err.col, err_words(&err));
    }
}

/* What costs too much ends, and says so by the budget. */
static void test_budget(void)
{
    uint64_t budget = 1000;
    struct recur_walk w;
    struct recur r;
    int n = 0;

    ok(recur_parse(SLICE("FREQ=DAILY"), &r, NULL) == 0, "a rule");
    recur_begin(&w, &r, at("2000-01-01"));
    while (recur_next(&w, at("2200-01-01"), &budget) != INT64_MAX)
        n++;
    ok(n == 1000 && budget == 0, "a thousand days were looked at, not more: %d", n);
    ok(recur_parse(SLICE("FREQ=MONTHLY;INTERVAL=1000;BYMONTHDAY=31"), &r, NULL) == 0, "a rule");
    recur_begin(&w, &r, INT64_MAX - TIME_DAY);
    ok(recur_next(&w, INT64_MAX, NULL) == INT64_MAX, "nothing beyond what can be reckoned");
    recur_begin(&w, &r, at("1900-01-30"));
    ok(recur_next(&w, INT64_MIN, NULL) == INT64_MAX, "nothing before everything");
}

int main(void)
{
    test_gives();
    test_bad();
    test_budget();
    return tap_done();
}
