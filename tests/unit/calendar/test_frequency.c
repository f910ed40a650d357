/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/frequency.h"

#include <string.h>

#include "base/time.h"
#include "err_words.h"
#include "tap.h"

/* Parses and writes back the canonical form, or the error as col:message. */
static void reads(const char *text, const char *want)
{
    struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;
    struct frequency f, again;

    if (frequency_parse(slice_str(text), &f, &err) == 0) {
        frequency_write(&out, &f);
        ok(frequency_parse(buf_slice(&out), &again, &err) == 0, "%s reads back", buf_cstr(&out));
    } else {
        buf_printf(&out, "%u: %s", err.col, err_words(&err));
    }
    is_str(buf_cstr(&out), want, "%s", text);
    buf_done(&out);
}

static void test_grammar(void)
{
    reads("continuous(<=5m)", "continuous(<=5m)");
    reads("each-shift", "each-shift");
    reads(" daily @ 7:30 ", "daily@07:30");
    reads("daily@07:30 workdays", "daily@07:30 workdays");
    reads("weekly(mon)@16:00", "weekly(mon)@16:00");
    reads("weekly(fri)@16:00 before-holiday", "weekly(fri)@16:00 before-holiday");
    reads("monthly", "monthly");
    reads("monthly(1)", "monthly(1)");
    reads("monthly(last) after-holiday", "monthly after-holiday");
    reads("quarterly", "quarterly");
    reads("half-yearly", "half-yearly");
    reads("yearly(12-20)@17:00", "yearly(12-20)@17:00");
    reads("at-start", "at-start");
    reads("at-start(72h)", "at-start(3d)");
    reads("at-start(3wd)", "at-start(3wd)");
    reads("at-start(30s)", "at-start(30s)");
    reads("at-start(260wd)", "at-start(260wd)");
    reads("at-end(7d)", "at-end(1w)");
    reads("phase(peak)", "phase(peak)");
    reads("phase(peak, 24h)", "phase(peak, 1d)");
    reads("within(1h,event)", "within(1h, event)");
    reads("by-level(1=year,2=year,3=6month,4=quarter,5=month)",
          "by-level(1=year,2=year,3=6month,4=quarter,5=month)");
    reads("by-level(5=day,1=none,2=none,3=week,4=week)",
          "by-level(1=none,2=none,3=week,4=week,5=day)");
    reads("weekly/2(fri)@16:00", "weekly/2(fri)@16:00");
    reads("daily / 15", "daily/15");
    reads("monthly/1(25)", "monthly(25)");
    reads("yearly/2(12-20)", "yearly/2(12-20)");
    reads("daily@24:00", "daily");
    reads("daily@10:00, 16:00", "daily@10:00,16:00");
    reads("daily@12:00,24:00 workdays", "daily@12:00,24:00 workdays");
    reads("weekly(tue,fri)@16:00", "weekly(tue,fri)@16:00");
    reads("monthly(10,last)", "monthly(10,last)");
    reads("quarterly(20)", "quarterly(20)");
    reads("quarterly(1)", "quarterly(1)");
    reads("half-yearly(31)", "half-yearly(31)");
    reads("weekly(fri)@16:00|peak:daily@16:00 | heightened: each-shift",
          "weekly(fri)@16:00 | peak:daily@16:00 | heightened:each-shift");
}

static void test_errors(void)
{
    reads("dayly@07:30", "1: continuous, each-shift, daily, weekly, monthly, quarterly, "
                         "half-yearly, yearly, at-start, at-end, phase, within or by-level is "
                         "wanted at \"dayly@07:30\"");
    reads("at-start(261wd)", "10: at most 260 working days at \"261wd)\"");
    reads("quarterly(0)", "11: a day of the month is wanted at \"0)\"");
    reads("quarterly(32)", "11: a day of the month is wanted at \"32)\"");
    reads("by-level(2=year,3=year,4=year,5=year)",
          "37: all five levels are wanted (none where it does not apply) at \")\"");
    reads("daily zweiundzwanzigsterx", "7: workdays, before-holiday, after-holiday or nothing is "
                                       "wanted at \"zweiundzwanzigsterx\"");
    reads("daily zweiundzwanzigsterxyz", "7: workdays, before-holiday, after-holiday or nothing is "
                                         "wanted at \"zweiundzwanzigsterxy\"");
    reads("daily@24:01", "7: a time hh:mm is wanted at \"24:01\"");
    reads("quarterly/2", "10: only daily, weekly, monthly and yearly take an interval such as "
                         "weekly/2 at \"/2\"");
    reads("weekly/0", "8: an interval 1..104 is wanted at \"0\"");
    reads("weekly/2(tue,fri)",
          "1: an interval goes with one time in a period, and not with workdays at "
          "\"weekly/2(tue,fri)\"");
    reads("daily/2 workdays", "1: an interval goes with one time in a period, and not with "
                              "workdays at \"daily/2 workdays\"");
    reads("weekly(fri,tue)", "12: a day or time later than the one before is wanted at \"tue)\"");
    reads("daily@00:00,07:00", "12: 00:00 begins the day and has nothing behind it: midnight is "
                               "24:00, behind the others at \",07:00\"");
    reads("daily@07:00,07:00", "12: a day or time later than the one before is wanted at "
                               "\",07:00\"");
    reads("monthly(1,2,3,4,5)", "17: at most four days or times at \"5)\"");
    reads("daily@07:60", "10: a time hh:mm is wanted at \"60\"");
    reads("daily(1)", "6: this word takes no arguments at \"(1)\"");
    reads("daily@07:30 x", "13: workdays, before-holiday, after-holiday or nothing is wanted at "
                           "\"x\"");
    reads("each-shift@07:00", "11: this word takes no time of day at \"@07:00\"");
    reads("weekly(monday)", "8: a day mon, tue, wed, thu, fri, sat or sun is wanted at "
                            "\"monday)\"");
    reads("weekly(mon", "11: ')' is wanted, but the text ends");
    reads("monthly(32)", "9: a day of the month (1..31 or last) is wanted at \"32)\"");
    reads("yearly(02-30)", "8: there is no such date in every year at \"02-30)\"");
    reads("continuous", "11: '(' is wanted, but the text ends");
    reads("continuous(5m)", "12: <= and a length of time is wanted at \"5m)\"");
    reads("continuous(<=2wd)", "17: working days make no sense here at \")\"");
    reads("within(1h)", "10: ',' is wanted at \")\"");
    reads("within(0h, x)", "8: a length of time like 5m, 24h or 3wd is wanted at \"0h, x)\"");
    reads("within(1y, x)", "9: a unit s, m, h, d, w or wd is wanted at \"y, x)\"");
    reads("by-level(1=year)", "16: all five levels are wanted (none where it does not apply) at "
                              "\")\"");
    reads("by-level(1=year,1=year)", "19: this level stands here twice at \"year)\"");
    reads("daily workdays workdays", "16: the frequency should end here at \"workdays\"");
    reads("at-start | peak: daily", "18: only a recurring rule can replace a recurring rule at "
                                    "\"daily\"");
    reads("daily | a: daily | a: daily", "20: this phase stands here twice at \"a: daily\"");
    reads("", "1: continuous, each-shift, daily, weekly, monthly, quarterly, half-yearly, yearly, "
              "at-start, at-end, phase, within or by-level is wanted, but the text ends");
}

/* What each word may have behind it: brackets, a time, a rule for days off; and whether it may have
 * a rule for a phase, or be one. */
static void test_parts(void)
{
    static const struct {
        const char *bare, *brackets; /* brackets: NULL: none */
        bool may, time, workday, phase;
    } rows[] = {
        {"continuous", "(<=5m)", false, false, false, true},
        {"each-shift", NULL, true, false, false, true},
        {"daily", NULL, true, true, true, true},
        {"weekly", "(mon)", true, true, true, true},
        {"monthly", "(3)", true, true, true, true},
        {"quarterly", "(20)", true, true, true, true},
        {"half-yearly", "(20)", true, true, true, true},
        {"yearly", "(02-03)", true, true, true, true},
        {"at-start", "(2h)", true, false, false, false},
        {"at-end", "(2h)", true, false, false, false},
        {"phase", "(peak)", false, false, false, false},
        {"within", "(1h, event)", false, false, false, false},
        {"by-level", "(1=none,2=none,3=none,4=none,5=day)", false, true, true, true},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        bool daily = slice_is(slice_str(rows[i].bare), "daily");
        const char *day = daily ? " workdays" : " before-holiday";
        const char *ends[][2] = {
            {"", ""}, {"@07:30", ""}, {"", day}, {"", "|peak:daily"}, {"daily|peak:", ""}};
        const bool may[] = {true, rows[i].time, rows[i].workday, rows[i].phase, rows[i].phase};
        struct frequency f;
        char text[200];

        (void)snprintf(text, sizeof(text), "%s", rows[i].bare);
        is_int(frequency_parse(slice_str(text), &f, NULL) == 0, rows[i].may, "%s", text);
        (void)snprintf(text, sizeof(text), "%s%s", rows[i].bare,
                       rows[i].brackets ? rows[i].brackets : "(1)");
        is_int(frequency_parse(slice_str(text), &f, NULL) == 0, rows[i].brackets != NULL, "%s",
               text);
        for (size_t k = 0; k < CANH_LEN(may); k++) {
            bool before = ends[k][0][0] == 'd';

            (void)snprintf(text, sizeof(text), "%s%s%s%s%s", before ? ends[k][0] : "", rows[i].bare,
                           rows[i].brackets ? rows[i].brackets : "", before ? "" : ends[k][0],
                           ends[k][1]);
            is_int(frequency_parse(slice_str(text), &f, NULL) == 0, may[k], "%s", text);
        }
    }
}

/* Also the longest that can be written parses from its canonical form. */
static void test_longest(void)
{
    struct buf text = BUF_INIT(2000), canonical = BUF_INIT(2000);
    struct frequency f;
    struct err err = ERR_INIT;
    char name[FREQ_NAME_MAX + 1];
    int fits, over;

    memset(name, 'a', sizeof(name));
    buf_puts(&text, "yearly(12-20)@17:00 before-holiday");
    for (int i = 0; i < FREQ_OVERRIDES; i++) {
        buf_printf(&text, "|%d", i);
        buf_append(&text, name, FREQ_NAME_MAX - 1);
        buf_puts(&text, ":yearly(12-20)@17:00 before-holiday");
    }
    fits = frequency_parse(buf_slice(&text), &f, NULL);
    ok(fits == 0, "names of the longest kind");
    frequency_write(&canonical, &f);
    ok(canonical.len > text.len && frequency_parse(buf_slice(&canonical), &f, NULL) == 0,
       "the canonical form is longer and still short enough");
    buf_clear(&text);
    for (int i = 0; i < FREQ_TEXT_MAX - 5; i++)
        buf_putc(&text, ' ');
    buf_puts(&text, "daily");
    is_int(frequency_parse(buf_slice(&text), &f, NULL), 0, "the longest text");
    buf_putc(&text, ' ');
    is_int(frequency_parse(buf_slice(&text), &f, NULL), -CE_TOO_BIG, "one byte more");
    buf_clear(&text);
    buf_puts(&text, "phase(");
    buf_append(&text, name, FREQ_NAME_MAX + 1);
    buf_putc(&text, ')');
    over = frequency_parse(buf_slice(&text), &f, &err);
    ok(over == -CE_SYNTAX && err.col == 7, "a longer name is refused at its place");
    buf_done(&text);
    buf_done(&canonical);
}

#define TEN(text) text text text text text text text text text text

static const struct title *title(const void *ctx, bool event, struct slice name)
{
    static const struct title warning = {SLICE_INIT("cảnh báo quốc gia"),
                                         SLICE_INIT("a national warning")};
    static const struct title peak = {SLICE_INIT("cao điểm"), SLICE_INIT("peak")};
    static const struct title longer = {SLICE_INIT(TEN(TEN("Đ")) TEN("Đ")),
                                        SLICE_INIT(TEN(TEN("ab")) "c")};

    (void)ctx;
    if (slice_is(name, "longer"))
        return &longer;
    if (event)
        return slice_is(name, "warning") ? &warning : NULL;
    return slice_is(name, "peak") ? &peak : NULL;
}

static void says(const char *text, const char *vi, const char *en)
{
    struct buf out = BUF_INIT(1000);
    struct frequency f;

    ok(frequency_parse(slice_str(text), &f, NULL) == 0, "%s", text);
    frequency_describe(&out, LANG_VI, &f, title, NULL);
    is_str(buf_cstr(&out), vi, "in Vietnamese");
    buf_clear(&out);
    frequency_describe(&out, LANG_EN, &f, title, NULL);
    is_str(buf_cstr(&out), en, "in English");
    buf_done(&out);
}

static void test_words(void)
{
    says("continuous(<=5m)", "liên tục (không gián đoạn quá 5 phút)",
         "continuously (no gap over 5 minutes)");
    says("daily@07:30 workdays", "hằng ngày lúc 07:30, chỉ ngày làm việc",
         "daily at 07:30, working days only");
    says("weekly(mon)@16:00", "hằng tuần, thứ Hai lúc 16:00", "weekly on Monday at 16:00");
    says("within(1h, warning)", "trong vòng 1 giờ khi có: cảnh báo quốc gia",
         "within 1 hour of: a national warning");
    says("weekly | peak: daily@16:00", "hằng tuần; giai đoạn cao điểm: hằng ngày lúc 16:00",
         "weekly; in the phase peak: daily at 16:00");
    says("by-level(1=none,2=year,3=6month,4=quarter,5=month)",
         "theo cấp độ: cấp 1 không áp dụng, cấp 2 hằng năm, cấp 3 nửa năm một lần, cấp 4 hằng "
         "quý, cấp 5 hằng tháng",
         "by level: level 1 does not apply, level 2 every year, level 3 every half year, level 4 "
         "every quarter, level 5 monthly");
    says("at-start", "đầu kỳ (trong 1 ngày)", "at the start (within 1 day)");
    says("phase(peak, 3wd)", "trong 3 ngày làm việc đầu của giai đoạn cao điểm",
         "within 3 working days of the start of the phase peak");
    says("weekly/2(fri)@16:00", "2 tuần một lần, thứ Sáu lúc 16:00",
         "every 2 weeks on Friday at 16:00");
    says("daily/15", "15 ngày một lần", "every 15 days");
    says("daily@10:00,16:00", "hằng ngày lúc 10:00 và 16:00", "daily at 10:00 and 16:00");
    says("daily@12:00,24:00", "hằng ngày lúc 12:00 và 24:00", "daily at 12:00 and 24:00");
    says("weekly(mon,wed,fri)@16:00", "hằng tuần, thứ Hai, thứ Tư và thứ Sáu lúc 16:00",
         "weekly on Monday, Wednesday and Friday at 16:00");
    says("monthly(15,last)", "hằng tháng, ngày 15 và ngày cuối tháng",
         "monthly, day 15 and the last day");
    says("quarterly(20)", "hằng quý, ngày 20 của tháng cuối",
         "every quarter, day 20 of the last month");
    says("continuous(<=30s)", "liên tục (không gián đoạn quá 30 giây)",
         "continuously (no gap over 30 seconds)");
    says("continuous(<=1s)", "liên tục (không gián đoạn quá 1 giây)",
         "continuously (no gap over 1 second)");
    says("monthly/2(25)", "2 tháng một lần, ngày 25", "every 2 months, day 25");
    says("yearly/3(12-20) before-holiday", "3 năm một lần, ngày 20/12, gặp ngày nghỉ thì làm trước",
         "every 3 years, 20/12, before a day off");
    says("half-yearly(20)", "nửa năm một lần, ngày 20 của tháng cuối",
         "every half year, day 20 of the last month");
    says("at-end(2wd)", "cuối kỳ (trong 2 ngày làm việc cuối)",
         "at the end (in the last 2 working days)");
    says("at-end", "cuối kỳ", "by the end");
    says("phase(peak)", "một lần trong giai đoạn cao điểm", "once in the phase peak");
    says("each-shift", "mỗi ca trực", "every shift");
    says("phase(longer)", "một lần trong giai đoạn " TEN("ĐĐĐĐĐĐĐĐĐ") "ĐĐĐĐĐĐĐĐĐ",
         "once in the phase " TEN("ababababababababab") "abababababababababa");
    says("monthly(5) after-holiday", "hằng tháng, ngày 5, gặp ngày nghỉ thì làm sau",
         "monthly, day 5, after a day off");
}

static void rule_is(const char *text, unsigned level, enum rrule kind, const char *want)
{
    struct buf out = BUF_INIT(1000);
    struct frequency f;

    ok(frequency_parse(slice_str(text), &f, NULL) == 0, "%s", text);
    is_int(frequency_write_rrule(&out, &f, level), kind, "as a recurrence");
    is_str(buf_cstr(&out), want, "its text");
    buf_done(&out);
}

static void test_rrule(void)
{
    rule_is("daily@07:30", 0, RRULE_EXACT, "FREQ=DAILY;BYHOUR=7;BYMINUTE=30;BYSECOND=0");
    rule_is("daily@07:30 workdays", 0, RRULE_APPROX,
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7;BYMINUTE=30;BYSECOND=0");
    rule_is("weekly(mon)@16:00", 0, RRULE_EXACT,
            "FREQ=WEEKLY;WKST=MO;BYDAY=MO;BYHOUR=16;BYMINUTE=0;BYSECOND=0");
    rule_is("monthly(31)", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("monthly(28)", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=28;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("monthly(29)", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("monthly", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("quarterly", 0, RRULE_EXACT,
            "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("quarterly(20)", 0, RRULE_NONE, "");
    rule_is("yearly", 0, RRULE_EXACT,
            "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("yearly(10-05)@08:05", 0, RRULE_EXACT,
            "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=5;BYHOUR=8;BYMINUTE=5;BYSECOND=0");
    rule_is("weekly(sat)", 0, RRULE_EXACT,
            "FREQ=WEEKLY;WKST=MO;BYDAY=SA;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("by-level(1=month,2=year,3=6month,4=quarter,5=none)", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("by-level(1=none,2=year,3=6month,4=quarter,5=month)", 0, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("by-level(1=none,2=year,3=6month,4=quarter,5=month)", 5, RRULE_EXACT,
            "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    is_str(frequency_kind_to_str(FREQ_NONE), "none", "no kind");
    is_str(frequency_kind_to_str(FREQ_WEEKLY), "weekly", "a kind");
    rule_is("by-level(1=none,2=year,3=6month,4=quarter,5=month)", 3, RRULE_EXACT,
            "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
    rule_is("by-level(1=none,2=year,3=6month,4=quarter,5=month)", 1, RRULE_NONE, "");
    rule_is("weekly/2(fri)", 0, RRULE_NONE, "");
    rule_is("weekly(tue,fri)", 0, RRULE_NONE, "");
    rule_is("continuous(<=5m)", 0, RRULE_NONE, "");
    rule_is("within(1h, warning)", 0, RRULE_NONE, "");
    rule_is("weekly | peak: daily", 0, RRULE_APPROX,
            "FREQ=WEEKLY;WKST=MO;BYDAY=SU;BYHOUR=23;BYMINUTE=59;BYSECOND=0");
}

/* Every kind has words of its own, in both languages. */
static void test_every_kind_said(void)
{
    static const char *const texts[] = {"each-shift", "daily",       "weekly", "monthly",
                                        "quarterly",  "half-yearly", "yearly"};
    struct buf said[CANH_LEN(texts)][2];
    struct err err = ERR_INIT;
    struct frequency f;

    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        for (int lang = 0; lang < 2; lang++) {
            said[i][lang] = BUF_INIT(1000);
            if (frequency_parse(slice_str(texts[i]), &f, &err) < 0)
                ok(false, "%s: %s", texts[i], err_words(&err));
            frequency_describe(&said[i][lang], (enum lang)lang, &f, NULL, NULL);
            ok(said[i][lang].len > 2, "%s: %s", texts[i], buf_cstr(&said[i][lang]));
            for (size_t k = 0; k < i; k++)
                ok(!slice_eq(buf_slice(&said[k][lang]), buf_slice(&said[i][lang])), "unlike %s",
                   texts[k]);
        }
    }
    for (size_t i = 0; i < CANH_LEN(texts); i++) {
        buf_done(&said[i][0]);
        buf_done(&said[i][1]);
    }
}

int main(void)
{
    struct span s;

    test_grammar();
    test_errors();
    test_parts();
    test_longest();
    test_words();
    test_rrule();
    test_every_kind_said();
    ok(span_parse(SLICE("90m"), &s, NULL) == 0 && s.ns == 90 * TIME_MINUTE, "90 minutes");
    ok(span_parse(SLICE("1h 2"), &s, NULL) < 0, "one length only");
    return tap_done();
}
