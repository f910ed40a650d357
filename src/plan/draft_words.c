/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines of an official letter's head look like (NĐ 30/2020, Phụ lục I and III). */
#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "plan/draft_text.h"
#include "plan/terms.h"

bool draft_begins(struct arena *arena, struct slice s, const char *word)
{
    struct slice key = terms_key(arena, slice_head(s, 80), false);
    struct slice want = terms_key(arena, slice_str(word), false);

    return key.n > 0 && want.n > 0 && slice_starts(key, want);
}

bool draft_is_capitals(struct slice s)
{
    size_t upper = 0, lower = 0;

    for (size_t i = 0; i < s.n; i++) {
        upper += ascii_is_upper(s.p[i]);
        lower += ascii_is_lower(s.p[i]);
    }
    return upper >= 2 && lower * 4 < upper;
}

bool draft_is_agency(struct arena *arena, struct slice s)
{
    static const char *const words[] = {
        "ủy ban",     "UBND",       "hội đồng",      "HĐND",         "bộ",         "sở",
        "tỉnh ủy",    "thành ủy",   "huyện ủy",      "đảng ủy",      "ban",        "cục",
        "chi cục",    "tổng cục",   "văn phòng",     "trung tâm",    "phòng",      "công an",
        "viễn thông", "bưu điện",   "tập đoàn",      "tổng công ty", "công ty",    "chi nhánh",
        "ngân hàng",  "thủ tướng",  "chính phủ",     "quân khu",     "bộ chỉ huy", "bệnh viện",
        "trường",     "tổ",         "đội",           "đoàn",         "hội",        "liên đoàn",
        "thanh tra",  "kho bạc",    "tòa án",        "viện",         "đài",        "báo",
        "tỉnh đoàn",  "thành đoàn", "mặt trận",      "trạm",         "khoa",       "bưu cục",
        "bảo hiểm",   "quốc hội",   "y ban nhân dân" /* its first letter lost by OCR */};

    static const char *const others[] = {"tổ chức",           "đội ngũ",      "tổ hợp",
                                         "báo cáo",           "báo động",     "ban hành",
                                         "ban đầu",           "hội nghị",     "hội thảo",
                                         "hội họp",           "trường hợp",   "sở hữu",
                                         "đoàn kết",          "phòng ngừa",   "phòng vệ",
                                         "phòng chống",       "phòng cháy",   "cục bộ",
                                         "viện dẫn",          "viện trợ",     "thanh tra kiểm tra",
                                         "trung tâm dữ liệu", "chính phủ số", "chính phủ điện tử"};

    for (size_t i = 0; i < CANH_LEN(others); i++) {
        if (draft_begins(arena, s, others[i]))
            return false;
    }
    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (draft_begins(arena, s, words[i]))
            return true;
    }
    return false;
}

bool draft_is_motto(struct arena *arena, struct slice s)
{
    return slice_is(s, "NAM") || slice_is(s, "VIỆT NAM") || /* of a motto on two lines */
           draft_begins(arena, s, "cộng hòa xã hội chủ nghĩa") ||
           draft_begins(arena, s, "độc lập tự do") ||
           draft_begins(arena, s, "đảng cộng sản việt nam");
}

size_t draft_kind(struct slice s)
{
    static const char *const kinds[] = {"KẾ HOẠCH LIÊN TỊCH",
                                        "HƯỚNG DẪN LIÊN TỊCH",
                                        "HƯỚNG DẪN LIÊN NGÀNH",
                                        "CÔNG ĐIỆN KHẨN",
                                        "CÔNG ĐIỆN HỎA TỐC",
                                        "LỆNH ĐIỀU ĐỘNG",
                                        "MỆNH LỆNH",
                                        "LỆNH",
                                        "PHIẾU GIAO VIỆC",
                                        "PHIẾU GIAO NHIỆM VỤ",
                                        "KẾ HOẠCH PHỐI HỢP",
                                        "KẾ HOẠCH LIÊN NGÀNH",
                                        "KẾ HOẠCH HÀNH ĐỘNG",
                                        "KẾ HOẠCH",
                                        "PHƯƠNG ÁN",
                                        "CHỈ THỊ",
                                        "QUYẾT ĐỊNH",
                                        "THÔNG BÁO",
                                        "HƯỚNG DẪN",
                                        "CHƯƠNG TRÌNH HÀNH ĐỘNG",
                                        "CHƯƠNG TRÌNH",
                                        "CÔNG ĐIỆN",
                                        "THÔNG TƯ LIÊN TỊCH",
                                        "THÔNG TƯ",
                                        "NGHỊ ĐỊNH",
                                        "NGHỊ QUYẾT",
                                        "QUY CHẾ PHỐI HỢP",
                                        "QUY CHẾ",
                                        "QUY ĐỊNH",
                                        "TỜ TRÌNH",
                                        "BÁO CÁO",
                                        "ĐỀ ÁN",
                                        "KẾT LUẬN",
                                        "NỘI QUY",
                                        "QUY TRÌNH"};

    for (size_t i = 0; i < CANH_LEN(kinds); i++) {
        struct slice kind = slice_str(kinds[i]);
        struct slice rest = slice_from(s, kind.n);

        if (slice_starts(s, kind) &&
            (rest.n == 0 || (rest.p[0] == ' ' && draft_is_capitals(s)) || slice_is(rest, ":")))
            return kind.n;
    }
    return 0;
}

bool draft_begins_annex(struct slice s)
{
    static const char *const titles[] = {"DANH SÁCH",  "DANH MỤC",       "BIỂU MẪU",
                                         "LỊCH TRỰC",  "BẢNG PHÂN CÔNG", "BẢNG TỔNG HỢP",
                                         "MẪU BÁO CÁO"};

    for (size_t i = 0; i < CANH_LEN(titles); i++) {
        if (slice_starts(s, slice_str(titles[i])) && draft_is_capitals(s))
            return true;
    }
    return draft_kind(s) > 0;
}

bool draft_is_rule(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (ascii_is_digit(s.p[i]) || ascii_is_upper(s.p[i]) || ascii_is_lower(s.p[i]) ||
            (s.p[i] >= 0xc3 && s.p[i] <= 0xc6) || s.p[i] == 0xe1)
            return false;
    }
    return true;
}

/* A comma before the day, with nothing or an hour between: not “Luật Phòng, chống thiên tai ngày”.
 */
static bool is_place(struct slice before)
{
    size_t n = before.n;

    while (n > 0 && before.p[n - 1] != ',')
        n--;
    before = slice_trim(slice_from(before, n));
    return n > 0 && (before.n == 0 || slice_starts(before, SLICE("hồi")) ||
                     slice_starts(before, SLICE("lúc")));
}

bool draft_short_date(struct slice s, int64_t *ret_day, size_t *ret_at)
{
    static const struct slice word = SLICE_INIT("gày ");
    size_t at = slice_find(s, word), i = at;
    int64_t part[3] = {0, 0, 0};

    if (at == SIZE_MAX || s.n > 120)
        return false;
    i += word.n;
    for (unsigned k = 0; k < 3; k++) {
        size_t n = 0;

        while (i + n < s.n && ascii_is_digit(s.p[i + n]))
            n++;
        if (num_range(slice_of(s.p + i, n), 1, 2199, &part[k]) < 0)
            return false;
        i += n;
        if (k < 2 && (i >= s.n || strchr("/-.", s.p[i]) == NULL))
            return false;
        i += k < 2;
    }
    while (i < s.n && (s.p[i] == '.' || s.p[i] == ' '))
        i++;
    *ret_at = at - (at > 0);
    if (i < s.n || part[2] < 1945 || part[0] > 31 || part[1] > 12 ||
        !date_valid((int)part[2], (unsigned)part[1], (unsigned)part[0]))
        return false;
    *ret_day = days_from_date((int)part[2], (unsigned)part[1], (unsigned)part[0]);
    return is_place(slice_head(s, *ret_at));
}

bool draft_is_date_line(struct slice s)
{
    size_t day = slice_find(s, SLICE("ngày")), month = slice_find(s, SLICE("tháng")),
           year = slice_find(s, SLICE("năm")), short_at;
    int64_t short_day;

    if (draft_short_date(s, &short_day, &short_at))
        return true;
    return s.n < 120 && day != SIZE_MAX && month != SIZE_MAX && year != SIZE_MAX && day < month &&
           month < year && day < 60 && s.n - year < 24 && is_place(slice_head(s, day));
}

/* A text without one of these words before it, or as it is. */
static struct slice without_start(struct slice s, const char *const *words)
{
    for (; *words; words++) {
        if (slice_starts(s, slice_str(*words)))
            return slice_trim(slice_from(s, strlen(*words)));
    }
    return s;
}

static struct slice without_end(struct slice s, const char *const *words)
{
    for (; *words; words++) {
        struct slice w = slice_str(*words);

        if (slice_ends(s, w))
            return slice_trim(slice_head(s, s.n - w.n));
    }
    return s;
}

/* A name begins with a capital: not “đơn vị được phân công chủ trì”. */
static bool begins_small(struct slice s)
{
    return ascii_is_lower(s.p[0]) || slice_starts(s, SLICE("đ"));
}

static const char *const starts[] = {"Giao cho ", "Giao ",    "Phân công ",
                                     "Yêu cầu ",  "Đề nghị ", NULL};

/* Where what somebody has to do begins: “chủ trì”, and behind “Giao …” or an agency any such verb.
 */
static size_t find_verb(struct arena *arena, struct slice text)
{
    static const char *const verbs[] = {" theo dõi", " kiểm tra",  " rà soát",    " tổng hợp",
                                        " tham mưu", " hướng dẫn", " đôn đốc",    " tổ chức",
                                        " xây dựng", " bố trí",    " triển khai", " thực hiện",
                                        " báo cáo"};
    size_t first = slice_find(text, SLICE(" chủ trì"));

    if (first != SIZE_MAX || !(slice_starts(text, SLICE("Giao ")) || draft_is_agency(arena, text)))
        return first;
    for (size_t i = 0; i < CANH_LEN(verbs); i++)
        first = CANH_MIN(first, slice_find(text, slice_str(verbs[i])));
    return first;
}

/* “Hai là, Văn phòng …”: behind the word that numbers it. */
static struct slice behind_word(struct slice text)
{
    enum { LONGEST = 20 };
    static const struct slice is = SLICE_INIT(" là,");
    size_t at = slice_find(slice_head(text, LONGEST), is);

    return at == SIZE_MAX ? text : slice_trim(slice_from(text, at + is.n));
}

struct slice draft_lead(struct arena *arena, struct slice text)
{
    static const char *const ends[] = {" có trách nhiệm", " chịu trách nhiệm", " được giao", ",",
                                       NULL};
    static const char *const speaks[] = {" đề nghị", " yêu cầu", " thông báo", " trân trọng"};
    enum { LONGEST = 160 };
    size_t at = find_verb(arena, slice_head(text = behind_word(text), 2 * LONGEST));
    bool leads = slice_starts(slice_from(text, at), SLICE(" chủ trì"));
    struct slice who = at == SIZE_MAX ? SLICE_NULL : slice_trim(slice_head(text, at));

    /* “Văn phòng … thông báo để các đơn vị biết, thực hiện”: who says it, no one who does it */
    for (size_t i = 0; i < CANH_LEN(speaks); i++) {
        if (slice_find(who, slice_str(speaks[i])) != SIZE_MAX)
            return SLICE_NULL;
    }
    who = without_end(without_start(who, starts), ends);
    if (who.n < 3 || who.n > LONGEST || (!leads && slice_find_byte(who, ',') != SIZE_MAX))
        return SLICE_NULL;
    for (size_t i = 0; i < who.n; i++) { /* a name, not the end of a sentence */
        if (strchr(".;:()|", who.p[i]) != NULL)
            return SLICE_NULL;
    }
    return begins_small(who) ? SLICE_NULL : who;
}

bool draft_names_many(struct arena *arena, struct slice text)
{
    static const char *const words[] = {"các ",      "cơ quan, ",    "cơ quan và ", "đơn vị",
                                        "tổ chức, ", "doanh nghiệp", "thủ trưởng",  "cá nhân"};
    enum { LONGEST = 160 };

    for (size_t i = 0; text.n <= LONGEST && i < CANH_LEN(words); i++) {
        if (draft_begins(arena, text, words[i]))
            return true;
    }
    return false;
}

struct slice draft_heading_lead(struct arena *arena, struct slice text)
{
    static const char *const ends[] = {
        ":", ".", " có trách nhiệm", " chịu trách nhiệm", " lãnh đạo", " chỉ đạo", NULL};
    static const char *const more[] = {" các ",    " thực hiện", " tổ chức",
                                       " báo cáo", " phối hợp",  " bảo đảm"};
    enum { LONGEST = 120 };
    struct slice who = without_end(slice_trim(text), ends);

    who = without_start(without_end(who, ends), starts);
    if (who.n < 3 || who.n > LONGEST || begins_small(who) || !draft_is_agency(arena, who))
        return SLICE_NULL;
    for (size_t i = 0; i < who.n; i++) {
        if (strchr(".;:()|", who.p[i]) != NULL)
            return SLICE_NULL;
    }
    for (size_t i = 0; i < CANH_LEN(more); i++) {
        if (slice_find(who, slice_str(more[i])) != SIZE_MAX)
            return SLICE_NULL;
    }
    return who;
}
