/* SPDX-License-Identifier: Apache-2.0 */
/* Zones against the C library and this machine's IANA database. */
#include "calendar/zone.h"

#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/time.h"
#include "tap.h"

static const char *const names[] = {"Europe/Berlin",      "America/New_York", "Australia/Sydney",
                                    "America/Santiago",   "Asia/Kathmandu",   "Pacific/Chatham",
                                    "America/St_Johns",   "Asia/Jerusalem",   "Asia/Ho_Chi_Minh",
                                    "Europe/Dublin",      "America/Havana",   "Africa/Cairo",
                                    "Australia/Lord_Howe"};

static int offset_of_libc(int64_t t)
{
    time_t s = (time_t)(t / TIME_SECOND);
    struct tm tm;

    (void)localtime_r(&s, &tm);
    return (int)tm.tm_gmtoff;
}

/* Every few hours of some years, and there and back over each wall time. */
static bool agrees(const struct zone *z, int from, int to, int hours)
{
    int64_t t = days_from_date(from, 1, 1) * TIME_DAY, end = days_from_date(to, 12, 1) * TIME_DAY;
    bool same = true;

    for (; t < end; t += hours * TIME_HOUR) {
        int64_t back = zone_from_wall(z, zone_to_wall(z, t));

        same = same && zone_at(z, t) == offset_of_libc(t) &&
               (back == t || (back < t && zone_to_wall(z, back) == zone_to_wall(z, t)));
    }
    return same;
}

static void test_libc(void)
{
    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct buf path = BUF_INIT(200), bytes = BUF_INIT(1u << 16);
        struct arena arena = ARENA_INIT(1u << 20);
        bool whole = true;
        struct slice rule;
        struct zone z;

        buf_printf(&path, "/usr/share/zoneinfo/%s", names[i]);
        if (file_read(buf_cstr(&path), &bytes, NULL) < 0) {
            tap_skip("no zone database here");
            return;
        }
        setenv("TZ", names[i], 1);
        tzset();
        ok(zone_rule_of_file(buf_slice(&bytes), &rule) == 0 && zone_read(&arena, rule, &z) == 0 &&
               agrees(&z, 2024, 2037, 3),
           "%s is as the C library has it", names[i]);
        ok(zone_of_file(&arena, buf_slice(&bytes), &z) == 0 && agrees(&z, 1900, 2080, 13),
           "%s: its past, too", names[i]);
        for (size_t n = 0; whole && n < bytes.len; n += 7)
            whole = zone_rule_of_file(slice_head(buf_slice(&bytes), n), &rule) < 0 &&
                    zone_of_file(&arena, slice_head(buf_slice(&bytes), n), &z) < 0;
        ok(whole, "and a part of its file is refused");
        buf_done(&path);
        buf_done(&bytes);
        arena_done(&arena);
    }
}

static void test_wall(void)
{
    const struct zone_change changes[] = {{100 * TIME_HOUR, 7200}, {200 * TIME_HOUR, 3600}};
    const struct zone z = {3600, changes, 2};

    is_int(zone_from_wall(&z, 100 * TIME_HOUR + TIME_HOUR / 2), 100 * TIME_HOUR - TIME_HOUR / 2,
           "before a change");
    is_int(zone_from_wall(&z, 101 * TIME_HOUR + TIME_HOUR / 2), 100 * TIME_HOUR + TIME_HOUR / 2,
           "a time that is left out: with the offset from before");
    is_int(zone_from_wall(&z, 102 * TIME_HOUR), 100 * TIME_HOUR, "the first one after it");
    is_int(zone_from_wall(&z, 201 * TIME_HOUR + TIME_HOUR / 2), 200 * TIME_HOUR - TIME_HOUR / 2,
           "a time that comes twice is the first");
    is_int(zone_from_wall(&z, 202 * TIME_HOUR), 201 * TIME_HOUR, "the first one that comes once");
    is_int(zone_from_wall(&z, INT64_MIN), INT64_MIN, "the ends saturate");
    is_int(zone_to_wall(&z, INT64_MAX), INT64_MAX, "both");
}

static void test_text(void)
{
    static const char good[][64] = {"Asia/Ho_Chi_Minh",
                                    "UTC",
                                    "+05:45",
                                    "<+0330>-3:30",
                                    "Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3",
                                    "AEST-10AEDT,M10.1.0,M4.1.0/3",
                                    "CST+6CDT,M3.2.0,M11.1.0",
                                    "X1Y,J60/26,300/-1:30:15"};
    static const char bad[][64] = {"",
                                   "Europe/Berlin",
                                   "C",
                                   "CET-1CEST",
                                   "CET-1CEST,M3.5.0",
                                   "CET-1CEST,M13.5.0,M10.5.0",
                                   "CET-1CEST,M3.0.0,M10.5.0",
                                   "CET-1CEST,M3.5.0,M10.5.0/3x",
                                   "CET-1CEST,J0,J9",
                                   "CET-25",
                                   "1ET-1",
                                   "CET-1CEST,M0.5.0,M10.5.0",
                                   "CET-1,M3.5.0,M10.5.0",
                                   "CET-1CEST?,M3.5.0,M10.5.0",
                                   "../etc CET-1",
                                   "<CET-1",
                                   "A-1B,0/-167,365/167"};
    struct arena arena = ARENA_INIT(1u << 20);
    struct zone z;

    for (size_t i = 0; i < CANH_LEN(good); i++)
        is_int(zone_read(&arena, slice_of(good[i], strlen(good[i])), &z), 0, "%s", good[i]);
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        is_int(zone_read(&arena, slice_of(bad[i], strlen(bad[i])), &z), -CE_SYNTAX,
               "'%s' is refused", bad[i]);
    ok(zone_is_name(SLICE("America/Argentina/Buenos_Aires")) && zone_is_name(SLICE("Etc/GMT+7")) &&
           zone_is_name(SLICE("Etc/GMT0")) && zone_is_name(SLICE("Etc/GMT-9")) &&
           !zone_is_name(SLICE("../../etc/passwd")) && !zone_is_name(SLICE("/etc/passwd")) &&
           !zone_is_name(SLICE("Asia/")) && !zone_is_name(SLICE("")) &&
           !zone_is_name(SLICE("Asia//x")),
       "names of files");
    arena_done(&arena);
}

/* A file as zic writes it, of two offsets: what it counts may be wrong. */
struct tz {
    char version;
    uint32_t isut, isstd, leap, times, types, chars;
    int64_t at[2];
    uint8_t index[2];
    int32_t offset[2];
    const char *end; /* the rule in its line */
};

static const struct tz whole = {'2',          2,        2, 1, 2, 2, 4, {100, 200000000}, {1, 0},
                                {3600, 7200}, "\nX-1\n"};

static void put_be(struct buf *out, uint64_t v, unsigned bytes)
{
    while (bytes-- > 0)
        buf_putc(out, (uint8_t)(v >> 8 * bytes));
}

static void put_zeros(struct buf *out, size_t n)
{
    while (n-- > 0)
        buf_putc(out, 0);
}

static void put_tz(struct buf *out, const struct tz *x, unsigned width)
{
    const uint32_t counts[] = {x->isut, x->isstd, x->leap, x->times, x->types, x->chars};

    buf_puts(out, "TZif");
    buf_putc(out, (uint8_t)x->version);
    put_zeros(out, 15);
    for (size_t i = 0; i < CANH_LEN(counts); i++)
        put_be(out, counts[i], 4);
    for (size_t i = 0; i < 2; i++)
        put_be(out, (uint64_t)x->at[i], width);
    buf_append(out, x->index, 2);
    for (size_t i = 0; i < 2; i++) {
        put_be(out, (uint32_t)x->offset[i], 4);
        put_zeros(out, 2);
    }
    put_zeros(out, 4 + width + 4 + 2 + 2);
}

/* Behind the first block as many bytes that are none, and a rule. */
static void test_one_block(void)
{
    struct buf out = BUF_INIT(2000);
    struct slice rule;

    put_tz(&out, &whole, 4);
    put_zeros(&out, out.len);
    buf_puts(&out, whole.end);
    is_int(zone_rule_of_file(buf_slice(&out), &rule), -CE_CORRUPT, "a rule behind no second block");
    buf_done(&out);
}

/* The zone of a file and the code, and the code of its rule. */
static int read_tz(const struct tz *x, struct arena *arena, struct zone *ret, int rule_code)
{
    struct buf out = BUF_INIT(2000);
    struct slice rule;
    int r;

    put_tz(&out, x, 4);
    put_tz(&out, x, 8);
    buf_puts(&out, x->end);
    is_int(zone_rule_of_file(buf_slice(&out), &rule), rule_code, "its rule");
    r = zone_of_file(arena, buf_slice(&out), ret);
    buf_done(&out);
    return r;
}

static void test_made_files(void)
{
    static const struct tz bad[] = {
        {'1', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 5001, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 5001, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 5001, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 5001, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 5001, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 0, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 5001, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\nX-1"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "-X-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 7200}, "\n\n"},
    };
    static const struct tz odd[] = {
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {2, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 100}, {1, 0}, {3600, 7200}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, 26 * 3600 + 1}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 0}, {3600, -26 * 3600 - 1}, "\nX-1\n"},
        {'2', 2, 2, 1, 2, 2, 4, {100, 200000000}, {1, 1}, {26 * 3600 + 1, 7200}, "\nX-1\n"},
    };
    struct arena arena = ARENA_INIT(1u << 20);
    struct tz x = whole;
    struct zone z;

    is_int(read_tz(&x, &arena, &z, 0), 0, "a whole file");
    ok(zone_at(&z, 99 * TIME_SECOND) == 3600 && zone_at(&z, 100 * TIME_SECOND) == 7200 &&
           zone_at(&z, INT64_C(200000000) * TIME_SECOND) == 3600,
       "its offsets");
    for (size_t i = 0; i < CANH_LEN(bad); i++)
        is_int(read_tz(&bad[i], &arena, &z, -CE_CORRUPT), -CE_CORRUPT, "none to read: %zu", i);
    for (size_t i = 0; i < CANH_LEN(odd); i++)
        is_int(read_tz(&odd[i], &arena, &z, 0), -CE_CORRUPT, "none to rely on: %zu", i);
    x.at[0] = -(INT64_C(1) << 59);
    is_int(read_tz(&x, &arena, &z, 0), 0, "from the beginning of time");
    is_int(zone_at(&z, 0), 7200, "the offset from then on");
    x = whole;
    x.at[0] = INT64_C(1620000000); /* 2021 */
    x.at[1] = INT64_C(1630000000);
    (void)read_tz(&x, &arena, &z, -CE_UNKNOWN); /* which the rule has not */
    x = whole;
    x.end = "\nX\n";
    (void)read_tz(&x, &arena, &z, -CE_UNKNOWN);
    x.end = "\nCET-1CEST,M3.5.0,M10.5.0/3\n";
    x.at[1] = 200;
    is_int(read_tz(&x, &arena, &z, 0), 0, "a rule that goes on");
    is_int(zone_at(&z, days_from_date(1970, 7, 1) * TIME_DAY), 7200, "the first summer behind");
    arena_done(&arena);
}

/* Days of a year counted from 1 without 29 February (J), or from 0 with it. */
static void test_days_of_year(void)
{
    static const struct {
        const char *zone;
        int year;
        unsigned month, day, end_month, end_day; /* summer begins and ends at 00:00 */
    } rows[] = {
        {"X0Y,J60/0,J300/1", 2023, 3, 1, 10, 27},
        {"X0Y,J60/0,J300/1", 2024, 3, 1, 10, 27},
        {"X0Y,J59/0,J365/1", 2024, 2, 28, 12, 31},
        {"X0Y,59/0,299/1", 2023, 3, 1, 10, 27},
        {"X0Y,J60/0,J300/1", 1970, 3, 1, 10, 27},
        {"X0Y,J60/0,J300/1", 2199, 3, 1, 10, 27},
        {"X0Y,M2.5.0/0,M10.1.0/1", 2026, 2, 22, 10, 4},
        {"X0Y,59/0,299/1", 2024, 2, 29, 10, 26},
        {"X0Y,0/0,31/1", 2024, 1, 1, 2, 1},
    };
    struct arena arena = ARENA_INIT(1u << 20);

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        int64_t on = days_from_date(rows[i].year, rows[i].month, rows[i].day) * TIME_DAY;
        int64_t off = days_from_date(rows[i].year, rows[i].end_month, rows[i].end_day) * TIME_DAY;
        struct zone z;

        if (!ok(zone_read(&arena, slice_str(rows[i].zone), &z) == 0, "%s", rows[i].zone))
            continue;
        ok(zone_to_wall(&z, on - 1) == on - 1 && zone_to_wall(&z, on) == on + TIME_HOUR,
           "%d: summer begins", rows[i].year);
        ok(zone_to_wall(&z, off - 1) == off - 1 + TIME_HOUR && zone_to_wall(&z, off) == off,
           "and ends");
    }
    arena_done(&arena);
}

/* Zones of fixed offset, one name a row, and offsets as text. */
static void test_offsets(void)
{
    static const struct {
        const char *text;
        int minutes; /* -1: not understood */
    } rows[] = {
        {"Asia/Ho_Chi_Minh", 420},
        {"Asia/Saigon", 420},
        {"Asia/Hanoi", 420},
        {"Asia/Bangkok", 420},
        {"Asia/Vientiane", 420},
        {"Asia/Phnom_Penh", 420},
        {"Asia/Singapore", 480},
        {"Asia/Tokyo", 540},
        {"UTC", 0},
        {"Etc/UTC", 0},
        {"+07:00", 420},
        {"+14:59", 899},
        {"-03:30", -210},
        {"+00:00", 0},
        {"+15:00", -1},
        {"+07:60", -1},
        {"07:00", -1},
        {"+7:00", -1},
        {"+07-00", -1},
        {"+07:000", -1},
        {"Asia/Nowhere", -1},
        {"", -1},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        int seconds = -60;

        is_int(zone_offset(slice_str(rows[i].text), &seconds), rows[i].minutes != -1, "%s",
               rows[i].text);
        is_int(seconds, rows[i].minutes * 60, "its offset");
    }
}

int main(void)
{
    test_offsets();
    test_libc();
    test_wall();
    test_text();
    test_days_of_year();
    test_made_files();
    test_one_block();
    return tap_done();
}
