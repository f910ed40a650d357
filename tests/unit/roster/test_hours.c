/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/hours.h"

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

/* The text, an instant, and the span [lo, hi) in which the answer stays. */
static const struct {
    const char *text, *t;
    bool in;
    const char *lo, *hi;
} cases[] = {
    /* 2026-11-23 is a Monday */
    {"mon-fri 07:30-17:00", "2026-11-23 07:30", true, "2026-11-23 07:30", "2026-11-23 17:00"},
    {"mon-fri 07:30-17:00", "2026-11-23 07:29", false, "2026-11-20 17:00", "2026-11-23 07:30"},
    {"mon-fri 07:30-17:00", "2026-11-27 17:00", false, "2026-11-27 17:00", "2026-11-30 07:30"},
    {"MON-FRI 07:30-11:30,13:30-17:00; sat 07:30-11:30", "2026-11-28 08:00", true,
     "2026-11-28 07:30", "2026-11-28 11:30"},
    {"mon-fri 07:30-11:30,13:30-17:00;sat 07:30-11:30", "2026-11-24 12:00", false,
     "2026-11-24 11:30", "2026-11-24 13:30"},
    {"22:00-06:00", "2026-11-23 01:00", true, "2026-11-22 22:00", "2026-11-23 06:00"},
    {"sun 22:00-06:00", "2026-11-23 01:00", true, "2026-11-22 22:00", "2026-11-23 06:00"},
    {"fri-mon 00:00-24:00", "2026-11-22 12:00", true, "2026-11-20 00:00", "2026-11-24 00:00"},
    {"tue 08:00-09:00", "2026-11-23 08:30", false, "2026-11-17 09:00", "2026-11-24 08:00"},
    {"mon 00:00-01:00", "2026-11-23 00:00", true, "2026-11-23 00:00", "2026-11-23 01:00"},
    {"sun 23:00-24:00", "2026-11-23 00:00", false, "2026-11-23 00:00", "2026-11-29 23:00"},
    {"mon,wed 08:00-09:00", "2026-11-24 08:30", false, "2026-11-23 09:00", "2026-11-25 08:00"},
};

static const char *const bad[] = {
    "",
    "24/8",
    "mon",
    "mon-fri 07:30",
    "mon-fri 7:30-17:00",
    "xyz 07:30-17:00",
    "25:00-26:00",
    "07:30-17:00;",
    "24:00-06:00",
    "07:30-17:00 x",
    "mon-",
    "mon-fri 07:30-24:01",
};

static void test_cases(void)
{
    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        int64_t lo = at("2026-11-01"), hi = at("2026-12-31");
        struct err err = ERR_INIT;
        struct hours h;

        if (!ok(hours_parse(slice_str(cases[i].text), &h, &err) == 0, "%s: %s", cases[i].text,
                err_words(&err)))
            continue;
        is_int(hours_at(&h, ZONE, at(cases[i].t), &lo, &hi), cases[i].in, "%s at %s", cases[i].text,
               cases[i].t);
        is_int(lo, at(cases[i].lo), "since when");
        is_int(hi, at(cases[i].hi), "until when");
    }
}

/* Weeks are counted from 1970; those before it are as long. */
static void test_long_ago(void)
{
    int64_t lo = at("1900-01-01"), hi = at("1960-01-01");
    struct hours h;

    is_int(hours_parse(SLICE("mon 07:30-17:00"), &h, NULL), 0, "hours");
    ok(hours_at(&h, ZONE, at("1930-05-05 08:00"), &lo, &hi), "a Monday of 1930");
    ok(lo == at("1930-05-05 07:30") && hi == at("1930-05-05 17:00"), "its hours");
    lo = at("1900-01-01");
    hi = at("1960-01-01");
    ok(!hours_at(&h, ZONE, at("1930-05-06 08:00"), &lo, &hi), "a Tuesday of 1930");
    ok(lo == at("1930-05-05 17:00") && hi == at("1930-05-12 07:30"), "until next Monday");
    lo = at("1900-01-01");
    hi = at("1960-01-01");
    is_int(hours_parse(SLICE("fri 07:30-17:00"), &h, NULL), 0, "hours");
    ok(hours_at(&h, ZONE, at("1930-05-09 08:00"), &lo, &hi), "a Friday of 1930");
    ok(lo == at("1930-05-09 07:30") && hi == at("1930-05-09 17:00"), "its hours");
}

/* A text may be as long as HOURS_TEXT_MAX. */
static void test_long_text(void)
{
    char text[HOURS_TEXT_MAX + 2];
    struct hours h;

    memset(text, ' ', sizeof(text));
    memcpy(text, "mon 07:30-17:00", 15);
    is_int(hours_parse(slice_of(text, HOURS_TEXT_MAX), &h, NULL), 0, "as long as may be");
    is_int(hours_parse(slice_of(text, HOURS_TEXT_MAX + 1), &h, NULL), -CE_TOO_BIG, "longer");
}

static void test_always(void)
{
    int64_t lo = at("1900-01-01"), hi = at("2199-01-01");
    struct hours h;

    is_int(hours_parse(SLICE("24/7"), &h, NULL), 0, "24/7");
    ok(hours_at(&h, ZONE, at("1930-05-05 05:05"), &lo, &hi), "always");
    ok(lo == at("1900-01-01") && hi == at("2199-01-01"), "without a bound");
}

static void test_bad(void)
{
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        struct slice text = slice_str(bad[i]);
        struct err err = ERR_INIT;
        struct hours h;

        is_int(hours_parse(text, &h, &err), -CE_SYNTAX, "'%.*s' is refused", SLICE_ARG(text));
        ok(err.col > 0, "at column %u: %s", err.col, err_words(&err));
    }
}

int main(void)
{
    test_cases();
    test_always();
    test_long_ago();
    test_long_text();
    test_bad();
    return tap_done();
}
