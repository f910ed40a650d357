/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/period.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static void put_local(struct buf *out, int64_t t)
{
    struct civil c;

    if (t == TIME_NONE || t == INT64_MAX) {
        buf_puts(out, t == INT64_MAX ? "open" : "never");
        return;
    }
    time_to_civil(t, ZONE, &c);
    buf_printf(out, "%02u/%02u %02u:%02u", c.day, c.month, c.hour, c.minute);
}

/* Writes the first n periods as "from-until!due; …". */
static void periods(const struct window *w, const char *text, int n, const char *want)
{
    struct buf out = BUF_INIT(4000);
    struct err err = ERR_INIT;
    struct period p = {.until = INT64_MIN};
    struct frequency f;

    if (!ok(frequency_parse(slice_str(text), &f, &err) == 0, "%s", text))
        return;
    for (int i = 0; i < n && period_after(&f, w, p.until, &p); i++) {
        buf_puts(&out, i ? "; " : "");
        put_local(&out, p.from);
        buf_puts(&out, "-");
        put_local(&out, p.until);
        buf_puts(&out, "!");
        put_local(&out, p.due);
    }
    is_str(buf_cstr(&out), want, "its periods");
    buf_done(&out);
}

static void test_examples(struct window w)
{
    static const uint16_t shifts[] = {7 * 60 + 30, 15 * 60 + 30, 23 * 60 + 30};
    const struct window_part phases[] = {{SLICE("prepare"), w.start, at("2020-10-13")},
                                         {SLICE("peak"), at("2020-10-13"), w.end}};
    const struct window_part alert[] = {
        {SLICE(""), at("2020-10-08 12:00"), at("2020-10-09 12:00")}};

    w.phases = phases;
    w.phase_count = 2;
    w.shifts = shifts;
    w.shift_count = 3;
    periods(&w, "daily@07:30", 3,
            "05/10 15:12-06/10 00:00!06/10 00:00; 06/10 00:00-07/10 00:00!06/10 07:30; "
            "07/10 00:00-08/10 00:00!07/10 07:30");
    periods(&w, "each-shift", 3,
            "05/10 15:12-05/10 15:30!05/10 15:30; 05/10 15:30-05/10 23:30!05/10 23:30; "
            "05/10 23:30-06/10 07:30!06/10 07:30");
    periods(&w, "continuous(<=5m)", 2,
            "05/10 15:12-06/10 00:00!06/10 00:00; 06/10 00:00-07/10 00:00!07/10 00:00");
    periods(&w, "weekly(mon)@16:00", 9,
            "05/10 15:12-12/10 00:00!05/10 16:00; 12/10 00:00-19/10 00:00!12/10 16:00; "
            "19/10 00:00-23/10 00:00!19/10 16:00");
    periods(&w, "weekly(fri)@16:00", 9,
            "05/10 15:12-12/10 00:00!09/10 16:00; 12/10 00:00-19/10 00:00!16/10 16:00; "
            "19/10 00:00-23/10 00:00!23/10 00:00");
    periods(&w, "monthly(1)", 9, "05/10 15:12-23/10 00:00!23/10 00:00");
    periods(&w, "at-start(3d)", 9, "05/10 15:12-23/10 00:00!08/10 15:12");
    periods(&w, "at-end(2d)", 9, "21/10 00:00-23/10 00:00!23/10 00:00");
    periods(&w, "phase(peak, 24h)", 9, "13/10 00:00-23/10 00:00!14/10 00:00");
    periods(&w, "at-end", 9, "05/10 15:12-23/10 00:00!23/10 00:00");
    periods(&w, "phase(prepare)", 9, "05/10 15:12-13/10 00:00!13/10 00:00");
    periods(&w, "phase(close)", 9, "");
    periods(&w, "daily/3", 2,
            "05/10 15:12-08/10 00:00!08/10 00:00; 08/10 00:00-11/10 00:00!11/10 00:00");
    periods(&w, "monthly(10) before-holiday", 9, "05/10 15:12-23/10 00:00!10/10 00:00");
    periods(&w, "monthly(10) after-holiday", 9, "05/10 15:12-23/10 00:00!13/10 00:00");
    periods(&w, "by-level(1=week,2=year,3=year,4=year,5=year)", 2,
            "05/10 15:12-12/10 00:00!12/10 00:00; 12/10 00:00-19/10 00:00!19/10 00:00");
    periods(&w, "daily workdays", 5,
            "05/10 15:12-06/10 00:00!06/10 00:00; 06/10 00:00-07/10 00:00!07/10 00:00; "
            "07/10 00:00-08/10 00:00!08/10 00:00; 08/10 00:00-09/10 00:00!09/10 00:00; "
            "09/10 00:00-12/10 00:00!10/10 00:00");
    periods(&w, "weekly(fri)@16:00 | peak: daily@16:00", 3,
            "05/10 15:12-12/10 00:00!09/10 16:00; 12/10 00:00-13/10 00:00!never; "
            "13/10 00:00-14/10 00:00!13/10 16:00");
    w.shift_count = 0;
    periods(&w, "each-shift", 2,
            "05/10 15:12-06/10 00:00!06/10 00:00; 06/10 00:00-07/10 00:00!07/10 00:00");
    w.shift_count = 3;
    w.heightened = alert;
    w.heightened_count = 1;
    periods(&w, "daily@07:30 | heightened: each-shift", 9,
            "05/10 15:12-06/10 00:00!06/10 00:00; 06/10 00:00-07/10 00:00!06/10 07:30; "
            "07/10 00:00-08/10 00:00!07/10 07:30; 08/10 00:00-08/10 12:00!08/10 07:30; "
            "08/10 12:00-08/10 15:30!08/10 15:30; 08/10 15:30-08/10 23:30!08/10 23:30; "
            "08/10 23:30-09/10 07:30!09/10 07:30; 09/10 07:30-09/10 12:00!never; "
            "09/10 12:00-10/10 00:00!10/10 00:00");
    w.end = INT64_MAX;
    periods(&w, "at-end", 9, "");
    periods(&w, "at-start", 9, "05/10 15:12-open!06/10 15:12");
    w.level = 4;
    periods(&w, "by-level(1=none,2=year,3=6month,4=quarter,5=month)", 2,
            "05/10 15:12-01/01 00:00!01/01 00:00; 01/01 00:00-01/04 00:00!01/04 00:00");
    w.level = 1;
    periods(&w, "by-level(1=none,2=year,3=6month,4=quarter,5=month)", 2, "");
    w.level = 0;
    periods(&w, "by-level(1=none,2=year,3=6month,4=quarter,5=month)", 1,
            "05/10 15:12-01/11 00:00!01/11 00:00");
}

/* The period of an ordinary rule around a time; 2024 has a 29 February. */
static void test_calendar_periods(void)
{
    static const struct {
        const char *rule, *at, *from, *until, *due;
    } rows[] = {
        {"weekly(sun)@08:00", "2024-03-03 09:00", "2024-02-26", "2024-03-04", "2024-03-03 08:00"},
        {"weekly", "2024-03-04", "2024-03-04", "2024-03-11", "2024-03-11"},
        {"monthly(31)@08:00", "2024-02-01", "2024-02-01", "2024-03-01", "2024-02-29 08:00"},
        {"monthly(31)@08:00", "2023-02-28", "2023-02-01", "2023-03-01", "2023-02-28 08:00"},
        {"monthly(31)", "2023-04-30", "2023-04-01", "2023-05-01", "2023-05-01"},
        {"monthly(30)@23:59", "2023-04-30", "2023-04-01", "2023-05-01", "2023-04-30 23:59"},
        {"monthly(1)@00:01", "2023-12-31", "2023-12-01", "2024-01-01", "2023-12-01 00:01"},
        {"quarterly", "2023-03-31 23:59", "2023-01-01", "2023-04-01", "2023-04-01"},
        {"quarterly@09:00", "2023-11-05", "2023-10-01", "2024-01-01", "2023-12-31 09:00"},
        {"half-yearly", "2023-06-30", "2023-01-01", "2023-07-01", "2023-07-01"},
        {"half-yearly", "2023-07-01", "2023-07-01", "2024-01-01", "2024-01-01"},
        {"yearly(12-20)@17:00", "2023-12-25", "2023-01-01", "2024-01-01", "2023-12-20 17:00"},
        {"yearly", "2024-02-29", "2024-01-01", "2025-01-01", "2025-01-01"},
        /* counted from Saturday 1 January 2022, its week, its month */
        {"daily/15", "2022-01-16", "2022-01-16", "2022-01-31", "2022-01-31"},
        {"daily/15@10:00", "2022-01-16", "2022-01-16", "2022-01-31", "2022-01-30 10:00"},
        {"weekly/2(fri)@16:00", "2022-01-10", "2022-01-10", "2022-01-24", "2022-01-21 16:00"},
        {"weekly/2", "2022-01-09", "2022-01-01", "2022-01-10", "2022-01-10"},
        {"monthly/2(31)", "2024-01-05", "2024-01-01", "2024-03-01", "2024-03-01"},
        {"monthly/5(25)@08:00", "2022-06-01", "2022-06-01", "2022-11-01", "2022-10-25 08:00"},
        {"yearly/2(12-20)", "2023-02-02", "2022-01-01", "2024-01-01", "2023-12-21"},
        {"quarterly(20)@16:00", "2023-02-02", "2023-01-01", "2023-04-01", "2023-03-20 16:00"},
        {"half-yearly(15)", "2023-02-02", "2023-01-01", "2023-07-01", "2023-06-16"},
        {"daily@10:00,16:00", "2023-02-02 09:59", "2023-02-02", "2023-02-02 10:00",
         "2023-02-02 10:00"},
        {"daily@10:00,16:00", "2023-02-02 10:00", "2023-02-02 10:00", "2023-02-03",
         "2023-02-02 16:00"},
        {"daily@12:00,24:00", "2023-02-02 23:00", "2023-02-02 12:00", "2023-02-03", "2023-02-03"},
        {"weekly(tue,fri)@16:00", "2024-03-05", "2024-03-04", "2024-03-06", "2024-03-05 16:00"},
        {"weekly(tue,fri)@16:00", "2024-03-06", "2024-03-06", "2024-03-11", "2024-03-08 16:00"},
        {"monthly(10,last)", "2024-02-10", "2024-02-01", "2024-02-11", "2024-02-11"},
        {"monthly(10,last)", "2024-02-11", "2024-02-11", "2024-03-01", "2024-03-01"},
        {"monthly(29,30)", "2023-02-28", "2023-02-01", "2023-03-01", "2023-03-01"},
    };
    struct window w = {.offset_s = ZONE, .start = at("2022-01-01"), .end = at("2026-01-01")};

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct err err = ERR_INIT;
        struct frequency f;
        struct period p = {0};

        if (!ok(frequency_parse(slice_str(rows[i].rule), &f, &err) == 0 &&
                    period_at(&f, &w, at(rows[i].at), &p),
                "%s, %s", rows[i].rule, rows[i].at))
            continue;
        ok(p.from == at(rows[i].from) && p.until == at(rows[i].until), "from and until");
        ok(p.due == at(rows[i].due), "due %s", rows[i].due);
    }
}

/* A single period is found at each of its instants and at no other. */
static void test_single_at(struct window w)
{
    static const struct {
        const char *text, *at;
        bool in;
    } rows[] = {
        {"at-start(3d)", "2020-10-05 15:12", true},
        {"at-start(3d)", "2020-10-22 23:59", true},
        {"at-start(3d)", "2020-10-23 00:00", false},
        {"at-end(2d)", "2020-10-20 23:59", false},
        {"at-end(2d)", "2020-10-21 00:00", true},
        {"at-end(2d)", "2020-10-22 23:59", true},
        {"phase(peak, 24h)", "2020-10-12 23:59", false},
        {"phase(peak, 24h)", "2020-10-13 00:00", true},
        {"phase(close)", "2020-10-13 00:00", false},
    };
    const struct window_part phases[] = {{SLICE("prepare"), w.start, at("2020-10-13")},
                                         {SLICE("peak"), at("2020-10-13"), w.end}};
    struct period p;

    w.phases = phases;
    w.phase_count = 2;
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct frequency f;
        struct err err = ERR_INIT;

        is_int(frequency_parse(slice_str(rows[i].text), &f, &err), 0, "%s", rows[i].text);
        ok(period_at(&f, &w, at(rows[i].at), &p) == rows[i].in, "%s %s at %s", rows[i].text,
           rows[i].in ? "is" : "is not", rows[i].at);
    }
}

static void test_holidays(const struct calendar *vn)
{
    struct window w = {.offset_s = ZONE,
                       .start = at("2020-01-01"),
                       .end = at("2020-12-31"),
                       .calendar = vn};
    struct frequency f;
    struct period p;

    ok(frequency_parse(SLICE("weekly(thu)@16:00 before-holiday"), &f, NULL) == 0, "before");
    ok(period_at(&f, &w, at("2020-01-21"), &p) && p.due == at("2020-01-22 16:00"),
       "Thursday 23/1/2020 is Tết's eve: due on Wednesday");
    ok(frequency_parse(SLICE("weekly(thu)@16:00 after-holiday"), &f, NULL) == 0, "after");
    ok(period_at(&f, &w, at("2020-01-21"), &p) && p.due == at("2020-01-22 16:00"),
       "no working day after it that week: the one before");
    ok(frequency_parse(SLICE("within(1wd, request)"), &f, NULL) == 0, "within a working day");
    ok(period_of_event(&f, &w, at("2020-01-22 15:00"), &p) && p.due == at("2020-01-30 15:00"),
       "asked on the eve of Tết, answered on the first working day");
    ok(!period_of_event(&f, &w, at("2021-01-22"), &p), "an event outside the window has none");
    ok(!period_at(&f, &w, at("2020-01-22"), &p), "an event rule has no calendar periods");
}

/* Properties, on random rules and windows. */

static uint64_t rng = 88172645463325252u;

static unsigned random_below(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 33) % n;
}

static const char *const rules[] = {
    "continuous(<=5m)",
    "each-shift",
    "daily",
    "daily@07:30",
    "daily@07:30 workdays",
    "weekly(wed)@16:00 after-holiday",
    "weekly",
    "monthly(31)@08:00",
    "monthly before-holiday",
    "quarterly",
    "half-yearly",
    "yearly(12-20)@17:00",
    "weekly/2(fri)@16:00 before-holiday",
    "daily/15@08:00",
    "monthly/2(31)",
    "yearly/2",
    "daily@10:00,16:00 workdays",
    "daily@12:00,24:00",
    "weekly(tue,fri)@16:00 after-holiday",
    "monthly(10,30,last)",
    "quarterly(20)@16:00",
    "by-level(1=none,2=year,3=week,4=day,5=month)",
};

struct world {
    struct window w;
    struct window_part phases[3], heightened[2];
    uint16_t shifts[3];
    struct buf text;
};

static void random_world(struct world *x, const struct calendar *vn)
{
    static const char *const names[] = {"prepare", "peak", "close"};
    int64_t t = at("2019-06-01") + random_below(500) * TIME_DAY + random_below(86400) * TIME_SECOND;

    x->w = (struct window){.offset_s = (int)random_below(27) * 3600 - 12 * 3600,
                           .start = t,
                           .calendar = random_below(3) ? vn : NULL,
                           .level = random_below(6)};
    for (int i = 0; i < 3; i++) {
        x->phases[i] = (struct window_part){slice_str(names[i]), t, 0};
        t += (int64_t)(1 + random_below(40 * 24)) * TIME_HOUR;
        x->phases[i].until = t;
        x->shifts[i] = (uint16_t)(i * 480 + random_below(480));
    }
    x->w.end = t;
    t = x->w.start;
    for (int i = 0; i < 2; i++) {
        t += random_below(20 * 24) * TIME_HOUR;
        x->heightened[i].from = t;
        t += (1 + random_below(100)) * TIME_HOUR;
        x->heightened[i].until = t;
    }
    x->w.phases = x->phases;
    x->w.phase_count = random_below(4);
    x->w.heightened = x->heightened;
    x->w.heightened_count = random_below(3);
    x->w.shifts = x->shifts;
    x->w.shift_count = random_below(4);
    buf_clear(&x->text);
    buf_puts(&x->text, rules[random_below(CANH_LEN(rules))]);
    if (random_below(2))
        buf_printf(&x->text, " | peak: %s", rules[random_below(CANH_LEN(rules))]);
    if (random_below(2))
        buf_printf(&x->text, " | heightened: %s", rules[random_below(CANH_LEN(rules))]);
}

static bool may_pause(const struct frequency *f)
{
    bool pause = f->base.kind == FREQ_BY_LEVEL;

    for (unsigned i = 0; i < f->override_count; i++)
        pause = pause || f->overrides[i].rule.kind == FREQ_BY_LEVEL;
    return pause;
}

/* Every period of one world: 0 when all holds, else which property fails. */
static int check_world(const struct world *x, const struct frequency *f)
{
    struct period p = {.until = INT64_MIN}, q;
    int64_t last = x->w.start;
    bool pause = may_pause(f);

    for (int n = 0; n < 5000; n++) {
        int64_t inside;

        if (!period_after(f, &x->w, p.until, &p))
            return last == x->w.end || pause ? 0 : 1;
        if (p.from < last || (p.from > last && !pause))
            return 2; /* overlaps, or leaves a hole */
        if (p.from >= p.until || p.until > x->w.end)
            return 3;
        if (p.due != TIME_NONE && (p.due <= p.from || p.due > p.until))
            return 4;
        inside = p.from + (int64_t)(rng >> 1) % (p.until - p.from);
        if (!period_at(f, &x->w, inside, &q) || q.from != p.from || q.until != p.until ||
            q.due != p.due)
            return 5; /* another period for an instant inside */
        last = p.until;
    }
    return 6;
}

static void test_properties(const struct calendar *vn)
{
    struct world x = {.text = BUF_INIT(1000)};
    int failures = 0;

    for (int i = 0; i < 3000; i++) {
        struct frequency f;
        int r;

        random_world(&x, vn);
        r = frequency_parse(buf_slice(&x.text), &f, NULL) < 0 ? 7 : check_world(&x, &f);
        if (r != 0 && failures++ < 5)
            tap_note("world %d: property %d fails for %s", i, r, buf_cstr(&x.text));
    }
    is_int(failures, 0, "periods of 3000 random worlds lie end to end and hold each instant once");
    buf_done(&x.text);
}

int main(void)
{
    struct window w = {.offset_s = ZONE, .start = at("2020-10-05 15:12"), .end = at("2020-10-23")};
    struct arena a = ARENA_INIT(1 << 24);
    struct buf text = BUF_INIT(1 << 20);
    const struct calendar *vn = NULL;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/plans/holidays-vn.yaml", tap_source_dir());
    if (!ok(file_read(path, &text, NULL) == 0 &&
                calendar_parse(&a, buf_slice(&text), &vn, NULL) == 0,
            "holidays load"))
        return tap_done();
    test_examples(w);
    test_single_at(w);
    test_calendar_periods();
    test_holidays(vn);
    test_properties(vn);
    arena_done(&a);
    buf_done(&text);
    return tap_done();
}
