/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Duty sheets: layouts, names, times, wrong days; all or nothing; again = update. */
#include "../state/world.h"
#include "duty/change.h"
#include "err_words.h"
#include "import/import.h"
#include "state/duty.h"
#include "state/shift_changes.h"

static struct world w;
static struct import_options opt;
static struct import_report rep;
static struct roster_sheet out;
static struct err err;

static const struct sheet *sheet_of(const char *csv)
{
    struct workbook *t = NULL;

    err = ERR_INIT;
    if (workbook_read(&w.arena, slice_str(csv), NULL, &t, &err) < 0)
        ok(false, "table: %s", err_words(&err));
    return t ? workbook_first(t) : NULL;
}

static int read_csv(const char *csv)
{
    const struct roster_options o = {.lang = LANG_EN};
    const struct sheet *s = sheet_of(csv);

    return s ? roster_read(&w.arena, s, &o, &out, &err) : -CE_MISSING;
}

/* The same with a row merged over all its columns. */
static int read_merged(const char *csv, uint32_t row)
{
    const struct roster_options o = {.lang = LANG_EN};
    const struct sheet *s = sheet_of(csv);

    for (uint32_t k = 1; s && k < s->rows[row].count; k++) {
        s->rows[row].cells[k] = s->rows[row].cells[0];
        s->rows[row].cells[k].flags |= CELL_COVERED;
    }
    return s ? roster_read(&w.arena, s, &o, &out, &err) : -CE_MISSING;
}

/* "1/12 07:00-19:00 Name; …" */
static void entries(const char *want, const char *what)
{
    struct buf b = BUF_INIT(1u << 16);

    for (size_t i = 0; i < out.count; i++) {
        const struct roster_entry *x = &out.entries[i];
        int year;
        unsigned month, day;

        date_from_days(x->day, &year, &month, &day);
        buf_printf(&b, "%s%u/%u %02d:%02d-%02d:%02d %.*s=%.*s", i ? "; " : "", day, month,
                   x->time.from / 60, x->time.from % 60, x->time.until / 60, x->time.until % 60,
                   SLICE_ARG(x->shift), SLICE_ARG(x->person));
    }
    is_str(buf_cstr(&b), want, "%s", what);
    buf_done(&b);
}

static bool noted(uint32_t row, uint32_t col, const char *part)
{
    for (size_t i = 0; i < out.note_count; i++)
        if (out.notes[i].row == row && out.notes[i].col == col &&
            slice_find(out.notes[i].text, slice_str(part)) != SIZE_MAX)
            return true;
    return false;
}

static void test_layouts(void)
{
    is_int(read_csv("SỞ;;;\nLỊCH TRỰC;;;\nNgày;Ca trực;Trực chính;Trực phụ\n"
                    "01/12/2026;Ca 1 (7h-19h);An;\"Bình\nChi\"\n;19 giờ đến 7 giờ;Chi;\n"
                    "Nơi nhận: như trên;;;\n;;An;\n"),
           0, "a list");
    entries("1/12 07:00-19:00 Ca 1=An; 1/12 07:00-19:00 Ca 1=Bình; 1/12 07:00-19:00 Ca 1=Chi; "
            "1/12 19:00-31:00 =Chi",
            "dates go on downwards, deputies by column, signatures end it");
    is_int(out.entries[2].position, 4, "positions go on");
    is_int(read_csv("Lịch trực tháng 12 năm 2026\nNgày;Thứ;Sáng 07:30-11:30;Đêm (21:00-06:00)\n"
                    "1;Ba;An;Bình\n02/12;Tư;-;Chi và An\n"),
           0, "a column a shift");
    entries("1/12 07:30-11:30 Sáng=An; 1/12 21:00-30:00 Đêm=Bình; 2/12 21:00-30:00 Đêm=Chi; "
            "2/12 21:00-30:00 Đêm=An",
            "the title says month and year");
    is_int(read_csv("Ca;Thứ hai (07/12/2026);\"Thứ ba\n08/12/2026\"\nCa 1 (07:00-07:00);An;Bình\n"),
           0, "a column a day");
    is_int(out.layout, ROSTER_DAYS, "is known as such");
    is_int(read_csv("Bảng trực tháng 2/2027;;;;;\nTT;Họ và tên;27;28;29;30\n1;An;S;Đ;;\n"
                    "2;Bình;P;S,Đ;;x\nChú thích: S: 07:00-19:00; Đ: 19:00-07:00;;;;;\n"),
           0, "a row a person");
    entries("27/2 07:00-19:00 S=An; 28/2 19:00-31:00 Đ=An; 28/2 07:00-19:00 S=Bình; "
            "28/2 19:00-31:00 Đ=Bình",
            "with a legend");
    ok(out.errors == 1 && noted(4, 6, "no such day"), "30 February is refused where it stands");
    is_int(read_csv("Ngày;Họ tên\n01/12/2026;An\n"), 0, "no shifts");
    entries("1/12 00:00-24:00 =An", "the whole day");
    is_int(read_csv("a;b\nc;d\n"), -CE_MISSING, "no duty sheet");
}

/* Kinds of cells that rosters of offices hold beside the plain ones. */
static void test_more_ways(void)
{
    is_int(read_csv("THÁNG 12/2026;;;;\nHọ tên;5;6;7;8\nAn;N;Đ;;O\nBình;Đ;N;P;N\n"
                    "N: ngày (07h00-19h00); Đ: đêm (19h00-07h00)\nP: nghỉ phép; O: ốm\n"),
           0, "a legend that the file's separator cuts into cells");
    entries("5/12 07:00-19:00 N=An; 6/12 19:00-31:00 Đ=An; 5/12 19:00-31:00 Đ=Bình; "
            "6/12 07:00-19:00 N=Bình; 8/12 07:00-19:00 N=Bình",
            "is a legend, and names nobody");
    ok(out.errors == 0 && out.note_count == 0, "all of it is understood");
    is_int(read_csv("Ngày;Ca;Họ tên\n05/12 -> 06/12/2026;7h30 -> 15h30;An\n"
                    "11, 12/12/2026;Ca sáng 6-14h;Bình\n13 và 14/12/2026;Ca 2 (22-6h);Chi\n"
                    "15/12/2026;Ca 1 - 14h-22h;An\n"),
           0, "arrows, lists of days, an hour with one mark");
    entries("5/12 07:30-15:30 =An; 6/12 07:30-15:30 =An; 11/12 06:00-14:00 Ca sáng=Bình; "
            "12/12 06:00-14:00 Ca sáng=Bình; 13/12 22:00-30:00 Ca 2=Chi; "
            "14/12 22:00-30:00 Ca 2=Chi; 15/12 14:00-22:00 Ca 1=An",
            "are what people mean");
    is_int(read_csv(
               "Ngày;Họ tên\n10, 12/12/2026;An\n01, 03 và 30/12/2026;Bình\n12, 10/12/2026;Chi\n"),
           0, "days that do not follow each other");
    entries("10/12 00:00-24:00 =An; 12/12 00:00-24:00 =An; 1/12 00:00-24:00 =Bình; "
            "3/12 00:00-24:00 =Bình; 30/12 00:00-24:00 =Bình",
            "are those days");
    ok(out.errors == 1 && noted(4, 1, "no date"), "but not backwards");
    is_int(read_csv("LỊCH TRỰC TUẦN TỪ 28/12 ĐẾN 03/01/2027;;\nThứ;Ngày;Cán bộ trực\nHai;28;An\n"
                    "Sáu;01;Bình\n"),
           0, "days by their number, in a title's week");
    entries("28/12 00:00-24:00 =An; 1/1 00:00-24:00 =Bình", "of the month that fits");
    is_int(read_csv("LỊCH TRỰC (từ ngày 30/12/2026 đến ngày 02/01/2027);;;;\n"
                    "Họ và tên;30;31;1;2\nAn;x;;x;\nBình;;x;;x\n"),
           0, "and as headings");
    entries("30/12 00:00-24:00 =An; 1/1 00:00-24:00 =An; 31/12 00:00-24:00 =Bình; "
            "2/1 00:00-24:00 =Bình",
            "the same");
}

/* Days by name alone, of the week that stands above them. */
static void test_weekdays(void)
{
    is_int(read_csv("LỊCH TRỰC TUẦN 49 (từ ngày 30/11/2026 đến ngày 06/12/2026);;;;;;;\n"
                    ";Thứ 2;Thứ 3;T4;Thứ Năm;Thứ 6;THỨ BẢY;CN\n"
                    "Ca 1: 07h00 - 15h00;An;Bình;;;;;Chi\n"),
           0, "columns of weekdays");
    entries("30/11 07:00-15:00 Ca 1=An; 1/12 07:00-15:00 Ca 1=Bình; 6/12 07:00-15:00 Ca 1=Chi",
            "are days of the title's week");
    is_int(read_csv("Tuần 49, 30/11 - 06/12/2026\nThứ;Người trực\nThứ 2;An\nChủ nhật;Bình\n"
                    "Tuần 50: 07/12 - 13/12/2026\nThứ;Người trực\nHai;Chi\n"),
           0, "rows of weekdays, week below week");
    entries("30/11 00:00-24:00 =An; 6/12 00:00-24:00 =Bình; 7/12 00:00-24:00 =Chi",
            "each of its own week");
    is_int(read_csv("Tuần 49 (30/11/2026 - 06/12/2026)\n;Thứ 2;Thứ 3\nSáng 7h-11h;An;Bình\n"
                    "Tuần 50 (07/12/2026 - 13/12/2026)\n;Thứ 2;Thứ 3\nSáng 7h-11h;Chi;An\n"),
           0, "columns, week below week");
    entries("30/11 07:00-11:00 Sáng=An; 1/12 07:00-11:00 Sáng=Bình; 7/12 07:00-11:00 Sáng=Chi; "
            "8/12 07:00-11:00 Sáng=An",
            "each of its own week");
    is_int(read_csv("TUẦN 49 (30/11 - 04/12/2026)\nThứ;Người trực\nThứ 2;An\nCN;Bình\n"), 0,
           "a week of five days");
    ok(out.errors == 1, "has no Sunday");
    is_int(read_csv("Lịch trực\n;Thứ 2;Thứ 3\nCa 1: 7h-15h;An;Bình\n"), -CE_MISSING,
           "weekdays of no week are no dates");
}

static void test_ways_of_writing(void)
{
    is_int(read_csv(
               "Ngày;Ca 1: 07:00-15:00;Ca 2: 15h-23h;S1:23:00-07:00\n05/12/2026;An;Bình;Chi\n"),
           0, "labels with colons");
    entries("5/12 07:00-15:00 Ca 1=An; 5/12 15:00-23:00 Ca 2=Bình; 5/12 23:00-31:00 S1=Chi",
            "a label's number is no hour");
    is_int(read_csv("THÁNG 12/2026;;;\nHọ tên;1;2;3\nAn;N;Đ;n\nN: ca ngày (06:00-18:00);;;\n"
                    "Đ – ca đêm: 18:00-06:00;;;\n"),
           0, "legends that describe their codes");
    entries("1/12 06:00-18:00 N=An; 2/12 18:00-30:00 Đ=An; 3/12 06:00-18:00 n=An",
            "a code that the legend names is a shift");
    is_int(read_csv("THÁNG 12/2026;;;\nHọ tên;1;2;3\nAn;N;x;N\n"), 0, "a code nobody explains");
    entries("2/12 00:00-24:00 =An", "is a day off");
    ok(out.errors == 0 && out.note_count == 1 && noted(3, 2, "day off"), "told once");
    is_int(read_csv("THÁNG 12/2026;;;\nHọ tên;1;2;3\nAn;N;x;N\nN: nghỉ;;;\n"), 0, "explained");
    is_int((int)out.note_count, 0, "no note");
    is_int(read_csv("LỊCH TRỰC TẾT NĂM 2027\nTrực 24/24 (từ 07h30 hôm trước đến 07h30 hôm sau)\n"
                    "Ngày;Người trực\n05/02;An\n"),
           0, "the title says year and times");
    entries("5/2 07:30-31:30 =An", "of every turn");
    is_int(read_csv("Ngày;Cán bộ trực\n01/12/2026 - 02/12/2026;An\nTừ ngày 30 đến 31/12/2026;Bình\n"
                    "31/12-01/01/2027;Chi\nThứ 2 07/12/2026;An\n"),
           0, "ranges of days");
    entries("1/12 00:00-24:00 =An; 2/12 00:00-24:00 =An; 30/12 00:00-24:00 =Bình; "
            "31/12 00:00-24:00 =Bình; 31/12 00:00-24:00 =Chi; 1/1 00:00-24:00 =Chi; "
            "7/12 00:00-24:00 =An",
            "are all their days");
    is_int(read_csv("STT;Thời gian trực;Người trực\n"
                    "1;Từ 07h30 ngày 01/12/2026 đến 07h30 ngày 02/12/2026;An\n"
                    "2;Từ 17 giờ 00 phút ngày 02/12 đến 07 giờ 00 phút ngày 03/12/2026;Bình\n"
                    "3;07:30 03/12/2026 - 07:30 05/12/2026;Chi\n"
                    "4;Từ 19h ngày 31/12/2026 đến 7h hôm sau;An\n"
                    "5;01/01/2027 08:00 – 01/01/2027 16:30;Bình\n"),
           0, "from–until in one cell");
    entries("1/12 07:30-31:30 =An; 2/12 17:00-31:00 =Bình; 3/12 07:30-31:30 =Chi; "
            "4/12 07:30-31:30 =Chi; 31/12 19:00-31:00 =An; 1/1 08:00-16:30 =Bình",
            "has its own days and times");
    is_int((int)out.errors, 0, "and no error");
    is_int(read_csv(
               "Thời gian;Người trực\nTừ 07h30 ngày 02/12/2026 đến 07h30 ngày 01/12/2026;An\n"),
           0, "from–until backwards");
    ok(out.count == 0 && out.errors == 1, "is an error");
    is_int(read_csv("Ngày;Họ tên\n01/12/2026;An\n\nTUẦN HAI;\nNgày;Họ tên\n08/12/2026;Bình\n"
                    "Người lập;\n"),
           0, "weeks below each other");
    entries("1/12 00:00-24:00 =An; 8/12 00:00-24:00 =Bình", "are all read");
    is_int(read_csv("Tuần 1;28/12/2026;29/12/2026\nCa 1 (07:00-15:00);An;Bình\n"
                    "Tuần 2;Thứ Hai 04/01;\nCa 1 (07:00-15:00);Bình;\n"),
           0, "weeks of columns of days below each other");
    entries("28/12 07:00-15:00 Ca 1=An; 29/12 07:00-15:00 Ca 1=Bình; 4/1 07:00-15:00 Ca 1=Bình",
            "are all read, the year going on");
    ok(out.errors == 0 && out.first < out.last && out.last - out.first == 7, "one after another");
    is_int(read_merged("Ca;30/11/2026;01/12/2026\nCa 1 (07:00-15:00);An;Bình\n"
                       "TUẦN 50 (07/12 - 08/12/2026);x;x\nCa;07/12/2026;08/12/2026\n"
                       "Ca 1 (07:00-15:00);Bình;An\n",
                       2),
           0, "a merged title between two weeks of columns of days");
    entries("30/11 07:00-15:00 Ca 1=An; 1/12 07:00-15:00 Ca 1=Bình; 7/12 07:00-15:00 Ca 1=Bình; "
            "8/12 07:00-15:00 Ca 1=An",
            "is nobody's name");
    is_int((int)out.errors, 0, "and no error");
    is_int(read_csv("Ngày;Từ giờ;Đến giờ;Cán bộ trực\n30/11/2026;7:00;19:00;An\n"
                    "30/11/2026;19h;7h;Bình\n"),
           0, "beginning and end in columns of their own");
    entries("30/11 07:00-19:00 =An; 30/11 19:00-31:00 =Bình", "are the turn's times");
    is_int(read_csv("Ngày;Từ giờ;Đến giờ;Cán bộ trực\n30/11/2026;7:00;;An\n"), 0, "one is blank");
    is_int((int)out.errors, 1, "is an error, not a whole day");
    is_int(read_csv("Ngày;Ca;Từ giờ;Đến giờ;Cán bộ trực\n30/11/2026;Ca 1;7:00;19:00;An\n"
                    "30/11/2026;Ca 2;tối;sáng;Bình\n"),
           0, "beside the shift's name");
    entries("30/11 07:00-19:00 Ca 1=An", "give its times");
    is_int((int)out.errors, 1, "and what is no time is an error");
    is_int(read_csv("Ngày trực;Họ tên\n30/11/2026 (T2);An\n01/12/2026 (Thứ Ba);Bình\n"), 0,
           "the day of the week behind the date");
    entries("30/11 00:00-24:00 =An; 1/12 00:00-24:00 =Bình", "is read over");
    is_int(read_merged("30/11/2026;01/12/2026\nAn;x\n", 1), 0, "somebody merged over the days");
    entries("30/11 00:00-24:00 =An; 1/12 00:00-24:00 =An", "stands on each, and is no title");
    is_int(read_csv("Tuần 1;28/12/2026;29/12/2026\nCa 1 (07:00-15:00);An;Bình\n"
                    "Tuần 2;04/01/2027;\nCa 1 (07:00-15:00);Bình;An\n"),
           0, "somebody below no day");
    is_int((int)out.errors, 1, "is an error");
    is_int(read_csv("Ngày;Họ tên\n30/11/2026;An\n\nLỊCH TRỰC TUẦN 2 (từ ngày 07/12 đến 13/12);\n"
                    "Ngày;Họ tên\n08/12/2026;Bình\n"),
           0, "a title with dates between them");
    ok(out.count == 2 && out.errors == 0, "is no date");
    is_int(read_csv("Ngày;Họ tên\n01/12/2026;An\nTUẦN HAI;\nNgày;Sáng\n08/12/2026;Bình\n"), 0,
           "another heading");
    ok(out.errors == 1 && noted(4, 0, "differs"), "is an error");
    is_int(read_csv("Ngày;Cán bộ trực\n03/12/2026 - 01/12/2026;An\n03/12/2026, 01/12/2026;Bình\n"),
           0, "no ranges");
    ok(out.count == 0 && noted(2, 1, "no date") && noted(3, 1, "no date"), "are errors");
}

/* Marks that say “as above”, and headings of who stands. */
static void test_ditto(void)
{
    is_int(read_csv("Ngày;Ca;Trực chỉ huy;Trực ban;Lái xe\n"
                    "01/12/2026;07:00-19:00;Đỗ An;Lê Bình;Vũ Chi\n"
                    "02/12/2026;-nt-;\"\"\"\";Ngô Uy;- \"\" -\n"
                    "03/12/2026;như trên;-nt-;' - nt - ;''\n"),
           0, "ditto in a list");
    entries("1/12 07:00-19:00 =Đỗ An; 1/12 07:00-19:00 =Lê Bình; 1/12 07:00-19:00 =Vũ Chi; "
            "2/12 07:00-19:00 =Đỗ An; 2/12 07:00-19:00 =Ngô Uy; 2/12 07:00-19:00 =Vũ Chi; "
            "3/12 07:00-19:00 =Đỗ An; 3/12 07:00-19:00 =Ngô Uy; 3/12 07:00-19:00 =Vũ Chi",
            "each is what stands above");
    is_int((int)out.errors, 0, "and no error");
    is_int(read_csv("Ngày;Trực ban\n01/12/2026;-nt-\n02/12/2026;Lê Bình\n"), 0, "nothing above");
    is_int((int)out.errors, 1, "is told");
    is_int(read_csv("Tháng 12/2026\nHọ và tên;1;2;3\nĐỗ An;N;Đ;NT\nLê Bình;-nt-;-nt-;NT\n"
                    "N: 07:00-19:00; Đ: 19:00-07:00; NT: 07:00-11:00\n"),
           0, "ditto beside codes");
    entries("1/12 07:00-19:00 N=Đỗ An; 2/12 19:00-31:00 Đ=Đỗ An; 3/12 07:00-11:00 NT=Đỗ An; "
            "1/12 07:00-19:00 N=Lê Bình; 2/12 19:00-31:00 Đ=Lê Bình; 3/12 07:00-11:00 NT=Lê Bình",
            "NT alone is a code there");
}

static void test_headings(void)
{
    static const char *const who[] = {
        "Trực chỉ huy",
        "Trực lãnh đạo Sở",
        "Lãnh đạo UBND trực",
        "Trực chuyên viên",
        "Trực kỹ thuật",
        "Trực bảo vệ cơ quan",
        "Bảo vệ",
        "Lái xe trực",
        "Trực công văn",
        "Trực ban tác chiến",
        "Trực Ban CHQS",
        "Trực quân sự",
        "Trực công an",
        "Trực CNTT",
        "Chỉ huy trực",
        "Cán bộ trực (ký tên)",
        "TRỰC LÃNH ĐẠO",
        "Trực y tế",
    };

    for (size_t i = 0; i < CANH_LEN(who); i++) {
        char csv[300];

        (void)snprintf(csv, sizeof(csv), "Thứ/Ngày;%s\nThứ Ba 01/12/2026;Đỗ An\n", who[i]);
        is_int(read_csv(csv), 0, "%s", who[i]);
        entries("1/12 00:00-24:00 =Đỗ An", "are people");
    }
    is_int(read_csv(
               "Ngày;Trực ngày (07:00-19:00);Trực đêm (19:00-07:00)\n01/12/2026;Đỗ An;Lê Bình\n"),
           0, "shifts with the word");
    entries("1/12 07:00-19:00 Trực ngày=Đỗ An; 1/12 19:00-31:00 Trực đêm=Lê Bình", "are shifts");
}

static void test_names(void)
{
    const struct roster_column_post columns[] = {{SLICE("LÃNH ĐẠO TRỰC"), SLICE("LD")}};
    const struct roster_column_post missing[] = {{SLICE("Giám đốc"), SLICE("LD")}};
    struct roster_options o = {.lang = LANG_EN, .columns = columns, .column_count = 1};
    const char *csv = "Ngày;Lãnh đạo trực;Cán bộ trực\n01/12/2026;An;Bình\n";

    is_int(read_csv("THÁNG 12/2026;;;\nHọ và tên đệm;Tên;1;2;3\nNguyễn Văn;An;x;;x\n"), 0,
           "family and given names");
    entries("1/12 00:00-24:00 =Nguyễn Văn An; 3/12 00:00-24:00 =Nguyễn Văn An", "are one name");
    is_int(read_csv("Ngày;Họ;Tên\n01/12/2026;Lê;Ba\n"), 0, "in a list");
    entries("1/12 00:00-24:00 =Lê Ba", "too");
    is_int(read_csv("Ngày;Họ;Ca\n01/12/2026;Lê Ba;7h-19h\n"), 0, "without a given name");
    entries("1/12 07:00-19:00 =Lê Ba", "it is the whole one");
    is_int(read_csv(csv), 0, "two columns of names");
    ok(out.note_count == 1 && noted(1, 2, "--column") && out.entries[1].position == 3,
       "are one post, and the cure is told");
    is_int(roster_read(&w.arena, sheet_of(csv), &o, &out, &err), 0, "a column with its own post");
    ok(out.count == 2 && slice_is(out.entries[0].post, "LD") && out.entries[1].post.n == 0 &&
           out.entries[1].position == 1 && out.note_count == 0,
       "is that post's, the other stays first");
    o.columns = missing;
    is_int(roster_read(&w.arena, sheet_of(csv), &o, &out, &err), 0, "a column that is not there");
    is_int((int)out.errors, 1, "is an error");
}

static void test_wrong(void)
{
    is_int(read_csv("Ngày;Ca;Họ tên\n31/11/2026;Ca 1 (7h-19h);An\n01/12/2026;Ca 9;An\n"), 0,
           "read");
    ok(out.errors == 2 && noted(2, 1, "31/11/2026") && noted(3, 2, "Ca 9"), "two notes");
    entries("", "and nothing");
    is_int(read_csv("Ngày;Họ tên\n01/12;An\n"), 0, "a date without its year");
    ok(noted(2, 1, "no year"), "says so");
}

static void name(const char *cell, const char *want)
{
    struct slice rest = slice_str(cell), one;
    struct buf b = BUF_INIT(4096);

    while (words_next_name(&rest, &one)) {
        buf_puts(&b, b.len ? "|" : "");
        buf_append_slice(&b, one);
    }
    is_str(buf_cstr(&b), want, "“%s”", cell);
    buf_done(&b);
}

static void test_words(void)
{
    static const struct {
        const char *text;
        int from, until;
    } times[] = {
        {"Ca 1 (07:00-15:00)", 420, 900},
        {"7h30 – 17h", 450, 1020},
        {"từ 19 giờ đến 7 giờ", 1140, 1860},
        {"07:00:00-19:00:00", 420, 1140},
        {"0h-24h", 0, 1440},
        {"22h00 → 06h00", 1320, 1800},
        {"07/12", -1, 0},
        {"25:00-26:00", -1, 0},
        {"7h", -1, 0},
        {"", -1, 0},
    };

    for (size_t i = 0; i < CANH_LEN(times); i++) {
        struct shift_time t = {-1, 0};
        bool found = words_shift_time(slice_str(times[i].text), &t, NULL);

        ok(found == (times[i].from >= 0) && t.from == times[i].from && t.until == times[i].until,
           "“%s” is %d–%d", times[i].text, t.from, t.until);
    }
    name("1. Đ/c Nguyễn Văn A (0912 345 678)\n2. Ông Trần B - 0912345678", "Nguyễn Văn A|Trần B");
    name("A, B; C + D và E / F", "A|B|C|D|E|F");
    name("C2", "C2");
    name("ThS. Nguyễn Văn A - Giám đốc; KS. Trần B, Trưởng ca", "Nguyễn Văn A|Trần B");
    name("Phó Giám đốc Nguyễn Văn A – 0912345678", "Nguyễn Văn A");
    name("Đ/c: Nguyễn Văn A - Trần Thị B", "Nguyễn Văn A|Trần Thị B");
    name("LĐ trực: An", "LĐ trực: An");
    name("Lãnh đạo: Nguyễn An - Trưởng phòng CNTT\nKTV: Lê B", "Nguyễn An|Lê B");
    name("Đoàn Chi", "Đoàn Chi");
    ok(words_same_tones(SLICE("TRẦN  HÒA"), SLICE("Trần Hoà")),
       "case, blanks, the place of a tone");
    ok(!words_same_tones(SLICE("Trần Ba"), SLICE("Trần Bá")), "a tone");
    ok(!words_same_tones(SLICE("Tran An"), SLICE("Trân An")), "a hat");
    ok(!words_same_tones(SLICE("Trần Ba"), SLICE("Trần Ba An")), "a word more");
    name(" - ", "");
    name("nghỉ", "");
    name("Lê C – ĐT: 0255.382.1234", "Lê C");
}

static struct state_id post, chief;

static void begin(void)
{
    struct state_post p = {.code = SLICE("truc"),
                           .name = SLICE("Trực thử"),
                           .kind = SLICE("security"),
                           .presence = STATE_ON_SITE,
                           .hours = SLICE("24/7"),
                           .people = 1,
                           .zone = SLICE("Asia/Ho_Chi_Minh"),
                           .valid_from = T0 - TIME_DAY};

    world_open(&w);
    p.unit = w.commune_a;
    must(state_post_put(w.s, &w.local, &p, &err), &err, "post");
    post = p.id;
    opt = (struct import_options){.kind = IMPORT_ROSTER,
                                  .lang = LANG_EN,
                                  .apply = true,
                                  .unit = w.commune_a,
                                  .source = SLICE("truc.csv")};
}

static int run(const char *csv)
{
    const struct sheet *s = sheet_of(csv);

    return s ? import_sheet(w.s, &w.local, s, &opt, &w.arena, &rep, &err) : -CE_MISSING;
}

static void counts(size_t added, size_t changed, size_t same, size_t failed, const char *what)
{
    bool good = rep.counts[IMPORT_ADDED] == added && rep.counts[IMPORT_CHANGED] == changed &&
                rep.counts[IMPORT_SAME] == same && rep.counts[IMPORT_FAILED] == failed;

    if (!ok(good, "%s", what)) {
        tap_note("got %zu %zu %zu %zu", rep.counts[IMPORT_ADDED], rep.counts[IMPORT_CHANGED],
                 rep.counts[IMPORT_SAME], rep.counts[IMPORT_FAILED]);
        for (size_t i = 0; i < rep.note_count; i++)
            tap_note("%u:%u " SLICE_FMT, rep.notes[i].row, rep.notes[i].col,
                     SLICE_ARG(rep.notes[i].text));
    }
}

static bool told(const char *part)
{
    for (size_t i = 0; i < rep.note_count; i++)
        if (slice_find(rep.notes[i].text, slice_str(part)) != SIZE_MAX)
            return true;
    return false;
}

static size_t stored(struct state_layer *ret_layer)
{
    struct state_query q = {.ref = post};
    struct state_layer *layers;
    struct state_roster *rows;
    size_t n = 0, m = 0;

    must(state_layer_list(w.s, &w.local, &q, &w.arena, &layers, &n, &err), &err, "layers");
    is_int(n, 1, "one layer");
    if (n == 0)
        return 0;
    *ret_layer = layers[0];
    q.ref = layers[0].id;
    must(state_roster_list(w.s, &w.local, &q, &w.arena, &rows, &m, &err), &err, "turns");
    return m;
}

static void test_import(void)
{
    static const char first[] = "Ngày;Ca;Họ tên\n01/12/2026;A (7h-19h);nguoi thu mot\n"
                                ";B (19h-7h);A2\n02/12/2026;A (7h-19h);Người Thử Hai\n"
                                ";B (19h-7h);Người Thử Một\n";
    static const char second[] = "Ngày;Ca;Họ tên\n01/12/2026;A (7h-19h);Người Thử Một\n"
                                 ";B (19h-7h);A2\n02/12/2026;A (7h-19h);Người Thử Một\n";
    static const char longer[] = "Ngày;Ca;Họ tên\n01/12/2026;A (7h-19h);Người Thử Một\n"
                                 ";B (19h-7h);A2\n02/12/2026;A (7h-19h);Người Thử Một\n"
                                 "05/12/2026;A (7h-19h);Người Thử Một\n";
    struct state_layer layer = {.version = 0};

    begin();
    opt.apply = false;
    is_int(run(first), 0, "a preview");
    counts(4, 0, 0, 0, "of four turns");
    ok(told("taken as Người Thử Một"), "a name without tones is said");
    opt.apply = true;
    is_int(run(first), 0, "the import");
    is_int(stored(&layer), 4, "four turns are there");
    ok(slice_is(layer.code, "2026-12-01") && slice_is(layer.source, "truc.csv") &&
           layer.valid_to == time_from_civil(&(struct civil){2026, 12, 3, 7, 0, 0, 0}, 7 * 3600),
       "in a layer of these days");
    layer.approved_at = w.now;
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "approve");
    is_int(run(first), 0, "again");
    counts(0, 0, 4, 0, "all the same");
    (void)stored(&layer);
    ok(layer.approved_at != 0, "and still approved");
    is_int(run(second), 0, "a corrected sheet");
    counts(1, 0, 2, 0, "changes what differs");
    ok(told("2 turns") && told("approval"), "says what it drops, and asks for approval again");
    is_int(stored(&layer), 3, "nothing is doubled");
    ok(layer.approved_at == 0, "not approved any more");
    layer.approved_at = w.now;
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "approve");
    is_int(run(longer), 0, "a day more");
    ok(told("approval"), "a layer that becomes longer asks for approval again, too");
    (void)stored(&layer);
    ok(layer.approved_at == 0, "and is approved no more");
    world_close(&w);
}

static void test_refused(void)
{
    struct state_query q = {.limit = 0};
    struct state_layer *layers;
    size_t n = 9;

    begin();
    is_int(run("Ngày;Họ tên\n01/12/2026;Người Thử Một\n02/12/2026;Người Lạ\n"), 0, "a stranger");
    ok(!rep.applied && rep.counts[IMPORT_FAILED] == 1 && told("Người Lạ"), "nothing is written");
    is_int(run("Ngày;Họ tên\n01/12/2026;Người Thử\n02/12/2026;Thử\n"), 0, "half names");
    ok(!rep.applied, "that end no name are strangers");
    is_int(run("Ngày;Ca;Họ tên\n01/12/2026;7h-19h;A1\n;7h-19h;A1\n"), 0, "twice the same");
    ok(!rep.applied && told("row 2"), "is refused with the other row");
    is_int(run("Ngày;Ca;Họ tên\n01/12/2026;7h-19h;A1\n;18h-22h;A1\n03/12/2026;7h-19h;A2\n"), 0,
           "an overlap and a gap");
    ok(rep.applied && told("same time") && told("0 of 1"), "are warned about");
    must(state_layer_list(w.s, &w.local, &q, &w.arena, &layers, &n, &err), &err, "layers");
    is_int(n, 1, "only the good one stands");
    is_int(run("Ngày;Ca;Họ tên\n01/12/2026;lạ;A1\n02/12/2026;lạ;A1\n03/12/2026;lạ;A2\n"), 0,
           "a shift without times, three times");
    ok(rep.counts[IMPORT_FAILED] == 3 && rep.note_count == 1 && rep.notes[0].count == 3 &&
           rep.notes[0].row_count == 2 && rep.notes[0].rows[1] == 4,
       "is one note with its rows, counted three times");
    is_int(run("Ngày;Họ tên\n01/12/2026;Người Lạ\n02/12/2026;Người Lạ\n"), 0, "a stranger twice");
    ok(rep.counts[IMPORT_FAILED] == 2 && rep.note_count == 1 && rep.notes[0].count == 2,
       "is one note, counted twice");
    is_int(run("Ngày;Vị trí;Họ tên\n01/12/2026;không có;A1\n"), 0, "an unknown post");
    ok(!rep.applied && told("không có"), "is refused");
    world_close(&w);
}

static void days_are(int from_year, unsigned from_month, unsigned from_day, int until_year,
                     unsigned until_month, unsigned until_day, const char *what)
{
    is_int(out.first, days_from_date(from_year, from_month, from_day), "%s: first", what);
    is_int(out.last, days_from_date(until_year, until_month, until_day), "%s: last", what);
}

/* Dates without a year at its end: 31/12/2026 is a Thursday. */
static void test_years(void)
{
    is_int(read_csv(
               "Trực Tết Dương lịch năm 2027\nCa;31/12;01/01;02/01\nCa 1 (6h-14h);An;Bình;Chi\n"),
           0, "days over New Year, by column");
    days_are(2026, 12, 31, 2027, 1, 2, "the title's year is that of most of them");
    is_int(read_csv("Lịch trực tuần 53 năm 2026\nNgày;Họ tên\n30/12;An\n31/12;An\n01/01;Bình\n"), 0,
           "by row");
    days_are(2026, 12, 30, 2027, 1, 1, "here the old one's");
    is_int(read_csv("Lịch trực tháng 12/2026\nNgày;Họ tên\n31/12;An\n01/01;Bình\n02/01;Bình\n"), 0,
           "a month and its last week");
    days_are(2026, 12, 31, 2027, 1, 2, "the month's year is that month's");
    is_int(read_csv("Lịch trực tháng 01/2027\nNgày;Họ tên\n31/12;An\n01/01;Bình\n"), 0,
           "its first");
    days_are(2026, 12, 31, 2027, 1, 1, "likewise");
    is_int(read_csv(
               "Lịch trực (31/12/2026 - 02/01/2027)\nCa;31/12;01/01;02/01\nCa 1 (6h-14h);An;B;C\n"),
           0, "the title's days");
    days_are(2026, 12, 31, 2027, 1, 2, "say which year");
    is_int(read_csv("Lịch trực năm 2026\nNgày;Họ tên\n01/01;An\n15/06;An\n31/12;An\n"), 0,
           "a year");
    days_are(2026, 1, 1, 2026, 12, 31, "is one");
    is_int(read_csv(
               "Phân công trực Tết 2027\nCa;Thứ 5 (31/12);Thứ 6 (01/01)\nCa 1 (6h-14h);An;Bình\n"),
           0, "weekdays beside the dates, a bare year in the title");
    days_are(2026, 12, 31, 2027, 1, 1, "say the year, too");
    is_int(out.note_count, 0, "and nothing is noted");
    is_int(read_csv("Lịch trực 2027\nNgày;Họ tên\nThứ Hai 31/12/2026;An\nThứ Sáu 01/01/2027;An\n"),
           0, "a weekday that is wrong");
    ok(out.errors == 0 && noted(3, 1, "Thursday") && !noted(4, 1, ""), "is noted, and only that");
    is_int(read_csv("Trực Tết Dương lịch 2027\nNgày;Họ tên\n30/12;An\n31/12;An\n01/01;Bình\n"), 0,
           "more days before New Year than after it");
    days_are(2026, 12, 30, 2027, 1, 1, "a title of Tết names the new one");
    is_int(read_csv("Kèm theo Quyết định số 2045/QĐ-VP về phân công trực Tết 2027\nNgày;Họ tên\n"
                    "30/12;An\n01/01;Bình\n"),
           0, "a letter's number");
    days_are(2026, 12, 30, 2027, 1, 1, "is no year");
    is_int(read_csv("Trực Tết 2026 - 2027\nNgày;Họ tên\n28/12 - 30/12;An\n31/12;An\n"), 0,
           "a span, none of the days after it");
    days_are(2026, 12, 28, 2026, 12, 31, "or both");
    is_int(read_csv("Lịch trực tuần 1 năm 2027\nNgày;Họ tên\nThứ 3, 29/12;An\nThứ 4, 30/12;An\n"
                    "Thứ 5, 31/12;An\nThứ 6, 01/01;An\n"),
           0, "most days in the old year");
    days_are(2026, 12, 29, 2027, 1, 1, "weekdays say which it is");
    is_int(read_csv("Lịch trực năm 2026\nTuần từ 28/12 đến 03/01\nCa;T2 28/12;T6 01/01;T7 02/01\n"
                    "Ca 1 (6h-14h);An;Bình;Chi\n"),
           0, "most days in the new one");
    days_are(2026, 12, 28, 2027, 1, 2, "likewise, also where the title names days");
    is_int(read_csv("Lịch trực tháng 12/2026\nCa;Ngày;Họ tên;Ngày sinh\n24/7;31/12;An;12/05\n"
                    "24/7;01/01;Bình;03/07\n"),
           0, "“24/7” and birthdays beside the days");
    days_are(2026, 12, 31, 2027, 1, 1, "are none of them");
    is_int(read_csv("Lịch trực tháng 12/2026\nNgày;Họ tên\nT2, 07/12;An\nT4, 08/12;An\n"), 0,
           "a weekday that would be right a year later");
    days_are(2026, 12, 7, 2026, 12, 8, "moves no day");
    ok(noted(4, 1, "Tuesday"), "but is noted");
    is_int(read_csv("Tháng 12/2026\nHọ tên;1;2;3\n;T4;T5;T6\nAn;x;;x\n"), 0,
           "weekdays of another month below the numbers");
    ok(out.count == 2 && out.note_count == 1 && noted(3, 2, "Tuesday"), "are noted once");
    is_int(read_csv("Tháng 12/2026\nNgày;Họ tên\n1 (T3);An\n2 (T5);Bình\n"), 0,
           "a number of a day with a weekday");
    ok(out.note_count == 1 && noted(4, 1, "Wednesday"), "is looked at, too");
    is_int(read_csv("Tháng 12/2026\nThứ;Ngày;Họ tên\nBa;01/12;An\nNăm;02/12;Bình\n"), 0,
           "weekdays in a column beside the days");
    ok(out.note_count == 1 && noted(4, 1, "Wednesday"), "likewise");
    is_int(read_csv("UBND;;Mẫu, ngày 28 tháng 11 năm 2026\nTUẦN 1 THÁNG 12/2026\nHọ tên;1;2;3\n"
                    "An;x;;x\n"),
           0, "a letter's date above the title");
    days_are(2026, 12, 1, 2026, 12, 3, "is not its month");
    is_int(read_csv("Mẫu, ngày 28 tháng 12 năm 2026\nLịch trực tuần 1 năm 2027\nNgày;Họ tên\n"
                    "04/01;An\n05/01;Bình\n"),
           0, "a letter's date of another year");
    days_are(2027, 1, 4, 2027, 1, 5, "is not its year");
    is_int(read_csv("Lịch trực tháng 12/2026\nNgày;Họ tên\n30-11;An\n5-6;Bình\n05/07/2026;Chi\n"),
           0, "numbers with a dash");
    entries("30/11 00:00-24:00 =An; 5/12 00:00-24:00 =Bình; 6/12 00:00-24:00 =Bình; "
            "5/7 00:00-24:00 =Chi",
            "are days of the month where the date would be of a far one");
    is_int(read_csv("Từ ngày 01 tháng 12 năm 2026 đến ngày 31 tháng 12 năm 2026\nHọ tên;1;2;3\n"
                    "An;x;;x\n"),
           0, "a span alone");
    days_are(2026, 12, 1, 2026, 12, 3, "says the month");
    err = ERR_INIT;
    is_int(read_csv("Lịch trực Tết\nCa;31/12;01/01\nCa 1 (6h-14h);An;Bình\n"), -CE_MISSING,
           "no year at all");
    ok(strstr(err_words(&err), "--year") != NULL, "the error names the cure");
}

/* Several columns that could be of dates or of shifts. */
static void test_columns_of_time(void)
{
    is_int(read_csv("Thứ, ngày;Thời gian;Cán bộ trực\nThứ Ba 01/12/2026;07h30 - 19h30;An\n"
                    ";19h30 - 07h30;Bình\n"),
           0, "“Thời gian” beside the days");
    entries("1/12 07:30-19:30 =An; 1/12 19:30-31:30 =Bình", "has the times");
    is_int(out.ignored_count, 0, "both are read");
    is_int(read_csv("Thời gian;Ngày;Họ tên\n7h-19h;01/12/2026;An\n"), 0, "the other way round");
    entries("1/12 07:00-19:00 =An", "as well");
    is_int(read_csv("Ngày;Ca;Giờ trực;Họ tên\n01/12/2026;Ca 1;6h-14h;An\n;Ca 2;14h - 22h;Bình\n"),
           0, "a shift and its times in two columns");
    entries("1/12 06:00-14:00 Ca 1=An; 1/12 14:00-22:00 Ca 2=Bình", "belong together");
    is_int(read_csv("Họ tên;Từ ngày;Đến ngày;Ca\nAn;01/12/2026;03/12/2026;7h-19h\n"
                    "Bình;04/12/2026;;7h-19h\nChi;05/12/2026;04/12/2026;7h-19h\n"),
           0, "from a day until another");
    entries(
        "1/12 07:00-19:00 =An; 2/12 07:00-19:00 =An; 3/12 07:00-19:00 =An; 4/12 07:00-19:00 =Bình",
        "are all days between");
    ok(out.errors == 1 && noted(4, 3, "no date") && out.ignored_count == 0, "but not backwards");
    is_int(read_csv("Ngày;Ngày trực;Họ tên\n01/12/2026;02/12/2026;An\n"), 0,
           "two columns of dates");
    entries("1/12 00:00-24:00 =An", "the first is read");
    ok(out.ignored_count == 1 && out.ignored[0] == 2, "the other is told");
}

/* Days by their numbers past a month's end, and ranges that could be dates of another month. */
static void test_numbers_of_days(void)
{
    is_int(read_csv("Tháng 12/2026\nNgày;Họ tên\n30;An\n31;Bình\n1;An\n1;Chi\n2;Bình\n"), 0,
           "numbers that run on");
    days_are(2026, 12, 30, 2027, 1, 2, "past the month's end");
    is_int((long long)out.count, 5, "a row each");
    is_int(read_csv("Tháng 12/2026\nNgày;Họ tên\n1;An\n31;An\n1;Bình\n2;Bình\n"), 0,
           "numbers that begin again");
    days_are(2026, 12, 1, 2026, 12, 31, "where the month's first day is there");
    is_int(read_csv("Tháng 12/2026\nNgày;Họ tên\n30-11;An\n05-12;Bình\n10-11;Chi\n"), 0, "dashes");
    days_are(2026, 11, 30, 2026, 12, 11, "date or days");
    entries("30/11 00:00-24:00 =An; 5/12 00:00-24:00 =Bình; 10/12 00:00-24:00 =Chi; "
            "11/12 00:00-24:00 =Chi",
            "as the sheet's month has it");
}

/* Somebody may be called Ba, as a day is; a day's number may stand with its weekday. */
static void test_days_beside_names(void)
{
    is_int(read_csv("Lịch trực tuần từ 30/11/2026 đến 06/12/2026\nCa;Hai;Ba;Tư\n"
                    "Sáng (7h30-11h30);Ba;Năm;Ba\nĐêm (17h-7h);Ba;Tư;Sáu\n"),
           0, "names that are weekdays, too");
    entries("30/11 07:30-11:30 Sáng=Ba; 1/12 07:30-11:30 Sáng=Năm; 2/12 07:30-11:30 Sáng=Ba; "
            "30/11 17:00-31:00 Đêm=Ba; 1/12 17:00-31:00 Đêm=Tư; 2/12 17:00-31:00 Đêm=Sáu",
            "are names below a week");
    is_int(read_csv("CHẤM CÔNG TRỰC T12.2026\nHọ tên;1;2;3\nHọ tên;T3;T4;T5\nAn;x;;x\n"), 0,
           "a row of weekdays below the numbers");
    entries("1/12 00:00-24:00 =An; 3/12 00:00-24:00 =An", "is nobody's");
    is_int(out.errors, 0, "nor an error");
    is_int(read_csv(
               "Tháng 12/2026\nNgày;Trực nghiệp vụ;Nội dung trực\n1 (T3);Lê Văn An;Theo dõi mạng\n"
               "\"2\n(Thứ 4)\";Đỗ Bình;Máy chủ\n"),
           0, "numbers with their weekdays; a role that nobody knows");
    entries("1/12 00:00-24:00 =Lê Văn An; 2/12 00:00-24:00 =Đỗ Bình", "over names");
    ok(out.ignored_count == 1 && out.ignored[0] == 3, "what holds none is told");
}

static void test_legends_of_off(void)
{
    is_int(read_csv("Tháng 12/2026\nHọ tên;1;2;3;4;5;6;7\nAn;N;Đ;NB;H;CT;RO;N\n"
                    "N: ca ngày (07:00-19:00), Đ: ca đêm (19:00-07:00), NB: nghỉ bù, CT: công tác, "
                    "H: đi học, RO = nghỉ không lương\n"),
           0, "codes for shifts and for nobody in one line");
    entries("1/12 07:00-19:00 N=An; 2/12 19:00-31:00 Đ=An; 7/12 07:00-19:00 N=An",
            "are all understood");
    is_int(out.errors, 0, "without an error");
    is_int(read_csv("Tháng 12/2026\nHọ tên;1;2;3;4\nAn;LT;DD;L;ĐH\n"
                    "LT: lễ tân, DD: di động, L: lễ, ĐH: đi học\n"),
           0, "work whose name begins as what is none");
    ok(out.errors == 2 && noted(3, 2, "LT") && noted(3, 3, "DD"), "is asked for");
    is_int(read_csv("Tháng 12/2026\nHọ tên;1;2;3\nAn;ốm;NB;K\n"), 0, "without a legend");
    ok(out.errors == 1 && noted(3, 4, "K"), "the usual ones are, others are asked for");
}

static struct state_shift_change *moves(size_t *ret_n)
{
    struct state_query q = {.to = STATE_FOREVER};
    struct state_shift_change *rows = NULL;

    must(state_shift_change_list(w.s, &w.local, &q, &w.arena, &rows, ret_n, &err), &err, "moves");
    return rows;
}

static struct state_id head(void)
{
    struct state_grant grant = {.unit = w.commune_a, .role = STATE_HEAD};

    if (id_is_none(chief)) {
        chief = world_person(&w, w.commune_a, "H1", "Người Thử Đứng Đầu");
        grant.person = chief;
        must(state_grant_put(w.s, &w.local, &grant, &err), &err, "head");
    }
    return chief;
}

/* Leave of who stands there, approved. */
static struct state_id leave_of_first(int64_t from, int64_t until)
{
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct leave_request request = {.person = w.person_a, .start = from, .stop = until};
    struct leave_result ret;
    struct state_id id;
    struct duty_decision d = {.ids = &id, .count = 1, .by = head()};

    must(leave_ask(&ctx, &w.local, &request, &ret, &err), &err, "leave");
    id = ret.leave.id;
    must(leave_approve(&ctx, &w.local, &d, &ret, &err), &err, "approved");
    return id;
}

/* Two leaves of one person, decided together: one telling. */
static void test_moves_together(int64_t from)
{
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct leave_result rets[2];
    struct state_id ids[2];
    struct duty_decision d = {.ids = ids, .count = 2, .by = head()};
    struct state_shift_change *x;
    size_t before = 0, n = 0;

    (void)moves(&before);
    for (int i = 0; i < 2; i++) {
        struct leave_request request = {.person = w.person_a,
                                        .start = from + i * 12 * TIME_HOUR,
                                        .stop = from + (i + 1) * 12 * TIME_HOUR};

        must(leave_ask(&ctx, &w.local, &request, &rets[i], &err), &err, "leave");
        ids[i] = rets[i].leave.id;
    }
    is_int(leave_approve(&ctx, &w.local, &d, rets, &err), 0, "two leaves at once");
    x = moves(&n);
    is_int((long long)(n - before), 2, "take off two shifts");
    for (size_t i = 0, same = 0; i < n; i++) {
        same = 0;
        for (size_t k = 0; k < n; k++)
            same += id_eq(x[i].act, x[k].act) && x[i].start >= from && x[k].start >= from;
        if (same == 2 && !x[i].stands) {
            ok(true, "and are one act");
            return;
        }
    }
    ok(false, "and are one act");
}

/* Who comes on a shift that begins soon, or goes off one, is written down to be told. */
static void test_moves(void)
{
    static const char first[] = "Ngày;Ca;Họ tên\n01/12/2026;A (7h-19h);A1\n;B (19h-7h);A2\n"
                                "02/12/2026;A (7h-19h);A2\n;B (19h-7h);A1\n"
                                "20/12/2026;A (7h-19h);A1\n";
    static const char second[] = "Ngày;Ca;Họ tên\n01/12/2026;A (7h-19h);A1\n;B (19h-7h);A2\n"
                                 "02/12/2026;A (7h-19h);A1\n;B (19h-7h);A1\n"
                                 "20/12/2026;A (7h-19h);A2\n";
    const int64_t day = time_from_civil(&(struct civil){2026, 12, 1, 0, 0, 0, 0}, 7 * 3600);
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct leave_result ret;
    struct state_shift_change *x;
    struct state_id id;
    size_t n = 0, off = 0;

    begin();
    ctx.s = w.s;
    w.now = day - TIME_HOUR;
    opt.apply = false;
    is_int(run(first), 0, "a preview");
    (void)moves(&n);
    is_int((long long)n, 0, "moves nobody");
    opt.apply = true;
    is_int(run(first), 0, "an import");
    x = moves(&n);
    is_int((long long)n, 4, "puts people on the shifts of these days, not those far ahead");
    ok(n == 4 && id_eq(x[0].act, x[3].act) && x[0].stands && x[3].stands, "by one act");
    is_int(run(first), 0, "again");
    (void)moves(&n);
    is_int((long long)n, 4, "changes nobody's");
    is_int(run(second), 0, "a corrected one");
    x = moves(&n);
    is_int((long long)n, 6, "takes one off and puts one on");
    for (size_t i = 0; i < n; i++) {
        off += !x[i].stands;
        if (!x[i].stands)
            is_int(x[i].start, day + 31 * TIME_HOUR, "the second day's first shift");
    }
    is_int((long long)off, 1, "of one");
    id = leave_of_first(day + 24 * TIME_HOUR, day + 60 * TIME_HOUR);
    x = moves(&n);
    is_int((long long)n, 8, "leave takes off two shifts");
    is_int(leave_cancel(&ctx, &w.local,
                        &(struct duty_decision){.ids = &id, .count = 1, .by = head()}, &ret, &err),
           0, "its end");
    (void)moves(&n);
    is_int((long long)n, 10, "gives them back");
    test_moves_together(day + 31 * TIME_HOUR);
    world_close(&w);
}

int main(void)
{
    w.arena = ARENA_INIT(64u << 20);
    test_layouts();
    test_weekdays();
    test_years();
    test_columns_of_time();
    test_legends_of_off();
    test_days_beside_names();
    test_numbers_of_days();
    test_ways_of_writing();
    test_more_ways();
    test_ditto();
    test_headings();
    test_names();
    test_wrong();
    test_words();
    arena_done(&w.arena);
    test_import();
    test_moves();
    test_refused();
    return tap_done();
}
