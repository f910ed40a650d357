/* SPDX-License-Identifier: Apache-2.0 */
#include "import/roster_words.h"

#include "base/ascii.h"
#include "lang/collate.h"
#include "lang/tone.h"

enum { DAY_MINUTES = 24 * 60, LABEL_MAX = 200 };

static size_t skip_blanks(struct slice s, size_t i)
{
    for (;;) {
        if (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n'))
            i++;
        else if (i + 1 < s.n && s.p[i] == 0xc2 && s.p[i + 1] == 0xa0) /* no-break space */
            i += 2;
        else
            return i;
    }
}

static bool starts_at(struct slice s, size_t i, const char *word)
{
    return slice_starts(slice_from(s, i), slice_str(word));
}

/* At most two digits; the number of digits read. */
static size_t two_digits(struct slice s, size_t i, int *ret)
{
    size_t n = 0;

    *ret = 0;
    while (n < 3 && i + n < s.n && ascii_is_digit(s.p[i + n]))
        *ret = *ret * 10 + (s.p[i + n++] - '0');
    return n <= 2 ? n : 0;
}

/* h, giờ, g: what follows the number of an hour. Length, or 0. */
static size_t hour_mark(struct slice s, size_t i)
{
    static const char *const marks[] = {"giờ", "Giờ", "GIỜ", "h", "H", "g"};

    for (size_t k = 0; k < CANH_LEN(marks); k++) {
        if (starts_at(s, i, marks[k]))
            return slice_str(marks[k]).n;
    }
    return 0;
}

/*
 * The minutes after a colon at i: two digits that no further mark makes an hour of. Blanks stand
 * around the colon only after an hour of two digits: “Ca 1: 07:00” is a label. Where they end, or
 * 0.
 */
static size_t colon_minutes(struct slice s, size_t i, bool blanks, int *ret)
{
    size_t at = blanks ? skip_blanks(s, i + 1) : i + 1;
    size_t n = two_digits(s, at, ret), next = skip_blanks(s, at + n);

    if (n != 2 || hour_mark(s, next) > 0 || (at > i + 1 && starts_at(s, next, ":")))
        return 0;
    return at + n;
}

/* 07:30, 07:30:00, 7h30, 7h, 7g30, 7 giờ 30; 07.30 is a date's way and no time. Length, or 0. */
static size_t read_time(struct slice s, size_t at, int *ret)
{
    int hour, minute = 0, second;
    size_t n = two_digits(s, at, &hour), i, m;

    if (n == 0 || (at > 0 && ascii_is_digit(s.p[at - 1])))
        return 0;
    i = skip_blanks(s, at + n);
    m = hour_mark(s, i);
    if (m > 0) {
        i += m;
        n = two_digits(s, skip_blanks(s, i), &minute);
        i = n > 0 ? skip_blanks(s, i) + n : i;
    } else {
        if (!starts_at(s, i, ":") || (i > at + n && n < 2))
            return 0;
        i = colon_minutes(s, i, n == 2, &minute);
        if (i == 0)
            return 0;
        n = starts_at(s, i, ":") ? two_digits(s, i + 1, &second) : 0;
        i += n == 2 ? n + 1 : 0;
    }
    if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
        return 0;
    *ret = hour * 60 + minute;
    return i - at;
}

/* “S1:07:00-15:00”, “Ca 1:07:00-15:00”: the first number belongs to the label. */
static bool is_label_number(struct slice s, size_t at, size_t n, struct slice until)
{
    size_t colon = slice_find_byte(s, ':');
    uint8_t before = at > 0 ? s.p[at - 1] : 0;
    bool glued = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
                 (at > 1 && before >= 0x80 && s.p[at - 2] == 0xc4); /* Đ */
    bool seconds =
        n > 6 && slice_find_byte(until, ':') < until.n &&
        slice_find_byte(slice_from(until, slice_find_byte(until, ':') + 1), ':') >= until.n;

    return colon < s.n && colon >= at && colon <= at + 2 && (glued || seconds);
}

/* What stands between two times: - – — → ~ đến tới to. Its end, or 0. */
static size_t read_dash(struct slice s, size_t i)
{
    static const char *const dashes[] = {"->", "=>", "-",   "–",   "—",   "−",
                                         "→",  "~",  "đến", "ĐẾN", "tới", "to"};

    i = skip_blanks(s, i);
    for (size_t k = 0; k < CANH_LEN(dashes); k++) {
        if (starts_at(s, i, dashes[k]))
            return skip_blanks(s, i + slice_str(dashes[k]).n);
    }
    return 0;
}

/* “hôm trước”, “sáng”, “hôm sau” after a time. What is left out, and whether it names a day. */
static size_t skip_day(struct slice s, size_t i, const char *day, bool *ret_named)
{
    static const char *const fillers[] = {"sáng", "chiều", "tối", "đêm", "của", "ngày", "hôm"};
    size_t at = skip_blanks(s, i);

    *ret_named = false;
    for (size_t k = 0; k < CANH_LEN(fillers); k++) {
        if (starts_at(s, at, fillers[k]))
            at = skip_blanks(s, at + slice_str(fillers[k]).n);
    }
    if (!starts_at(s, at, day))
        return i;
    *ret_named = true;
    return at + slice_str(day).n;
}

/* What ends before a number that is a shift's and no hour: “Ca 1”, “Thứ 2”. */
static bool ends_label(struct slice before)
{
    size_t at = before.n;

    while (at > 0 && before.p[at - 1] != ' ')
        at--;
    return words_any("ca|kíp|tổ|thứ|buổi|số|nhóm|đội|tuần|phòng|t", slice_from(before, at));
}

/* The 6 of “6-14h”, “6 - 14h30”: an hour whose mark stands behind the second one only; not the 1
 * of “Ca 1 - 14h-22h”. Length, or 0. */
static size_t read_bare_hour(struct slice s, size_t at, int *ret)
{
    struct slice before = slice_trim(slice_head(s, at));
    size_t n = two_digits(s, at, ret), next = n ? read_dash(s, at + n) : 0, m, then;
    bool apart = at == 0 || s.p[at - 1] == ' ' || s.p[at - 1] == ':' || s.p[at - 1] == '(';
    int until;

    if (next == 0 || *ret > 24 || !apart || ends_label(before))
        return 0;
    m = read_time(s, next, &until);
    then = m ? read_dash(s, next + m) : 0;
    if (m == 0 || slice_find_byte(slice_of(s.p + next, m), ':') < m ||
        (then > 0 && read_time(s, then, &until) > 0))
        return 0;
    *ret *= 60;
    return n;
}

/* The time at i and what follows it, as from *ret_n bytes; false when there is no span. */
static bool read_span(struct slice s, size_t at, struct shift_time *ret, size_t *ret_n)
{
    size_t next, m;
    bool before, after;

    *ret_n = read_time(s, at, &ret->from);
    if (*ret_n == 0)
        *ret_n = read_bare_hour(s, at, &ret->from);
    if (*ret_n == 0)
        return false;
    next = read_dash(s, skip_day(s, at + *ret_n, "trước", &before));
    m = next ? read_time(s, next, &ret->until) : 0;
    if (m == 0 || ret->from == DAY_MINUTES ||
        is_label_number(s, at, *ret_n, slice_head(slice_from(s, next), m)))
        return false;
    (void)skip_day(s, next + m, "sau", &after);
    if (before && !after)
        return false; /* from the day before until this one: begins on no day of its row */
    if (ret->until <= ret->from || after)
        ret->until += DAY_MINUTES;
    return true;
}

bool words_shift_time(struct slice s, struct shift_time *ret, size_t *ret_at)
{
    for (size_t i = 0; i < s.n; i++) {
        struct shift_time t;
        size_t n;

        if (!read_span(s, i, &t, &n))
            continue;
        *ret = t;
        if (ret_at)
            *ret_at = i;
        return true;
    }
    return false;
}

size_t words_clock(struct slice s, int *ret)
{
    size_t n = read_time(s, 0, ret), after = n ? skip_blanks(s, n) : 0;

    return n > 0 && starts_at(s, after, "phút") ? after + slice_str("phút").n : n;
}

struct slice words_shift_label(struct slice s)
{
    struct shift_time t;
    size_t at = s.n, bracket = slice_find_byte(s, '(');

    if (words_shift_time(s, &t, &at))
        s = slice_head(s, at);
    if (bracket < s.n)
        s = slice_head(s, bracket);
    s = slice_trim(s);
    while (s.n > 0 && (s.p[s.n - 1] == ':' || s.p[s.n - 1] == '=' || s.p[s.n - 1] == '-' ||
                       s.p[s.n - 1] == ','))
        s = slice_trim(slice_head(s, s.n - 1));
    if (s.n >= 4 && slice_eq(slice_from(s, s.n - 4), SLICE(" từ")))
        s = slice_trim(slice_head(s, s.n - 4));
    return s;
}

bool words_same(struct slice a, struct slice b)
{
    return viet_same(a, b);
}

enum {
    TONES = VIET_GRAVE | VIET_ACUTE | VIET_HOOK | VIET_TILDE | VIET_DOT,
    SHAPES = VIET_CIRCUMFLEX | VIET_BREVE | VIET_HORN | VIET_STROKE
};

static bool is_gap(uint32_t c)
{
    bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

    return (c < 0x80 && !letter) || c == 0xa0;
}

/* The next letter; a blank for a run of blanks and punctuation inside, 0 at the end. */
static uint32_t next_letter(struct slice *s, unsigned *ret_marks)
{
    bool gap = false;

    while (s->n > 0) {
        struct slice before = *s;
        uint32_t c = viet_next(s, ret_marks);

        if (!is_gap(c) && !gap)
            return c;
        if (!is_gap(c)) {
            *s = before;
            break;
        }
        gap = true;
    }
    *ret_marks = 0;
    return s->n > 0 ? ' ' : 0;
}

bool words_same_tones(struct slice a, struct slice b)
{
    unsigned m, n, tone = 0, other = 0; /* of a word: hoà and hòa are the same */

    for (;;) {
        uint32_t c = next_letter(&a, &m), d = next_letter(&b, &n);

        tone |= m & TONES;
        other |= n & TONES;
        if (c != d || ((m ^ n) & SHAPES) != 0)
            return false;
        if ((c == ' ' || c == 0) && tone != other)
            return false;
        if (c == 0)
            return true;
        if (c == ' ')
            tone = other = 0;
    }
}

bool words_has_tones(struct slice s)
{
    unsigned marks;

    while (s.n > 0) {
        (void)viet_next(&s, &marks);
        if (marks)
            return true;
    }
    return false;
}

bool words_any(const char *list, struct slice s)
{
    struct slice rest = slice_str(list), word;

    while (slice_cut(&rest, '|', &word))
        if (viet_same(word, s))
            return true;
    return false;
}

/* The first word without tones and case; empty for long texts. */
static void first_word(struct slice s, struct buf *key)
{
    size_t blank;

    if (s.n <= LABEL_MAX)
        viet_key(s, key);
    blank = slice_find_byte(buf_slice(key), ' ');
    key->len = blank == SIZE_MAX ? key->len : blank;
}

bool words_is_shift(struct slice s)
{
    static const char words[] = "ca|kip|sang|chieu|toi|dem|ban";
    static const char stood[] = "ngay|dem|sang|trua|chieu|toi|ca|kip|ban"; /* behind “trực” */
    struct buf key = BUF_INIT(4096);
    struct shift_time t;
    bool yes;

    if (s.n > LABEL_MAX || words_any("Ca|Ca trực|Kíp|Buổi", s))
        return false; /* the heading of such a column */
    first_word(s, &key);
    if (slice_is(buf_slice(&key), "truc") && slice_find_byte(s, ' ') < s.n) {
        buf_clear(&key);
        first_word(slice_trim(slice_from(s, slice_find_byte(s, ' '))), &key);
        yes = key.len > 0 && words_any(stood, buf_slice(&key));
    } else {
        yes = key.len > 0 && words_any(words, buf_slice(&key));
    }
    yes = yes || words_shift_time(s, &t, NULL);
    buf_done(&key);
    return yes;
}

bool words_is_tick(struct slice s)
{
    s = slice_trim(s);
    return slice_is(s, "✓") || slice_is(s, "✔") || slice_is(s, "√") ||
           words_any("x|T|trực|có|1|24|24/24|24/7|cả ngày", s);
}

bool words_is_off(struct slice s)
{
    s = slice_trim(s);
    return s.n == 0 || slice_is(s, "-") || slice_is(s, "–") || slice_is(s, "—") ||
           words_any("0|N|nghỉ|P|NP|phép|nghỉ phép|O|off|không|trống|L|lễ", s);
}

bool words_explains_off(struct slice s)
{
    static const char *const legends[] = {"n nghi", "o nghi", "l le", "l nghi",
                                          "n off",  "o off",  "o om"};
    struct buf key = BUF_INIT(4096);
    bool yes = false;

    if (s.n <= 1000)
        viet_key(s, &key);
    for (size_t k = 0; k < CANH_LEN(legends); k++) {
        size_t at = slice_find(buf_slice(&key), slice_str(legends[k]));

        yes = yes || (at != SIZE_MAX && (at == 0 || key.p[at - 1] == ' '));
    }
    buf_done(&key);
    return yes;
}

/* The length of a separator at i, or 0. */
static size_t roster_words_separator(struct slice s, size_t i)
{
    static const char *const words[] = {" và ", " VÀ ", " & ", " - ", " – ", " — "};

    if (s.p[i] == '\n' || s.p[i] == ',' || s.p[i] == ';' || s.p[i] == '+' || s.p[i] == '/')
        return 1;
    for (size_t k = 0; k < CANH_LEN(words); k++) {
        if (starts_at(s, i, words[k]))
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
    "pgs|gs|ks|kỹ sư|kĩ sư|cn|cử nhân|bs|bác sĩ|bác sỹ|bs ck1|bs ck2|ls|dược sĩ|mr|mrs|ms|dr|"
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

enum { TITLE_WORDS = 4, NAME_WORDS = 2 };

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
        i = skip_blanks(s, i);
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

bool words_is_signature(struct slice s)
{
    static const char signatures[] =
        "người lập|người lập biểu|người lập bảng|người lập danh sách|lập biểu|lập bảng|nơi nhận|"
        "thủ trưởng đơn vị|thủ trưởng cơ quan|thủ trưởng|xác nhận của đơn vị|xác nhận|phê duyệt|"
        "người duyệt|tm. ủy ban|tm ủy ban nhân dân|kt. giám đốc|kt. chủ tịch|kt. thủ trưởng";
    struct buf key = BUF_INIT(2000);
    size_t end = CANH_MIN(slice_find_byte(s, ':'), s.n);
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

static size_t number_at(struct slice s, size_t i, int *ret)
{
    size_t n = 0;

    *ret = 0;
    while (n < 4 && i + n < s.n && ascii_is_digit(s.p[i + n]))
        *ret = *ret * 10 + (s.p[i + n++] - '0');
    return n;
}

bool words_month(struct slice s, int *ret_year, unsigned *ret_month)
{
    struct buf key = BUF_INIT(4096);
    struct slice k;
    size_t at = 0;
    bool found = false;

    if (s.n <= 1000)
        viet_key(s, &key);
    k = buf_slice(&key);
    while (!found && at < k.n) {
        size_t i = slice_find(slice_from(k, at), SLICE("thang ")), n;
        int month, year;

        if (i == SIZE_MAX)
            break;
        at += i + 6;
        n = number_at(k, at, &month);
        i = at + n;
        i += starts_at(k, i, " ") ? 1 : 0;
        i += starts_at(k, i, "nam ") ? 4 : 0;
        found = n > 0 && n <= 2 && month >= 1 && month <= 12 && number_at(k, i, &year) == 4 &&
                year >= 1900 && year < 2200;
        if (found) {
            *ret_year = year;
            *ret_month = (unsigned)month;
        }
    }
    buf_done(&key);
    return found;
}

bool words_year(struct slice s, int *ret_year)
{
    struct buf key = BUF_INIT(4096);
    struct slice k;
    size_t at;
    int year;
    bool found;

    if (s.n <= 1000)
        viet_key(s, &key);
    k = buf_slice(&key);
    at = slice_find(k, SLICE("nam 2"));
    found = at != SIZE_MAX && slice_find(k, SLICE("thang ")) == SIZE_MAX &&
            number_at(k, at + 4, &year) == 4 && year < 2200;
    for (size_t i = 0; !found && i + 4 < s.n && s.n > 10; i++) {
        bool slash = s.p[i] == '/' && i > 0 && ascii_is_digit(s.p[i - 1]);

        found = slash && number_at(s, i + 1, &year) == 4 && year >= 1900 && year < 2200 &&
                (i + 5 == s.n || !ascii_is_digit(s.p[i + 5]));
    }
    if (found)
        *ret_year = year;
    buf_done(&key);
    return found;
}
