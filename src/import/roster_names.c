/* SPDX-License-Identifier: Apache-2.0 */
/* People in the cells of lists and rosters: names without what stands around them; sums,
 * signatures. */
#include "base/ascii.h"
#include "import/roster_words.h"
#include "lang/collate.h"

/* The length of a separator at i, or 0. */
static size_t roster_words_separator(struct slice s, size_t i)
{
    static const char *const words[] = {" và ", " VÀ ", " & ", " - ", " – ", " — "};

    if (s.p[i] == '\n' || s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '+' || s.p[i] == '/')
        return 1;
    for (size_t k = 0; k < CANH_LEN(words); k++) {
        if (slice_starts(slice_from(s, i), slice_str(words[k])))
            return slice_str(words[k]).n;
    }
    return 0;
}

/* “1. ”, “- ”, “• ” */
static struct slice without_number(struct slice s)
{
    size_t i = 0;

    while (i < s.n && ascii_is_digit(s.p[i]))
        i++;
    if (i > 0 && i < s.n && (s.p[i] == '.' || s.p[i] == ')' || s.p[i] == '-'))
        s = slice_trim(slice_from(s, i + 1));
    while (s.n > 0 && (s.p[0] == '-' || s.p[0] == '*'))
        s = slice_trim(slice_from(s, 1));
    if (slice_starts(s, SLICE("•")) || slice_starts(s, SLICE("–")))
        s = slice_trim(slice_from(s, 3));
    return s;
}

/* Forms of address, degrees and ranks; written with or without a dot or a colon. */
static const char address_words[] =
    "đ/c|đc|đ.c|đồng chí|ông|bà|anh|chị|cô|chú|thầy|ths|th.s|thạc sĩ|thạc sỹ|ts|tiến sĩ|tiến sỹ|"
    "pgs|gs|ks|kỹ sư|kĩ sư|cn|cử nhân|bs|bác sĩ|bác sỹ|bs ck1|bs ck2|"
    "bs cki|bs ckii|bscki|bsckii|bsck1|bsck2|cki|ckii|ck1|ck2|nsưt|nsnd|ngưt|ngnd|ls|"
    "dược sĩ|mr|mrs|ms|dr|"
    "thiếu úy|trung úy|thượng úy|đại úy|thiếu tá|trung tá|thượng tá|đại tá|thiếu tướng|thiếu uý|"
    "trung uý|thượng uý|đại uý";
static const char position_words[] =
    "giám đốc|phó giám đốc|tổng giám đốc|phó tổng giám đốc|gđ|pgđ|chủ tịch|phó chủ tịch|bí thư|"
    "phó bí thư|chánh văn phòng|phó chánh văn phòng|chánh thanh tra|cvp|pcvp|trưởng phòng|"
    "phó trưởng phòng|phó phòng|trưởng ban|phó trưởng ban|phó ban|trưởng ca|phó ca|ca trưởng|"
    "tổ trưởng|tổ phó|đội trưởng|đội phó|nhóm trưởng|nhóm phó|trưởng nhóm|trưởng kíp|kíp trưởng|"
    "trưởng khoa|phó trưởng khoa|trưởng trạm|trạm trưởng|trạm phó|trưởng đài|phó đài|chỉ huy|"
    "chỉ huy trưởng|chỉ huy phó|kỹ thuật viên|kĩ thuật viên|ktv|chuyên viên|chuyên viên chính|cv|"
    "cvc|nhân viên|nv|kỹ thuật|cán bộ|công chức|viên chức|quản trị|quản trị mạng|quản trị viên|"
    "quản trị hệ thống|văn thư|kế toán|thư ký|lái xe|bảo vệ|trực chính|trực phụ|trực ban|"
    "trực lãnh đạo|lãnh đạo trực|lãnh đạo|cán bộ trực|thủ trưởng|ủy viên|uỷ viên|trưởng trực|"
    "tp|ptp|ct|pct|director|deputy director|head|officer|engineer|technician";

enum { TITLE_WORDS = 4, NAME_WORDS = 2, LABEL_MAX = 200 };

/* Bytes of the first n words and the blanks behind them; 0 when there are fewer. */
static size_t words_end(struct slice s, size_t n, size_t *ret_word)
{
    size_t i = 0;

    *ret_word = 0;
    while (n-- > 0) {
        if (i == s.n)
            return 0;
        while (i < s.n && s.p[i] != ' ')
            i++;
        *ret_word = i;
        i = words_skip_blanks(s, i);
    }
    return i;
}

/* As viet_same(), but tones count: “Đoàn Chi” is no “đoàn chị”. */
static bool is_word_of(const char *list, struct slice s)
{
    struct slice rest = slice_str(list), word;

    while (s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ':'))
        s = slice_head(s, s.n - 1);
    while (s.n > 0 && slice_cut(&rest, '|', &word)) {
        if (words_same_tones(word, s))
            return true;
    }
    return false;
}

/* The longest such word before a name goes, as long as a name is left. */
static struct slice without_leading(struct slice s, const char *list, size_t leave)
{
    for (size_t n = TITLE_WORDS; n > 0; n--) {
        size_t word, at = words_end(s, n, &word), rest;

        if (at > 0 && words_end(slice_from(s, at), leave, &rest) > 0 &&
            is_word_of(list, slice_head(s, word)))
            return slice_from(s, at);
    }
    return s;
}

/* “ThS.Nguyễn”, “Đ/c.Ba”: a dot without a blank. */
static struct slice without_dotted(struct slice s)
{
    size_t dot = slice_find_byte(s, '.');

    return dot < s.n && dot <= 8 && is_word_of(address_words, slice_head(s, dot))
               ? slice_trim(slice_from(s, dot + 1))
               : s;
}

static struct slice without_address(struct slice s)
{
    size_t colon = slice_find_byte(s, ':'), before = s.n + 1;

    if (colon < s.n && is_word_of(position_words, slice_trim(slice_head(s, colon))))
        s = slice_trim(slice_from(s, colon + 1));
    while (s.n < before) {
        before = s.n;
        s = without_dotted(s);
        s = without_leading(s, address_words, 1);
        s = without_leading(s, position_words, NAME_WORDS);
    }
    return s;
}

bool words_is_position(struct slice s)
{
    size_t word;

    s = slice_trim(s);
    for (size_t n = TITLE_WORDS; n > 0; n--) {
        if (words_end(s, n, &word) > 0 && is_word_of(position_words, slice_head(s, word)))
            return true;
    }
    return false;
}

/* “Nguyễn Văn A - Giám đốc”: where the dash begins; s.n when what follows is no position. */
static size_t position_at(struct slice s, size_t *ret_after)
{
    static const char *const dashes[] = {" - ", " – ", " — ", ", "};

    for (size_t k = 0; k < CANH_LEN(dashes); k++) {
        size_t at = slice_find(s, slice_str(dashes[k]));

        if (at == SIZE_MAX)
            continue;
        *ret_after = at + slice_str(dashes[k]).n;
        if (words_is_position(slice_from(s, *ret_after)))
            return at;
    }
    *ret_after = s.n;
    return s.n;
}

/* Where a telephone number begins: at least six digits, with dots and blanks between. */
static size_t phone_at(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t digits = 0, k = i;

        for (; k < s.n && (ascii_is_digit(s.p[k]) || (digits && (s.p[k] == '.' || s.p[k] == ' ')));
             k++)
            digits += ascii_is_digit(s.p[k]);
        if (digits >= 6)
            return i;
        i = CANH_MAX(i, k > i ? k - 1 : i);
    }
    return s.n;
}

/* “Nguyễn Văn A (0912 …)”, “Nguyễn Văn A - ĐT: 0912345678”: the name alone. */
static struct slice without_tail(struct slice s)
{
    static const char *const tails[] = {"SĐT", "ĐT", "–", "-", ":", "+", "."};
    size_t n = 1;

    s = slice_head(s, CANH_MIN(slice_find_byte(s, '('), s.n));
    s = slice_trim(slice_head(s, phone_at(s)));
    while (n > 0) {
        n = 0;
        for (size_t k = 0; k < CANH_LEN(tails) && n == 0; k++)
            n = slice_ends(s, slice_str(tails[k])) ? slice_str(tails[k]).n : 0;
        s = slice_trim(slice_head(s, s.n - n));
    }
    return s;
}

/* Separators inside brackets do not separate, nor does the / of “Đ/c”. */
static size_t name_end(struct slice s, size_t *ret_next)
{
    unsigned depth = 0;

    for (size_t i = 0; i < s.n; i++) {
        size_t n = roster_words_separator(s, i);

        if (s.p[i] == '(')
            depth++;
        else if (s.p[i] == ')' && depth > 0)
            depth--;
        if (n == 0 || depth > 0)
            continue;
        if (s.p[i] == '/' && i + 1 < s.n && (s.p[i + 1] == 'c' || s.p[i + 1] == 'C'))
            continue;
        *ret_next = i + n;
        return i;
    }
    *ret_next = s.n;
    return s.n;
}

struct slice words_person(struct slice s, struct slice *ret_position)
{
    size_t after, at;

    s = slice_trim(s);
    at = position_at(s, &after);
    *ret_position = slice_trim(slice_from(s, after));
    return without_tail(without_address(without_number(slice_trim(slice_head(s, at)))));
}

/* A dash and a position behind a name: the position goes. */
static void skip_position(struct slice *rest)
{
    size_t next, end = name_end(*rest, &next);

    if (words_is_position(slice_head(*rest, end)))
        *rest = slice_from(*rest, next);
}

bool words_next_name(struct slice *rest, struct slice *ret)
{
    while (rest->n > 0) {
        size_t next, end = name_end(*rest, &next);
        struct slice s = without_address(without_number(slice_trim(slice_head(*rest, end))));
        bool dash = next > end + 2 && rest->p[end] == ' ' && rest->p[end + 1] != '&';

        *rest = slice_from(*rest, next);
        s = without_tail(s);
        if (words_is_off(s) || is_word_of(position_words, s))
            continue;
        if (dash)
            skip_position(rest);
        *ret = s;
        return true;
    }
    return false;
}

bool words_is_sum(struct slice s)
{
    static const char sums[] = "tổng|cộng|tổng cộng|tổng số|tổng hợp|danh sách gồm|danh sách có|"
                               "danh sách này|ấn định danh sách|bảng này có";
    size_t word, end = CANH_MIN(slice_find_byte(s, ':'), s.n);

    if (is_word_of(sums, slice_trim(slice_head(s, end))))
        return true;
    for (size_t n = TITLE_WORDS; n > 1; n--) {
        if (words_end(s, n, &word) > 0 && is_word_of(sums, slice_head(s, word)))
            return true;
    }
    return false;
}

bool words_is_remark(struct slice s)
{
    size_t end = slice_find_byte(s, ':');

    return end < s.n && words_any("ghi chú|chú thích|chú giải|lưu ý|ký hiệu|note|notes",
                                  slice_trim(slice_head(s, end)));
}

bool words_is_signature(struct slice s)
{
    static const char signatures[] =
        "người lập|người lập lịch|lập lịch|người phân công|người lập biểu|người lập bảng|người lập "
        "danh sách|lập biểu|lập bảng|nơi nhận|"
        "thủ trưởng đơn vị|thủ trưởng cơ quan|thủ trưởng|xác nhận của đơn vị|xác nhận|phê duyệt|"
        "người duyệt|duyệt|lãnh đạo duyệt|phê duyệt của lãnh đạo|giám đốc duyệt|thủ trưởng duyệt|"
        "người tổng hợp|người kiểm tra|tm. ủy ban|tm ủy ban nhân dân|kt. giám đốc|kt. chủ tịch|kt. "
        "thủ trưởng";
    struct buf key = BUF_INIT(2000);
    size_t end = CANH_MIN(CANH_MIN(slice_find_byte(s, ':'), slice_find_byte(s, '(')),
                          CANH_MIN(slice_find_byte(s, '\n'), s.n));
    bool yes = is_word_of(signatures, slice_trim(slice_head(s, end)));
    struct slice k;

    if (!yes && s.n <= LABEL_MAX) /* “Mẫu, ngày 28 tháng 11 năm 2026” */
        viet_key(s, &key);
    k = buf_slice(&key);
    yes = yes || (slice_find(k, SLICE("ngay ")) != SIZE_MAX &&
                  slice_find(k, SLICE(" thang ")) != SIZE_MAX &&
                  slice_find(k, SLICE(" nam")) != SIZE_MAX &&
                  (slice_find_byte(s, ',') < s.n || slice_starts(k, SLICE("ngay "))));
    buf_done(&key);
    return yes;
}
