/* SPDX-License-Identifier: Apache-2.0 */
#include "import/roster_words.h"

#include "lang/collate.h"

enum { DAY_MINUTES = 24 * 60, LABEL_MAX = 200 };

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

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
    while (n < 3 && i + n < s.n && is_digit(s.p[i + n]))
        *ret = *ret * 10 + (s.p[i + n++] - '0');
    return n <= 2 ? n : 0;
}

/* 07:30, 7h30, 7h, 7g30, 7 giờ 30, 07.30 is a date's way and no time. Length, or 0. */
static size_t read_time(struct slice s, size_t at, int *ret)
{
    static const char *const marks[] = {":", "giờ", "Giờ", "GIỜ", "h", "H", "g"};
    int hour, minute = 0;
    size_t n = two_digits(s, at, &hour), i, m = 0;

    if (n == 0 || (at > 0 && is_digit(s.p[at - 1])))
        return 0;
    i = skip_blanks(s, at + n);
    for (size_t k = 0; k < CANH_LEN(marks) && m == 0; k++)
        m = starts_at(s, i, marks[k]) ? slice_str(marks[k]).n : 0;
    if (m == 0)
        return 0;
    i += m;
    n = two_digits(s, skip_blanks(s, i), &minute);
    if (n > 0)
        i = skip_blanks(s, i) + n;
    if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
        return 0;
    if (starts_at(s, i, ":")) { /* seconds */
        int second;

        n = two_digits(s, i + 1, &second);
        i += n ? n + 1 : 0;
    }
    *ret = hour * 60 + minute;
    return i - at;
}

/* What stands between two times: - – — → ~ đến tới to. Its end, or 0. */
static size_t read_dash(struct slice s, size_t i)
{
    static const char *const dashes[] = {"-", "–", "—", "−", "→", "~", "đến", "ĐẾN", "tới", "to"};

    i = skip_blanks(s, i);
    for (size_t k = 0; k < CANH_LEN(dashes); k++) {
        if (starts_at(s, i, dashes[k]))
            return skip_blanks(s, i + slice_str(dashes[k]).n);
    }
    return 0;
}

bool words_shift_time(struct slice s, struct shift_time *ret, size_t *ret_at)
{
    for (size_t i = 0; i < s.n; i++) {
        int from, until;
        size_t n = read_time(s, i, &from), next;

        if (n == 0)
            continue;
        next = read_dash(s, i + n);
        if (next == 0 || read_time(s, next, &until) == 0 || from == DAY_MINUTES) {
            i += n - 1;
            continue;
        }
        ret->from = from;
        ret->until = until <= from ? until + DAY_MINUTES : until;
        if (ret_at)
            *ret_at = i;
        return true;
    }
    return false;
}

/* -- labels ---------------------------------------------------------------------------------- */

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
    struct buf key = BUF_INIT(4096);
    struct shift_time t;
    bool yes;

    if (s.n > LABEL_MAX || words_any("Ca|Ca trực|Kíp|Buổi", s))
        return false; /* the heading of such a column */
    first_word(s, &key);
    yes = words_shift_time(s, &t, NULL) || (key.len > 0 && words_any(words, buf_slice(&key)));
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

/* -- names ----------------------------------------------------------------------------------- */

/* The length of a separator at i, or 0. */
static size_t separator(struct slice s, size_t i)
{
    static const char *const words[] = {" và ", " VÀ ", " & "};

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

    while (i < s.n && is_digit(s.p[i]))
        i++;
    if (i > 0 && i < s.n && (s.p[i] == '.' || s.p[i] == ')' || s.p[i] == '-'))
        s = slice_trim(slice_from(s, i + 1));
    while (s.n > 0 && (s.p[0] == '-' || s.p[0] == '*'))
        s = slice_trim(slice_from(s, 1));
    if (slice_starts(s, SLICE("•")) || slice_starts(s, SLICE("–")))
        s = slice_trim(slice_from(s, 3));
    return s;
}

static struct slice without_address(struct slice s)
{
    static const char *const forms[] = {"Đ/c ",      "đ/c ",      "Đ/C ",      "Đc ",  "Đ.c ",
                                        "Đồng chí ", "đồng chí ", "ĐỒNG CHÍ ", "Ông ", "ông ",
                                        "Bà ",       "bà ",       "ÔNG ",      "BÀ ",  "Đ/c: ",
                                        "Anh ",      "Chị ",      "anh ",      "chị "};

    for (size_t k = 0; k < CANH_LEN(forms); k++) {
        if (slice_starts(s, slice_str(forms[k])))
            return slice_trim(slice_from(s, slice_str(forms[k]).n));
    }
    return s;
}

/* Where a telephone number begins: at least six digits, with dots and blanks between. */
static size_t phone_at(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t digits = 0, k = i;

        for (; k < s.n && (is_digit(s.p[k]) || (digits && (s.p[k] == '.' || s.p[k] == ' '))); k++)
            digits += is_digit(s.p[k]);
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
        size_t n = separator(s, i);

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

bool words_next_name(struct slice *rest, struct slice *ret)
{
    while (rest->n > 0) {
        size_t next, end = name_end(*rest, &next);
        struct slice s = slice_trim(slice_head(*rest, end));

        *rest = slice_from(*rest, next);
        s = without_tail(without_address(without_number(s)));
        if (!words_is_off(s)) {
            *ret = s;
            return true;
        }
    }
    return false;
}

/* -- months ---------------------------------------------------------------------------------- */

static size_t number_at(struct slice s, size_t i, int *ret)
{
    size_t n = 0;

    *ret = 0;
    while (n < 4 && i + n < s.n && is_digit(s.p[i + n]))
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
