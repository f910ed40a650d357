/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences as letters have them → how often or until when. */
#include "plan/draft_when.h"

#include "base/time.h"
#include "tap.h"

static const struct {
    const char *text, *every, *word;
} sentences[] = {
    {"Báo cáo 01 lần/ngày.", "daily", "01 lần/ngày"},
    {"Sao lưu một lần mỗi tuần.", "weekly", "một lần mỗi tuần"},
    {"Kiểm tra 02 lần trong tháng.", "monthly", "02 lần trong tháng"},
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
    {"chậm nhất sau 04 giờ kể từ lúc nhận được yêu cầu", "within(4h, incident)",
     "chậm nhất sau 04 giờ"},
    {"Sự cố đứt cáp phải báo không quá 15 phút", "within(15m, incident)", "không quá 15 phút"},
    {"có hiệu lực trong thời hạn 30 ngày kể từ ngày ký", "", ""},
    {"Khắc phục lỗ hổng trong vòng 05 ngày", "", ""},
    {"Sự cố: báo cáo trong vòng 05 ngày làm việc", "within(5wd, incident)", "trong vòng 05 ngày"},
    {"gửi trước ngày 15/12/2026", "at-start(14d)", "trước ngày 15/12/2026"},
    {"chậm nhất ngày 15/12", "at-start(15d)", "nhất ngày 15/12"},
    {"hoàn thành ngày 15 tháng 12 năm 2026", "at-start(15d)", "thành ngày 15 tháng 12 năm 2026"},
    {"trước ngày 15/11/2026", "", ""}, /* before the plan's beginning */
    {"trước ngày 31/02/2027", "", ""},
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
    {"01.12.2026 - 20.12.2026", "at-start(20d)"},
};

/* What no frequency says is told beside it. */
static const struct {
    const char *text, *every;
    int apart, times;
} rough[] = {
    {"Kiểm tra 02 tuần/lần.", "weekly", 2, 0}, {"Sao lưu ba ngày một lần.", "daily", 3, 0},
    {"Diễn tập 02 năm/lần.", "yearly", 2, 0},  {"Báo cáo 02 lần/ngày.", "daily", 1, 2},
    {"Họp tuần 2 lần.", "weekly", 1, 2},       {"Rà soát 03 tháng/lần.", "quarterly", 1, 0},
    {"Báo cáo 01 lần/ngày.", "daily", 1, 1},   {"Rà soát 6 tháng một lần.", "half-yearly", 1, 0},
};

static const struct {
    const char *text;
    int from[3], until[3]; /* year 0: none */
} windows[] = {
    {"từ ngày 15/12/2026 đến hết ngày 20/02/2027", {2026, 12, 15}, {2027, 2, 20}},
    {"Từ ngày 15 tháng 12 năm 2026 đến ngày 20 tháng 02 năm 2027", {2026, 12, 15}, {2027, 2, 20}},
    {"từ 17 giờ 00 ngày 05/02 đến 07 giờ 30 ngày 12/02/2027", {2027, 2, 5}, {2027, 2, 12}},
    {"từ ngày 28/12 đến hết ngày 03/01/2027", {2026, 12, 28}, {2027, 1, 3}},
    {"từ nay đến hết Tết", {0, 0, 0}, {0, 0, 0}},
    {"từ ngày 10/01/2027 đến ngày 05/01/2027", {0, 0, 0}, {0, 0, 0}},
};

int main(void)
{
    int64_t start = days_from_date(2026, 12, 1), from, until;
    struct draft_when w;

    for (size_t i = 0; i < CANH_LEN(sentences); i++) {
        bool found = draft_when_read(slice_str(sentences[i].text), start, &w);

        ok(found == (sentences[i].every[0] != 0), "“%s”", sentences[i].text);
        is_str(w.every, sentences[i].every, "how often");
        is_slice(w.word, slice_str(sentences[i].word), "its words");
    }
    for (size_t i = 0; i < CANH_LEN(rough); i++) {
        (void)draft_when_read(slice_str(rough[i].text), start, &w);
        is_str(w.every, rough[i].every, "“%s”", rough[i].text);
        ok(w.apart == rough[i].apart && w.times == rough[i].times, "%d apart, %d times", w.apart,
           w.times);
    }
    for (size_t i = 0; i < CANH_LEN(dues); i++) {
        (void)draft_when_due(slice_str(dues[i].text), start, &w);
        is_str(w.every, dues[i].every, "“%s”", dues[i].text);
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
