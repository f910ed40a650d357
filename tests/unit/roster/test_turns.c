/* SPDX-License-Identifier: Apache-2.0 */
/* How turns fall: nights, rest days, holidays, Tết, and hours inside the time asked about. */
#include "roster/turns.h"

#include "base/buf.h"
#include "base/time.h"
#include "err_words.h"
#include "roster/roster.h"
#include "tap.h"

enum { ZONE = 7 * 3600, PEOPLE = 3 };

static struct arena arena = ARENA_INIT(1 << 22);
static const struct calendar *calendar;
static struct duty_terms terms;

/* Mùng 1 of 2027 is 6 February, a Saturday; 1 January 2027 is a Friday. */
static const char holidays[] =
    "holidays: test\nname: {vi: Thử, en: Test}\nzone: +07:00\nyears: {from: 2026, until: 2028}\n"
    "weekend: [sat, sun]\ndays:\n"
    "  - {id: tet, name: {vi: Tết, en: Tet}, lunar: 01-01, days: 2, source: test}\n"
    "  - {id: new-year, name: {vi: Tết Dương lịch, en: New year}, date: 01-01, source: test}\n";

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

/* One person's turns between two times: "shifts nights rest holidays tet hours". */
static void turns_are(struct duty_cell *cells, size_t n, const char *from, const char *until,
                      const char *want)
{
    struct duty_layer layer = {.from = INT64_MIN,
                               .until = INT64_MAX,
                               .cells = cells,
                               .cell_count = n};
    struct duty_post post = {.from = INT64_MIN,
                             .until = INT64_MAX,
                             .people = 1,
                             .offset_s = ZONE,
                             .layers = &layer,
                             .layer_count = 1};
    struct duty_plan plan = {.posts = &post, .post_count = 1};
    struct duty_turns list[PEOPLE] = {{0}};
    struct err err = ERR_INIT;
    char got[100];

    if (duty_prepare(&plan, at("2026-01-01"), at("2028-01-01"), &arena, &err) < 0 ||
        duty_turns_add(&plan, 0, at(from), at(until), &terms, calendar, list, PEOPLE, &err) < 0) {
        ok(false, "no turns: %s", err_words(&err));
        return;
    }
    (void)snprintf(got, sizeof(got), "%u %u %u %u %u %lld", list[1].shifts, list[1].nights,
                   list[1].rest_days, list[1].holidays, list[1].tet,
                   (long long)(list[1].time / TIME_HOUR));
    is_str(got, want, "%s to %s", from, until);
    is_int(list[0].shifts + list[2].shifts, 0, "nobody else has any");
}

static void turn_is(const char *from, const char *until, const char *want)
{
    struct duty_cell cell = {at(from), at(until), 1, 1, {0}, 0};

    turns_are(&cell, 1, "2026-12-01", "2027-12-31", want);
}

static void test_kinds(void)
{
    turn_is("2026-12-07 07:00", "2026-12-07 17:00", "1 0 0 0 0 10");
    turn_is("2026-12-07 22:00", "2026-12-08 06:00", "1 1 0 0 0 8");
    turn_is("2026-12-05 07:00", "2026-12-05 17:00", "1 0 1 0 0 10");
    turn_is("2026-12-04 22:00", "2026-12-05 06:00", "1 1 0 0 0 8");
    turn_is("2027-01-01 07:00", "2027-01-01 17:00", "1 0 0 1 0 10");
    turn_is("2027-02-06 07:00", "2027-02-06 17:00", "1 0 0 0 1 10");
    turn_is("2027-02-08 07:00", "2027-02-08 17:00", "1 0 0 0 1 10"); /* in lieu of mùng 1 */
    turn_is("2026-12-06 23:59", "2026-12-07 00:30", "1 0 1 0 0 0");
}

static void test_edges(void)
{
    struct duty_cell cells[] = {
        {at("2026-12-07 20:00"), at("2026-12-08 08:00"), 1, 1, {0}, 0},
        {at("2026-12-08 20:00"), at("2026-12-09 08:00"), 1, 1, {0}, 0},
    };

    turns_are(cells, 2, "2026-12-07", "2026-12-10", "2 2 0 0 0 24");
    turns_are(cells, 2, "2026-12-08", "2026-12-09", "1 1 0 0 0 4"); /* inside the day only */
    turns_are(cells, 2, "2026-12-07 20:00", "2026-12-08 20:00", "1 1 0 0 0 12");
    turns_are(cells, 2, "2026-12-07 20:01", "2026-12-08 20:00", "0 0 0 0 0 0");
}

/* Somebody whose number is beyond the list, and a turn that begins as the time asked about ends. */
static void test_left_out(void)
{
    struct duty_cell cells[] = {
        {at("2026-12-07 08:00"), at("2026-12-07 20:00"), PEOPLE, 1, {0}, 0},
        {at("2026-12-07 20:00"), at("2026-12-08 08:00"), 1, 1, {0}, 0},
    };

    turns_are(cells, 2, "2026-12-07 08:00", "2026-12-07 20:00", "0 0 0 0 0 0");
    turns_are(cells, 2, "2026-12-07 08:00", "2026-12-07 20:01", "1 1 0 0 0 0");
}

static void test_refused(void)
{
    struct duty_plan plan = {.post_count = 0};
    struct duty_turns list[PEOPLE] = {{0}};
    struct err err = ERR_INIT;

    is_int(duty_turns_add(&plan, 0, 0, 1, &terms, calendar, list, PEOPLE, &err), -CE_NOT_FOUND,
           "no such post");
}

int main(void)
{
    struct err err = ERR_INIT;

    if (calendar_parse(&arena, slice_str(holidays), &calendar, &err) < 0 ||
        hours_parse(SLICE("22:00-06:00"), &terms.night, &err) < 0)
        ok(false, "no calendar: %s", err_words(&err));
    terms.night_turn = 4 * TIME_HOUR;
    test_kinds();
    test_edges();
    test_left_out();
    test_refused();
    arena_done(&arena);
    return tap_done();
}
