/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_PICTURE_SAMPLE_H
#define CANH_TESTS_PICTURE_SAMPLE_H
/* An invented province for the one-page picture. */
#include <math.h>

#include "report/picture.h"

enum { SAMPLE_NOW = 29758590 }; /* some day at 16:30 */

static const struct overview_duty sample_missing[] = {{SLICE("Trực ATTT"), SLICE("Sở Mẫu A")},
                                                      {SLICE("Trực công nghệ thông tin"),
                                                       SLICE("UBND xã Mẫu Bình Minh")},
                                                      {SLICE("Ứng cứu thông tin"),
                                                       SLICE("Viễn thông Mẫu")}};

#define CLAUSE(number, title, ...)                                                                 \
    {                                                                                              \
        SLICE(number), SLICE(title), __VA_ARGS__                                                   \
    }
#define TREND(a, b, c, d, e, f, g)                                                                 \
    {                                                                                              \
        a, b, c, d, e, f, g                                                                        \
    }
static const struct overview_clause sample_clauses[] = {
    CLAUSE("I.1", "Quản lý, kỹ thuật, rà soát, trực, sao lưu", 40, 22, 8, 4, 3, 23,
           TREND(.5f, .55f, .52f, .6f, .6f, .61f, .62f)),
    CLAUSE("I.2", "Mã hóa, tiêu chuẩn, dữ liệu cá nhân", 31, 12, 20, 2, 0, 35,
           TREND(.4f, .4f, .41f, NAN, NAN, .43f, .43f)),
    CLAUSE("I.3", "Tuyên truyền, mật khẩu, thư công vụ", 10, 66, 4, 1, 5, 14,
           TREND(.1f, .2f, .3f, .5f, .6f, .7f, .76f)),
    CLAUSE("I.4", "Tường lửa, phát hiện xâm nhập, mã độc", 52, 18, 2, 6, 2, 20,
           TREND(.6f, .62f, .65f, .66f, .7f, .7f, .7f)),
    CLAUSE("I.5", "Rà soát quy trình, mạng trung tâm, máy chủ", 12, 40, 30, 0, 2, 16,
           TREND(.3f, .3f, .4f, .4f, .5f, .5f, .52f)),
    CLAUSE("I.6", "Trung tâm: thư công vụ, cổng, một cửa, dữ liệu", 2, 0, 0, 0, 0, 0,
           TREND(1, 1, 1, .9f, 1, 1, 1)),
    CLAUSE("I.8", "Đội ứng cứu: rà soát, hỗ trợ", 0, 88, 0, 0, 12, 116,
           TREND(.2f, .2f, .3f, .3f, .3f, .35f, .41f)),
    CLAUSE("II.1", "Trực ca, vận hành 24 giờ, bưu chính KT1", 5, 2, 0, 0, 0, 1,
           TREND(.8f, .8f, .9f, .9f, .9f, .9f, .88f)),
    CLAUSE("II.2", "Giờ mở cửa, niêm yết, chuyển phát", 0, 3, 0, 0, 1, 0,
           TREND(.7f, .7f, .7f, .8f, .8f, .8f, .75f)),
    CLAUSE("II.3", "Đo thử, bảo dưỡng, dự phòng", 0, 4, 1, 0, 0, 1,
           TREND(.5f, .5f, .6f, .6f, .7f, .7f, .7f)),
    CLAUSE("II.4", "Hàng cấm, tin nhắn rác, lừa đảo", 0, 5, 0, 0, 0, 1,
           TREND(.8f, .8f, .8f, .8f, .8f, .8f, .83f)),
    CLAUSE("II.5", "Phối hợp công an, chống cắt cáp", 0, 3, 1, 1, 0, 1,
           TREND(.5f, .5f, .5f, .5f, .5f, .5f, .5f)),
    CLAUSE("II.6", "Rà soát mạng, dự phòng, phân tải", 0, 3, 0, 1, 0, 0,
           TREND(.7f, .7f, .7f, .7f, .7f, .75f, .75f)),
    CLAUSE("II.7", "Mở rộng, nâng cấp dung lượng", 0, 2, 1, 0, 1, 0,
           TREND(.5f, .5f, .5f, .5f, .5f, .5f, .5f)),
    CLAUSE("Kết", "Phản ánh vướng mắc, phối hợp giải quyết", 20, 0, 70, 0, 2, 8,
           TREND(NAN, NAN, NAN, .2f, .2f, .2f, .2f)),
};

static const struct overview_service sample_services[] = {
    {SLICE("Thư điện tử công vụ"), OVERVIEW_GOOD, 0.9993, SAMPLE_NOW - 2},
    {SLICE("Cổng thông tin điện tử"), OVERVIEW_WARN, 0.982, SAMPLE_NOW - 3},
    {SLICE("Một cửa điện tử"), OVERVIEW_BAD, 0.911, SAMPLE_NOW - 1},
    {SLICE("Trung tâm dữ liệu"), OVERVIEW_UNKNOWN, -1, OVERVIEW_NEVER}};

#define COUNT(v)                                                                                   \
    {                                                                                              \
        v, SAMPLE_NOW - 60                                                                         \
    }
static const struct overview_operator sample_operators[] = {
    {SLICE("Viễn thông Mẫu"), COUNT(2), COUNT(1), COUNT(3), COUNT(-1), COUNT(-1), COUNT(0),
     SAMPLE_NOW - 45},
    {SLICE("Di động Mẫu"), COUNT(0), COUNT(0), COUNT(0), COUNT(-1), COUNT(-1), COUNT(1),
     SAMPLE_NOW - 60 * 26},
    {SLICE("Bưu điện tỉnh Mẫu"), COUNT(-1), COUNT(-1), COUNT(-1), COUNT(1240), COUNT(1), COUNT(0),
     SAMPLE_NOW - 70}};

static const struct overview_request sample_requests[] = {
    {SLICE("VM-0012"), SLICE("UBND xã Mẫu Bình Minh"), SAMPLE_NOW - 60 * 50},
    {SLICE("VM-0015"), SLICE("Sở Mẫu B"), SAMPLE_NOW - 60 * 30}};

static const struct overview_station sample_silent[] = {{SLICE("UBND phường Mẫu 3"),
                                                         SAMPLE_NOW - 60 * 5},
                                                        {SLICE("Văn phòng Mẫu"),
                                                         SAMPLE_NOW - 60 * 75},
                                                        {SLICE("UBND xã Mẫu Đảo"), OVERVIEW_NEVER}};

static const struct slice sample_sentences[] = {
    SLICE("Một cửa điện tử ngừng từ 15:10 do hỏng bộ lưu trữ; Trung tâm đang chuyển sang bản dự "
          "phòng, dự kiến 17:30."),
    SLICE("Đứt cáp đoạn Mẫu 1 – Mẫu 2 do thi công, đã chuyển hướng, không cơ quan nào mất liên "
          "lạc."),
    SLICE("Ba vị trí trực còn trống, đã gọi; 35 % đơn vị chưa có minh chứng mã hóa.")};

__attribute__((unused)) static struct overview sample_picture(void)
{
    return (struct overview){
        .province = SLICE("TỈNH MẪU"),
        .authority = SLICE("Sở Mẫu – Trực điều phối"),
        .plan = SLICE("Phương án bảo đảm an toàn thông tin trước Đại hội (mẫu)"),
        .phase = SLICE("cao điểm"),
        .days_left = 3,
        .now = SAMPLE_NOW,
        .oldest = SAMPLE_NOW - 60 * 26,
        .units = 100,
        .units_reporting = 77,
        .posts_required = 112,
        .posts_covered = 109,
        .missing = sample_missing,
        .missing_count = CANH_LEN(sample_missing),
        .clauses = sample_clauses,
        .clause_count = CANH_LEN(sample_clauses),
        .services = sample_services,
        .service_count = CANH_LEN(sample_services),
        .cases = {[OVERVIEW_RED] = 1, [OVERVIEW_ORANGE] = 2, [OVERVIEW_YELLOW] = 5},
        .oldest_case = SLICE("SC-2026-0007"),
        .oldest_case_since = SAMPLE_NOW - 60 * 80,
        .next_deadline = SLICE("Báo cáo ban đầu SC-2026-0011 (24 giờ)"),
        .next_deadline_at = SAMPLE_NOW + 130,
        .operators = sample_operators,
        .operator_count = CANH_LEN(sample_operators),
        .red_overdue = COUNT(4),
        .stale_backups = COUNT(2),
        .exposures = {-1, OVERVIEW_NEVER},
        .requests = sample_requests,
        .request_count = CANH_LEN(sample_requests),
        .silent = sample_silent,
        .silent_count = CANH_LEN(sample_silent),
        .stations = 14,
        .sentences = sample_sentences,
        .sentence_count = CANH_LEN(sample_sentences),
        .banner = SLICE("DỮ LIỆU MẪU – KHÔNG CÓ THẬT"),
        .created = 1785500000,
    };
}

#endif
