/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences as letters have them → how often or until when. */
#include "plan/draft_when.h"

#include "base/time.h"
#include "calendar/frequency.h"
#include "tap.h"

static const struct {
    const char *text, *every, *word;
} sentences[] = {
    {"Báo cáo 01 lần/ngày.", "daily", "01 lần/ngày"},
    {"Sao lưu một lần mỗi tuần.", "weekly", "một lần mỗi tuần"},
    {"Kiểm tra 02 lần trong tháng.", "monthly(15,last)", "02 lần trong tháng"},
    {"Rà soát định kỳ 03 tháng/lần.", "quarterly", "03 tháng/lần"},
    {"Rà soát 6 tháng một lần.", "half-yearly", "6 tháng một lần"},
    {"HẰNG NGÀY báo cáo trước 16 giờ 00.", "daily@16:00", "HẰNG NGÀY báo cáo trước 16 giờ 00"},
    {"trước 16h30 hàng ngày", "daily@16:30", "trước 16h30 hàng ngày"},
    {"trước 07:30 mỗi ngày", "daily@07:30", "trước 07:30 mỗi ngày"},
    {"trước 0 giờ 30 hàng ngày", "daily@00:30", "trước 0 giờ 30 hàng ngày"},
    {"trước 24 giờ hàng ngày", "daily@23:59", "trước 24 giờ hàng ngày"},
    {"trước 23 giờ 59 hàng ngày", "daily@23:59", "trước 23 giờ 59 hàng ngày"},
    {"vào thứ Sáu hằng tuần", "weekly(fri)", "thứ Sáu hằng tuần"},
    {"trước 15 giờ thứ 2 hằng tuần", "weekly(mon)@15:00", "trước 15 giờ thứ 2 hằng tuần"},
    {"chủ nhật hàng tuần", "weekly(sun)", "chủ nhật hàng tuần"},
    {"trước ngày 25 hằng tháng", "monthly(24)", "trước ngày 25 hằng tháng"},
    {"ngày 05 hằng tháng", "monthly(5)", "ngày 05 hằng tháng"},
    {"vào ngày 05 hằng tháng", "monthly(5)", "ngày 05 hằng tháng"},
    {"gửi trước ngày 05 hằng tháng", "monthly(4)", "trước ngày 05 hằng tháng"},
    {"trước ngày 01 hằng tháng", "monthly", "trước ngày 01 hằng tháng"},
    {"hằng quý và hằng năm", "quarterly", "hằng quý"},
    {"bàn giao mỗi ca trực", "each-shift", "mỗi ca"},
    {"01 lần/giờ", "continuous(<=1h)", "01 lần/giờ"},
    {"Khi có sự cố, báo cáo trong vòng 30 phút.", "within(30m, incident)", "trong vòng 30 phút"},
    {"Phát hiện tấn công, báo trong thời hạn 02 giờ", "within(2h, incident)",
     "trong thời hạn 02 giờ"},
    {"Trong thời gian không quá 30 phút kể từ khi phát hiện", "within(30m, incident)",
     "Trong thời gian không quá 30 phút"},
    {"Báo cáo chậm nhất 24 (hai mươi tư) giờ kể từ khi xảy ra sự cố", "within(24h, incident)",
     "chậm nhất 24 (hai mươi tư) giờ"},
    {"chậm nhất sau 04 giờ kể từ lúc nhận được yêu cầu", "within(4h, written-order)",
     "chậm nhất sau 04 giờ"},
    {"Sự cố đứt cáp phải báo không quá 15 phút", "within(15m, cable-cut)", "không quá 15 phút"},
    {"có hiệu lực trong thời hạn 30 ngày kể từ ngày ký", "", ""},
    {"Khắc phục lỗ hổng trong vòng 05 ngày", "", ""},
    {"Sự cố: báo cáo trong vòng 05 ngày làm việc", "within(5wd, incident)",
     "trong vòng 05 ngày làm việc"},
    {"gửi trước ngày 15/12/2026", "at-start(14d)", "trước ngày 15/12/2026"},
    {"chậm nhất ngày 15/12", "at-start(15d)", "nhất ngày 15/12"},
    {"hoàn thành ngày 15 tháng 12 năm 2026", "at-start(15d)", "thành ngày 15 tháng 12 năm 2026"},
    {"trước ngày 15/11/2026", "", ""}, /* before the plan's beginning */
    {"trước ngày 31/02/2027", "", ""},
    {"hết tháng 10/2026", "", ""}, /* the same of what has passed */
    {"trước tháng 10/2026", "", ""},
    {"hoàn thành trong tháng 10/2026", "", ""},
    {"hết quý V/2027", "", ""},
    {"hết quý I", "", ""},
    {"hết tháng 13/2027", "", ""},
    {"hết tháng 02/2200", "", ""},
    {"hết năm 2200", "", ""},
    {"hết năm 2199", "", ""}, /* too far away for a plan */
    {"trong quý II/2027", "at-start(212d)", "trong quý II/2027"},
    {"trước quý I/2027", "at-start(31d)", "trước quý I/2027"},
    {"trước năm 2027", "at-start(31d)", "trước năm 2027"},
    {"hạn chót 17 giờ là ngày 15/12/2026", "at-start(353h)", "chót 17 giờ là ngày 15/12/2026"},
    {"Nghị định ngày 15/12/2026 của Chính phủ", "", ""},
    {"hàng hoá và dịch vụ, năm mới", "", ""},
    {"", "", ""},
};

static const struct {
    const char *text, *every;
} dues[] = {
    {"15/12/2026", "at-start(15d)"},
    {"Tháng 12/2026", "at-start(31d)"},
    {"Quý I/2027", "at-start(121d)"},
    {"Năm 2026", "at-start(31d)"},
    {"Hằng tháng", "monthly"},
    {"Từ ngày 05/12 đến ngày 10/12/2026", "at-start(10d)"},
    {"Thường xuyên", ""},
    {"", ""},
    {"15/11/2026", ""},
    {"Tháng 11/2026", ""},
    {"Quý IV/2026; Tháng 12/2026", "at-start(31d)"},
    {"05/12/2026; 10/12/2026; 07/12/2026", "at-start(10d)"},
    {"01.12.2026 - 20.12.2026", "at-start(20d)"},
};

/* Every so many periods, several times in one, and what no frequency says. */
static const struct {
    const char *text, *every;
    enum draft_fit fit;
} recurrences[] = {
    {"Kiểm tra 02 tuần/lần.", "weekly/2", WHEN_EXACT},
    {"Kiểm tra hai tuần một lần, vào thứ Sáu.", "weekly/2(fri)", WHEN_EXACT},
    {"Kiểm tra 02 (hai) tuần/01 lần", "weekly/2", WHEN_EXACT},
    {"hai (02) tuần một lần", "weekly/2", WHEN_EXACT},
    {"hai mươi ngày một lần", "daily/20", WHEN_EXACT},
    {"hai mươi lăm ngày một lần", "daily/25", WHEN_EXACT},
    {"mười tư ngày một lần", "daily/14", WHEN_EXACT},
    {"mười năm một lần", "yearly/10", WHEN_EXACT},
    {"tám ngày một lần", "daily/8", WHEN_EXACT},
    {"cứ 2 tuần một lần", "weekly/2", WHEN_EXACT},
    {"mỗi hai tuần", "weekly/2", WHEN_EXACT},
    {"định kỳ 02 tuần", "weekly/2", WHEN_EXACT},
    {"Sao lưu ba ngày một lần.", "daily/3", WHEN_EXACT},
    {"15 ngày/lần", "daily/15", WHEN_EXACT},
    {"mười lăm ngày một lần", "daily/15", WHEN_EXACT},
    {"15 (mười lăm) ngày một lần, trước 16 giờ 00", "daily/15@16:00", WHEN_EXACT},
    {"Rà soát 6 tháng/lần", "half-yearly", WHEN_EXACT},
    {"Rà soát 2 tháng/lần, trước ngày 25", "monthly/2(24)", WHEN_EXACT},
    {"02 quý một lần", "half-yearly", WHEN_EXACT},
    {"Diễn tập 02 năm/lần.", "yearly/2", WHEN_EXACT},
    {"hai năm một lần", "yearly/2", WHEN_EXACT},
    {"năm ngày một lần", "daily/5", WHEN_EXACT},
    {"nửa tháng một lần", "monthly(15,last)", WHEN_SPREAD},
    {"04 giờ/lần", "continuous(<=4h)", WHEN_EXACT},
    {"kiểm tra 30 phút một lần", "continuous(<=30m)", WHEN_EXACT},
    {"mỗi 2 giờ", "continuous(<=2h)", WHEN_EXACT},
    {"Báo cáo 02 lần/ngày.", "daily@12:00,24:00", WHEN_SPREAD},
    {"Báo cáo 02 lần/ngày, trước 10 giờ và 16 giờ 30.", "daily@10:00,16:30", WHEN_EXACT},
    {"trước 16h00 và trước 10h00 hằng ngày", "daily@10:00,16:00", WHEN_EXACT},
    {"mỗi ngày 2 lần", "daily@12:00,24:00", WHEN_SPREAD},
    {"mỗi tuần ít nhất 01 lần", "weekly", WHEN_EXACT},
    {"một năm hai lần", "half-yearly", WHEN_EXACT},
    {"Tối thiểu 04 lần/năm", "quarterly", WHEN_EXACT},
    {"3 lần/quý", "monthly", WHEN_EXACT},
    {"02 lần trong tháng", "monthly(15,last)", WHEN_SPREAD},
    {"Họp tuần 2 lần.", "weekly(wed,sun)", WHEN_SPREAD},
    {"thứ Ba và thứ Sáu hằng tuần", "weekly(tue,fri)", WHEN_EXACT},
    {"vào các ngày thứ 2, 4, 6 hàng tuần trước 16h", "weekly(mon,wed,fri)@16:00", WHEN_EXACT},
    {"lúc 8 giờ các ngày thứ Hai, thứ Tư, thứ Sáu", "weekly(mon,wed,fri)@08:00", WHEN_EXACT},
    {"báo cáo 03 lần/ngày (06h00, 11h00, 17h00)", "daily@06:00,11:00,17:00", WHEN_EXACT},
    {"hằng tháng, trước ngày mùng 5", "monthly(4)", WHEN_EXACT},
    {"mồng 10 hằng tháng", "monthly(10)", WHEN_EXACT},
    {"Cách ngày thử máy phát", "daily/2", WHEN_EXACT},
    {"hằng ngày từ 20/01/2027 đến 30/01/2027, chậm nhất 15h30", "daily@15:30", WHEN_EXACT},
    {"trước ngày 15 và ngày 30 hằng tháng", "monthly(14,29)", WHEN_EXACT},
    {"ngày 10, 20 hằng tháng", "monthly(10,20)", WHEN_EXACT},
    {"trước ngày 01 và ngày 15 hằng tháng", "monthly(14,last)", WHEN_EXACT},
    {"từ ngày 20 đến ngày 25 hằng tháng", "monthly(25)", WHEN_EXACT},
    {"Hằng quý, trước ngày 20 của tháng cuối quý", "quarterly(19)", WHEN_EXACT},
    {"chậm nhất ngày 20 tháng cuối quý", "quarterly(20)", WHEN_EXACT},
    {"trước ngày 15/12 hằng năm", "yearly(12-14)", WHEN_EXACT},
    {"ngày 20 tháng 12 hằng năm", "yearly(12-20)", WHEN_EXACT},
    {"ngày làm việc cuối cùng hằng tháng", "monthly before-holiday", WHEN_EXACT},
    {"vào 16h30 các ngày làm việc", "daily@16:30 workdays", WHEN_EXACT},
    {"trước 4 giờ chiều thứ 6 hằng tuần", "weekly(fri)@16:00", WHEN_EXACT},
    {"trước 16g30 hằng ngày", "daily@16:30", WHEN_EXACT},
    {"trước 17 giờ 00 phút thứ Sáu hằng tuần", "weekly(fri)@17:00", WHEN_EXACT},
    {"trước 16h ngày 25 hằng tháng", "monthly(25)@16:00", WHEN_EXACT},
    {"Rà soát 03 tháng/lần.", "quarterly", WHEN_EXACT},
    {"Báo cáo 01 lần/ngày.", "daily", WHEN_EXACT},
    {"Rà soát 6 tháng một lần.", "half-yearly", WHEN_EXACT},
    {"06 lần/tuần", "weekly", WHEN_TIMES},
    {"500 ngày/lần", "daily", WHEN_APART},
    {"làm ngày một lần", "daily", WHEN_EXACT},
    {"Nhận qua thư; trước 10 giờ. Báo cáo hằng ngày", "daily", WHEN_EXACT},
    {"hằng ngày trước 16 giờ, hằng tuần trước 15 giờ thứ Sáu", "daily@16:00", WHEN_EXACT},
};

static const struct {
    const char *text, *every;
} spans[] = {
    {"Báo cáo ngay khi phát hiện, muộn nhất 30 phút", "within(30m, incident)"},
    {"không chậm quá 15 phút kể từ khi đứt cáp", "within(15m, cable-cut)"},
    {"trong 24 giờ kể từ khi phát hiện", "within(24h, incident)"},
    {"trong 24h kể từ thời điểm phát hiện sự cố", "within(24h, incident)"},
    {"trong vòng hai giờ sau khi nhận được yêu cầu", "within(2h, written-order)"},
    {"vá trong 24 giờ kể từ khi nhận được văn bản này", "at-start(24h)"},
    {"trong vòng 05 ngày kể từ ngày nhận được công văn, các sở báo cáo", "at-start(5d)"},
    {"trong vòng 03 ngày kể từ ngày nhận được Thông báo này", "at-start(3d)"},
    {"trong vòng 30 phút kể từ khi nhận được thông tin về sự cố", "within(30m, incident)"},
    {"trong vòng 30 phút kể từ khi nhận được thông báo sự cố", "within(30m, incident)"},
    {"trong vòng 02 giờ kể từ khi nhận được văn bản yêu cầu của Công an",
     "within(2h, written-order)"},
    {"trong vòng 10 ngày kể từ ngày ký hợp đồng có sự cố", "within(10d, incident)"},
    {"gửi trong vòng 05 ngày làm việc kể từ ngày ký", "at-start(5wd)"},
    {"chậm nhất 10 ngày sau khi nhận Kế hoạch này", "at-start(10d)"},
    {"Quyết định có hiệu lực trong vòng 10 ngày kể từ ngày ký", ""},
    {"trong vòng ba mươi phút khi có sự cố", "within(30m, incident)"},
    {"trong vòng 30 (ba mươi) phút khi có sự cố", "within(30m, incident)"},
    {"Khi có sự cố, không quá 300 ngày làm việc", ""},
    {"trực trong 24 giờ", ""},
    {"họp các ngày thứ Hai, thứ Ba ngày 15/12", ""},
    {"cách ngày 15/12", ""},
    {"xong trước tháng 02/2027", "at-start(62d)"},
    {"hoàn thành trước 17h00 ngày 15/12/2026", "at-start(353h)"},
    {"hoàn thành trước 17h30 ngày 02/12/2026", "at-start(2490m)"},
    {"hoàn thành trước 17h30 ngày 15/12/2026", "at-start(353h)"},
    {"hạn cuối là ngày 15/12/2026", "at-start(15d)"},
    {"chậm nhất đến hết ngày 15-12-2026", "at-start(15d)"},
    {"hết quý I/2027", "at-start(121d)"},
};

static const struct {
    const char *text;
    int from[3], until[3]; /* year 0: none */
} windows[] = {
    {"từ ngày 15/12/2026 đến hết ngày 20/02/2027", {2026, 12, 15}, {2027, 2, 20}},
    {"Từ ngày 15 tháng 12 năm 2026 đến ngày 20 tháng 02 năm 2027", {2026, 12, 15}, {2027, 2, 20}},
    {"từ 17 giờ 00 ngày 05/02 đến 07 giờ 30 ngày 12/02/2027", {2027, 2, 5}, {2027, 2, 12}},
    {"từ ngày 28/12 đến hết ngày 03/01/2027", {2026, 12, 28}, {2027, 1, 3}},
    {"từ ngày 10 đến hết ngày 20/01/2027", {2027, 1, 10}, {2027, 1, 20}},
    {"từ 17h00 ngày 05/02 tới 07h30 ngày 12/02/2027", {2027, 2, 5}, {2027, 2, 12}},
    {"từ 0 giờ ngày 10 đến 24 giờ ngày 15 tháng 01 năm 2027", {2027, 1, 10}, {2027, 1, 15}},
    {"từ 28/12/2026 đến 03/01/2027", {2026, 12, 28}, {2027, 1, 3}},
    {"từ 28/12 đến 03/01/2027", {2026, 12, 28}, {2027, 1, 3}},
    {"từ ngày 10 tháng 12 đến ngày 05 tháng 01 năm 2027", {2026, 12, 10}, {2027, 1, 5}},
    {"từ ngày 05/01/2027 đến ngày 05/01/2027", {2027, 1, 5}, {2027, 1, 5}},
    {"từ ngày 45 đến ngày 20/01/2027", {0, 0, 0}, {0, 0, 0}},
    {"từ ngày 10/13 đến ngày 20/01/2027", {0, 0, 0}, {0, 0, 0}},
    {"", {0, 0, 0}, {0, 0, 0}},
    {"từ nay đến hết Tết", {0, 0, 0}, {0, 0, 0}},
    {"từ ngày 10/01/2027 đến ngày 05/01/2027", {0, 0, 0}, {0, 0, 0}},
};

int main(void)
{
    int64_t start = days_from_date(2026, 12, 1), from, until;
    const struct slice two = SLICE("Đo kiểm 02 tuần/lần; khi đứt cáp báo trong vòng 30 phút");
    struct draft_when w, next;

    for (size_t i = 0; i < CANH_LEN(sentences); i++) {
        bool found = draft_when_read(slice_str(sentences[i].text), start, &w);

        ok(found == (sentences[i].every[0] != 0), "“%s”", sentences[i].text);
        is_str(w.every, sentences[i].every, "how often");
        is_slice(w.word, slice_str(sentences[i].word), "its words");
    }
    for (size_t i = 0; i < CANH_LEN(recurrences); i++) {
        struct frequency f;

        (void)draft_when_read(slice_str(recurrences[i].text), start, &w);
        is_str(w.every, recurrences[i].every, "“%s”", recurrences[i].text);
        is_int(w.fit, recurrences[i].fit, "how well it says so");
        ok(frequency_parse(slice_str(w.every), &f, NULL) == 0, "%s is a frequency", w.every);
    }
    ok(draft_when_next(slice_str(recurrences[CANH_LEN(recurrences) - 1].text), &w, &next),
       "a second recurrence");
    is_str(next.every, "weekly(fri)@15:00", "is read, too");
    ok(draft_when_read(two, start, &w) && draft_when_next(two, &w, &next), "what follows an event");
    is_str(w.every, "weekly/2", "the recurrence first");
    is_str(next.every, "within(30m, cable-cut)", "then the time");
    for (size_t i = 0; i < CANH_LEN(spans); i++) {
        (void)draft_when_read(slice_str(spans[i].text), start, &w);
        is_str(w.every, spans[i].every, "“%s”", spans[i].text);
    }
    for (size_t i = 0; i < CANH_LEN(dues); i++) {
        bool found = draft_when_due(slice_str(dues[i].text), start, &w);

        ok(found == (dues[i].every[0] != 0), "“%s”", dues[i].text);
        is_str(w.every, dues[i].every, "when it is due");
    }
    for (size_t i = 0; i < CANH_LEN(windows); i++) {
        const int *a = windows[i].from, *b = windows[i].until;
        bool found = draft_when_window(slice_str(windows[i].text), &from, &until);

        ok(found == (a[0] != 0), "“%s”", windows[i].text);
        if (found && a[0] != 0)
            ok(from == days_from_date(a[0], (unsigned)a[1], (unsigned)a[2]) &&
                   until == days_from_date(b[0], (unsigned)b[1], (unsigned)b[2]),
               "its days");
    }
    ok(!draft_when_read(SLICE("trước ngày 15/12/2026"), TIME_NONE, &w), "no date without a start");
    return tap_done();
}
