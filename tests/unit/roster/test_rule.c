/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/rule.h"

#include "base/buf.h"
#include "base/time.h"
#include "err_words.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

/* Expands and writes "A 23/11 07:30-24/11 07:30; B …". */
static void expands(const char *rule, const char *start, int64_t length,
                    const struct duty_turn *turns, size_t n, const char *from, const char *until,
                    const char *want)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct buf out = BUF_INIT(8000);
    struct duty_cell *cells = NULL;
    struct err err = ERR_INIT;
    struct duty_rule r = {.zone = {.offset_s = ZONE},
                          .start = at(start),
                          .length = length,
                          .turns = turns,
                          .turn_count = n};
    size_t count = 0;

    if (ok(recur_parse(slice_str(rule), &r.recur, &err) == 0, "%s %s", rule, err_words(&err))) {
        recur_until_local(&r.recur, ZONE);
        is_int(duty_rule_expand(&r, at(from), at(until), &arena, &cells, &count, &err), 0,
               "expands");
        for (size_t i = 0; i < count; i++) {
            struct civil a, b;

            time_to_civil(cells[i].from, ZONE, &a);
            time_to_civil(cells[i].until, ZONE, &b);
            buf_printf(&out, "%s%c %02u/%02u %02u-%02u/%02u %02u", i ? "; " : "",
                       (char)('A' + cells[i].person), a.day, a.month, a.hour, b.day, b.month,
                       b.hour);
        }
        is_str(buf_cstr(&out), want, "its turns");
    }
    buf_done(&out);
    arena_done(&arena);
}

static void test_expand(void)
{
    const struct duty_turn three[] = {{0, INT64_MIN, INT64_MAX},
                                      {1, INT64_MIN, INT64_MAX},
                                      {2, INT64_MIN, INT64_MAX}};
    const struct duty_turn gap[] = {{0, INT64_MIN, INT64_MAX}, {DUTY_NOBODY, INT64_MIN, INT64_MAX}};
    const struct duty_turn dated[] = {{0, INT64_MIN, INT64_MAX},
                                      {1, INT64_MIN, at("2026-11-25 12:00")},
                                      {2, at("2026-11-26"), INT64_MAX}};

    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, three, 3, "2026-11-20", "2026-11-23 07:00",
            ""); /* the first begins as the time asked about ends */
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, three, 3, "2026-11-24 07:00",
            "2026-11-25 07:00", "B 24/11 07-25/11 07");
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, three, 3, "2026-11-23", "2026-11-26",
            "A 23/11 07-24/11 07; B 24/11 07-25/11 07; C 25/11 07-26/11 07");
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, three, 3, "2027-11-23 07:00",
            "2027-11-24 07:00", "C 23/11 07-24/11 07");
    expands("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-23 07:00", 10 * TIME_HOUR, three, 3,
            "2026-11-26", "2026-12-01",
            "A 26/11 07-26/11 17; B 27/11 07-27/11 17; "
            "C 30/11 07-30/11 17");
    expands("FREQ=WEEKLY", "2026-11-23 07:00", 7 * TIME_DAY, three, 3, "2026-11-23", "2026-12-07",
            "A 23/11 07-30/11 07; B 30/11 07-07/12 07");
    expands("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", "2026-11-26 08:00", TIME_HOUR, three, 2,
            "2026-11-23", "2026-12-14",
            "A 28/11 08-28/11 09; B 29/11 08-29/11 09; A 12/12 08-12/12 09; B 13/12 08-13/12 09");
    expands("FREQ=DAILY;COUNT=2", "2026-11-23 07:00", TIME_HOUR, three, 3, "2026-11-01",
            "2026-12-31", "A 23/11 07-23/11 08; B 24/11 07-24/11 08");
    expands("rrule:freq=daily;until=20261124T000000Z", "2026-11-23 07:00", TIME_HOUR, three, 3,
            "2026-11-01", "2026-12-31", "A 23/11 07-23/11 08; B 24/11 07-24/11 08");
    expands("FREQ=DAILY;UNTIL=20261124T065959", "2026-11-23 07:00", TIME_HOUR, three, 3,
            "2026-11-01", "2026-12-31", "A 23/11 07-23/11 08");
    expands("FREQ=DAILY", "2026-11-23 07:00", 30 * TIME_HOUR, three, 3, "2026-11-24 01:00",
            "2026-11-24 09:00", "A 23/11 07-24/11 07; B 24/11 07-25/11 07");
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, gap, 2, "2026-11-23", "2026-11-27",
            "A 23/11 07-24/11 07; A 25/11 07-26/11 07");
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, dated, 3, "2026-11-23", "2026-11-30",
            "A 23/11 07-24/11 07; B 24/11 07-25/11 07; A 25/11 07-26/11 07; "
            "C 26/11 07-27/11 07; A 27/11 07-28/11 07; C 28/11 07-29/11 07; A 29/11 07-30/11 07");
    expands("FREQ=DAILY", "2026-11-24 07:00", 2 * TIME_DAY, dated + 1, 1, "2026-11-23",
            "2026-11-30", "B 24/11 07-25/11 07; B 25/11 07-25/11 12");
    expands("FREQ=DAILY;INTERVAL=7;BYDAY=SU", "2026-11-23 07:00", TIME_DAY, three, 3, "2026-11-23",
            "2027-11-30", "");
    expands("FREQ=DAILY", "2026-11-23 07:00", TIME_DAY, three, 0, "2026-11-23", "2027-11-30", "");
    expands("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-23 07:00", TIME_DAY, three, 3, "2026-11-23",
            "2027-01-30", "A 27/11 07-28/11 07; B 25/12 07-26/12 07; C 29/01 07-30/01 07");
}

/* The hand-off keeps the wall clock; over a change of it a turn is an hour shorter or longer. */
static void test_summer_time(void)
{
    const struct duty_turn two[] = {{0, INT64_MIN, INT64_MAX}, {1, INT64_MIN, INT64_MAX}};
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_cell *cells = NULL;
    struct duty_rule r = {.length = TIME_DAY, .turns = two, .turn_count = 2};
    size_t n = 0;

    ok(zone_read(&arena, SLICE("Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3"), &r.zone) == 0 &&
           recur_parse(SLICE("FREQ=DAILY"), &r.recur, NULL) == 0,
       "a zone with summer time");
    r.start = at("2026-10-20T08:00+02:00");
    is_int(duty_rule_expand(&r, at("2026-10-24T00:00Z"), at("2026-10-26T00:00Z"), &arena, &cells,
                            &n, NULL),
           0, "expands");
    if (is_int(n, 3, "three turns")) {
        ok(cells[1].from == at("2026-10-24T08:00+02:00") &&
               cells[1].until == at("2026-10-25T07:00Z") - TIME_HOUR,
           "its length is time that passes");
        ok(cells[2].from == at("2026-10-25T08:00+01:00"), "the next begins at eight by the clock");
        ok(cells[1].person != cells[2].person, "and is the next person's");
    }
    r.start = at("2027-03-20T08:00+01:00");
    is_int(duty_rule_expand(&r, at("2027-03-27T12:00Z"), at("2027-03-28T12:00Z"), &arena, &cells,
                            &n, NULL),
           0, "expands");
    ok(n == 2 && cells[0].until == cells[1].from &&
           cells[0].until - cells[0].from == 23 * TIME_HOUR,
       "in spring a turn ends when the next begins");
    arena_done(&arena);
}

static void test_bad(void)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct duty_cell *cells = NULL;
    struct duty_rule r = {.length = 0};
    size_t n = 0;

    is_int(duty_rule_expand(&r, 0, TIME_DAY, &arena, &cells, &n, NULL), -CE_RANGE,
           "a turn of no time");
    r.length = TIME_DAY;
    r.turn_count = DUTY_TURNS_MAX + 1;
    is_int(duty_rule_expand(&r, 0, TIME_DAY, &arena, &cells, &n, NULL), -CE_TOO_BIG,
           "too many turns");
    arena_done(&arena);
}

int main(void)
{
    test_expand();
    test_summer_time();
    test_bad();
    return tap_done();
}
