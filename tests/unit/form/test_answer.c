/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "err_words.h"
#include "form/form.h"
#include "record/fill.h"
#include "tap.h"

static const char yaml[] =
    "form: f\n"
    "edition: 2\n"
    "title: {vi: Phiếu thử, en: Test form}\n"
    "every: day\n"
    "for: [telecom]\n"
    "groups:\n"
    "- group: g\n"
    "  title: Nhóm\n"
    "  fields:\n"
    "  - {field: total, title: Tổng, kind: count, required: true}\n"
    "  - {field: down, title: Hỏng, kind: count, required: true, nothing: true, at-most: total,\n"
    "     limits: [{id: l1, title: tối đa 3, max: 3, severity: red, until: 2026-01-01},\n"
    "              {id: l2, title: tối đa 5, max: 5, from: 2026-01-01}]}\n"
    "  - {field: why, title: Lý do, kind: text, chars: 20, no-personal: true,\n"
    "     required-if: {field: down, above: 0}}\n"
    "  - {field: share, title: Tỷ lệ, unit: '%', kind: number, min: 0, max: 100}\n"
    "  - {field: on, title: Ngày, kind: date}\n"
    "  - {field: at, title: Giờ, kind: time}\n"
    "  - {field: when, title: Lúc, kind: moment}\n"
    "  - {field: pick, title: Chọn, kind: choice, choices: [{id: x, title: {vi: Một, en: One}},\n"
    "     {id: y, title: {vi: Hai, en: Two}}]}\n"
    "  - {field: lots, title: Tình trạng, kind: choice, choices: [\n"
    "     {id: a, title: Đang vận hành bình thường trên toàn tỉnh},\n"
    "     {id: b, title: Mất liên lạc tại một số địa bàn của tỉnh},\n"
    "     {id: c, title: Ngừng cung cấp}]}\n"
    "  - {field: works, title: Chạy, kind: yes-no, limits: [{id: w, title: phải chạy, min: 1}]}\n"
    "  - {field: fixed, title: Sửa, kind: date, required-if: {field: works, is: 'no'}}\n"
    "  - {field: photo, title: Ảnh, kind: evidence, required-if: {field: pick, is: y}}\n"
    "- group: rows\n"
    "  title: Dòng\n"
    "  rows: 3\n"
    "  fields:\n"
    "  - {field: name, title: Tên, kind: text, required: true}\n"
    "  - {field: load, title: Tải, kind: number, required-if: {field: name, answered: yes},\n"
    "     limits: [{id: over, title: tối đa 80, max: 80}]}\n";

static struct arena arena = ARENA_INIT(32 << 20);
static struct err err;
static const struct form *form;

static uint32_t field(const char *id)
{
    return form_field(form, slice_str(id))->index;
}

/* Reads one answer from text and writes it again; an error gives its code in brackets. */
static void is_read(const char *id, const char *text, const char *want)
{
    struct cell c = {.p = (const uint8_t *)text, .n = (uint32_t)strlen(text), .kind = CELL_TEXT};
    struct buf b = BUF_INIT(1000);
    struct answer a = {0};

    err = ERR_INIT;
    if (answer_read(form, field(id), &c, 2026, &a, &err) < 0)
        buf_printf(&b, "[%s]", error_kind(LANG_EN, err.code));
    else
        answer_write(&b, form, &a, LANG_VI);
    is_slice(buf_slice(&b), slice_str(want), "%s '%s' %s", id, text, err_words(&err));
    buf_done(&b);
}

static void test_read(void)
{
    struct cell formula = {.p = (const uint8_t *)"", .kind = CELL_EMPTY, .flags = CELL_FORMULA};
    struct cell broken = {.p = (const uint8_t *)"#N/A", .n = 4, .kind = CELL_ERROR};
    struct answer a = {0};

    is_read("total", "1.000", "1.000");
    is_read("total", "1,5", "[out of range]");
    is_read("total", "nhiều", "[syntax error]");
    is_read("total", "", "");
    is_read("total", "Không phát sinh", "[not permitted]");
    is_read("down", "không phát sinh", "Không phát sinh");
    is_read("down", "KPS", "Không phát sinh");
    is_read("down", "0", "0");
    is_read("share", "99,5%", "99,5 %");
    is_read("share", "99,5", "99,5 %");
    is_read("load", "5%", "[syntax error]");
    is_read("on", "5/10/2026", "05/10/2026");
    is_read("on", "5/10", "05/10/2026");
    is_read("on", "30/02/2026", "[out of range]");
    is_read("at", "7h30", "07:30");
    is_read("when", "7h30 ngày 05/10/2026", "07:30 05/10/2026");
    is_read("when", "05/10/2026", "[syntax error]");
    is_read("pick", "hai", "Hai");
    is_read("pick", "TWO", "Hai");
    is_read("pick", "x", "Một");
    is_read("pick", "ba", "[unknown]");
    is_read("lots", "ba", "[unknown]");
    ok(strstr(err_words(&err), "của tỉnh, …") != NULL, "not all choices have room: %s",
       err_words(&err));
    is_read("works", "Có", "Có");
    is_read("works", "chưa", "Không");
    is_read("why", "mất điện", "mất điện");
    is_read("why", "một lý do dài hơn hai mươi chữ", "[too big]");
    is_read("why", "gọi 0912 345 678", "[not permitted]");
    is_read("why", "gửi a@b.vn", "[not permitted]");
    is_read("why", "tuyến 123-456, km 78", "tuyến 123-456, km 78");
    is_read("photo", "ảnh.jpg", "[syntax error]");
    is_int(answer_read(form, field("total"), &formula, 0, &a, &err), -CE_MISSING,
           "a formula without a value: %s", err_words(&err));
    is_int(answer_read(form, field("total"), &broken, 0, &a, &err), -CE_SYNTAX,
           "an error value: %s", err_words(&err));
}

static struct answers answers_of(const char *csv, int want_problems)
{
    struct answers a = {0};
    struct form_problem *p = NULL;
    struct workbook *t;
    uint32_t n = 0;

    err = ERR_INIT;
    is_int(workbook_read(&arena, slice_str(csv), NULL, &t, &err), 0, "a table: %s",
           err_words(&err));
    is_int(answers_from_workbook(form, t, &arena, &a, &p, &n, &err), 0, "is read: %s",
           err_words(&err));
    is_int(n, want_problems, "problems while reading");
    for (uint32_t i = 0; i < n; i++)
        tap_note(SLICE_FMT, SLICE_ARG(p[i].message));
    return a;
}

/* Problems as “message|message”, a finding with a star. */
static void is_checked(const char *csv, int64_t day, const char *want, const char *what)
{
    struct answers a = answers_of(csv, 0);
    struct form_problem *p = NULL;
    struct buf b = BUF_INIT(10000);
    uint32_t n = 0;

    a.day = day;
    is_int(form_check(form, &a, &arena, &p, &n, &err), 0, "%s", what);
    is_int(form_problems_word(form, p, n, LANG_VI, &arena, &err), 0, "%s: in words", what);
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(&b, i > 0 ? "|" : "");
        buf_puts(&b, p[i].finding ? "*" : "");
        if (p[i].row > 0)
            buf_printf(&b, "%u ", p[i].row);
        buf_append_slice(&b, p[i].message);
    }
    is_slice(buf_slice(&b), slice_str(want), "%s", what);
    buf_done(&b);
}

static void test_check(void)
{
    int64_t day = days_from_date(2026, 11, 22);

#define T "field;row;value\n"
    is_checked(T "total;;10\ndown;;0\n", day, "", "all there");
    is_checked(T "total;;10\ndown;;không phát sinh\n", day, "", "nothing occurred is an answer");
    is_checked(T "total;;10\n", day, "Hỏng: còn để trống", "blank is none");
    is_checked(T "total;;3\ndown;;4\nwhy;;x\n", day, "Hỏng: lớn hơn “Tổng”", "more than all");
    is_checked(T "total;;9\ndown;;6\nwhy;;x\n", day, "*Hỏng: 6, vượt giới hạn “tối đa 5”",
               "over the limit of the day");
    is_checked(T "total;;9\ndown;;4\nwhy;;x\n", day, "", "under it");
    is_checked(T "total;;9\ndown;;4\nwhy;;x\n", days_from_date(2025, 12, 31),
               "*Hỏng: 4, vượt giới hạn “tối đa 3”", "an earlier limit on an earlier day");
    is_checked(T "total;;9\ndown;;4\nwhy;;x\n", INT64_MIN, "", "no day, no limit known to hold");
    is_checked(T "total;;9\ndown;;1\n", day, "Lý do: còn để trống", "required if above");
    is_checked(T "total;;9\ndown;;0\nworks;;không\n", day,
               "*Chạy: Không, vượt giới hạn “phải chạy”|Sửa: còn để trống", "required if no");
    is_checked(T "total;;9\ndown;;0\npick;;hai\n", day, "Ảnh: còn để trống", "required if chosen");
    is_checked(T "total;;9\ndown;;0\nshare;;101\n", day, "Tỷ lệ: lớn hơn 100", "out of bounds");
    is_checked(T "total;;9\ndown;;0\nname;1;A\nload;1;90\nload;3;5\n", day,
               "*1 Tải: 90, vượt giới hạn “tối đa 80”|3 Tên: còn để trống",
               "rows one by one, an empty one between is none");
    is_checked(T "total;;9\ndown;;0\nname;2;A\n", day, "2 Tải: còn để trống",
               "required if answered, in the same row");
    is_checked(T "total;;9\ndown;;0\nname;4;A\nload;4;1\n", day, "4 Dòng: có hơn 3 dòng",
               "too many rows");
    is_checked(T "total;;9\ntotal;;10\ndown;;0\n", day, "", "the last answer counts");
}

static void test_nothing(void)
{
    struct answers a = {.day = 0, .nothing = true};
    struct form_problem *p = NULL;
    uint32_t n = 9;

    is_int(form_check(form, &a, &arena, &p, &n, &err), 0, "the whole form: nothing");
    is_int(n, 0, "is accepted");
    a = answers_of(T "total;;1\n", 0);
    a.nothing = true;
    is_int(form_check(form, &a, &arena, &p, &n, &err), 0, "nothing beside figures");
    is_int(n, 1, "is not");
}

static void test_tables(void)
{
    struct answers a;
    struct form_problem *p;
    struct workbook *t;
    uint32_t n = 0;

    a = answers_of(T "totl;;1\nload;;5\nload;x;5\ntotal;7;1\ndown;;ba\ndown;;2\n", 5);
    is_int(a.count, 1, "the rest is read");
    is_int(workbook_read(&arena, SLICE("a;b\n1;2\n"), NULL, &t, &err), 0, "another table");
    is_int(answers_from_workbook(form, t, &arena, &a, &p, &n, &err), -CE_MISSING, "is no form: %s",
           err_words(&err));
    is_int(workbook_read(&arena, SLICE("canh-form;g;2\ntotal;x;;5\n"), NULL, &t, &err), 0,
           "another");
    is_int(answers_from_workbook(form, t, &arena, &a, &p, &n, &err), -CE_CONFLICT,
           "another form: %s", err_words(&err));
    is_int(workbook_read(&arena, SLICE("canh-form;f;1\ntotal;x;;5\n"), NULL, &t, &err), 0,
           "another");
    is_int(answers_from_workbook(form, t, &arena, &a, &p, &n, &err), -CE_CONFLICT,
           "another edition: %s", err_words(&err));
    is_int(workbook_read(&arena,
                         SLICE("canh-form;f;2\ncanh-unit;;;VT1\ncanh-day;;;22/11/2026\n;x\n"
                               "total;Tổng;trạm;5\ncanh-group;rows\n;name;load\ncanh-head;Tên;Tải\n"
                               ";A;5\n;;\n;B;6\n"),
                         NULL, &t, &err),
           0, "a template as CSV");
    is_int(answers_from_workbook(form, t, &arena, &a, &p, &n, &err), 0, "is read: %s",
           err_words(&err));
    is_slice(a.unit, SLICE("VT1"), "its unit");
    is_int(a.day, days_from_date(2026, 11, 22), "its day");
    is_int(a.count, 5, "its answers");
    ok(answers_find(&a, field("load"), 2) && answers_find(&a, field("load"), 2)->number == 6,
       "rows count what is filled");
}

/* Every one that is over a limit opens a finding: a large table gives them all. */
static void test_many(void)
{
    static const char text[] =
        "form: many\nedition: 1\ntitle: T\nevery: day\nfor: [telecom]\n"
        "groups:\n- group: g\n  title: G\n  rows: 1000\n  fields:\n"
        "  - {field: load, title: L, kind: number, limits: [{id: a, title: A, max: 1},\n"
        "     {id: b, title: B, max: 2}, {id: c, title: C, max: 3}]}\n";
    struct answers answers = {.v = arena_new_array(&arena, FORM_ROWS_MAX, struct answer),
                              .count = FORM_ROWS_MAX};
    struct form_problem *problems = NULL;
    const struct form *many = NULL;
    uint32_t count = 0;

    err = ERR_INIT;
    if (!ok(form_parse(&arena, slice_str(text), &many, &err) == 0 && answers.v, "a long form: %s",
            err_words(&err)))
        return;
    for (uint32_t i = 0; i < FORM_ROWS_MAX; i++)
        answers.v[i] = (struct answer){.row = i + 1, .kind = ANSWER_NUMBER, .number = 4};
    is_int(form_check(many, &answers, &arena, &problems, &count, &err), 0, "is checked");
    is_int(count, 3 * FORM_ROWS_MAX, "none of its findings is left out");
    if (count == 3 * FORM_ROWS_MAX)
        is_int(problems[count - 1].row, FORM_ROWS_MAX, "to the last row");
    answers.count = 0;
    is_int(form_check(many, &answers, &arena, &problems, &count, &err), 0, "without a row");
    ok(count == 1 && problems[0].kind == FORM_PROBLEM_EMPTY, "it says nothing");
    answers.nothing = true;
    is_int(form_check(many, &answers, &arena, &problems, &count, &err), 0, "unless it says so");
    is_int(count, 0, "of the whole");
}

int main(void)
{
    int r = form_parse(&arena, slice_str(yaml), &form, &err);

    is_int(r, 0, "the form: %u:%u %s", err.line, err.col, err_words(&err));
    if (r == 0) {
        test_read();
        test_check();
        test_nothing();
        test_tables();
        test_many();
    }
    arena_done(&arena);
    return tap_done();
}
