/* SPDX-License-Identifier: Apache-2.0 */
#include "import/roster_words.h"

#include "base/ascii.h"
#include "lang/collate.h"
#include "lang/tone.h"

enum { DAY_MINUTES = 24 * 60, LABEL_MAX = 200 };

size_t words_skip_blanks(struct slice s, size_t i)
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
    size_t at = blanks ? words_skip_blanks(s, i + 1) : i + 1;
    size_t n = two_digits(s, at, ret), next = words_skip_blanks(s, at + n);

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
    i = words_skip_blanks(s, at + n);
    m = hour_mark(s, i);
    if (m > 0) {
        i += m;
        n = two_digits(s, words_skip_blanks(s, i), &minute);
        i = n > 0 ? words_skip_blanks(s, i) + n : i;
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

    i = words_skip_blanks(s, i);
    for (size_t k = 0; k < CANH_LEN(dashes); k++) {
        if (starts_at(s, i, dashes[k]))
            return words_skip_blanks(s, i + slice_str(dashes[k]).n);
    }
    return 0;
}

/* “hôm trước”, “sáng”, “hôm sau” after a time. What is left out, and whether it names a day. */
static size_t skip_day(struct slice s, size_t i, const char *day, bool *ret_named)
{
    static const char *const fillers[] = {"sáng", "chiều", "tối", "đêm", "của", "ngày", "hôm"};
    size_t at = words_skip_blanks(s, i);

    *ret_named = false;
    for (size_t k = 0; k < CANH_LEN(fillers); k++) {
        if (starts_at(s, at, fillers[k]))
            at = words_skip_blanks(s, at + slice_str(fillers[k]).n);
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
    size_t n = read_time(s, 0, ret), after = n ? words_skip_blanks(s, n) : 0;

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
           words_any("0|N|nghỉ|P|NP|phép|nghỉ phép|O|off|không|trống|L|lễ|NB|nghỉ bù|bù|ốm|nghỉ ốm|"
                     "nghỉ lễ|nghỉ không lương|thai sản|công tác|đi công tác|đi học",
                     s);
}

bool words_describes_off(struct slice s)
{
    /* not “lễ tân”, “di động”, which are work */
    static const char *const words[] = {"nghi",     "phep",        "om",        "off",
                                        "le tet",   "thai san",    "cong tac",  "di cong tac",
                                        "di hoc",   "di hop",      "di phep",   "di vang",
                                        "di vien",  "di tap huan", "hoc",       "hoi nghi",
                                        "tap huan", "bu",          "con om",    "vang",
                                        "leave",    "khong truc",  "khong lam", "day off",
                                        "sick",     "holiday"};
    struct buf key = BUF_INIT(4096);
    bool yes = words_any("lễ|đi", s);

    if (s.n <= LABEL_MAX)
        viet_key(s, &key);
    for (size_t k = 0; k < CANH_LEN(words) && !yes; k++) {
        size_t n = slice_str(words[k]).n;

        yes =
            slice_starts(buf_slice(&key), slice_str(words[k])) && (key.len == n || key.p[n] == ' ');
    }
    buf_done(&key);
    return yes;
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

static size_t number_at(struct slice s, size_t i, int *ret)
{
    size_t n = 0;

    *ret = 0;
    while (n < 4 && i + n < s.n && ascii_is_digit(s.p[i + n]))
        *ret = *ret * 10 + (s.p[i + n++] - '0');
    return n;
}

/* “ngày 28 tháng 11”, “ngày … tháng 11”. */
static bool is_dated(struct slice key, size_t at)
{
    while (at > 0 && (key.p[at - 1] == ' ' || ascii_is_digit(key.p[at - 1])))
        at--;
    return slice_ends(slice_head(key, at), SLICE("ngay"));
}

bool words_month(struct slice s, bool dated, int *ret_year, unsigned *ret_month)
{
    struct buf key = BUF_INIT(4096);
    struct slice k;
    size_t at = 0;
    bool found = false;

    if (s.n <= 1000)
        viet_key(s, &key);
    k = buf_slice(&key);
    while (!found && at < k.n) {
        size_t i = slice_find(slice_from(k, at), SLICE("t")), n;
        int month, year;

        if (i == SIZE_MAX)
            break;
        i += at;
        at = i + 1;
        if ((i > 0 && k.p[i - 1] != ' ') || (!dated && is_dated(k, i)))
            continue;
        i += starts_at(k, i, "thang ") ? 6 : 1;
        n = number_at(k, i, &month);
        i += n;
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

/* “Trực Tết Dương lịch 2027”: a number by itself, not that of a letter (“số 2045/QĐ-VP”). */
static bool bare_year(struct slice key, int *ret_year)
{
    bool speaks =
        slice_find(key, SLICE("truc")) != SIZE_MAX || slice_find(key, SLICE("tet ")) != SIZE_MAX;

    for (size_t i = 1; speaks && i + 4 <= key.n; i++) {
        if (key.p[i - 1] == ' ' && number_at(key, i, ret_year) == 4 && *ret_year >= 2000 &&
            *ret_year < 2200 && (i + 4 == key.n || key.p[i + 4] == ' ') &&
            !(i > 2 && starts_at(key, i - 3, "so ")))
            return true;
    }
    return false;
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
    found = found || (slice_find(k, SLICE("thang ")) == SIZE_MAX && bare_year(k, &year));
    if (found)
        *ret_year = year;
    buf_done(&key);
    return found;
}

bool words_key_has(struct slice key, const char *word)
{
    size_t at = slice_find(key, slice_str(word)), n = slice_str(word).n;

    return at != SIZE_MAX && (at == 0 || key.p[at - 1] == ' ') &&
           (at + n == key.n || key.p[at + n] == ' ');
}
