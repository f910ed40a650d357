/* SPDX-License-Identifier: Apache-2.0 */
#include "roster/stand.h"

#include "base/file.h"
#include "err_words.h"
#include "tap.h"

enum { ZONE = 7 * 3600 };

static struct duty_terms terms;
static const int64_t every = 60 * TIME_MINUTE;

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), ZONE, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static struct duty_shift shift(const char *from, const char *until)
{
    return (struct duty_shift){.from = at(from), .until = at(until), .who = {.person = 1}};
}

/* Every value is the one that was written; a first step may come at once. */
static void test_term_values(void)
{
    static const char yaml[] =
        "duty: terms\nladder:\n- {after: 0, tell: person}\n- {after: 0, tell: deputy}\n"
        "- {after: 10080, tell: head}\nnight: {from: 21:30-05:00}\n";
    static const char whole[] = "duty: terms\nladder:\n- {after: 0, tell: person}\n"
                                "- {after: 0, tell: deputy}\n- {after: 10080, tell: head}\n"
                                "night: 21:30-05:00\nmark-grace: 11\nearly: 12\n"
                                "typed-later: 13\nnight-turn: 14\n";
    static const char *const need[] = {"mark-grace", "early", "typed-later", "night-turn"};
    struct duty_terms t;
    struct err err = ERR_INIT;

    is_int(duty_terms_parse(slice_str(yaml), &t, NULL) < 0, 1, "hours are no map");
    is_int(duty_terms_parse(slice_str(whole), &t, &err), 0, "read: %s", err_words(&err));
    is_int(t.step_count, 3, "three steps");
    ok(t.ladder[0].minutes == 0 && t.ladder[0].tell == DUTY_TELL_PERSON, "the first at once");
    ok(t.ladder[1].minutes == 0 && t.ladder[1].tell == DUTY_TELL_DEPUTY, "two in one minute");
    ok(t.ladder[2].minutes == 10080 && t.ladder[2].tell == DUTY_TELL_HEAD, "after a week");
    is_int(t.mark_grace, 11 * TIME_MINUTE, "mark-grace");
    is_int(t.early, 12 * TIME_MINUTE, "early");
    is_int(t.typed_later, 13 * TIME_MINUTE, "typed-later");
    is_int(t.night_turn, 14 * TIME_MINUTE, "night-turn");
    is_int(duty_terms_parse(SLICE(
                                "duty: terms\nladder: [{after: 0, tell: hub}]\nnight: 21:30-05:00\n"
                                "mark-grace: 0\nearly: 0\ntyped-later: 0\nnight-turn: 0\n"),
                            &t, &err),
           0, "none of these: %s", err_words(&err));
    ok(t.mark_grace == 0 && t.early == 0, "is said by 0");
    for (size_t i = 0; i < CANH_LEN(need); i++) {
        struct buf less = BUF_INIT(1000);
        size_t at_key = slice_find(slice_str(whole), slice_str(need[i]));

        buf_append(&less, whole, at_key);
        buf_puts(&less, strchr(whole + at_key, '\n') + 1);
        is_int(duty_terms_parse(buf_slice(&less), &t, NULL), -CE_MISSING, "without %s", need[i]);
        buf_done(&less);
    }
}

static void test_terms(void)
{
    static const struct {
        const char *yaml;
        unsigned line;
        const char *part;
    } bad[] = {
        {"[]", 1, "map"},
        {"duty: other\n", 1, "duty: terms"},
        {"duty: terms\nladder: []\n", 1, "ladder"},
        {"duty: terms\nladder:\n- {after: 5, tell: mayor}\n", 3, "person, deputy"},
        {"duty: terms\nladder:\n- {after: 5, tell: hub}\n- {after: 4, tell: hub}\n", 4, "minutes"},
        {"duty: terms\nladder:\n- {tell: hub}\n", 3, "after"},
        {"duty: terms\nladder:\n- {after: 5, tell: hub}\nnight: 25:00-26:00\n", 4, "hour"},
        {"duty: terms\nladers: 1\n", 2, "ladder"},
        {"duty: terms\n---\nduty: terms\n", 1, "one document"},
    };
    struct buf text = BUF_INIT(1u << 16), path = BUF_INIT(4096);
    struct err err = ERR_INIT;

    buf_printf(&path, "%s/plans/duty.yaml", tap_source_dir());
    ok(file_read(buf_cstr(&path), &text, &err) == 0 &&
           duty_terms_parse(buf_slice(&text), &terms, &err) == 0,
       "the shipped terms: %u:%u %s", err.line, err.col, err_words(&err));
    is_int(terms.step_count, 4, "four steps");
    ok(terms.ladder[3].minutes == 45 && terms.ladder[3].tell == DUTY_TELL_HUB, "the last one");
    for (size_t i = 0; i < CANH_LEN(bad); i++) {
        struct duty_terms t;

        err = ERR_INIT;
        is_int(duty_terms_parse(slice_str(bad[i].yaml), &t, &err) < 0, 1, "refused");
        ok(err.line == bad[i].line &&
               slice_find(slice_str(err_words(&err)), slice_str(bad[i].part)) != SIZE_MAX,
           "%u:%u %s", err.line, err.col, err_words(&err));
    }
    test_term_values();
    buf_done(&text);
    buf_done(&path);
}

static void stands_at(const struct duty_shift *s, const struct duty_deed *d, int64_t now,
                      enum duty_standing want, const char *what)
{
    struct duty_stand got = duty_stand_of(s, d, &terms, every, ZONE, now);

    is_str(duty_standing_to_str(got.standing), duty_standing_to_str(want), "%s", what);
}

static void stands(const struct duty_shift *s, const struct duty_deed *d, const char *now,
                   enum duty_standing want, const char *what)
{
    stands_at(s, d, at(now), want, what);
}

static void test_standing(void)
{
    struct duty_shift s = shift("2026-11-23 07:00", "2026-11-23 19:00");
    struct duty_deed none = {.in_at = 0}, in = {.in_at = at("2026-11-23 07:12")},
                     out = {.in_at = at("2026-11-23 07:12"), .out_at = at("2026-11-23 19:01")},
                     handed = out;
    static const char *const words[DUTY_STANDING_MAX] = {
        [DUTY_EXPECTED] = "expected", [DUTY_LATE] = "late",       [DUTY_ON] = "on",
        [DUTY_SILENT] = "silent",     [DUTY_OVERDUE] = "overdue", [DUTY_LEFT] = "left",
        [DUTY_HANDED] = "handed",     [DUTY_MISSED] = "missed",
    };
    struct duty_stand got;

    handed.handed = true;
    stands(&s, &none, "2026-11-23 06:00", DUTY_EXPECTED, "before it");
    stands(&s, &none, "2026-11-23 07:04", DUTY_EXPECTED, "not late yet");
    stands(&s, &none, "2026-11-23 07:05", DUTY_LATE, "late");
    stands(&s, &none, "2026-11-23 19:00", DUTY_MISSED, "missed");
    stands_at(&s, &none, at("2026-11-23 07:05") - 1, DUTY_EXPECTED, "an instant before it is late");
    stands_at(&s, &none, s.until - 1, DUTY_LATE, "an instant before it is missed");
    stands(&s, &in, "2026-11-23 07:10", DUTY_LATE, "as of before it was taken");
    stands(&s, &in, "2026-11-23 18:00", DUTY_ON, "taken; no signs are due by day");
    stands(&s, &in, "2026-11-23 19:05", DUTY_OVERDUE, "past its end");
    stands(&s, &out, "2026-11-23 19:05", DUTY_LEFT, "left");
    stands(&s, &handed, "2026-11-23 19:05", DUTY_HANDED, "handed over");
    is_int(duty_stand_of(&s, &in, &terms, every, ZONE, at("2026-11-23 08:00")).late_by,
           12 * TIME_MINUTE, "taken 12 minutes late");
    got = duty_stand_of(&s, &none, &terms, every, ZONE, at("2026-11-23 08:00"));
    ok(got.late_by == TIME_HOUR && got.last_sign == 0, "an hour late, and without a sign");
    got = duty_stand_of(&s, &none, &terms, every, ZONE, at("2026-11-24 08:00"));
    is_int(got.late_by, 12 * TIME_HOUR, "no later than its end");
    for (int i = 0; i < DUTY_STANDING_MAX; i++)
        is_str(duty_standing_to_str((enum duty_standing)i), words[i], "a word");
    is_str(duty_standing_to_str(DUTY_STANDING_MAX), "", "no word");
}

static void test_signs(void)
{
    struct duty_shift s = shift("2026-11-23 19:00", "2026-11-24 07:00");
    const int64_t marks[] = {at("2026-11-23 22:30"), at("2026-11-23 23:50"),
                             at("2026-11-24 01:10")};
    struct duty_deed d = {.in_at = at("2026-11-23 19:00"), .marks = marks, .mark_count = 3};
    struct duty_stand got;

    stands(&s, &d, "2026-11-24 00:10", DUTY_ON, "two signs in two hours");
    /* 00:00–01:00 has none but the one within the grace: 01:10 */
    stands(&s, &d, "2026-11-24 01:20", DUTY_ON, "a sign within the grace");
    stands(&s, &d, "2026-11-24 02:16", DUTY_ON, "which counts for its own hour, too");
    stands(&s, &d, "2026-11-24 03:16", DUTY_SILENT, "then nothing");
    got = duty_stand_of(&s, &d, &terms, every, ZONE, at("2026-11-24 06:59"));
    ok(got.signs_due == 8 && got.signs == 4, "%u of %u intervals of the night had a sign",
       got.signs, got.signs_due);
    is_int(got.last_sign, marks[2], "the last one");
    got = duty_stand_of(&s, &d, &terms, 0, ZONE, at("2026-11-24 06:59"));
    ok(got.signs_due == 0 && got.standing == DUTY_ON, "a post that asks for none");
    is_int(duty_time_in(&terms.night, ZONE, s.from, s.until), 8 * TIME_HOUR, "the night in it");
}

/* Who takes the shift at night gives the first sign by that. */
static void test_first_sign(void)
{
    struct duty_shift s = shift("2026-11-23 22:00", "2026-11-24 06:00");
    struct duty_deed d = {.in_at = at("2026-11-23 22:00")};
    struct duty_stand got = duty_stand_of(&s, &d, &terms, every, ZONE, at("2026-11-23 23:30"));

    ok(got.signs_due == 1 && got.signs == 1 && got.standing == DUTY_ON, "taking it is a sign");
    got = duty_stand_of(&s, &d, &terms, every, ZONE, at("2026-11-24 00:30"));
    ok(got.signs_due == 2 && got.signs == 1 && got.standing == DUTY_SILENT, "once");
}

static void test_night(void)
{
    struct arena arena = ARENA_INIT(4u << 20);

    is_slice(duty_terms_night(SLICE("duty: terms\nnight: 21:30-05:00\n"), &arena),
             SLICE("21:30-05:00"), "the night as it is written");
    is_slice(duty_terms_night(SLICE("{"), &arena), SLICE(""), "of what cannot be read");
    is_slice(duty_terms_night(SLICE(""), &arena), SLICE(""), "of nothing");
    arena_done(&arena);
}

static void test_calls(void)
{
    struct duty_shift s = shift("2026-11-23 07:00", "2026-11-23 19:00");
    const struct duty_deed none = {.in_at = 0}, in = {.in_at = at("2026-11-23 07:12")};
    const bool all[DUTY_TELL_MAX] = {true, true, true, true},
               few[DUTY_TELL_MAX] = {true, false, false, true};
    struct duty_call c[DUTY_STEPS_MAX];

    is_int(duty_calls(&s, &none, &terms, all, at("2026-11-23 06:59"), c), 0, "not begun");
    is_int(duty_calls(&s, &none, &terms, all, at("2026-11-23 07:16"), c), 4, "the whole ladder");
    ok(c[0].due && c[1].due && !c[2].due && c[1].at == at("2026-11-23 07:15"),
       "two steps are due at +16");
    (void)duty_calls(&s, &none, &terms, all, at("2026-11-23 07:15") - 1, c);
    ok(c[0].due && !c[1].due, "an instant before +15 only one is");
    (void)duty_calls(&s, &none, &terms, all, at("2026-11-23 07:15"), c);
    ok(c[1].due, "at +15 two are");
    (void)duty_calls(&s, &none, &terms, few, at("2026-11-23 07:16"), c);
    ok(!c[1].reaches && !c[2].reaches && c[3].due && c[3].at == at("2026-11-23 07:15"),
       "steps that reach nobody give their time to the next");
    is_int(duty_calls(&s, &in, &terms, all, at("2026-11-23 07:16"), c), 0, "taking it ends it");
    is_int(duty_calls(&s, &none, &terms, all, at("2026-11-23 19:00"), c), 0, "so does its end");
}

int main(void)
{
    test_terms();
    test_standing();
    test_signs();
    test_first_sign();
    test_night();
    test_calls();
    return tap_done();
}
