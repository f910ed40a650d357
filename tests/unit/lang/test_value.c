/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/value.h"

#include "base/err.h"
#include "base/time.h"
#include "tap.h"

static void test_dates(void)
{
    static const struct {
        const char *text, *want; /* want NULL: an error */
        int r;
    } cases[] = {
        {"05/10/2020", "05/10/2020", 0},
        {"5/10/2020", "05/10/2020", 0},
        {" 5-10-2020 ", "05/10/2020", 0},
        {"5.10.2020", "05/10/2020", 0},
        {"05/10/20", "05/10/2020", 0},
        {"2020-10-05", "05/10/2020", 0},
        {"2020-10-05T07:30", "05/10/2020", 0},
        {"05/10/2020 07:30", "05/10/2020", 0},
        {"ngày 05 tháng 10 năm 2020", "05/10/2020", 0},
        {"Thứ Hai, 05/10/2020", "05/10/2020", 0},
        {"T2 05/10/2020", "05/10/2020", 0},
        {"CN - 04/10/2020", "04/10/2020", 0},
        {"Thứ 3 ngày 6 tháng 10", "06/10/2026", 0},
        {"06/10", "06/10/2026", 0},
        {"29/02/2028", "29/02/2028", 0},
        {"30/02/2026", NULL, -CE_RANGE},
        {"29/02/2026", NULL, -CE_RANGE},
        {"10/25/2020", NULL, -CE_RANGE},
        {"05/10-2020", NULL, -CE_SYNTAX},
        {"05/10/202", NULL, -CE_SYNTAX},
        {"05/10/12020", NULL, -CE_SYNTAX},
        {"05/10/2020 x", NULL, -CE_SYNTAX},
        {"2020-10", NULL, -CE_SYNTAX},
        {"", NULL, -CE_SYNTAX},
        {"hôm nay", NULL, -CE_SYNTAX},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct buf b = BUF_INIT(100);
        int64_t days = 0;
        int r = value_date(slice_str(cases[i].text), 2026, &days);

        is_int(r, cases[i].r, "date '%s'", cases[i].text);
        if (r == 0) {
            date_write(&b, days);
            is_slice(buf_slice(&b), slice_str(cases[i].want), "its day");
        }
        buf_done(&b);
    }
    is_int(value_date(SLICE("06/10"), 0, &(int64_t){0}), -CE_SYNTAX, "no year to go by");
}

static void test_times(void)
{
    static const struct {
        const char *text;
        int want; /* minutes or -CE_* */
    } cases[] = {
        {"07:30", 450},          {"7h30", 450},           {"7h", 420},        {"7 giờ 30", 450},
        {"15 giờ 12 phút", 912}, {"07:30:15", 450},       {"24:00", 1440},    {"24:01", -CE_RANGE},
        {"7g30", 450},           {"07:60", -CE_RANGE},    {"7:", -CE_SYNTAX}, {"7", -CE_SYNTAX},
        {"", -CE_SYNTAX},        {"07:30 x", -CE_SYNTAX},
    };
    int minutes = 0;
    int64_t days = 0;

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        int r = value_time(slice_str(cases[i].text), false, &minutes);

        is_int(r < 0 ? r : minutes, cases[i].want, "time '%s'", cases[i].text);
    }
    is_int(value_time(SLICE("36:15"), true, &minutes), 0, "elapsed time");
    is_int(minutes, 36 * 60 + 15, "passes a day");
    is_int(value_datetime(SLICE("05/10/2020 07:30"), 0, &days, &minutes), 0, "date and time");
    is_int(days, 18540, "its day");
    is_int(minutes, 450, "its time");
    is_int(value_datetime(SLICE("7h30 ngày 5/10/2020"), 0, &days, &minutes), 0, "time and date");
    is_int(value_datetime(SLICE("7h 05/10"), 2020, &days, &minutes), 0, "an hour and a date");
    is_int(minutes, 420, "the hour");
    is_int(days, 18540, "and the day");
    is_int(value_datetime(SLICE("2020-10-05T07:30"), 0, &days, &minutes), 0, "ISO");
    is_int(value_datetime(SLICE("05/10/2020"), 0, &days, &minutes), -CE_SYNTAX, "only a date");
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        int r;
        double want;
        const char *back;
    } cases[] = {
        {"1.234,5", 0, 1234.5, "1.234,5"},
        {"1234,5", 0, 1234.5, "1.234,5"},
        {"1.234", 0, 1234, "1.234"},
        {"1.234.567", 0, 1234567, "1.234.567"},
        {"1,5", 0, 1.5, "1,5"},
        {"1.5", 0, 1.5, "1,5"},
        {"0.125", 0, 0.125, "0,125"},
        {"0,999999", 0, 0.999999, "0,999999"},
        {"1,234.5", 0, 1234.5, "1.234,5"},
        {"1,234,567", 0, 1234567, "1.234.567"},
        {"12 345", 0, 12345, "12.345"},
        {"12\xC2\xA0"
         "345,6",
         0, 12345.6, "12.345,6"},
        {"007", 0, 7, "7"},
        {"-3", 0, -3, "-3"},
        {"−3,0", 0, -3, "-3"},
        {"-0", 0, 0, "0"},
        {"99,5%", 0, 99.5, "99,5"},
        {"999999999999999", 0, 999999999999999, "999.999.999.999.999"},
        {"9999999999999999", -CE_RANGE, 0, ""},
        {"1.23.456", -CE_SYNTAX, 0, ""},
        {"1,2,3", -CE_SYNTAX, 0, ""},
        {"1.2,3.4", -CE_SYNTAX, 0, ""},
        {"5.", -CE_SYNTAX, 0, ""},
        {",5", -CE_SYNTAX, 0, ""},
        {"", -CE_SYNTAX, 0, ""},
        {"5 cái", -CE_SYNTAX, 0, ""},
        {"1e5", -CE_SYNTAX, 0, ""},
    };
    bool percent = false;
    int64_t n = 7;
    double v;

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct buf b = BUF_INIT(100);
        int r = value_number(slice_str(cases[i].text), &v, &percent);

        is_int(r, cases[i].r, "number '%s'", cases[i].text);
        if (r == 0) {
            ok(v == cases[i].want, "its value %g", v);
            number_write(&b, v);
            is_slice(buf_slice(&b), slice_str(cases[i].back), "written back");
        }
        buf_done(&b);
    }
    is_int(value_number(SLICE("5%"), &v, &percent), 0, "percent");
    ok(percent, "is noted");
    is_int(value_count(SLICE("1.000"), &n), 0, "a count");
    is_int(n, 1000, "its value");
    is_int(value_count(SLICE("1,5"), &n), -CE_RANGE, "half a thing");
    is_int(value_count(SLICE("-1"), &n), -CE_RANGE, "fewer than none");
    is_int(value_count(SLICE("5%"), &n), -CE_SYNTAX, "a share is no count");
    is_int(n, 1000, "untouched on failure");
}

static void test_yes_no(void)
{
    bool v = false;

    is_int(value_yes_no(SLICE("Có"), &v), 0, "yes");
    ok(v, "is yes");
    is_int(value_yes_no(SLICE(" KHÔNG "), &v), 0, "no");
    ok(!v, "is no");
    is_int(value_yes_no(SLICE("✓"), &v), 0, "a tick");
    ok(v, "is yes");
    is_int(value_yes_no(SLICE("Chưa đạt"), &v), 0, "not yet");
    ok(!v, "is no");
    is_int(value_yes_no(SLICE("có thể"), &v), -CE_SYNTAX, "perhaps is neither");
    is_int(value_yes_no(SLICE(""), &v), -CE_SYNTAX, "nothing is neither");
}

static struct cell cell(enum cell_kind kind, const char *text)
{
    return (struct cell){.p = (const uint8_t *)text,
                         .n = (uint32_t)strlen(text),
                         .kind = (uint8_t)kind};
}

static void test_cells(void)
{
    struct cell c = cell(CELL_NUMBER, "1.234");
    char phone[PHONE_SIZE];
    int64_t days, n;
    int minutes = 0;
    double v = 0;

    is_int(cell_number(&c, &v, NULL), 0, "a number the spreadsheet knows");
    ok(v == 1.234, "has a decimal point");
    c = cell(CELL_TEXT, "1.234");
    is_int(cell_number(&c, &v, NULL), 0, "the same as text");
    ok(v == 1234, "has a thousands' point");
    is_int(cell_date(&c, 0, &days), -CE_SYNTAX, "and is no date");
    c = cell(CELL_NUMBER, "44109");
    is_int(cell_date(&c, 0, &days), -CE_SYNTAX, "a bare number is no date");
    is_int(cell_count(&c, &n), 0, "but a count");
    c = cell(CELL_NUMBER, "22");
    is_int(cell_time(&c, &minutes), 0, "a bare hour");
    is_int(minutes, 22 * 60, "is a time");
    c = cell(CELL_NUMBER, "912345678");
    is_int(cell_phone(&c, phone), 0, "a phone as a number");
    is_str(phone, "+84912345678", "gets its 0 back");
    c.flags = CELL_LOSSY;
    is_int(cell_phone(&c, phone), -CE_SYNTAX, "but not a damaged one");
    c = cell(CELL_EMPTY, "");
    is_int(cell_number(&c, &v, NULL), -CE_SYNTAX, "an empty cell is no number");
}

static void test_ends(void)
{
    const int64_t day = 20790 * 1440; /* 03/12/2026 */
    struct buf b = BUF_INIT(200);

    moment_write(&b, day);
    is_slice(buf_slice(&b), SLICE("00:00 03/12/2026"), "a day begins");
    buf_clear(&b);
    end_write(&b, day);
    is_slice(buf_slice(&b), SLICE("24:00 02/12/2026"), "the one before ends");
    buf_clear(&b);
    end_write(&b, day + 450);
    is_slice(buf_slice(&b), SLICE("07:30 03/12/2026"), "within a day it is the same");
    buf_clear(&b);
    end_write(&b, 0);
    is_slice(buf_slice(&b), SLICE("24:00 31/12/1969"), "before 1970, too");
    buf_done(&b);
}

static void test_weekday(void)
{
    static const struct {
        const char *text;
        unsigned day;
    } names[] = {{"Thứ hai", 1}, {" THỨ 3 ", 2}, {"t4", 3}, {"Năm", 4}, {"thu sau", 5},
                 {"Bảy", 6},     {"Thứ bảy", 6}, {"Ba", 2}, {"CN", 7},  {"Chủ nhật", 7}};
    static const char *const none[] = {"", "Thứ", "Thứ 8", "Thứ 2 ngày", "T2 05/12", "Hai người"};
    unsigned day;

    for (size_t i = 0; i < CANH_LEN(names); i++)
        ok(value_weekday(slice_str(names[i].text), &day) == 0 && day == names[i].day, "%s",
           names[i].text);
    for (size_t i = 0; i < CANH_LEN(none); i++)
        is_int(value_weekday(slice_str(none[i]), &day), -CE_SYNTAX, "not “%s”", none[i]);
}

int main(void)
{
    test_dates();
    test_times();
    test_numbers();
    test_yes_no();
    test_cells();
    test_ends();
    test_weekday();
    return tap_done();
}
