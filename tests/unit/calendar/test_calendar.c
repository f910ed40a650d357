/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar.h"

#include <stdio.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "tap.h"

static const struct calendar *vn;

static int64_t day_of(const char *date)
{
    int64_t t = 0;

    ok(time_parse(slice_str(date), 0, &t, NULL) == 0, "%s", date);
    return t / TIME_DAY;
}

static void is_day(const char *date, enum day_kind want, const char *holiday)
{
    const struct holiday *h = NULL;
    enum day_kind got = calendar_day(vn, day_of(date), &h);

    is_str(day_kind_to_str(got), day_kind_to_str(want), "%s is", date);
    is_slice(h ? h->id : SLICE(""), slice_str(holiday), "of the holiday");
}

/* Days off from `first` on: exactly n, the day before and the day after are worked. */
static void is_run(const char *first, int n)
{
    int64_t day = day_of(first);
    int off = 0;

    while (calendar_is_off(vn, day + off))
        off++;
    is_int(off, n, "days off from %s", first);
    ok(!calendar_is_off(vn, day - 1), "the day before is worked");
}

static void test_vietnam(void)
{
    is_run("2020-01-23", 7); /* Tết Canh Tý */
    is_run("2021-02-10", 7);
    is_run("2022-01-29", 9);
    is_run("2023-01-20", 7);
    is_run("2024-02-08", 7);
    is_run("2025-01-25", 9);
    is_run("2026-02-14", 9);
    is_run("2023-04-29", 5); /* Giỗ Tổ on a Saturday, 30/4 on a Sunday */
    is_run("2024-04-27", 5); /* with the swapped Monday */
    is_run("2025-04-30", 5);
    is_run("2025-08-30", 4);
    is_run("2026-08-29", 5);
    is_run("2023-09-01", 4);
    is_run("2023-12-30", 3); /* 2024: the new year on a Monday */
    is_run("2024-04-18", 1);
    is_run("2024-08-31", 4);
    is_run("2025-01-01", 1);
    is_run("2025-04-05", 3); /* Giỗ Tổ on a Monday */
    is_run("2026-01-01", 4); /* with the swapped Friday */
    is_day("2026-01-10", DAY_MADE_UP, "");
    is_run("2026-04-25", 3); /* Giỗ Tổ on a Sunday */
    is_run("2026-04-30", 4);
    is_day("2026-08-22", DAY_MADE_UP, "");
    is_run("2027-01-01", 3);
    is_run("2027-04-16", 3);
    is_run("2027-04-30", 4); /* 1/5 on a Saturday */
    is_day("2027-02-06", DAY_HOLIDAY, "tet");
    is_day("2020-01-25", DAY_HOLIDAY, "tet");
    is_day("2020-01-29", DAY_IN_LIEU, "tet");
    is_day("2020-10-05", DAY_WORK, "");
    is_day("2020-10-10", DAY_REST, "");
    is_day("2024-05-04", DAY_MADE_UP, "");
    is_day("2024-04-29", DAY_SWAPPED, "");
    is_day("2020-04-02", DAY_HOLIDAY, "hung-kings");
    is_day("2020-09-03", DAY_WORK, "");
    is_day("2024-09-03", DAY_HOLIDAY, "national-2021");
    is_day("2031-11-24", DAY_HOLIDAY, "culture");
}

static void test_workdays(void)
{
    is_int(calendar_add_workdays(vn, day_of("2020-01-22"), 1), day_of("2020-01-30"),
           "the working day after the eve of Tết");
    is_int(calendar_add_workdays(vn, day_of("2020-10-10"), 0), day_of("2020-10-12"),
           "a Saturday becomes Monday");
    is_int(calendar_add_workdays(vn, day_of("2020-10-05"), 0), day_of("2020-10-05"),
           "a working day stays");
    is_int(calendar_add_workdays(calendar_plain(), day_of("2020-10-09"), 3), day_of("2020-10-14"),
           "three working days over a weekend");
}

static void test_plain(void)
{
    static const char sundays[] = "zone: +07:00\nyears: {from: 2020, until: 2021}\n"
                                  "weekend: [mon, tue, wed, thu, fri, sat]\ndays: []\n";
    struct arena a = ARENA_INIT(1 << 22);
    const struct calendar *c = NULL;
    struct err err = ERR_INIT;
    int first = 0, last = 0;

    is_int(calendar_offset(calendar_plain()), 7 * 3600, "this country's zone");
    calendar_years(calendar_plain(), &first, &last);
    ok(last < first, "no year's holidays are known");
    is_int(calendar_parse(&a, slice_str(sundays), &c, &err), 0, "six days of rest: %s",
           err_words(&err));
    is_int(calendar_add_workdays(c, 3, 2), 17, "two Sundays on");
    is_int(calendar_add_workdays(c, 3, 100), 403, "none is looked for for ever");
    arena_done(&a);
}

static void refuses(const char *text, unsigned line, unsigned col, const char *part)
{
    struct arena a = ARENA_INIT(1 << 22);
    const struct calendar *c = NULL;
    struct err err = ERR_INIT;

    ok(calendar_parse(&a, slice_str(text), &c, &err) < 0 && c == NULL, "refused: %s",
       err_words(&err));
    is_int(err.line * 1000 + err.col, line * 1000 + col, "at %u:%u", line, col);
    ok(slice_find(slice_str(err_words(&err)), slice_str(part)) != SIZE_MAX, "it says: %s", part);
    arena_done(&a);
}

#define HEAD "zone: +07:00\nyears: {from: 2020, until: 2021}\n"
#define MONTH(id, date)                                                                            \
    "  - {id: " id ", name: {vi: x, en: y}, date: " date ", before: 15, days: 15, in-lieu: "       \
    "false}\n"
#define DAY(id, more) "  - {id: " id ", name: {vi: x, en: y}, date: 02-03" more "}\n"

/* The most and the least that a day may have before and behind it. */
static void test_longest_day(void)
{
    struct arena a = ARENA_INIT(1 << 22);
    const struct calendar *c = NULL, *kept = vn;
    struct err err = ERR_INIT;
    int first = 0, last = 0;

    is_int(calendar_parse(&a,
                          SLICE(HEAD "days:\n" DAY("a", ", before: 15, days: 15, in-lieu: false, "
                                                        "since: 2020-02-03, until: 2021-02-03")),
                          &c, &err),
           0, "15 days on both sides: %s", err_words(&err));
    vn = c;
    is_day("2020-01-18", DAY_WORK, "");
    is_day("2020-01-19", DAY_HOLIDAY, "a");
    is_day("2020-02-17", DAY_HOLIDAY, "a");
    is_day("2020-02-18", DAY_WORK, "");
    is_day("2021-02-03", DAY_WORK, "");
    vn = kept;
    calendar_years(c, &first, &last);
    ok(first == 2020 && last == 2021, "its years");
    is_int(calendar_offset(c), 7 * 3600, "its zone");
    arena_done(&a);
}

#define HALVES(first, second, more)                                                                \
    "days:\n" MONTH("a", first) MONTH("b", second) "decisions:\n  - {off: " more "}\n"

/* What a decision gives a day, and what is given for a day that was lost to it. */
static void test_decided(void)
{
    struct arena a = ARENA_INIT(1 << 22);
    const struct calendar *c = NULL, *kept = vn;
    struct err err = ERR_INIT;

    is_int(
        calendar_parse(
            &a,
            SLICE(
                "zone: +07:00\nyears: {from: 2020, until: 2022}\nweekend: [sat, sun]\ndays:\n" DAY(
                    "a", "")
                    DAY("b", ", since: 2022-01-01") "decisions:\n"
                                                    "  - {year: 2020, day: a, before: 1, days: 2}\n"
                                                    "  - {year: 2021, day: a, days: 3}\n"),
            &c, &err),
        0, "decisions about a day: %s", err_words(&err));
    vn = c;
    is_day("2020-02-01", DAY_REST, "");
    is_day("2020-02-02", DAY_HOLIDAY, "a");
    is_day("2020-02-04", DAY_HOLIDAY, "a");
    is_day("2020-02-05", DAY_IN_LIEU, "a");
    is_day("2020-02-06", DAY_WORK, "");
    is_day("2021-02-02", DAY_WORK, "");
    is_day("2021-02-05", DAY_HOLIDAY, "a");
    is_day("2021-02-08", DAY_WORK, "");
    is_day("2022-02-03", DAY_HOLIDAY, "b");
    is_day("2022-02-04", DAY_IN_LIEU, "b");
    is_int(calendar_parse(
               &a, SLICE("zone: +07:00\nyears: {from: 2022, until: 2022}\nweekend: [sat, sun]\n"),
               &c, &err),
           0, "a year that begins on a Saturday: %s", err_words(&err));
    vn = c;
    is_day("2022-01-01", DAY_REST, "");
    is_day("2022-12-31", DAY_REST, "");
    is_int(calendar_parse(&a,
                          SLICE("zone: +07:00\nyears: {from: 2020, until: 2020}\n" HALVES(
                              "02-16", "03-17", "2020-05-05")),
                          &c, &err),
           0, "60 days off in a row: %s", err_words(&err));
    vn = kept;
    arena_done(&a);
}

static void test_refused(void)
{
    refuses(HEAD "days:\n" DAY("a", "") "decisions:\n  - {year: 2020, day: a, days: 16}\n", 6, 32,
            "15");
    refuses(HEAD "days:\n" DAY("a", "") "decisions:\n  - {year: 2020, day: a, before: 16}\n", 6, 34,
            "15");
    refuses("zone: UTC\nyears: {from: 2020, until: 2020}\n" HALVES("02-16", "03-17", "2020-04-01"),
            0, 0, "60");
    refuses("zone: UTC\nyears: {from: 2021, until: 2021}\n" HALVES("01-16", "02-15", "2021-03-02"),
            0, 0, "60");
    refuses("zone: Europe/Paris\n", 1, 7, "without summer time");
    refuses("weekend: [saturday]\n" HEAD, 1, 11, "a weekday");
    refuses(HEAD "dayz: []\n", 3, 1, "is days meant?");
    refuses("zone: UTC\nyears: {from: 2021, until: 2020}\n", 2, 8, "years go from");
    refuses(HEAD "days:\n  - {id: a, name: {vi: x, en: y}, date: 02-30}\n", 4, 41, "09-02");
    refuses(HEAD "days:\n  - {id: a, name: {vi: x}, date: 02-03}\n", 4, 19, "vi and en");
    refuses(HEAD "days:\n  - {id: a, name: {vi: x, en: y}}\n", 4, 5, "either a date or");
    refuses(HEAD "decisions:\n  - {year: 2020, day: tet}\n", 4, 23, "no day with the id tet");
    refuses(HEAD "decisions:\n  - {off: 2020-02-30}\n", 4, 11, "a date like");
    refuses(HEAD "decisions:\n  - {off: 2020-10-05, work: 2020-10-06}\n", 4, 29, "no rest day");
    refuses(HEAD "days:\n" MONTH("a", "02-16") MONTH("b", "03-18") MONTH("c", "04-17"), 0, 0, "60");
    refuses("[]\n", 1, 1, "a map");
    refuses(HEAD "days:\n" DAY("a", "") DAY("a", ""), 5, 10, "stands here twice");
    refuses(HEAD "days:\n" DAY("a", ", before: 16"), 4, 56, "15");
    refuses(HEAD "days:\n" DAY("a", ", before: -1"), 4, 56, "0");
    refuses(HEAD "days:\n" DAY("a", ", days: 16"), 4, 54, "15");
    refuses(HEAD "days:\n" DAY("a", ", days: 0"), 4, 54, "1");
    refuses(HEAD "days:\n" DAY("a", ", since: 2020-13-01"), 4, 55, "a date like");
    refuses(HEAD "days:\n" DAY("a", ", until: x"), 4, 55, "a date like");
    refuses(HEAD "days:\n" DAY("a", ", in-lieu: maybe"), 4, 57, "no");
    refuses(HEAD "days:\n" DAY("a", ", checked: x"), 4, 57, "a date like");
    refuses(HEAD "decisions:\n  - {source: x}\n", 4, 5, "an off date");
    refuses(HEAD "decisions:\n  - {off: 2020-10-05}\n  - {off: 2020-10-05}\n", 5, 11,
            "off already");
    refuses("a: 1\n---\nb: 2\n", 1, 1, "one document");
}

int main(void)
{
    struct arena a = ARENA_INIT(1 << 24);
    struct buf text = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/plans/holidays-vn.yaml", tap_source_dir());
    if (!ok(file_read(path, &text, &err) == 0 &&
                calendar_parse(&a, buf_slice(&text), &vn, &err) == 0,
            "the shipped holidays load: %u:%u %s", err.line, err.col, err_words(&err)))
        return tap_done();
    test_vietnam();
    test_workdays();
    test_plain();
    test_refused();
    test_decided();
    test_longest_day();
    arena_done(&a);
    buf_done(&text);
    return tap_done();
}
